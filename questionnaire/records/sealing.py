"""Which signed records still wait for their seal, who is at work on one, and what was sealed.

The database is the truth: a task the queue lost is found again here. Every step may be repeated;
a visit is marked sealed exactly once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from questionnaire.domain.errors import ChangedSince
from questionnaire.records.database import Transaction
from questionnaire.records.tables import seal as seals

LONGEST_PAUSE = timedelta(days=1)
MOST_CUT_OFF = 5
"""So many tries in a row that end in the middle, and a document is set aside."""
CUT_OFF = "The program ended in the middle of it."
"""The problem that stands from the claim on, until somebody lives to tell another or none."""


class SealState(StrEnum):
    """Whether the sealed document is on the shelf."""

    WAITING = "waiting"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Seal:
    """How far a visit's document is; the last four are set once it is sealed.

    `problem` is what went wrong at the last try, without answers or names; while one is at work it
    says already what it would mean if nothing followed. `cut_off` counts tries in a row that ended
    in the middle: whatever ends the program leaves that trace.
    """

    visit_id: str
    record_sha256: str
    state: SealState
    attempts: int
    cut_off: int
    next_try_at: datetime
    lease_until: datetime | None
    problem: str
    file_sha256: str | None
    shelf_name: str | None
    verification_code: str | None
    sealed_at: datetime | None

    @property
    def is_set_aside(self) -> bool:
        """Not tried again by itself: it has ended the program too often."""
        return self.state is SealState.WAITING and self.cut_off >= MOST_CUT_OFF

    def is_in_trouble(self, now: datetime) -> bool:
        """The last try failed and nobody is at work on it: the one test for showing a problem."""
        return self.state is SealState.WAITING and bool(self.problem) and not self._at_work(now)

    def _at_work(self, now: datetime) -> bool:
        """Somebody's lease runs; the opposite of `_free`."""
        return self.lease_until is not None and now < self.lease_until <= now + LONGEST_PAUSE


def await_seal(tx: Transaction, visit_id: str, record_sha256: str, at: datetime) -> None:
    """The record is signed by all and waits for its seal; asking again changes nothing.

    Raises `ChangedSince` when another record of this visit waits already.
    """
    found = seal_of(tx, visit_id)
    if found is not None:
        if found.record_sha256 != record_sha256:
            raise ChangedSince("Another document of this visit is being sealed.")
        return
    tx.connection.execute(
        insert(seals).values(
            visit_id=visit_id,
            record_sha256=record_sha256,
            state=SealState.WAITING,
            attempts=0,
            cut_off=0,
            next_try_at=at,
            problem="",
        )
    )


def unsealed(tx: Transaction, now: datetime) -> tuple[str, ...]:
    """Visits whose document is due for a try and that nobody is at work on, longest due first."""
    due = or_(seals.c.next_try_at <= now, seals.c.next_try_at > now + LONGEST_PAUSE)
    rows = tx.connection.scalars(
        select(seals.c.visit_id)
        .where(seals.c.state == SealState.WAITING)
        .where(seals.c.cut_off < MOST_CUT_OFF)
        .where(due)
        .where(_free(now, LONGEST_PAUSE))
        .order_by(seals.c.next_try_at, seals.c.visit_id)
    )
    return tuple(rows)


def claim_seal(
    tx: Transaction, visit_id: str, now: datetime, lease: timedelta, next_try_at: datetime
) -> bool:
    """Take the visit's document to work on for `lease`; True for the one who got it.

    Should nothing more be heard, it is tried again at `next_try_at`, and set aside in the end.
    """
    claimed = tx.connection.execute(
        update(seals)
        .where(seals.c.visit_id == visit_id)
        .where(seals.c.state == SealState.WAITING)
        .where(seals.c.cut_off < MOST_CUT_OFF)
        .where(_free(now, lease))
        .values(
            lease_until=now + lease,
            attempts=seals.c.attempts + 1,
            cut_off=seals.c.cut_off + 1,
            next_try_at=next_try_at,
            problem=CUT_OFF,
        )
    )
    return claimed.rowcount == 1


def seal_failed(tx: Transaction, visit_id: str, problem: str, next_try_at: datetime) -> None:
    """Write down why the try failed and when to try again (within a day)."""
    tx.connection.execute(
        update(seals)
        .where(seals.c.visit_id == visit_id)
        .where(seals.c.state == SealState.WAITING)
        .values(problem=problem, next_try_at=next_try_at, lease_until=None, cut_off=0)
    )


