"""The parts of a consent record: each holds words exactly as they were shown."""

from dataclasses import dataclass
from datetime import date, datetime

from questionnaire.domain.consent_pictures import AreasText, PeopleText, ResultsText


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, and when (UTC)."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """The clinic as printed; `calling_code` is that of its telephone numbers, like 44.

    `emergency_number` calls an ambulance, like 999; `emergency_phone` is the clinic's own number
    for day and night.
    """

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
    calling_code: str = ""
    emergency_number: str = ""


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
    """One risk as the patient read it; `how_often` is words, or “nobody has counted”.

    `people` are the pictures: none where nobody counted, two where a dummy was compared.
    """

    id: str
    title: str
    how_often: str
    text: str
    people: tuple[PeopleText, ...] = ()


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
    results: ResultsText | None = None


@dataclass(frozen=True, slots=True)
class Ticked:
    """A statement or personal risk the patient ticked.

    `because` are the questions whose answers led to it, a line each; none when the clinician added
    it. `sources` are those that decided, each with who answered (patient, told or clinician; see
    `reasons.Source`); records of earlier releases do not tell.
    """

    id: str
    text: str
    ticked_at: datetime | None
    because: str = ""
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One question with its answer in words, as shown on the check page.

    `picture` is the number of the picture that was picked, `areas` what was pointed at on maps.
    `typed` are the person's own words; records of earlier releases do not tell.
    """

    section: str
    question_id: str
    question: str
    answer: str
    answered_by: str
    picture: str = ""
    areas: AreasText | None = None
    typed: bool = False


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
class ReasonText:
    """A question or worked-out value, and what this patient answered to it, a line a choice."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class FlagText:
    """One point for the clinician. `kind` is fires, clarify or unsure.

    `because` are the questions without an answer (clarify) or the patient's own answer (unsure);
    only a rule that fires has `answers`: what this patient answered that made it fire. Records of
    earlier releases hold the rule's own reason as `why`, and its tests as `because` instead.
    """

    id: str
    kind: str
    severity: str
    title: str
    why: str
    because: tuple[str, ...]
    disposition: DispositionText | None
    answers: tuple[ReasonText, ...] = ()


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
class FactsText:
    """What the clinic states of one treatment: its title, then names and values."""

    treatment: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanText:
    """What will be done. Empty text means not stated; `maps` are the areas as drawn.

    The facts of each treatment are `of_treatments`; records of earlier releases hold them as
    `details`.
    """

    product: str
    batch: str
    areas: str
    sessions: str
    interval: str
    price: str
    not_included: str
    details: tuple[tuple[str, str], ...] = ()
    maps: tuple[AreasText, ...] = ()
    of_treatments: tuple[FactsText, ...] = ()


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
    """When things happened (UTC); the interval is worked out when printed.

    `may_sign_from` is when the clinic's time to think was over, None where it asks for none.
    """

    arranged_at: datetime
    submitted_at: datetime
    information_given_at: datetime
    reviewed_at: datetime
    may_sign_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source named in the record."""

    id: str
    citation: str
    year: str
