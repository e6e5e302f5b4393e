"""The end of a record: its time, what holds it, two people, and what is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from questionnaire.archive.disposals import DisposalList
from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, NotFound, WrongStation
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import approvals, disposing
from questionnaire.journey.keeping import check_archive
from questionnaire.records import tables
from questionnaire.records.approvals import Kind, Outcome
from questionnaire.records.disposing import tombstone_of
from questionnaire.records.ledger import events_of
from tests.at_once import at_once, or_refusal
from tests.clinics import ADMINISTRATOR, ARCHIVIST, CLINICIAN, DESK, Clinic, Stage

pytestmark = pytest.mark.guarantees("S43")
At = Callable[..., Stage]
OTHER = Person("archivist-2", "Arthur Alsokeep", Role.ARCHIVIST)
REASON = "Eight years are over."


@pytest.fixture
def old(at: At) -> Stage:
    """A sealed consent whose time is over by a day."""
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(timedelta(days=8 * 366))
    return stage


def asked(stage: Stage, *visit_ids: str) -> str:
    return disposing.ask_disposal(stage.house, ARCHIVIST, visit_ids or (stage.visit_id,), REASON)


def disposed(stage: Stage) -> str:
    """Dispose of the visit; the request's id."""
    request = asked(stage)
    approvals.decide(stage.house, ADMINISTRATOR, request, approve=True)
    assert disposing.carry_out(stage.house, ADMINISTRATOR, request) == 1
    return request


def rows_about(clinic: Clinic, visit_id: str) -> dict[str, int]:
    """How many rows of each table name the visit, but for the ledger and the tombstones."""
    with clinic.house.database.read() as tx:
        return {
            name: len(
                tx.connection.execute(
                    table.select().where(
                        (table.c.id if name == "visit" else table.c.visit_id) == visit_id
                    )
                ).fetchall()
            )
            for name, table in tables.metadata.tables.items()
            if ("visit_id" in table.c or name == "visit") and name != "tombstone"
        }


def test_nothing_is_due_before_its_time_and_everybody_learns_why(at: At) -> None:
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(timedelta(days=8 * 365))
    assert disposing.disposable(stage.house, ARCHIVIST) == ()
    with pytest.raises(Slip):
        asked(stage)
    stage.clinic.clock.forward(timedelta(days=3))
    (found,) = disposing.disposable(stage.house, ARCHIVIST)
    assert (found.visit.id, found.due.why) == (stage.visit_id, "8 years after the last attendance")


@pytest.mark.parametrize("typed", ["0026-03-04", "2021-03-04", "2031-03-04", "2203-03-04"])
def test_no_mistyped_appointment_decides_when_a_record_may_go(at: At, typed: str) -> None:
    stage = at(Station.SEALED)
    with stage.house.database.write() as tx:
        moment = datetime.fromisoformat(f"{typed}T10:30:00+00:00")
        tx.connection.execute(tables.visit.update().values(appointment_at=moment))
    assert disposing.disposable(stage.house, ARCHIVIST) == ()
    stage.clinic.clock.forward(timedelta(days=8 * 365))
    assert disposing.disposable(stage.house, ARCHIVIST) == ()
    stage.clinic.clock.forward(timedelta(days=3))
    (found,) = disposing.disposable(stage.house, ARCHIVIST)
    assert (found.visit.id, found.due.on) == (stage.visit_id, date(2039, 3, 4))


@pytest.mark.parametrize("station", [Station.ARRANGED, Station.SUBMITTED, Station.PATIENT_SIGNED])
def test_what_was_done_late_keeps_a_record_whose_appointment_was_long_before(
    at: At, station: Station
) -> None:
    stage = at(station)
    with stage.house.database.write() as tx:
        long_ago = stage.clinic.clock() - timedelta(days=20 * 366)
        tx.connection.execute(tables.visit.update().values(appointment_at=long_ago))
    assert disposing.disposable(stage.house, ARCHIVIST) == ()
    stage.clinic.clock.forward(timedelta(days=8 * 366))
    assert len(disposing.disposable(stage.house, ARCHIVIST)) == 1


