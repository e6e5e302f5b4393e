"""Conditions in words, as the clinician reads them."""

from fractions import Fraction
from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain.condition import All, Any, Condition, Leaf, Not
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.wording import in_words, leaf_in_words, number_in_words
from tests.domain.small import QUESTIONNAIRE, answered, any_of, is_, none_of

LIBRARY = load_library(Path(__file__).parents[2] / "rules")


def limit(about: str, test: Operator, number: str) -> Leaf:
    """A number compared."""
    return Leaf(about, test, Fraction(number))


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (is_("thinner_kind", "warfarin"), "Which blood thinner? is “Warfarin”"),
        (
            any_of("thinner_kind", "warfarin", "aspirin"),
            "Which blood thinner? is “Aspirin” or “Warfarin”",
        ),
        (none_of("thinner_kind", "warfarin"), "Which blood thinner? is not “Warfarin”"),
        (
            none_of("thinner_kind", "warfarin", "aspirin"),
            "Which blood thinner? is none of “Aspirin” or “Warfarin”",
        ),
        (any_of("medicines", "thinner"), "Do you take any of these? includes “A blood thinner”"),
        (
            none_of("medicines", "none"),
            "Do you take any of these? includes something other than “None of these”",
        ),
        (none_of("medicines", "steroid"), "Do you take any of these? leaves out “A steroid”"),
        (
            none_of("medicines", "thinner", "steroid"),
            "Do you take any of these? includes none of “A blood thinner” or “A steroid”",
        ),
        (none_of("treatments_wanted", "prp"), "Which treatment? leaves out “PRP”"),
        (any_of("screen", "positive"), "Bleeding screen is positive"),
        (
            limit("platelets", Operator.BELOW, "99.5"),
            "Do you know your platelet count? is below 99.5 x10^9 per litre",
        ),
        (limit("visits", Operator.AT_LEAST, "3"), "How many visits? is at least 3"),
        (limit("skin", Operator.AT_MOST, "1"), "Which skin is like yours? is at most picture 1"),
        (limit("age", Operator.ABOVE, "18"), "Age is above 18 years"),
        (limit("mood", Operator.IS, "2"), "Low mood score is 2 points"),
        (answered("platelets", there=False), "Do you know your platelet count? has no answer"),
        (answered("age", there=True), "Age has an answer"),
    ],
)
def test_a_test_is_put_in_words(leaf: Leaf, words: str) -> None:
    assert leaf_in_words(leaf, QUESTIONNAIRE) == words
    assert in_words(leaf, QUESTIONNAIRE) == (words,)


def test_what_belongs_together_is_indented_together() -> None:
    warfarin, age = is_("thinner_kind", "warfarin"), limit("age", Operator.ABOVE, "18")
    condition: Condition = All((warfarin, Any((age, Not(warfarin))), Not(Any((age,)))))
    assert in_words(condition, QUESTIONNAIRE) == (
        "All of these:",
        "  Which blood thinner? is “Warfarin”",
        "  At least one of these:",
        "    Age is above 18 years",
        "    Not so: Which blood thinner? is “Warfarin”",
        "  Not so:",
        "    At least one of these:",
        "      Age is above 18 years",
    )


@pytest.mark.parametrize(
    "leaf", [is_("nobody", "x"), is_("thinner_kind", "tea"), any_of("medicines", "none", "tea")]
)
def test_what_does_not_exist_has_no_words(leaf: Leaf) -> None:
    with pytest.raises(KeyError):
        leaf_in_words(leaf, QUESTIONNAIRE)


def test_a_test_without_a_number_has_no_words() -> None:
    with pytest.raises(TypeError):
        leaf_in_words(Leaf("visits", Operator.BELOW, limit=True), QUESTIONNAIRE)


@pytest.mark.parametrize(
    ("number", "words"), [("100", "100"), ("1.50", "1.5"), ("0.5", "0.5"), ("1000000", "1000000")]
)
def test_numbers_are_written_as_people_write_them(number: str, words: str) -> None:
    assert number_in_words(Fraction(number)) == words


def test_every_rule_of_the_clinic_can_be_put_in_words() -> None:
    for rule in LIBRARY.rules:
        assert all(in_words(rule.when, LIBRARY.questionnaire))
