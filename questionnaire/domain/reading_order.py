"""Figures and addresses in words from the right: read from the left, as everywhere else.

Between Arabic or Hebrew words the signs between figures go the way of the words (Unicode Standard
Annex 9, rules W2 and N1): `+49 171 2345678` would be shown as `2345678 171 49+`. Left-to-right
marks around such a run, and around each sign between Arabic-Indic figures, keep its order. Brackets
around such figures would still turn round (rule N0): that run is isolated from the line.
"""

import re
import unicodedata
from typing import Final

_LEFT_TO_RIGHT: Final = "\u200e"
_RIGHT_TO_LEFT: Final = "\u200f"
_ISOLATED: Final = "\u2066{}\u2069"
_FROM_THE_RIGHT: Final = frozenset({"R", "AL"})
_LETTERS: Final = frozenset({"L", *_FROM_THE_RIGHT})
_TURN_SIGNS: Final = frozenset({"AN", *_FROM_THE_RIGHT})
"""Kinds of what the signs around figures follow; Arabic-Indic figures are `AN`."""

_SPACES: Final = " \u00a0\u2009\u202f"
_SIGNS: Final = "-+/.\u2010\u2011\u2013\u2212"
_FEWEST: Final = 5
"""Figures that are taken for a number to call where nothing but spaces parts them."""

_ADDRESS: Final = r"(?:https?://|www\.)[^\s\u060c\u061b<>]*[\w/]|[\w.%+-]{1,64}@[\w.-]*\w"
_UNITS: Final = r"[A-Za-z\u00b5\u03bc\u00b0][A-Za-z\u00b5\u03bc\u00b0/\u00b2\u00b30-9]*"
_AMOUNT: Final = rf"(?:(?<!\w)[-+\u2212])?\d[\d.,]*[{_SPACES}]?{_UNITS}"
_FIGURE: Final = rf"(?:\d|\(\+?\d[\d{_SPACES}-]*\))"
_BETWEEN: Final = rf"(?:[{_SIGNS}{_SPACES}]{{0,3}}|:)"
_FIGURES: Final = rf"(?:(?<!\w)[-+\u2212])?{_FIGURE}(?:{_BETWEEN}{_FIGURE})*"
_RUN: Final = re.compile(rf"{_ADDRESS}|{_AMOUNT}|{_FIGURES}")
_PARTS: Final = re.compile(r"\d+|\D+")


def direction(text: str) -> str:
    """`rtl` or `ltr`, by the first letter that has a direction (Unicode rule P2)."""
    ways = (unicodedata.bidirectional(each) for each in text)
    first = next((way for way in ways if way in _LETTERS), "L")
    return "rtl" if first in _FROM_THE_RIGHT else "ltr"


def in_order(text: str) -> str:
    """The text as it is shown: marks of direction around each run that is read from the left.

    Nothing else is changed, nor what stands between such marks already; a line that is from the
    left throughout is given back as it stands.
    """
    return "".join(map(_line_in_order, text.splitlines(keepends=True)))


def _line_in_order(line: str) -> str:
    if not any(unicodedata.bidirectional(each) in _TURN_SIGNS for each in line):
        return line
    marked = _RUN.sub(_marked, line)
    return marked if direction(marked) == direction(line) else _RIGHT_TO_LEFT + marked


def _marked(found: re.Match[str]) -> str:
    run, before = found[0], found.string[: found.start()]
    if before.count(_LEFT_TO_RIGHT) % 2 or not _has_an_order(run):
        return run
    if not _has_arabic_figures(run):
        return f"{_LEFT_TO_RIGHT}{run}{_LEFT_TO_RIGHT}"
    marked = _LEFT_TO_RIGHT.join(("", *_PARTS.findall(run), ""))
    return _ISOLATED.format(marked) if "(" in run else marked


def _has_an_order(run: str) -> bool:
    """Whether a sign stands there, or spaces part the figures of a number to call."""
    signs = {each for each in run if not each.isdecimal()}
    figures = sum(map(str.isdecimal, run))
    return bool(signs - {*_SPACES}) or (bool(signs) and figures >= _FEWEST)


def _has_arabic_figures(run: str) -> bool:
    return any(unicodedata.bidirectional(each) == "AN" for each in run)
