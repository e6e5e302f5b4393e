"""The very document, read back on the screen, and the patient's signature under it."""

from collections.abc import Iterator

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.documents.page import page_values
from questionnaire.domain.answers import Slip
from questionnaire.domain.consent import Method
from questionnaire.domain.errors import BadInk, StillOpen
from questionnaire.domain.language import to_say
from questionnaire.journey.consenting import read_back
from questionnaire.journey.signing import PATIENT_MEANING, Hand, sign
from questionnaire.web.patient.speaking import say, this_speech
from questionnaire.web.patient.turn_taking import goodbye, one_time_key, the_house, this_turn

blueprint = Blueprint("signing", __name__)

_LONGEST_NAME = 200


@blueprint.get("/document")
def document() -> Response | str:
    """What will be signed, word for word."""
    house, turn = the_house(), this_turn()
    try:
        shown = read_back(house, turn)
    except StillOpen:
        return redirect(url_for("reading.overview"), 303)
    return render_template(
        "patient/document.html",
        body=page_values(shown.canonical, (), (), language=this_speech().language, say=say),
        shown=shown.sha256,
    )


@blueprint.get("/sign")
def sign_page() -> Response:
    """The place to sign the document just shown, named by its hash."""
    if not request.args.get("shown"):
        return redirect(url_for("signing.document"), 303)
    return _sign_page()


@blueprint.post("/sign")
def sign_it() -> Response:
    """The signature itself, or the page again with what is missing."""
    missing = tuple(_missing())
    if missing:
        return _sign_page(missing, 400)
    hand = Hand(
        request.form.get("full_name", "")[:_LONGEST_NAME],
        Method(request.form["method"]),
        request.form.get("ink", ""),
        request.form.get("witness_code", "")[:_LONGEST_NAME],
        request.form.get("own_name") == "yes",
    )
    shown = request.form.get("shown", "")
    try:
        sign(the_house(), this_turn(), hand, shown_sha256=shown, key=one_time_key())
    except Slip as slip:
        witnessed = hand.method is Method.WITNESSED and "code" in slip.sentence
        box = "witness_code" if witnessed else "full_name"
        return _sign_page(((box, slip.said(say)),), 400)
    except BadInk as refusal:
        return _sign_page((("method", say(refusal.sentence)),), refusal.status)
    return goodbye("signed")


def _missing() -> Iterator[tuple[str, str]]:
    """Every box that is not filled in: its name and what to do."""
    form = request.form
    method = form.get("method", "")
    if form.get("agree") != "yes":
        yield "agree", say(to_say("Tick the box to say that you agree"))
    if form.get("own_name") != "yes" and not form.get("full_name", "").strip():
        yield "full_name", say(to_say("Type your full name, or tick that it is your name"))
    if method not in set(Method):
        yield "method", say(to_say("Pick how you would like to sign"))
    if method == Method.DRAWN and not form.get("ink"):
        yield "method", say(to_say("Draw your signature in the box, or pick another way"))
    if method == Method.WITNESSED and not form.get("witness_code", "").strip():
        yield "witness_code", say(to_say("Ask the member of staff beside you for the code"))


def _sign_page(errors: tuple[tuple[str, str], ...] = (), status: int = 200) -> Response:
    form = request.form
    body = render_template(
        "patient/sign.html",
        meaning=say(PATIENT_MEANING),
        here=url_for("signing.document"),
        shown=request.values.get("shown", ""),
        errors=errors,
        agreed=form.get("agree") == "yes",
        name=this_turn().visit.patient.full_name,
        full_name=form.get("full_name", ""),
        own_name=form.get("own_name") == "yes",
        method=form.get("method", ""),
        ink=form.get("ink", ""),
        key=the_house().new_id(),
    )
    return make_response(body, status)
