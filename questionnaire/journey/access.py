"""Who read a patient's record: each opening is one ledger entry; the patient may have the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from questionnaire.domain.language import to_say
from questionnaire.domain.speech import Speech
from questionnaire.domain.visit import Person, Role, Visit
from questionnaire.journey.archiving import allow_archive
from questionnaire.journey.house import House
from questionnaire.records.ledger import events_of
from questionnaire.records.visits import get_visit

AT_THE_DESK: Final = "visit_read"
IN_THE_ARCHIVE: Final = "record_read"
LISTED: Final = "readers_listed"

READINGS: Final = {
    AT_THE_DESK: to_say("Opened your visit at the desk"),
    "review_read": to_say("Read your answers"),
    "document_read": to_say("Read the document before signing it"),
    IN_THE_ARCHIVE: to_say("Opened your record in the archive"),
    "consent_read": to_say("Opened your signed document"),
    "consent_downloaded": to_say("Saved your signed document as a file"),
    "consent_printed": to_say("Printed your signed document"),
    "consent_exported": to_say("Took your signed document along with others, as two people agreed"),
    LISTED: to_say("Made this list for you"),
}
"""Ledger entries that are readings, as the patient is told of them."""

ROLES: Final = {
    Role.DESK: to_say("Front desk"),
    Role.CLINICIAN: to_say("Clinician"),
    Role.ARCHIVIST: to_say("Archive"),
    Role.ADMINISTRATOR: to_say("Administrator"),
}
"""Who may read a record, as the patient is told."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One opening of the record: when (UTC), by whom, and the words for what was opened."""

    at: datetime
    person: Person
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who opened the record of one visit, in the language its patient reads."""

    visit: Visit
    speech: Speech
    readings: tuple[Reading, ...]


def note_reading(house: House, person: Person, visit_id: str, action: str) -> None:
    """Write down that somebody opened a visit's page. Raises `NotFound`."""
    with house.database.write() as tx:
        house.note(tx, person, action, get_visit(tx, visit_id).id)


def readers(house: House, person: Person, visit_id: str) -> Readers:
    """The list for the patient, oldest first; making it is a reading of its own.

    Raises `NotAllowed` for people who may not open records, and `NotFound`.
    """
    allow_archive(person)
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        house.note(tx, person, LISTED, visit.id)
        told = [one for one in events_of(tx, visit.id) if one.action in READINGS]
    speech = house.offered_speech(visit.language)
    return Readers(
        visit,
        speech,
        tuple(
            Reading(
                one.at,
                one.person,
                speech.say(ROLES[one.person.role]),
                speech.say(READINGS[one.action]),
            )
            for one in told
            if one.person.role in ROLES
        ),
    )
