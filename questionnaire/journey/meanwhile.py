"""A page that is open twice, in two tabs or on two devices: what was saved since it was made.

Each page carries, for each of its boxes, a keyed hash of what stood there when it was made. When it
comes back, that is compared with what stands now. A box that nobody touched changes nothing. One
that was touched, while something newer was saved, is asked about; where nobody can be asked, what
was saved stays. What the form itself told before (known by its one-time key) is not newer.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from questionnaire.records.answers import keep_told, told_by
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Transaction

CHANGED = "Something was saved meanwhile, so nothing was changed. Please look again."

Boxes = Mapping[str, tuple[str, ...]]
"""Name of a box → what stands there, written so that the same is equal: what it shows, and what
counts under words that are only begun. Empty where nothing does."""

MadeFrom = Mapping[str, tuple[str, ...]]
"""The same as keyed hashes."""

_LENGTH = 16
_ASKED = "?"
_APART = "\n\n"
_NOTHING = ("",)


def _nothing(_: str) -> bool:
    return False


class SavedMeanwhile(Exception):  # noqa: N818  # it is an answer, not an error
    """Something else was `saved` in these boxes since the page was made."""

    def __init__(self, saved: Boxes) -> None:
        super().__init__("Something else was saved meanwhile.")
        self.saved = saved


@dataclass(frozen=True, slots=True)
class Met:
    """The boxes in which something newer stands: it `stays` where the box here was not touched.

    In those that `clash` something else was put here. `told` is what the form told last, and
    `hashed` how any words of a box are written there.
    """

    stays: frozenset[str]
    clash: frozenset[str]
    told: Mapping[str, str] = field(default_factory=dict)
    hashed: Callable[[str, str], str] = "{}:{}".format

    def is_own(self, name: str, words: str) -> bool:
        """Whether the form itself told these words of a box."""
        return self.told.get(name) == self.hashed(name, words)


def meet(tx: Transaction, visit_id: str, key: str, was: MadeFrom, now: Boxes, here: Boxes) -> Met:
    """What stands `now` against what is `here`, in the form with this key that `was` made so."""
    told = told_by(tx, visit_id, key)
    stand, put = made_from(tx.ring, visit_id, now), made_from(tx.ring, visit_id, here)
    stays: set[str] = set()
    clash: set[str] = set()
    for name in stand.keys() | put.keys():
        (mine, *_), shown = put.get(name, _NOTHING), was.get(name, _NOTHING)
        own = {mine} if told is None else {mine, told.get(name, "")}
        before = (*(it.rstrip(_ASKED) for it in shown), shown[-1])
        if any(
            it not in own and it != seen
            for it, seen in zip(stand.get(name, _NOTHING), before, strict=False)
        ):
            (stays if mine == shown[0] else clash).add(name)

    def hashed(name: str, words: str) -> str:
        return made_from(tx.ring, visit_id, {name: (words,)}).get(name, _NOTHING)[0]

    return Met(frozenset(stays), frozenset(clash), told or {}, hashed)


def tell(tx: Transaction, visit_id: str, key: str, here: Boxes) -> None:
    """Note what the form with this key says now, so that it does not count as another's later."""
    keep_told(tx, visit_id, key, {k: it[0] for k, it in made_from(tx.ring, visit_id, here).items()})


def made_from(ring: KeyRing, visit_id: str, boxes: Boxes) -> MadeFrom:
    """The boxes as keyed hashes."""
    return {
        name: tuple(
            ring.code_hash(f"box:{visit_id}:{name}:{text}")[:_LENGTH] if text else ""
            for text in texts
        )
        for name, texts in boxes.items()
        if any(texts)
    }


def once_asked(was: MadeFrom, now: MadeFrom, names: Iterable[str]) -> MadeFrom:
    """What a form was made from, once it was shown what stands `now` in the boxes of these names.

    None of them counts as untouched then.
    """
    seen = {name: now.get(name, _NOTHING) for name in names}
    return {**was, **{name: (f"{it[0]}{_ASKED}", *it[1:]) for name, it in seen.items()}}


def unasked(was: MadeFrom) -> MadeFrom:
    """The same where nobody said *Yes*: what was only shown there still counts as newer."""
    return {name: (_ASKED,) if it[0].endswith(_ASKED) else it for name, it in was.items()}


def write_made_from(was: MadeFrom) -> str:
    """As it travels with a form."""
    return json.dumps(was, separators=(",", ":"))


def read_made_from(written: str) -> MadeFrom:
    """As it came back; empty where it cannot be read, as if nothing had stood in any box."""
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: tuple(map(str, it)) for name, it in found.items() if isinstance(it, list) and it}


def beside(saved: str, here: str, is_own: Callable[[str], bool] = _nothing) -> str:
    """Both words, one under the other; whole lines that `here` goes on from, or says, stand once.

    So do words that end what was saved and that the form itself told last (`is_own`).
    """
    if not here or not saved:
        return here or saved
    parts = saved.split(_APART)
    for place in range(len(parts)):
        last = _APART.join(parts[place:])
        if is_own(last) or f"{here}\n".startswith(f"{last}\n"):
            return _APART.join([*parts[:place], here])
    is_there = f"{_APART}{here}{_APART}" in f"{_APART}{saved}{_APART}"
    return saved if is_there else f"{saved}{_APART}{here}"
