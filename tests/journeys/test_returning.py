"""A patient who comes back meets their last answers, and confirms or changes each."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from questionnaire.cli.demo import fill
from questionnaire.domain.answers import TELL_ROW, Choices, Withheld
from questionnaire.domain.paging import Page
from questionnaire.domain.visit import Station
from questionnaire.journey import intake, review_page
from questionnaire.web.forms import build_form
from tests.clinics import OPENED, Stage

At = Callable[..., Stage]


def come_back(stage: Stage) -> Stage:
    """The same person's next visit, arranged a month later."""
    stage.clinic.clock.forward(timedelta(days=30))
    return replace(stage, walk=stage.clinic.arrange())


def test_the_last_answers_are_shown_and_count_only_once_confirmed(at: At) -> None:
    first = at(Station.SUBMITTED)
    again = come_back(first)
    turn = again.walk.turn()
    form = intake.pages(again.house, turn)
    assert form.answers["smoking"] == "no"
    assert form.rows["medicines"]["steroid"] == "no"
    assert {"smoking", "medicines"} <= form.from_last_time
    assert "smoking" in form.missing
    assert not any(form.is_done(page) for page in form.pages if page.rows)
    page = form.page_of("smoking")
    answers = {one.id: form.answers[one.id] for one in page.questions}
    form = intake.save_page(
        again.house, turn, page.id, {**answers, "smoking": "stopped"}, {}, key=again.walk.key()
    )
    assert form.situation.answers["smoking"] == "stopped"
    assert "smoking" not in form.from_last_time


def test_what_may_have_changed_most_is_asked_anew(at: At) -> None:
    again = come_back(at(Station.SUBMITTED))
    form = intake.pages(again.house, again.walk.turn())
    assert not {"someone_pushing", "wants_more_time"} & form.answers.keys()


def test_the_review_shows_what_changed_in_answers_and_in_flags(at: At) -> None:
    again = come_back(at(Station.SUBMITTED))
    turn = fill(again.walk)
    page = intake.pages(again.house, turn).page_of("someone_pushing")
    answers = {"someone_pushing": "yes", "wants_more_time": "no"}
    here = {one.id: answers[one.id] for one in page.questions}
    intake.save_page(again.house, turn, page.id, here, {}, key=again.walk.key())
    intake.submit(again.house, turn, key=again.walk.key())
    seen = review_page.review(again.house, again.walk.clinician, again.walk.visit.id)
    assert ("No",) in [change.before for change in seen.changes]
    assert [(change.rule_id, change.came) for change in seen.flag_changes] == [("CN-01", True)]
    assert "Is anyone pushing you to have this done?" in [one.question for one in seen.changes]


def slices(form: intake.Intake) -> list[Page]:
    """The pages of the lists that go over several of them."""
    lists = Counter(page.questions[0].id for page in form.pages if page.rows)
    return [page for page in form.pages if page.rows and lists[page.questions[0].id] > 1]


def ticked(form: intake.Intake, page: Page) -> bool:
    """Whether the tick under a page of a list is shown."""
    rows = build_form(page.questions, today=OPENED.date(), rows=form.rows, only_rows=page.rows)
    (field,) = rows.fields
    return field.withheld() is Withheld.TELL_CLINICIAN


def test_a_tick_to_tell_the_clinician_comes_back_on_the_page_it_was_made_on(at: At) -> None:
    stage = at(Station.ARRANGED)
    turn = fill(stage.walk)
    wanted = [page for page in slices(intake.pages(stage.house, turn)) if can_tell(page)][1::2]
    assert wanted
    for page in wanted:
        (question,) = page.questions
        rows = dict.fromkeys(page.rows, "not_sure") | {f"{page.rows[0]}{TELL_ROW}": "yes"}
        intake.save_page(stage.house, turn, page.id, {}, {question.id: rows}, key=stage.walk.key())
    intake.submit(stage.house, turn, key=stage.walk.key())
    again = come_back(stage)
    turn = again.walk.turn()
    form = intake.pages(again.house, turn)
    shown = [page.id for page in slices(form) if ticked(form, page)]
    assert shown == [page.id for page in wanted]
    for page in slices(form):  # what is confirmed page by page stays on the pages to come
        form = intake.pages(again.house, turn)
        assert form.is_from_last_time(page)
        assert ticked(form, page) == (page.id in shown)
        (question,) = page.questions
        first = f"{page.rows[0]}{TELL_ROW}"
        said = "yes" if page.id in shown else "no"
        rows = {row: form.rows[question.id][row] for row in page.rows}
        rows |= {first: said} if can_tell(page) else {}
        intake.save_page(again.house, turn, page.id, {}, {question.id: rows}, key=again.walk.key())
        assert not intake.pages(again.house, turn).is_from_last_time(page)
    form = intake.pages(again.house, turn)
    assert [page.id for page in slices(form) if ticked(form, page)] == shown
    told = {page.questions[0].id for page in wanted}
    for key in told:
        answer = form.sheet.answers[key]
        assert isinstance(answer, Choices)
        assert answer.tell_clinician


def can_tell(page: Page) -> bool:
    """Whether a page of a list has the tick under its rows."""
    (field,) = build_form(page.questions, today=OPENED.date(), only_rows=page.rows).fields
    return bool(field.ways_to_withhold()) and not getattr(field, "tell", None)


def test_a_first_visit_has_nothing_from_last_time(at: At) -> None:
    stage = at(Station.SUBMITTED)
    seen = review_page.review(stage.house, stage.walk.clinician, stage.visit_id)
    assert seen.changes == ()
    assert seen.flag_changes == ()
