"""Finding visits by name, birth date, treatment, clinician, date, station or code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from questionnaire.domain.visit import Station, Visit
from questionnaire.records.database import Transaction
from questionnaire.records.names import plain_letters, widest
from questionnaire.records.sealing import Seal, seals_of
from questionnaire.records.tables import seal as seals
from questionnaire.records.tables import visit as visits
from questionnaire.records.visits import all_visits, visit_from


@dataclass(frozen=True, slots=True)
class FoundVisit:
    """A visit with the facts of its seal, if its document waits for one or has one."""

    visit: Visit
    seal: Seal | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, latest appointment first, and how many there are in all."""

    visits: tuple[FoundVisit, ...]
    total: int


def find_visits(  # noqa: PLR0913  # each is one box of the search form
    tx: Transaction,
    *,
    name: str = "",
    date_of_birth: date | None = None,
    treatment: str = "",
    clinician_id: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    status: Station | None = None,
    code: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Found:
    """Visits that fit everything given; what is left out does not narrow.

    `name` matches when each of its words stands anywhere in the patient's name, as a hand can type
    it; a word without letters only as it stands. The appointment lies from `since` until just
    before `until`. `code` is the verification code printed on the document.
    """
    query = _named(all_visits(), name)
    exact = (
        (visits.c.date_of_birth, date_of_birth),
        (visits.c.clinician_id, clinician_id or None),
        (visits.c.station, status),
    )
    for stored, wanted in exact:
        if wanted is not None:
            query = query.where(stored == wanted)
    if treatment:
        query = query.where(visits.c.treatments.contains(f'"{treatment}"', autoescape=True))
    if since is not None:
        query = query.where(visits.c.appointment_at >= since)
    if until is not None:
        query = query.where(visits.c.appointment_at < until)
    if code:
        sealed = select(seals.c.visit_id).where(seals.c.verification_code == code)
        query = query.where(visits.c.id.in_(sealed))
    return _page(tx, query, limit, offset)


def _named(query: Select[Any], name: str) -> Select[Any]:
    for word in name.split():
        plain = plain_letters(word)
        if not plain:
            query = query.where(visits.c.full_name.contains(word, autoescape=True))
            continue
        key = visits.c.name_key
        ways = {plain, widest(word)}
        query = query.where(or_(*(key.contains(way, autoescape=True) for way in ways)))
    return query


def _page(tx: Transaction, query: Select[Any], limit: int, offset: int) -> Found:
    total = tx.connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(visits.c.appointment_at.desc(), visits.c.id)
    rows = tx.connection.execute(ordered.limit(limit).offset(offset))
    page = [visit_from(row) for row in rows]
    found_seals = seals_of(tx, [visit.id for visit in page])
    return Found(tuple(FoundVisit(visit, found_seals.get(visit.id)) for visit in page), total)


def visits_by_id(tx: Transaction, visit_ids: Iterable[str]) -> dict[str, Visit]:
    """The visits with these ids that are still there."""
    rows = tx.connection.execute(all_visits().where(visits.c.id.in_(sorted(visit_ids))))
    return {row.id: visit_from(row) for row in rows}
