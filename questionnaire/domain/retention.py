"""How long a record is kept, and from when it may be disposed of.

The figures are the clinic's (`rules/clinic.yaml`). Those it starts with are the design's defaults:
adults eight years from the last attendance, people seen before 18 until their 26th birthday.
"""

from dataclasses import dataclass
from datetime import date

OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Retention:
    """`years` from the last attendance; who was not of age then, at least to a birthday."""

    years: int = 8
    minors_until_birthday: int = 26


USUAL = Retention()


@dataclass(frozen=True, slots=True)
class Due:
    """The first day on which a record may be disposed of, and why in a sentence for staff."""

    on: date
    why: str


def due(retention: Retention, born: date, last_attended: date) -> Due:
    """When the record of somebody last seen on a day may go; the later of both rules counts."""
    after_years = _later(last_attended, retention.years)
    why = f"{retention.years} years after the last attendance"
    if last_attended >= _later(born, OF_AGE):
        return Due(after_years, why)
    birthday = _later(born, retention.minors_until_birthday)
    if birthday <= after_years:
        return Due(after_years, why)
    ordinal = f"{retention.minors_until_birthday}th birthday of somebody seen before {OF_AGE}"
    return Due(birthday, ordinal)


def _later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
