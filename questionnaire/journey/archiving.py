"""The archive: find consents, open, verify and hand them out; every reading is written down."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from questionnaire.archive.shelf import Damaged
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import NotAllowed, NotFound
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import Person, Role, Station, Visit
from questionnaire.journey.disposing import Hold, holds_of
from questionnaire.journey.house import House
from questionnaire.journey.rates import count_document
from questionnaire.journey.turns import tidy_code
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Database
from questionnaire.records.entries import Entry, append_entry, entries_of
from questionnaire.records.finding import Found, find_visits
from questionnaire.records.ledger import Event, events_of
from questionnaire.records.sealing import Seal, seal_for_file, seal_of
from questionnaire.records.visits import get_visit

if TYPE_CHECKING:
    from questionnaire.documents.verdict import Verdict

ARCHIVE_ROLES = frozenset({Role.ARCHIVIST, Role.CLINICIAN, Role.ADMINISTRATOR, Role.DESK})
PAGE = 25


class Purpose(StrEnum):
    """Why a sealed document was opened, as the ledger tells it."""

    READ = "read"
    DOWNLOADED = "downloaded"
    PRINTED = "printed"
    HANDED_OUT = "handed_out"
    EXPORTED = "exported"


class CopyOutcome(StrEnum):
    """What the patient said to a copy of their own."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; what is left out does not narrow. Dates are appointments, both included."""

    name: str = ""
    date_of_birth: date | None = None
    treatment: str = ""
    clinician_id: str = ""
    since: date | None = None
    until: date | None = None
    status: Station | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """One consent in the archive: where it stands, its seal, copies and holds, and who read it.

    It is `in_trouble` when the last try to seal it failed and nobody is at work on it now.
    """

    visit: Visit
    seal: Seal | None
    in_trouble: bool
    copies: tuple[Entry, ...]
    holds: tuple[Hold, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A verified file: the verdict, and whether it is the exact archived copy."""

    verdict: "Verdict"
    archived: bool
    station: Station | None


def allow_archive(person: Person) -> None:
    """Raises `NotAllowed` for roles that do not work with the archive."""
    if person.role not in ARCHIVE_ROLES:
        raise NotAllowed("Your role does not include the archive.")


def find(house: House, person: Person, query: Query, page: int = 1, *, most: int = PAGE) -> Found:
    """Consents and visits that fit the query, `most` a page from page 1, latest first."""
    allow_archive(person)
    zone = house.zone
    since = datetime.combine(query.since, time.min, zone) if query.since else None
    until = (
        datetime.combine(query.until + timedelta(days=1), time.min, zone) if query.until else None
    )
    with house.database.read() as tx:
        return find_visits(
            tx,
            name=query.name,
            date_of_birth=query.date_of_birth,
            treatment=query.treatment,
            clinician_id=query.clinician_id,
            since=since,
            until=until,
            status=query.status,
            code=tidy_code(query.code) or query.code,
            limit=most,
            offset=max(0, page - 1) * most,
        )


def sealed_among(house: House, person: Person, query: Query) -> int:
    """How many of the visits that fit the query have a sealed document."""
    if query.status not in {None, Station.SEALED}:
        return 0
    return find(house, person, replace(query, status=Station.SEALED), most=1).total


def consent_page(house: House, person: Person, visit_id: str) -> ConsentPage:
    """One consent with its history."""
    allow_archive(person)
    with house.database.read() as tx:
        visit, seal = get_visit(tx, visit_id), seal_of(tx, visit_id)
        return ConsentPage(
            visit,
            seal,
            seal is not None and seal.is_in_trouble(house.clock()),
            entries_of(tx, visit_id, "copy"),
            holds_of(tx, visit_id),
            tuple(events_of(tx, visit_id)),
        )


def open_consent(house: House, person: Person, visit_id: str, purpose: Purpose) -> bytes:
    """The sealed PDF; one ledger entry says who opened it and why.

    Raises `NotFound` while it is not sealed, `Damaged` when the file on the shelf is not the one
    that was filed, and `TooManyTries` for many in a short time (but those of an export).
    """
    allow_archive(person)
    with house.database.read() as tx:
        visit = get_visit(tx, visit_id)
        seal = seal_of(tx, visit_id)
    if seal is None or seal.shelf_name is None:
        raise NotFound("This consent is not sealed yet.")
    document = house.shelf.get(seal.shelf_name)
    if sha256(document).hexdigest() != seal.file_sha256:
        raise Damaged("The filed document is not the one that was sealed. Restore it first.")
    with house.database.write() as tx:
        if purpose is not Purpose.EXPORTED:
            count_document(house, tx, person)
        house.note(tx, person, f"consent_{purpose.value}", visit.id)
    return document


def record_copy(
    house: House, person: Person, visit_id: str, outcome: CopyOutcome, how: str, *, key: str
) -> None:
    """Record that a copy was offered, accepted (and `how` it went out) or declined.

    Raises `Slip` when it was accepted and nobody says how it went out.
    """
    allow_archive(person)
    if outcome is CopyOutcome.ACCEPTED and is_blank(how):
        raise Slip("Write how the copy was handed over.")
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        body = {"outcome": outcome.value, "how": clean_text(how)}
        if page_already_saved(tx, visit.id, key, "copy", body):
            return
        append_entry(tx, visit.id, "copy", body, at=house.clock(), person=person)
        house.note(tx, person, f"copy_{outcome.value}", visit.id)


def verify_file(house: House, person: Person, pdf: bytes) -> Checked:
    """Check any file: facts, one word, and whether it is the exact archived copy."""
    from questionnaire.documents.verify import verify

    allow_archive(person)
    verdict = verify(pdf, house.trusted_seals(), partial(is_archived, house.database))
    with house.database.write() as tx:
        seal = seal_for_file(tx, verdict.file_sha256)
        station = get_visit(tx, seal.visit_id).station if seal else None
        house.note(tx, person, "file_verified", seal.visit_id if seal else "unknown")
    return Checked(verdict, seal is not None, station)


def is_archived(database: Database, file_sha256: str) -> bool:
    """Whether a file with this SHA-256 is the exact archived copy of a consent."""
    with database.read() as tx:
        return seal_for_file(tx, file_sha256) is not None
