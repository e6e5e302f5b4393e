"""Rules are guarded by their cases: change an operator, a number or an option and one must fail."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from questionnaire.content.trial import try_patient
from questionnaire.content.worlds import Found, Worlds
from questionnaire.domain.condition import (
    All,
    Any,
    Condition,
    Facts,
    Leaf,
    Not,
    Truth,
    evaluate,
)
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.flags import Rule
from questionnaire.domain.library import Library
from tests.content.real import CONTENT, EVERY_RULE

OTHER_BOUND = {
    Operator.BELOW: (Operator.AT_MOST, Operator.AT_LEAST),
    Operator.AT_MOST: (Operator.BELOW, Operator.ABOVE),
    Operator.ABOVE: (Operator.AT_LEAST, Operator.AT_MOST),
    Operator.AT_LEAST: (Operator.ABOVE, Operator.BELOW),
    Operator.IS: (Operator.ABOVE, Operator.BELOW),
}


def mutants_of_leaf(leaf: Leaf) -> Iterator[Leaf]:
    """The leaf with its operator turned, its number moved, or an option dropped."""
    if isinstance(leaf.limit, bool):
        yield replace(leaf, limit=not leaf.limit)
    elif isinstance(leaf.limit, Fraction):
        yield from (replace(leaf, test=test) for test in OTHER_BOUND[leaf.test])
        yield from (replace(leaf, limit=leaf.limit + step) for step in (-1, 1))
    else:
        turned = Operator.ANY_OF if leaf.test is Operator.NONE_OF else Operator.NONE_OF
        yield replace(leaf, test=turned)
        for option in sorted(leaf.limit):
            if len(leaf.limit) > 1:
                yield replace(leaf, limit=leaf.limit - {option})


def mutants(condition: Condition) -> Iterator[Condition]:
    """The condition with one thing changed: a leaf, a part left out, or all and any swapped."""
    if isinstance(condition, Leaf):
        yield from mutants_of_leaf(condition)
    elif isinstance(condition, Not):
        yield condition.part
        yield from (Not(part) for part in mutants(condition.part))
    else:
        swapped = Any if isinstance(condition, All) else All
        yield swapped(condition.parts)
        for place, part in enumerate(condition.parts):
            others = (*condition.parts[:place], *condition.parts[place + 1 :])
            yield replace(condition, parts=others)
            for mutant in mutants(part):
                parts = (*condition.parts[:place], mutant, *condition.parts[place + 1 :])
                yield replace(condition, parts=parts)


def moments(library: Library, rule: Rule) -> list[tuple[Facts, bool]]:
    """What is known in each case of the rule, and whether it must fire."""
    return [
        (try_patient(library, patient, []).situation.facts, rule.id in case.fires)
        for case in CONTENT.cases
        if rule.id in (*case.fires, *case.does_not_fire)
        for patient in case.patients
    ]


def survives(condition: Condition, known: list[tuple[Facts, bool]]) -> bool:
    """Whether no case notices: it fires and misses exactly where the rule should."""
    return all(
        evaluate(condition, facts) is (Truth.TRUE if fires else Truth.FALSE)
        for facts, fires in known
    )


def is_the_same(library: Library, rule: Rule, mutant: Condition) -> bool:
    """Whether no answers at all tell the two apart: what was changed says nothing new."""
    differ = Any((All((rule.when, Not(mutant))), All((Not(rule.when), mutant))))
    worlds = Worlds(
        library.questionnaire, differ, rule.treatments, library.treatments, finished=False
    )
    return worlds.find(lambda truth: truth is Truth.TRUE) is Found.NO


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.id)
def test_some_case_fails_when_the_rule_is_changed(rule: Rule, library: Library) -> None:
    known = moments(library, rule)
    assert survives(rule.when, known)
    alive = [mutant for mutant in mutants(rule.when) if survives(mutant, known)]
    assert [mutant for mutant in alive if not is_the_same(library, rule, mutant)] == []
