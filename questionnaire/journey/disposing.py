"""The end of a record: when it may go, what holds it, and how two people dispose of it.

Nothing is ever disposed of by itself. What is left is a tombstone without content; the ledger
keeps its rows and forgets their words. The list of what went (`house.disposals`) is kept apart
from the records, so that a backup brought back does not bring a record back.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from questionnaire.archive.shelf import ShelfUnavailable
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import NotFound, WrongStation
from questionnaire.domain.retention import Due, due
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.approvals import allow_approver, ask, take_up
from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER
from questionnaire.records.answers import page_already_saved
from questionnaire.records.approvals import Kind
from questionnaire.records.database import Transaction
from questionnaire.records.disposing import (
    dispose,
    file_removed,
    files_to_remove,
    tombstone_ids,
    visits_of_past_patients,
)
from questionnaire.records.entries import append_entry, entries_of
from questionnaire.records.visits import get_visit

PLACED, LIFTED = "hold_placed", "hold_lifted"
MOST_AT_ONCE = 100
SHORTEST_YEAR = timedelta(days=365)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a record must stay, who said so and when. `number` counts within the visit."""

    number: int
    reason: str
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Disposable:
    """A visit that is old enough, from when, why, and the holds that keep it."""

    visit: Visit
    due: Due
    holds: tuple[Hold, ...]


def place_hold(house: House, person: Person, visit_id: str, reason: str, *, key: str) -> None:
    """Keep a record whatever its age. Raises `Slip` without a reason."""
    allow_approver(person)
    words = clean_text(reason)
    if not words:
        raise Slip("Write why this record must stay.")
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        body = {"words": words}
        if page_already_saved(tx, visit.id, key, PLACED, body):
            return
        append_entry(tx, visit.id, PLACED, body, at=house.clock(), person=person)
        house.note(tx, person, PLACED, visit.id)


def lift_hold(house: House, person: Person, visit_id: str, number: int, reason: str) -> None:
    """End one hold; others stay. Raises `Slip` without a reason, `NotFound` for no such hold."""
    allow_approver(person)
    words = clean_text(reason)
    if not words:
        raise Slip("Write why this hold ends.")
    with house.database.write() as tx:
        if number not in {hold.number for hold in holds_of(tx, visit_id)}:
            raise NotFound("There is no such hold.")
        body = {"number": number, "words": words}
        append_entry(tx, visit_id, LIFTED, body, at=house.clock(), person=person)
        house.note(tx, person, LIFTED, visit_id, number=number)


def holds_of(tx: Transaction, visit_id: str) -> tuple[Hold, ...]:
    """The holds that stand, oldest first."""
    lifted = {one.body["number"] for one in entries_of(tx, visit_id, LIFTED)}
    return tuple(
        Hold(one.seq, str(one.body["words"]), one.person, one.at)
        for one in entries_of(tx, visit_id, PLACED)
        if one.seq not in lifted
    )


def disposable(house: House, person: Person) -> tuple[Disposable, ...]:
    """Every visit whose time is over today, oldest appointment first."""
    allow_approver(person)
    with house.database.read() as tx:
        return _old_enough(house, tx)


def ask_disposal(house: House, person: Person, visit_ids: Iterable[str], reason: str) -> str:
    """Ask for the disposal of these visits; the request's id.

    Raises `Slip` when none, too many, or one that is not due or is on hold was picked.
    """
    picked = tuple(dict.fromkeys(visit_ids))
    if not 0 < len(picked) <= MOST_AT_ONCE:
        raise Slip(f"Pick at least one record, and at most {MOST_AT_ONCE}.")
    free = {one.visit.id for one in disposable(house, person) if not one.holds}
    if not free.issuperset(picked):
        raise Slip("Pick only records that are due and not on hold.")
    return ask(house, person, Kind.DISPOSAL, reason, {"visits": list(picked)})


def carry_out(house: House, person: Person, approval_id: str) -> int:
    """Dispose of what was approved, all of it or nothing; how many records.

    Raises `WrongStation` when a record came under a hold or is no longer due.
    """
    allow_approver(person)
    with house.database.write() as tx:
        approved = take_up(house, tx, approval_id, Kind.DISPOSAL)
        free = {one.visit.id: one for one in _old_enough(house, tx) if not one.holds}
        if not free.keys() >= set(approved.body["visits"]):
            raise WrongStation("A record is on hold or not due any more. Nothing was disposed of.")
        for visit_id in approved.body["visits"]:
            dispose(tx, free[visit_id].visit, approval_id=approval_id, now=house.clock())
            why = free[visit_id].due.why
            house.note(tx, person, "disposed", visit_id, approval=approval_id, why=why)
    finish_disposals(house)
    return len(approved.body["visits"])


def finish_disposals(house: House) -> None:
    """Do what a disposal still needs: its files off the shelf, its ids on the list.

    The worker asks for it every minute, so that a cut-off disposal comes to its end. What the list
    names and a restored backup brought back goes again.
    """
    listed = house.disposals.ids()
    with house.database.read() as tx:
        gone, files = tombstone_ids(tx), files_to_remove(tx)
    for visit_id in sorted(gone - listed):
        house.disposals.add(visit_id)
    for visit_id in sorted(listed - gone):
        _dispose_again(house, visit_id)
    for stone in files:
        try:
            house.shelf.remove(str(stone.shelf_name))
        except ShelfUnavailable:
            log.warning("a file of a record that is gone is still on the shelf; tried again later")
            continue
        with house.database.write() as tx:
            file_removed(tx, stone.visit_id, house.clock())


def _dispose_again(house: House, visit_id: str) -> None:
    with house.database.write() as tx:
        try:
            visit = get_visit(tx, visit_id)
        except NotFound:
            return
        log.warning("a record that was disposed of came back and goes again: %s", visit_id)
        dispose(tx, visit, approval_id=None, now=house.clock())
        house.note(tx, KEEPER, "disposed_again", visit_id)


def _old_enough(house: House, tx: Transaction) -> tuple[Disposable, ...]:
    rule, today = house.library.clinic.retention, house.today()
    before = datetime.combine(today, datetime.min.time(), UTC) - SHORTEST_YEAR * (rule.years - 1)
    found = []
    for visit, last_attendance in visits_of_past_patients(tx, before, house.clock()):
        when = due(rule, visit.patient.date_of_birth, house.day_of(last_attendance))
        if when.on <= today:
            found.append(Disposable(visit, when, holds_of(tx, visit.id)))
    return tuple(found)
