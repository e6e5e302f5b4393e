"""Figures and addresses in words from the right: read from the left, as everywhere else.

Between Arabic or Hebrew words the signs between figures go the way of the words (Unicode Standard
Annex 9, rules W2 and N1): `+49 171 2345678` would be shown as `2345678 171 49+`. Left-to-right
marks around a whole run (a number to call in groups of any length; a number with its currency,
groups, percent and unit, and what it is the range of) and around each sign between Arabic-Indic
figures keep its order. Brackets around such figures would still turn round (rule N0): that run is
isolated from the line.

A line that somebody typed has the direction that most of its words have, for a list in Arabic often
begins with the Latin name of a medicine. Screens take the direction of words from their first
letter (rule P2): where that has the other one, a mark of the right one is set before the line.
"""

import re
import unicodedata
from typing import Final

_LEFT_TO_RIGHT: Final = "\u200e"
_RIGHT_TO_LEFT: Final = "\u200f"
_MARKS: Final = "\u061c\u200e\u200f"
_MARK_OF: Final = {"ltr": _LEFT_TO_RIGHT, "rtl": _RIGHT_TO_LEFT}
_ISOLATED: Final = "\u2066{}\u2069"
_ISOLATED_FROM_THE_RIGHT: Final = "\u2067{}\u2069"
_FROM_THE_RIGHT: Final = frozenset({"R", "AL"})
_LETTERS: Final = frozenset({"L", *_FROM_THE_RIGHT})
_TURN_SIGNS: Final = frozenset({"AN", *_FROM_THE_RIGHT})
"""Kinds of what the signs around figures follow; Arabic-Indic figures are `AN`."""

_SPACE: Final = r"[ \u00a0\u2009\u202f]"
_HOLDS: Final = "\u00a0"
"""A space at which no line breaks."""
_JOINER: Final = "\u2060"
"""Unseen; no line breaks there."""
_FEWEST: Final = 5
"""Figures that are taken for a number to call where nothing but spaces parts them."""

_ADDRESS: Final = r"(?:https?://|www\.)[^\s\u060c\u061b<>]*[\w/]|[\w.%+-]{1,64}@[\w.-]*\w"
_SIGN: Final = r"(?:(?<!\w)[-+\u00b1\u2212~\u2248])"
_MONEY: Final = r"[$#\u00a2-\u00a5\u20a0-\u20cf\u2116]"
_GROUP: Final = r"[.,'\u2019\u060c\u066b\u066c\u2044\u00a0\u2009\u202f]"
_PART: Final = r"[\u00bc-\u00be\u2150-\u215e]"
_OVER: Final = rf"{_SPACE}\d{{1,2}}[/\u2044]\d{{1,3}}(?![/\d])"
"""A fraction behind its whole number, like that of `1 1/2`."""
_NUMBER: Final = rf"(?:\d+(?:{_GROUP}\d+)*(?:{_PART}|{_OVER}|\^[-\u2212]?\d+)?|{_PART})"
_FEET: Final = rf"\d['\u2019\u2032]{_SPACE}?\d{{1,2}}(?:[\"\u201d\u2033]|'')(?!\w)"
_HOUSE: Final = (
    r"\d{1,5}(?=[-/\dA-Za-z]{0,9}[A-Za-z])(?:[-/](?:[A-Za-z]{1,2}\d{0,4}|\d{1,4})){1,3}(?![-/]?\w)"
)
"""A number with letters, like `12-B/3`."""
_UNITS: Final = r"/?(?!to\b)[A-Za-z\u00b5\u03bc\u00b0][A-Za-z\u00b5\u03bc\u00b0/\u00b2\u00b30-9^]*"
_OF: Final = rf"(?:[%\u2030\u066a\u2032\u2033]|{_MONEY}(?!{_SPACE}?\d)|{_UNITS})"
_BEFORE: Final = rf"(?:{_SIGN}?{_MONEY}{_SPACE}?[-+\u2212]?|{_SIGN})"
_AMOUNT: Final = rf"{_BEFORE}?{_NUMBER}(?:{_SPACE}?{_OF})?"
_NOUGHT: Final = r"[0\u0660\u06f0]"
_PARTED: Final = rf"(?:{_SPACE}?[-\u2010-\u2014\u2212/]{_SPACE}?|\.|{_SPACE})?"
_DIALLED: Final = rf"(?:{_PARTED}(?:\d|\(\d{{1,5}}\)))"
_CALLED: Final = (
    rf"(?:(?<![\w.,])(?:\((?:\+|{_NOUGHT})\d{{0,4}}\)|\+{_SPACE}?(?:\d|\(\d{{1,4}}\))"
    rf"|{_NOUGHT}(?![.,])){_DIALLED}{{5,16}}(?![.,'\u2019]?\d)"
    rf"|(?<![\w.,])\d{{2,4}}{_SPACE}\d(?:{_SPACE}\d{{4,8}}|(?:{_SPACE}\d{{2,4}}){{2,4}})(?![.,'\u2019]?\d))"
)
"""A number to call: with `+` or nought in groups of any length, else one figure alone inside."""
_BRACKETED: Final = r"\(\+?\d[\d\u00a0\u2009\u202f -]*\)"
_FIGURE: Final = rf"(?:{_CALLED}(?:{_SPACE}?{_OF})?|{_FEET}|{_HOUSE}|{_AMOUNT}|{_BRACKETED})"
_TO: Final = r"[-+/\u2010-\u2014\u2212\u00d7=]"
_BETWEEN: Final = (
    rf"(?:{_SPACE}?{_TO}{_SPACE}?|{_SPACE}to{_SPACE}|{_SPACE}:{_SPACE}|:"
    rf"|(?<=[\d)]){_SPACE}(?=\d\d|\()|(?<=\)){_SPACE}?|(?=\())"
)
"""What makes one of two figures; a point or comma before a space ends a sentence or an item."""
_RUN: Final = re.compile(rf"{_ADDRESS}|{_FIGURE}(?:{_BETWEEN}{_FIGURE})*(?:\+(?!\w))?")
_PARTS: Final = re.compile(r"\d+|\D+")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?: \d{3})+")
_TO_CALL: Final = re.compile(r"[\d+/() -]{5,}")
_UNSEEN: Final = re.compile(r"[\u061c\u200e\u200f\u2060\u2066-\u2069]")
_LETTER: Final = re.compile(r"[^\W\d_]|[\u061c\u200e\u200f]")
_NEXT_FIGURE: Final = re.compile(r"\W+\d")


