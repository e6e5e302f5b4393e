"""A disposition counts as long as what its point rests on stands, and not a moment longer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.content import load_library
from questionnaire.domain.answers import Answer, Choices, choices
from questionnaire.domain.basis import basis_of, former_basis_of
from questionnaire.domain.condition import All, Any, Condition, Not, leaves
from questionnaire.domain.definition import Question
from questionnaire.domain.flags import Flag, Flags, Rule, Severity, raise_flags
from questionnaire.domain.reasons import reasons_of
from questionnaire.domain.review import Disposition, Review, flag_item, still_counting
from questionnaire.domain.situation import Situation, situation
from questionnaire.domain.speech import english
from questionnaire.domain.visit import Person, Role
from tests.domain.small import ON, QUESTIONNAIRE, answered, answers_to, any_of, below, none_of

LIBRARY = load_library(Path(__file__).parents[2] / "rules")
ENGLISH = english(LIBRARY)
LISTS = [it for it in LIBRARY.questionnaire.questions.values() if it.row_by_row]
THINNER, STEROID = frozenset({"thinner"}), frozenset({"steroid"})
NOTHING = frozenset[str]()
NONE = Choices(frozenset({"none"}))


def a_rule(when: Condition) -> Rule:
    return Rule("R", "topic", "R", Severity.STOP, when, "", ("Done",), "", ())


def moment(medicines: Choices, **others: Answer) -> Situation:
    answers: dict[str, Answer] = {
        "date_of_birth": date(1960, 6, 2),
        "felt_low": "often",
        "medicines": medicines,
        **others,
    }
    return situation(QUESTIONNAIRE, frozenset({"prp"}), answers, ON)


def pointed_at(when: Condition, now: Situation) -> tuple[Flag, ...]:
    """The flag of a rule with that condition: fired, or to clarify."""
    flags = raise_flags((a_rule(when),), now)
    return (*flags.fires, *flags.clarify)


THINNER_TAKEN = any_of("medicines", "thinner")
EITHER = any_of("medicines", "thinner", "steroid")
NO_STEROID = Not(any_of("medicines", "steroid"))


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        (THINNER_TAKEN, Choices(THINNER, STEROID), Choices(THINNER)),
        (THINNER_TAKEN, Choices(THINNER, STEROID), Choices(THINNER | STEROID)),
        (THINNER_TAKEN, Choices(THINNER), Choices(THINNER, tell_clinician=True)),
        (EITHER, Choices(THINNER, STEROID), Choices(THINNER)),
        (THINNER_TAKEN, Choices(NOTHING, THINNER | STEROID), Choices(NOTHING, THINNER)),
        (THINNER_TAKEN, Choices(NOTHING, THINNER | STEROID), Choices(STEROID, THINNER)),
        (NO_STEROID, Choices(THINNER), NONE),
        (none_of("medicines", "steroid"), Choices(NOTHING, THINNER), NONE),
        (any_of("medicines", "none", "thinner"), Choices(THINNER, STEROID), Choices(THINNER)),
    ],
)
def test_another_row_of_the_list_opens_nothing_again(
    when: Condition, before: Choices, after: Choices
) -> None:
    (then,), (now,) = pointed_at(when, moment(before)), pointed_at(when, moment(after))
    assert basis_of(then, moment(before)) == basis_of(now, moment(after))
    assert former_basis_of(then, moment(before)) != former_basis_of(now, moment(after))


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        (EITHER, Choices(THINNER), Choices(THINNER | STEROID)),
        (EITHER, Choices(THINNER | STEROID), Choices(STEROID)),
        (EITHER, Choices(THINNER, STEROID), Choices(STEROID, THINNER)),
        (EITHER, Choices(NOTHING, THINNER | STEROID), Choices(NOTHING, STEROID)),
        (Any((THINNER_TAKEN, NO_STEROID)), Choices(THINNER), Choices(THINNER | STEROID)),
        (Not(any_of("medicines", "none")), Choices(THINNER, STEROID), Choices(THINNER)),
        (none_of("medicines", "none"), Choices(THINNER), Choices(STEROID)),
        (answered("medicines", there=True), Choices(THINNER), Choices(STEROID)),
        (below("many", 9), Choices(THINNER), Choices(STEROID)),
        (All((THINNER_TAKEN, below("many", 9))), Choices(THINNER), Choices(THINNER | STEROID)),
        (All((below("many", 9), THINNER_TAKEN)), Choices(THINNER), Choices(THINNER | STEROID)),
    ],
)
def test_a_row_it_rests_on_opens_it_again_and_so_does_any_where_they_cannot_be_told(
    when: Condition, before: Choices, after: Choices
) -> None:
    (then,), (now,) = pointed_at(when, moment(before)), pointed_at(when, moment(after))
    assert basis_of(then, moment(before)) != basis_of(now, moment(after))


def test_of_a_screen_only_what_decided_it_counts() -> None:
    positive = any_of("screen", "positive")
    by_warfarin = moment(Choices(THINNER), thinner_kind="warfarin", felt_low="never")
    elsewhere = moment(Choices(THINNER), thinner_kind="warfarin", felt_low="rarely")
    also_low = moment(Choices(THINNER), thinner_kind="warfarin", felt_low="often")
    (then,) = pointed_at(positive, by_warfarin)
    assert basis_of(then, by_warfarin) == basis_of(then, elsewhere)
    (now,) = pointed_at(positive, also_low)
    assert basis_of(then, by_warfarin) != basis_of(now, also_low)


def test_a_rule_that_is_more_or_less_severe_now_is_settled_anew() -> None:
    now = moment(Choices(THINNER))
    (flag,) = pointed_at(THINNER_TAKEN, now)
    bases = {
        basis_of(replace(flag, rule=replace(flag.rule, severity=severity)), now)
        for severity in Severity
    }
    assert len(bases) == len(Severity)


@pytest.mark.parametrize(
    ("after", "confirmed", "counts"),
    [
        (Choices(THINNER, STEROID), True, True),
        (Choices(THINNER, STEROID), False, False),
        (Choices(THINNER), True, False),
    ],
)
def test_what_an_earlier_release_recorded_counts_just_while_the_whole_answer_stands(
    after: Choices, *, confirmed: bool, counts: bool
) -> None:
    """The rule is a stop now, which takes a confirmation."""
    before = moment(Choices(THINNER, STEROID))
    (flag,) = pointed_at(THINNER_TAKEN, before)
    item = flag_item("R")
    done = Disposition(
        item,
        former_basis_of(flag, before),
        ("Done",),
        "Weighed.",
        tell=False,
        confirmed=confirmed,
        by=Person("c", "Dr Ada Invented", Role.CLINICIAN),
        at=datetime(2025, 6, 2, tzinfo=UTC),
    )
    flags = raise_flags((a_rule(THINNER_TAKEN),), moment(after))
    kept = still_counting(Review(dispositions={item: done}), flags, moment(after))
    assert kept.dispositions == ({item: done} if counts else {})
    assert kept.earlier == ({} if counts else {item: (done,)})


def fired(flags: Flags) -> dict[str, Flag]:
    return {flag.rule.id: flag for flag in flags.fires}


@given(
    answers=answers_to(LIBRARY.questionnaire),
    question=some.sampled_from(LISTS),
    data=some.data(),
)
def test_a_rule_is_settled_anew_just_when_a_row_changes_that_it_rests_on(
    answers: dict[str, Answer], question: Question, data: some.DataObject
) -> None:
    """Any list, with one row turned to yes, no or not sure."""
    rows = [option.id for option in question.options if not option.exclusive]
    row = data.draw(some.sampled_from(rows))
    marks = data.draw(some.tuples(some.sampled_from("yn?"), some.sampled_from("yn?")))
    others = data.draw(some.frozensets(some.sampled_from(rows), min_size=1)) - {row}
    then, now = (
        situation(
            LIBRARY.questionnaire,
            frozenset(LIBRARY.treatments),
            {**answers, question.id: with_row(question, others, row, mark)},
            ON,
        )
        for mark in marks
    )
    before, after = (fired(raise_flags(LIBRARY.rules, at)) for at in (then, now))
    for key in before.keys() & after.keys():
        flag = after[key]
        same = basis_of(before[key], then) == basis_of(flag, now)
        if same:
            assert told(before[key], then) == told(flag, now), key
        elif then.asked == now.asked:
            assert turns_on(flag.rule.when, question, row), key


def with_row(question: Question, others: frozenset[str], row: str, mark: str) -> Choices:
    yes, unsure = others | ({row} if mark == "y" else set()), {row} if mark == "?" else set()
    return choices(question, yes, unsure)


def told(flag: Flag, at: Situation) -> set[tuple[str, str]]:
    """What the person answered that made it fire, without what they left open."""
    return {
        (one.question, line)
        for one in reasons_of(flag.because, at, ENGLISH)
        for line in one.answer.splitlines()
        if not line.startswith("Not sure: ")
    }


def turns_on(when: Condition, question: Question, row: str) -> bool:
    """Whether a test names the row, or looks at the list as a whole or through a measure."""
    measures = LIBRARY.questionnaire.measures
    none = question.none_option
    for leaf in leaves(when):
        measure = measures.get(leaf.about)
        if measure and measure.positive_when is not None:
            if turns_on(measure.positive_when, question, row):
                return True
        elif measure:
            if question.id in measure.inputs:
                return True
        elif leaf.about == question.id and (
            not isinstance(leaf.limit, frozenset)
            or row in leaf.limit
            or (none is not None and none.id in leaf.limit)
        ):
            return True
    return False
