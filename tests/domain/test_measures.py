"""Values worked out from answers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.condition import Chosen, State
from questionnaire.domain.definition import Formula, Kind, Measure, Questionnaire, Section
from questionnaire.domain.measures import body_mass_index, full_years, work_out
from questionnaire.domain.situation import situation
from tests.domain.small import BORN, MEDICINES, NAME, ON, QUESTIONNAIRE


def known(answers: dict[str, Answer], measure: str) -> object:
    """What is known of a measure with these answers."""
    return situation(QUESTIONNAIRE, frozenset({"prp"}), answers, ON).facts[measure]


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2007, 6, 3), date(2025, 6, 2), 17),
        (date(2007, 6, 2), date(2025, 6, 2), 18),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2025, 6, 2), date(2025, 6, 2), 0),
        (date(2024, 12, 31), date(2025, 1, 1), 0),
    ],
)
def test_a_birthday_counts_from_the_day_itself(born: date, on: date, years: int) -> None:
    assert full_years(born, on) == years
    assert known({"date_of_birth": born}, "age") == full_years(born, ON)


@given(some.dates(date(1900, 1, 1), date(2025, 1, 1)), some.integers(0, 40_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    later = date.fromordinal(born.toordinal() + days)
    assert full_years(born, later) <= full_years(born, date.fromordinal(later.toordinal() + 1))
    assert full_years(born, later) in {days // 366, days // 365, days // 366 + 1}


def test_the_body_mass_index_is_exact() -> None:
    assert body_mass_index(Fraction(160), Fraction("47.36")) == Fraction("18.5")
    answers: dict[str, Answer] = {"height": Decimal(170), "weight": Decimal("72.25")}
    assert known(answers, "bmi") == 25


@pytest.mark.parametrize(
    ("measure", "answers", "value"),
    [
        ("age", {}, State.BLANK),
        ("bmi", {"height": Decimal(170)}, State.BLANK),
        ("mood", {"felt_low": "often"}, Fraction(2)),
        ("mood", {"felt_low": "rarely"}, Fraction(0)),
        ("mood", {}, State.BLANK),
        ("many", {"medicines": Choices(frozenset({"none"}))}, Fraction(0)),
        ("many", {"medicines": Choices(frozenset({"thinner", "steroid"}))}, Fraction(2)),
        (
            "many",
            {"medicines": Choices(frozenset({"thinner"}), frozenset({"steroid"}))},
            State.BLANK,
        ),
        ("screen", {}, State.BLANK),
        ("screen", {"felt_low": "never"}, Chosen(frozenset({"negative"}))),
        (
            "screen",
            {"felt_low": "never", "medicines": Choices(frozenset({"none"}))},
            Chosen(frozenset({"negative"})),
        ),
        (
            "screen",
            {"felt_low": "often", "date_of_birth": date(1985, 3, 27)},
            Chosen(frozenset({"positive"})),
        ),
        (
            "screen",
            {"medicines": Choices(frozenset({"thinner"})), "thinner_kind": "warfarin"},
            Chosen(frozenset({"positive"})),
        ),
    ],
)
def test_a_measure_waits_for_its_answers(
    measure: str, answers: dict[str, Answer], value: object
) -> None:
    assert known(answers, measure) == value


def test_a_measure_does_not_apply_when_an_input_was_not_asked() -> None:
    measure = Measure(
        "kind", "", "", Kind.WHOLE_NUMBER, ("thinner_kind",), Formula.SUM_OF_SCORES, ""
    )
    facts = {"thinner_kind": State.NOT_ASKED}
    assert work_out(QUESTIONNAIRE, measure, {}, facts, ON) is State.NOT_ASKED


@pytest.mark.parametrize(
    ("formula", "key", "answer"),
    [
        (Formula.FULL_YEARS, "full_name", "Ada"),
        (Formula.COUNT_OF_CHOICES, "full_name", "Ada"),
        (Formula.SCREEN, "full_name", "Ada"),
    ],
)
def test_a_formula_that_does_not_fit_is_a_fault(formula: Formula, key: str, answer: str) -> None:
    measure = Measure("odd", "", "", Kind.WHOLE_NUMBER, (key,), formula, "")
    with pytest.raises(TypeError):
        work_out(QUESTIONNAIRE, measure, {key: answer}, {key: answer}, ON)


def test_every_choice_counts_in_a_list_without_a_none() -> None:
    measure = Measure(
        "many", "", "", Kind.WHOLE_NUMBER, ("treatments_wanted",), Formula.COUNT_OF_CHOICES, ""
    )
    answer = Choices(frozenset({"prp", "mesotherapy"}))
    facts = {"treatments_wanted": Chosen(answer.yes)}
    answers: dict[str, Answer] = {"treatments_wanted": answer}
    assert work_out(QUESTIONNAIRE, measure, answers, facts, ON) == 2


def test_measures_stand_behind_what_they_look_at() -> None:
    section = Section("s", "", (MEDICINES, NAME, BORN))
    measure = Measure("m", "", "", Kind.WHOLE_NUMBER, ("medicines",), Formula.COUNT_OF_CHOICES, "")
    order = Questionnaire.of([section], [measure]).working_order
    assert order.index("m") > order.index("medicines")
