"""The clinic's tablets: made known once, seen, taken out at once; each act is in the ledger."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import BadCode, NotAllowed, NotFound, TooManyTries
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging, tablets, turns
from questionnaire.records import tables
from tests.clinics import ADMINISTRATOR, CLINICIAN, DESK, Clinic, Stage


def make_known(clinic: Clinic, name: str = "Waiting room 1") -> str:
    """A tablet that the clinic knows; its secret."""
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, name)
    return tablets.enrol(clinic.house, code, device="tablet")


def test_a_tablet_is_made_known_with_a_code_that_works_once(clinic: Clinic) -> None:
    house = clinic.house
    assert not tablets.only_known_tablets(house)
    code = tablets.expect_tablet(house, ADMINISTRATOR, " Waiting\n room 1 ")
    assert not tablets.only_known_tablets(house), "a code alone changes nothing yet"
    token = tablets.enrol(house, f" {code.lower()} ", device="tablet")
    assert tablets.only_known_tablets(house)
    known = tablets.known_tablet(house, token)
    assert known is not None
    assert (known.name, known.enrolled_at) == ("Waiting room 1", clinic.clock())
    with pytest.raises(BadCode):
        tablets.enrol(house, code, device="another")
    events = clinic.events(known.id)
    assert [(it.action, it.person.role, it.person.name) for it in events] == [
        ("tablet_code_given", Role.ADMINISTRATOR, "Minnie Strator"),
        ("tablet_enrolled", Role.TABLET, "Waiting room 1"),
    ]


def test_a_code_is_good_for_an_hour(clinic: Clinic) -> None:
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Late")
    clinic.clock.forward(tablets.CODE_LIVES)
    with pytest.raises(BadCode):
        tablets.enrol(clinic.house, code, device="tablet")


@pytest.mark.guarantees("S13", "S37")
def test_tries_at_the_code_are_counted_and_limited(clinic: Clinic) -> None:
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Guessed")
    for _ in range(turns.MOST_TRIES):
        with pytest.raises(BadCode):
            tablets.enrol(clinic.house, "ZZZZ-ZZZZ", device="tablet")
    with pytest.raises(TooManyTries):
        tablets.enrol(clinic.house, code, device="tablet")


@pytest.mark.guarantees("S19")
def test_neither_code_nor_secret_is_stored(clinic: Clinic) -> None:
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Waiting room 1")
    token = make_known(clinic, "Waiting room 2")
    assert len(token) == 64, "256 bits"
    with clinic.house.database.read() as tx:
        stored = repr(tx.connection.execute(select(tables.tablet)).all())
    assert code not in stored
    assert token not in stored
    assert tx.ring.code_hash(token) in stored


def test_when_a_tablet_was_seen_is_noted_every_minute_at_most(clinic: Clinic) -> None:
    token = make_known(clinic)
    begun = clinic.clock()
    clinic.clock.forward(timedelta(seconds=59))
    tablets.known_tablet(clinic.house, token)
    assert tablets.tablets(clinic.house, ADMINISTRATOR)[0].seen_at == begun
    clinic.clock.forward(timedelta(seconds=1))
    tablets.known_tablet(clinic.house, token)
    assert tablets.tablets(clinic.house, ADMINISTRATOR)[0].seen_at == clinic.clock()


@pytest.mark.guarantees("S21")
def test_a_tablet_taken_out_is_unknown_at_once_and_what_runs_on_it_ends(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.ARRANGED)
    house, token = stage.house, make_known(stage.clinic)
    tablet = tablets.known_tablet(house, token)
    assert tablet is not None
    code = arranging.new_code(house, DESK, stage.visit_id)
    turn = turns.enter_code(house, code, device="tablet", tablet_id=tablet.id)
    other = stage.clinic.arrange(name="Basil Madeupson")
    elsewhere = turns.enter_code(house, other.code, device="another")
    tablets.take_out(house, ADMINISTRATOR, tablet.id)
    assert tablets.known_tablet(house, token) is None
    assert turns.turn_of(house, turn) is None
    assert turns.turn_of(house, elsewhere) is not None
    assert tablets.only_known_tablets(house), "a lost tablet does not open the door to others"
    assert stage.clinic.actions(tablet.id)[-1] == "tablet_revoked"
    with pytest.raises(NotFound):
        tablets.take_out(house, ADMINISTRATOR, tablet.id)


def test_a_code_that_was_not_typed_yet_is_taken_back_too(clinic: Clinic) -> None:
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Mistake")
    (tablet,) = tablets.tablets(clinic.house, ADMINISTRATOR)
    tablets.take_out(clinic.house, ADMINISTRATOR, tablet.id)
    with pytest.raises(BadCode):
        tablets.enrol(clinic.house, code, device="tablet")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_tablet_needs_a_name_that_fits(clinic: Clinic, name: str) -> None:
    with pytest.raises(Slip):
        tablets.expect_tablet(clinic.house, ADMINISTRATOR, name)


def test_only_administrators_look_after_tablets(clinic: Clinic) -> None:
    for person in (DESK, CLINICIAN):
        with pytest.raises(NotAllowed):
            tablets.expect_tablet(clinic.house, person, "Waiting room 1")
        with pytest.raises(NotAllowed):
            tablets.tablets(clinic.house, person)
        with pytest.raises(NotAllowed):
            tablets.take_out(clinic.house, person, "any")
