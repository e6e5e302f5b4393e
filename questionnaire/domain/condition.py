"""The one language of `ask_when` and `when`: three-valued, and able to explain itself.

Truth is Kleene's: a test on an asked question without an answer is *unknown*; a test on a
question that was not asked is false (except `answered: false`, which is then true).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction


class Truth(Enum):
    """True, false, or not known yet."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Test(StrEnum):
    """The tests a leaf can make; the values are the words used in `rules/`."""

    IS = "is"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"
    AT_LEAST = "at_least"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is known of each option of a question: picked, or marked “not sure”.

    An option in neither set was not picked. For a single answer `picked` holds one id.
    """

    picked: frozenset[str]
    not_sure: frozenset[str] = frozenset()


class State(Enum):
    """Why a question or measure has no value."""

    BLANK = "asked, without an answer"
    NOT_ASKED = "not asked"


Known = Chosen | Fraction | str
"""A value tests can look at: choices, an exact number, or words (only `answered` reads those)."""

Facts = Mapping[str, Known | State]
"""Every question and measure id → what is known. A missing id is a fault, never “not asked”."""

Limit = frozenset[str] | Fraction | bool
"""What a leaf compares with: option ids, a number, or (for `answered`) true or false."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test on one question or measure."""

    about: str
    test: Test
    limit: Limit


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when at least one part is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: "Condition"


Condition = Leaf | All | Any | Not

_COMPARE: dict[Test, Callable[[Fraction, Fraction], bool]] = {
    Test.IS: lambda value, limit: value == limit,
    Test.BELOW: lambda value, limit: value < limit,
    Test.AT_MOST: lambda value, limit: value <= limit,
    Test.ABOVE: lambda value, limit: value > limit,
    Test.AT_LEAST: lambda value, limit: value >= limit,
}

# Looking a member up in its class costs more than a whole test; each is looked up once.
_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
_BLANK, _NOT_ASKED = State.BLANK, State.NOT_ASKED
_ANSWERED, _NONE_OF = Test.ANSWERED, Test.NONE_OF


def _settled(*, true: bool) -> Truth:
    return _TRUE if true else _FALSE


def _opposite(truth: Truth) -> Truth:
    if truth is _UNKNOWN:
        return truth
    return _FALSE if truth is _TRUE else _TRUE


def _test_choice(leaf: Leaf, chosen: Chosen) -> Truth:
    if not isinstance(leaf.limit, frozenset):
        raise TypeError(f"{leaf.test} on {leaf.about} needs option ids")
    if not leaf.limit.isdisjoint(chosen.picked):
        holds_any = _TRUE
    elif leaf.limit.isdisjoint(chosen.not_sure):
        holds_any = _FALSE
    else:
        holds_any = _UNKNOWN
    return _opposite(holds_any) if leaf.test is _NONE_OF else holds_any


def _test(leaf: Leaf, facts: Facts) -> Truth:
    value = facts[leaf.about]
    if leaf.test is _ANSWERED:
        return _settled(true=(not isinstance(value, State)) is leaf.limit)
    if isinstance(value, Chosen):
        return _test_choice(leaf, value)
    if value is _NOT_ASKED:
        return _FALSE
    if value is _BLANK:
        return _UNKNOWN
    if isinstance(value, Fraction) and isinstance(leaf.limit, Fraction):
        return _settled(true=_COMPARE[leaf.test](value, leaf.limit))
    raise TypeError(f"{leaf.test} cannot be tested on {leaf.about}")


def evaluate(condition: Condition, facts: Facts) -> Truth:
    """Tell whether `condition` is true, false or unknown for `facts`.

    Raises `TypeError` when a test does not fit the kind of value (the checker refuses such
    content; a rule that raises becomes a *broken rule* item).
    """
    if isinstance(condition, Leaf):
        return _test(condition, facts)
    if isinstance(condition, Not):
        return _opposite(evaluate(condition.part, facts))
    decisive = _FALSE if isinstance(condition, All) else _TRUE
    outcome = _opposite(decisive)
    for part in condition.parts:
        truth = evaluate(part, facts)
        if truth is decisive:
            return truth
        if truth is _UNKNOWN:
            outcome = truth
    return outcome


def deciding(condition: Condition, facts: Facts) -> tuple[Leaf, ...]:
    """The leaves that decided the outcome, in reading order: the explanation shown.

    For a true `all` or a false `any` every part decided; otherwise only the parts whose truth
    is the outcome did.
    """
    if isinstance(condition, Leaf):
        return (condition,)
    if isinstance(condition, Not):
        return deciding(condition.part, facts)
    outcome = evaluate(condition, facts)
    found: dict[Leaf, None] = {}
    for part in condition.parts:
        if evaluate(part, facts) is outcome:
            found.update(dict.fromkeys(deciding(part, facts)))
    return tuple(found)


def leaves(condition: Condition) -> Iterable[Leaf]:
    """Every leaf of the condition, in reading order."""
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        for part in condition.parts:
            yield from leaves(part)
