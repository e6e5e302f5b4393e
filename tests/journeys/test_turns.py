"""A patient's turn: the code typed on a tablet, leaving and coming back, handing it over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.errors import BadCode, TooManyTries
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import arranging, intake, turns
from questionnaire.records.staff_sessions import LONGEST
from tests.clinics import DESK, SCENES, Clinic, Stage

NO = "This code does not work. Please check it, or ask at the desk."


def refusal(clinic: Clinic, code: str) -> str:
    with pytest.raises(BadCode) as refused:
        turns.enter_code(clinic.house, code, device="tablet")
    return refused.value.sentence


def test_a_code_opens_a_turn_and_the_form(clinic: Clinic) -> None:
    walk = clinic.arrange()
    turn = turns.turn_of(clinic.house, turns.enter_code(clinic.house, walk.code, device="tablet"))
    assert turn is not None
    assert turn.visit == clinic.visit(walk.visit.id)
    assert turn.visit.station == Station.IN_PROGRESS
    patient = walk.visit.patient
    assert turn.person == Person(patient.id, patient.full_name, Role.PATIENT)
    assert clinic.actions(walk.visit.id) == ["visit_arranged", "turn_started"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "code {}"], ids=repr)
def test_a_code_may_be_typed_untidily(clinic: Clinic, typed: str) -> None:
    walk = clinic.arrange()
    code = walk.code.replace("-", "").lower()
    if typed == "code {}":
        assert refusal(clinic, typed.format(code)) == NO
    else:
        assert turns.enter_code(clinic.house, typed.format(code), device="tablet")


def test_unknown_used_expired_and_closed_codes_are_refused_in_the_same_words(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.SUBMITTED)
    clinic, house = stage.clinic, stage.house
    unknown = refusal(clinic, "ZZZZ-ZZZZ")
    assert unknown == NO
    used = clinic.arrange()
    SCENES[Station.SUBMITTED](used)
    code = arranging.new_code(house, DESK, used.visit.id)
    assert refusal(clinic, code) == unknown
    late = clinic.arrange()
    clinic.clock.forward(timedelta(hours=25, seconds=1))
    assert refusal(clinic, late.code) == unknown


def test_a_code_works_until_a_day_after_the_appointment(clinic: Clinic) -> None:
    walk = clinic.arrange()
    clinic.clock.forward(timedelta(hours=25) - timedelta(seconds=1))
    assert turns.enter_code(clinic.house, walk.code, device="tablet")


def test_the_code_given_for_the_form_is_used_up_by_sending_it(at: Callable[..., Stage]) -> None:
    stage = at(Station.IN_PROGRESS)
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    turn = turns.turn_of(stage.house, turns.enter_code(stage.house, code, device="tablet"))
    intake.submit(stage.house, turn, key=stage.key())
    assert refusal(stage.clinic, code) == NO


def test_too_many_tries_are_refused_even_with_the_right_code(clinic: Clinic) -> None:
    walk = clinic.arrange()
    for _ in range(turns.MOST_TRIES):
        assert refusal(clinic, "ZZZZ-ZZZZ") == NO
    with pytest.raises(TooManyTries, match="wait ten minutes"):
        turns.enter_code(clinic.house, walk.code, device="tablet")
    assert turns.enter_code(clinic.house, walk.code, device="another tablet")
    clinic.clock.forward(turns.TRIES_WINDOW)
    assert turns.enter_code(clinic.house, walk.code, device="tablet")


def test_a_patient_leaves_and_goes_on_with_the_same_code(at: Callable[..., Stage]) -> None:
    stage = at(Station.IN_PROGRESS)
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    before = turns.turn_of(stage.house, turns.enter_code(stage.house, code, device="tablet"))
    answers = intake.pages(stage.house, before).answers
    turns.end_turn(stage.house, before.token)
    assert turns.turn_of(stage.house, before.token) is None
    after = turns.turn_of(stage.house, turns.enter_code(stage.house, code, device="phone"))
    assert after.token != before.token
    assert intake.pages(stage.house, after).answers == answers


def test_a_second_device_ends_the_turn_of_the_first(clinic: Clinic) -> None:
    walk = clinic.arrange()
    first = turns.enter_code(clinic.house, walk.code, device="tablet")
    second = turns.enter_code(clinic.house, walk.code, device="phone")
    assert turns.turn_of(clinic.house, first) is None
    assert turns.turn_of(clinic.house, second) is not None


def test_an_idle_turn_ends_and_a_busy_one_goes_on(clinic: Clinic) -> None:
    walk = clinic.arrange()
    token = turns.enter_code(clinic.house, walk.code, device="tablet")
    for _ in range(3):
        clinic.clock.forward(turns.TURN_IDLE - timedelta(seconds=1))
        assert turns.turn_of(clinic.house, token) is not None
    clinic.clock.forward(turns.TURN_IDLE)
    assert turns.turn_of(clinic.house, token) is None


def test_no_turn_goes_on_for_ever(clinic: Clinic) -> None:
    walk = clinic.arrange()
    token = turns.enter_code(clinic.house, walk.code, device="tablet")
    step = turns.TURN_IDLE - timedelta(seconds=1)
    seen = 0
    while turns.turn_of(clinic.house, token) is not None:
        clinic.clock.forward(step)
        seen += 1
    assert step * (seen - 1) < LONGEST <= step * seen


def test_a_token_nobody_was_given_opens_nothing(clinic: Clinic) -> None:
    assert turns.turn_of(clinic.house, "0" * 64) is None
