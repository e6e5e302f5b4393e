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

FORMAT = "candour-consent/1"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, and when (UTC)."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """The clinic as printed."""

    name: str
    address: str
    phone: str
    emergency_phone: str
    email: str
    complaints: str
    country: str
    time_zone: str
    data_use: str
    withdrawal: str


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The patient as the desk identified them."""

    id: str
    full_name: str
    date_of_birth: date
    identity_check: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who will perform the treatment and sought the consent."""

    name: str
    role: str
    registration: str


@dataclass(frozen=True, slots=True)
class RiskText:
    """One risk as the patient read it; `how_often` is words, or “nobody has counted”."""

    id: str
    title: str
    how_often: str
    text: str


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """One finding as the patient read it; `sources` are source ids."""

    finding: str
    figure: str
    limits: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegalText:
    """The legal position in one place."""

    place: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreatmentText:
    """Everything the patient was told about one treatment, word for word."""

    id: str
    title: str
    summary: str
    steps: tuple[str, ...]
    how_it_may_work: str
    aims: tuple[str, ...]
    plain_summary: str
    note: str
    evidence: tuple[EvidenceText, ...]
    sessions: str
    risks: tuple[RiskText, ...]
    risks_note: str
    alternatives: tuple[str, ...]
    aftercare: tuple[str, ...]
    help_same_day: tuple[str, ...]
    help_emergency: tuple[str, ...]
    help_later: tuple[str, ...]
    legal: tuple[LegalText, ...]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A statement or personal risk the patient ticked; `because` names the rule, if any."""

    id: str
    text: str
    ticked_at: datetime | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One question with its answer in words, as shown on the check page."""

    section: str
    question_id: str
    question: str
    answer: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A value worked out from answers, as shown."""

    title: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class DispositionText:
    """What was done about a flag."""

    actions: tuple[str, ...]
    words: str
    act: Act


@dataclass(frozen=True, slots=True)
class FlagText:
    """One point for the clinician. `kind` is fires, clarify or unsure."""

    id: str
    kind: str
    severity: str
    title: str
    why: str
    because: tuple[str, ...]
    disposition: DispositionText | None


@dataclass(frozen=True, slots=True)
class QuestionText:
    """What the patient asked, and the reply."""

    asked: str
    reply: str
    act: Act | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a check-question."""

    choice: str
    right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class QuizText:
    """One check-question with every try, and who talked it through."""

    id: str
    treatment: str
    key: bool
    question: str
    right_answer: str
    attempts: tuple[Attempt, ...]
    discussed: Act | None


@dataclass(frozen=True, slots=True)
class PlanText:
    """What will be done. Empty text means not stated."""

    product: str
    batch: str
    areas: str
    sessions: str
    interval: str
    price: str
    not_included: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewText:
    """The clinician's decision in their own words."""

    decision: str
    words: str
    discussed: str
    benefit_view: str
    capacity: str
    reply_to_words: str
    own_points: tuple[str, ...]
    act: Act


@dataclass(frozen=True, slots=True)
class PhotoChoices:
    """Separate yes or no for photos: in the record, for teaching, in public."""

    record: bool
    teaching: bool
    publication: bool


@dataclass(frozen=True, slots=True)
class Times:
    """When things happened (UTC); the interval is worked out when printed."""

    arranged_at: datetime
    submitted_at: datetime
    information_given_at: datetime
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source named in the record."""

    id: str
    citation: str
    year: str


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """The whole of what is agreed, frozen; see the module's first lines."""

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
    format: str = FORMAT


class Method(StrEnum):
    """How somebody signed."""

    DRAWN = "drawn"
    TYPED = "typed"
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


def fingerprint(canonical_json: bytes) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return sha256(canonical_json).hexdigest()
