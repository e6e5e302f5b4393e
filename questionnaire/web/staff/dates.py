"""A day or a time that staff type into one box, exactly as they meant it.

What is read is what was typed, or it is asked again: a time that the clocks skip that day, a zone
or a second is never quietly made into another time.
"""

import re
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from questionnaire.domain.answers import Slip

EARLIEST: Final = date(1900, 1, 1)
YEARS_AHEAD: Final = 10
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})")


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
