"""Questions answered by typing: words, an amount, a date in three boxes."""

from datetime import date
from decimal import Decimal

from questionnaire.addresses import holds_contact
from questionnaire.domain.answers import (
    LONGEST_TEXT,
    Answer,
    Slip,
    Withheld,
    clean_text,
    number,
)
from questionnaire.domain.definition import Kind
from questionnaire.domain.language import digits, to_say
from questionnaire.domain.visible import is_blank, without_invisible
from questionnaire.web.dates import PARTS, WRITE_DATE, DateBox, date_boxes, read_date
from questionnaire.web.fields import AnswerField

REACHED_BY = to_say("Write a phone number or an email. It can be that of somebody you trust.")


class Words(AnswerField):
    """Free words; what may be left blank may also be long."""

    shape = "words"
    longest = LONGEST_TEXT

    @property
    def long(self) -> bool:
        """Whether to offer a box of several lines."""
        return self.question.optional

    def given(self) -> Answer | None:
        """The words, cleaned."""
        return clean_text(self.first()) or None


class Contact(Words):
    """Words with a telephone number or an e-mail address in them, by which somebody is reached."""

    blank = REACHED_BY

    def given(self) -> Answer | None:
        """The words, cleaned. Raises `Slip` when nobody can be reached by them."""
        words = clean_text(self.first())
        if words and not holds_contact(words):
            raise Slip(REACHED_BY)
        return words or None


class Amount(AnswerField):
    """A number with its unit."""

    shape = "number"
    blank = to_say("Write a number")

    @property
    def unit(self) -> str:
        """What is counted."""
        return self.question.unit

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.question.kind is Kind.WHOLE_NUMBER

    def given(self) -> Answer | None:
        """The number, within the question's limits."""
        typed = self.first()
        return None if is_blank(typed) else number(self.question, typed)

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """The number without an exponent, with the decimal sign of the reader's language."""
        is_decimal = isinstance(answer, Decimal)
        return {"": [digits(f"{answer:f}", self.say) if is_decimal else str(answer)]}

    def ways_to_withhold(self) -> tuple[Withheld, ...]:
        """What the clinic can measure need not be known at home."""
        ways = super().ways_to_withhold()
        measured = self.question.clinician_may_fill_in and not self.question.optional
        return ways or ((Withheld.TELL_CLINICIAN,) if measured else ())


class Day(AnswerField):
    """A date in three number boxes."""

    shape = "day"
    parts = tuple(f".{part}" for part in PARTS)
    blank = WRITE_DATE

    def given(self) -> Answer | None:
        """The date, not after today."""
        typed = [without_invisible(self.first(part)) for part in self.parts]
        if all(map(is_blank, typed)):
            return None
        return read_date(typed, latest=self.today)

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """Day, month and year, each in its box."""
        if not isinstance(answer, date):
            return {}
        figures = (answer.day, answer.month, answer.year)
        return {part: [str(figure)] for part, figure in zip(self.parts, figures, strict=True)}

    @property
    def boxes(self) -> tuple[DateBox, ...]:
        """The three boxes."""
        typed = [self.first(part) for part in self.parts]
        return date_boxes(self.name, typed, self.say, self.id)
