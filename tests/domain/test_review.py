"""The clinician's part: what must be settled, what counts, and what blocks going ahead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.flags import Flags, IfUnknown, Rule, Severity, raise_flags
from questionnaire.domain.review import (
    DecisionKind,
    Disposition,
    Plan,
    Review,
    blocks_going_ahead,
    clarify_item,
    flag_item,
    items_to_settle,
    items_with_basis,
    open_items,
    still_counting,
    unsure_item,
)
from questionnaire.domain.situation import Situation, situation
from questionnaire.domain.visit import Person, Role
from tests.domain.small import ON, QUESTIONNAIRE, any_of, below, is_

CLINICIAN = Person("c", "Dr Ada Invented", Role.CLINICIAN)
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


def a_rule(key: str, severity: Severity, when: object) -> Rule:
    return Rule(key, "topic", key, severity, when, "", ("Done",), "", ())  # type: ignore[arg-type]  # any condition


STEROID = a_rule("ST", Severity.STOP, any_of("medicines", "steroid"))
YOUNG = a_rule("YO", Severity.INFO, below("age", 60))
WARFARIN = a_rule("WA", Severity.CAUTION, is_("thinner_kind", "warfarin"))
LOW = replace(a_rule("LO", Severity.DISCUSS, is_("felt_low", "often")), if_unknown=IfUnknown.IGNORE)
BROKEN = a_rule("BR", Severity.STOP, is_("no_such_question", "x"))
RULES = (STEROID, YOUNG, WARFARIN, LOW)
ANSWERS: dict[str, Answer] = {
    "date_of_birth": date(1980, 1, 1),
    "medicines": Choices(frozenset({"steroid", "thinner"})),
    "felt_low": "never",
    "visits": Withheld.TELL_CLINICIAN,
}
PLAN = Plan(
    treatments=("prp",), areas="Crown", sessions="3", price="100", discussed="All", capacity="Yes"
)


def now(**changed: Answer | None) -> Situation:
    answers = {k: v for k, v in {**ANSWERS, **changed}.items() if v is not None}
    return situation(QUESTIONNAIRE, frozenset({"prp"}), answers, ON)


def settled(items: dict[str, str]) -> Review:
    done = {
        item: Disposition(
            item, basis, ("Done",), "", tell=False, confirmed=True, by=CLINICIAN, at=NOW
        )
        for item, basis in items.items()
    }
    return Review(dispositions=done, plan=PLAN)


def flags_of(at: Situation) -> Flags:
    return raise_flags(RULES, at)


def test_every_flag_but_information_and_everything_undecided_must_be_settled() -> None:
    at = now(medicines=Choices(frozenset({"steroid", "thinner"}), frozenset()))
    assert set(items_with_basis(flags_of(at), at)) == {
        flag_item("ST"),
        flag_item("YO"),
        clarify_item("WA"),
        unsure_item("visits"),
    }
    assert set(items_to_settle(flags_of(at), at)) == {
        flag_item("ST"),
        clarify_item("WA"),
        unsure_item("visits"),
    }


def test_a_not_sure_row_is_an_item_of_its_own() -> None:
    at = now(medicines=Choices(frozenset(), frozenset({"steroid"})))
    assert items_to_settle(flags_of(at), at)[unsure_item("medicines.steroid")] == "not_sure"


def test_a_disposition_counts_while_the_answers_behind_it_stand() -> None:
    before = now()
    review = settled(items_with_basis(flags_of(before), before))
    elsewhere = now(felt_low="rarely", full_name="Another")
    kept = still_counting(review, flags_of(elsewhere), elsewhere)
    assert kept == review
    changed = now(medicines=Choices(frozenset({"steroid"})))
    kept = still_counting(review, flags_of(changed), changed)
    assert set(kept.dispositions) == {flag_item("ST"), flag_item("YO"), unsure_item("visits")}
    assert kept.earlier == {clarify_item("WA"): (review.dispositions[clarify_item("WA")],)}


def test_a_disposition_of_a_flag_that_is_gone_counts_no_more() -> None:
    before = now()
    review = settled(items_with_basis(flags_of(before), before))
    gone = now(medicines=Choices(frozenset({"thinner"})), visits=3)
    kept = still_counting(review, flags_of(gone), gone)
    assert set(kept.dispositions) == {flag_item("YO"), clarify_item("WA")}


def test_an_answer_told_otherwise_is_asked_about_again() -> None:
    before, after = now(), now(visits=Withheld.NOT_SURE)
    review = settled(items_with_basis(flags_of(before), before))
    kept = still_counting(review, flags_of(after), after)
    assert open_items(items_to_settle(flags_of(after), after), kept) == (unsure_item("visits"),)


def test_nothing_blocks_once_everything_is_settled_and_planned() -> None:
    at = now()
    review = settled(items_to_settle(flags_of(at), at))
    assert blocks_going_ahead(flags_of(at), at, review, ()) == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"treatments": ()}, "The plan does not state the treatment."),
        ({"areas": ""}, "The plan does not state the areas."),
        ({"sessions": ""}, "The plan does not state the sessions."),
        ({"price": ""}, "The plan does not state the price."),
        ({"discussed": ""}, "The plan does not state what was discussed."),
        ({"capacity": ""}, "The plan does not state the patient's capacity to decide."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_plan_with_a_gap_blocks(change: dict[str, str], reason: str) -> None:
    at = now()
    review = settled(items_to_settle(flags_of(at), at))
    gap = replace(review, plan=replace(PLAN, **change))
    assert blocks_going_ahead(flags_of(at), at, gap, ()) == (reason,)


@pytest.mark.parametrize("meant_for", [frozenset[str](), frozenset({*PLAN.treatments, "other"})])
@pytest.mark.parametrize("action", ["Not treated", "Rebooked"])
def test_going_ahead_waits_while_a_point_is_settled_by_holding_back(
    action: str, meant_for: frozenset[str]
) -> None:
    at, review, flags = settled_by(action, meant_for)
    (reason,) = blocks_going_ahead(flags, at, review, ())
    assert f"“{RULES[0].title}” was settled with “{action}”" in reason


@pytest.mark.parametrize(
    ("action", "meant_for"), [("Explained", frozenset[str]()), ("Rebooked", frozenset({"other"}))]
)
def test_another_action_or_a_treatment_no_longer_planned_holds_nobody_back(
    action: str, meant_for: frozenset[str]
) -> None:
    at, review, flags = settled_by(action, meant_for)
    assert blocks_going_ahead(flags, at, review, ()) == ()


def settled_by(action: str, meant_for: frozenset[str]) -> tuple[Situation, Review, Flags]:
    """Everything settled, the first point with that action of its rule for these treatments."""
    at = now()
    rule = replace(
        RULES[0],
        actions=("Explained", "Not treated", "Rebooked"),
        holds_back=("Not treated", "Rebooked"),
    )
    fired = replace(
        flags_of(at),
        fires=tuple(
            replace(flag, rule=replace(rule, treatments=meant_for))
            if flag.rule.id == rule.id
            else flag
            for flag in flags_of(at).fires
        ),
    )
    review = settled(items_to_settle(fired, at))
    item = flag_item(rule.id)
    done = replace(review.dispositions[item], actions=(action,))
    return at, replace(review, dispositions={**review.dispositions, item: done}), fired


def test_open_points_unanswered_questions_and_broken_rules_block_in_words() -> None:
    at = now()
    flags = raise_flags((*RULES, BROKEN), at)
    assert blocks_going_ahead(flags, at, Review(plan=PLAN), ["Is there a blood count?"]) == (
        "The rule BR could not be run: KeyError: 'no_such_question'",
        "3 points are still open.",
        "Not answered yet: Is there a blood count?",
    )


def test_a_broken_rule_cannot_be_settled_away() -> None:
    at = now()
    flags = raise_flags((*RULES, BROKEN), at)
    review = settled({**items_to_settle(flags, at), "broken:BR": "", "flag:BR": ""})
    assert len(blocks_going_ahead(flags, at, review, ())) == 1


@pytest.mark.parametrize(
    ("born", "blocks"),
    [(date(2007, 6, 2), ()), (date(2007, 6, 3), ("under 18",)), (None, ())],
    ids=["the eighteenth birthday", "a day before", "not known"],
)
def test_nobody_under_eighteen_is_asked(born: date | None, blocks: tuple[str, ...]) -> None:
    at = now(date_of_birth=born)
    review = settled(items_to_settle(flags_of(at), at))
    reasons = blocks_going_ahead(flags_of(at), at, review, ())
    assert len(reasons) == len(blocks)
    assert all("under 18" in reason for reason in reasons)


def test_two_decisions_go_ahead_and_three_do_not() -> None:
    assert {kind.value for kind in DecisionKind if kind.goes_ahead} == {
        "proceed",
        "proceed_with_plan",
    }
