"""Typed answers: from what was posted, to and from JSON, and what changed between two sets.

A value is an option id (single), `Choices` (multiple), text, a `date`, an `int` (whole number,
picture) or a `Decimal`. `Withheld` stands for “not sure” or “I'd rather say it to the clinician”:
the question counts as dealt with, and reaches the clinician as a point.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from questionnaire.domain.definition import NOT_SURE, Kind, Question
from questionnaire.domain.figures import NoAmount, TwoReadings, amount, by_value
from questionnaire.domain.language import Say, digits, figure, in_english, to_say
from questionnaire.domain.visible import is_blank, without_invisible

LONGEST_TEXT = 4000
"""Code points in one free-text answer; four bytes each at most."""

_MOST_PLACES = 12
"""Places before the point, or noughts behind it: far beyond any limit."""
_MOST_DIGITS = 28
"""More would be rounded by decimal arithmetic."""

_EARLIEST_YEAR = 1900
"""Nobody alive was born before."""
_LONGEST_FIGURE = 9
_OTHER_CALENDARS_END = 1800
"""Of years before nobody mistypes one figure: they are counted from another year."""
_NEXT_CENTURIES = 200
"""Years further ahead are counted from another year too."""


class Slip(Exception):  # noqa: N818  # a patient's slip is not an error of the program
    """What was given cannot be an answer to the question; the sentence says how to mend it.

    `facts` go into the braces of the sentence, in whatever language it is said, numbers as it
    writes them. `hint` stands behind it, in the reader's language already.
    """

    def __init__(self, sentence: str, *, hint: str = "", **facts: object) -> None:
        self.sentence = sentence
        self.hint = hint
        self.facts = facts
        super().__init__(self.said())

    def said(self, say: Say = in_english) -> str:
        """The sentence in the reader's language."""
        facts = {name: _as_said(fact, say) for name, fact in self.facts.items()}
        words = say(self.sentence)
        return f"{words.format(**facts) if facts else words} {self.hint}".strip()


def _as_said(fact: object, say: Say) -> object:
    if isinstance(fact, int):
        return figure(fact, say)
    return digits(f"{fact:f}", say) if isinstance(fact, Decimal) else fact


TELL_ROW = ".tell_clinician"
"""Behind an option id among the rows of a list: the tick under the page that begins with it."""


class Withheld(StrEnum):
    """The person met the question and chose not to settle it here."""

    NOT_SURE = "not_sure"
    TELL_CLINICIAN = "tell_clinician"


OWN_WORDS = {
    Withheld.NOT_SURE: frozenset({NOT_SURE}),
    Withheld.TELL_CLINICIAN: frozenset(
        {"rather_not_say", "would_rather_tell_the_clinician", "would_rather_talk_about_it"}
    ),
}
"""Option ids that already say so in a list's own words."""

LEAVES_OPEN = frozenset[str]().union(*OWN_WORDS.values())
"""Every such id: picking one settles nothing about the other options of its list."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The options said yes to, and those marked “not sure” in a row-by-row list.

    `tell_clinician`: the person also ticked, under the rows, to rather say it to the clinician;
    `tell_at` are the first rows of the pages it was ticked on, where they are known.
    """

    yes: frozenset[str]
    not_sure: frozenset[str] = frozenset()
    tell_clinician: bool = False
    tell_at: frozenset[str] = field(default=frozenset(), compare=False)


Value = str | Choices | date | int | Decimal
Answer = Value | Withheld
Answers = Mapping[str, Answer]
"""Question id → answer. A question without an answer has no key."""


def clean_text(text: str) -> str:
    """The words of a text (`visible.without_invisible`); empty when there is nothing to see.

    Raises `Slip` for more than `LONGEST_TEXT` code points, and for control signs, private ones and
    half ones (surrogates), which no keyboard types.
    """
    cleaned = without_invisible(text)
    if len(cleaned) > LONGEST_TEXT:
        raise Slip("This is too long. Use {most} letters or fewer.", most=LONGEST_TEXT)
    if any(
        unicodedata.category(letter) in {"Cc", "Cs", "Co"} and letter not in "\n\t"
        for letter in cleaned
    ):
        raise Slip("This has hidden signs we cannot keep. Please type it again.")
    return "" if is_blank(cleaned) else cleaned


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


