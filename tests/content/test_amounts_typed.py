"""Every question that asks for a number takes it with its own unit, and says how it is meant."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

import math
from decimal import Decimal
from pathlib import Path

import pytest

from questionnaire.content import Level, load_library
from questionnaire.content.translations import catalogue, in_language, languages
from questionnaire.domain.answers import Slip, number
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.library import Library
from tests.content.real import RULES
from tests.content.test_checks import change, lay
from tests.content.test_checks import told as told_of

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


def spellings(unit: str) -> set[str]:
    """The unit and the ways in which its capitals can be written otherwise."""
    return {unit, unit.upper(), unit.lower(), unit.swapcase(), unit.capitalize()}


def test_a_number_is_never_taken_with_the_unit_of_something_else(library: Library) -> None:
    questions = [it for it in library.questionnaire.questions.values() if it.kind in AMOUNTS]
    everywhere = {unit for one in questions for unit in (*one.units, *one.other_units)}
    everywhere |= {"g/L", "g/l", "mg/dL", "mmol/L", "kg/L"}
    for question in questions:
        own = {folded for unit in question.units for folded in map(str.casefold, spellings(unit))}
        foreign = set(question.other_units) - set(question.units)
        for unit in sorted({spelt for each in everywhere for spelt in spellings(each)}):
            least = math.ceil(question.minimum or 1)
            typed = f"{least} {unit}"
            if unit in question.units or (unit.casefold() in own and unit not in foreign):
                assert number(question, typed) == least, (question.id, typed)
            else:
                with pytest.raises(Slip) as refused:
                    number(question, typed)
                assert question.unit in str(refused.value), (question.id, typed)


@pytest.mark.parametrize("typed", ["132 g/L", "132g/l", "g/L 132", "132 g/L.", "132 ｇ/L"])
def test_grams_of_haemoglobin_are_no_count_of_platelets(typed: str, library: Library) -> None:
    platelets = library.questionnaire.questions["platelet_count"]
    with pytest.raises(Slip, match=r"Write only a number, from 1 to 2000 × 10⁹ per litre"):
        number(platelets, typed)
    assert number(platelets, typed.replace("g", "G").replace("ｇ", "Ｇ")) == 132


def test_a_unit_of_another_question_is_told_apart_by_its_capitals(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", "unit: × 10⁹ per litre", "unit: G/L")
    weight = "      - {id: iron, text: How much iron?, kind: decimal, unit: g/L, for: all}\n"
    change(
        rules,
        "questions.yaml",
        "  - id: for_the_clinician\n",
        f"{weight}  - id: for_the_clinician\n",
    )
    asked = load_library(rules).questionnaire.questions
    platelets, iron = asked["platelet_count"], asked["iron"]
    for question, right, wrong in ((platelets, "G/L", "g/L"), (iron, "g/L", "G/L")):
        assert number(question, f"132 {right}") == 132
        with pytest.raises(Slip):
            number(question, f"132 {wrong}")


@pytest.mark.parametrize("unit", ["× 10⁹ per litre", "mg/L"])
def test_only_what_could_be_taken_for_a_unit_is_another_unit(unit: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(
        rules,
        "questions.yaml",
        "        min: 1\n",
        f"        other_units: [{unit}]\n        min: 1\n",
    )
    sentence = f"“{unit}” does not differ from a unit of this question only in capitals."
    assert told_of(rules, Level.PROBLEM) == [f"rules/questions.yaml:57: {sentence}"]


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
