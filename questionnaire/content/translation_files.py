"""Reads `rules/translations/<code>/`: one language, and its words beside their source words."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from questionnaire.content.fields import TITLE, Fields, day, expected, text
from questionnaire.content.folder import TRANSLATIONS, Folder
from questionnaire.content.nodes import Entries, Node, Scalar, Unread
from questionnaire.content.problems import ContentProblems, Place
from questionnaire.content.reading import Reading
from questionnaire.domain.language import SOURCE_LANGUAGE, Approval, Direction, Language

LANGUAGE_FILE = "language.yaml"
INTERFACE_FILE = "interface.yaml"
LONGEST_TRANSLATION = 1000
"""Letters; more than an English text may have, because most languages need more."""

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in one language; `words` is empty while nobody has translated it."""

    key: str
    source: str
    words: str
    place: Place


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All words of one language. `texts` by text id, `interface` by the English sentence.

    `digest` is a SHA-256 over every file it was read from (hex).
    """

    texts: Mapping[str, Entry]
    interface: Mapping[str, Entry]
    digest: str


@dataclass(frozen=True, slots=True)
class Translated:
    """One language with its words."""

    language: Language
    words: Catalogue


def translations(code: str) -> str:
    """The folder of one language inside `rules/`."""
    return f"{TRANSLATIONS}/{code}"


def read_translated(folder: Folder) -> tuple[Translated, ...]:
    """Every language in the folder, by code, without the one it is written in.

    Each folder of `translations` is one, and what is called like one: whatever it lacks, it does
    not vanish. What is wrong joins the problems of the folder.
    """
    found: list[Translated] = []
    for name in folder.inside(TRANSLATIONS):
        code = name.removeprefix(f"{TRANSLATIONS}/")
        if not ((folder.path / name).is_dir() or _CODE.fullmatch(code)):
            continue
        own = Folder(folder.path)
        language = read_language(own, code)
        found.append(Translated(language, read_catalogue(own, code)))
        folder.reading.problems.extend(own.reading.problems)
        folder.tried |= own.tried
    return tuple(found)


def languages(rules: Path) -> tuple[Language, ...]:
    """The languages in the folder `rules`, by code, without the one it is written in.

    Raises `ContentProblems` when one of them cannot be used.
    """
    folder = Folder(rules)
    found = read_translated(folder)
    refuse_problems(folder.reading)
    return tuple(each.language for each in found)


def catalogue(rules: Path, code: str) -> Catalogue:
    """The words of one language. Raises `ContentProblems` when a file cannot be read."""
    folder = Folder(rules)
    found = read_catalogue(folder, code)
    refuse_problems(folder.reading)
    return found


def refuse_problems(reading: Reading) -> None:
    """Raise `ContentProblems` if anything is wrong."""
    if reading.problems:
        raise ContentProblems(tuple(sorted(reading.problems, key=lambda it: it.place)))


def read_language(folder: Folder, code: str) -> Language:
    """What `language.yaml` says; what is wrong with it joins the problems of the folder."""
    reading = folder.reading
    root = folder.open(f"{translations(code)}/{LANGUAGE_FILE}")
    fields = Fields(reading, root, "language")
    approved_on = fields.node("approved_on")
    language = Language(
        code=fields.text("code", TITLE),
        name=fields.text("name", TITLE),
        direction=fields.word("direction", Direction),
        state=fields.word("state", Approval),
        approved_by=fields.optional_text("approved_by", TITLE),
        approved_on=day(reading, approved_on) if approved_on else None,
        question_marks=fields.optional_text("question_marks", TITLE) or "?",
    )
    fields.close()
    if code == SOURCE_LANGUAGE:
        place = fields.place_of("code")
        reading.problem(place, f"{code} is the language that all of this is written in.")
    elif language.code and (language.code != code or not _CODE.fullmatch(code)):
        sentence = f"The code of the language in the folder {code} is {code}, like es or pt-BR."
        reading.problem(fields.place_of("code"), sentence)
    from_the_right = language.direction is Direction.RIGHT_TO_LEFT
    if language.name and from_the_right != is_written_from_the_right(language.name):
        sentence = f"{language.name} is not written {language.direction}."
        reading.problem(fields.place_of("direction"), sentence)
    signed = bool(language.approved_by), language.approved_on is not None
    if signed != (language.state is Approval.APPROVED,) * 2:
        sentence = "A language has approved_by and approved_on exactly when it is approved."
        reading.problem(fields.place_of("state"), sentence)
    return language


def is_written_from_the_right(words: str) -> bool:
    """Whether there is a letter in the words that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in words)


def read_catalogue(folder: Folder, code: str) -> Catalogue:
    """The words of one language; what is wrong with them joins the problems of the folder."""
    part = translations(code)
    own = {f"{part}/{LANGUAGE_FILE}", f"{part}/{INTERFACE_FILE}"}
    names = folder.names(part)
    texts: dict[str, Entry] = {}
    for name in names:
        if name not in own:
            texts |= _texts(folder, name, code, says_source=True)
    interface: dict[str, Entry] = {}
    if f"{part}/{INTERFACE_FILE}" in names:
        interface = _texts(folder, f"{part}/{INTERFACE_FILE}", code, says_source=False)
    return Catalogue(MappingProxyType(texts), MappingProxyType(interface), folder.digest())


def _texts(folder: Folder, name: str, code: str, *, says_source: bool) -> dict[str, Entry]:
    reading = folder.reading
    fields = Fields(reading, folder.open(name), "translation file")
    node = fields.needed("texts") or Unread(fields.place)
    fields.close()
    if not isinstance(node, Entries):
        expected(reading, node, "“texts” is written as keys with values.")
        return {}
    found: dict[str, Entry] = {}
    for key, value in node.values.items():
        if says_source:
            reading.give_name("text", key, node.lines[key])
        entry = Fields(reading, value, "text")
        source = entry.text(SOURCE_LANGUAGE) if says_source else key
        words = _words(reading, entry.needed(code))
        entry.close()
        found[key] = Entry(key, source, words, node.lines[key])
    return found


def _words(reading: Reading, node: Node | None) -> str:
    if node is None or (isinstance(node, Scalar) and not node.text.strip()):
        return ""
    return text(reading, node, LONGEST_TRANSLATION)
