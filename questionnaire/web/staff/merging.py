"""A form that holds a whole record changes only what was touched in it.

What its boxes held when the page was made comes back with the form. A fact that a colleague changed
since and this form did not touch stays as it is now; one that both changed is told, and not kept.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from questionnaire.domain.errors import NotReadable
from questionnaire.records.ledger import newest_events
from questionnaire.web.staff.house import the_house

MADE_FROM: Final = "made_from"
LOOK_AGAIN: Final = "What you typed is still here. Nothing was saved; look again."
Boxes = Mapping[str, Sequence[str]]
"""Name of a box → what stands in it; of ticks those that are set."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a form says, in one box or in several that only count together.

    `target` is the id of the box to go to, where it is not the name of the first; `words` says
    what one box holds, where that is not what people read.
    """

    label: str
    boxes: tuple[str, ...]
    target: str = ""
    words: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Merged:
    """The form as it stands now but for what was touched in it; `clashes` pair box and sentence."""

    form: MultiDict[str, str]
    clashes: tuple[tuple[str, str], ...]


def made_from(boxes: Boxes) -> str:
    """What the boxes of a form hold when its page is made, to come back with it."""
    return json.dumps({name: list(texts) for name, texts in boxes.items()})


def merge(form: MultiDict[str, str], now: Boxes, facts: Iterable[Fact], by: str) -> Merged:
    """What was posted, merged into what the boxes would hold `now`; `by` changed them last.

    Raises `NotReadable` when the form does not say what its page was made from.
    """
    was, merged, clashes = _was(form), MultiDict(form), []
    for fact in facts:
        before, here, there = (_held(fact, boxes) for boxes in (was, _lists(form), now))
        if here == before:
            for name in fact.boxes:
                merged.poplist(name)
                if texts := now.get(name):
                    merged.setlist(name, list(texts))
        elif there not in (before, here):
            old, new = (fact_words(fact, held) for held in (before, there))
            told = f"{by} changed this meanwhile. {fact.label}: it was “{old}”, now “{new}”."
            clashes.append((fact.target or fact.boxes[0], f"{told} {LOOK_AGAIN}"))
    return Merged(merged, tuple(clashes))


def last_by(subject: str, *actions: str) -> str:
    """Who last did one of these about a record, in words."""
    with the_house().database.read() as tx:
        found = newest_events(tx, subject, actions, most=1)
    return found[0].person.name if found else "Somebody"


def fact_words(fact: Fact, held: tuple[tuple[str, ...], ...]) -> str:
    """What the boxes of a fact hold, as people read it."""
    said = [fact.words(text) for texts in held for text in texts if text]
    return ", ".join(said) or "nothing"


def _held(fact: Fact, boxes: Boxes) -> tuple[tuple[str, ...], ...]:
    """What the boxes of a fact hold, however a browser ends lines; no box is an empty one."""
    return tuple(
        tuple(text.replace("\r\n", "\n").strip() for text in boxes.get(name, ())) or ("",)
        for name in fact.boxes
    )


def _lists(form: MultiDict[str, str]) -> Boxes:
    return dict(form.lists())


def _was(form: MultiDict[str, str]) -> Boxes:
    try:
        found = json.loads(form.get(MADE_FROM, ""))
    except (ValueError, RecursionError):
        found = None
    is_ours = isinstance(found, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for texts in found.values()
    )
    if not is_ours:
        raise NotReadable("This form is not one of ours. Please reload the page.")
    was: Boxes = found
    return was
