"""Who fills in the form at a tablet, or at home by a link; what ends or locks that.

Only hashes of tokens are stored. A session that was not seen for a while is locked, and it shows
nothing until it is resumed; one seen in the future was seen before the clock jumped back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.staff_sessions import LONGEST, SEEN_EVERY
from questionnaire.records.tables import patient_session as patient_sessions

HOME_IDLE = timedelta(minutes=30)
"""So long a turn opened by a home link is left alone before it is locked."""


_SESSION: Final = select(patient_sessions).where(
    patient_sessions.c.token_hash == bindparam("hashed"), patient_sessions.c.closed_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class PatientSession:
    """A session at a tablet or phone; `to_note` when it is time to note that it was seen.

    One that is `locked`, or was left alone too long, shows nothing until it is resumed; `to_lock`
    when that is to be noted. One that a home link opened is `at_home`.
    """

    visit_id: str
    to_note: bool
    locked: bool
    to_lock: bool
    at_home: bool
    tablet_id: str | None


def open_patient_session(
    tx: Transaction,
    token: str,
    visit_id: str,
    now: datetime,
    *,
    tablet_id: str | None = None,
    home_link_id: str | None = None,
) -> None:
    """The tablet, or the phone at home, holding `token` may now fill in this visit."""
    tx.connection.execute(
        insert(patient_sessions).values(
            token_hash=tx.ring.code_hash(token),
            visit_id=visit_id,
            opened_at=now,
            seen_at=now,
            tablet_id=tablet_id,
            home_link_id=home_link_id,
        )
    )


def patient_session(
    tx: Transaction, token: str, now: datetime, idle: timedelta
) -> PatientSession | None:
    """The session of this token that has not ended, or None."""
    hashed = tx.ring.code_hash(token)
    row = tx.connection.execute(_SESSION, {"hashed": hashed}).one_or_none()
    if row is None or abs(now - row.opened_at) >= LONGEST:
        return None
    alone = abs(now - row.seen_at)
    at_home = row.home_link_id is not None
    left = alone >= (HOME_IDLE + SEEN_EVERY if at_home else idle)
    is_locked = row.locked_at is not None
    return PatientSession(
        row.visit_id,
        to_note=alone >= SEEN_EVERY,
        locked=is_locked or left,
        to_lock=left and not is_locked,
        at_home=at_home,
        tablet_id=row.tablet_id,
    )


def patient_seen(tx: Transaction, token: str, now: datetime) -> None:
    """Note that the session was seen now."""
    tx.connection.execute(update(patient_sessions).where(*_running(tx, token)).values(seen_at=now))


def close_patient_session(tx: Transaction, token: str, now: datetime) -> None:
    """The token opens nothing from now on."""
    _close(tx, patient_sessions.c.token_hash == tx.ring.code_hash(token), now)


def visit_of_ended_session(tx: Transaction, token: str) -> str | None:
    """The visit whose session of this token was closed, or None."""
    visit_id: str | None = tx.connection.scalar(
        select(patient_sessions.c.visit_id)
        .where(patient_sessions.c.token_hash == tx.ring.code_hash(token))
        .where(patient_sessions.c.closed_at.is_not(None))
    )
    return visit_id


def close_sessions_of_visit(tx: Transaction, visit_id: str, now: datetime) -> None:
    """No device may fill in this visit from now on."""
    _close(tx, patient_sessions.c.visit_id == visit_id, now)


def _running(tx: Transaction, token: str) -> tuple[ColumnElement[bool], ...]:
    """What singles out the session of this token while it has not ended."""
    hashed = tx.ring.code_hash(token)
    return patient_sessions.c.token_hash == hashed, patient_sessions.c.closed_at.is_(None)


def lock_patient_session(tx: Transaction, token: str, now: datetime) -> bool:
    """The session shows nothing until it is resumed; False when it was locked before."""
    locked = tx.connection.execute(
        update(patient_sessions)
        .where(*_running(tx, token))
        .where(patient_sessions.c.locked_at.is_(None))
        .values(locked_at=now)
    )
    return locked.rowcount > 0


def close_sessions_of_tablet(tx: Transaction, tablet_id: str, now: datetime) -> None:
    """Nothing is filled in on this tablet from now on."""
    _close(tx, patient_sessions.c.tablet_id == tablet_id, now)


def _close(tx: Transaction, whose: ColumnElement[bool], now: datetime) -> None:
    running = patient_sessions.c.closed_at.is_(None)
    tx.connection.execute(update(patient_sessions).where(whose, running).values(closed_at=now))
