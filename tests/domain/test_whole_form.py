"""The whole form: every question somebody may be asked, and what would bring it up."""

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain.condition import All, Any, Condition, Not
from questionnaire.domain.definition import AnsweredBy, Questionnaire, Section
from questionnaire.domain.language import in_english
from questionnaire.domain.situation import situation
from questionnaire.domain.whole_form import whole_form
from tests.domain import small
from tests.domain.small import any_of, below, is_, none_of

LIBRARY = load_library(Path(__file__).parents[2] / "rules")


def only_if(condition: Condition | None) -> str | None:
    """When the last question of a small form is asked; None when it is not on the form."""
    last = replace(small.LOW, id="last", ask_when=condition)
    before = (small.WANTED, small.MEDICINES, small.THINNER, small.SKIN, small.COUNT)
    sections = (Section("a", "A", before), Section("b", "B", (last,)))
    parts = whole_form(Questionnaire.of(sections, (small.AGE,)), {"prp"}, in_english)
    assert [part.title for part in parts] in (["A", "B"], ["A"])
    return parts[1].questions[0].only_if if len(parts) == 2 else None


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        (
            any_of("medicines", "thinner", "steroid"),
            "Only if you said Yes to “A blood thinner” or “A steroid” in question 2.",
        ),
        (is_("thinner_kind", "aspirin"), "Only if you chose “Aspirin” in question 3."),
        (
            none_of("treatments_wanted", "prp"),
            "Only if you did not choose “PRP” in question 1.",
        ),
        (
            All((is_("thinner_kind", "aspirin"), any_of("treatments_wanted", "prp"))),
            "Only if you chose “Aspirin” in question 3, and you chose “PRP” in question 1.",
        ),
        (
            Any((is_("thinner_kind", "aspirin"), is_("skin", "1"))),
            "Only if you chose “Aspirin” in question 3.",
        ),
        (
            Any((is_("thinner_kind", "aspirin"), any_of("medicines", "steroid"))),
            (
                "Only if you chose “Aspirin” in question 3, or you said Yes to “A steroid” in "
                "question 2."
            ),
        ),
        (Any((below("age", 18), is_("thinner_kind", "aspirin"))), "Only if this fits you."),
        (Not(is_("thinner_kind", "aspirin")), "Only if this fits you."),
        (is_("skin", "1"), None),
        (All((is_("thinner_kind", "aspirin"), is_("skin", "1"))), None),
        (is_("blood_count", "yes"), None),
    ],
)
def test_a_question_says_which_answers_bring_it_up(
    condition: Condition | None, words: str | None
) -> None:
    assert only_if(condition) == words


@pytest.mark.parametrize("treatment", LIBRARY.treatments)
def test_whatever_is_asked_is_on_the_whole_form_once_and_in_order(treatment: str) -> None:
    questionnaire, chosen = LIBRARY.questionnaire, frozenset({treatment})
    parts = whole_form(questionnaire, chosen, in_english)
    numbered = [one for part in parts for one in part.questions]
    asked = situation(questionnaire, chosen, {}, small.ON).asked
    patients = [
        key for key in asked if questionnaire.questions[key].answered_by is AnsweredBy.PATIENT
    ]
    assert [one.number for one in numbered] == list(range(1, len(numbered) + 1))
    always = [one.question.id for one in numbered if not one.only_if]
    assert [key for key in patients if key in always] == always
    assert {one.only_if for one in numbered} > {""}