def test_a_later_visit_of_the_same_patient_keeps_the_earlier_one(old: Stage) -> None:
    old.clinic.arrange()
    assert disposing.disposable(old.house, ARCHIVIST) == ()


@pytest.mark.guarantees("S09")
def test_two_people_dispose_of_a_record_and_a_tombstone_is_left(old: Stage) -> None:
    clinic, house = old.clinic, old.house
    seal = clinic.seal(old.visit_id)
    assert seal is not None
    assert seal.shelf_name is not None
    request = disposed(old)
    assert set(rows_about(clinic, old.visit_id).values()) == {0}
    with house.database.read() as tx:
        stone = tombstone_of(tx, old.visit_id)
        assert tx.connection.execute(tables.patient.select()).fetchall() == []
        told = events_of(tx, old.visit_id)
    assert stone is not None
    assert (stone.file_sha256, stone.shelf_name) == (seal.file_sha256, seal.shelf_name)
    assert not house.shelf.holds(seal.shelf_name)
    assert [one.detail for one in told[:-1]] == [{}] * (len(told) - 1)
    assert {one.person.name for one in told[:-1]} == {""}
    assert told[-1].action == "disposed"
    assert told[-1].detail == {"approval": request, "why": "8 years after the last attendance"}
    assert clinic.ledger_problems() == ()
    assert check_archive(house, whole=True).missing == ()
    assert house.disposals.ids() == {old.visit_id}


@pytest.mark.guarantees("S09")
def test_nobody_approves_what_they_asked_for(old: Stage) -> None:
    request = asked(old)
    with pytest.raises(NotAllowed):
        approvals.decide(old.house, ARCHIVIST, request, approve=True)
    with pytest.raises(WrongStation):
        disposing.carry_out(old.house, ARCHIVIST, request)
    for person in (DESK, CLINICIAN):
        with pytest.raises(NotAllowed):
            approvals.decide(old.house, person, request, approve=True)
    approvals.decide(old.house, OTHER, request, approve=True)
    assert disposing.carry_out(old.house, ARCHIVIST, request) == 1


@pytest.mark.guarantees("S09")
def test_a_request_is_decided_once_carried_out_once_and_grows_old(old: Stage) -> None:
    refused = asked(old)
    approvals.decide(old.house, OTHER, refused, approve=False)
    with pytest.raises(WrongStation):
        approvals.decide(old.house, ADMINISTRATOR, refused, approve=True)
    with pytest.raises(WrongStation):
        disposing.carry_out(old.house, OTHER, refused)
    late = asked(old)
    old.clinic.clock.forward(approvals.LASTS)
    with pytest.raises(WrongStation):
        approvals.decide(old.house, OTHER, late, approve=True)
    request = asked(old)
    approvals.decide(old.house, OTHER, request, approve=True)
    carry_out = or_refusal(lambda _: disposing.carry_out(old.house, ADMINISTRATOR, request))
    found = at_once(8, carry_out)
    assert sorted(found, key=str) == sorted([1, *[WrongStation] * 7], key=str)
    (told,) = [one for one in approvals.requests(old.house, OTHER) if one.approval.id == request]
    assert (told.approval.outcome, told.waits) == (Outcome.APPROVED, False)


def test_a_hold_wins_whenever_it_came_and_several_stand_side_by_side(old: Stage) -> None:
    house, visit_id = old.house, old.visit_id
    request = asked(old)
    approvals.decide(house, OTHER, request, approve=True)
    for number in (1, 2):
        disposing.place_hold(house, ARCHIVIST, visit_id, f"Claim {number}", key=old.key())
    with pytest.raises(WrongStation, match="on hold"):
        disposing.carry_out(house, OTHER, request)
    with pytest.raises(Slip):
        asked(old)
    (found,) = disposing.disposable(house, ARCHIVIST)
    first, second = found.holds
    assert (first.reason, first.person) == ("Claim 1", ARCHIVIST)
    disposing.lift_hold(house, ADMINISTRATOR, visit_id, first.number, "Settled.")
    with pytest.raises(WrongStation):
        disposing.carry_out(house, OTHER, request)
    disposing.lift_hold(house, ADMINISTRATOR, visit_id, second.number, "Settled.")
    assert disposing.carry_out(house, OTHER, request) == 1, "a refused try used nothing up"


