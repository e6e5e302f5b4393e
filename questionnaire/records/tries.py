"""Counting tries at a code or a password, so that guessing stops."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import tries

_COUNTED: Final = select(tries).where(tries.c.key == bindparam("hashed"))
_COUNT: Final = (
    update(tries)
    .where(tries.c.key == bindparam("hashed"))
    .values(window_start=bindparam("window_start"), number=bindparam("number"))
)


def count_try(tx: Transaction, key: str, now: datetime, window: timedelta) -> int:
    """This try's number within the window that began with the first one.

    `key` says who tries what (an address, an account); only its hash is kept. Commit before the
    try is looked at, so that a try that is cut off still counts.
    """
    hashed = tx.ring.code_hash(key)
    row = tx.connection.execute(_COUNTED, {"hashed": hashed}).one_or_none()
    if row is None:
        tx.connection.execute(insert(tries).values(key=hashed, window_start=now, number=1))
        return 1
    same_window = abs(now - row.window_start) < window
    number: int = row.number + 1 if same_window else 1
    start = row.window_start if same_window else now
    tx.connection.execute(_COUNT, {"hashed": hashed, "window_start": start, "number": number})
    return number


def forget_tries(tx: Transaction, key: str) -> None:
    """Start from nothing again, after a try that was right."""
    tx.connection.execute(delete(tries).where(tries.c.key == tx.ring.code_hash(key)))


def forget_old_tries(tx: Transaction, before: datetime) -> None:
    """Drop counts that began before then; every window is long over."""
    tx.connection.execute(delete(tries).where(tries.c.window_start < before))
