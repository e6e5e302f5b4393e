"""A visit taken for one of another person is parted from theirs, and shows them no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.cli.demo import submit
from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import intake
from questionnaire.journey.parting import part, whose
from tests.clinics import ARCHIVIST, CLINICIAN, DESK, Stage
from tests.journeys.steps import answer, review

At = Callable[..., Stage]


@pytest.fixture
def taken(at: At) -> Stage:
    """A second visit that the desk said is of the same person, one answer confirmed in it."""
    first = at(Station.SUBMITTED)
    first.clinic.clock.forward(timedelta(days=30))
    again = replace(first, walk=first.clinic.arrange())
    turn = again.walk.turn()
    assert "smoking" in intake.pages(again.house, turn).from_last_time
    answer(again, turn, "smoking", "no")
    return again


def test_nothing_of_the_other_is_shown_any_more_and_what_was_confirmed_stays(taken: Stage) -> None:
    other = whose(taken.house, DESK, taken.visit_id).others[0]
    part(taken.house, DESK, taken.visit_id, "Another face.", key=taken.key())
    form = intake.pages(taken.house, taken.walk.turn())
    assert form.from_last_time == frozenset()
    assert form.earlier == {}
    assert form.sheet.answers["smoking"] == "no"
    assert set(form.answers) == {*form.sheet.answers, *form.from_desk}
    after = whose(taken.house, CLINICIAN, taken.visit_id)
    assert (after.others, after.parted_at) == ((), taken.house.clock())
    assert whose(taken.house, DESK, other.id).others == ()
    event = next(one for one in taken.clinic.events(taken.visit_id) if one.action == "parted")
    assert event.detail == {"words": "Another face.", "from_visits": [other.id]}
    assert taken.clinic.visit(other.id) == other


def test_the_clinician_is_told(at: At) -> None:
    first = at(Station.SUBMITTED)
    first.clinic.clock.forward(timedelta(days=30))
    again = replace(first, walk=first.clinic.arrange())
    submit(again.walk)
    part(again.house, CLINICIAN, again.visit_id, "Another passport.", key=again.key())
    page = review(again)
    assert page.parted_at == again.house.clock()
    assert page.changes == ()


def test_parting_needs_a_reason_another_visit_and_the_desk(taken: Stage) -> None:
    with pytest.raises(Slip):
        part(taken.house, DESK, taken.visit_id, " ", key=taken.key())
    with pytest.raises(NotAllowed):
        part(taken.house, ARCHIVIST, taken.visit_id, "Another face.", key=taken.key())
    key = taken.key()
    for _ in range(2):
        part(taken.house, DESK, taken.visit_id, "Another face.", key=key)
    with pytest.raises(WrongStation):
        part(taken.house, DESK, taken.visit_id, "Another face.", key=taken.key())
    assert taken.clinic.actions(taken.visit_id).count("parted") == 1
