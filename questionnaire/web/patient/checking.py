"""Before sending: the patient's own questions, and every answer to look at again."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import LONGEST_TEXT, Slip
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.visit import Station
from questionnaire.journey.consenting import reading
from questionnaire.journey.intake import ask, check_sections, pages, questions_asked, submit
from questionnaire.web.patient.turn_taking import goodbye, one_time_key, the_house, this_turn

blueprint = Blueprint("checking", __name__)


@blueprint.route("/your-questions", methods=["GET", "POST"])
def ask_page() -> Response | str | tuple[str, int]:
    """Anything the patient wants to ask; it must be answered before signing."""
    house, turn = the_house(), this_turn()
    if request.method == "GET":
        return _ask_page("", "")
    text = request.form.get("question", "")
    if text.strip():
        try:
            ask(house, turn, text, key=one_time_key())
        except Slip as slip:
            return _ask_page(text, str(slip)), 400
        if "more" in request.form:
            return redirect(url_for("checking.ask_page"), 303)
    elif "more" in request.form:
        return _ask_page(text, "Write your question first"), 400
    onward = "reading.overview" if _is_reading() else "checking.check_page"
    return redirect(url_for(onward), 303)


def _is_reading() -> bool:
    return this_turn().visit.station is Station.CONSENT_READY


def _ask_page(text: str, error: str) -> str:
    house, turn = the_house(), this_turn()
    if _is_reading():
        asked = [(one.asked, one.reply) for one in reading(house, turn).questions]
        back = url_for("reading.overview")
    else:
        asked = [(one, "") for one in questions_asked(house, turn)]
        last = pages(house, turn).pages[-1]
        back = url_for("questions.show", page_id=last.id)
    return render_template(
        "patient/ask.html",
        asked=asked,
        text=text,
        error=error,
        errors=(("question", error),) if error else (),
        longest=LONGEST_TEXT,
        back=back,
        key=house.new_id(),
    )


@blueprint.route("/check", methods=["GET", "POST"])
def check_page() -> Response | str:
    """Every answer with a way to change it; then send."""
    house, turn = the_house(), this_turn()
    if request.method == "POST":
        try:
            submit(house, turn, key=one_time_key())
        except StillOpen:
            return redirect(url_for("checking.check_page"), 303)
        return goodbye("sent")
    intake = pages(house, turn)
    first = intake.first_open()
    return render_template(
        "patient/check.html",
        sections=check_sections(intake),
        missing=set(intake.missing),
        go_on=url_for("questions.show", page_id=first.id, change="1") if first else "",
        asked=questions_asked(house, turn),
        key=house.new_id(),
    )
