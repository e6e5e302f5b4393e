"""Who waits for the clinician: most severe first, then longest waiting."""

from dataclasses import dataclass
from datetime import datetime

from questionnaire.domain.flags import Flags, Severity, Triage, clear_questions
from questionnaire.domain.situation import Situation
from questionnaire.domain.visit import Person, Station, Visit
from questionnaire.journey.house import House
from questionnaire.journey.reviewing import allow_clinician
from questionnaire.journey.standing import Standing, stand
from questionnaire.records.visits import visits_at

WAITING_AT = (
    Station.SUBMITTED,
    Station.UNDER_REVIEW,
    Station.CONSENT_READY,
    Station.PATIENT_SIGNED,
    Station.COUNTERSIGNED,
    Station.DEFERRED,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of each kind; `clear` are asked questions that no flag looks at."""

    stop: int
    caution: int
    discuss: int
    info: int
    clarify: int
    unsure: int
    broken: int
    clear: int


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One visit that waits; `waiting_since` is when the form was sent."""

    visit: Visit
    triage: Triage
    counts: Counts
    waiting_since: datetime


def counts_of(flags: Flags, situation: Situation) -> Counts:
    """Count the flags of each kind, and the questions that are clear."""
    severities = [flag.rule.severity for flag in flags.fires]
    return Counts(
        stop=severities.count(Severity.STOP),
        caution=severities.count(Severity.CAUTION),
        discuss=severities.count(Severity.DISCUSS),
        info=severities.count(Severity.INFO),
        clarify=len(flags.clarify),
        unsure=len(flags.unsure),
        broken=len(flags.broken),
        clear=len(clear_questions(flags, situation)),
    )


def queue(house: House, clinician: Person) -> tuple[QueueLine, ...]:
    """Every visit that waits, most severe first, then longest waiting."""
    allow_clinician(clinician)
    with house.database.read() as tx:
        standings = [stand(house, tx, visit) for visit in visits_at(tx, WAITING_AT)]
    lines = [_line(standing) for standing in standings if standing.submitted_at]
    heaviest_first = list(reversed(Triage))
    return tuple(
        sorted(lines, key=lambda line: (heaviest_first.index(line.triage), line.waiting_since))
    )


def to_countersign(house: House, clinician: Person) -> tuple[Visit, ...]:
    """The visits that the patient has signed and that wait for a countersignature."""
    allow_clinician(clinician)
    with house.database.read() as tx:
        return tuple(visits_at(tx, (Station.PATIENT_SIGNED,)))


def _line(standing: Standing) -> QueueLine:
    return QueueLine(
        standing.visit,
        standing.flags.triage,
        counts_of(standing.flags, standing.situation),
        standing.submitted_at or standing.visit.arranged_at,
    )
