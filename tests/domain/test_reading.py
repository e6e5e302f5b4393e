"""Reading before consent: what counts as right, settled, misunderstood, and still left to do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain.consent_parts import Act
from questionnaire.domain.reading import (
    Asked,
    Progress,
    Try,
    blocks_sending,
    blocks_signing,
    choice_words,
    is_right,
    is_settled,
    misunderstood,
    to_discuss,
)

LIBRARY = load_library(Path(__file__).parents[2] / "rules")
TREATMENT = LIBRARY.treatments["prp_injections"]
RULES = LIBRARY.quiz_rules
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
ACT = Act("Dr Ada Invented", "clinician", NOW)
KEYS = [question for question in TREATMENT.quiz if question.key]
OTHERS = [question for question in TREATMENT.quiz if not question.key]


def tries(*choices: str) -> tuple[Try, ...]:
    return tuple(Try(choice, NOW) for choice in choices)


RIGHT = {question.id: tries(question.correct) for question in TREATMENT.quiz}
DONE = Progress(
    information_given_at=NOW,
    read={TREATMENT.id: NOW},
    tries=RIGHT,
    ticked={"may_not_work": NOW},
)


def left(progress: Progress) -> tuple[str, ...]:
    return blocks_signing([TREATMENT], ["may_not_work"], progress, RULES)


@pytest.mark.parametrize(
    ("choices", "right", "settled"),
    [
        ((), False, False),
        (("right",), True, True),
        (("wrong",), False, False),
        (("not_sure",), False, False),
        (("wrong", "right"), True, True),
        (("wrong", "not_sure"), False, True),
    ],
)
def test_two_tries_settle_a_question_and_one_right_answer_makes_it_right(
    choices: tuple[str, ...], *, right: bool, settled: bool
) -> None:
    question = KEYS[0]
    given = tries(*(question.correct if one == "right" else one for one in choices))
    assert is_right(question, given) is right
    assert is_settled(question, given, RULES) is settled


def test_everything_done_leaves_nothing() -> None:
    assert left(DONE) == ()


def test_a_wrong_key_question_is_talked_through_even_if_all_others_are_right() -> None:
    wrong = replace(DONE, tries={**RIGHT, KEYS[0].id: tries("not_sure", "not_sure")})
    assert to_discuss(TREATMENT, wrong, RULES) == (KEYS[0],)
    assert left(wrong) == (f"Your clinician will first talk with you about: “{KEYS[0].question}”",)
    assert left(replace(wrong, discussed={KEYS[0].id: ACT})) == ()


def test_other_questions_are_talked_through_once_too_few_are_right() -> None:
    missed = {question.id: tries("not_sure", "not_sure") for question in OTHERS}
    two = replace(DONE, tries={**RIGHT, **dict(list(missed.items())[:2])})
    three = replace(DONE, tries={**RIGHT, **dict(list(missed.items())[:3])})
    assert to_discuss(TREATMENT, two, RULES) == ()
    assert to_discuss(TREATMENT, three, RULES) == tuple(OTHERS[:3])
    talked = replace(three, discussed={OTHERS[0].id: ACT})
    assert to_discuss(TREATMENT, talked, RULES) == ()


def test_an_unsettled_question_is_asked_before_anything_is_discussed() -> None:
    unsettled = replace(DONE, tries={**RIGHT, KEYS[0].id: tries("not_sure")})
    assert left(unsettled) == (f"Please answer the check questions about: {TREATMENT.title}.",)


def test_a_wrong_try_stays_a_point_for_the_clinician() -> None:
    mended = replace(DONE, tries={**RIGHT, OTHERS[0].id: tries("not_sure", OTHERS[0].correct)})
    assert misunderstood(TREATMENT, mended) == (OTHERS[0],)
    assert misunderstood(TREATMENT, DONE) == misunderstood(TREATMENT, Progress()) == ()


@pytest.mark.parametrize(
    ("progress", "reason"),
    [
        (replace(DONE, read={}), f"Please read about: {TREATMENT.title}."),
        (
            replace(DONE, tries={}),
            f"Please answer the check questions about: {TREATMENT.title}.",
        ),
        (replace(DONE, ticked={}), "Please read and tick each statement."),
        (
            replace(DONE, asked=(Asked(1, "Will it itch?", NOW),)),
            "Your clinician will first answer your questions.",
        ),
        (
            replace(DONE, question_begun="Will it"),
            "You began a question. Send it, or clear it.",
        ),
    ],
    ids=["reading", "check-questions", "ticks", "questions", "question begun"],
)
def test_each_thing_left_to_do_is_named(progress: Progress, reason: str) -> None:
    assert left(progress) == (reason,)


@pytest.mark.parametrize("question", ["", "Will it"])
@pytest.mark.parametrize("worries", ["", " \n", "\x00 half a word"])
def test_the_form_waits_for_a_question_and_worries_that_are_only_begun(
    question: str, worries: str
) -> None:
    begun = replace(DONE, question_begun=question, worries_begun=worries)
    reasons = blocks_sending(begun)
    assert [one.split()[0] for one in reasons] == ["What"] * bool(worries.strip()) + ["You"] * bool(
        question
    )


def test_an_answered_question_holds_nothing_up() -> None:
    answered = Asked(1, "Will it itch?", NOW, "A little.", ACT)
    assert left(replace(DONE, asked=(answered,))) == ()


def test_choices_are_told_in_their_words() -> None:
    question = KEYS[0]
    for option in question.options:
        assert choice_words(question, option.id) == option.text
    assert choice_words(question, "not_sure") == "Not sure"
    assert choice_words(question, "no_such_choice") == "An answer that is no longer offered"
