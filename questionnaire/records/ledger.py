"""The ledger: who did or read what, and when, in rows that only ever grow in number.

Each row's keyed hash covers its words and the hash of the row before, so that a change, a
missing row and a row put in show. What was done in detail is encrypted beside a commitment
(salted hash); it can be forgotten by law without breaking the chain.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update

from questionnaire.domain.visit import Person, Role
from questionnaire.records.cipher import Tampered, canonical
from questionnaire.records.columns import EPOCH
from questionnaire.records.database import Transaction
from questionnaire.records.tables import ledger

SALT_BYTES = 16
MOST_LISTED = 1000
"""Rows that are gone, each in a sentence of its own."""
BEFORE_THE_FIRST = (0, "")
_ADD: Final = insert(ledger)
_HEAD: Final = select(ledger.c.seq, ledger.c.mac).order_by(ledger.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Event:
    """One row. `subject` is the id it is about, `where` the device or address it came from.

    One that was forgotten has no name, no detail and no place; rows of before have no place.
    """

    seq: int
    at: datetime
    person: Person
    action: str
    subject: str
    detail: dict[str, object]
    where: str = ""


def record_event(
    tx: Transaction,
    *,
    at: datetime,
    person: Person,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
    where: str = "",
) -> int:
    """Add a row in the same transaction as what it tells of; its number, one after the last."""
    last, last_mac = head(tx)
    seq = last + 1
    body = {
        "salt": secrets.token_hex(SALT_BYTES),
        "name": person.name,
        "registration": person.registration,
        "detail": dict(detail or {}),
        "where": where,
    }
    words: dict[str, Any] = {
        "seq": seq,
        "at": at,
        "actor_id": person.id,
        "actor_role": person.role.value,
        "action": action,
        "subject": subject,
        "commitment": _commitment(body),
    }
    sealed = tx.ring.seal_body(body, table="ledger", column="detail", row=str(seq))
    row = {**words, "detail": sealed, "mac": _mac(tx, words, last_mac)}
    tx.connection.execute(_ADD, row)
    return seq


def head(tx: Transaction) -> tuple[int, str]:
    """The last row's number and hash: an anchor. Kept elsewhere, it shows a cut tail."""
    row = tx.connection.execute(_HEAD).one_or_none()
    return BEFORE_THE_FIRST if row is None else (row.seq, row.mac)


def verify_ledger(tx: Transaction, *anchors: tuple[int, str]) -> tuple[str, ...]:
    """What is wrong with the ledger, each sentence naming its row; nothing when it is whole.

    `anchors` are earlier `head`s. Rows forgotten by law are not a problem.
    """
    problems: list[str] = []
    expected, previous_mac = 1, ""
    marks: dict[int, set[str]] = {}
    for number, mac in anchors:
        marks.setdefault(number, set()).add(mac)
    for row in tx.connection.execute(select(ledger).order_by(ledger.c.seq)):
        missing = range(expected, row.seq)
        problems += _each(missing, "missing")
        if not missing and not hmac.compare_digest(row.mac, _mac(tx, row._asdict(), previous_mac)):
            problems.append(f"Ledger row {row.seq} was changed, moved or put in.")
        elif not _keeps_its_word(tx, row):
            problems.append(f"Ledger row {row.seq}: its detail was changed.")
        if marks.get(row.seq, set()) - {row.mac}:
            problems.append(f"Ledger row {row.seq} is not the one that was anchored.")
        expected, previous_mac = row.seq + 1, row.mac
    cut = range(expected, max(marks, default=0) + 1)
    problems += _each(cut, "cut off")
    return tuple(problems)


def _each(rows: range, gone: str) -> Iterator[str]:
    """A sentence for each row that is gone; one for all that are more than can be listed."""
    verb = "is" if gone == "missing" else "was"
    yield from (f"Ledger row {seq} {verb} {gone}." for seq in rows[:MOST_LISTED])
    if rest := rows[MOST_LISTED:]:
        yield f"So {'are' if verb == 'is' else 'were'} rows {rest[0]} to {rest[-1]}."


