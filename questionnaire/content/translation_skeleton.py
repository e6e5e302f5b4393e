"""Writes what a translator fills in: each missing text in English, beside an empty place."""

import os
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from questionnaire.content.translation_files import (
    INTERFACE_FILE,
    LANGUAGE_FILE,
    Catalogue,
    translations,
)
from questionnaire.domain.language import SOURCE_LANGUAGE, Approval, Language
from questionnaire.ordinary_files import LONGEST_TEXT_FILE, read_words

WIDTH = 118
_FILES = {
    "section": "questions.yaml",
    "question": "questions.yaml",
    "measure": "questions.yaml",
    "flag": "flags.yaml",
    "clinic": "clinic.yaml",
}
_GROUP = {"question": 2, "treatment": 3, "risk_block": 2}
"""How many parts of its id a text shares with those it stands together with; otherwise one."""


def file_of(key: str) -> str:
    """The file a text belongs in."""
    sort, _, rest = key.partition(".")
    if sort == "treatment":
        return f"{rest.partition('.')[0]}.yaml"
    return _FILES.get(sort, "shared.yaml")


def write_skeleton(
    rules: Path,
    language: Language,
    texts: Mapping[str, str],
    sentences: Iterable[str],
    words: Catalogue,
) -> dict[str, int]:
    """Add every text that is in none of the files yet; answers with file → how many were added.

    `sentences` are those of pages and messages. What stands in a file already stays as it is.
    Without a `language.yaml` one is written.
    """
    folder = rules / translations(language.code)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / LANGUAGE_FILE).exists():
        (folder / LANGUAGE_FILE).write_text(_language(language), encoding="utf-8")
    missing: dict[str, dict[str, str]] = {}
    for key, source in texts.items():
        if key not in words.texts:
            missing.setdefault(file_of(key), {})[key] = source
    for file, added in missing.items():
        path = folder / file
        before = read_words(path, LONGEST_TEXT_FILE) if os.path.lexists(path) else _head(language)
        path.write_text(f"{before.rstrip()}\n{_entries(added, language)}", encoding="utf-8")
    counts = {file: len(added) for file, added in missing.items()}
    if said := [each for each in sentences if each not in words.interface]:
        path = folder / INTERFACE_FILE
        before = read_words(path, LONGEST_TEXT_FILE) if os.path.lexists(path) else _head(language)
        lines = "".join(f'  {_quoted(each)}: {{{language.code}: ""}}\n' for each in said)
        path.write_text(f"{before.rstrip()}\n{lines}", encoding="utf-8")
        counts[INTERFACE_FILE] = len(said)
    return counts


def _language(language: Language) -> str:
    return "".join(
        f"{line}\n"
        for line in (
            f"code: {_quoted(language.code)}",
            f"name: {language.name}",
            f"direction: {language.direction}",
            f"state: {Approval.DRAFT}",
        )
    )


def _head(language: Language) -> str:
    return (
        f"# {language.name}. Write the words beside {_quoted(language.code)}; leave the id and the "
        f"English as they are.\n# Figures stay as they are; what is not known stays not known.\n\n"
        "texts:"
    )


def _entries(texts: Mapping[str, str], language: Language) -> str:
    lines: list[str] = []
    group: tuple[str, ...] = ()
    for key, source in texts.items():
        parts = tuple(key.split("."))
        together = parts[: _GROUP.get(parts[0], 1)]
        if parts[0] == "section":
            lines += ["", f"  # {source}"]
        elif together != group:
            lines.append("")
        group = together
        lines += [f"  {key}:", *_text(SOURCE_LANGUAGE, source), f'    {language.code}: ""']
    return "".join(f"{line}\n" for line in lines)


def _text(code: str, words: str) -> list[str]:
    return textwrap.wrap(
        _quoted(words),
        WIDTH,
        initial_indent=f"    {code}: ",
        subsequent_indent=" " * 6,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(words: str) -> str:
    escaped = re.sub(r'["\\]', r"\\\g<0>", words).replace("\n", r"\n")
    return '"' + re.sub("(?<= ) ", r"\\x20", escaped) + '"'
