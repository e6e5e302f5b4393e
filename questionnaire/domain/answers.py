"""Typed answers: from what was posted, to and from JSON, and what changed between two sets.

A value is an option id (single), `Choices` (multiple), text, a `date`, an `int` (whole number,
picture) or a `Decimal`. `Withheld` stands for “not sure” or “I'd rather say it to the clinician”:
the question counts as dealt with, and reaches the clinician as a point.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.language import Say, figure, in_english

LONGEST_TEXT = 4000
"""Code points in one free-text answer; four bytes each at most."""

_MOST_PLACES = 12
"""Places before the point, or noughts behind it: far beyond any limit."""
_MOST_DIGITS = 28
"""More would be rounded by decimal arithmetic."""

_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Slip(Exception):  # noqa: N818  # a patient's slip is not an error of the program
    """What was given cannot be an answer to the question; the sentence says how to mend it.

    `facts` go into the braces of the sentence, in whatever language it is said.
    """

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format(**facts) if facts else sentence)
        self.sentence = sentence
        self.facts = facts

    def said(self, say: Say = in_english) -> str:
        """The sentence in the reader's language."""
        words = say(self.sentence)
        return words.format(**self.facts) if self.facts else words


class Withheld(StrEnum):
    """The person met the question and chose not to settle it here."""

    NOT_SURE = "not_sure"
    TELL_CLINICIAN = "tell_clinician"


@dataclass(frozen=True, slots=True)
class Choices:
    """The options said yes to, and those marked “not sure” in a row-by-row list."""

    yes: frozenset[str]
    not_sure: frozenset[str] = frozenset()


Value = str | Choices | date | int | Decimal
Answer = Value | Withheld
Answers = Mapping[str, Answer]
"""Question id → answer. A question without an answer has no key."""


def clean_text(text: str) -> str:
    """The text in NFC, every line end a line feed, without spaces around it.

    Raises `Slip` on control characters, hidden direction overrides, or more than
    `LONGEST_TEXT` code points.
    """
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(cleaned) > LONGEST_TEXT:
        raise Slip("This is too long. Use {most} letters or fewer.", most=figure(LONGEST_TEXT))
    for letter in cleaned:
        if letter in _DIRECTION_OVERRIDES or (
            unicodedata.category(letter) in {"Cc", "Cs", "Co"} and letter not in "\n\t"
        ):
            raise Slip("This has hidden signs we cannot keep. Please type it again.")
    return cleaned


def choices(question: Question, yes: Collection[str], not_sure: Collection[str]) -> Choices:
    """Choices for a `multiple` question, checked against its options.

    With nothing picked and nothing unsure the exclusive “none” is implied. Raises `Slip`
    for an unknown option, an option in both sets, or “none” beside another choice.
    """
    known = {option.id for option in question.options}
    if not known.issuperset(yes) or not known.issuperset(not_sure):
        raise Slip("Pick from the list.")
    if set(yes) & set(not_sure):
        raise Slip("Pick one answer in each row.")
    none = question.none_option
    if none and not yes and not not_sure:
        return Choices(frozenset({none.id}))
    if none and none.id in yes and (len(set(yes)) > 1 or not_sure):
        raise Slip("You picked “{none}” and something else. Pick one or the other.", none=none.text)
    if none and none.id in not_sure:
        raise Slip("Pick one answer in each row.")
    return Choices(frozenset(yes), frozenset(not_sure))


def single(question: Question, option_id: str) -> str:
    """The one option picked. Raises `Slip` when it is not on the list."""
    if option_id not in {option.id for option in question.options}:
        raise Slip("Pick one of the answers.")
    return option_id


def picture(question: Question, number: str) -> int:
    """The number of the picture picked. Raises `Slip` when there is no such picture."""
    return int(single(question, number))


def number(question: Question, text: str) -> int | Decimal:
    """A number within the question's limits; a comma may stand for the decimal point.

    Raises `Slip` for what is not a number, and the question's own hint when out of range.
    """
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise Slip("Write a number, like 12.") from None
    digits = len(amount.as_tuple().digits)
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_PLACES or digits > _MOST_DIGITS:
        raise Slip("Write a number, like 12.")
    if question.kind is Kind.WHOLE_NUMBER and amount != amount.to_integral_value():
        raise Slip("Write a whole number, without a point.")
    low, high = question.minimum, question.maximum
    if (low is not None and Fraction(amount) < low) or (
        high is not None and Fraction(amount) > high
    ):
        if question.out_of_range_hint:
            raise Slip(question.out_of_range_hint)
        raise Slip("This number looks out of range. Please check it.")
    return int(amount) if question.kind is Kind.WHOLE_NUMBER else amount.normalize()


def day(year: str, month: str, day_of_month: str, *, latest: date) -> date:
    """A real day from three boxes, not before 1900 and not after `latest`. Raises `Slip`."""
    try:
        found = date(int(year), int(month), int(day_of_month))
    except ValueError:
        raise Slip("This is not a real date. Write it like 27 3 1985.") from None
    if found > latest:
        raise Slip("This date is in the future. Please check it.")
    if found.year < 1900:  # noqa: PLR2004  # nobody alive was born before
        raise Slip("This date is too long ago. Write the year with four numbers, like 1985.")
    return found


def changed(question_ids: Collection[str], before: Answers, after: Answers) -> tuple[str, ...]:
    """The questions whose answer differs between two sets, in the order of `question_ids`."""
    return tuple(key for key in question_ids if before.get(key) != after.get(key))
