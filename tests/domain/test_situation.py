"""What is asked and what is known at one moment."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from graphlib import CycleError

import pytest
from hypothesis import given

from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.condition import Chosen, Known, State
from questionnaire.domain.definition import (
    AnsweredBy,
    Kind,
    Option,
    Question,
    Questionnaire,
    Section,
)
from questionnaire.domain.situation import as_fact, chosen_treatments, situation
from tests.domain.small import (
    HEIGHT,
    MEDICINES,
    NAME,
    ON,
    QUESTIONNAIRE,
    SKIN,
    THINNER,
    WANTED,
    answers_to,
    is_,
)

PRP, BOTH = frozenset({"prp"}), frozenset({"prp", "mesotherapy"})
ALL = ("prp", "mesotherapy", "fat")
DOUBTED_LIST = Question(
    "which_thinners",
    "Which blood thinners?",
    Kind.MULTIPLE,
    (
        Option("none", "None", exclusive=True),
        Option("aspirin", "Aspirin"),
        Option("warfarin", "Warfarin"),
        Option("not_sure", "Not sure"),
    ),
)
DOUBTED = replace(DOUBTED_LIST, kind=Kind.SINGLE)


def test_a_question_is_asked_for_its_treatments_when_its_condition_is_true() -> None:
    answers: dict[str, Answer] = {"medicines": Choices(frozenset({"thinner"}))}
    assert "thinner_kind" in situation(QUESTIONNAIRE, PRP, answers, ON).asked
    assert "thinner_kind" not in situation(QUESTIONNAIRE, PRP, {}, ON).asked
    assert "skin" not in situation(QUESTIONNAIRE, PRP, {}, ON).asked
    assert "skin" in situation(QUESTIONNAIRE, BOTH, {}, ON).asked


def test_questions_are_asked_in_the_order_of_the_definition() -> None:
    answers: dict[str, Answer] = {"medicines": Choices(frozenset({"thinner"}))}
    asked = situation(QUESTIONNAIRE, BOTH, answers, ON).asked
    assert asked == tuple(QUESTIONNAIRE.questions)


def test_answers_to_questions_that_are_not_asked_are_left_out() -> None:
    moment = situation(QUESTIONNAIRE, PRP, {"thinner_kind": "aspirin", "skin": 1}, ON)
    assert moment.answers == {}
    assert moment.facts["thinner_kind"] is State.NOT_ASKED


@pytest.mark.parametrize("held_back", list(Withheld))
def test_what_was_held_back_counts_as_dealt_with_and_stays_unknown(held_back: Withheld) -> None:
    moment = situation(QUESTIONNAIRE, PRP, {"felt_low": held_back}, ON)
    assert moment.facts["felt_low"] is State.BLANK
    assert moment.answers == {"felt_low": held_back}
    assert "felt_low" not in moment.missing()


def test_missing_are_the_asked_questions_somebody_must_still_answer() -> None:
    moment = situation(QUESTIONNAIRE, PRP, {"full_name": "Ada"}, ON)
    assert moment.missing() == (
        "treatments_wanted",
        "date_of_birth",
        "medicines",
        "visits",
        "height",
        "weight",
        "felt_low",
    )
    assert moment.missing(AnsweredBy.CLINICIAN) == ("blood_count",)


@pytest.mark.parametrize(
    ("arranged", "wanted", "chosen"),
    [
        (["prp"], None, {"prp"}),
        (["prp"], ["mesotherapy"], {"prp", "mesotherapy"}),
        ([], ["mesotherapy"], {"mesotherapy"}),
        (["prp"], ["not_sure"], set(ALL)),
        (["prp"], ["prp", "not_sure"], set(ALL)),
        ([], None, set(ALL)),
    ],
)
def test_not_sure_or_nothing_counts_as_every_treatment(
    arranged: list[str], wanted: list[str] | None, chosen: set[str]
) -> None:
    answers: dict[str, Answer] = {}
    if wanted is not None:
        answers["treatments_wanted"] = Choices(frozenset(wanted))
    assert chosen_treatments(arranged, answers, ALL) == chosen


@pytest.mark.parametrize(
    ("question", "answer", "fact"),
    [
        (THINNER, "aspirin", Chosen(frozenset({"aspirin"}))),
        (NAME, "Ada", "Ada"),
        (QUESTIONNAIRE.questions["date_of_birth"], date(1985, 3, 27), "1985-03-27"),
        (SKIN, 2, Fraction(2)),
        (HEIGHT, Decimal("1.70"), Fraction(17, 10)),
        (
            MEDICINES,
            Choices(frozenset({"thinner"}), frozenset({"steroid"})),
            Chosen(frozenset({"thinner"}), frozenset({"steroid"})),
        ),
        (
            MEDICINES,
            Choices(frozenset(), frozenset({"steroid"})),
            Chosen(frozenset(), frozenset({"none", "steroid"})),
        ),
        (
            WANTED,
            Choices(frozenset(), frozenset({"prp"})),
            Chosen(frozenset(), frozenset({"prp"})),
        ),
        (WANTED, Choices(frozenset({"not_sure"})), Chosen(frozenset({"not_sure"}))),
        (
            DOUBTED,
            "not_sure",
            Chosen(frozenset({"not_sure"}), frozenset({"none", "aspirin", "warfarin"})),
        ),
        (
            DOUBTED_LIST,
            Choices(frozenset({"not_sure"})),
            Chosen(frozenset({"not_sure"}), frozenset({"none", "aspirin", "warfarin"})),
        ),
        (
            DOUBTED_LIST,
            Choices(frozenset({"aspirin", "not_sure"})),
            Chosen(frozenset({"aspirin", "not_sure"}), frozenset({"warfarin"})),
        ),
        (
            DOUBTED_LIST,
            Choices(frozenset({"not_sure"}), frozenset({"aspirin"})),
            Chosen(frozenset({"not_sure"}), frozenset({"none", "aspirin"})),
        ),
    ],
)
def test_answers_are_seen_as_tests_need_them(
    question: Question, answer: Answer, fact: Known
) -> None:
    assert as_fact(question, answer) == fact


@given(answers_to(QUESTIONNAIRE))
def test_everything_is_known_of_at_any_moment(answers: dict[str, Answer]) -> None:
    moment = situation(QUESTIONNAIRE, PRP, answers, ON)
    assert set(moment.facts) == {*QUESTIONNAIRE.questions, *QUESTIONNAIRE.measures}
    assert set(moment.answers) <= set(moment.asked)
    again = situation(QUESTIONNAIRE, PRP, moment.answers, ON)
    assert (again.asked, again.facts) == (moment.asked, moment.facts)


def test_questions_that_wait_for_each_other_are_refused() -> None:
    one = Question("one", "", Kind.TEXT, ask_when=is_("two", "x"))
    two = Question("two", "", Kind.TEXT, ask_when=is_("one", "x"))
    with pytest.raises(CycleError):
        Questionnaire.of([Section("s", "", (one, two))], [])


def test_an_option_is_found_by_its_id() -> None:
    assert THINNER.option("aspirin").text == "Aspirin"
    with pytest.raises(KeyError):
        THINNER.option("tea")
    assert MEDICINES.none_option is MEDICINES.options[0]
    assert THINNER.none_option is None
