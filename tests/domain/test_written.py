"""Answers as JSON: what is written reads back the same."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from questionnaire.domain.answers import Answer, Choices, Slip, Withheld
from questionnaire.domain.definition import Question
from questionnaire.domain.written import (
    Json,
    answers_fingerprint,
    read_answer,
    read_answers,
    write_answer,
    write_answers,
)
from tests.domain.small import (
    BORN,
    HEIGHT,
    MEDICINES,
    NAME,
    ON,
    PLATELETS,
    QUESTIONNAIRE,
    SKIN,
    THINNER,
    VISITS,
    WANTED,
    answers_to,
)

QUESTIONS = QUESTIONNAIRE.questions


@given(answers_to(QUESTIONNAIRE))
def test_what_is_written_reads_back_the_same(answers: dict[str, Answer]) -> None:
    kept = json.loads(json.dumps(write_answers(answers)))
    assert read_answers(QUESTIONS, kept, today=ON) == answers


@given(answers_to(QUESTIONNAIRE))
def test_the_fingerprint_follows_the_answers_and_not_their_order(
    answers: dict[str, Answer],
) -> None:
    turned = dict(reversed(answers.items()))
    assert answers_fingerprint(turned) == answers_fingerprint(answers)
    assert answers_fingerprint({**answers, "full_name": "Someone Else"}) != answers_fingerprint(
        {**answers, "full_name": "Someone"}
    )


@pytest.mark.parametrize(
    ("question", "written", "answer"),
    [
        (THINNER, "aspirin", "aspirin"),
        (MEDICINES, ["thinner"], Choices(frozenset({"thinner"}))),
        (MEDICINES, [], None),
        (MEDICINES, {"yes": []}, Choices(frozenset({"none"}))),
        (MEDICINES, {"not_sure": ["steroid"]}, Choices(frozenset(), frozenset({"steroid"}))),
        (WANTED, {"yes": [], "not_sure": []}, None),
        (WANTED, {"yes": ["prp"]}, Choices(frozenset({"prp"}))),
        (NAME, "  Ada ", "Ada"),
        (NAME, "  ", None),
        (BORN, "1985-03-27", date(1985, 3, 27)),
        (SKIN, 2, 2),
        (VISITS, 3, 3),
        (HEIGHT, 170, Decimal(170)),
        (HEIGHT, Decimal("170.5"), Decimal("170.5")),
        (HEIGHT, 170.5, Decimal("170.5")),
        (HEIGHT, {"decimal": "170.5"}, Decimal("170.5")),
        (HEIGHT, {"withheld": "tell_clinician"}, Withheld.TELL_CLINICIAN),
        (MEDICINES, {"withheld": "not_sure"}, Withheld.NOT_SURE),
    ],
)
def test_each_kind_is_read_from_its_own_form(
    question: Question, written: Json, answer: Answer | None
) -> None:
    assert read_answer(question, written, today=ON) == answer


@pytest.mark.parametrize(
    ("question", "written", "sentence"),
    [
        (THINNER, ["aspirin"], "Expected an option id."),
        (THINNER, None, "Expected an option id."),
        (THINNER, "tea", "Pick one of the answers."),
        (MEDICINES, "thinner", "Expected a list of option ids."),
        (MEDICINES, [1], "Expected option ids."),
        (MEDICINES, {"maybe": []}, "Expected only yes, not_sure and tell_clinician."),
        (MEDICINES, {"withheld": "no"}, "Expected not_sure or tell_clinician."),
        (MEDICINES, {"withheld": 1}, "Expected not_sure or tell_clinician."),
        (MEDICINES, {"tell_clinician": "yes"}, "Expected true or false for tell_clinician."),
        (NAME, 1, "Expected a text."),
        (BORN, 19850327, "Expected a date like 1985-03-27."),
        (BORN, "1985-02-30", "This is not a real date; write it like 1985-03-27."),
        (BORN, "19850327", "This is not a real date; write it like 1985-03-27."),
        (BORN, "1985-W13-3", "This is not a real date; write it like 1985-03-27."),
        (BORN, "2025-06-03", "This date is in the future."),
        (SKIN, "2", "Expected the whole number of a picture."),
        (SKIN, True, "Expected the whole number of a picture."),
        (SKIN, 3, "Pick one of the answers."),
        (HEIGHT, True, "Expected a number."),
        (HEIGHT, "170", "Expected a number."),
        (HEIGHT, {"decimal": 170}, "Expected a number."),
        (HEIGHT, {"decimal": "tall"}, "Expected a number."),
        (HEIGHT, {"decimal": "NaN"}, "Write only a number, in figures."),
        (HEIGHT, {"number": "170"}, "Expected a number."),
        (PLATELETS, 0, f"This number looks out of range. {PLATELETS.out_of_range_hint}"),
    ],
)
def test_what_is_no_answer_gets_a_sentence(
    question: Question, written: Json, sentence: str
) -> None:
    with pytest.raises(Slip) as refused:
        read_answer(question, written, today=ON)
    assert str(refused.value) == sentence


def test_a_number_written_so_that_decimals_cannot_read_it_gets_a_sentence() -> None:
    with pytest.raises(Slip, match="Expected a number"):
        read_answer(HEIGHT, {"decimal": "1e999999999999999999999"}, today=ON)


def test_the_question_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Slip, match=r"^shoe_size: there is no such question"):
        read_answers(QUESTIONS, {"shoe_size": 4}, today=ON)
    with pytest.raises(Slip, match=r"^thinner_kind: Pick one of the answers"):
        read_answers(QUESTIONS, {"thinner_kind": "tea"}, today=ON)


def test_empty_answers_leave_no_trace() -> None:
    assert read_answers(QUESTIONS, {"full_name": " ", "medicines": []}, today=ON) == {}


def test_numbers_and_words_are_written_plainly() -> None:
    assert write_answer(3) == 3
    assert write_answer("Ada") == "Ada"
    assert write_answer(date(1985, 3, 27)) == "1985-03-27"
    assert write_answer(Decimal("66.5")) == {"decimal": "66.5"}
    assert write_answer(Choices(frozenset("ba"), frozenset("c"))) == {
        "yes": ["a", "b"],
        "not_sure": ["c"],
    }
