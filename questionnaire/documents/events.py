"""How a record came about, line by line: what one person did again and again stands once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when (aware, UTC), what, who did it.

    How often it was done says something only of acts that `is_counted`: a page is read anew after
    each button that was pressed on it.
    """

    at: datetime
    what: str
    who: str
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit page: `at` is the first time and `last` the last of `times` times."""

    at: datetime
    what: str
    who: str
    times: int
    last: datetime
    is_counted: bool = True


def folded(events: Iterable[Event]) -> Iterator[Line]:
    """The events in order; until somebody else acts, each sort of act is one line."""
    for _, run in groupby(events, key=lambda event: event.who):
        acts: dict[str, list[Event]] = {}
        for event in run:
            acts.setdefault(event.what, []).append(event)
        for what, same in acts.items():
            first, last = same[0], same[-1]
            yield Line(first.at, what, first.who, len(same), last.at, first.is_counted)
