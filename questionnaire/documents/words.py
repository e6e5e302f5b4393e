"""How people's own words are put on paper: nothing lost, nothing that could mislead the eye.

Every character that the packaged fonts can draw is drawn. One that none of them can draw, or that
has no shape, is written as its number, `[U+1F9FF]`, so that a page never shows an empty box, or
nothing at all, where somebody said something; so are marks piled up on one letter, which would
cross out the lines around it. Marks that turn the direction of text round are left out: they could
make words look swapped. Those that only give a figure a side stay: without them a telephone number
in Arabic is read backwards.
"""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types

from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.language import SOURCE_LANGUAGE, Say, in_english
from questionnaire.domain.reading_order import direction, from_the_left, in_order
from questionnaire.domain.visible import as_number, marks_over

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
# UnifontEX carries some unused bytes, which fontTools would report at each start.
logging.getLogger("fontTools.ttLib.tables._p_o_s_t").setLevel(logging.ERROR)

ZERO_WIDTH_JOINERS = "\u200c\u200d"
EMOJI_SHAPES = "\ufe0e\ufe0f"
SIDES = "\u200e\u200f"
TURNING_ROUND = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LINE_ENDS = "\n"
NEVER_SEEN = {0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
"""Marks without a shape: the combining grapheme joiner, and selectors of a letter's shape."""
SCRIPTS = {"ARABIC": "und-Arab", "HEBREW": "und-Hebr"}
WRITTEN_IN = {"ARABIC": ("ar", "fa", "ur", "ps"), "HEBREW": ("he", "yi")}
TAGS = {"LATIN": "und-Latn", **SCRIPTS}
NO_WORDS = re.compile(
    r"(?<![\d.,])\d[\d.,]*\s?[^\W\d_]{1,3}\b|\b[A-Z]{2,}\b|(?<!\S)[^\s@]+@\S+|https?://\S+"
)
"""Units, abbreviations such as those of currencies, and addresses: the same in every language.

A figure and an address are looked for from their beginning alone, else a long text takes minutes.
"""
UNKNOWN = "und"
"""The tag of a language that nobody can tell (BCP 47)."""
RIGHT_TO_LEFT = {"R", "AL"}


def shown(text: str) -> str:
    """The text as it goes on paper, line ends as one kind."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        as_number(each) if is_over else _shown_character(each)
        for each, is_over in marks_over(unicodedata.normalize("NFC", lines))
    )


def script_language(text: str, language: str = "") -> str:
    """A language tag that tells a voice the script of right-to-left text; empty otherwise.

    The document's own `language` (a BCP 47 tag) when it is written in that script.
    """
    first = next((each for each in text if unicodedata.bidirectional(each) in RIGHT_TO_LEFT), None)
    if first is None or direction(text) == "ltr":
        return ""
    script = unicodedata.name(first, "").partition(" ")[0]
    return language if language in WRITTEN_IN.get(script, ()) else SCRIPTS.get(script, "")


def tag_of_words(text: str, language: str, written_in: str, *, said_here: bool = False) -> str:
    """The language tag of what a clinician wrote in a document in `language`; empty for its own.

    `written_in` is what they picked for the plan (`said_here`), empty if nothing. It holds only for
    words in its own letters. Elsewhere nothing was picked, and only letters of another script tell
    that words are in another language: the one picked for the plan, if they are in its letters.
    """
    script = _main_script(text)
    if not script:
        return ""
    is_in_its_letters = bool(written_in) and script == _script_of(written_in, script)
    if said_here and is_in_its_letters:
        return "" if written_in == language else written_in
    if script != _script_of(language, script):
        is_it = is_in_its_letters and written_in != UNKNOWN
        return written_in if is_it else TAGS.get(script, UNKNOWN)
    is_open = script == "LATIN" and (written_in or SOURCE_LANGUAGE) != language
    return UNKNOWN if is_open else ""


def other_language(
    texts: Iterable[str], language: str, written_in: str, *, said_here: bool = False
) -> str:
    """The tag of the language all of these texts are in, if that is not the document's.

    `und` for another that is not known, or several; empty where any text may be in its own.
    """
    told = [each for each in texts if _main_script(each)]
    tags = {tag_of_words(each, language, written_in, said_here=said_here) for each in told}
    if not tags or "" in tags or (UNKNOWN in tags and not (said_here and written_in)):
        return ""
    return tags.pop() if len(tags) == 1 else UNKNOWN


def _main_script(text: str) -> str:
    """`LATIN`, `ARABIC`, …: that of most letters; empty without words."""
    words = NO_WORDS.sub("", text)
    letters = (unicodedata.name(each, "").partition(" ")[0] for each in words if each.isalpha())
    return next((script for script, _ in Counter(letters).most_common(1)), "")


def _script_of(language: str, otherwise: str) -> str:
    """The script a language is written in; `otherwise` for one that is not told."""
    if language == UNKNOWN:
        return otherwise
    return next((script for script, codes in WRITTEN_IN.items() if language in codes), "LATIN")


def plain(text: str) -> str:
    """The text as it is compared: one form for each character, no space, nothing invisible."""
    return "".join(in_words(text))


def in_words(text: str) -> list[str]:
    """The same, parted at spaces."""
    unified = unicodedata.normalize("NFKD", text)
    return "".join(each for each in unified if each.isspace() or not _is_invisible(each)).split()


def day(text: str, say: Say = in_english) -> str:
    """`1988-04-09` as `9 April 1988`."""
    return date_in_words(date.fromisoformat(text), say)


def local(text: str, zone: str, say: Say = in_english) -> str:
    """A UTC time such as `2026-11-25T09:30:00Z` on the clinic's clock, with the zone's name."""
    moment = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    on = date_in_words(moment.date(), say)
    return _timed(say("{day}, {time}"), on, time=f"{moment:%H:%M %Z}")


def local_and_utc(text: str, zone: str, say: Say = in_english) -> str:
    """A UTC time on the clinic's clock, with seconds, and in UTC beside it where that differs."""
    utc = datetime.fromisoformat(text)
    moment = utc.astimezone(ZoneInfo(zone))
    on, time = date_in_words(moment.date(), say), f"{moment:%H:%M:%S %Z}"
    if not moment.utcoffset():
        return _timed(say("{day}, {time}"), on, time=time)
    return _timed(say("{day}, {time} ({utc})"), on, time=time, utc=f"{utc:%Y-%m-%d %H:%M:%S} UTC")


def interval(start: str, end: str, say: Say = in_english) -> str:
    """The time between two UTC times in days, hours and minutes, the two largest parts of it."""
    seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    minutes = int(seconds // 60)
    counts = (
        (minutes // 1440, say("1 day"), say("{count} days")),
        (minutes // 60 % 24, say("1 hour"), say("{count} hours")),
        (minutes % 60, say("1 minute"), say("{count} minutes")),
    )
    parts = [
        one if count == 1 else many.format(count=count) for count, one, many in counts if count
    ]
    return " ".join(parts[:2]) or say("less than a minute")


def _timed(sentence: str, day: str, **times: str) -> str:
    """The sentence with a day and times in it, none of which a line parts or turns round."""
    held = {name: time.replace(" ", "\u00a0") for name, time in times.items()}
    told = sentence.format(day=day, **held)
    if in_order(told) == told:
        return told
    return sentence.format(day=day, **{name: from_the_left(it) for name, it in held.items()})


def _shown_character(character: str) -> str:
    if character in LINE_ENDS + ZERO_WIDTH_JOINERS + EMOJI_SHAPES + SIDES:
        return character
    if character in TURNING_ROUND:
        return ""
    if unicodedata.category(character) in {"Zl", "Zp"}:
        return " "
    is_shapeless = unicodedata.category(character) in {"Cc", "Cf"}
    return character if ord(character) in _drawable() and not is_shapeless else as_number(character)


def _is_invisible(character: str) -> bool:
    return ord(character) in NEVER_SEEN or unicodedata.category(character) in {"Cc", "Cf"}


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    """Every character some packaged font can draw, but private ones, which mean nothing."""
    fonts: Iterable[Path] = FONTS.glob("*-400-normal.woff*")
    characters: set[int] = set()
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            characters.update(font.getBestCmap())
    return frozenset(each for each in characters if unicodedata.category(chr(each)) != "Co")
