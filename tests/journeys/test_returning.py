"""A patient who comes back meets their last answers, and confirms or changes each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from questionnaire.cli.demo import fill
from questionnaire.domain.visit import Station
from questionnaire.journey import intake, review_page
from tests.clinics import Stage

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


def test_a_first_visit_has_nothing_from_last_time(at: At) -> None:
    stage = at(Station.SUBMITTED)
    seen = review_page.review(stage.house, stage.walk.clinician, stage.visit_id)
    assert seen.changes == ()
    assert seen.flag_changes == ()
