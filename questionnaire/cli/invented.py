"""An invented clinic and its people for demonstrations.

Their answers raise as few flags as the rules allow.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.domain.definition import (
    AnsweredBy,
    Kind,
    Question,
)
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.identity import staff_wrote
from questionnaire.domain.library import Library
from questionnaire.domain.review import Plan
from questionnaire.domain.situation import Situation, chosen_treatments, situation
from questionnaire.domain.visit import Role, Visit

CLINIC = ClinicDetails(
    name="Aurelia Clinic",
    address="12 Linden Row, Exampleton EX1 2AB",
    country="United Kingdom",
    time_zone="Europe/London",
    calling_code="44",
    phone="01632 960 118",
    emergency_phone="01632 960 119",
    emergency_number="999",
    email="care@aurelia.example",
    complaints_email="complaints@aurelia.example",
    regulator="Invented Care Authority",
    regulator_address="1 Sample Street, Exampleton EX1 9ZZ",
    law_of=("united_kingdom", "england"),
    own_words={
        "money": {
            "en": "The price of each visit stands in this document. A visit cancelled a day before "
            "costs nothing. If I stop a course early, I pay only for the visits I had.",
            "es": "El precio de cada sesión está en este documento. Cancelar una sesión un día "
            "antes no cuesta nada. Si dejo antes una serie de sesiones, solo pago las que tuve.",
            "ar": "سعر كل زيارة مكتوب في هذه الوثيقة. إلغاء الزيارة قبل موعدها بيوم لا يكلّف شيئًا، "
            "وإذا أوقفتُ سلسلة الزيارات مبكرًا فلا أدفع إلا ثمن الزيارات التي أجريتُها.",
        }
    },
)
STAFF = (
    (
        "Dr Ada Invented",
        "ada@candour.example",
        "INVENTED-0001",
        (Role.CLINICIAN, Role.ADMINISTRATOR, Role.DESK, Role.ARCHIVIST),
    ),
    ("Dex Frontly", "dex@candour.example", "", (Role.DESK, Role.ARCHIVIST)),
)
PEOPLE = (
    ("Marigold Testwell", date(1979, 3, 14), "prp_injections"),
    ("Basil Madeupson", date(1984, 7, 2), "prp_microneedling"),
    ("Clover Fictionby", date(1991, 11, 23), "mesotherapy_face"),
    ("Rowan Pretendham", date(1988, 1, 30), "mesotherapy_hair"),
    ("Juniper Inventdale", date(1975, 9, 9), "mesotherapy_cellulite"),
    ("Aster Notarealname", date(1969, 5, 17), "fat_dissolving"),
    ("Linden Examplebury", date(1990, 12, 5), "prp_adjunct"),
    ("Hazel Samplethorpe", date(1986, 4, 21), "prp_injections"),
    ("Bryony Placeholder", date(1993, 8, 12), "mesotherapy_face"),
)
WORDS = "I would like to worry less about how my hair looks in photos."
WORRIES = "That it hurts, and that people at work will see it."
INK = "[[[0.1,0.6],[0.2,0.2],[0.3,0.7],[0.4,0.3],[0.5,0.6],[0.7,0.4],[0.9,0.5]]]"
PLAN = Plan(
    product="Invented kit",
    batch="DEMO-001",
    areas="As drawn with the patient",
    sessions="3",
    interval="4 weeks",
    price="Invented price, 100 a visit",
    not_included="Medicines from the pharmacy",
    benefit_view="A modest gain is possible; none is certain.",
    capacity="Understands, weighs and says back in own words.",
    discussed="Aims, limits, risks, other choices and doing nothing.",
)
REPLY = "We numb the skin first and stop when you say. Small marks fade within days."
STATED: Mapping[str, str] = {
    "How much blood is drawn": "20 ml",
    "Single or double spin": "Double spin",
    "Switched on or not": "Not switched on",
    "Which device": "Invented pen, single-use needles",
    "How deep the needles go": "1 mm",
    "PRP put on during or after": "During",
    "Exactly what is in the mix": "Invented hyaluronic acid, 2 ml",
    "Whether a device or drug licence covers this use": "No licence covers this use",
    "The product": "Invented deoxycholic acid, 10 mg in 1 ml",
    "Its licence": "Licensed for the fat under the chin",
    "The area": "Under the chin",
}
"""What the clinic states of each treatment, by the name the content gives it."""
NOTHING: Mapping[str, Answer] = {}
TROUBLED: Mapping[str, Answer] = {
    "blood_problems": Choices(frozenset({"platelets_work_poorly"}), frozenset({"low_platelets"})),
    "medicines": Choices(frozenset({"blood_thinner"}), frozenset({"supplements"})),
    "blood_thinner_kind": Choices(frozenset({"aspirin"})),
}
"""Answers of somebody whose form raises flags of every severity."""


def calm_answers(
    library: Library, visit: Visit, on: date, given: Mapping[str, Answer] = NOTHING
) -> dict[str, Answer]:
    """A whole form for the visit: each answer that is not `given` the one that raises least."""
    answers = {**staff_wrote(visit), **given}
    treatments = chosen_treatments(visit.treatments, answers, library.treatments)
    return fill_in(library, treatments, answers, on, AnsweredBy.PATIENT)


def fill_in(
    library: Library,
    treatments: frozenset[str],
    given: Mapping[str, Answer],
    on: date,
    who: AnsweredBy,
) -> dict[str, Answer]:
    """`given`, completed with the calmest answer to every question `who` must still answer."""
    answers = dict(given)
    while missing := _now(library, treatments, answers, on).missing(who):
        question = library.questionnaire.questions[missing[0]]
        answers[question.id] = min(
            _possible(question.offered_for(treatments)),
            key=lambda answer: _trouble(
                library, _now(library, treatments, {**answers, question.id: answer}, on)
            ),
        )
    return answers


def in_rows(rows: Iterable[str], answer: Answer | None) -> dict[str, str]:
    """The rows of a page as ticked: `yes`, `no` or `not_sure` for each option."""
    if not isinstance(answer, Choices):
        raise TypeError("a list of rows is answered with choices")
    marks = dict.fromkeys(answer.yes, "yes") | dict.fromkeys(answer.not_sure, "not_sure")
    return {row: marks.get(row, "no") for row in rows}


def _now(
    library: Library, treatments: frozenset[str], answers: Mapping[str, Answer], on: date
) -> Situation:
    return situation(library.questionnaire, treatments, answers, on)


INVENTED_PHONE = "01632 960 077"
"""Of a range that Ofcom keeps for invented people (01632 960000 to 960999)."""


def _trouble(library: Library, now: Situation) -> tuple[int, int]:
    flags = raise_flags(library.rules, now)
    weight = sum(2 ** (3 * flag.rule.severity.weight) for flag in flags.fires)
    return weight, len(flags.clarify)


def _possible(question: Question) -> Iterator[Answer]:
    if question.kind is Kind.MULTIPLE:
        yield from (Choices(frozenset({option.id})) for option in question.options)
    elif question.kind is Kind.SINGLE:
        yield from (option.id for option in question.options)
    elif question.kind is Kind.PICTURE:
        yield from (int(option.id) for option in question.options)
    elif question.kind is Kind.TEXT:
        yield INVENTED_PHONE if question.contact else "An invented answer"
    elif question.kind is Kind.DATE:
        yield date(1985, 3, 27)
    else:
        yield from _numbers(question)


def _numbers(question: Question) -> Iterator[Answer]:
    low, high = question.minimum or 0, question.maximum or 100
    for step in range(1, 20):
        amount = round(low + (high - low) * step / 20)
        yield amount if question.kind is Kind.WHOLE_NUMBER else Decimal(amount)
