"""Birth dates that a slip of the hand makes of one another."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Final

_FIGURES: Final = "0123456789"


def slips_of(born: date) -> frozenset[date]:
    """The dates one slip away: day and month swapped, or one figure of `YYYYMMDD` another."""
    return frozenset(_slips(born)) - {born}


def _slips(born: date) -> Iterator[date]:
    with suppress(ValueError):
        yield born.replace(month=born.day, day=born.month)
    written = born.isoformat().replace("-", "")
    for place in range(len(written)):
        for figure in _FIGURES:
            with suppress(ValueError):
                yield date.fromisoformat(f"{written[:place]}{figure}{written[place + 1 :]}")
