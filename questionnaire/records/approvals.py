"""What somebody asks for and a second person approves: each is decided once and used once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from questionnaire.domain.errors import NotFound
from questionnaire.records.database import Transaction
from questionnaire.records.tables import approval as approvals


class Kind(StrEnum):
    """What needs a second person."""

    DISPOSAL = "disposal"
    EXPORT = "export"
    KEYS = "keys"


class Outcome(StrEnum):
    """What the second person said."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Approval:
    """One request. `body` says what it is about (`visits`, ids) and why (`reason`)."""

    id: str
    kind: Kind
    outcome: Outcome
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    used_at: datetime | None
    body: dict[str, Any]

    @property
    def about_visits(self) -> tuple[str, ...]:
        """The ids of the visits it is about; none for keys."""
        return tuple(self.body.get("visits", ()))


def add_approval(
    tx: Transaction,
    approval_id: str,
    kind: Kind,
    body: Mapping[str, object],
    *,
    by: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Write down a request."""
    tx.connection.execute(
        insert(approvals).values(
            id=approval_id,
            kind=kind,
            outcome=Outcome.WAITING,
            asked_by=by,
            asked_at=now,
            expires_at=expires_at,
            body=tx.ring.seal_body(body, table="approval", row=approval_id),
        )
    )


def get_approval(tx: Transaction, approval_id: str) -> Approval:
    """One request. Raises `NotFound`."""
    row = tx.connection.execute(
        select(approvals).where(approvals.c.id == approval_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such request.")
    return _from(tx, row)


def list_approvals(tx: Transaction, most: int) -> tuple[Approval, ...]:
    """The newest requests, newest first."""
    rows = tx.connection.execute(
        select(approvals).order_by(approvals.c.asked_at.desc(), approvals.c.id).limit(most)
    )
    return tuple(_from(tx, row) for row in rows)


def count_to_decide(tx: Transaction, *, but: str, now: datetime) -> int:
    """How many requests wait for a second person, without those this person asked for."""
    counted: int = tx.connection.execute(
        select(func.count())
        .select_from(approvals)
        .where(approvals.c.outcome == Outcome.WAITING)
        .where(approvals.c.expires_at > now)
        .where(approvals.c.asked_by != but)
    ).scalar_one()
    return counted


def approved_requests(tx: Transaction, kind: Kind) -> tuple[Approval, ...]:
    """Requests of a kind that were approved and not used yet, newest first."""
    rows = tx.connection.execute(
        select(approvals)
        .where(approvals.c.kind == kind)
        .where(approvals.c.outcome == Outcome.APPROVED)
        .where(approvals.c.used_at.is_(None))
        .order_by(approvals.c.asked_at.desc())
    )
    return tuple(_from(tx, row) for row in rows)


def decide_approval(
    tx: Transaction, approval_id: str, outcome: Outcome, *, by: str, now: datetime
) -> bool:
    """Keep what the second person said; False when it was decided before or is too old."""
    decided = tx.connection.execute(
        update(approvals)
        .where(approvals.c.id == approval_id)
        .where(approvals.c.outcome == Outcome.WAITING)
        .where(approvals.c.expires_at > now)
        .where(approvals.c.asked_by != by)
        .values(outcome=outcome, decided_by=by, decided_at=now)
    )
    return decided.rowcount == 1


def use_approval(tx: Transaction, approval_id: str, now: datetime) -> bool:
    """Use an approved request up; False when it is not approved, too old or was used before."""
    used = tx.connection.execute(
        update(approvals)
        .where(approvals.c.id == approval_id)
        .where(approvals.c.outcome == Outcome.APPROVED)
        .where(approvals.c.expires_at > now)
        .where(approvals.c.used_at.is_(None))
        .values(used_at=now)
    )
    return used.rowcount == 1


def _from(tx: Transaction, row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        kind=Kind(row.kind),
        outcome=Outcome(row.outcome),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        used_at=row.used_at,
        body=tx.ring.open_body(row.body, table="approval", row=row.id),
    )
