"""What the clinic asks: sections, questions, options, and the values worked out from answers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from graphlib import TopologicalSorter

from questionnaire.domain.condition import Condition, leaves

NOT_SURE = "not_sure"
"""The choice in `treatments_wanted` that counts as choosing every treatment."""

TREATMENTS_WANTED = "treatments_wanted"
FULL_NAME = "full_name"
DATE_OF_BIRTH = "date_of_birth"


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    DATE = "date"
    WHOLE_NUMBER = "whole_number"
    DECIMAL = "decimal"
    PICTURE = "picture"


class AnsweredBy(StrEnum):
    """Who a question is put to."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `exclusive` clears every other; `score` is used by a measure.

    `treatments` are the treatment ids it is offered for (empty: all).
    """

    id: str
    text: str
    exclusive: bool = False
    score: int | None = None
    treatments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """One question as the clinic words it.

    `treatments` are the treatment ids it is asked for (empty: all). `minimum` and `maximum` are
    hard limits in `unit`; a number outside is a slip and `out_of_range_hint` says what to do.
    `unit_words` are other words people write for the unit, in any language; `other_units` are
    spellings that differ from them only in capitals, like g/L from G/L, and mean another unit.
    `row_by_row` lists are answered Yes / No / Not sure for each option but the exclusive one.
    A `contact` holds a telephone number or an e-mail address somewhere in its words.
    One to `ask_anew` is never shown with the answer of an earlier visit.
    """

    id: str
    text: str
    kind: Kind
    options: tuple[Option, ...] = ()
    help: str = ""
    why_we_ask: str = ""
    treatments: frozenset[str] = frozenset()
    ask_when: Condition | None = None
    optional: bool = False
    sensitive: bool = False
    answered_by: AnsweredBy = AnsweredBy.PATIENT
    clinician_may_fill_in: bool = False
    row_by_row: bool = False
    ask_anew: bool = False
    contact: bool = False
    unit: str = ""
    unit_words: tuple[str, ...] = ()
    other_units: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    out_of_range_hint: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Every word for the unit; none where there is no unit."""
        return tuple(filter(None, (self.unit, *self.unit_words)))

    @property
    def is_free_text(self) -> bool:
        """Whether patients may write here what they like, or nothing."""
        return self.kind is Kind.TEXT and self.optional

    def option(self, option_id: str) -> Option:
        """The option with that id; `KeyError` when there is none."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)

    def offered_for(self, treatments: frozenset[str]) -> "Question":
        """The question with the choices that are for one of these treatments."""
        offered = tuple(
            option
            for option in self.options
            if not option.treatments or option.treatments & treatments
        )
        return self if len(offered) == len(self.options) else replace(self, options=offered)

    @property
    def none_option(self) -> Option | None:
        """The exclusive choice (“None of these”), if the list has one."""
        return next((option for option in self.options if option.exclusive), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of questions, in the order they are asked."""

    id: str
    title: str
    questions: tuple[Question, ...]


class Formula(StrEnum):
    """How a measure is worked out from its inputs."""

    FULL_YEARS = "full_years"
    BODY_MASS_INDEX = "body_mass_index"
    SUM_OF_SCORES = "sum_of_scores"
    COUNT_OF_CHOICES = "count_of_choices"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value worked out from answers; conditions use it as if it were a question.

    `values` and `positive_when` belong to a `screen` (first value when true, second when false).
    """

    id: str
    title: str
    unit: str
    kind: Kind
    inputs: tuple[str, ...]
    formula: Formula
    words: str
    values: tuple[str, ...] = ()
    positive_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Everything that can be asked, and every measure, with quick ways in.

    `questions` and `measures` are keyed by id and keep the order of the definition. In
    `working_order` each id stands behind everything its own condition or formula looks at.
    """

    sections: tuple[Section, ...]
    questions: dict[str, Question]
    measures: dict[str, Measure]
    working_order: tuple[str, ...]

    @classmethod
    def of(cls, sections: Iterable[Section], measures: Iterable[Measure]) -> "Questionnaire":
        """Bind sections and measures together.

        Raises `graphlib.CycleError` when questions wait for each other in a circle.
        """
        ordered = tuple(sections)
        questions = {question.id: question for part in ordered for question in part.questions}
        named = {measure.id: measure for measure in measures}
        waits_for: dict[str, list[str]] = {key: _looks_at(it) for key, it in questions.items()}
        waits_for |= {key: [*it.inputs] for key, it in named.items()}
        return cls(ordered, questions, named, tuple(TopologicalSorter(waits_for).static_order()))


def _looks_at(question: Question) -> list[str]:
    if question.ask_when is None:
        return []
    return [leaf.about for leaf in leaves(question.ask_when)]
