"""Answers that are possible but rare are asked about once; usual ones never."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from questionnaire.domain.answers import Answer, Withheld
from questionnaire.domain.definition import Kind, Option, Question
from questionnaire.web.patient.odd import asks_again

TODAY = date(2031, 3, 4)
WEIGHT = Question(
    "weight", "W", Kind.DECIMAL, unit="kilograms", minimum=Fraction(25), maximum=Fraction(350)
)
VISITS = Question("visits", "V", Kind.WHOLE_NUMBER, minimum=Fraction(1), maximum=Fraction(60))
FREE = Question("free", "F", Kind.WHOLE_NUMBER)
BORN = Question("date_of_birth", "B", Kind.DATE)
OTHER_DAY = Question("last_visit", "L", Kind.DATE)
PICTURE = Question("pic", "P", Kind.PICTURE, (Option("1", "One"),))


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        (WEIGHT, Decimal(36), "You wrote 36 kilograms. Is that right?"),
        (WEIGHT, Decimal(38), ""),
        (WEIGHT, Decimal(230), ""),
        (WEIGHT, Decimal("2.4E+2"), "You wrote 240 kilograms. Is that right?"),
        (WEIGHT, Withheld.NOT_SURE, ""),
        (WEIGHT, None, ""),
        (VISITS, 1, ""),
        (VISITS, 40, "You wrote 40. Is that right?"),
        (FREE, 1_000_000, ""),
        (PICTURE, 1, ""),
        (BORN, date(2015, 3, 4), ""),
        (BORN, date(2015, 3, 5), "You wrote 5 March 2015. Is that right?"),
        (BORN, date(1930, 3, 5), ""),
        (BORN, date(1930, 3, 4), "You wrote 4 March 1930. Is that right?"),
        (OTHER_DAY, date(1900, 1, 1), ""),
    ],
)
def test_only_rare_answers_are_asked_about(
    question: Question, answer: Answer | None, words: str
) -> None:
    assert asks_again(question, answer, TODAY) == words
