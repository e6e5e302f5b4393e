"""A date typed into three boxes, whoever types it: their names, what was typed, and its day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from questionnaire.domain.answers import Slip, day
from questionnaire.domain.language import to_say
from questionnaire.domain.visible import without_invisible

PARTS: Final = ("day", "month", "year")
_WORDS: Final = (to_say("Day"), to_say("Month"), to_say("Year"))
_WIDTHS: Final = (2, 2, 4)
WRITE_DATE: Final = to_say("Write the day, the month and the year")


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
