"""Which documents may lie on the shelf, as far as the records know."""

from dataclasses import dataclass

from sqlalchemy import select

from questionnaire.records.database import Transaction
from questionnaire.records.sealing import SealState
from questionnaire.records.tables import consent_record, tombstone
from questionnaire.records.tables import seal as seals


@dataclass(frozen=True, slots=True)
class Known:
    """Shelf names of filed documents, and ids of records whose document may be filed just now."""

    filed: frozenset[str]
    waiting: frozenset[str]

    def has(self, name: str) -> bool:
        """Whether the records know the document of this shelf name."""
        return name in self.filed or not self.waiting.isdisjoint(name.split("/"))


def known_on_shelf(tx: Transaction) -> Known:
    """Documents that are sealed, those that wait for it, and those about to be taken away."""
    filed = select(seals.c.shelf_name).where(seals.c.shelf_name.is_not(None))
    going = select(tombstone.c.shelf_name).where(tombstone.c.removed_at.is_(None))
    waiting = (
        select(consent_record.c.record_id)
        .join(seals, seals.c.visit_id == consent_record.c.visit_id)
        .where(seals.c.state == SealState.WAITING)
        .where(consent_record.c.void_at.is_(None))
    )
    read = tx.connection.scalars
    return Known(frozenset((*read(filed), *read(going))), frozenset(read(waiting)))
