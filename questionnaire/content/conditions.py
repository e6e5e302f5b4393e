"""Conditions (`when`, `ask_when`, `positive_when`) read from the words a clinician wrote.

Each test is checked against what it looks at: does the question exist, has it that option, can a
question of that kind be tested so, and do the bounds leave any number at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from questionnaire.content.fields import expected, known_names, number, switch, text, texts
from questionnaire.content.nodes import Entries, Items, Node
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading, did_you_mean
from questionnaire.domain.condition import All, Any, Condition, Leaf, Limit, Not, Test
from questionnaire.domain.definition import Kind

_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})
_NUMBERS = frozenset({Kind.WHOLE_NUMBER, Kind.DECIMAL, Kind.PICTURE})
_BOUNDS = frozenset({Test.BELOW, Test.AT_MOST, Test.ABOVE, Test.AT_LEAST})
_NOTHING = Any(())
"""Stands in for what could not be read."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may look at: a question, or a measure (its values are its options)."""

    id: str
    kind: Kind
    options: tuple[str, ...] = ()
    least: Fraction | None = None
    most: Fraction | None = None


class ConditionReader:
    """Reads conditions about the given subjects."""

    def __init__(self, reading: Reading, subjects: Mapping[str, Subject]) -> None:
        self.reading = reading
        self.subjects = subjects

    def read(self, node: Node) -> Condition:
        """The condition; what cannot be read is reported and stands as never true."""
        if not isinstance(node, Entries):
            expected(self.reading, node, "A condition is written as question: {test: …}.")
            return _NOTHING
        if len(node.values) != 1:
            sentence = "Put each test of its own below all: or any:."
            self.reading.problem(node.place, sentence)
            return _NOTHING
        ((key, value),) = node.values.items()
        if key == "not":
            return Not(self.read(value))
        if key in {"all", "any"}:
            return self._combined(key, value)
        return self._tests(key, value, node.lines[key])

    def _combined(self, word: str, node: Node) -> Condition:
        if not isinstance(node, Items) or not node.parts:
            self.reading.problem(node.place, f"“{word}” needs a list of conditions.")
            return _NOTHING
        parts = tuple(self.read(part) for part in node.parts)
        return All(parts) if word == "all" else Any(parts)

    def _tests(self, about: str, node: Node, place: Place) -> Condition:
        subject = self.subjects.get(about)
        if subject is None:
            hint = did_you_mean(about, self.subjects)
            sentence = f"There is no question or measure {about}.{hint}"
            self.reading.problem(place, sentence)
            return _NOTHING
        if not isinstance(node, Entries) or not node.values:
            self.reading.problem(node.place, f"Say how {about} is tested, like {about}: {{is: …}}.")
            return _NOTHING
        leaves = [
            leaf
            for word, value in node.values.items()
            if (leaf := self._leaf(subject, word, value, node.lines[word]))
        ]
        self._check_bounds(subject, leaves, place)
        if not leaves:
            return _NOTHING
        return leaves[0] if len(leaves) == 1 else All(tuple(leaves))

    def _leaf(self, subject: Subject, word: str, node: Node, place: Place) -> Leaf | None:
        try:
            test = Test(word)
        except ValueError:
            hint = did_you_mean(word, tuple(Test))
            self.reading.problem(place, f"“{word}” is not a test.{hint}")
            return None
        limit = self._limit(subject, test, node, place)
        return None if limit is None else Leaf(subject.id, test, limit)

    def _limit(self, subject: Subject, test: Test, node: Node, place: Place) -> Limit | None:
        if test is Test.ANSWERED:
            return switch(self.reading, node)
        if subject.kind in _NUMBERS and (test in _BOUNDS or test is Test.IS):
            return number(self.reading, node)
        if subject.kind is Kind.SINGLE and test is Test.IS:
            return self._options(subject, (text(self.reading, node),), node.place)
        if subject.kind in _CHOICES and test in {Test.ANY_OF, Test.NONE_OF}:
            listed = texts(self.reading, node)
            return self._options(subject, listed, node.place)
        kind = subject.kind.replace("_", " ")
        sentence = f"“{test}” cannot be tested on {subject.id}, which is {kind}."
        self.reading.problem(place, sentence)
        return None

    def _options(
        self, subject: Subject, listed: tuple[str, ...], place: Place
    ) -> frozenset[str] | None:
        what = f"option of {subject.id} called"
        given = tuple(name for name in listed if name)
        found = known_names(self.reading, given, subject.options, what, place)
        return frozenset(found) or None

    def _check_bounds(self, subject: Subject, leaves: list[Leaf], place: Place) -> None:
        if subject.kind not in _NUMBERS:
            return
        span = Span(subject.least, subject.most)
        for leaf in leaves:
            if isinstance(leaf.limit, Fraction):
                alone = Span(subject.least, subject.most).narrowed(leaf.test, leaf.limit)
                if alone == Span(subject.least, subject.most):
                    sentence = f"Every answer to {subject.id} is within “{leaf.test}” here."
                    self.reading.problem(place, sentence)
                elif alone.is_empty(subject.kind):
                    sentence = f"No answer to {subject.id} can be within “{leaf.test}” here."
                    self.reading.problem(place, sentence)
                    return
                span = span.narrowed(leaf.test, leaf.limit)
        if span.is_empty(subject.kind):
            self.reading.problem(place, f"These bounds of {subject.id} leave no number at all.")


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers between two ends (None: no end); `open_*` leaves the end itself out."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False

    def narrowed(self, test: Test, limit: Fraction) -> "Span":
        """The part of this span that passes the test."""
        low = (self.low, self.open_low)
        high = (self.high, self.open_high)
        if test in {Test.ABOVE, Test.AT_LEAST, Test.IS}:
            is_open = test is Test.ABOVE
            if self.low is None or (limit, is_open) > (self.low, self.open_low):
                low = (limit, is_open)
        if test in {Test.BELOW, Test.AT_MOST, Test.IS}:
            is_open = test is Test.BELOW
            if self.high is None or (limit, not is_open) < (self.high, not self.open_high):
                high = (limit, is_open)
        return Span(low[0], high[0], low[1], high[1])

    def is_empty(self, kind: Kind) -> bool:
        """No number of that kind lies in the span."""
        if self.low is None or self.high is None:
            return False
        if kind is Kind.DECIMAL:
            return self.low > self.high or (
                self.low == self.high and (self.open_low or self.open_high)
            )
        first = self.low.__floor__() + 1 if self.open_low else self.low.__ceil__()
        last = self.high.__ceil__() - 1 if self.open_high else self.high.__floor__()
        return first > last
