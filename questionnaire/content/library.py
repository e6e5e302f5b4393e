"""Opens `rules/`: every file read once, checked together, and bound under one fingerprint."""

from dataclasses import dataclass, field
from graphlib import CycleError
from hashlib import sha256
from pathlib import Path

from questionnaire.content.clinic import read_clinic
from questionnaire.content.conditions import ConditionReader
from questionnaire.content.flags import read_flags
from questionnaire.content.measures import read_measures
from questionnaire.content.nodes import Entries, Node, compose
from questionnaire.content.problems import ContentProblems, Level, Place
from questionnaire.content.questions import Asked, read_questions
from questionnaire.content.reading import Reading
from questionnaire.content.shared import read_shared
from questionnaire.content.sources import read_disagreements, read_sources
from questionnaire.content.subjects import subjects, with_conditions
from questionnaire.content.treatments import read_treatment
from questionnaire.domain.definition import TREATMENTS_WANTED, Questionnaire
from questionnaire.domain.library import Library
from questionnaire.domain.treatment import Treatment


@dataclass(slots=True)
class Folder:
    """The files of one folder, opened in order; `digest` covers every name and every byte."""

    path: Path
    reading: Reading = field(default_factory=Reading)
    contents: dict[str, bytes] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """The file as people see it: `rules/questions.yaml`."""
        return f"{self.path.name}/{name}"

    def open(self, name: str) -> Node:
        """The tree of one file; an empty one when it is missing or unreadable."""
        shown = self.shown(name)
        try:
            content = (self.path / name).read_bytes()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self.reading.problem(Place(shown, 1), f"This file cannot be read: {reason}.")
            return Entries({}, {}, Place(shown, 1))
        self.contents[name] = content
        return compose(content, shown, self.reading.problems) or Entries({}, {}, Place(shown, 1))

    def names(self, part: str) -> tuple[str, ...]:
        """The YAML files of a folder inside, by name."""
        return tuple(sorted(f"{part}/{path.name}" for path in (self.path / part).glob("*.yaml")))

    def digest(self) -> str:
        """SHA-256 over the names, lengths and bytes of the files opened (hex)."""
        total = sha256()
        for name, content in sorted(self.contents.items()):
            total.update(f"{name}\n{len(content)}\n".encode())
            total.update(content)
        return total.hexdigest()


def load_library(path: Path) -> Library:
    """Everything a clinic decides, from the folder `path` (`rules/`).

    Raises `ContentProblems` that lists everything in the way, each with its file and line.
    """
    folder = Folder(path)
    library = read_library(folder)
    problems = tuple(it for it in folder.reading.problems if it.level is Level.PROBLEM)
    if library is None or problems:
        raise ContentProblems(tuple(sorted(problems, key=lambda it: it.place)))
    return library


def read_library(folder: Folder) -> Library | None:
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
        place = reading.place_of("question", next(it for it in circle if it in asked.questions))
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
