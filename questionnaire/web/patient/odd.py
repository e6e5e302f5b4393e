"""Answers that are possible but rare, and more often a slip of the finger: asked once, kindly."""

import math
from datetime import date
from decimal import Decimal

from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Answer
from questionnaire.domain.definition import DATE_OF_BIRTH, Kind, Question
from questionnaire.domain.language import Say, in_english

_OUTER_SHARE = 0.15
"""Share of a question's range, by proportion, that counts as far out at each end."""

_YOUNGEST, _OLDEST = 16, 100


def asks_again(
    question: Question, answer: Answer | None, today: date, say: Say = in_english
) -> str:
    """“You wrote 250 kilograms. Is that right?” for an odd answer, else an empty text."""
    odd = (
        _far_out(question, answer)
        if isinstance(answer, int | Decimal)
        else question.id == DATE_OF_BIRTH and isinstance(answer, date) and _odd_age(answer, today)
    )
    if not odd or answer is None:
        return ""
    words = " ".join(answer_in_words(question, answer, say))
    return say("You wrote {answer}. Is that right?").format(answer=words)


def _far_out(question: Question, amount: int | Decimal) -> bool:
    low, high = question.minimum, question.maximum
    if question.kind is Kind.PICTURE or not low or not high or amount <= 0:
        return False
    place = math.log(amount / Decimal(float(low))) / math.log(high / low)
    too_low = question.kind is Kind.DECIMAL and place < _OUTER_SHARE
    return too_low or place > 1 - _OUTER_SHARE


def _odd_age(born: date, today: date) -> bool:
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return not _YOUNGEST <= age <= _OLDEST
