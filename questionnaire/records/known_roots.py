"""The clinic's roots, and the certificates behind what is sealed: a start without one is refused.

Roots are known from the first start on, sealing certificates from the first sealed document on;
renewed ones are added, and none is ever taken away.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table, insert, select

from questionnaire.records.database import Transaction
from questionnaire.records.tables import known_root, known_seal


def known_roots(tx: Transaction) -> frozenset[str]:
    """The SHA-256 (hex) of each root certificate that is known."""
    return _known(tx, known_root)


def remember_roots(tx: Transaction, fingerprints: Iterable[str], at: datetime) -> None:
    """Add roots by the SHA-256 (hex) of their certificates; asking again changes nothing."""
    _remember(tx, known_root, fingerprints, at)


def known_seals(tx: Transaction) -> frozenset[str]:
    """The SHA-256 (hex) of each sealing certificate that is known."""
    return _known(tx, known_seal)


def remember_seals(tx: Transaction, fingerprints: Iterable[str], at: datetime) -> None:
    """Add sealing certificates by their SHA-256 (hex); asking again changes nothing."""
    _remember(tx, known_seal, fingerprints, at)


def _known(tx: Transaction, table: Table) -> frozenset[str]:
    return frozenset(tx.connection.scalars(select(table.c.certificate_sha256)))


def _remember(tx: Transaction, table: Table, fingerprints: Iterable[str], at: datetime) -> None:
    for fingerprint in sorted(set(fingerprints) - _known(tx, table)):
        tx.connection.execute(insert(table).values(certificate_sha256=fingerprint, known_since=at))
