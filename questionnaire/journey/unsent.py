"""What one person typed on a staff page and did not send, put together from every tab and device.

Each page tells, of the boxes in which it has something new, what stands there `here` and what it
`knew` was kept: what it opened with, or what it told last. A box without words of its own, as it
stands on the page without any draft, is in neither.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import Person
from questionnaire.journey.house import House
from questionnaire.records.drafts import draft_of, keep_draft

Boxes = Mapping[str, object]
"""Name of a box → its words, or whether it is ticked."""

MOST: Final = 100_000
"""Letters; more is on no page."""
MOST_TOGETHER: Final = 2 * MOST
"""Letters that are kept of a page, from all its tabs."""
TOO_MUCH: Final = "There is too much on this page to keep."
_APART: Final = "\n\n"


def keep_unsent(
    house: House, person: Person, page: str, here: Boxes, knew: Sequence[Boxes]
) -> None:
    """Keep what one tab has in the boxes of a page, beside what the others have.

    `knew` are the drafts that the tab may have known: the last one that surely came here, and what
    was told since without a reply. Raises `NotReadable` for too much.
    """
    with house.database.write() as tx:
        kept = draft_of(tx, person.id, page)
        now = put_together(kept, here, knew)
        if len(json.dumps(now, ensure_ascii=False)) > MOST_TOGETHER:
            raise NotReadable(TOO_MUCH)
        if now != kept:
            keep_draft(tx, person.id, page, now, house.clock())


def put_together(kept: Boxes, here: Boxes, knew: Sequence[Boxes]) -> Boxes:
    """The boxes that are kept, with what is new in one tab.

    Where no other tab changed a box since, it is as it is here, also emptied. Where nothing is new
    here, it stays. Where both changed it, both words stay, the newest last; a tick is as it is
    here.
    """
    now = dict(kept)
    for name in here.keys() | {name for one in knew for name in one}:
        stands = _one_box(kept.get(name), here.get(name), [one.get(name) for one in knew] or [None])
        now.pop(name, None)
        if stands is not None:
            now[name] = stands
    return now


def _one_box(kept: object, here: object, knew: Sequence[object]) -> object:
    if kept in knew:
        return here
    if all(one == here for one in knew):
        return kept
    if kept and isinstance(kept, str) and (here is None or isinstance(here, str)):
        return _beside(kept, here, knew)
    return here


def _beside(kept: str, here: str | None, knew: Sequence[object]) -> str | None:
    """The words of others, without what this tab told before, and those of this tab under them."""
    others = f"{_APART}{kept}{_APART}"
    own = {one for one in knew if isinstance(one, str) and one}
    for one in sorted(own, key=len, reverse=True):
        others = others.replace(f"{_APART}{one}{_APART}", _APART, 1)
    if here and f"{_APART}{here}{_APART}" not in others:
        others += f"{here}{_APART}"
    return others[len(_APART) : -len(_APART)] or here
