"""Answers in the words the patient saw."""

from calendar import month_name
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from questionnaire.domain.answer_words import (
    answer_in_words,
    date_in_words,
    whole_answer_in_words,
)
from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.definition import Question
from tests.domain.small import (
    BORN,
    HEIGHT,
    MEDICINES,
    NAME,
    PLATELETS,
    SKIN,
    THINNER,
    VISITS,
    WANTED,
)


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (NAME, None, ("Not answered",)),
        (replace(NAME, optional=True), None, ("Nothing written",)),
        (replace(VISITS, optional=True), None, ("Not answered",)),
        (NAME, "Zoë\nNí Bhriain", ("Zoë\nNí Bhriain",)),
        (NAME, Withheld.NOT_SURE, ("Not sure",)),
        (THINNER, Withheld.TELL_CLINICIAN, ("I would rather say it to the clinician",)),
        (
            replace(HEIGHT, clinician_may_fill_in=True),
            Withheld.TELL_CLINICIAN,
            ("I'd like the clinic to measure it",),
        ),
        (SKIN, Withheld.NOT_SURE, ("None of these, or I'm not sure",)),
        (BORN, date(1984, 2, 29), ("29 February 1984",)),
        (THINNER, "warfarin", ("Warfarin",)),
        (SKIN, 2, ("Picture 2: Dark",)),
        (VISITS, 12, ("12",)),
        (PLATELETS, Decimal(150), ("150 x10^9 per litre (a count)",)),
        (HEIGHT, Decimal("1.7E+2"), ("170 centimetres",)),
        (HEIGHT, Decimal("170.5"), ("170.5 centimetres",)),
        (MEDICINES, Choices(frozenset({"none"})), ("None of these",)),
        (
            MEDICINES,
            Choices(frozenset({"steroid"}), frozenset({"thinner"})),
            ("A steroid", "Not sure: A blood thinner"),
        ),
    ],
)
def test_an_answer_in_words(
    question: Question, answer: Answer | None, words: tuple[str, ...]
) -> None:
    assert answer_in_words(question, answer) == words


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (
            MEDICINES,
            Choices(frozenset({"none"})),
            ("None of these", "No: A blood thinner; A steroid"),
        ),
        (
            MEDICINES,
            Choices(frozenset({"steroid"})),
            ("A steroid", "No: A blood thinner"),
        ),
        (
            MEDICINES,
            Choices(frozenset({"steroid"}), frozenset({"thinner"})),
            ("A steroid", "Not sure: A blood thinner"),
        ),
        (WANTED, Choices(frozenset({"prp"})), ("PRP", "Not ticked: Mesotherapy")),
        (WANTED, Choices(frozenset({"not_sure"})), ("Not sure", "Not ticked: PRP; Mesotherapy")),
        (WANTED, Withheld.TELL_CLINICIAN, ("I would rather say it to the clinician",)),
        (WANTED, None, ("Not answered",)),
        (THINNER, "warfarin", ("Warfarin",)),
    ],
)
def test_an_answer_that_stands_alone_says_what_was_denied(
    question: Question, answer: Answer | None, words: tuple[str, ...]
) -> None:
    assert whole_answer_in_words(question, answer) == words


def test_months_are_written_out() -> None:
    words = [date_in_words(date(2031, month, 1)) for month in range(1, 13)]
    assert words == [f"1 {month} 2031" for month in month_name[1:]]
