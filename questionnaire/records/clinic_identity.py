"""Which clinic the records belong to, and which state of its other parts they have seen.

One row: the clinic's id, how often the clinic was started, and the newest field key. An older copy
of the keys or of the archive is told from the right one by it.
"""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Transaction
from questionnaire.records.tables import clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicIdentity:
    """What the records know of the clinic.

    `id` is 32 hex digits. `starts` counts the starts, from 1. `key_version` is the newest field
    key seen and `key_check` what `KeyRing.key_check` gives for it.
    """

    id: str
    starts: int
    key_version: int
    key_check: str

    def keys_are_older(self, ring: KeyRing) -> bool:
        """Whether `ring` is a copy from before the newest key was taken into use."""
        return max(ring.field_keys) < self.key_version

    def keys_are_ours(self, ring: KeyRing) -> bool:
        """Whether `ring` is this clinic's: the same id, and the same newest key where it has it."""
        retired = self.key_version not in ring.field_keys
        return self.id == ring.clinic_id and (
            retired or ring.key_check(self.key_version) == self.key_check
        )


def clinic_identity(tx: Transaction) -> ClinicIdentity | None:
    """What the records know of the clinic; None before its first start with this table."""
    row = tx.connection.execute(select(clinic)).one_or_none()
    return None if row is None else ClinicIdentity(**row._asdict())


def count_start(tx: Transaction, starts: int) -> None:
    """Write down a start and the newest key; the first time, whose records these are."""
    version = max(tx.ring.field_keys)
    values = {"starts": starts, "key_version": version, "key_check": tx.ring.key_check(version)}
    known = tx.connection.execute(update(clinic).values(values)).rowcount
    if not known:
        tx.connection.execute(insert(clinic).values(id=tx.ring.clinic_id, **values))


def remember_newest_key(tx: Transaction) -> None:
    """Write down the newest key in use, so that an older copy of the keys is noticed."""
    version = max(tx.ring.field_keys)
    values = {"key_version": version, "key_check": tx.ring.key_check(version)}
    tx.connection.execute(update(clinic).values(values))
