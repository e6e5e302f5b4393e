"""Names compared: as people search for them, and as a hand can type them.

Two questions are kept apart. `name_key` finds names that may be meant, generously; whether two of
them are one person is for a person to say. `same_when_typed` asks whether what somebody typed is
this very name, written with the letters their keyboard has.

Letters are written in plain Latin ones by `anyascii`; see docs/decisions/0044.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from anyascii import anyascii

from questionnaire.domain.identity import as_written

_DIGRAPHS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d"))
"""How ä ö ü å đ are typed where they are missing, and the letter itself."""

_LIKE: Final = str.maketrans("یىکڪہھەةۃٱ\u0326", "ييككههههها\u0327")
"""What keyboards write differently: Arabic, Persian, Urdu letters, and Romanian's comma below."""

_MARKS: Final = frozenset({*range(10, 37), *range(200, 241)})
"""Combining classes of what people leave out: points of Hebrew and Arabic, marks around letters.

The Unicode Standard, table 4-3. Vowel signs, tones and voicing of other scripts lie elsewhere.
"""

_SHAPELESS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc")
"""Signs that count as letters or symbols and show nothing."""

_SYMBOLS: Final = frozenset({"So", "Sc", "Sm", "No"})
"""Symbols and raised or circled figures: part of a name only as they stand."""

_TYPED_AS: Final = {
    ("a", "\u0308"): "ae",
    ("o", "\u0308"): "oe",
    ("u", "\u0308"): "ue",
    ("a", "\u030a"): "aa",
    ("ø", ""): "oe",
    ("đ", ""): "dj",
}
"""A letter that keyboards lack, with its mark, and the two letters typed for it."""

_BETWEEN_WORDS: Final = re.compile(r"[\s\u002c\u002d\u060c\u2010-\u2015\uff0c]+")
"""Spaces, commas and hyphens."""

_MOST_WORDS: Final = 8
"""Words of a name that are put in every order; longer names must have the very same words."""

_LONGEST: Final = 1000
"""Signs of a name that are compared; a name that is kept has 200 at most."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: in its own script, in plain Latin ones, and the marks that a keyboard may lack.

    What is Latin already is plain in its own script too: `Ł` is `l` and `l`, `Ж` is `ж` and `zh`.
    `ways` are all ways to type it: `ü` is `u` and `ue`.
    """

    own: str
    latin: str
    marks: frozenset[str]
    ways: frozenset[str]


def name_key(name: str) -> str:
    """A name as it is searched for: its plain letters, a space, and the same without digraphs.

    Empty when the name holds no letter or figure: it matches nothing.
    """
    plain = plain_letters(name)
    return f"{plain} {_without_digraphs(plain)}" if plain else ""


def plain_letters(name: str) -> str:
    """The letters and figures of a name in plain Latin ones, without spaces, marks or capitals."""
    return "".join(letter.latin for letter in _letters(name))


def widest(name: str) -> str:
    """The plain letters with `ue` as `u` and its like: the same for Müller, Mueller and Muller."""
    return _without_digraphs(plain_letters(name))


def may_be_one_name(one: str, other: str) -> bool:
    """Whether two names may be meant for one, generously: also with their words in another order.

    Words count as joined or apart, so that `Anne-Marie` is `Annemarie`. A name without a letter is
    nobody's.
    """
    if not plain_letters(one) or not plain_letters(other):
        return False
    return widest(one) == widest(other) or _in_any_order(one, other) or _in_any_order(other, one)


def in_different_scripts(one: str, other: str) -> bool:
    """Whether no letter of the one is of a script of the other, as in a passport's Latin spelling.

    Of such names nobody but a person can tell whether they are one: `محمد علي` is `Mohammed Ali`,
    `Muhammad bin Ali` and more. A name without a letter is in no script.
    """
    scripts, others = _scripts(one), _scripts(other)
    return bool(scripts and others) and scripts.isdisjoint(others)


def _scripts(name: str) -> set[str]:
    """The first word of each letter's Unicode name."""
    signs = {letter.own[0] for letter in _letters(name)}
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in signs if sign.isalpha()}


