"""What there is to see in a text: which signs have a shape, and how many marks a letter can carry.

Phones, dictation and other programs put signs into words that nobody sees or typed. Unicode says of
most of them what they are (general categories, and Default_Ignorable_Code_Point in
DerivedCoreProperties.txt); the few that it counts as letters or symbols are listed here.
"""

import re
import unicodedata
from collections.abc import Iterator

MOST_MARKS = 8
"""Marks on one letter, on screen and on paper: Hebrew with points and accents has five, the longest
stack of Tibetan eight, piled-up jokes have hundreds."""

_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159"
"""Letters and symbols without a shape; U+FFFC is what dictation leaves behind."""
_TAKEN_OUT = re.compile(
    "[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff]"
)
"""Direction marks around words, and signs that only other programs use."""
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NONCHARACTERS = 0xFFFE
"""The last two places of every plane are no characters, nor are U+FDD0 to U+FDEF."""
_IGNORABLE_UNASSIGNED = re.compile("[\u2065\ufdd0-\ufdef\ufff0-\ufff8\U000e0000-\U000e0fff]")


def without_invisible(text: str) -> str:
    """The text without what nobody sees or typed, in NFC, every line end a line feed.

    Inside words the joiners stay, and with figures the marks that only give them a side: without
    them the words would read otherwise. At both ends nothing invisible is left.
    """
    taken_out = _TAKEN_OUT.sub("", _LINE_END.sub("\n", text))
    composed = unicodedata.normalize("NFC", taken_out)
    first, last = 0, len(composed)
    while first < last and _is_loose(composed[first]):
        first += 1
    while last > first and _is_loose(composed[last - 1]):
        last -= 1
    return composed[first:last]


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: no sign with a shape, only spaces, marks and fillers."""
    return not any(map(_has_shape, text))


def limit_marks(text: str) -> str:
    """The text with at most `MOST_MARKS` marks on a letter, every further one as `[U+0301]`.

    More of them would be drawn over other lines and other people's names.
    """
    if text.isascii():
        return text
    return "".join(as_number(sign) if is_over else sign for sign, is_over in marks_over(text))


def marks_over(text: str) -> Iterator[tuple[str, bool]]:
    """Each sign, and whether it is a mark beyond `MOST_MARKS`; only what has a shape starts anew.

    Joiners, selectors and other signs nobody sees stand between marks without parting them.
    """
    marks = 0
    for sign in text:
        if _is_mark(sign):
            marks += 1
        elif _has_shape(sign) or unicodedata.category(sign) == "Mc":
            marks = 0
        yield sign, _is_mark(sign) and marks > MOST_MARKS


def as_number(sign: str) -> str:
    """A sign as its number, like `[U+0301]`."""
    return f"[U+{ord(sign):04X}]"


def has_letter(text: str) -> bool:
    """Whether a letter of any script is to be seen."""
    return any(unicodedata.category(sign) in _LETTERS and _has_shape(sign) for sign in text)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Me"} and not _is_selector(sign)


def _is_selector(sign: str) -> bool:
    """Whether it only chooses between shapes of the sign before it, as of emoji."""
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def _is_loose(sign: str) -> bool:
    """Whether it may go from the ends of a text: a space, or what is no part of a letter."""
    is_tag = "\U000e0020" <= sign <= "\U000e007f"
    return sign.isspace() or (unicodedata.category(sign) == "Cf" and not is_tag)


def _has_shape(sign: str) -> bool:
    category = unicodedata.category(sign)
    if category == "Cn":
        is_last_of_plane = ord(sign) % 0x10000 >= _NONCHARACTERS
        return not (is_last_of_plane or _IGNORABLE_UNASSIGNED.match(sign))
    return (category[0] not in "CMZ" or category == "Co") and sign not in _FILLERS
