"""Taking a visit's record out of the database for good, and the tombstone that is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Row, delete, func, insert, select, union_all, update

from questionnaire.domain.visit import Visit
from questionnaire.records import tables
from questionnaire.records.database import Transaction
from questionnaire.records.drafts import forget_drafts_about
from questionnaire.records.ledger import forget_details
from questionnaire.records.sealing import seal_of
from questionnaire.records.tables import tombstone as tombstones
from questionnaire.records.visits import all_visits, visit_from

_OF_VISIT = (
    tables.answers,
    tables.saved_page,
    tables.submission,
    tables.entry,
    tables.consent_record,
    tables.signature,
    tables.seal,
    tables.patient_session,
    tables.home_link,
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a record: ids, hashes and dates; nothing of what stood in it."""

    visit_id: str
    disposed_at: datetime
    file_sha256: str | None
    shelf_name: str | None


def dispose(tx: Transaction, visit: Visit, *, approval_id: str | None, now: datetime) -> None:
    """Delete everything of the visit, forget the ledger's details of it, leave a tombstone.

    The patient goes with their last visit. The sealed file still lies on the shelf: see
    `files_to_remove`.
    """
    seal = seal_of(tx, visit.id)
    tx.connection.execute(
        insert(tombstones).values(
            visit_id=visit.id,
            approval_id=approval_id,
            disposed_at=now,
            record_sha256=seal.record_sha256 if seal else None,
            file_sha256=seal.file_sha256 if seal else None,
            shelf_name=seal.shelf_name if seal else None,
            removed_at=None if seal and seal.shelf_name else now,
        )
    )
    for table in _OF_VISIT:
        tx.connection.execute(delete(table).where(table.c.visit_id == visit.id))
    tx.connection.execute(delete(tables.visit).where(tables.visit.c.id == visit.id))
    others = tx.connection.scalar(
        select(func.count())
        .select_from(tables.visit)
        .where(tables.visit.c.patient_id == visit.patient.id)
    )
    if not others:
        tx.connection.execute(delete(tables.patient).where(tables.patient.c.id == visit.patient.id))
    forget_drafts_about(tx, visit.id)
    forget_details(tx, visit.id)


def files_to_remove(tx: Transaction) -> tuple[Tombstone, ...]:
    """Tombstones whose sealed file still lies on the shelf."""
    rows = tx.connection.execute(select(tombstones).where(tombstones.c.removed_at.is_(None)))
    return tuple(_from(row) for row in rows)


def file_removed(tx: Transaction, visit_id: str, now: datetime) -> None:
    """The file of a tombstone is gone from the shelf."""
    tx.connection.execute(
        update(tombstones).where(tombstones.c.visit_id == visit_id).values(removed_at=now)
    )


def tombstone_ids(tx: Transaction) -> frozenset[str]:
    """Every visit that left a tombstone."""
    return frozenset(tx.connection.scalars(select(tombstones.c.visit_id)))


def tombstone_of(tx: Transaction, visit_id: str) -> Tombstone | None:
    """What is left of a record that was disposed of, or None."""
    row = tx.connection.execute(
        select(tombstones).where(tombstones.c.visit_id == visit_id)
    ).one_or_none()
    return None if row is None else _from(row)


def visits_of_past_patients(
    tx: Transaction, before: datetime, now: datetime
) -> tuple[tuple[Visit, datetime], ...]:
    """Every visit of patients who were last here before a time, with when that was.

    Oldest appointment first. See `_attended`.
    """
    attended = _attended(now).subquery()
    newest = func.max(attended.c.at).label("last")
    past = select(attended.c.patient_id, newest).group_by(attended.c.patient_id)
    gone_by = past.having(newest < before).subquery()
    rows = tx.connection.execute(
        all_visits()
        .join(gone_by, gone_by.c.patient_id == tables.visit.c.patient_id)
        .add_columns(gone_by.c.last)
        .order_by(tables.visit.c.appointment_at, tables.visit.c.id)
    )
    return tuple((visit_from(row), row.last) for row in rows)


def _attended(now: datetime) -> CompoundSelect[Any]:
    """Each moment that shows when a patient was here, as `(patient_id, at)`.

    An appointment is a date somebody typed: it counts once it is past, and beside what the
    program itself saw being done at its own time.
    """
    visits = tables.visit.c
    seen = (
        (tables.submission, tables.submission.c.at),
        (tables.signature, tables.signature.c.at),
        (tables.seal, tables.seal.c.sealed_at),
    )
    done = [
        select(visits.patient_id, at.label("at"))
        .join_from(tables.visit, table)
        .where(at.is_not(None))
        for table, at in seen
    ]
    decided = (
        select(visits.patient_id, tables.entry.c.at.label("at"))
        .join_from(tables.visit, tables.entry)
        .where(tables.entry.c.kind == "decision")
    )
    typed = select(visits.patient_id, visits.appointment_at.label("at"))
    arranged = select(visits.patient_id, visits.arranged_at.label("at"))
    return union_all(typed.where(visits.appointment_at <= now), arranged, decided, *done)


def _from(row: Row[Any]) -> Tombstone:
    return Tombstone(row.visit_id, row.disposed_at, row.file_sha256, row.shelf_name)
