"""The content in another language: words laid over it by id, stored beside their source words.

`rules/translations/<code>/` holds `language.yaml` and any number of files of texts. A text whose
translation is missing, stale or does not fit is shown in English, and `translation_problems` says
so. `interface.yaml` holds the words of pages and messages, keyed by the English sentence.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from questionnaire.content.folder import Folder, fingerprint
from questionnaire.content.library import load_translated
from questionnaire.content.problems import Level, Place, Problem
from questionnaire.content.reading import did_you_mean
from questionnaire.content.translation_checks import figures_ill_written, said_twice, unfit
from questionnaire.content.translation_files import (
    INTERFACE_FILE,
    Catalogue,
    Entry,
    catalogue,
    languages,
    read_catalogue,
    read_language,
    refuse_problems,
    translations,
)
from questionnaire.content.translation_skeleton import file_of
from questionnaire.content.translation_texts import retold, texts_of
from questionnaire.domain.language import Language
from questionnaire.domain.library import Library
from questionnaire.domain.speech import Speech

__all__ = [
    "Catalogue",
    "catalogue",
    "in_language",
    "interface",
    "languages",
    "speeches",
    "texts_of",
    "translation_problems",
]

_WORD = re.compile(r"(?<!\{)\b[^\W\d]{2,}\b(?!\})")
_WORDS_ALIKE = 2
"""From so many words on, a translation that is the same as the English is worth a look."""


def in_language(library: Library, language: Language, words: Catalogue) -> Library:
    """The library as its patients read it in `language`; `words` is that language's catalogue.

    Its `version` also covers the catalogue, so that a record names the very words it was made of.
    """
    fit = _fit(texts_of(library), language, words)
    told = retold(library, lambda key, source: fit[key].words if key in fit else source)
    version = sha256(f"{library.version}\n{language.code}\n{words.digest}\n".encode())
    return replace(told, version=version.hexdigest())


def interface(rules: Path, code: str) -> Mapping[str, str]:
    """The words of pages and messages: English sentence → the same in that language.

    Sentences that are not translated, or do not fit, are not in it. Raises `ContentProblems`.
    """
    folder = Folder(rules)
    language, words = read_language(folder, code), read_catalogue(folder, code)
    refuse_problems(folder.reading)
    return _sentences(language, words)


def speeches(rules: Path) -> Mapping[str, Speech]:
    """Every language in `rules/` but the clinic's own, by code, kept like `load_library`'s answer.

    Raises `ContentProblems`.
    """
    return _speeches(rules.absolute(), fingerprint(rules))


@lru_cache(maxsize=8)
def _speeches(rules: Path, _: str) -> Mapping[str, Speech]:
    library, translated = load_translated(rules)
    found: dict[str, Speech] = {}
    for each in translated:
        language, words = each.language, each.words
        told = in_language(library, language, words)
        found[language.code] = Speech(language, told, _sentences(language, words))
    return MappingProxyType(found)


def _sentences(language: Language, words: Catalogue) -> Mapping[str, str]:
    return {
        sentence: entry.words
        for sentence, entry in words.interface.items()
        if not unfit(sentence, entry, language)
    }


def _fit(texts: Mapping[str, str], language: Language, words: Catalogue) -> dict[str, Entry]:
    fit = {
        key: words.texts[key]
        for key, source in texts.items()
        if key in words.texts and not unfit(source, words.texts[key], language)
    }
    for entry in said_twice(texts, tuple(fit.values())):
        del fit[entry.key]
    return fit


def translation_problems(
    rules: Path, code: str, library: Library, sentences: Iterable[str] | None = None
) -> tuple[Problem, ...]:
    """Everything wrong with one language, by file and line, and notes on what is worth a look.

    `sentences` are those of pages and messages; without them only those that are there are checked.
    """
    folder = Folder(rules)
    language, words = read_language(folder, code), read_catalogue(folder, code)
    texts = texts_of(library)
    found = [
        *folder.reading.problems,
        *_gaps(rules, texts, language, words),
        *(_unsaid(rules, tuple(sentences), language, words) if sentences is not None else ()),
        *_misfits(texts, language, words),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda it: it.place))


def _gaps(
    rules: Path, texts: Mapping[str, str], language: Language, words: Catalogue
) -> Iterator[Problem]:
    for key in texts:
        if key not in words.texts:
            file = f"{rules.name}/{translations(language.code)}/{file_of(key)}"
            yield Problem(Place(file, 1), f"{key} is not here yet.")
    for key, entry in words.texts.items():
        if key not in texts:
            sentence = f"There is no text {key}.{did_you_mean(key, texts)}"
            yield Problem(entry.place, sentence)


def _unsaid(
    rules: Path, sentences: tuple[str, ...], language: Language, words: Catalogue
) -> Iterator[Problem]:
    file = f"{rules.name}/{translations(language.code)}/{INTERFACE_FILE}"
    for sentence in sentences:
        if sentence not in words.interface:
            yield Problem(Place(file, 1), f"“{sentence}” is not here yet.")
    for sentence, entry in words.interface.items():
        if sentence not in sentences:
            hint = did_you_mean(sentence, sentences)
            yield Problem(entry.place, f"No page or message says “{sentence}”.{hint}")


def _misfits(texts: Mapping[str, str], language: Language, words: Catalogue) -> Iterator[Problem]:
    known = [(texts[key], entry) for key, entry in words.texts.items() if key in texts]
    said = _sentences(language, words)
    for source, entry in (*known, *words.interface.items()):
        if reason := unfit(source, entry, language):
            yield Problem(entry.place, reason)
        elif ill := dict(figures_ill_written(source, entry.words, lambda it: said.get(it, it))):
            told = ", ".join(f"{found} as {wanted}" for found, wanted in ill.items())
            yield Problem(entry.place, f"{entry.key} must write {told}.")
        elif entry.words == source and len(_WORD.findall(source)) >= _WORDS_ALIKE:
            yield Problem(entry.place, f"{entry.key} is the same as the English.", Level.NOTE)
    for entry in said_twice(texts, [entry for _, entry in known if entry.words]):
        sentence = f"{entry.key} has the same words as another text beside it."
        yield Problem(entry.place, sentence)
