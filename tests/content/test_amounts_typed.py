"""Every question that asks for a number takes it with its own unit, and says how it is meant."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

from decimal import Decimal

import pytest

from questionnaire.content.translations import catalogue, in_language, languages
from questionnaire.domain.answers import Slip, number
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.library import Library
from tests.content.real import RULES

AMOUNTS = {Kind.WHOLE_NUMBER, Kind.DECIMAL}


@pytest.fixture(scope="module")
def told(library: Library) -> dict[str, dict[str, Question]]:
    """Language → id → question, of every question that asks the patient for a number."""
    libraries = {"en": library} | {
        each.code: in_language(library, each, catalogue(RULES, each.code))
        for each in languages(RULES)
    }
    return {
        code: {
            key: one for key, one in found.questionnaire.questions.items() if one.kind in AMOUNTS
        }
        for code, found in libraries.items()
    }


def test_a_number_is_taken_with_its_unit_in_every_language(
    told: dict[str, dict[str, Question]],
) -> None:
    assert set(told) >= {"en", "es", "ar"}
    for asked in told.values():
        for key, question in asked.items():
            units = {each[key].unit for each in told.values()} | {*question.unit_words, ""}
            least = Decimal(question.minimum.numerator if question.minimum else 1)
            for unit in units:
                for typed in (f"{least} {unit}", f"{least}{unit.upper()}", f"{unit} {least}"):
                    assert number(question, typed) == least, (key, typed)


@pytest.mark.parametrize("typed", ["12 stone 4", "5'10", "11st 4lb", "6.6e1", "6_6", "?"])
def test_what_is_no_number_is_refused_with_limits_and_the_questions_own_hint(
    told: dict[str, dict[str, Question]], typed: str
) -> None:
    for asked in told.values():
        for question in asked.values():
            with pytest.raises(Slip) as refused:
                number(question, typed)
            said = str(refused.value)
            assert question.out_of_range_hint in said
            assert f" {question.minimum} to {question.maximum}" in said.replace(" 0.5 ", " 1/2 ")
            assert question.unit in said


@pytest.mark.parametrize(
    "typed", ["66,5", "66·5", "٦٦٫٥", "٦٦،٥", "６６．５", "\u200e66,5", "66.5 كغ"]
)
def test_a_weight_is_read_as_keyboards_write_it(
    told: dict[str, dict[str, Question]], typed: str
) -> None:
    assert {number(asked["weight"], typed) for asked in told.values()} == {Decimal("66.5")}
