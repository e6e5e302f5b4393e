"""Many invented patients at once: one JSON object a line in, one a line out, in the same order."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from questionnaire.content.trial import Patient, try_patient
from questionnaire.domain.answers import Slip
from questionnaire.domain.library import Library
from questionnaire.domain.written import Json, read_answers

LONGEST_LINE = 1_000_000
"""Bytes of one patient."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Malformed(Exception):  # noqa: N818  # what a line is, said to whoever wrote it
    """The line is not a patient; the sentence says why. `id` is the line's own, if any."""

    def __init__(self, sentence: str, patient_id: str | None = None) -> None:
        super().__init__(sentence)
        self.id = patient_id


@dataclass(frozen=True, slots=True)
class Line:
    """What is written for one line; `malformed` when it tells what is wrong with it."""

    written: str
    malformed: bool


def bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line of a file; of one that is too long only its beginning, one byte too many."""
    while line := file.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
        yield line


def try_lines(library: Library, lines: Iterable[bytes]) -> Iterator[Line]:
    """Answer every line as it comes. A malformed one gets a sentence and stops nothing."""
    for line in lines:
        try:
            outcome = _try(library, line)
        except Malformed as malformed:
            yield Line(_written({"id": malformed.id, "error": str(malformed)}), malformed=True)
        else:
            yield Line(_written(outcome), malformed=False)


def _written(found: Mapping[str, Any]) -> str:
    return json.dumps(found)


def _try(library: Library, line: bytes) -> dict[str, Any]:
    written = _read_object(line)
    given = written.get("id")
    patient_id = given if isinstance(given, str) else None
    try:
        if patient_id is None:
            raise Malformed("“id” must be there and be a text.")  # noqa: TRY301  # joins the others
        patient = _read_patient(library, written)
    except (Malformed, Slip) as reason:
        raise Malformed(str(reason), patient_id) from None
    trial = try_patient(library, patient)
    flags = trial.flags
    return {
        "id": patient_id,
        "asked": trial.situation.asked,
        "fires": sorted(flag.rule.id for flag in flags.fires),
        "clarify": sorted(flag.rule.id for flag in flags.clarify),
        "unsure": sorted(unsure.key for unsure in flags.unsure),
        "broken": sorted(flag.rule.id for flag in flags.broken),
        "triage": flags.triage,
    }


def _read_object(line: bytes) -> dict[str, Json]:
    if len(line) > LONGEST_LINE:
        raise Malformed(f"This line has more than {LONGEST_LINE:,} bytes.")
    try:
        written = json.loads(
            line.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_not_a_number,
            object_pairs_hook=_each_key_once,
        )
    except UnicodeDecodeError:
        raise Malformed("This line is not in UTF-8.") from None
    except (ValueError, ArithmeticError, RecursionError):
        raise Malformed("This line is not one JSON object.") from None
    if not isinstance(written, dict):
        raise Malformed("This line is not one JSON object.")
    return written


def _not_a_number(word: str) -> Json:
    raise Malformed(f"{word} is not a number.")


def _each_key_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("A key is given twice in this line.")
    return found


def _read_patient(library: Library, written: Mapping[str, Json]) -> Patient:
    on = _day(written, "on")
    born = _day(written, "date_of_birth")
    if born > on:
        raise Malformed("“date_of_birth” is after “on”.")
    answers = _needed(written, "answers")
    if not isinstance(answers, dict):
        raise Malformed("“answers” must be an object from question id to answer.")
    questions = library.questionnaire.questions
    return Patient(
        _treatments(library, written), born, on, read_answers(questions, answers, today=on)
    )


def _needed(written: Mapping[str, Json], key: str) -> Json:
    if key not in written:
        raise Malformed(f"“{key}” is missing.")
    return written[key]


def _treatments(library: Library, written: Mapping[str, Json]) -> frozenset[str]:
    listed = _needed(written, "treatments")
    if not isinstance(listed, list):
        raise Malformed("“treatments” must be a list of treatment ids.")
    for name in listed:
        if not isinstance(name, str) or name not in library.treatments:
            raise Malformed(f"There is no treatment {name}.")
    return frozenset(map(str, listed))


def _day(written: Mapping[str, Json], key: str) -> date:
    text = _needed(written, key)
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Malformed(f"“{key}” must be a real date like 1985-03-27.")
