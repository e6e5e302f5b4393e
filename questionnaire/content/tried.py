"""The answers worth trying: only differences that some test or measure can see."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product

from questionnaire.domain.answers import LEAVES_OPEN, Choices
from questionnaire.domain.condition import Chosen, Facts, Known, Leaf, State, Truth, evaluate
from questionnaire.domain.definition import (
    Formula,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
)
from questionnaire.domain.situation import as_fact

_MOST_GROUPS = 8


class TooMany(Exception):  # noqa: N818  # ends a search, reaches nobody
    """There are more ways to answer than can be tried."""


class Tried:
    """What to try as answers and measures, given every test made on each of them."""

    def __init__(self, questionnaire: Questionnaire, tests: Mapping[str, Sequence[Leaf]]) -> None:
        self.questionnaire = questionnaire
        self.tests = tests
        self._formulas: dict[str, set[Formula]] = {key: set() for key in tests}
        for measure in questionnaire.measures.values():
            if measure.id in tests:
                for key in measure.inputs:
                    self._formulas[key].add(measure.formula)

    def answers(self, question: Question, *, unsure: bool) -> Sequence[Known]:
        """Answers to an asked question, with rows left unsure if `unsure`. Raises `TooMany`."""
        tests = self.tests[question.id]
        if question.kind in {Kind.TEXT, Kind.DATE}:
            return ("something",)
        if question.kind is Kind.PICTURE:
            return [Fraction(option.id) for option in question.options]
        if question.kind in {Kind.WHOLE_NUMBER, Kind.DECIMAL}:
            return numbers(question.kind, tests, question.minimum, question.maximum)
        groups = self._groups(question)
        if question.kind is Kind.SINGLE:
            return [as_fact(question, option.id) for option in groups]
        rows = [option for option in groups if not option.exclusive]
        return _choices(question, rows, (True, False, None) if unsure else (True, False))

    def _groups(self, question: Question) -> list[Option]:
        """One option for each group that no test and no measure tells apart.

        One that says “not sure” stands alone: it leaves the others open.
        """
        formulas = self._formulas[question.id]
        limits = [test.limit for test in self.tests[question.id]]
        found: dict[object, Option] = {}
        for option in question.options:
            sign = (
                tuple(isinstance(limit, frozenset) and option.id in limit for limit in limits),
                option.exclusive,
                option.id in LEAVES_OPEN,
                option.score if Formula.SUM_OF_SCORES in formulas else None,
                option.id if Formula.COUNT_OF_CHOICES in formulas else None,
            )
            found.setdefault(sign, option)
        return list(found.values())

    def measured(self, measure: Measure, facts: Facts) -> Sequence[Known | State]:
        """What `measure` may come to when `facts` knows its inputs."""
        if measure.formula is Formula.SCREEN and measure.positive_when is not None:
            truth = evaluate(measure.positive_when, facts)
            if truth is Truth.UNKNOWN:
                return (State.BLANK,)
            return (Chosen(frozenset({measure.values[0 if truth is Truth.TRUE else 1]})),)
        inputs = [facts[key] for key in measure.inputs]
        if State.NOT_ASKED in inputs:
            return (State.NOT_ASKED,)
        if State.BLANK in inputs or any(isinstance(it, Chosen) and it.not_sure for it in inputs):
            return (State.BLANK,)
        if measure.formula in {Formula.SUM_OF_SCORES, Formula.COUNT_OF_CHOICES}:
            picked = [option for key in measure.inputs for option in self._picked(key, facts)]
            scores = measure.formula is Formula.SUM_OF_SCORES
            return (Fraction(sum((it.score or 0) if scores else 1 for it in picked)),)
        return numbers(measure.kind, self.tests[measure.id], Fraction(0), None)

    def _picked(self, key: str, facts: Facts) -> list[Option]:
        known, options = facts[key], self.questionnaire.questions[key].options
        picked = known.picked if isinstance(known, Chosen) else frozenset[str]()
        return [option for option in options if option.id in picked and not option.exclusive]


def _choices(
    question: Question, rows: Sequence[Option], marks: Sequence[bool | None]
) -> list[Known]:
    if len(rows) > _MOST_GROUPS:
        raise TooMany
    none = question.none_option
    found: list[Known] = []
    for marked in product(marks, repeat=len(rows)):
        yes = {row.id for row, mark in zip(rows, marked, strict=True) if mark}
        unsure = {row.id for row, mark in zip(rows, marked, strict=True) if mark is None}
        if not yes and not unsure:
            if none is None:
                continue
            yes = {none.id}
        found.append(as_fact(question, Choices(frozenset(yes), frozenset(unsure))))
    return found


def numbers(
    kind: Kind, tests: Iterable[Leaf], low: Fraction | None, high: Fraction | None
) -> list[Fraction]:
    """A number at each bound, beside it and between bounds, within the limits."""
    limits = {test.limit for test in tests if isinstance(test.limit, Fraction)}
    bounds = sorted(limits | {end for end in (low, high) if end is not None}) or [Fraction(1)]
    tried = {bounds[0] - 1, *bounds, bounds[-1] + 1}
    if kind is Kind.WHOLE_NUMBER:
        tried |= {bound + step for bound in bounds for step in (-1, 1)}
        tried = {Fraction(number.__floor__()) for number in tried}
    else:
        tried |= {(one + other) / 2 for one, other in pairwise(bounds)}
    return [
        number
        for number in sorted(tried)
        if (low is None or number >= low) and (high is None or number <= high)
    ]
