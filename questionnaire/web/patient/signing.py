"""The very document, read back on the screen, and the patient's signature under it."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.documents.page import page_values
from questionnaire.domain.consent import Method
from questionnaire.domain.errors import StillOpen, TooManyTries
from questionnaire.domain.slips import Slips
from questionnaire.journey.consenting import read_back
from questionnaire.journey.hands import Hand
from questionnaire.journey.signing import patient_meaning, sign
from questionnaire.records.drafts import SIGNATURE
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.document_on_screen import document_on_screen
from questionnaire.web.patient.begun import boxes_of, first, is_only_begun, keep_begun, made_from
from questionnaire.web.patient.meanwhile import key_again
from questionnaire.web.patient.speaking import say, this_speech
from questionnaire.web.patient.turn_taking import goodbye, one_time_key, the_house, this_turn

blueprint = Blueprint("signing", __name__)

_LONGEST_NAME = 200
_ABOUT_THE_DOCUMENT = ("shown", "agree", "ink")
_BOXES = (*_ABOUT_THE_DOCUMENT, "full_name", "own_name", "method")
"""What waits when this page is left. The code of a witness is a secret and never waits."""


@blueprint.get("/document")
def document() -> Response | str:
    """What will be signed, word for word."""
    house, turn = the_house(), this_turn()
    try:
        shown = read_back(house, turn)
    except StillOpen:
        return redirect(url_for("reading.overview"), 303)
    values = page_values(shown.canonical, (), (), language=this_speech().language, say=say)
    return render_template(
        "patient/document.html", document=document_on_screen(values), shown=shown.sha256
    )


@blueprint.get("/sign")
def sign_page() -> Response:
    """The place to sign the document just shown, named by its hash."""
    if not request.args.get("shown"):
        return redirect(url_for("signing.document"), 303)
    return _sign_page()


@blueprint.post("/sign")
def sign_it() -> Response:
    """The signature itself, or the page again with all that is missing or wrong."""
    if shows_again():
        return keep_choices(_sign_page())
    if is_only_begun():
        return keep_begun(SIGNATURE, *_BOXES)
    form = request.form
    picked = form.get("method", "")
    hand = Hand(
        form.get("full_name", "")[:_LONGEST_NAME],
        Method(picked) if picked in set(Method) else None,
        form.get("ink", ""),
        form.get("witness_code", "")[:_LONGEST_NAME],
        form.get("own_name") == "yes",
        agreed=form.get("agree") == "yes",
    )
    shown = form.get("shown", "")
    try:
        sign(the_house(), this_turn(), hand, shown_sha256=shown, key=one_time_key())
    except Slips as slips:
        return _sign_page(slips.beside(say), 400)
    except TooManyTries as refusal:
        return _sign_page((("witness_code", say(refusal.sentence)),), refusal.status)
    return goodbye("signed")


def _sign_page(errors: tuple[tuple[str, str], ...] = (), status: int = 200) -> Response:
    shown = request.values.get("shown", "")
    carries = made_from(SIGNATURE)
    boxes = boxes_of(SIGNATURE, *_BOXES)
    if first(boxes, "shown") != shown:  # begun under another document, which was agreed to alone
        boxes = {name: it for name, it in boxes.items() if name not in _ABOUT_THE_DOCUMENT}
    body = render_template(
        "patient/sign.html",
        meaning=patient_meaning(say),
        form_id="sign-form",
        shown=shown,
        errors=errors,
        agreed=first(boxes, "agree") == "yes",
        name=this_turn().visit.patient.full_name,
        full_name=first(boxes, "full_name"),
        own_name=first(boxes, "own_name") == "yes",
        method=first(boxes, "method"),
        ink=first(boxes, "ink"),
        witness_code=request.form.get("witness_code", ""),
        key=key_again(),
        made_from=carries,
    )
    return make_response(body, status)
