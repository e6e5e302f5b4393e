"""Measures as people read them."""

from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import Choices
from questionnaire.domain.consent_parts import MeasureText
from questionnaire.domain.measures_words import measures_in_words
from questionnaire.domain.situation import situation
from tests.domain.small import ON, QUESTIONNAIRE


def test_every_measure_with_a_value_is_told_with_one_decimal_at_most() -> None:
    answers = {
        "date_of_birth": date(1980, 1, 1),
        "height": Decimal(170),
        "weight": Decimal("66.6"),
        "medicines": Choices(frozenset({"thinner", "steroid"})),
        "thinner_kind": "warfarin",
        "felt_low": "often",
    }
    now = situation(QUESTIONNAIRE, frozenset({"prp"}), answers, ON)
    assert measures_in_words(now) == (
        MeasureText("Age", "45", "years"),
        MeasureText("Body mass index", "23.0", "kg/m2"),
        MeasureText("Low mood score", "2", "points, 0 to 2"),
        MeasureText("Number of medicines", "2", "medicines"),
        MeasureText("Bleeding screen", "positive", ""),
    )


def test_a_measure_without_a_value_is_left_out() -> None:
    now = situation(QUESTIONNAIRE, frozenset({"prp"}), {}, ON)
    assert measures_in_words(now) == ()
