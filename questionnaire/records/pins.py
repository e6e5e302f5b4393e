"""The PINs with which staff unlock tablets, as keyed hashes: one each, and no two the same."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from questionnaire.records.database import Transaction
from questionnaire.records.staff import staff_pin as pins


def put_pin(tx: Transaction, account_id: str, pin: str, *, at: datetime) -> None:
    """Somebody's PIN from now on; the one before opens nothing any more."""
    tx.connection.execute(delete(pins).where(pins.c.user_id == int(account_id)))
    tx.connection.execute(
        insert(pins).values(user_id=int(account_id), pin_hash=_hash(tx, pin), made_at=at)
    )


def pin_owner(tx: Transaction, pin: str) -> str | None:
    """The account whose PIN this is."""
    owner = tx.connection.scalar(select(pins.c.user_id).where(pins.c.pin_hash == _hash(tx, pin)))
    return None if owner is None else str(owner)


def pin_made_at(tx: Transaction, account_id: str) -> datetime | None:
    """When somebody's PIN was made; None when they have none."""
    made: datetime | None = tx.connection.scalar(
        select(pins.c.made_at).where(pins.c.user_id == int(account_id))
    )
    return made


def _hash(tx: Transaction, pin: str) -> str:
    return tx.ring.code_hash(f"pin:{pin}")