def number(question: Question, typed: str) -> int | Decimal:
    """A number as somebody typed it (`figures.amount`), within the question's limits.

    Its own unit may stand beside it. Raises `Slip`, which names the limits, the unit and the
    question's own hint.
    """
    try:
        found = amount(typed, question.units, question.other_units)
    except TwoReadings as two:
        raise Slip(
            "We cannot tell if you mean {small} or {large}. Please write it another way.",
            small=two.small,
            large=two.large,
            hint=question.out_of_range_hint,
        ) from None
    except NoAmount:
        raise _only_a_number(question) from None
    return within_limits(question, found)


def within_limits(question: Question, amount: Decimal) -> int | Decimal:
    """The number, if the question takes it. Raises `Slip`."""
    if not amount.is_finite():
        raise _only_a_number(question)
    if _is_beyond(question, amount):
        if question.out_of_range_hint:
            raise Slip("This number looks out of range.", hint=question.out_of_range_hint)
        raise Slip("This number looks out of range. Please check it.")
    if abs(amount.adjusted()) > _MOST_PLACES or len(amount.as_tuple().digits) > _MOST_DIGITS:
        raise _only_a_number(question)
    if question.kind is not Kind.WHOLE_NUMBER:
        return amount.normalize()
    if amount != amount.to_integral_value():
        raise Slip("Write a whole number, without a point.")
    return int(amount)


def _is_beyond(question: Question, amount: Decimal) -> bool:
    low, high = question.minimum, question.maximum
    return (low is not None and amount < low) or (high is not None and amount > high)


def _only_a_number(question: Question) -> Slip:
    low, high, hint = question.minimum, question.maximum, question.out_of_range_hint
    if low is None or high is None:
        return Slip(to_say("Write only a number, in figures."), hint=hint)
    limits = {"least": _as_decimal(low), "most": _as_decimal(high)}
    if question.unit:
        return Slip(
            to_say("Write only a number, from {least} to {most} {unit}."),
            hint=hint,
            unit=question.unit,
            **limits,
        )
    return Slip(to_say("Write only a number, from {least} to {most}."), hint=hint, **limits)


def _as_decimal(limit: Fraction) -> Decimal:
    return Decimal(limit.numerator) / limit.denominator


def day(year: str, month: str, day_of_month: str, *, latest: date) -> date:
    """A real day from three boxes, not before 1900 and not after `latest`. Raises `Slip`."""
    try:
        numbers = [_calendar_figure(part) for part in (year, month, day_of_month)]
        if _is_of_another_calendar(numbers[0], latest):
            raise Slip("This year looks like one of another calendar. Write the year like 1985.")
        found = date(*numbers)
    except ValueError:
        raise Slip("This is not a real date. Write it like 27 3 1985.") from None
    if found > latest:
        raise Slip("This date is in the future. Please check it.")
    if found.year < _EARLIEST_YEAR:
        raise Slip("This date is too long ago. Write the year with four numbers, like 1985.")
    return found


def _calendar_figure(typed: str) -> int:
    """A figure of a date. Raises `ValueError` for anything but digits."""
    text = by_value(without_invisible(typed))
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_FIGURE):
        raise ValueError(typed)
    return int(text)


def _is_of_another_calendar(year: int, latest: date) -> bool:
    """Buddhist and Hebrew years are far ahead, Islamic and Persian ones far behind."""
    is_whole = year > 999  # noqa: PLR2004  # shorter ones lack figures
    return is_whole and (year < _OTHER_CALENDARS_END or year > latest.year + _NEXT_CENTURIES)


def changed(question_ids: Collection[str], before: Answers, after: Answers) -> tuple[str, ...]:
    """The questions whose answer differs between two sets, in the order of `question_ids`."""
    return tuple(key for key in question_ids if before.get(key) != after.get(key))