def direction(text: str) -> str:
    """`rtl` or `ltr`, as the text is meant: the direction of most of its words.

    A word counts by its first letter; figures with their units and addresses do not count. Who
    writes from the right writes names from the left among the words, hardly ever the other way
    round: as many words are `rtl`. A text that begins with a mark of direction is meant so.
    """
    first = _first_strong(text)
    if not first or first in _MARKS or not any(map(_is_from_the_right, text)):
        return _way(first)
    words = _RUN.sub("", _UNSEEN.sub("", text)).split()
    ways = [_way(letter) for letter in map(_first_strong, words) if letter]
    most = "rtl" if ways.count("rtl") >= ways.count("ltr") else "ltr"
    return most if ways else _way(first)


def in_order(text: str) -> str:
    """The text as it is shown: marks of direction around each run that is read from the left.

    A line whose first letter points the other way than its words begins with a mark of theirs.
    Nothing else is changed, nor what stands between such marks already; a line that is from the
    left throughout is given back as it stands.
    """
    return "".join(map(_line_in_order, text.splitlines(keepends=True)))


def from_the_left(run: str) -> str:
    """A run that keeps its order wherever it stands, also at the beginning of a line of its own."""
    return f"{_LEFT_TO_RIGHT}{run}{_LEFT_TO_RIGHT}"


def apart_within(words: str, sentence: str) -> str:
    """Words that keep their own direction in a sentence of the other, and what follows them its."""
    if not words or direction(words) == direction(sentence):
        return words
    outside, inside = _LEFT_TO_RIGHT, _RIGHT_TO_LEFT
    if direction(sentence) == "rtl":
        outside, inside = inside, outside
    return f"{outside}{inside}{words}{inside}{outside}"


def apart(name: str) -> str:
    """A name as it stands within a sentence of either direction: in its own, if it has both."""
    ways = {*map(unicodedata.bidirectional, name)}
    if "L" not in ways or not ways & _FROM_THE_RIGHT:
        return name
    start = _ISOLATED_FROM_THE_RIGHT if direction(name) == "rtl" else _ISOLATED
    return start.format(in_order(name))


def _line_in_order(line: str) -> str:
    if not any(unicodedata.bidirectional(each) in _TURN_SIGNS for each in line):
        return line
    marked, way = _RUN.sub(_marked, line), direction(line)
    return marked if _way(_first_strong(marked)) == way else _MARK_OF[way] + marked


def _first_strong(text: str) -> str:
    """The first letter or mark that has a direction; empty without one."""
    return next((it for it in text if unicodedata.bidirectional(it) in _LETTERS), "")


def _way(letter: str) -> str:
    return "rtl" if letter and _is_from_the_right(letter) else "ltr"


def _is_from_the_right(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in _FROM_THE_RIGHT


def _marked(found: re.Match[str]) -> str:
    run, line = found[0], found.string
    if line[: found.start()].count(_LEFT_TO_RIGHT) % 2 or not _has_an_order(run):
        return run
    held, parts = _held(run), _PARTS.findall
    marked = _LEFT_TO_RIGHT.join(("", *(parts(held) if _has_arabic_figures(run) else [held]), ""))
    if "(" in run and _has_arabic_figures(run):
        return _ISOLATED.format(marked)
    return marked + (_RIGHT_TO_LEFT if _is_left_for_a_figure(line, found.end()) else "")


def _has_an_order(run: str) -> bool:
    """Whether a sign stands there, or spaces part the figures of a number."""
    signs = {each for each in run if not each.isdecimal()}
    figures = sum(map(str.isdecimal, run))
    is_long = bool(signs) and figures >= _FEWEST
    return bool(signs - {" "}) or is_long or bool(_THOUSANDS.fullmatch(run))


def _held(run: str) -> str:
    """The run as it breaks at the end of a line: a number to call nowhere, an address behind a `/`.

    Each part of an address is marked, for it is laid out without the others.
    """
    if _TO_CALL.fullmatch(run):
        return run.replace(" ", _HOLDS)
    scheme, parted, rest = run.partition("://")
    if not parted:
        return run
    return f"{scheme}://{_JOINER}" + rest.replace("/", f"/{_LEFT_TO_RIGHT}")


def _is_left_for_a_figure(line: str, at: int) -> bool:
    """Whether the next figure in a line from the right belongs to the words behind it."""
    if not _NEXT_FIGURE.match(line, at):
        return False
    letter = _LETTER.search(line, at)
    way = unicodedata.bidirectional(letter[0]) if letter else "R"
    return way in _FROM_THE_RIGHT and direction(line) == "rtl"


def _has_arabic_figures(run: str) -> bool:
    return any(unicodedata.bidirectional(each) == "AN" for each in run)
