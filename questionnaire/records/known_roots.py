"""Which clinic roots sealed what is in these records: a start with others is refused.

Known from the first sealed document on; a renewed root is added, and none is ever taken away.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select

from questionnaire.records.database import Transaction
from questionnaire.records.tables import known_root


def known_roots(tx: Transaction) -> frozenset[str]:
    """The SHA-256 (hex) of each root certificate that is known."""
    return frozenset(tx.connection.scalars(select(known_root.c.certificate_sha256)))


def remember_roots(tx: Transaction, fingerprints: Iterable[str], at: datetime) -> None:
    """Add roots by the SHA-256 (hex) of their certificates; asking again changes nothing."""
    new = sorted(set(fingerprints) - known_roots(tx))
    for fingerprint in new:
        tx.connection.execute(
            insert(known_root).values(certificate_sha256=fingerprint, known_since=at)
        )
