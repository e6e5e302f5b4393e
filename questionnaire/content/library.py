"""Opens `rules/`: every file read once, checked together, and bound under one fingerprint."""

from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError
from pathlib import Path

from questionnaire.content.cases import Case, check_cases, read_cases
from questionnaire.content.checks import check_library
from questionnaire.content.clinic import read_clinic
from questionnaire.content.conditions import ConditionReader
from questionnaire.content.flags import read_flags
from questionnaire.content.folder import CASES, Folder, fingerprint
from questionnaire.content.measures import read_measures
from questionnaire.content.problems import ContentProblems, Level, Problem
from questionnaire.content.questions import Asked, read_questions
from questionnaire.content.shared import read_shared
from questionnaire.content.sources import read_disagreements, read_sources
from questionnaire.content.subjects import subjects, with_conditions
from questionnaire.content.translation_files import Translated, read_translated
from questionnaire.content.treatments import read_treatment
from questionnaire.domain.definition import TREATMENTS_WANTED, Questionnaire
from questionnaire.domain.library import Library
from questionnaire.domain.treatment import Treatment


@dataclass(frozen=True, slots=True)
class Content:
    """All that stands in the folder: the library (None when unusable), its cases, what is wrong.

    `translated` holds every other language with its words. `problems` also holds notes; they are
    in the order of files and lines.
    """

    library: Library | None
    cases: tuple[Case, ...]
    translated: tuple[Translated, ...]
    problems: tuple[Problem, ...]


def load_library(path: Path) -> Library:
    """Everything a clinic decides, from the folder `path` (`rules/`), proved by its cases.

    Files that stayed as they were are not read again by the same process. Raises `ContentProblems`
    that lists everything in the way, each with its file and line.
    """
    return load_translated(path)[0]


def load_translated(path: Path) -> tuple[Library, tuple[Translated, ...]]:
    """The library and every other language in the folder, read and kept like `load_library`'s."""
    return _load(path.absolute(), fingerprint(path))


@lru_cache(maxsize=8)
def _load(path: Path, _: str) -> tuple[Library, tuple[Translated, ...]]:
    content = read_content(path)
    problems = tuple(it for it in content.problems if it.level is Level.PROBLEM)
    if content.library is None or problems:
        raise ContentProblems(problems)
    return content.library, content.translated


def check(path: Path) -> tuple[Problem, ...]:
    """Everything wrong in the folder `path`, and everything worth a look."""
    return read_content(path).problems


def read_content(path: Path) -> Content:
    """Read the folder and check it, as far as what is wrong lets it be checked."""
    folder = Folder(path)
    reading = folder.reading
    library, cases = _library(folder), tuple[Case, ...]()
    if library is not None and not reading.problems:
        check_library(reading, library)
        found = len(reading.problems)
        cases = tuple(
            case
            for name in folder.names(CASES)
            for case in read_cases(reading, folder.open(name), library)
        )
        if len(reading.problems) == found:
            check_cases(reading, library, cases)
    translated = read_translated(folder)
    folder.report_unread()
    problems = sorted(dict.fromkeys(reading.problems), key=lambda it: it.place)
    return Content(library, cases, translated, tuple(problems))


def _library(folder: Folder) -> Library | None:
    """The library as far as it can be read; None when its questions wait in a circle."""
    reading = folder.reading
    asked = Asked([], [], {}, {})
    read_questions(reading, folder.open("questions.yaml"), asked)
    read_measures(reading, folder.open("measures.yaml"), asked)
    conditions = ConditionReader(reading, subjects(asked))
    asked = with_conditions(conditions, asked)
    sources = read_sources(reading, folder.open("sources.yaml"))
    shared = read_shared(reading, folder.open("shared.yaml"))
    treatments = _treatments(folder, asked)
    rules = tuple(
        rule
        for name in folder.names("flags")
        for rule in read_flags(reading, folder.open(name), conditions)
    )
    disagreements = read_disagreements(reading, folder.open("disagreements.yaml"))
    filled_in = [right.id for right in shared.rights if right.clinic_fills_in]
    clinic = read_clinic(reading, folder.open("clinic.yaml"), filled_in, treatments)
    reading.resolve_references()
    try:
        questionnaire = Questionnaire.of(asked.sections, asked.measures)
    except CycleError as error:
        circle: list[str] = error.args[1]
        sort = "question" if circle[0] in asked.questions else "measure"
        place = reading.place_of(sort, circle[0])
        sentence = f"These wait for each other in a circle: {', '.join(circle)}."
        reading.problem(place, sentence)
        return None
    return Library(
        version=folder.digest(),
        questionnaire=questionnaire,
        rules=rules,
        treatments=treatments,
        risk_blocks=shared.risk_blocks,
        statements=shared.statements,
        statements_note=shared.statements_note,
        rights=shared.rights,
        quiz_rules=shared.quiz_rules,
        frequency_words=shared.frequency_words,
        places=shared.places,
        product_fields=shared.product_fields,
        sources=sources,
        disagreements=disagreements,
        clinic=clinic,
    )


def _treatments(folder: Folder, asked: Asked) -> dict[str, Treatment]:
    """The treatments, in the order in which the first question offers them."""
    found: dict[str, Treatment] = {}
    for name in folder.names("treatments"):
        treatment = read_treatment(folder.reading, folder.open(name))
        found[treatment.id] = treatment
    wanted = asked.questions.get(TREATMENTS_WANTED)
    offered = [option.id for option in wanted.options] if wanted else []
    return {key: found[key] for key in sorted(found, key=lambda it: _rank(offered, it))}


def _rank(offered: list[str], treatment: str) -> tuple[int, str]:
    return (offered.index(treatment) if treatment in offered else len(offered), treatment)
