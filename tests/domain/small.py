"""A questionnaire small enough to hold in mind, and ways to answer any question."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as some

from questionnaire.domain.answers import Answer, Choices, Slip, Withheld, clean_text
from questionnaire.domain.condition import All, Any, Leaf, Not
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.definition import (
    AnsweredBy,
    Formula,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
    Section,
)

ON = date(2025, 6, 2)
NONE = Option("none", "None of these", exclusive=True)


def is_(about: str, option: str) -> Leaf:
    """`about: {is: option}`."""
    return Leaf(about, Operator.IS, frozenset({option}))


def any_of(about: str, *options: str) -> Leaf:
    """`about: {any_of: [...]}`."""
    return Leaf(about, Operator.ANY_OF, frozenset(options))


def none_of(about: str, *options: str) -> Leaf:
    """`about: {none_of: [...]}`."""
    return Leaf(about, Operator.NONE_OF, frozenset(options))


def below(about: str, limit: int) -> Leaf:
    """`about: {below: limit}`."""
    return Leaf(about, Operator.BELOW, Fraction(limit))


def answered(about: str, *, there: bool) -> Leaf:
    """`about: {answered: …}`."""
    return Leaf(about, Operator.ANSWERED, there)


NAME = Question("full_name", "What is your name?", Kind.TEXT)
BORN = Question("date_of_birth", "When were you born?", Kind.DATE)
WANTED = Question(
    "treatments_wanted",
    "Which treatment?",
    Kind.MULTIPLE,
    (Option("prp", "PRP"), Option("mesotherapy", "Mesotherapy"), Option("not_sure", "Not sure")),
)
MEDICINES = Question(
    "medicines",
    "Do you take any of these?",
    Kind.MULTIPLE,
    (NONE, Option("thinner", "A blood thinner"), Option("steroid", "A steroid")),
    row_by_row=True,
)
THINNER = Question(
    "thinner_kind",
    "Which blood thinner?",
    Kind.SINGLE,
    (Option("aspirin", "Aspirin"), Option("warfarin", "Warfarin")),
    ask_when=any_of("medicines", "thinner"),
)
SKIN = Question(
    "skin",
    "Which skin is like yours?",
    Kind.PICTURE,
    (Option("1", "Fair"), Option("2", "Dark")),
    treatments=frozenset({"mesotherapy"}),
)
VISITS = Question(
    "visits", "How many visits?", Kind.WHOLE_NUMBER, minimum=Fraction(1), maximum=Fraction(60)
)
PLATELETS = Question(
    "platelets",
    "Do you know your platelet count?",
    Kind.DECIMAL,
    unit="x10^9 per litre (a count)",
    minimum=Fraction(1),
    maximum=Fraction(2000),
    out_of_range_hint="If the result says 150,000, write 150.",
    optional=True,
)
HEIGHT = Question("height", "How tall are you?", Kind.DECIMAL, unit="centimetres")
WEIGHT = Question("weight", "How much do you weigh?", Kind.DECIMAL, unit="kilograms")
LOW = Question(
    "felt_low",
    "How often did you feel low?",
    Kind.SINGLE,
    (
        Option("never", "Never", score=0),
        Option("often", "Often", score=2),
        Option("rarely", "Rarely"),
    ),
    ask_when=None,
)
COUNT = Question(
    "blood_count",
    "Is there a recent blood count?",
    Kind.SINGLE,
    (Option("yes", "Yes"), Option("no", "No")),
    answered_by=AnsweredBy.CLINICIAN,
)
AGE = Measure(
    "age", "Age", "years", Kind.WHOLE_NUMBER, ("date_of_birth",), Formula.FULL_YEARS, "Full years."
)
BMI = Measure(
    "bmi",
    "Body mass index",
    "kg/m2",
    Kind.DECIMAL,
    ("height", "weight"),
    Formula.BODY_MASS_INDEX,
    "Weight by height twice.",
)
MOOD = Measure(
    "mood", "Low mood score", "points, 0 to 2", Kind.WHOLE_NUMBER, ("felt_low",),
    Formula.SUM_OF_SCORES, "The score.",
)  # fmt: skip
MANY = Measure(
    "many", "Number of medicines", "medicines", Kind.WHOLE_NUMBER, ("medicines",),
    Formula.COUNT_OF_CHOICES, "How many.",
)  # fmt: skip
SCREEN = Measure(
    "screen", "Bleeding screen", "none", Kind.SINGLE, ("thinner_kind", "felt_low"),
    Formula.SCREEN, "Warfarin, or low.", ("positive", "negative"),
    Any((is_("thinner_kind", "warfarin"), All((is_("felt_low", "often"), Not(below("age", 18)))))),
)  # fmt: skip
QUESTIONNAIRE = Questionnaire.of(
    (
        Section("you", "You", (WANTED, NAME, BORN, MEDICINES, THINNER, SKIN, VISITS)),
        Section("body", "Body", (PLATELETS, HEIGHT, WEIGHT, LOW)),
        Section("clinician", "For the clinician", (COUNT,)),
    ),
    (AGE, BMI, MOOD, MANY, SCREEN),
)


def _is_clean(text: str) -> bool:
    try:
        return bool(text) and clean_text(text) == text
    except Slip:
        return False


words = some.text(max_size=30).filter(_is_clean)


@some.composite
def choices_of(draw: some.DrawFn, question: Question) -> Choices:
    """Choices as the form would make them."""
    none = question.none_option
    rows = [option.id for option in question.options if not option.exclusive]
    marks = draw(some.lists(some.sampled_from("yn?"), min_size=len(rows), max_size=len(rows)))
    yes = frozenset(row for row, mark in zip(rows, marks, strict=True) if mark == "y")
    unsure = frozenset(row for row, mark in zip(rows, marks, strict=True) if mark == "?")
    if not yes and not unsure:
        yes = frozenset({none.id if none else rows[0]})
    return Choices(yes, unsure)


def answer_to(question: Question) -> some.SearchStrategy[Answer]:
    """Any answer the question can have, held back ones among them."""
    held_back = some.sampled_from(Withheld)
    ids = [option.id for option in question.options]
    low = Decimal(int(question.minimum or 1))
    high = Decimal(int(question.maximum or 200))
    kinds: dict[Kind, some.SearchStrategy[Answer]] = {
        Kind.SINGLE: some.sampled_from(ids or [""]),
        Kind.MULTIPLE: choices_of(question),
        Kind.TEXT: words,
        Kind.DATE: some.dates(date(1900, 1, 1), ON),
        Kind.WHOLE_NUMBER: some.integers(int(low), int(high)),
        Kind.DECIMAL: some.decimals(low, high, places=2).map(Decimal.normalize),
        Kind.PICTURE: some.sampled_from([int(it) for it in ids if it.isdecimal()] or [0]),
    }
    return some.one_of(kinds[question.kind], kinds[question.kind], held_back)


def answers_to(questionnaire: Questionnaire) -> some.SearchStrategy[dict[str, Answer]]:
    """Answers to some of the questions, asked or not."""
    return some.fixed_dictionaries(
        {}, optional={key: answer_to(it) for key, it in questionnaire.questions.items()}
    )