def _in_any_order(name: str, other: str) -> bool:
    """Whether the words of a name, put in some order, are the letters of the other."""
    words, text = _words(name), "".join(_words(other))
    if len(words) > _MOST_WORDS or sorted("".join(words)) != sorted(text):
        return sorted(words) == sorted(_words(other))
    reached = {(text, words)}
    for _ in words:
        reached = {
            (left.removeprefix(word), (*rest[:at], *rest[at + 1 :]))
            for left, rest in reached
            for at, word in enumerate(rest)
            if left.startswith(word)
        }
    return bool(reached)


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, each in plain letters without digraphs."""
    return tuple(filter(None, (widest(word) for word in _BETWEEN_WORDS.split(name))))


def same_when_typed(typed: str, name: str) -> bool:
    """Whether `typed` is this name as a hand can type it.

    Letters without their marks, Latin ones for those of another script, capitals, spaces, hyphens,
    apostrophes and invisible signs do not matter; a mark on both sides must be the same. Two
    letters stand for one only where the other side has it: `ue` for `ü`, never for `u`. A name
    without a letter is typed only as it stands, and what is far too long is no name.
    """
    if max(len(typed), len(name)) > _LONGEST:
        return False
    one, other = tuple(_letters(typed)), tuple(_letters(name))
    if not one or not other:
        return _as_it_stands(typed) == _as_it_stands(name)
    own, others_own = (("".join(letter.own for letter in all_)) for all_ in (one, other))
    if own == others_own:
        return all(_marks_agree(*pair) for pair in zip(one, other, strict=False))
    return _can_be_typed(one, other) or _can_be_typed(other, one)


def _can_be_typed(name: tuple[Letter, ...], typed: tuple[Letter, ...]) -> bool:
    """Whether each letter of the name, in one of its ways, gives all that was typed in turn."""
    text = "".join(letter.own for letter in typed)
    ends = accumulate((len(letter.own) for letter in typed), initial=0)
    starts = dict(zip(ends, typed, strict=False))
    reached = {0}
    for letter in name:
        reached = {
            at + len(way)
            for at in reached
            for way in letter.ways
            if text.startswith(way, at)
            and (way != letter.own or at not in starts or _marks_agree(letter, starts[at]))
        }
    return len(text) in reached


def _marks_agree(one: Letter, other: Letter) -> bool:
    return one.marks <= other.marks or other.marks <= one.marks


def _as_it_stands(name: str) -> str:
    return as_written("".join(sign for sign in name if unicodedata.category(sign) != "Cf"))


def _without_digraphs(plain: str) -> str:
    for typed, letter in _DIGRAPHS:
        plain = plain.replace(typed, letter)
    return plain


def _letters(name: str) -> Iterator[Letter]:
    """Each letter with its marks; vowel signs and voicing belong to their letter."""
    signs = _decomposed(_decomposed(name).casefold())
    letters: list[str] = []
    marks: list[set[str]] = []
    for sign in signs.translate(_LIKE):
        category = unicodedata.category(sign)
        kind = category[0]
        if kind == "M" and letters and _may_be_missing(sign):
            marks[-1].add(sign)
        elif kind == "M" and letters:
            letters[-1] += sign
        elif (kind in "LN" or category in _SYMBOLS) and sign not in _SHAPELESS:
            letters.append(sign)
            marks.append(set())
    for written, around in zip(letters, marks, strict=True):
        letter = unicodedata.normalize("NFC", written)
        if unicodedata.category(letter[0]) in _SYMBOLS:
            latin = _in_latin(letter) if letter[0].isnumeric() else ""
            yield Letter(letter, latin, frozenset(around), frozenset({letter}))
            continue
        latin, is_latin = _in_latin(letter), _is_latin(letter)
        if latin or not is_latin:
            own = latin if is_latin else letter
            ways = {own, latin or letter, *_two_letters(letter, around)}
            yield Letter(own, latin or letter, frozenset(around), frozenset(ways))


def _two_letters(letter: str, marks: set[str]) -> Iterator[str]:
    return (_TYPED_AS[letter, mark] for mark in ("", *marks) if (letter, mark) in _TYPED_AS)


def _decomposed(text: str) -> str:
    """In NFKD, but raised and circled figures stay what they are."""
    return unicodedata.normalize(
        "NFD",
        "".join(
            sign if unicodedata.category(sign) == "No" else unicodedata.normalize("NFKD", sign)
            for sign in text
        ),
    )


def _may_be_missing(mark: str) -> bool:
    return unicodedata.combining(mark) in _MARKS


def _in_latin(letter: str) -> str:
    return "".join(sign for sign in anyascii(letter).lower() if sign.isalnum())


def _is_latin(letter: str) -> bool:
    """Whether it is one of our alphabet's letters or figures, or the letter of an apostrophe."""
    sign = letter[0]
    named = unicodedata.name(sign, "").split(" ")
    return sign.isascii() or "LATIN" in named or unicodedata.category(sign) == "Lm"
