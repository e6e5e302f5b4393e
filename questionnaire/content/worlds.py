"""Every way a condition can come out, tried exactly.

Options that no test tells apart stand for one another, and a number is tried at each bound, beside
it and between bounds. What is tried can only be too much, never too little (a body mass index is
tried apart from height and weight), so “this can never be” is always right. A search that grows
too large says that it cannot tell.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import combinations

from questionnaire.content.tried import TooMany, Tried
from questionnaire.domain.condition import (
    All,
    Condition,
    Known,
    Leaf,
    Not,
    State,
    Truth,
    evaluate,
    leaves,
)
from questionnaire.domain.definition import AnsweredBy, Question, Questionnaire

MOST_STEPS = 20_000


class Found(Enum):
    """Whether some answers bring a condition to what was looked for."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


class Worlds:
    """All answers that matter to `condition`, for anyone who chose one of `treatments`.

    An empty set of treatments means all. With `finished` every question the patient must answer
    has a settled answer; without it any question may be blank and any row unsure.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        condition: Condition,
        treatments: frozenset[str],
        every_treatment: Iterable[str],
        *,
        finished: bool,
    ) -> None:
        self._questionnaire = questionnaire
        self._condition = condition
        self._finished = finished
        conditions = _conditions_behind(questionnaire, condition)
        self._order = [key for key in questionnaire.working_order if key in conditions]
        tests: dict[str, list[Leaf]] = {key: [] for key in self._order}
        behind = [part for part in conditions.values() if part is not None]
        for leaf in (leaf for part in (condition, *behind) for leaf in leaves(part)):
            tests[leaf.about].append(leaf)
        self._gates = {leaf.about for part in behind for leaf in leaves(part)}
        self._tried = Tried(questionnaire, tests)
        self._chosen = self._choices_of_treatments(treatments, tuple(every_treatment))
        self._steps = 0

    def find(self, wanted: Callable[[Truth], bool]) -> Found:
        """Whether some answers bring the condition to a truth that is `wanted`."""
        self._steps = 0
        try:
            found = any(self._search(0, chosen, {}, wanted) for chosen in self._chosen)
        except TooMany:
            return Found.CANNOT_TELL
        return Found.YES if found else Found.NO

    def _search(
        self,
        depth: int,
        chosen: frozenset[str],
        facts: dict[str, Known | State],
        wanted: Callable[[Truth], bool],
    ) -> bool:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMany
        truth = _so_far(self._condition, facts)
        if truth is not Truth.UNKNOWN or depth == len(self._order):
            return wanted(truth)
        key = self._order[depth]
        return any(
            self._search(depth + 1, chosen, {**facts, key: value}, wanted)
            for value in self._values(key, chosen, facts)
        )

    def _values(
        self, key: str, chosen: frozenset[str], facts: dict[str, Known | State]
    ) -> Sequence[Known | State]:
        question = self._questionnaire.questions.get(key)
        if question is None:
            return self._tried.measured(self._questionnaire.measures[key], facts)
        is_for = not question.treatments or not question.treatments.isdisjoint(chosen)
        if not is_for or (
            question.ask_when is not None and evaluate(question.ask_when, facts) is not Truth.TRUE
        ):
            return (State.NOT_ASKED,)
        values = self._tried.answers(question, unsure=not self._finished and key in self._gates)
        return (*values, State.BLANK) if self._may_be_blank(question) else values

    def _may_be_blank(self, question: Question) -> bool:
        is_clinicians = question.answered_by is AnsweredBy.CLINICIAN
        return not self._finished or question.optional or is_clinicians

    def _choices_of_treatments(
        self, treatments: frozenset[str], every_treatment: tuple[str, ...]
    ) -> list[frozenset[str]]:
        """Sets of chosen treatments; those that no question tells apart stand for one another."""
        groups = [treatments]
        for key in self._order:
            question = self._questionnaire.questions.get(key)
            groups.append(question.treatments if question else frozenset())
        alike = {tuple(name in group for group in groups): name for name in every_treatment}
        return [
            frozenset(chosen)
            for chosen in _subsets(tuple(alike.values()))
            if not treatments or not treatments.isdisjoint(chosen)
        ]


def _conditions_behind(
    questionnaire: Questionnaire, condition: Condition
) -> dict[str, Condition | None]:
    """Everything `condition` looks at, also through others, and the condition each stands on."""
    found: dict[str, Condition | None] = {}
    waiting = [leaf.about for leaf in leaves(condition)]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        measure = questionnaire.measures.get(key)
        found[key] = measure.positive_when if measure else questionnaire.questions[key].ask_when
        waiting.extend(measure.inputs if measure else ())
        waiting.extend(leaf.about for part in (found[key],) if part for leaf in leaves(part))
    return found


def _so_far(condition: Condition, facts: dict[str, Known | State]) -> Truth:
    """The truth while some questions are still open: unknown until the others settle it."""
    if isinstance(condition, Leaf):
        return evaluate(condition, facts) if condition.about in facts else Truth.UNKNOWN
    if isinstance(condition, Not):
        truth = _so_far(condition.part, facts)
        if truth is Truth.UNKNOWN:
            return truth
        return Truth.FALSE if truth is Truth.TRUE else Truth.TRUE
    decisive = Truth.FALSE if isinstance(condition, All) else Truth.TRUE
    parts = [_so_far(part, facts) for part in condition.parts]
    if decisive in parts:
        return decisive
    if Truth.UNKNOWN in parts:
        return Truth.UNKNOWN
    return Truth.TRUE if decisive is Truth.FALSE else Truth.FALSE


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)
