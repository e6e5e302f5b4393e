"""Which content a clinician has looked at and taken into use, each with a picture of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import rules_signed


@dataclass(frozen=True, slots=True)
class SignedRules:
    """One version of the content (SHA-256, hex), who took it into use and when, and its parts."""

    version: str
    signed_at: datetime
    signed_by: str
    body: dict[str, Any]


def add_signed_rules(
    tx: Transaction, version: str, body: Mapping[str, object], *, by: str, at: datetime
) -> None:
    """Write down that a version was taken into use."""
    number = 1 + (newest.number if (newest := _newest(tx)) else 0)
    tx.connection.execute(
        insert(rules_signed).values(
            number=number,
            version=version,
            signed_at=at,
            signed_by=by,
            body=tx.ring.seal_body(body, table="rules_signed", row=str(number)),
        )
    )


def newest_signed_rules(tx: Transaction) -> SignedRules | None:
    """The version taken into use last; None in a clinic that never took any."""
    row = _newest(tx)
    if row is None:
        return None
    body = tx.ring.open_body(row.body, table="rules_signed", row=str(row.number))
    return SignedRules(row.version, row.signed_at, row.signed_by, body)


def version_in_use(tx: Transaction) -> str | None:
    """The version taken into use last."""
    version: str | None = tx.connection.scalar(
        select(rules_signed.c.version).order_by(rules_signed.c.number.desc()).limit(1)
    )
    return version


def complete_signed_rules(tx: Transaction, body: Mapping[str, object]) -> None:
    """Add to the picture of the version taken into use last."""
    row = _newest(tx)
    if row is not None:
        sealed = tx.ring.seal_body(body, table="rules_signed", row=str(row.number))
        tx.connection.execute(
            update(rules_signed).where(rules_signed.c.number == row.number).values(body=sealed)
        )


def _newest(tx: Transaction) -> Any:
    return tx.connection.execute(
        select(rules_signed).order_by(rules_signed.c.number.desc()).limit(1)
    ).one_or_none()
