"""Conditions: three truth values, and an explanation of what decided."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.condition import (
    All,
    Any,
    Chosen,
    Condition,
    Known,
    Leaf,
    Not,
    State,
    Truth,
    deciding,
    evaluate,
    leaves,
)
from questionnaire.domain.condition import Test as Operator
from tests.domain.small import answered, any_of, below, is_, none_of

YES, NO, OPEN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
PICKED = Chosen(frozenset({"a"}), frozenset({"b"}))
ALL_TESTS = [
    is_("q", "a"),
    any_of("q", "a", "b"),
    none_of("q", "a"),
    Leaf("q", Operator.BELOW, Fraction(5)),
    Leaf("q", Operator.AT_MOST, Fraction(5)),
    Leaf("q", Operator.ABOVE, Fraction(5)),
    Leaf("q", Operator.AT_LEAST, Fraction(5)),
]


@pytest.mark.parametrize("leaf", ALL_TESTS, ids=lambda leaf: leaf.test)
def test_an_asked_blank_question_is_unknown(leaf: Leaf) -> None:
    assert evaluate(leaf, {"q": State.BLANK}) is OPEN


@pytest.mark.parametrize("leaf", ALL_TESTS, ids=lambda leaf: leaf.test)
def test_a_test_on_a_question_that_was_not_asked_is_false(leaf: Leaf) -> None:
    assert evaluate(leaf, {"q": State.NOT_ASKED}) is NO


@pytest.mark.parametrize(
    ("known", "there", "truth"),
    [
        (State.BLANK, True, NO),
        (State.BLANK, False, YES),
        (State.NOT_ASKED, True, NO),
        (State.NOT_ASKED, False, YES),
        ("words", True, YES),
        (Fraction(1), False, NO),
        (PICKED, True, YES),
    ],
)
def test_whether_there_is_an_answer_is_always_settled(
    *, known: Known | State, there: bool, truth: Truth
) -> None:
    assert evaluate(answered("q", there=there), {"q": known}) is truth


@pytest.mark.parametrize(
    ("leaf", "truth"),
    [
        (is_("q", "a"), YES),
        (is_("q", "b"), OPEN),
        (is_("q", "c"), NO),
        (any_of("q", "a", "b"), YES),
        (any_of("q", "b", "c"), OPEN),
        (any_of("q", "c", "d"), NO),
        (none_of("q", "a", "b"), NO),
        (none_of("q", "b", "c"), OPEN),
        (none_of("q", "c"), YES),
    ],
)
def test_a_row_marked_not_sure_is_unknown(leaf: Leaf, truth: Truth) -> None:
    assert evaluate(leaf, {"q": PICKED}) is truth


@pytest.mark.parametrize(
    ("test", "under", "at", "over"),
    [
        (Operator.IS, NO, YES, NO),
        (Operator.BELOW, YES, NO, NO),
        (Operator.AT_MOST, YES, YES, NO),
        (Operator.ABOVE, NO, NO, YES),
        (Operator.AT_LEAST, NO, YES, YES),
    ],
)
def test_numbers_are_compared_exactly(test: Operator, under: Truth, at: Truth, over: Truth) -> None:
    leaf = Leaf("q", test, Fraction(100))
    tiny = Fraction(1, 10**20)
    values = (100 - tiny, Fraction(100), 100 + tiny)
    assert tuple(evaluate(leaf, {"q": value}) for value in values) == (under, at, over)


@pytest.mark.parametrize(
    ("leaf", "known"),
    [
        (is_("q", "a"), "words"),
        (is_("q", "a"), Fraction(1)),
        (below("q", 5), PICKED),
        (below("q", 5), "words"),
    ],
)
def test_a_test_that_does_not_fit_the_answer_is_a_fault(leaf: Leaf, known: Known) -> None:
    with pytest.raises(TypeError):
        evaluate(leaf, {"q": known})


def test_a_question_nobody_knows_of_is_a_fault() -> None:
    with pytest.raises(KeyError):
        evaluate(is_("q", "a"), {})


FACTS: dict[str, Known | State] = {
    "yes": Chosen(frozenset({"x"})),
    "no": Chosen(frozenset({"y"})),
    "open": State.BLANK,
}
PARTS = {truth: is_(key, "x") for key, truth in (("yes", YES), ("no", NO), ("open", OPEN))}


@pytest.mark.parametrize("one", list(Truth))
@pytest.mark.parametrize("other", list(Truth))
def test_all_any_and_not_follow_kleene(one: Truth, other: Truth) -> None:
    worth = {NO: 0, OPEN: 1, YES: 2}
    parts = (PARTS[one], PARTS[other])
    assert evaluate(All(parts), FACTS) is min(one, other, key=worth.__getitem__)
    assert evaluate(Any(parts), FACTS) is max(one, other, key=worth.__getitem__)
    assert evaluate(Not(parts[0]), FACTS) is {YES: NO, NO: YES, OPEN: OPEN}[one]


def test_nothing_at_all_holds_and_any_of_nothing_does_not() -> None:
    assert evaluate(All(()), {}) is YES
    assert evaluate(Any(()), {}) is NO


@pytest.mark.parametrize(
    ("condition", "because"),
    [
        (PARTS[YES], (PARTS[YES],)),
        (Not(PARTS[YES]), (PARTS[YES],)),
        (All((PARTS[YES], PARTS[YES])), (PARTS[YES],)),
        (All((PARTS[YES], PARTS[NO], PARTS[OPEN])), (PARTS[NO],)),
        (All((PARTS[YES], PARTS[OPEN])), (PARTS[OPEN],)),
        (Any((PARTS[NO], PARTS[YES], PARTS[OPEN])), (PARTS[YES],)),
        (Any((PARTS[NO], PARTS[OPEN])), (PARTS[OPEN],)),
        (Any((PARTS[NO], Not(PARTS[YES]))), (PARTS[NO], PARTS[YES])),
    ],
)
def test_what_decided_is_what_is_told(condition: Condition, because: tuple[Leaf, ...]) -> None:
    assert deciding(condition, FACTS) == because


conditions = some.recursive(
    some.sampled_from([*PARTS.values(), answered("open", there=True), answered("no", there=False)]),
    lambda inner: some.one_of(
        some.builds(Not, inner),
        some.builds(All, some.lists(inner, max_size=4).map(tuple)),
        some.builds(Any, some.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=12,
)


@given(conditions)
def test_what_decided_is_enough_to_decide(condition: Condition) -> None:
    outcome = evaluate(condition, FACTS)
    told = set(deciding(condition, FACTS))
    assert told <= set(leaves(condition))
    open_otherwise = dict.fromkeys(FACTS, State.BLANK) | {
        leaf.about: FACTS[leaf.about] for leaf in told
    }
    if outcome is not OPEN and answered("no", there=False) not in leaves(condition):
        assert evaluate(condition, open_otherwise) is outcome


@given(conditions)
def test_the_order_of_parts_never_matters(condition: Condition) -> None:
    assert evaluate(_reversed(condition), FACTS) is evaluate(condition, FACTS)


@given(conditions, some.sampled_from([FACTS["yes"], FACTS["no"]]))
def test_learning_an_answer_never_unsettles_what_was_settled(
    condition: Condition, learned: Known
) -> None:
    before = evaluate(condition, FACTS)
    tests = {leaf.test for leaf in leaves(condition)}
    after = evaluate(condition, {**FACTS, "open": learned})
    if before is not OPEN:
        assert after is not OPEN
        if Operator.ANSWERED not in tests:
            assert after is before


def _reversed(condition: Condition) -> Condition:
    if isinstance(condition, Leaf):
        return condition
    if isinstance(condition, Not):
        return Not(_reversed(condition.part))
    return type(condition)(tuple(_reversed(part) for part in reversed(condition.parts)))
