"""Two versions of the content side by side: what differs in each part, and for which patients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from questionnaire.domain.content_lines import Lines, lines_of
from questionnaire.domain.library import Library

Parts = dict[str, dict[str, Lines]]
"""Kind of part → id → its lines."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """What stands at one place of a part now, and what stood there before; empty for nothing."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What differs in one kind of parts: ids, and for a changed part its lines that differ."""

    kind: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[LineChange, ...]]


@dataclass(frozen=True, slots=True)
class GoldenChange:
    """An invented patient for whom other rules fire now."""

    case: str
    now_also: tuple[str, ...]
    no_longer: tuple[str, ...]


def parts(library: Library) -> Parts:
    """Every part a clinician takes into use."""
    asked = library.questionnaire
    named: dict[str, Mapping[str, object]] = {
        "rules": {rule.id: rule for rule in library.rules},
        "questions": asked.questions,
        "measures": asked.measures,
        "treatments": library.treatments,
        "risk blocks": library.risk_blocks,
        "statements": library.statements,
        "the clinic": {"facts": library.clinic},
    }
    return {
        kind: {name: lines_of(it) for name, it in found.items()} for kind, found in named.items()
    }


def changes(before: Mapping[str, Any], after: Parts) -> Iterator[Change]:
    """What differs in each kind of parts, for kinds in which something does.

    `before` may be of a version that kept a hash of each part instead of its lines.
    """
    for kind, now in after.items():
        was = before.get(kind, {})
        change = Change(
            kind,
            tuple(name for name in now if name not in was),
            tuple(name for name in was if name not in now),
            {
                name: _line_changes(was[name], lines)
                for name, lines in now.items()
                if name in was and was[name] != lines
            },
        )
        if change.added or change.removed or change.changed:
            yield change


def golden_changes(
    before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> Iterator[GoldenChange]:
    """Every invented patient of both versions for whom other rules fire."""
    for case, fires in after.items():
        fired = before.get(case, fires)
        gained = tuple(rule for rule in fires if rule not in fired)
        lost = tuple(rule for rule in fired if rule not in fires)
        if gained or lost:
            yield GoldenChange(case, gained, lost)


def _line_changes(before: Lines | str, after: Lines) -> tuple[LineChange, ...]:
    if isinstance(before, str):
        return ()
    places = dict.fromkeys((*after, *before))
    return tuple(
        LineChange(place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place) != after.get(place)
    )
