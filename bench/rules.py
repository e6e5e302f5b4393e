"""Three thousand invented patients through all rules, as a clinician's command does it."""

import json
import random
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import ceil
from pathlib import Path

from bench.figures import Figure, lap
from bench.places import ROOT, command, environment
from questionnaire.content import load_library
from questionnaire.domain.definition import DATE_OF_BIRTH, TREATMENTS_WANTED, Kind, Question
from questionnaire.domain.library import Library

PATIENTS = 3000
LEFT_BLANK = 0.1
RUNS = 3
TODAY = date(2025, 6, 2)


def measure() -> Iterator[Figure]:
    """The batch command from start to exit, content loading included."""
    library = load_library(ROOT / "rules")
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        file = Path(folder) / "patients.jsonl"
        file.write_text("".join(f"{json.dumps(one)}\n" for one in invented(library, PATIENTS)))
        env = environment(Path(folder))
        laps = [lap(lambda: command("rules", "try", "--batch", file, env=env)) for _ in range(RUNS)]
    yield Figure(f"{PATIENTS:,} patients through the rules (process)", laps)


def invented(library: Library, number: int) -> Iterator[Mapping[str, object]]:
    """Patients of every age and treatment, who leave a question blank here and there."""
    rolled = random.Random(20250602)  # noqa: S311  # invented patients, no secrets
    asked = [
        question
        for question in library.questionnaire.questions.values()
        if question.id not in {DATE_OF_BIRTH, TREATMENTS_WANTED}
    ]
    for place in range(number):
        treatments = rolled.sample(sorted(library.treatments), rolled.choice([1, 1, 2, 3]))
        given = [question for question in asked if rolled.random() > LEFT_BLANK]
        yield {
            "id": f"patient-{place}",
            "treatments": treatments,
            "date_of_birth": (TODAY - timedelta(days=rolled.randint(17, 90) * 365)).isoformat(),
            "on": TODAY.isoformat(),
            "answers": {TREATMENTS_WANTED: treatments}
            | {question.id: _answer(rolled, question) for question in given},
        }


def _answer(rolled: random.Random, question: Question) -> object:
    ids = [option.id for option in question.options if not option.exclusive]
    if question.kind is Kind.MULTIPLE:
        return rolled.sample(ids, min(len(ids), rolled.choice([1, 1, 2, 3])))
    if question.kind is Kind.SINGLE:
        return rolled.choice([option.id for option in question.options])
    if question.kind is Kind.PICTURE:
        return int(rolled.choice(ids))
    if question.kind is Kind.TEXT:
        return "Invented words"
    if question.kind is Kind.DATE:
        return "2019-02-28"
    return rolled.randint(ceil(question.minimum or 0), int(question.maximum or 100))
