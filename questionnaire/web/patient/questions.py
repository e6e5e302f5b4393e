"""The pages of the form: shown from what is kept, saved on the server at each Continue."""

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answer_words import answer_in_words, is_typed
from questionnaire.domain.answers import Answer
from questionnaire.domain.errors import ChangedSince
from questionnaire.domain.paging import Page
from questionnaire.journey.checking import CheckLine
from questionnaire.journey.intake import Intake, keep_begun, pages, save_page
from questionnaire.journey.standing import Rows
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.fields import Posted
from questionnaire.web.forms import QuestionForm, build_form
from questionnaire.web.patient.meanwhile import (
    WAYS_TO_LEAVE,
    PageMet,
    ask_again,
    boxes_now,
    carried,
    page_met,
)
from questionnaire.web.patient.odd import asks_again
from questionnaire.web.patient.speaking import say
from questionnaire.web.patient.turn_taking import (
    goodbye,
    lock_up,
    nothing_to_show,
    one_time_key,
    the_house,
    this_turn,
)

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions/<page_id>")
def show(page_id: str) -> Response:
    """One page of the form with what is kept."""
    intake = pages(the_house(), this_turn())
    page = intake.page(page_id)
    form, key = _form(intake, page, None), the_house().new_id()
    written = () if _changing() else _written(intake, page)
    return _page(intake, page, form, key=key, written=written)


@blueprint.post("/questions/<page_id>")
def save(page_id: str) -> Response:
    """Save the page, or show it again with what must be mended.

    Once more from the beginning, whenever something was saved while it was looked at.
    """
    while True:
        with suppress(ChangedSince):
            return _save(page_id)


def _save(page_id: str) -> Response:
    house, turn, key = the_house(), this_turn(), one_time_key()
    intake = pages(house, turn)
    page = intake.page(page_id)
    form = _form(intake, page, request.form)
    if shows_again() or "change" in request.form:
        return keep_choices(_page(intake, page, form, key=key))
    found = page_met(intake, _form(intake, page, None), form, key)
    right = form.validate()
    if WAYS_TO_LEAVE & request.form.keys():
        return _leave(intake, page, form, key, found)
    if not right:
        return _page(intake, page, form, key=key, status=400)
    doubts = [] if "sure" in request.form else _odd(intake, form)
    doubts += found.doubts(form)
    if doubts:
        return ask_again(doubts, found.carried_once_asked(), _address(page.id), page)
    intake = save_page(
        house,
        turn,
        page.id,
        found.touched(form.answers),
        form.rows,
        drafts=found.drafts(form, intake.sheet.drafts),
        key=key,
        seen=intake,
        told=found.here,
    )
    return redirect(_onward(intake, page), 303)


def _odd(intake: Intake, form: QuestionForm) -> list[str]:
    return [
        words
        for field in form.fields
        if (words := asks_again(field.question, field.data, the_house().today(), say))
        and field.data != intake.answers.get(field.question.id)
    ]


def _leave(intake: Intake, page: Page, form: QuestionForm, key: str, found: PageMet) -> Response:
    """Keep what was typed on a page that is left before it is done.

    Where something newer stands no answer is taken.
    """
    house, turn = the_house(), this_turn()
    waiting = found.drafts(form, intake.sheet.drafts)
    begun = {**found.touched(form.begun(intake.answers)), **waiting}
    answers, rows = _changed(intake, form)
    is_alone = "left_alone" in request.form
    if "later" in request.form and not is_alone:
        answers, rows = form.good_answers, form.rows
    rows = found.rows(rows)
    if is_alone or "later" in request.form:
        drafts = {**found.touched(form.drafts), **waiting}
        save_page(
            house,
            turn,
            page.id,
            found.touched(answers),
            rows,
            drafts=drafts,
            key=key,
            seen=intake,
            told=found.here,
        )
        return lock_up() if is_alone else goodbye("typed" if drafts else "later")
    keep_begun(house, turn, page.id, begun, rows, key=key, seen=intake, told=found.here)
    return redirect(_back(intake, page), 303) if "back" in request.form else nothing_to_show()


def _form(intake: Intake, page: Page, posted: Posted | None) -> QuestionForm:
    form = build_form(
        page.questions,
        today=the_house().today(),
        posted=posted,
        answers=intake.answers,
        rows=intake.rows,
        only_rows=page.rows,
        say=say,
    )
    if posted is None:
        form.show_drafts(intake.sheet.drafts)
    return form


def _written(intake: Intake, page: Page) -> tuple[CheckLine, ...]:
    """What the desk wrote down, when that is all the page holds: to be looked over, not asked."""
    begun = any(one.id in intake.sheet.drafts for one in page.questions)
    if begun or not intake.only_confirms(page):
        return ()
    return tuple(
        CheckLine(one, answer_in_words(one, answer, say), page.id, is_typed(one, answer))
        for one in page.questions
        for answer in [intake.answers[one.id]]
    )


def _page(
    intake: Intake,
    page: Page,
    form: QuestionForm,
    *,
    key: str,
    status: int = 200,
    written: tuple[CheckLine, ...] = (),
) -> Response:
    body = render_template(
        "patient/questions.html",
        page_of_form=page,
        form=form,
        errors=form.errors,
        alone=len(page.questions) == 1,
        written=written,
        from_last_time=intake.is_from_last_time(page),
        reasons=[(it.text, it.why_we_ask) for it in page.questions if it.why_we_ask],
        key=key,
        made_from=carried(boxes_now(intake, form)),
        form_id="page-form",
        address=_address(page.id),
    )
    return make_response(body, status)


def _changed(intake: Intake, form: QuestionForm) -> tuple[dict[str, Answer | None], Rows]:
    """What somebody answered on a page before leaving it; what was only shown is not confirmed."""
    answers = {k: it for k, it in form.good_answers.items() if it != intake.answers.get(k)}
    rows = {
        question: {row: word for row, word in given.items() if word != shown.get(row)}
        for question, given in form.rows.items()
        for shown in [intake.rows.get(question, {})]
    }
    return answers, rows


def _changing() -> bool:
    """Whether the person came from “Check your answers” and goes back there."""
    return "change" in request.args


def _address(page_id: str) -> str:
    return url_for("questions.save", page_id=page_id, change="1" if _changing() else None)


def _back(intake: Intake, page: Page) -> str:
    if _changing():
        return url_for("checking.check_page")
    before = intake.before(page.id)
    return url_for("questions.show", page_id=before.id) if before else url_for("arrival.start")


def _onward(intake: Intake, page: Page) -> str:
    following = intake.next_after(page.id)
    if not _changing():
        if following is None:
            return url_for("checking.ask_page")
        return url_for("questions.show", page_id=following.id)
    same_list = page.rows and following and following.questions == page.questions
    target = following if same_list else intake.first_open()
    if target is None:
        return url_for("checking.check_page")
    return url_for("questions.show", page_id=target.id, change="1")
