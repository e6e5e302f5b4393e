"""Sealing every row anew under the newest field key, a batch at a time.

Each batch is a transaction of its own, so saves go on in between and a program that is killed
loses at most one batch, which the next run does again. Rows say themselves which key sealed them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Table,
    func,
    literal_column,
    select,
    text,
    update,
)

from questionnaire.records import staff, tables
from questionnaire.records.cipher import VERSION_BYTES, KeyRing, Tampered
from questionnaire.records.database import Transaction

ROWS_A_BATCH = 200


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose every value is sealed for its row; `place` names the row, by its columns."""

    table: Table
    name: str
    place: str


SEALED_COLUMNS = (
    SealedColumn(tables.answers, "body", "{visit_id}"),
    SealedColumn(tables.submission, "body", "{visit_id}/{number}"),
    SealedColumn(tables.entry, "body", "{visit_id}/{seq}/{kind}"),
    SealedColumn(tables.consent_record, "body", "{visit_id}/{record_id}/{record_sha256}"),
    SealedColumn(tables.signature, "body", "{visit_id}/{role}/{record_sha256}"),
    SealedColumn(tables.home_link, "mail_to", "{id}"),
    SealedColumn(tables.approval, "body", "{id}"),
    SealedColumn(tables.rules_signed, "body", "{number}"),
    SealedColumn(tables.clinic_version, "body", "{number}"),
    SealedColumn(tables.clinic_logo, "body", "{name}"),
    SealedColumn(tables.staff_session, "body", "{token_hash}"),
    SealedColumn(tables.draft, "body", "{user_id}/{page}"),
    SealedColumn(staff.staff_code_app, "secret", "{user_id}"),
    SealedColumn(tables.ledger, "detail", "{seq}"),
)
"""Every sealed column; a test compares them with the tables."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How many rows were sealed anew, and the last of them; `last` is None when none was left."""

    rows: int
    last: int | None


def rows_under_older_keys(tx: Transaction) -> int:
    """How many rows another key than the newest sealed."""
    counts = (
        tx.connection.execute(
            select(func.count()).select_from(each.table).where(_older(tx, each))
        ).scalar_one()
        for each in SEALED_COLUMNS
    )
    return sum(counts)


def seal_batch_anew(
    tx: Transaction, sealed: SealedColumn, after: int, rows: int = ROWS_A_BATCH
) -> Batch:
    """Seal up to so many older rows anew, those after the row number `after` (at first 0).

    Raises `Tampered` for a row that does not open: nothing of the batch is kept then.
    """
    number = literal_column("rowid", Integer)
    found = tx.connection.execute(
        select(number.label("row_number"), sealed.table)
        .where(number > after)
        .where(_older(tx, sealed))
        .order_by(number)
        .limit(rows)
    ).all()
    with _rows_may_change(tx, sealed.table):
        for row in found:
            plain, place = _opened(tx.ring, sealed, row)
            tx.connection.execute(
                update(sealed.table)
                .where(number == row.row_number)
                .values({sealed.name: tx.ring.seal(plain, **place)})
            )
    return Batch(len(found), found[-1].row_number if found else None)


def rows_that_do_not_open(tx: Transaction, ring: KeyRing) -> tuple[str, ...]:
    """Every sealed row is opened with this ring; a sentence for each that does not open."""
    problems: list[str] = []
    for sealed in SEALED_COLUMNS:
        number = literal_column("rowid", Integer).label("row_number")
        filled = select(number, sealed.table).where(sealed.table.c[sealed.name].is_not(None))
        for row in tx.connection.execute(filled):
            try:
                _opened(ring, sealed, row)
            except Tampered as problem:
                problems.append(str(problem))
    return tuple(problems)


def _opened(ring: KeyRing, sealed: SealedColumn, row: Row[Any]) -> tuple[bytes, dict[str, str]]:
    """What a row holds and the place it is sealed for. Raises `Tampered` naming the row."""
    values = row._asdict()
    place = {
        "table": sealed.table.name,
        "column": sealed.name,
        "row": sealed.place.format(**values),
    }
    try:
        return ring.open(values[sealed.name], **place), place
    except Tampered as problem:
        raise Tampered(f"Row {row.row_number} of {sealed.table.name}: {problem}") from problem


def _older(tx: Transaction, sealed: SealedColumn) -> ColumnElement[bool]:
    newest = max(tx.ring.field_keys).to_bytes(VERSION_BYTES)
    return func.substr(sealed.table.c[sealed.name], 1, VERSION_BYTES) != newest


@contextmanager
def _rows_may_change(tx: Transaction, table: Table) -> Iterator[None]:
    """Set the triggers of a table aside within this transaction, which nobody else sees.

    Only the ledger has some. What its rows say cannot change with it: their commitments and
    keyed hashes stay, and the verification that follows compares them.
    """
    triggers = tx.connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
        {"table": table.name},
    ).all()
    for trigger in triggers:
        tx.connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
    yield
    for trigger in triggers:
        tx.connection.exec_driver_sql(trigger.sql)
