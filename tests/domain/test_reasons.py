"""Why a rule fired is told by what this person answered, never by what else would have done it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from questionnaire.content import load_library
from questionnaire.content.translations import speeches
from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Answer, Answers, Choices, Withheld
from questionnaire.domain.condition import All, Any, Condition, Not, deciding
from questionnaire.domain.consent_parts import ReasonText
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.reasons import reasons_of
from questionnaire.domain.situation import situation
from questionnaire.domain.speech import Speech, english
from tests.domain.small import (
    ON,
    QUESTIONNAIRE,
    answered,
    answers_to,
    any_of,
    below,
    none_of,
)

RULES = Path(__file__).parents[2] / "rules"
LIBRARY = load_library(RULES)
SPEECHES = [english(LIBRARY), *speeches(RULES).values()]
SMALL = english(replace(LIBRARY, questionnaire=QUESTIONNAIRE))
TREATMENTS = frozenset({"prp", "mesotherapy"})

TAKES = "Do you take any of these?"
BORN = ReasonText("When were you born?", "2 June 1960")
ANSWERS: dict[str, Answer] = {
    "date_of_birth": date(1960, 6, 2),
    "medicines": Choices(frozenset({"thinner"}), frozenset({"steroid"})),
    "thinner_kind": "warfarin",
    "felt_low": "often",
    "skin": 2,
    "platelets": Decimal("99.5"),
}


def why(condition: Condition, answers: Answers, told: Speech = SMALL) -> tuple[ReasonText, ...]:
    """What is told of a condition that these answers decided."""
    now = situation(QUESTIONNAIRE, TREATMENTS, answers, ON)
    return reasons_of(deciding(condition, now.facts), now, told)


@pytest.mark.parametrize(
    ("condition", "reasons"),
    [
        (any_of("thinner_kind", "aspirin", "warfarin"), [("Which blood thinner?", "Warfarin")]),
        (any_of("medicines", "thinner", "none"), [(TAKES, "A blood thinner")]),
        (any_of("medicines", "steroid"), [(TAKES, "Not sure: A steroid")]),
        (
            Not(any_of("medicines", "none")),
            [(TAKES, "A blood thinner\nNot sure: A steroid")],
        ),
        (
            All((any_of("medicines", "thinner"), none_of("medicines", "none"))),
            [(TAKES, "A blood thinner\nNot sure: A steroid")],
        ),
        (
            Any((any_of("thinner_kind", "aspirin"), any_of("felt_low", "often"))),
            [("How often did you feel low?", "Often")],
        ),
        (below("skin", 3), [("Which skin is like yours?", "Picture 2: Dark")]),
        (
            below("platelets", 100),
            [("Do you know your platelet count?", "99.5 x10^9 per litre (a count)")],
        ),
        (answered("visits", there=False), [("How many visits?", "Not answered")]),
        (below("age", 70), [("Age", "65 years"), (BORN.question, BORN.answer)]),
        (
            any_of("screen", "positive"),
            [
                ("Which blood thinner?", "Warfarin"),
                ("How often did you feel low?", "Often"),
                ("Age", "65 years"),
                (BORN.question, BORN.answer),
            ],
        ),
        (answered("bmi", there=False), [("How tall are you?", "Not answered"),
                                        ("How much do you weigh?", "Not answered")]),
    ],
)  # fmt: skip
def test_only_what_was_answered_is_told(
    condition: Condition, reasons: list[tuple[str, str]]
) -> None:
    assert why(condition, ANSWERS) == tuple(ReasonText(*each) for each in reasons)


def test_two_tests_on_one_list_tell_what_either_names_once() -> None:
    answers = {**ANSWERS, "medicines": Choices(frozenset({"thinner", "steroid"}))}
    both = All((any_of("medicines", "steroid"), any_of("medicines", "thinner")))
    assert why(both, answers) == (ReasonText(TAKES, "A blood thinner\nA steroid"),)
    assert why(both.parts[0], answers) == (ReasonText(TAKES, "A steroid"),)


def test_what_was_not_asked_is_no_reason() -> None:
    not_asked = Not(any_of("thinner_kind", "warfarin"))
    assert why(not_asked, {"medicines": Choices(frozenset({"none"}))}) == ()


def test_a_list_kept_for_the_clinician_is_told_as_that() -> None:
    answers = {"medicines": Choices(frozenset({"none"}), tell_clinician=True)}
    told = "None of these\nI would rather say it to the clinician"
    assert why(any_of("medicines", "none"), answers) == (ReasonText(TAKES, "None of these"),)
    assert why(none_of("medicines", "steroid"), answers) == (ReasonText(TAKES, told),)


def test_a_question_left_open_says_so() -> None:
    open_one = {**ANSWERS, "felt_low": Withheld.NOT_SURE}
    assert why(any_of("felt_low", "often"), open_one) == (
        ReasonText("How often did you feel low?", "Not sure"),
    )


@pytest.mark.parametrize("told", SPEECHES, ids=lambda told: told.language.code)
@given(answers=answers_to(LIBRARY.questionnaire))
def test_no_rule_is_told_by_a_choice_the_person_did_not_make(
    told: Speech, answers: dict[str, Answer]
) -> None:
    now = situation(LIBRARY.questionnaire, frozenset(LIBRARY.treatments), answers, ON)
    told_questions = told.library.questionnaire.questions
    said: dict[str, set[str]] = {}
    for key in now.asked:
        question = told_questions[key]
        words = answer_in_words(question, now.answers.get(key), told.say)
        said.setdefault(question.text, set()).update(words)  # two questions may be worded alike
    worked_out = {measure.title for measure in told.library.questionnaire.measures.values()}
    for flag in raise_flags(LIBRARY.rules, now).fires:
        for one in reasons_of(flag.because, now, told):
            assert one.answer, flag.rule.id
            if one.question not in worked_out:
                assert {*one.answer.splitlines()} <= said[one.question], flag.rule.id