def events_of(tx: Transaction, subject: str) -> list[Event]:
    """What was done about one subject, oldest first."""
    rows = tx.connection.execute(
        select(ledger).where(ledger.c.subject == subject).order_by(ledger.c.seq)
    )
    return [_event_from(tx, row) for row in rows]


def events_since(tx: Transaction, subject: str, after: int) -> list[Event]:
    """What was done about one subject since row `after`, oldest first."""
    rows = tx.connection.execute(
        select(ledger)
        .where(ledger.c.subject == subject)
        .where(ledger.c.seq > after)
        .order_by(ledger.c.seq)
    )
    return [_event_from(tx, row) for row in rows]


def newest_events(
    tx: Transaction, subject: str, actions: Iterable[str], *, after: int = 0, most: int = 20
) -> list[Event]:
    """What was done of these actions about one subject since row `after`, newest first."""
    rows = tx.connection.execute(
        select(ledger)
        .where(ledger.c.subject == subject)
        .where(ledger.c.action.in_(sorted(actions)))
        .where(ledger.c.seq > after)
        .order_by(ledger.c.seq.desc())
        .limit(most)
    )
    return [_event_from(tx, row) for row in rows]


def subjects_by_actor(
    tx: Transaction, actions: Iterable[str], since: datetime, before: datetime
) -> dict[str, int]:
    """Actor's id → on how many subjects they did one of these, from `since` until just `before`."""
    rows = tx.connection.execute(
        select(ledger.c.actor_id, func.count(ledger.c.subject.distinct()).label("subjects"))
        .where(ledger.c.action.in_(sorted(actions)))
        .where(ledger.c.at >= since)
        .where(ledger.c.at < before)
        .group_by(ledger.c.actor_id)
    )
    return {row.actor_id: row.subjects for row in rows}


def last_event(tx: Transaction, subject: str, action: str) -> Event | None:
    """The newest row about one subject that tells of one action."""
    row = tx.connection.execute(
        select(ledger)
        .where(ledger.c.subject == subject)
        .where(ledger.c.action == action)
        .order_by(ledger.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _event_from(tx, row)


def last_written_at(tx: Transaction) -> datetime | None:
    """When the last row was written, by the clock of that moment."""
    at: datetime | None = tx.connection.scalar(
        select(ledger.c.at).order_by(ledger.c.seq.desc()).limit(1)
    )
    return at


def forget_details(tx: Transaction, subject: str) -> int:
    """Forget names and details of the rows about `subject`; the rows stay. How many."""
    forgotten = tx.connection.execute(
        update(ledger)
        .where(ledger.c.subject == subject)
        .where(ledger.c.detail.is_not(None))
        .values(detail=None)
    )
    return forgotten.rowcount


def _event_from(tx: Transaction, row: Row[Any]) -> Event:
    forgotten: dict[str, Any] = {"name": "", "registration": "", "detail": {}}
    body = forgotten if row.detail is None else _opened(tx, row)
    return Event(
        seq=row.seq,
        at=row.at,
        person=Person(
            row.actor_id, str(body["name"]), Role(row.actor_role), str(body["registration"])
        ),
        action=row.action,
        subject=row.subject,
        detail=body["detail"],
        where=str(body.get("where", "")),
    )


def _opened(tx: Transaction, row: Row[Any]) -> dict[str, Any]:
    return tx.ring.open_body(row.detail, table="ledger", column="detail", row=str(row.seq))


def _keeps_its_word(tx: Transaction, row: Row[Any]) -> bool:
    """Whether the detail is the one committed to, or was forgotten."""
    if row.detail is None:
        return True
    try:
        return hmac.compare_digest(row.commitment, _commitment(_opened(tx, row)))
    except Tampered:
        return False


def _commitment(body: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def _mac(tx: Transaction, words: Mapping[str, Any], previous_mac: str) -> str:
    """The hash of a row's words (times in microseconds) and of the row before."""
    at = (words["at"] - EPOCH) // timedelta(microseconds=1)
    kept = ("seq", "actor_id", "actor_role", "action", "subject", "commitment")
    return tx.ring.ledger_mac(canonical([at, *(words[each] for each in kept), previous_mac]))
