"""Dates and times as they are typed: three boxes for a date, one box for a day or a time.

What is read is exactly what was typed, or it is asked again: a time that the clocks skip that
day, a zone or a second is never quietly made into another time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from questionnaire.domain.answers import Slip, day
from questionnaire.domain.language import to_say
from questionnaire.domain.visible import without_invisible

PARTS: Final = ("day", "month", "year")
_WORDS: Final = (to_say("Day"), to_say("Month"), to_say("Year"))
_WIDTHS: Final = (2, 2, 4)
WRITE_DATE: Final = to_say("Write the day, the month and the year")

EARLIEST: Final = date(1900, 1, 1)
YEARS_AHEAD: Final = 10
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class DateBox:
    """One box of a date; `width` is the number of signs it has room for."""

    id: str
    name: str
    text: str
    typed: str
    width: int


def typed_date(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    """What was typed as day, month and year, in boxes named like `born.day`."""
    return tuple(without_invisible(form.get(f"{name}.{part}", "")) for part in PARTS)


def date_boxes(
    name: str, typed: Sequence[str], say: Callable[[str], str] = str, box_id: str = ""
) -> tuple[DateBox, ...]:
    """The three boxes with what was typed; the first one carries the field's id."""
    first = box_id or name
    return tuple(
        DateBox(
            id=first if part == "day" else f"{first}-{part}",
            name=f"{name}.{part}",
            text=say(words),
            typed=written,
            width=width,
        )
        for part, words, width, written in zip(PARTS, _WORDS, _WIDTHS, typed, strict=True)
    )


def read_date(typed: Sequence[str], *, latest: date) -> date:
    """The day typed as day, month and year. Raises `Slip`, also when a box is empty."""
    if not all(typed):
        raise Slip(WRITE_DATE)
    return day(typed[2], typed[1], typed[0], latest=latest)


def read_day(typed: str, *, today: date) -> date:
    """The day in one box, like 2031-03-27, from 1900 until ten years from today. Raises `Slip`."""
    written = _DAY.fullmatch(typed.strip())
    try:
        found = date(*(int(part) for part in written.groups())) if written else None
    except ValueError:
        found = None
    if found is None:
        raise Slip("Write the date like 2031-03-27.")
    latest = today.year + YEARS_AHEAD
    if found < EARLIEST or (found.year, found.month, found.day) > (latest, today.month, today.day):
        raise Slip(f"Write a date from {EARLIEST.year} to {latest}.")
    return found


def read_moment(day_at: date, typed: str, zone: ZoneInfo) -> datetime:
    """The time in UTC of a time of day like 14:30 at the clinic. Raises `Slip`.

    Of an hour that the clocks repeat, the first one; an hour that they skip does not exist.
    """
    written = _CLOCK.fullmatch(typed.strip())
    try:
        hour, minute = (int(part) for part in written.groups()) if written else (-1, 0)
        local = datetime(day_at.year, day_at.month, day_at.day, hour, minute, tzinfo=zone)
    except ValueError:
        raise Slip("Write the time like 14:30.") from None
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Slip("There is no such time that day: the clocks go forward. Give another time.")
    return moment
