"""Who is signed in, kept here so that signing out truly ends it.

Only hashes of tokens are stored. A session is alive while it was seen less than `idle` ago; one
seen in the future was seen before the clock jumped back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import staff_session as staff_sessions

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)
HANDLE = 16
"""How many letters of a token's hash name a session."""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A live staff session; `body` is what Flask keeps in it, `user_id` is empty before sign-in.

    `handle` names it without opening it.
    """

    body: dict[str, object]
    user_id: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    handle: str


def staff_session(
    tx: Transaction,
    token: str,
    now: datetime,
    idle: timedelta = IDLE,
    *,
    by_itself: bool = False,
) -> StaffSession | None:
    """The live session of this token, or None; notes that it was seen now (so it writes).

    What a page asks `by_itself`, with nobody touching it, leaves no such note.
    """
    hashed = tx.ring.code_hash(token)
    row = tx.connection.execute(
        select(staff_sessions).where(staff_sessions.c.token_hash == hashed)
    ).one_or_none()
    if row is None or not _is_alive(row, now, idle):
        return None
    if not by_itself:
        _seen(tx, row, now)
    return _staff_session_from(tx, row)


def put_staff_session(
    tx: Transaction,
    token: str,
    body: Mapping[str, object],
    *,
    user_id: str,
    now: datetime,
    lifetime: timedelta = LONGEST,
) -> None:
    """Keep what is in the session; `lifetime` counts from the first time it was kept."""
    hashed = tx.ring.code_hash(token)
    written = {
        "body": tx.ring.seal_body(body, table="staff_session", row=hashed),
        "user_id": user_id,
        "seen_at": now,
    }
    replaced = tx.connection.execute(
        update(staff_sessions).where(staff_sessions.c.token_hash == hashed).values(**written)
    )
    if replaced.rowcount == 0:
        tx.connection.execute(
            insert(staff_sessions).values(
                token_hash=hashed, opened_at=now, expires_at=now + lifetime, **written
            )
        )


def rename_staff_session(tx: Transaction, token: str, new_token: str) -> None:
    """The session goes on under another token, no longer than it would have; write it next."""
    tx.connection.execute(
        update(staff_sessions)
        .where(staff_sessions.c.token_hash == tx.ring.code_hash(token))
        .values(token_hash=tx.ring.code_hash(new_token))
    )


def delete_staff_session(tx: Transaction, token: str) -> None:
    """Sign this session out."""
    hashed = tx.ring.code_hash(token)
    tx.connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == hashed))


def staff_sessions_of(
    tx: Transaction, user_id: str, now: datetime, idle: timedelta = IDLE
) -> tuple[StaffSession, ...]:
    """The live sessions of a member of staff, newest first."""
    rows = tx.connection.execute(
        select(staff_sessions)
        .where(staff_sessions.c.user_id == user_id)
        .order_by(staff_sessions.c.opened_at.desc())
    )
    return tuple(_staff_session_from(tx, row) for row in rows if _is_alive(row, now, idle))


def staff_session_handle(tx: Transaction, token: str) -> str:
    """What the session of this token is called in a list."""
    return tx.ring.code_hash(token)[:HANDLE]


def end_staff_sessions(
    tx: Transaction, user_id: str, *, but: str = "", handle: str | None = None
) -> int:
    """Sign a member of staff out everywhere; how many sessions ended.

    The one whose token is `but` goes on. With a `handle` only that one ends.
    """
    ending = (
        delete(staff_sessions)
        .where(staff_sessions.c.user_id == user_id)
        .where(staff_sessions.c.token_hash != tx.ring.code_hash(but))
    )
    if handle is not None:
        ending = ending.where(func.substr(staff_sessions.c.token_hash, 1, HANDLE) == handle)
    return tx.connection.execute(ending).rowcount


def forget_old_sessions(tx: Transaction, now: datetime) -> int:
    """Drop staff sessions whose time is over; how many."""
    dropped = tx.connection.execute(
        delete(staff_sessions).where(staff_sessions.c.expires_at <= now)
    )
    return dropped.rowcount


def _is_alive(row: Row[Any], now: datetime, idle: timedelta) -> bool:
    seen_lately: bool = abs(now - row.seen_at) < idle
    return seen_lately and now < row.expires_at


def _seen(tx: Transaction, row: Row[Any], now: datetime) -> None:
    """Note the time, at most every half minute: reading a page should not wait for the disk."""
    if abs(now - row.seen_at) >= SEEN_EVERY:
        tx.connection.execute(
            update(staff_sessions)
            .where(staff_sessions.c.token_hash == row.token_hash)
            .values(seen_at=now)
        )


def _staff_session_from(tx: Transaction, row: Row[Any]) -> StaffSession:
    return StaffSession(
        body=tx.ring.open_body(row.body, table="staff_session", row=row.token_hash),
        user_id=row.user_id,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        handle=row.token_hash[:HANDLE],
    )
