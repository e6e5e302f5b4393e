"""The tablets the clinic knows: made with a code that works once, known by a secret they keep.

Only hashes of codes and secrets are stored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from questionnaire.domain.errors import NotFound
from questionnaire.records.database import Transaction
from questionnaire.records.tables import tablet as tablets


@dataclass(frozen=True, slots=True)
class Tablet:
    """One tablet. `enrolled_at` is None until its code was typed on it."""

    id: str
    name: str
    code_expires_at: datetime
    enrolled_at: datetime | None
    seen_at: datetime | None
    revoked_at: datetime | None


def add_tablet(
    tx: Transaction,
    tablet_id: str,
    name: str,
    code: str,
    *,
    now: datetime,
    code_expires_at: datetime,
) -> None:
    """Write down a tablet that is to come, and the code that will make it known."""
    tx.connection.execute(
        insert(tablets).values(
            id=tablet_id,
            name=name,
            code_hash=tx.ring.code_hash(f"tablet:{code}"),
            code_expires_at=code_expires_at,
            made_at=now,
        )
    )


def all_tablets(tx: Transaction) -> tuple[Tablet, ...]:
    """Every tablet there ever was, the newest first."""
    rows = tx.connection.execute(select(tablets).order_by(tablets.c.made_at.desc(), tablets.c.id))
    return tuple(_tablet_from(row) for row in rows)


def any_tablet_was_enrolled(tx: Transaction) -> bool:
    """Whether a tablet was ever made known, though it may have been taken out since."""
    enrolled = select(tablets.c.id).where(tablets.c.enrolled_at.is_not(None)).limit(1)
    return tx.connection.execute(enrolled).first() is not None


def enrol_tablet(tx: Transaction, code: str, token: str, now: datetime) -> Tablet | None:
    """Use the code up: the device holding `token` is the tablet from now on. None: a bad code."""
    changed = tx.connection.execute(
        update(tablets)
        .where(tablets.c.code_hash == tx.ring.code_hash(f"tablet:{code}"))
        .where(tablets.c.code_expires_at > now)
        .values(code_hash=None, token_hash=tx.ring.code_hash(token), enrolled_at=now, seen_at=now)
    )
    return tablet_of_token(tx, token) if changed.rowcount else None


def tablet_of_token(tx: Transaction, token: str) -> Tablet | None:
    """The tablet that keeps this secret; None once it was taken out."""
    row = tx.connection.execute(
        select(tablets).where(tablets.c.token_hash == tx.ring.code_hash(token))
    ).one_or_none()
    return None if row is None else _tablet_from(row)


def tablet_seen(tx: Transaction, tablet_id: str, now: datetime) -> None:
    """Note that the tablet was in use now."""
    tx.connection.execute(update(tablets).where(tablets.c.id == tablet_id).values(seen_at=now))


def revoke_tablet(tx: Transaction, tablet_id: str, now: datetime) -> None:
    """Its code and its secret open nothing from now on. Raises `NotFound`."""
    changed = tx.connection.execute(
        update(tablets)
        .where(tablets.c.id == tablet_id)
        .where(tablets.c.revoked_at.is_(None))
        .values(code_hash=None, token_hash=None, revoked_at=now)
    )
    if changed.rowcount == 0:
        raise NotFound("There is no such tablet, or it was taken out already.")


def _tablet_from(row: Row[Any]) -> Tablet:
    return Tablet(
        row.id, row.name, row.code_expires_at, row.enrolled_at, row.seen_at, row.revoked_at
    )
