"""What is added to a visit stays, in order, with who added it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from questionnaire.domain.visit import Person, Visit
from questionnaire.records.cipher import Tampered
from questionnaire.records.database import Database
from questionnaire.records.entries import Entry, append_entry, entries_of
from questionnaire.records.tables import entry
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


def test_entries_read_back_oldest_first_with_their_person(
    database: Database, visit: Visit, clinician: Person
) -> None:
    colleague = replace(clinician, id="staff-9", name="Dr Abel Lind")
    with database.write() as tx:
        added = tuple(
            append_entry(tx, visit.id, kind, {"words": kind}, at=NOW, person=person)
            for kind, person in (("note", clinician), ("plan", colleague), ("note", colleague))
        )
    assert added == (
        Entry(1, "note", NOW, clinician, {"words": "note"}),
        Entry(2, "plan", NOW, colleague, {"words": "plan"}),
        Entry(3, "note", NOW, colleague, {"words": "note"}),
    )
    with database.read() as tx:
        assert entries_of(tx, visit.id) == added
        assert entries_of(tx, visit.id, "note") == (added[0], added[2])
        assert entries_of(tx, visit.id, "plan", "note") == added
        assert entries_of(tx, visit.id, "other") == ()
        assert entries_of(tx, "nobody") == ()


def test_entries_added_at_once_are_numbered_without_gap(
    database: Database, visit: Visit, clinician: Person
) -> None:
    def add(_: int) -> int:
        with database.write() as tx:
            return append_entry(tx, visit.id, "note", {}, at=NOW, person=clinician).seq

    assert sorted(at_once(12, add)) == list(range(1, 13))


@pytest.mark.guarantees("S38")
def test_an_entry_called_by_another_kind_is_refused(
    database: Database, visit: Visit, clinician: Person
) -> None:
    with database.write() as tx:
        append_entry(tx, visit.id, "note", {}, at=NOW, person=clinician)
        tx.connection.execute(update(entry).values(kind="plan"))
    with database.read() as tx, pytest.raises(Tampered):
        entries_of(tx, visit.id)
