"""The frozen consent record of a visit and the signatures under it.

A record stands until it is made void; then its signatures are void with it, and a new one may be
frozen. What is void stays on file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from questionnaire.domain.errors import ChangedSince
from questionnaire.records.database import Transaction
from questionnaire.records.tables import consent_record, signature


@dataclass(frozen=True, slots=True)
class FrozenRecord:
    """The exact bytes (canonical JSON) that are signed, with their SHA-256 in hex."""

    record_id: str
    record_sha256: str
    canonical: bytes
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredSignature:
    """One signature; `record_sha256` is the hash of what was shown to whoever signed."""

    role: str
    record_sha256: str
    at: datetime
    body: dict[str, object]


def freeze_record(
    tx: Transaction,
    visit_id: str,
    *,
    record_id: str,
    record_sha256: str,
    canonical: bytes,
    at: datetime,
) -> None:
    """Keep the record that is shown for signing. Raises `ChangedSince` when one stands."""
    if frozen_record(tx, visit_id) is not None:
        raise ChangedSince("A consent document is already laid out for this visit.")
    tx.connection.execute(
        insert(consent_record).values(
            visit_id=visit_id,
            record_id=record_id,
            record_sha256=record_sha256,
            body=tx.ring.seal(
                canonical,
                table="consent_record",
                column="body",
                row=_place(visit_id, record_id, record_sha256),
            ),
            frozen_at=at,
        )
    )


def frozen_record(tx: Transaction, visit_id: str) -> FrozenRecord | None:
    """The record that stands, if any."""
    row = tx.connection.execute(
        select(consent_record)
        .where(consent_record.c.visit_id == visit_id)
        .where(consent_record.c.void_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    canonical = tx.ring.open(
        row.body,
        table="consent_record",
        column="body",
        row=_place(visit_id, row.record_id, row.record_sha256),
    )
    return FrozenRecord(row.record_id, row.record_sha256, canonical, row.frozen_at)


def void_record(tx: Transaction, visit_id: str, at: datetime) -> None:
    """Make the standing record and its signatures void; nothing happens when none stands."""
    for table in (consent_record, signature):
        tx.connection.execute(
            update(table)
            .where(table.c.visit_id == visit_id)
            .where(table.c.void_at.is_(None))
            .values(void_at=at)
        )


def add_signature(
    tx: Transaction,
    visit_id: str,
    role: str,
    body: Mapping[str, object],
    *,
    record_sha256: str,
    at: datetime,
) -> None:
    """Keep a signature under the standing record.

    Raises `ChangedSince` when the standing record is not the one that was shown, or when this
    role has signed it already.
    """
    standing = frozen_record(tx, visit_id)
    if standing is None or standing.record_sha256 != record_sha256:
        raise ChangedSince("The document has changed since it was shown. Please read it again.")
    if any(each.role == role for each in signatures_of(tx, visit_id)):
        raise ChangedSince("This document has been signed already.")
    tx.connection.execute(
        insert(signature).values(
            visit_id=visit_id,
            role=role,
            record_sha256=record_sha256,
            at=at,
            body=tx.ring.seal_body(
                body, table="signature", row=_place(visit_id, role, record_sha256)
            ),
        )
    )


def signatures_of(tx: Transaction, visit_id: str) -> tuple[StoredSignature, ...]:
    """The signatures that stand, in the order they were given."""
    rows = tx.connection.execute(
        select(signature)
        .where(signature.c.visit_id == visit_id)
        .where(signature.c.void_at.is_(None))
        .order_by(signature.c.id)
    )
    return tuple(
        StoredSignature(
            role=row.role,
            record_sha256=row.record_sha256,
            at=row.at,
            body=tx.ring.open_body(
                row.body,
                table="signature",
                row=_place(visit_id, row.role, row.record_sha256),
            ),
        )
        for row in rows
    )


def _place(visit_id: str, what: str, record_sha256: str) -> str:
    return f"{visit_id}/{what}/{record_sha256}"