def in_trouble(tx: Transaction, now: datetime) -> tuple[Seal, ...]:
    """Documents whose last try failed and that nobody is at work on, the longest due first."""
    rows = tx.connection.execute(
        select(seals)
        .where(seals.c.state == SealState.WAITING)
        .where(seals.c.problem != "")
        .order_by(seals.c.next_try_at, seals.c.visit_id)
    )
    return tuple(seal for seal in map(_seal_from, rows) if seal.is_in_trouble(now))


def ask_again(tx: Transaction, visit_id: str, now: datetime) -> bool:
    """Have a document that waits tried at once, also one that was set aside; True when it does."""
    asked = tx.connection.execute(
        update(seals)
        .where(seals.c.visit_id == visit_id)
        .where(seals.c.state == SealState.WAITING)
        .where(_free(now, LONGEST_PAUSE))
        .values(next_try_at=now, cut_off=0)
    )
    return asked.rowcount == 1


def mark_sealed(
    tx: Transaction,
    visit_id: str,
    *,
    file_sha256: str,
    shelf_name: str,
    verification_code: str,
    at: datetime,
) -> bool:
    """Write down that the sealed file is on the shelf; True for the one call that did."""
    marked = tx.connection.execute(
        update(seals)
        .where(seals.c.visit_id == visit_id)
        .where(seals.c.state == SealState.WAITING)
        .values(
            state=SealState.SEALED,
            file_sha256=file_sha256,
            shelf_name=shelf_name,
            verification_code=verification_code,
            sealed_at=at,
            lease_until=None,
            problem="",
            cut_off=0,
        )
    )
    return marked.rowcount == 1


def unsealed_count(tx: Transaction) -> int:
    """How many signed records wait for their seal, due or not."""
    counted: int = tx.connection.execute(
        select(func.count()).select_from(seals).where(seals.c.state == SealState.WAITING)
    ).scalar_one()
    return counted


def sealed_count(tx: Transaction, after: datetime | None = None) -> int:
    """How many records are sealed and on the shelf; those sealed `after` a moment alone."""
    wanted = select(func.count()).select_from(seals).where(seals.c.state == SealState.SEALED)
    if after is not None:
        wanted = wanted.where(seals.c.sealed_at > after)
    counted: int = tx.connection.execute(wanted).scalar_one()
    return counted


def first_sealed_at(tx: Transaction) -> datetime | None:
    """When the first document that is on the shelf was put there."""
    at: datetime | None = tx.connection.scalar(
        select(func.min(seals.c.sealed_at)).where(seals.c.state == SealState.SEALED)
    )
    return at


def seal_of(tx: Transaction, visit_id: str) -> Seal | None:
    """How far the visit's document is; None before it waits for a seal."""
    return _one(tx, seals.c.visit_id == visit_id)


def seal_for_code(tx: Transaction, verification_code: str) -> Seal | None:
    """The sealed document that carries this verification code."""
    return _one(tx, seals.c.verification_code == verification_code)


def seal_for_file(tx: Transaction, sha256: str) -> Seal | None:
    """The sealed document whose file has this SHA-256 (hex)."""
    return _one(tx, seals.c.file_sha256 == sha256)


def seals_of(tx: Transaction, visit_ids: Iterable[str]) -> dict[str, Seal]:
    """The seals of several visits, by visit."""
    rows = tx.connection.execute(select(seals).where(seals.c.visit_id.in_(list(visit_ids))))
    return {row.visit_id: _seal_from(row) for row in rows}


def sealed_files(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """Every sealed file as `(shelf name, SHA-256)`, for the fixity check."""
    rows = tx.connection.execute(
        select(seals.c.shelf_name, seals.c.file_sha256)
        .where(seals.c.state == SealState.SEALED)
        .order_by(seals.c.shelf_name)
    )
    return tuple((row.shelf_name, row.file_sha256) for row in rows)


def _free(now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Nobody's lease runs. One further off than any lease was set before the clock jumped back."""
    lease = seals.c.lease_until
    return or_(lease.is_(None), lease <= now, lease > now + longest)


def _one(tx: Transaction, which: ColumnElement[bool]) -> Seal | None:
    row = tx.connection.execute(select(seals).where(which)).one_or_none()
    return None if row is None else _seal_from(row)


def _seal_from(row: Row[Any]) -> Seal:
    return Seal(
        visit_id=row.visit_id,
        record_sha256=row.record_sha256,
        state=SealState(row.state),
        attempts=row.attempts,
        cut_off=row.cut_off,
        next_try_at=row.next_try_at,
        lease_until=row.lease_until,
        problem=row.problem,
        file_sha256=row.file_sha256,
        shelf_name=row.shelf_name,
        verification_code=row.verification_code,
        sealed_at=row.sealed_at,
    )
