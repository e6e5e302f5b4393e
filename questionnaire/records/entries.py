"""What staff and patients add to a visit besides answers: reviews, notes, points discussed.

Entries are only ever added; a later entry of the same kind stands for the earlier one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from questionnaire.domain.visit import Person, Role
from questionnaire.records.database import Transaction
from questionnaire.records.tables import entry as entries


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody added; `seq` counts from 1 within the visit."""

    seq: int
    kind: str
    at: datetime
    person: Person
    body: dict[str, object]


def append_entry(
    tx: Transaction,
    visit_id: str,
    kind: str,
    body: Mapping[str, object],
    *,
    at: datetime,
    person: Person,
) -> Entry:
    """Add to the visit; what was added, with its number."""
    last = tx.connection.scalar(
        select(func.max(entries.c.seq)).where(entries.c.visit_id == visit_id)
    )
    added = Entry((last or 0) + 1, kind, at, person, dict(body))
    tx.connection.execute(
        insert(entries).values(
            visit_id=visit_id,
            seq=added.seq,
            kind=kind,
            at=at,
            person_id=person.id,
            person_name=person.name,
            person_role=person.role,
            person_registration=person.registration,
            body=tx.ring.seal_body(body, table="entry", row=_place(visit_id, added.seq, kind)),
        )
    )
    return added


def entries_of(tx: Transaction, visit_id: str, *kinds: str) -> tuple[Entry, ...]:
    """What was added to the visit, oldest first; only these `kinds` when any are given."""
    query = select(entries).where(entries.c.visit_id == visit_id).order_by(entries.c.seq)
    if kinds:
        query = query.where(entries.c.kind.in_(kinds))
    return tuple(
        Entry(
            seq=row.seq,
            kind=row.kind,
            at=row.at,
            person=Person(
                row.person_id, row.person_name, Role(row.person_role), row.person_registration
            ),
            body=tx.ring.open_body(
                row.body, table="entry", row=_place(row.visit_id, row.seq, row.kind)
            ),
        )
        for row in tx.connection.execute(query)
    )


def _place(visit_id: str, seq: int, kind: str) -> str:
    return f"{visit_id}/{seq}/{kind}"
