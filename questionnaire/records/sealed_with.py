"""Which sealing certificate each filed document was sealed with.

Written down when a document is sealed. For those of releases before that was so, it is read from
the documents themselves when the archive is checked.
"""

from sqlalchemy import func, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import seal as seals


def note_certificate(tx: Transaction, file_sha256: str, certificate_sha256: str) -> None:
    """Write down which certificate sealed a file; both by their SHA-256 (hex)."""
    tx.connection.execute(
        update(seals)
        .where(seals.c.file_sha256 == file_sha256)
        .values(certificate_sha256=certificate_sha256)
    )


def files_of_unknown_certificate(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """Sealed files as `(shelf name, SHA-256)` of which it is not written down."""
    rows = tx.connection.execute(
        select(seals.c.shelf_name, seals.c.file_sha256)
        .where(seals.c.file_sha256.is_not(None))
        .where(seals.c.certificate_sha256.is_(None))
        .order_by(seals.c.shelf_name)
    )
    return tuple((row.shelf_name, row.file_sha256) for row in rows)


def documents_by_certificate(tx: Transaction) -> dict[str, int]:
    """How many filed documents each certificate sealed, by its SHA-256 (hex)."""
    rows = tx.connection.execute(
        select(seals.c.certificate_sha256, func.count())
        .where(seals.c.certificate_sha256.is_not(None))
        .group_by(seals.c.certificate_sha256)
    )
    return {row[0]: row[1] for row in rows}
