"""Before sending: the patient's own questions, and every answer to look at again."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import LONGEST_TEXT, Slip
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.language import to_say
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Station
from questionnaire.journey.asking import (
    ask,
    keep_begun,
    keep_worries,
    keep_worries_begun,
    not_sent_yet,
    question_begun,
    questions_asked,
    worries,
    worries_begun,
)
from questionnaire.journey.checking import check_sections
from questionnaire.journey.consenting import reading
from questionnaire.journey.intake import as_sent, pages, submit
from questionnaire.journey.shelf_life import answers_named, confirm_answers, revise_answers
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.speaking import say
from questionnaire.web.patient.turn_taking import (
    goodbye,
    lock_up,
    nothing_to_show,
    one_time_key,
    the_house,
    this_turn,
)

blueprint = Blueprint("checking", __name__)


@blueprint.route("/your-questions", methods=["GET", "POST"])
def ask_page() -> Response | str | tuple[str, int]:
    """What worries the patient, and anything they want to ask.

    Worries are written before the form is sent; questions until signing, and each is answered
    before it.
    """
    if request.method == "GET":
        return _ask_page()
    if shows_again():
        return keep_choices(_ask_page())
    if {"left_alone", "back", "typed"} & request.form.keys():
        return _leave()
    slip = _keep_words()
    if slip:
        return _ask_page(*slip), 400
    if "more" in request.form:
        return redirect(url_for("checking.ask_page"), 303)
    onward = "reading.overview" if _is_reading() else "checking.check_page"
    return redirect(url_for(onward), 303)


def _keep_words() -> tuple[str, str] | None:
    """Keep what was written; the box that cannot be kept, and why."""
    house, turn, key = the_house(), this_turn(), one_time_key()
    box = "worries"
    try:
        if not _is_reading():
            keep_worries(house, turn, request.form.get("worries", ""), key=f"{key}.worries")
        box, text = "question", request.form.get("question", "")
        if not is_blank(text):
            ask(house, turn, text, key=key)
        else:
            keep_begun(house, turn, "", key=key)
            if "more" in request.form:
                return box, say(to_say("Write your question first"))
    except Slip as slip:
        return box, slip.said(say)
    return None


def _keep_begun() -> None:
    """Keep all of a page that was not sent; nothing is asked."""
    house, turn, key = the_house(), this_turn(), one_time_key()
    if not _is_reading():
        typed = request.form.get("worries", "")
        try:
            keep_worries(house, turn, typed, key=f"{key}.worries")
        except Slip:
            keep_worries_begun(house, turn, typed, key=f"{key}.worries")
    keep_begun(house, turn, request.form.get("question", ""), key=key)


def _leave() -> Response:
    """Away from a page that was not sent, with what was typed on it kept."""
    _keep_begun()
    if "left_alone" in request.form:
        return lock_up()
    return redirect(_back(), 303) if "back" in request.form else nothing_to_show()


def _back() -> str:
    if _is_reading():
        return url_for("reading.overview")
    last = pages(the_house(), this_turn()).pages[-1]
    return url_for("questions.show", page_id=last.id)


def _is_reading() -> bool:
    return this_turn().visit.station is Station.CONSENT_READY


def _ask_page(box: str = "", error: str = "") -> str:
    house, turn = the_house(), this_turn()
    kept, typed = "", request.form.get("question")
    if _is_reading():
        asked = [(one.asked, one.reply) for one in reading(house, turn).questions]
    else:
        kept = worries_begun(house, turn) or worries(house, turn)
        asked = [(one, "") for one in questions_asked(house, turn)]
    return render_template(
        "patient/ask.html",
        is_reading=_is_reading(),
        asked=asked,
        worries=request.form.get("worries", kept),
        text=typed if typed is not None else question_begun(house, turn),
        form_id="page-form",
        box=box,
        error=error,
        errors=((box, error),) if error else (),
        longest=LONGEST_TEXT,
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
        sections=check_sections(intake, say),
        missing=set(intake.missing),
        begun=not_sent_yet(house, turn),
        go_on=url_for("questions.show", page_id=first.id, change="1") if first else "",
        worries=worries(house, turn),
        asked=questions_asked(house, turn),
        key=house.new_id(),
    )


@blueprint.route("/still-true", methods=["GET", "POST"])
def still_true() -> Response | str | tuple[str, int]:
    """Answers that are too old to sign on: nothing has changed, or the form is opened again."""
    house, turn, changed = the_house(), this_turn(), request.form.get("changed", "")
    if changed == "no":
        confirm_answers(house, turn, seen=request.form.get("seen", ""), key=one_time_key())
        return redirect(url_for("reading.overview"), 303)
    if changed == "yes":
        revise_answers(house, turn, key=one_time_key())
        return redirect(url_for("checking.check_page"), 303)
    told = reading(house, turn)
    return render_template(
        "patient/still_true.html",
        told_on=told.answers.on if told.answers else house.today(),
        sections=check_sections(as_sent(house, turn), say),
        seen=answers_named(house, turn),
        key=house.new_id(),
    )
