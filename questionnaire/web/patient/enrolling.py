"""Making a browser one of the clinic's tablets, with the code an administrator was given."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.errors import BadCode, Refusal, TooManyTries
from questionnaire.domain.language import to_say
from questionnaire.journey.tablets import enrol
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.speaking import fresh_page, say
from questionnaire.web.patient.turn_taking import the_house
from questionnaire.web.tablets import keep_known, staff_are_signed_in, this_tablet

blueprint = Blueprint("enrolling", __name__)


class StaffBrowser(Refusal):
    """Somebody is signed in here: the staff door would not open to this browser any more."""


@blueprint.route("/tablet", methods=["GET", "POST"])
def page() -> Response | str | tuple[str, int]:
    """Where the code for a new tablet is typed."""
    if staff_are_signed_in():
        raise StaffBrowser(
            to_say(
                "Somebody of the staff is signed in here. Open this page on the tablet itself, or "
                "sign out first."
            )
        )
    if request.method == "GET":
        return _page("")
    typed = request.form.get("code", "")
    if shows_again():
        return keep_choices(_page("", typed) if typed.strip() else fresh_page())
    if not typed.strip():
        return _page(to_say("Type the code from the page “Tablets”")), 400
    try:
        token = enrol(the_house(), typed, device=request.remote_addr or "")
    except (BadCode, TooManyTries) as refusal:
        return _page(refusal.sentence), refusal.status
    return keep_known(redirect(url_for("enrolling.page"), 303), token)


def _page(refused: str, typed: str = "") -> str:
    tablet, error = this_tablet(the_house()), say(refused) if refused else ""
    return render_template(
        "patient/tablet.html",
        tablet=tablet,
        typed=typed,
        form_id="" if tablet else "code-form",
        error=error,
        errors=(("code", error),) if error else (),
    )