def test_holds_need_a_reason_a_role_and_a_number_that_is_there(old: Stage) -> None:
    with pytest.raises(Slip):
        disposing.place_hold(old.house, ARCHIVIST, old.visit_id, "  ", key=old.key())
    with pytest.raises(NotAllowed):
        disposing.place_hold(old.house, DESK, old.visit_id, "Mine", key=old.key())
    with pytest.raises(NotFound):
        disposing.lift_hold(old.house, ARCHIVIST, old.visit_id, 1, "Settled.")
    key = old.key()
    for _ in range(2):
        disposing.place_hold(old.house, ARCHIVIST, old.visit_id, "Once", key=key)
    assert len(disposing.disposable(old.house, ARCHIVIST)[0].holds) == 1


def test_all_of_a_request_goes_or_nothing(old: Stage) -> None:
    clinic, house = old.clinic, old.house
    clinic.clock.forward(timedelta(days=-8 * 366))
    other = clinic.arrange(name="Basil Madeupson").visit.id
    clinic.clock.forward(timedelta(days=8 * 366))
    request = asked(old, old.visit_id, other)
    approvals.decide(house, OTHER, request, approve=True)
    disposing.place_hold(house, ARCHIVIST, other, "A claim", key=old.key())
    with pytest.raises(WrongStation):
        disposing.carry_out(house, OTHER, request)
    assert clinic.visit(old.visit_id).station is Station.SEALED


def test_a_disposal_cut_off_after_the_records_comes_to_its_end(old: Stage) -> None:
    seal = old.clinic.seal(old.visit_id)
    assert seal is not None
    marker = old.house.shelf.folder / "candour-shelf"
    away = marker.rename(marker.parent.with_name("away"))
    request = asked(old)
    approvals.decide(old.house, OTHER, request, approve=True)
    assert disposing.carry_out(old.house, OTHER, request) == 1
    away.rename(marker)
    assert old.house.shelf.holds(str(seal.shelf_name))
    disposing.finish_disposals(old.house)
    assert not old.house.shelf.holds(str(seal.shelf_name))
    assert old.house.disposals.ids() == {old.visit_id}


def test_a_record_that_a_backup_brings_back_goes_again(at: At) -> None:
    again = at(Station.SEALED)
    listed = DisposalList(again.clinic.settings.keys / "brought.txt")
    listed.add(again.visit_id)
    listed.add("0" * 32)
    house = replace(again.house, disposals=listed)
    disposing.finish_disposals(house)
    assert set(rows_about(again.clinic, again.visit_id).values()) == {0}
    assert again.clinic.actions(again.visit_id)[-1] == "disposed_again"
    assert again.clinic.ledger_problems() == ()
    disposing.finish_disposals(house)
    assert again.clinic.actions(again.visit_id).count("disposed_again") == 1


def test_asking_needs_a_reason_and_a_choice(old: Stage) -> None:
    for picked, reason in ((("",), REASON), ((), REASON), ((old.visit_id,), "  ")):
        with pytest.raises(Slip):
            disposing.ask_disposal(old.house, ARCHIVIST, picked, reason)
    with pytest.raises(Slip):
        disposing.ask_disposal(old.house, ARCHIVIST, map(str, range(101)), REASON)
    with pytest.raises(NotFound):
        approvals.decide(old.house, OTHER, "0" * 32, approve=True)
    assert approvals.others_who_approve(old.house, ARCHIVIST) == 0
    assert Kind.DISPOSAL in set(Kind)
