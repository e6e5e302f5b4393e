"""For whoever translates: what is missing or stale in a language, and files to fill in."""

from collections.abc import Iterator
from pathlib import Path

import click

from questionnaire.cli.sentences import sentences
from questionnaire.content import ContentProblems, Level
from questionnaire.content.translation_skeleton import write_skeleton
from questionnaire.content.translations import (
    catalogue,
    languages,
    texts_of,
    translation_problems,
)
from questionnaire.domain.language import Approval, Direction, Language
from questionnaire.domain.library import Library


def check_language(rules: Path, library: Library, code: str) -> Iterator[str]:
    """What is wrong with one language, line by line; ends the command with 1 if anything is."""
    language = _language(rules, code)
    said_on_pages = sentences()
    problems = translation_problems(rules, code, library, said_on_pages)
    wrong = [it for it in problems if it.level is Level.PROBLEM]
    yield from (f"note: {it}" for it in problems if it.level is Level.NOTE)
    yield from (str(it) for it in wrong)
    said = f"{language.name} ({code}), {_state(language)}, {len(texts_of(library)):,} texts"
    said += f" and {len(said_on_pages):,} sentences of pages"
    if wrong:
        yield f"{said}: {len(wrong):,} to mend. They are shown in English until then."
        raise click.exceptions.Exit(1)
    yield f"{said}: none is missing or stale."


def translate_into(
    rules: Path, library: Library, code: str, name: str, direction: Direction
) -> Iterator[str]:
    """Write what is missing into the files of one language, and say how much into which."""
    known = {it.code: it for it in _languages(rules)}
    language = known.get(code) or Language(code, name, direction, Approval.DRAFT)
    if not language.name:
        raise click.UsageError(f"{code} is new: say --name, what its speakers call it.")
    try:
        words = catalogue(rules, code)
        added = write_skeleton(rules, language, texts_of(library), sentences(), words)
    except ContentProblems as error:
        raise click.ClickException(str(error)) from None
    folder = f"{rules.name}/translations/{code}"
    yield from (f"{folder}/{file}: {count} texts to translate" for file, count in added.items())
    if not added:
        yield f"{folder}: no text is missing."


def _languages(rules: Path) -> tuple[Language, ...]:
    try:
        return languages(rules)
    except ContentProblems as error:
        raise click.ClickException(str(error)) from None


def _language(rules: Path, code: str) -> Language:
    known = {it.code: it for it in _languages(rules)}
    if code not in known:
        there = ", ".join(known) or "none"
        raise click.ClickException(f"There is no language {code} in rules/ (there: {there}).")
    return known[code]


def _state(language: Language) -> str:
    if language.state is Approval.DRAFT:
        return "draft"
    return f"approved by {language.approved_by} on {language.approved_on}"
