"""Somebody at the tablet who says that they are not this patient.

It stands, first on the desk's pages, until the patient says on a device that it is them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.house import House
from questionnaire.records.database import Transaction
from questionnaire.records.entries import Entry, append_entry, entries_of

NOT_ME, IS_ME = "not_me", "is_me"
DENIED_BY: Final = (NOT_ME, IS_ME)
"""Kinds of entries that tell whether somebody denied to be the patient."""


def denied_at(entries: Iterable[Entry]) -> datetime | None:
    """When somebody last said that they are not the patient; None once the patient said yes."""
    told = [entry for entry in entries if entry.kind in DENIED_BY]
    return told[-1].at if told and told[-1].kind == NOT_ME else None


def deny(house: House, person: Person, visit: Visit) -> None:
    """Write down that somebody with the patient's code says that they are another."""
    with house.database.write() as tx:
        _write(house, tx, person, visit, NOT_ME)


def admit(house: House, person: Person, visit: Visit) -> None:
    """Write down that the patient says it is them, where somebody had denied it."""
    with house.database.write() as tx:
        if denied_at(entries_of(tx, visit.id, *DENIED_BY)) is not None:
            _write(house, tx, person, visit, IS_ME)


def _write(house: House, tx: Transaction, person: Person, visit: Visit, kind: str) -> None:
    append_entry(tx, visit.id, kind, {}, at=house.clock(), person=person)
    house.note(tx, person, kind, visit.id)
