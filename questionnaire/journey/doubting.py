"""What the desk is asked about once before it is kept: possible, but more often a slip.

A doubt is named by what it is about, value and all: a yes to one date says nothing of another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.errors import Refusal
from questionnaire.domain.review import ADULT_AGE
from questionnaire.domain.visit import Person, Station, Visit
from questionnaire.journey.house import House
from questionnaire.records.database import Transaction
from questionnaire.records.visits import visits_of_patient

OLDEST = 110
FARTHEST = timedelta(days=366)
OVER = frozenset({Station.NOT_PROCEEDING, Station.DECLINED})
"""A visit that did not take place does not make another one that day odd."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to confirm: what it is about, and the sentence that asks."""

    about: str
    sentence: str


class Doubtful(Refusal):
    """Something looks like a slip; nothing was kept, and a yes keeps it."""

    status = 422

    def __init__(self, found: tuple[Doubt, ...]) -> None:
        super().__init__("Look at this again, please.")
        self.found = found


def doubts_about(house: House, tx: Transaction, visit: Visit) -> tuple[Doubt, ...]:
    """What is doubtful about a visit as it would be kept."""
    found = [_birth(visit.patient.date_of_birth, house.today())]
    found.append(_appointment(house.day_of(visit.appointment_at), house.today()))
    found += [_same_day(house, other) for other in _that_day(house, tx, visit)]
    return tuple(doubt for doubt in found if doubt)


def refuse_doubtful(
    house: House,
    tx: Transaction,
    person: Person,
    visit: Visit,
    doubts: Collection[Doubt],
    sure: Collection[str],
) -> None:
    """Write down which doubts were confirmed. Raises `Doubtful` while one was not."""
    if any(doubt.about not in sure for doubt in doubts):
        raise Doubtful(tuple(doubts))
    if doubts:
        about = [doubt.about for doubt in doubts]
        house.note(tx, person, "doubt_confirmed", visit.id, about=about)


def _birth(born: date, today: date) -> Doubt | None:
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    told = f"The date of birth is {date_in_words(born)}"
    if age < 1:
        return Doubt(f"born {born}", f"{told}: less than a year ago.")
    if age < ADULT_AGE or age > OLDEST:
        years = "1 year" if age == 1 else f"{age} years"
        note = f" Consent is taken here from {ADULT_AGE}." if age < ADULT_AGE else ""
        return Doubt(f"born {born}", f"{told}: the patient is {years} old.{note}")
    return None


def _appointment(on: date, today: date) -> Doubt | None:
    told = f"The appointment is on {date_in_words(on)}"
    if on < today:
        return Doubt(f"appointment {on}", f"{told}: that day is over.")
    if on - today > FARTHEST:
        return Doubt(f"appointment {on}", f"{told}: more than a year from now.")
    return None


def _that_day(house: House, tx: Transaction, visit: Visit) -> list[Visit]:
    on = house.day_of(visit.appointment_at)
    return [
        other
        for other in visits_of_patient(tx, visit.patient.id)
        if other.id != visit.id
        and other.station not in OVER
        and house.day_of(other.appointment_at) == on
    ]


def _same_day(house: House, other: Visit) -> Doubt:
    on = house.day_of(other.appointment_at)
    words = f"This patient has another visit on {date_in_words(on)}: {other.reference}."
    return Doubt(f"same day {other.id}", words)
