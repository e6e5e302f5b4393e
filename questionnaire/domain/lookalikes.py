"""What the eye misses between two names that differ: a letter of another script, a hidden sign.

A letter's script is the first word of its Unicode name; letters of one script that share a shape
stand in `_ALIKE`.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

_ALIKE: Final = tuple(
    frozenset(group)
    for group in (
        "Il1|\u0131\u0196\u01c0",  # I, l and one
        "O0",  # O and nought
        "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032",  # apostrophes
        "-\u2010\u2011\u2012\u2013\u2014\u2212",  # hyphens and dashes
        "\u064a\u06cc\u0649\u06d0",  # yeh
        "\u0643\u06a9\u06aa",  # kaf
        "\u0647\u06be\u06c1\u06d5",  # heh
        "\u0629\u06c3",  # teh marbuta
    )
)
_AS_SEEN: Final = {
    ord(sign.casefold()): min(group, key=lambda one: (not one.isascii(), -ord(one))).casefold()
    for group in _ALIKE
    for sign in group
}
_SHARE_SHAPES: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_MOST: Final = 3
"""Signs that are named; of more it is said how many."""

_ORDINALS: Final = {1: "st", 2: "nd", 3: "rd"}
_HIDDEN: Final = frozenset({"Cf", "Cc", "Co", "Cn"})
_SHAPELESS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def as_seen(name: str) -> str:
    """A name as the eye sees it: capitals as small letters, signs of one shape as one of them."""
    return unicodedata.normalize("NFC", name).casefold().translate(_AS_SEEN)


def what_the_eye_misses(one: str, other: str) -> tuple[str, ...]:
    """About `one`: each sign that is not `other`'s though it may look so, in words, in its order.

    Like “the 1st letter is the Greek P” or “a hidden sign (soft hyphen) stands after the 3rd
    letter of the 2nd word”. Letters are counted as people count them, each with the marks that
    stand on it, from the start of their word. Differences that anybody sees are left out.
    """
    first, second = (unicodedata.normalize("NFC", name) for name in (one, other))
    missed = tuple(_missed(first, second))
    more = len(missed) - _MOST
    return (*missed[:_MOST], *((f"and {more} more like this",) if more > 0 else ()))


def _missed(one: str, other: str) -> Iterator[str]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for _, start, end, start_there, end_there in matcher.get_opcodes():
        there = [sign for sign in other[start_there:end_there] if not _is_hidden(sign)]
        for at in range(start, end):
            sign = one[at]
            if one[start:end] == other[start_there:end_there]:
                continue
            if _is_hidden(sign):
                yield f"a hidden sign ({_called(sign)}) stands {_after(one, at)}"
            elif there and _looks_like(sign, there.pop(0)):
                yield f"the {_letter_at(one, at + 1)} is {_named(sign)}"


def _looks_like(sign: str, other: str) -> bool:
    """Whether a letter could be taken for the other: of another script, or of one shape."""
    scripts = {_script(sign), _script(other)}
    if sign.isalpha() and other.isalpha() and len(scripts) > 1 and scripts <= _SHARE_SHAPES:
        return True
    return any(sign in group and other in group for group in _ALIKE)


def _named(sign: str) -> str:
    if sign.isalpha() and not any(sign in group for group in _ALIKE):
        return f"the {_script(sign).title()} {sign}"
    return f"the {_called(sign)} ({sign})"


def _called(sign: str) -> str:
    return unicodedata.name(sign, f"U+{ord(sign):04X}").lower()


def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in _HIDDEN or sign in _SHAPELESS


def _after(name: str, at: int) -> str:
    letter = _letter_at(name, at)
    return f"after the {letter}" if letter else f"at the start{_of_word(name, at)}"


def _letter_at(name: str, end: int) -> str:
    """The last letter before `end`: which one of its word; empty where none of it is before."""
    number = len(_letters(_word_before(name, end)))
    return f"{_ordinal(number)} letter{_of_word(name, end)}" if number else ""


def _of_word(name: str, end: int) -> str:
    """Which word that is; empty for the first, where its letters are those of the name."""
    number = len(_seen(name[:end]).split()) + (not _word_before(name, end))
    return f" of the {_ordinal(number)} word" if number > 1 else ""


def _word_before(name: str, end: int) -> str:
    """What is seen of the word at `end`, up to there."""
    return re.split(r"\s", _seen(name[:end]))[-1]


def _letters(word: str) -> list[str]:
    """Its signs without the marks that stand on them."""
    return [sign for sign in word if not unicodedata.category(sign).startswith("M")]


def _seen(text: str) -> str:
    return "".join(sign for sign in text if not _is_hidden(sign))


def _ordinal(number: int) -> str:
    is_teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if is_teen else _ORDINALS.get(number % 10, 'th')}"
