"""Every sealed row of every table is sealed anew under the newest key, and still says the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, update
from sqlalchemy.exc import IntegrityError

from questionnaire.domain.visit import Person, Visit
from questionnaire.records import tables
from questionnaire.records.accounts import add_account
from questionnaire.records.answers import (
    add_submission,
    last_submission,
    load_answers,
    save_answers,
)
from questionnaire.records.cipher import KeyRing, Tampered
from questionnaire.records.columns import metadata
from questionnaire.records.database import Database, Transaction
from questionnaire.records.entries import append_entry, entries_of
from questionnaire.records.factors import CodeApp, code_app, put_code_app
from questionnaire.records.ledger import events_of, forget_details, record_event, verify_ledger
from questionnaire.records.live_keys import LiveKeys
from questionnaire.records.rotation import (
    SEALED_COLUMNS,
    rows_that_do_not_open,
    rows_under_older_keys,
    seal_batch_anew,
)
from questionnaire.records.signing import add_signature, freeze_record, frozen_record, signatures_of
from questionnaire.records.staff_sessions import put_staff_session, staff_session

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
SHA = "a" * 64
SEALED = 16
"""How many sealed rows `fill` makes."""
ANSWERS, ENTRY, LEDGER = (
    next(each for each in SEALED_COLUMNS if each.table is table)
    for table in (tables.answers, tables.entry, tables.ledger)
)


@pytest.fixture
def folder(tmp_path: Path, ring: KeyRing, keys: Path) -> Path:
    """Keys of its own: a copy of those that made the empty file."""
    own = tmp_path / "own-keys"
    own.mkdir(mode=0o700)
    for each in keys.iterdir():
        (own / each.name).write_bytes(each.read_bytes())
        (own / each.name).chmod(0o600)
    assert KeyRing.load(own) == ring
    return own


@pytest.fixture
def live(database: Database, visit: Visit, folder: Path, clinician: Person) -> Iterator[Database]:
    """A database with something in every sealed column."""
    keys = LiveKeys(folder)
    opened = Database.open(database.path, keys(), keys=keys)
    with opened.write() as tx:
        fill(tx, visit.id, clinician)
    yield opened
    opened.close()


def fill(tx: Transaction, visit_id: str, person: Person) -> None:
    save_answers(tx, visit_id, {"smoking": "no"}, now=NOW)
    add_submission(tx, visit_id, {"smoking": "no"}, answers_sha256=SHA, rules_sha256=SHA, at=NOW)
    for number in range(5):
        append_entry(tx, visit_id, "note", {"number": number}, at=NOW, person=person)
        record_event(
            tx, at=NOW, person=person, action="note", subject=visit_id, detail={"number": number}
        )
    freeze_record(tx, visit_id, record_id="record-1", record_sha256=SHA, canonical=b"{}", at=NOW)
    add_signature(tx, visit_id, "patient", {"name": "Zoë"}, record_sha256=SHA, at=NOW)
    put_staff_session(tx, "token", {"keys": "on"}, user_id="1", now=NOW)
    account = add_account(tx, email="ada@candour.example", full_name="Ada", stamp="s", at=NOW)
    put_code_app(tx, account.id, CodeApp("JBSWY3DP", 0, NOW))


def everything(tx: Transaction, visit_id: str) -> tuple[object, ...]:
    """What all sealed columns say, read as the clinic reads them."""
    session = staff_session(tx, "token", NOW)
    assert session is not None
    return (
        load_answers(tx, visit_id),
        last_submission(tx, visit_id),
        entries_of(tx, visit_id),
        frozen_record(tx, visit_id),
        signatures_of(tx, visit_id),
        session.body,
        code_app(tx, "1"),
        events_of(tx, visit_id),
    )


def rotate(database: Database, rows: int = 2) -> int:
    """Seal everything anew; in how many batches."""
    batches = 0
    for column in SEALED_COLUMNS:
        last: int | None = 0
        while last is not None:
            with database.write() as tx:
                last = seal_batch_anew(tx, column, last, rows).last
            batches += last is not None
    return batches


@pytest.mark.guarantees("S40")
def test_every_sealed_column_is_known_to_the_rotation() -> None:
    sealed = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert {(each.table.name, each.name) for each in SEALED_COLUMNS} == sealed


@pytest.mark.guarantees("S40")
def test_rows_sealed_anew_say_the_same_and_need_no_older_key(
    live: Database, visit: Visit, folder: Path
) -> None:
    with live.write() as tx:
        before = everything(tx, visit.id)
        new = KeyRing.load(folder).renewed(folder)
        assert rows_under_older_keys(tx) == SEALED
    assert rotate(live) == 12
    newest_alone = replace(new, field_keys={2: new.field_keys[2]})
    with live.write() as tx:
        assert rows_under_older_keys(tx) == 0
        assert rows_that_do_not_open(tx, newest_alone) == ()
        assert verify_ledger(tx) == ()
        assert everything(tx, visit.id) == before
    assert rotate(live) == 0


@pytest.mark.guarantees("S46")
def test_the_ledger_refuses_changes_again_after_each_batch(live: Database, folder: Path) -> None:
    KeyRing.load(folder).renewed(folder)
    with live.write() as tx:
        seal_batch_anew(tx, LEDGER, 0, 2)
    for change in ({"detail": b"other"}, {"action": "nothing"}):
        with pytest.raises(IntegrityError, match="only grows"), live.write() as tx:
            tx.connection.execute(update(tables.ledger).values(**change))


def test_a_detail_forgotten_by_law_stays_forgotten(
    live: Database, visit: Visit, folder: Path
) -> None:
    with live.write() as tx:
        forget_details(tx, visit.id)
    KeyRing.load(folder).renewed(folder)
    rotate(live)
    with live.read() as tx:
        details = tx.connection.scalars(select(tables.ledger.c.detail)).all()
        assert details == [None] * 5
        assert verify_ledger(tx) == ()


@pytest.mark.guarantees("S40")
def test_a_row_that_does_not_open_is_named_and_its_batch_left_alone(
    live: Database, folder: Path
) -> None:
    with live.write() as tx:
        body = select(tables.entry.c.body).where(tables.entry.c.seq == 1).scalar_subquery()
        tx.connection.execute(update(tables.entry).where(tables.entry.c.seq == 2).values(body=body))
    new = KeyRing.load(folder).renewed(folder)
    words = "Row 2 of entry: entry.body was changed or moved."
    with pytest.raises(Tampered, match=words), live.write() as tx:
        seal_batch_anew(tx, ENTRY, 0)
    with live.read() as tx:
        assert rows_that_do_not_open(tx, new) == (words,)
        assert rows_under_older_keys(tx) == SEALED


@pytest.mark.guarantees("S40")
def test_an_older_key_retired_too_early_would_be_noticed(live: Database, folder: Path) -> None:
    new = KeyRing.load(folder).renewed(folder)
    newest_alone = replace(new, field_keys={2: new.field_keys[2]})
    with live.read() as tx:
        assert len(rows_that_do_not_open(tx, newest_alone)) == SEALED
    with live.write() as tx:
        seal_batch_anew(tx, ANSWERS, 0)
        assert len(rows_that_do_not_open(tx, newest_alone)) == SEALED - 1
