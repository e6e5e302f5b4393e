"""The consent record: the exact words, answers, flags and review that both people sign.

Its canonical JSON (RFC 8785) is the thing signed; the SHA-256 of that JSON is its fingerprint,
printed on every page. A record keeps its own words: nothing in it points to a text that could
change later. Signatures are not part of it: they name its fingerprint.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from questionnaire.domain.consent_parts import (
    AnswerText,
    ClinicFacts,
    FlagText,
    MeasureText,
    PatientFacts,
    PhotoChoices,
    PlanText,
    Practitioner,
    QuestionText,
    QuizText,
    ReviewText,
    SourceText,
    Ticked,
    Times,
    TreatmentText,
)
from questionnaire.domain.language import SOURCE_LANGUAGE

FORMAT = "candour-consent/1"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """The whole of what is agreed, frozen; see the module's first lines.

    `translation` is `draft` when nobody had approved the language it was read in; `written_in` is
    the code of the language of the clinician's own words in plan and decision, if they said it.
    """

    record_id: str
    visit_id: str
    language: str
    content_version: str
    help_with_form: str
    withdrawal_code: str
    clinic: ClinicFacts
    patient: PatientFacts
    practitioner: Practitioner
    treatments: tuple[TreatmentText, ...]
    plan: PlanText
    patient_words: tuple[AnswerText, ...]
    statements: tuple[Ticked, ...]
    personal_risks: tuple[Ticked, ...]
    rights: tuple[str, ...]
    answers: tuple[AnswerText, ...]
    measures: tuple[MeasureText, ...]
    flags: tuple[FlagText, ...]
    questions: tuple[QuestionText, ...]
    quiz: tuple[QuizText, ...]
    review: ReviewText
    photos: PhotoChoices
    times: Times
    sources: tuple[SourceText, ...]
    replaces: str = ""
    translation: str = ""
    written_in: str = SOURCE_LANGUAGE
    format: str = FORMAT


class Method(StrEnum):
    """How somebody signed."""

    DRAWN = "drawn"
    TYPED = "typed"
    TICKED = "ticked"
    WITNESSED = "witnessed"


Stroke = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """One simple electronic signature, bound to a record by its fingerprint.

    `meaning` says what the person meant by signing (21 CFR 11.50). `ink` is empty unless drawn;
    points go from 0 to 1 across and down the box. `witness` names the member of staff who
    watched, when the patient could not sign by hand.
    """

    role: str
    printed_name: str
    method: Method
    meaning: str
    record_sha256: str
    at: datetime
    ink: tuple[Stroke, ...] = ()
    witness: str = ""


def as_json(value: object) -> object:
    """The dataclass, mapping or tuple as JSON values; times as `2026-11-25T09:30:00Z`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value


def canonical(record: ConsentRecord) -> bytes:
    """The record as canonical JSON (RFC 8785), UTF-8.

    A record holds only texts, booleans and None, for which sorted keys without spaces are the
    canonical form; anything else raises `TypeError`.
    """
    written = as_json(record)
    _refuse_numbers(written)
    return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_numbers(value: object) -> None:
    if isinstance(value, dict):
        for item in value.values():
            _refuse_numbers(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_numbers(item)
    elif value is not None and not isinstance(value, str | bool):
        raise TypeError(f"a record holds no {type(value).__name__}")


def language_of(canonical_json: bytes) -> str:
    """The code of the language a record was read in."""
    return str(json.loads(canonical_json)["language"])


def fingerprint(canonical_json: bytes) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return sha256(canonical_json).hexdigest()
