"""What the archive is searched for: read from its form, kept with the session, told as chips.

Names do not belong in addresses: a search is kept on the server, and its page names it by a word
that means nothing. Whoever comes to the archive anew looks for nothing yet.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Station
from questionnaire.journey.archiving import Query
from questionnaire.web.staff.dates import read_day

LABELS: Final = {
    "name": "Name",
    "born": "Date of birth",
    "code": "Code on the document",
    "treatment": "Treatment",
    "clinician": "Clinician",
    "status": "Status",
    "since": "From",
    "until": "To",
}
"""Each box of the form and its label."""

MOST_KEPT: Final = 8
"""Searches one session keeps: the tabs somebody may have open."""

_KEPT: Final = "archive_searches"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, what it looks for, and which boxes could not be read.

    `id` names it in addresses; empty for a search that looks for nothing.
    """

    id: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    query: Query = field(default_factory=Query)
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def boxes(self) -> dict[str, str]:
        """Every box with what stands in it."""
        return dict.fromkeys(LABELS, "") | dict(self.typed)


def read_search(typed: Mapping[str, str], *, today: date, search_id: str = "") -> Search:
    """What the boxes look for; a box named `without` is left out."""
    left_out = typed.get("without", "")
    kept = {box: typed.get(box, "").strip()[:_LONGEST] for box in LABELS if box != left_out}
    kept = {box: text for box, text in kept.items() if text}
    errors: list[tuple[str, str]] = []

    def day(box: str) -> date | None:
        try:
            return read_day(kept[box], today=today) if box in kept else None
        except Slip as slip:
            errors.append((box, f"{LABELS[box]}: {slip}"))
            return None

    status = kept.get("status", "")
    query = Query(
        name=kept.get("name", ""),
        date_of_birth=day("born"),
        treatment=kept.get("treatment", ""),
        clinician_id=kept.get("clinician", ""),
        since=day("since"),
        until=day("until"),
        status=Station(status) if status in set(Station) else None,
        code=kept.get("code", ""),
    )
    return Search(search_id, kept, query, tuple(errors))


def keep_search(session: MutableMapping[str, Any], search: Search) -> None:
    """Keep a search that could be read, and forget the oldest ones."""
    kept = dict(session.get(_KEPT, {})) | {search.id: dict(search.typed)}
    session[_KEPT] = dict(list(kept.items())[-MOST_KEPT:])


def kept_search(session: MutableMapping[str, Any], search_id: str, *, today: date) -> Search | None:
    """The search with this id; None when it is not kept, or cannot be read any more."""
    typed = session.get(_KEPT, {}).get(search_id)
    found = None if typed is None else read_search(typed, today=today, search_id=search_id)
    return None if found is None or found.errors else found


def chips(
    search: Search, words: Mapping[str, Iterable[tuple[str, str]]]
) -> list[tuple[str, str, str]]:
    """What is looked for: (box, label, in words). `words` gives the choices of each list."""
    return [
        (box, LABELS[box], dict(words.get(box, ())).get(text, text))
        for box, text in search.typed.items()
    ]
