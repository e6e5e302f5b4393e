"""A turn left alone: locked on the server, and unlocked by a staff PIN with few tries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.domain.errors import BadCode, NotAllowed, TooManyTries
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import arranging, intake, locking, staffing, turns
from questionnaire.journey.house import TURN_IDLE, House
from questionnaire.records import pins
from tests.clinics import ADMINISTRATOR, ARCHIVIST, DESK, Clinic, Stage

WRONG = "000000"


def hire(house: House, *roles: Role, name: str = "Wanda Watchful") -> Person:
    """Somebody with an account."""
    email = f"{name.split(maxsplit=1)[0]}@clinic.example"
    token = staffing.invite(
        house, ADMINISTRATOR, staffing.Joining(name, email, "", frozenset(roles))
    )
    return Person(staffing.invited(house, token).id, name, roles[0])


def begin(stage: Stage) -> turns.Turn:
    """The patient's turn, begun with a fresh code."""
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    turn = turns.turn_of(stage.house, turns.enter_code(stage.house, code, device="tablet"))
    assert turn is not None
    return turn


def locked_by(stage: Stage, turn: turns.Turn) -> locking.LockedTurn:
    """The turn, locked."""
    locking.lock(stage.house, turn)
    locked = locking.locked_turn(stage.house, turn.token)
    assert locked is not None
    return locked


@pytest.fixture
def stage(at: Callable[..., Stage]) -> Stage:
    """A clinic with a form that is filled in."""
    return at(Station.IN_PROGRESS)


@pytest.mark.guarantees("S21")
def test_a_turn_left_alone_for_four_minutes_locks_itself_and_keeps_what_was_saved(
    stage: Stage,
) -> None:
    turn, clock = begin(stage), stage.clinic.clock
    answers = intake.pages(stage.house, turn).answers
    clock.forward(timedelta(minutes=4))
    assert turns.turn_of(stage.house, turn.token) is not None
    clock.forward(TURN_IDLE)
    assert turns.turn_of(stage.house, turn.token) is None
    locked = locking.locked_turn(stage.house, turn.token)
    assert locked == locking.LockedTurn(turn.token, stage.visit_id, "en")
    clock.forward(-TURN_IDLE)
    assert turns.turn_of(stage.house, turn.token) is None, "what was locked stays locked"
    again = begin(stage)
    assert intake.pages(stage.house, again).answers == answers
    told = stage.clinic.actions(stage.visit_id)
    assert told.count("turn_locked") == 1


def test_a_turn_that_is_touched_goes_on(stage: Stage) -> None:
    turn = begin(stage)
    for _ in range(10):
        stage.clinic.clock.forward(timedelta(minutes=3))
        turns.still_here(stage.house, turn)
    assert turns.turn_of(stage.house, turn.token) is not None
    assert locking.locked_turn(stage.house, turn.token) is None


@pytest.mark.guarantees("S20")
def test_a_staff_pin_unlocks_under_a_new_token_and_the_ledger_says_whose(stage: Stage) -> None:
    person = hire(stage.house, Role.DESK)
    pin = locking.new_pin(stage.house, person)
    turn = begin(stage)
    locked = locked_by(stage, turn)
    token = locking.resume(stage.house, locked, f" {pin[:3]} {pin[3:]} ")
    assert token != turn.token
    assert turns.turn_of(stage.house, token) is not None
    assert turns.turn_of(stage.house, turn.token) is None
    assert locking.locked_turn(stage.house, turn.token) is None
    last = stage.clinic.events(stage.visit_id)[-1]
    assert (last.action, last.person) == ("turn_resumed", replace(person, registration=""))
    with pytest.raises(BadCode):
        locking.resume(stage.house, locked, pin)


