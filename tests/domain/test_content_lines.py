"""Parts of the content as lines that two versions can be compared by."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain import condition
from questionnaire.domain.condition import All, Any, Leaf, Not
from questionnaire.domain.content_lines import lines_of
from questionnaire.domain.flags import Severity

LIBRARY = load_library(Path(__file__).parents[2] / "rules")
AGE = Leaf("age", condition.Test.BELOW, Fraction(18))
BLEEDS = Leaf("medicines", condition.Test.ANY_OF, frozenset({"warfarin", "aspirin"}))


def test_a_condition_is_an_indented_list_of_tests() -> None:
    rule = replace(LIBRARY.rules[0], when=All((AGE, Any((BLEEDS, Not(AGE))))))
    assert lines_of(rule)["when"].splitlines() == [
        "all:",
        "  age below 18",
        "  any:",
        "    medicines any_of aspirin, warfarin",
        "    not:",
        "      age below 18",
    ]


def test_parts_inside_are_found_by_their_id_or_their_number() -> None:
    question = LIBRARY.questionnaire.questions["treatments_wanted"]
    lines = lines_of(question)
    option = question.options[0]
    assert lines[f"options / {option.id} / text"] == option.text
    assert lines[f"options / {option.id} / exclusive"] == "no"
    treatment = next(iter(LIBRARY.treatments.values()))
    assert lines_of(treatment)["evidence / 1 / finding"] == treatment.evidence[0].finding
    assert lines_of(LIBRARY.clinic)["retention / years"] == str(LIBRARY.clinic.retention.years)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"title": "Another"}, "title"),
        ({"severity": Severity.STOP}, "severity"),
        ({"when": Leaf("age", condition.Test.BELOW, Fraction(35, 2))}, "when"),
        ({"actions": ("Only this",)}, "actions"),
        ({"treatments": frozenset({"fat_dissolving"})}, "treatments"),
        ({"sources": ()}, "sources"),
    ],
)
def test_every_change_of_a_rule_shows_in_one_line(changed: dict[str, object], place: str) -> None:
    rule = replace(LIBRARY.rules[1], when=AGE, severity=Severity.CAUTION)
    before, after = lines_of(rule), lines_of(replace(rule, **changed))  # type: ignore[arg-type]
    assert {key for key in before | after if before.get(key) != after.get(key)} == {place}
