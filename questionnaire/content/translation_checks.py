"""Compares translated words with their source: nothing missing, stale, or with other figures.

Words that fail are not shown: the source stands in their place.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from questionnaire.content.printable import faults, orders, unlabelled
from questionnaire.content.translation_files import Entry, is_written_from_the_right
from questionnaire.domain.language import ENGLISH, Direction, Language, Say, rewritten

_FIGURE = re.compile(r"(?:(?<![^\s(])[-\u2212])?\d+(?:[.,]\d+|[\u00a0\u202f]\d{3}(?!\d))*")
_ENGLISH_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_PLACEHOLDER = re.compile(r"\{\w*\}")
_WORD = re.compile(r"[a-z]{3}")
_MARKS = str.maketrans(
    {"\u200e": "", "\u200f": "", "\u061c": "", "\u066b": ",", "\u066c": ".", "\u2212": "-"}
)
_UNSEEN = str.maketrans({"\u200e": "", "\u200f": "", "\u061c": "", "\u2212": "-"})
_NAMES = re.compile(r"(question|section|treatment|measure)\.\w+\.(?:text|title)")
"""Ids of texts by which readers tell things of one sort apart."""
_NUMBERED = re.compile(r"(?:§|\b(?:art|article|section|annex|version|no)\b\.?)\s*$", re.IGNORECASE)
"""Before a figure that counts nothing: an article of a law, a version."""
_SWAP = str.maketrans(".,", ",.")
_SPELT = {
    "واحد": "1",
    "واحدة": "1",
    "أسبوعان": "2",
    "أسبوعين": "2",
    "رجلين": "2",
    "زيارتين": "2",
    "يومين": "2",
}
"""Arabic words that say one or two by themselves: no digit stands beside them."""


def unfit(source: str, entry: Entry, language: Language) -> str:
    """Why the words of `entry` cannot be shown for `source`, as a sentence; empty if they can."""
    if not entry.words:
        return f"{entry.key} is not translated yet."
    if entry.source != source:
        return f"The English of {entry.key} has changed; it is now “{source}”"
    if lacking := figures_that_differ(source, entry.words):
        return f"{entry.key} has other figures than the English: {', '.join(lacking)}."
    if slip := _slip(source, entry):
        return f"{entry.key} {slip}."
    from_the_right = language.direction is Direction.RIGHT_TO_LEFT
    if from_the_right != is_written_from_the_right(entry.words) and (
        not from_the_right or _WORD.search(_PLACEHOLDER.sub("", source))
    ):
        return f"{entry.key} is not in the letters of {language.name}."
    return _asked_otherwise(source, entry, language)


def _asked_otherwise(source: str, entry: Entry, language: Language) -> str:
    """Why the words are no question where the English is one, or the other way round."""
    marks = f"a question has “{language.question_marks}” there (question_marks in language.yaml)."
    if ENGLISH.ends_asking(source) != language.ends_asking(entry.words):
        return f"{entry.key} asks where the English tells, or tells where it asks; {marks}"
    if ENGLISH.asks(source) and not language.asks(entry.words):
        return f"{entry.key} is not one question like the English; {marks}"
    return ""


def _slip(source: str, entry: Entry) -> str:
    """What of the form of the words is wrong: braces, marks of their makers, a small beginning.

    The words of pages may begin as the language wants: a month is small in Spanish.
    """
    if sorted(_PLACEHOLDER.findall(source)) != sorted(_PLACEHOLDER.findall(entry.words)):
        return "has other words in braces than the English"
    found = chain(
        faults(entry.words), unlabelled(entry.key, entry.words), orders(entry.key, entry.words)
    )
    if fault := next(found, ""):
        return f"{fault}: people read this"
    is_content = entry.key != source
    if is_content and source[:1].isupper() and entry.words[:1].islower():
        return "begins with a small letter"
    return ""


def figures_that_differ(source: str, words: str) -> tuple[str, ...]:
    """The figures of the English `source` that `words` lack, then those only `words` have.

    A decimal may be written 27.6 or 27,6 or with Arabic digits, a thousand 1,000 or 1.000. One and
    two may be words in Arabic.
    """
    left = [*_figures(words)]
    spelt = [_SPELT[word] for word in re.findall(r"\w+", words) if word in _SPELT]
    lacking: list[str] = []
    for figure in _figures(source):
        wanted = _in_english(figure)
        match = next((it for it in left if wanted in _readings(it)), None)
        if match is None and wanted in spelt:
            spelt.remove(wanted)
        elif match is None:
            lacking.append(figure)
        else:
            left.remove(match)
    return (*lacking, *left)


def figures_ill_written(source: str, words: str, say: Say) -> Iterator[tuple[str, str]]:
    """Figures of `words` not written as their language writes them, each with how it should be.

    `say` tells how. Dates are no such figures, nor is what follows a word such as “article”.
    """
    ways: dict[str, list[str]] = {}
    for found in _FIGURE.finditer(source):
        is_number = _ENGLISH_NUMBER.fullmatch(found[0])
        if is_number and not _NUMBERED.search(source, 0, found.start()):
            ways.setdefault(_in_english(found[0]), []).append(rewritten(found[0], say))
    for figure in _FIGURE.findall(words.translate(_UNSEEN)):
        wanted = [way for value in _readings(figure) for way in ways.get(value, ())]
        if wanted and figure not in wanted:
            yield figure, wanted[0]


def _figures(words: str) -> Iterator[str]:
    plain = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in words
    ).translate(_MARKS)
    yield from _FIGURE.findall(plain)


def _in_english(figure: str) -> str:
    return figure.replace(",", "") if _ENGLISH_NUMBER.fullmatch(figure) else figure


def _readings(figure: str) -> set[str]:
    closed = figure.replace("\u00a0", "").replace("\u202f", "")
    return {_in_english(closed), _in_english(closed.translate(_SWAP))}


def said_twice(texts: Mapping[str, str], entries: Iterable[Entry]) -> Iterator[Entry]:
    """Words that stand for two different texts of one list, where a reader must tell them apart.

    A list is what ids share before their last full stop, like the options of one question; so are
    the texts of all questions, and the titles of all treatments.
    """
    said: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        named = _NAMES.fullmatch(entry.key)
        one_of = named[1] if named else entry.key.rpartition(".")[0]
        said.setdefault((one_of, entry.words.casefold()), []).append(entry)
    for alike in said.values():
        if len({texts[entry.key].casefold() for entry in alike}) > 1:
            yield from alike
