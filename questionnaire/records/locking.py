"""Patients' sessions that are locked, or end with the tablet they are on."""

from datetime import datetime

from sqlalchemy import update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import patient_session as patient_sessions


def lock_patient_session(tx: Transaction, token: str, now: datetime) -> bool:
    """The session shows nothing until it is resumed; False when it was locked before."""
    locked = tx.connection.execute(
        update(patient_sessions)
        .where(patient_sessions.c.token_hash == tx.ring.code_hash(token))
        .where(patient_sessions.c.closed_at.is_(None))
        .where(patient_sessions.c.locked_at.is_(None))
        .values(locked_at=now)
    )
    return locked.rowcount > 0


def close_sessions_of_tablet(tx: Transaction, tablet_id: str, now: datetime) -> None:
    """Nothing is filled in on this tablet from now on."""
    tx.connection.execute(
        update(patient_sessions)
        .where(patient_sessions.c.tablet_id == tablet_id)
        .where(patient_sessions.c.closed_at.is_(None))
        .values(closed_at=now)
    )
