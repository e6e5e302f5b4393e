"""Before sending: the patient's own questions, and every answer to look at again."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answer_words import NOT_ANSWERED
from questionnaire.domain.answers import LONGEST_TEXT, Slip, clean_text
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.language import to_say
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Station
from questionnaire.journey.asking import (
    QUESTION,
    WORRIES,
    leave_words,
    not_sent_yet,
    questions_asked,
    send_words,
    words_kept,
    worries,
)
from questionnaire.journey.checking import check_sections
from questionnaire.journey.consenting import reading
from questionnaire.journey.intake import as_sent, pages, submit
from questionnaire.journey.meanwhile import Boxes, SavedMeanwhile
from questionnaire.journey.shelf_life import answers_named, confirm_answers, revise_answers
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.meanwhile import (
    ask_again,
    carried,
    carried_once_asked,
    in_another_tab,
    key_again,
    was_made_from,
)
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
    if shows_again() or "change" in request.form:
        return keep_choices(_ask_page())
    if {"left_alone", "back", "typed"} & request.form.keys():
        return _leave()
    return _send()


def _send() -> Response | tuple[str, int]:
    if "more" in request.form and is_blank(request.form.get(QUESTION, "")):
        return _ask_page(QUESTION, say(to_say("Write your question first"))), 400
    try:
        send_words(the_house(), this_turn(), request.form, key=one_time_key(), was=was_made_from())
    except SavedMeanwhile as found:
        return _is_that_right(found.saved)
    except Slip as slip:
        return _ask_page(_unreadable(), slip.said(say)), 400
    if "more" in request.form:
        return redirect(url_for("checking.ask_page"), 303)
    onward = "reading.overview" if _is_reading() else "checking.check_page"
    return redirect(url_for(onward), 303)


def _unreadable() -> str:
    """The box that cannot be kept as it is: the first of them."""
    try:
        clean_text("" if _is_reading() else request.form.get(WORRIES, ""))
    except Slip:
        return WORRIES
    return QUESTION


def _is_that_right(saved: Boxes) -> Response:
    here, label = request.form.get(WORRIES, ""), say(to_say("What worries you?"))
    there, nothing = saved[WORRIES][0], say(NOT_ANSWERED)
    doubt = in_another_tab(label, there or nothing, here or nothing)
    return ask_again([doubt], carried_once_asked(saved, saved), url_for("checking.ask_page"))


def _leave() -> Response:
    """Away from a page that was not sent, with what was typed on it kept."""
    leave_words(the_house(), this_turn(), request.form, key=one_time_key(), was=was_made_from())
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
    kept = words_kept(house, turn)
    if _is_reading():
        asked = [(one.asked, one.reply) for one in reading(house, turn).questions]
    else:
        asked = [(one, "") for one in questions_asked(house, turn)]
    return render_template(
        "patient/ask.html",
        is_reading=_is_reading(),
        asked=asked,
        worries=request.form.get(WORRIES, kept[WORRIES][0]),
        text=request.form.get(QUESTION, kept[QUESTION][0]),
        made_from=carried(kept),
        form_id="page-form",
        box=box,
        error=error,
        errors=((box, error),) if error else (),
        longest=LONGEST_TEXT,
        key=key_again(),
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
        unanswered=len(intake.missing) - len(intake.unsent),
        unsent=len(intake.unsent),
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
