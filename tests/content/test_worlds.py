"""“Can never fire” and “always fires” are right: they agree with trying all answers one by one."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from questionnaire.content import load_library
from questionnaire.content.worlds import Found, Worlds
from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.condition import All, Any, Condition, Facts, Leaf, Not, Truth, evaluate
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.library import Library
from questionnaire.domain.situation import situation

SMALL = load_library(Path(__file__).parent / "fixtures" / "small")
ON = date(2025, 6, 2)
ROWS = ("blood_thinner", "steroid")
BLANK: list[Answer | None] = [None]


def ways(*, finished: bool) -> Iterator[tuple[frozenset[str], dict[str, Answer]]]:
    """Every treatment choice with every way to answer the small clinic's questions."""
    blank = [] if finished else BLANK
    marks = ("yes", "no") if finished else ("yes", "no", "unsure")
    rows = [dict(zip(ROWS, row, strict=True)) for row in product(marks, repeat=2)]
    lists = [
        Choices(
            frozenset(key for key in row if row[key] == "yes")
            or frozenset({"none"} if "unsure" not in row.values() else ()),
            frozenset(key for key in row if row[key] == "unsure"),
        )
        for row in rows
    ]
    counts = [Decimal(n) for n in (1, 50, 75, 100, 125, 150, 2000)]
    every = {
        "full_name": ["Ada", *blank],
        "date_of_birth": [date(1950, 1, 1), date(2007, 6, 3), date(2007, 6, 2), *blank],
        "medicines": [*lists, *blank],
        "blood_thinner_kind": ["aspirin", "warfarin", *blank],
        "felt_low": ["never", "most_days", *blank],
        "platelet_count": [*counts, *BLANK],
        "recent_blood_count": ["yes", "no", *BLANK],
    }
    names = ("prp", "mesotherapy")
    chosen = [frozenset(it) for it in chain(combinations(names, 1), [names])]
    for treatments, *answers in product(chosen, *every.values()):
        given_ = zip(every, answers, strict=True)
        yield treatments, {key: answer for key, answer in given_ if answer is not None}


@cache
def moments(*, finished: bool) -> dict[frozenset[str], list[Facts]]:
    """All that can be known, by chosen treatments; what no test can tell apart only once."""
    found: dict[frozenset[str], dict[object, Facts]] = {}
    for treatments, answers in ways(finished=finished):
        facts = situation(SMALL.questionnaire, treatments, answers, ON).facts
        found.setdefault(treatments, {})[tuple(facts.items())] = facts
    return {treatments: [*facts.values()] for treatments, facts in found.items()}


option_tests = some.sampled_from([Operator.ANY_OF, Operator.NONE_OF])
number_tests = some.sampled_from(
    [Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST, Operator.IS]
)


def options_of(about: str, *options: str) -> some.SearchStrategy[Condition]:
    limits = some.frozensets(some.sampled_from(options), min_size=1)
    return some.builds(Leaf, some.just(about), option_tests, limits)


def number_of(about: str, *limits: int) -> some.SearchStrategy[Condition]:
    return some.builds(
        Leaf, some.just(about), number_tests, some.sampled_from([Fraction(it) for it in limits])
    )


leaf = some.one_of(
    options_of("medicines", "none", *ROWS),
    options_of("blood_thinner_kind", "aspirin", "warfarin"),
    options_of("recent_blood_count", "yes", "no"),
    number_of("platelet_count", 50, 100, 150),
    number_of("age", 18),
    number_of("low_mood_score", 0, 1, 2),
    some.builds(
        Leaf,
        some.sampled_from(["blood_thinner_kind", "platelet_count", "age", "full_name"]),
        some.just(Operator.ANSWERED),
        some.booleans(),
    ),
)
conditions = some.recursive(
    leaf,
    lambda inner: some.one_of(
        some.builds(Not, inner),
        some.builds(All, some.lists(inner, min_size=1, max_size=3).map(tuple)),
        some.builds(Any, some.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


def worlds(condition: Condition, treatments: frozenset[str], *, finished: bool) -> Worlds:
    return Worlds(SMALL.questionnaire, condition, treatments, SMALL.treatments, finished=finished)


@settings(max_examples=60, deadline=None)
@given(
    condition=conditions,
    treatments=some.sampled_from([frozenset[str](), frozenset({"prp"})]),
    finished=some.booleans(),
)
def test_the_search_agrees_with_trying_everything(
    *, condition: Condition, treatments: frozenset[str], finished: bool
) -> None:
    truths = {
        evaluate(condition, facts)
        for chosen, known in moments(finished=finished).items()
        if not treatments or chosen & treatments
        for facts in known
    }
    search = worlds(condition, treatments, finished=finished)
    for truth in Truth:
        expected = Found.YES if truth in truths else Found.NO
        assert search.find(lambda it, truth=truth: it is truth) is expected


def test_too_many_options_told_apart_cannot_be_told(library: Library) -> None:
    conditions_ = library.questionnaire.questions["health_conditions"].options[1:]
    parts = tuple(
        Leaf("health_conditions", Operator.ANY_OF, frozenset({option.id})) for option in conditions_
    )
    search = Worlds(
        library.questionnaire, All(parts), frozenset(), library.treatments, finished=False
    )
    assert search.find(lambda truth: truth is Truth.TRUE) is Found.CANNOT_TELL


def test_a_search_that_grows_too_large_stops(library: Library) -> None:
    several = [
        Any(
            tuple(
                Leaf(about, Operator.ANY_OF, frozenset({option.id}))
                for option in library.questionnaire.questions[about].options[1:8]
            )
        )
        for about in ("health_conditions", "medicines", "allergies")
    ]
    smokes = Leaf("smoking", Operator.IS, frozenset({"no"}))
    condition = All((*several, smokes, Not(smokes)))
    search = Worlds(
        library.questionnaire, condition, frozenset(), library.treatments, finished=True
    )
    assert search.find(lambda truth: truth is Truth.TRUE) is Found.CANNOT_TELL


@pytest.mark.parametrize("finished", [True, False])
def test_every_real_rule_can_fire_and_can_fail_to(library: Library, *, finished: bool) -> None:
    for rule in library.rules:
        search = Worlds(
            library.questionnaire, rule.when, rule.treatments, library.treatments, finished=finished
        )
        assert search.find(lambda truth: truth is Truth.TRUE) is Found.YES
