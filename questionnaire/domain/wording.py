"""Conditions in words: what a rule looks at, as the clinician reads it."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from questionnaire.domain.condition import All, Condition, Leaf, Limit, Not, Test
from questionnaire.domain.definition import Kind, Question, Questionnaire

_BOUND = {
    Test.IS: "is",
    Test.BELOW: "is below",
    Test.AT_MOST: "is at most",
    Test.ABOVE: "is above",
    Test.AT_LEAST: "is at least",
}
_INDENT = "  "


def leaf_in_words(leaf: Leaf, questionnaire: Questionnaire) -> str:
    """One test in a line, like `Platelets? is below 100 x10^9 per litre`.

    Questions and options are quoted in the words the patient reads. Raises `KeyError` for a
    question, measure or option that does not exist.
    """
    about = _title(leaf.about, questionnaire)
    if leaf.test is Test.ANSWERED:
        return f"{about} {'has an answer' if leaf.limit else 'has no answer'}"
    if isinstance(leaf.limit, frozenset):
        return f"{about} {_choice(leaf, leaf.limit, questionnaire)}"
    return f"{about} {_amount(leaf, leaf.limit, questionnaire)}"


def in_words(condition: Condition, questionnaire: Questionnaire) -> tuple[str, ...]:
    """The whole condition, a line for each test; what belongs together is indented together."""
    if isinstance(condition, Leaf):
        return (leaf_in_words(condition, questionnaire),)
    if isinstance(condition, Not) and isinstance(condition.part, Leaf):
        return (f"Not so: {leaf_in_words(condition.part, questionnaire)}",)
    if isinstance(condition, Not):
        return ("Not so:", *_indented(in_words(condition.part, questionnaire)))
    heading = "All of these:" if isinstance(condition, All) else "At least one of these:"
    parts = (line for part in condition.parts for line in in_words(part, questionnaire))
    return (heading, *_indented(parts))


def number_in_words(number: Fraction) -> str:
    """A number as people write it: `100`, `1.5`; at most 28 digits."""
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"


def _title(about: str, questionnaire: Questionnaire) -> str:
    measure = questionnaire.measures.get(about)
    return measure.title if measure else questionnaire.questions[about].text


def _choice(leaf: Leaf, picked: frozenset[str], questionnaire: Questionnaire) -> str:
    measure = questionnaire.measures.get(leaf.about)
    if measure:
        return _listed("is", leaf.test, [it for it in measure.values if it in picked])
    question = questionnaire.questions[leaf.about]
    words = [f"“{question.option(key).text}”" for key in _in_order(question, picked)]
    if question.kind is not Kind.MULTIPLE:
        return _listed("is", leaf.test, words)
    none = question.none_option
    if leaf.test is Test.NONE_OF and none and picked == {none.id}:
        return f"includes something other than {words[0]}"
    return _listed("includes", leaf.test, words)


def _in_order(question: Question, picked: frozenset[str]) -> list[str]:
    places = {option.id: place for place, option in enumerate(question.options)}
    return sorted(picked, key=lambda key: places[key])


def _listed(verb: str, test: Test, words: list[str]) -> str:
    if test is Test.NONE_OF:
        verb = f"{verb} none of" if len(words) > 1 else "is not" if verb == "is" else "leaves out"
    return f"{verb} {' or '.join(words)}"


def _amount(leaf: Leaf, limit: Limit, questionnaire: Questionnaire) -> str:
    if not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.test} on {leaf.about} needs a number")
    amount = number_in_words(limit)
    measure = questionnaire.measures.get(leaf.about)
    if measure is None:
        question = questionnaire.questions[leaf.about]
        if question.kind is Kind.PICTURE:
            return f"{_BOUND[leaf.test]} picture {amount}"
    unit = _short_unit(measure.unit if measure else question.unit)
    return f"{_BOUND[leaf.test]} {amount} {unit}".strip()


def _short_unit(unit: str) -> str:
    """The unit without what explains it: `points`, not `points, 0 to 6`."""
    return unit.partition(",")[0].partition(" (")[0]


def _indented(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{_INDENT}{line}" for line in lines)
