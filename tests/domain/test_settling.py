"""What one tap may say about a point, and what needs words."""

from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain.definition import Kind
from questionnaire.domain.settling import CLARIFY_ACTIONS, needs_words, unsure_actions

LIBRARY = load_library(Path(__file__).parents[2] / "rules")
YES_OR_NO = (
    "Asked; the answer is no",
    "Asked; the answer is yes, recorded below",
    "Asked; still not known",
)
OTHERWISE = ("Asked the patient; recorded below", "Asked; still not known")


@pytest.mark.parametrize("question_id", LIBRARY.questionnaire.questions)
def test_no_is_offered_only_where_no_is_an_answer(question_id: str) -> None:
    asked = LIBRARY.questionnaire.questions[question_id]
    ids = {option.id for option in asked.options}
    answers_yes_or_no = asked.kind is Kind.SINGLE and "yes" in ids and "no" in ids
    assert unsure_actions(asked, "") == (YES_OR_NO if answers_yes_or_no else OTHERWISE)
    if asked.kind is Kind.MULTIPLE:
        assert unsure_actions(asked, asked.options[0].id) == YES_OR_NO


@pytest.mark.parametrize(
    ("action", "needs"),
    [
        ("Asked; the answer is no", False),
        ("Asked; still not known", False),
        ("Asked; the answer is yes, recorded below", True),
        ("Asked the patient; recorded below", True),
        ("Going ahead, reason written down", True),
        ("Smile recorded", True),
        ("Written information given", False),
        ("Written on the aftercare sheet", False),
        ("Records asked for", False),
    ],
)
def test_an_action_that_promises_words_needs_them(action: str, needs: bool) -> None:  # noqa: FBT001
    assert needs_words(action) is needs


def test_every_point_can_be_settled_without_a_false_word() -> None:
    questions = LIBRARY.questionnaire.questions.values()
    fixed = {*CLARIFY_ACTIONS, *(it for one in questions for it in unsure_actions(one, ""))}
    assert {it for it in fixed if not needs_words(it)} == {
        "Not relevant to this plan",
        "Asked; the answer is no",
        "Asked; still not known",
    }
