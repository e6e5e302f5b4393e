"""For whoever writes patient texts: how hard each one is to read, and what must be made plainer."""

from collections.abc import Collection, Iterator
from pathlib import Path

import click

from questionnaire.content.reading_grade import (
    FEWEST_WORDS,
    HIGHEST_GRADE,
    Exceptions,
    Graded,
    graded,
    read_exceptions,
    too_hard,
    unneeded,
)
from questionnaire.content.translations import texts_of
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.library import Library


def check_reading(rules: Path, library: Library) -> Iterator[str]:
    """The US grade of every English patient text, then what is too hard; ends with 1 if any is."""
    theirs = _of_clinicians(library)
    found = {
        key: graded(key, words)
        for key, words in texts_of(library).items()
        if not key.startswith(theirs)
    }
    exceptions, problems = read_exceptions(rules)
    yield from (_line(one, exceptions) for one in found.values())
    wrong = [
        *(str(problem) for problem in problems),
        *(str(problem) for problem in unneeded(found, exceptions)),
        *(sentence for one in found.values() for sentence in _too_hard(one, exceptions)),
    ]
    yield ""
    yield from wrong
    yield _told(found.values(), exceptions, len(wrong))
    if wrong:
        raise click.exceptions.Exit(1)


def _of_clinicians(library: Library) -> tuple[str, ...]:
    """How the ids begin of what clinicians ask each other: it may be in the field's own words."""
    questions = library.questionnaire.questions.values()
    return tuple(f"question.{it.id}." for it in questions if it.answered_by is AnsweredBy.CLINICIAN)


def _line(one: Graded, exceptions: Exceptions) -> str:
    if one.grade is None:
        held = f"  (long: {', '.join(one.long_words)})" if one.long_words else ""
        return f"short  {one.key}{held}"
    listed = exceptions.texts.get(one.key)
    return f"{one.grade:5.1f}  {one.key}" + (f"  (listed: {listed.reason})" if listed else "")


def _too_hard(one: Graded, exceptions: Exceptions) -> Iterator[str]:
    if too_hard(one) and one.key not in exceptions.texts:
        yield f"{one.key} is at grade {one.grade}, above {HIGHEST_GRADE:.0f}: “{one.words}”"
    for word in one.long_words:
        if word not in exceptions.words:
            yield f"{one.key} is short and holds the long word {word}: “{one.words}”"


def _told(found: Collection[Graded], exceptions: Exceptions, wrong: int) -> str:
    grades = [one.grade for one in found if one.grade is not None]
    short = sum(one.grade is None for one in found)
    average = sum(grades) / len(grades) if grades else 0.0
    return (
        f"{len(grades):,} texts graded (Flesch-Kincaid, names of medicines counted): "
        f"{average:.1f} on average, at most {HIGHEST_GRADE:.0f} but for "
        f"{len(exceptions.texts)} listed. {short:,} have fewer than {FEWEST_WORDS} words; "
        f"{len(exceptions.words)} long words may stand in them. "
        f"{wrong or 'Nothing'} to mend."
    )