@pytest.mark.guarantees("S13")
def test_of_forty_wrong_pins_at_once_five_are_looked_at_and_then_the_right_one_is_refused(
    stage: Stage,
) -> None:
    pin = locking.new_pin(stage.house, hire(stage.house, Role.DESK))
    wrong = WRONG if pin != WRONG else "111111"
    locked = locked_by(stage, begin(stage))

    def try_one(typed: str) -> type[Exception]:
        with pytest.raises((BadCode, TooManyTries)) as refused:
            locking.resume(stage.house, locked, typed)
        return refused.type

    with ThreadPoolExecutor(8) as people:
        said = list(people.map(try_one, [wrong] * 40))
    assert said.count(BadCode) == locking.MOST_PIN_TRIES
    assert said.count(TooManyTries) == 40 - locking.MOST_PIN_TRIES
    assert try_one(pin) is TooManyTries
    told = stage.clinic.actions(stage.visit_id)
    assert told.count("resume_refused") == locking.MOST_PIN_TRIES
    assert begin(stage).visit.id == stage.visit_id, "a fresh code from the desk still helps"


def test_a_right_pin_forgets_the_wrong_ones_before_it(stage: Stage) -> None:
    pin = locking.new_pin(stage.house, hire(stage.house, Role.CLINICIAN))
    token = begin(stage).token
    for _ in range(3):
        turn = turns.turn_of(stage.house, token)
        assert turn is not None
        locked = locked_by(stage, turn)
        for _ in range(locking.MOST_PIN_TRIES - 1):
            with pytest.raises(BadCode):
                locking.resume(stage.house, locked, "not a pin")
        token = locking.resume(stage.house, locked, pin)


@pytest.mark.guarantees("S08")
@pytest.mark.parametrize(
    ("roles", "active"), [({Role.DESK}, False), ({Role.ARCHIVIST}, True)], ids=["left", "moved"]
)
def test_a_pin_ends_with_the_right_to_it(stage: Stage, roles: set[Role], *, active: bool) -> None:
    hire(stage.house, Role.ADMINISTRATOR, name="Minnie Strator")
    person = hire(stage.house, Role.DESK)
    pin = locking.new_pin(stage.house, person)
    staffing.change(
        stage.house, ADMINISTRATOR, person.id, roles=roles, registration="", active=active
    )
    with pytest.raises(BadCode):
        locking.resume(stage.house, locked_by(stage, begin(stage)), pin)


def test_a_new_pin_ends_the_one_before_and_only_the_desk_has_one(clinic: Clinic) -> None:
    person = hire(clinic.house, Role.DESK, Role.ADMINISTRATOR)
    assert not locking.has_pin(clinic.house, person)
    first, second = (locking.new_pin(clinic.house, person) for _ in range(2))
    assert locking.reads_as_pin(second)
    assert locking.has_pin(clinic.house, person)
    with clinic.house.database.read() as tx:
        assert pins.pin_owner(tx, first) is None
        assert pins.pin_owner(tx, second) == person.id
    with pytest.raises(NotAllowed):
        locking.new_pin(clinic.house, ARCHIVIST)
    assert clinic.actions(person.id)[-2:] == ["pin_made", "pin_made"]


def test_no_two_people_have_the_same_pin(clinic: Clinic) -> None:
    first, second = (
        hire(clinic.house, Role.DESK, name=name) for name in ("Wanda Watchful", "Abel Another")
    )
    draws = iter([bytes(8), bytes(8), bytes([*[0] * 7, 7])])
    same = replace(clinic.house, draw=lambda _: next(draws))
    assert locking.new_pin(same, first) == "000000"
    assert locking.new_pin(same, second) == "000007"


def test_a_turn_whose_visit_went_on_elsewhere_is_not_resumed(stage: Stage) -> None:
    turn = begin(stage)
    locking.lock(stage.house, turn)
    arranging.stop(stage.house, DESK, stage.visit_id, "Put off")
    assert locking.locked_turn(stage.house, turn.token) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "K7MX-4PQ2", "12345X"])
def test_what_is_not_six_figures_is_no_pin(typed: str) -> None:
    assert not locking.reads_as_pin(typed)
