"""Countersigning: the very document the patient signed, and the clinician's signature under it."""

import hashlib

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.documents.page import page_values
from questionnaire.domain.consent import Method, language_of
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.slips import Slips
from questionnaire.journey import signing
from questionnaire.journey.hands import Hand
from questionnaire.web.document_on_screen import document_on_screen
from questionnaire.web.staff.house import one_time_key, the_house, who

blueprint = Blueprint("countersign", __name__, url_prefix="/visits/<visit_id>/countersign")
METHODS = (Method.DRAWN, Method.TYPED)
_SESSION = "signs_in"
"""Under this key the session holds a random word of its own."""


@blueprint.get("")
def page(visit_id: str) -> str:
    """The document, what still stands in the way, and the place to sign."""
    return _page(visit_id)


@blueprint.post("")
def sign(visit_id: str) -> tuple[str, int] | Response:
    """Sign it; refused with all the reasons while something is open, changed or missing."""
    form, key = request.form, one_time_key()
    method = Method.DRAWN if form.get("method") == Method.DRAWN.value else Method.TYPED
    hand = Hand(form.get("full_name", ""), method, form.get("strokes", ""))
    try:
        signing.countersign(
            the_house(), who(), visit_id, hand, shown_sha256=form.get("shown", ""), key=key
        )
    except Slips as slips:
        return _page(visit_id, errors=slips.beside()), 422
    except StillOpen as still:
        return _page(visit_id, errors=(("blocks", still.sentence),)), still.status
    return redirect(url_for("archive.consent", visit_id=visit_id), 303)


def _page(visit_id: str, errors: tuple[tuple[str, str], ...] = ()) -> str:
    house, clinician = the_house(), who()
    ready = signing.to_countersign(house, clinician, visit_id)
    speech = house.speech(language_of(ready.document.canonical))
    body = page_values(
        ready.document.canonical, ready.signatures, (), language=speech.language, say=speech.say
    )
    return render_template(
        "staff/countersign.html",
        visit_id=visit_id,
        ready=ready,
        errors=errors,
        typed=request.form,
        name=clinician.name,
        body=body,
        document=document_on_screen(body),
        form_key=_draft_key(ready.document.sha256),
    )


def _draft_key(sha256: str) -> str:
    """Names the draft of a signature: it waits for this document, in this session alone."""
    if _SESSION not in session:
        session[_SESSION] = the_house().new_token()
    return hashlib.sha256(f"{session[_SESSION]}/{sha256}".encode()).hexdigest()
