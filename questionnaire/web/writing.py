"""Questions answered by typing: words, an amount, a date in three boxes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import (
    LONGEST_TEXT,
    Answer,
    Slip,
    Withheld,
    clean_text,
    day,
    number,
)
from questionnaire.domain.definition import Kind
from questionnaire.domain.language import to_say
from questionnaire.web.fields import AnswerField

_MEASURE_IT = to_say("I'd like the clinic to measure it")
_DATE_BOXES = (
    ("day", to_say("Day"), 2),
    ("month", to_say("Month"), 2),
    ("year", to_say("Year"), 4),
)


@dataclass(frozen=True, slots=True)
class BoxShown:
    """One box of a date."""

    id: str
    name: str
    text: str
    typed: str
    width: int


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
        typed = self.first().strip()
        return number(self.question, typed) if typed else None

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """The number without an exponent."""
        return {"": [f"{answer:f}" if isinstance(answer, Decimal) else str(answer)]}

    def ways_to_withhold(self) -> tuple[Withheld, ...]:
        """What the clinic can measure need not be known at home."""
        ways = super().ways_to_withhold()
        measured = self.question.clinician_may_fill_in and not self.question.optional
        return ways or ((Withheld.TELL_CLINICIAN,) if measured else ())

    def withheld_words(self, way: Withheld) -> str:
        """Measuring has its own words."""
        if way is Withheld.TELL_CLINICIAN and self.question.clinician_may_fill_in:
            return self.say(_MEASURE_IT)
        return super().withheld_words(way)


class Day(AnswerField):
    """A date in three number boxes."""

    shape = "day"
    parts = (".day", ".month", ".year")
    blank = to_say("Write the day, the month and the year")

    def given(self) -> Answer | None:
        """The date, not after today."""
        typed = [self.first(part).strip() for part in self.parts]
        if not any(typed):
            return None
        if not all(typed):
            raise Slip(self.blank)
        return day(typed[2], typed[1], typed[0], latest=self.today)

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """Day, month and year, each in its box."""
        if not isinstance(answer, date):
            return {}
        figures = (answer.day, answer.month, answer.year)
        return {part: [str(figure)] for part, figure in zip(self.parts, figures, strict=True)}

    @property
    def boxes(self) -> tuple[BoxShown, ...]:
        """The three boxes; the first one carries the field's id."""
        return tuple(
            BoxShown(
                id=self.id if name == "day" else f"{self.id}-{name}",
                name=f"{self.name}.{name}",
                text=self.say(text),
                typed=self.first(f".{name}"),
                width=width,
            )
            for name, text, width in _DATE_BOXES
        )
