"""Flags point; silence never looks like “no concern”."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from questionnaire.content import load_library
from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.condition import All, Any, Condition, Leaf
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.definition import Questionnaire
from questionnaire.domain.flags import (
    Flag,
    Flags,
    IfUnknown,
    Rule,
    Severity,
    Triage,
    Unsure,
    clear_questions,
    questions_behind,
    raise_flags,
)
from questionnaire.domain.situation import Situation, situation
from tests.domain.small import (
    ON,
    QUESTIONNAIRE,
    answer_to,
    answers_to,
    any_of,
    below,
    is_,
)

PRP = frozenset({"prp"})
LIBRARY = load_library(Path(__file__).parents[2] / "rules")
REAL = LIBRARY.questionnaire


def rule(
    name: str,
    when: Condition,
    severity: Severity = Severity.DISCUSS,
    treatments: frozenset[str] = frozenset(),
    if_unknown: IfUnknown = IfUnknown.CLARIFY,
) -> Rule:
    """A rule of which only these things matter."""
    return Rule(
        name, "topic", name, severity, when, "", ("done",), "", ("S1",), treatments,
        if_unknown=if_unknown,
    )  # fmt: skip


def at(answers: dict[str, Answer], treatments: frozenset[str] = PRP) -> Situation:
    """The moment with these answers."""
    return situation(QUESTIONNAIRE, treatments, answers, ON)


THINNER = rule("TH-01", any_of("medicines", "thinner"), Severity.CAUTION)


def test_a_flag_fires_with_what_decided_it() -> None:
    flags = raise_flags([THINNER], at({"medicines": Choices(frozenset({"thinner"}))}))
    assert flags.fires == (Flag(THINNER, (any_of("medicines", "thinner"),)),)
    assert (flags.clarify, flags.broken, flags.unsure) == ((), (), ())


def test_a_rule_whose_condition_is_false_is_silent() -> None:
    flags = raise_flags([THINNER], at({"medicines": Choices(frozenset({"steroid"}))}))
    assert flags == Flags((), (), (), ())
    assert flags.triage is Triage.CLEAR


def test_a_rule_that_cannot_be_decided_says_which_answers_it_waits_for() -> None:
    low = rule("LO-01", Leaf("bmi", Operator.BELOW, Fraction(18)))
    flags = raise_flags([THINNER, low], at({}))
    assert [(it.rule.id, it.waits_for) for it in flags.clarify] == [
        ("TH-01", ("medicines",)),
        ("LO-01", ("height", "weight")),
    ]
    assert flags.triage is Triage.CLEAR


def test_a_row_marked_not_sure_is_waited_for_and_is_a_point_of_its_own() -> None:
    answers: dict[str, Answer] = {
        "medicines": Choices(frozenset({"steroid"}), frozenset({"thinner"}))
    }
    flags = raise_flags([THINNER], at(answers))
    assert [it.waits_for for it in flags.clarify] == [("medicines",)]
    assert flags.unsure == (Unsure("medicines", "thinner", Withheld.NOT_SURE),)
    assert flags.unsure[0].key == "medicines.thinner"


def test_a_tick_to_tell_the_clinician_under_rows_is_a_point_beside_them() -> None:
    rows = Choices(frozenset({"steroid"}), frozenset({"thinner"}), tell_clinician=True)
    flags = raise_flags([], at({"medicines": rows}))
    assert flags.unsure == (
        Unsure("medicines", "", Withheld.TELL_CLINICIAN),
        Unsure("medicines", "thinner", Withheld.NOT_SURE),
    )


def test_a_whole_question_held_back_is_a_point_of_its_own() -> None:
    flags = raise_flags([], at({"felt_low": Withheld.TELL_CLINICIAN}))
    assert flags.unsure == (Unsure("felt_low", "", Withheld.TELL_CLINICIAN),)
    assert flags.unsure[0].key == "felt_low"


def test_a_rule_may_say_that_unknown_is_not_worth_chasing() -> None:
    quiet = rule("TH-02", any_of("medicines", "thinner"), if_unknown=IfUnknown.IGNORE)
    assert raise_flags([quiet], at({})) == Flags((), (), (), ())


def test_a_rule_runs_only_for_its_treatments() -> None:
    other = rule("ME-01", below("age", 200), treatments=frozenset({"mesotherapy"}))
    answers: dict[str, Answer] = {"date_of_birth": date(1985, 3, 27)}
    assert raise_flags([other], at(answers)) == Flags((), (), (), ())
    both = raise_flags([other], at(answers, PRP | {"mesotherapy"}))
    assert [it.rule.id for it in both.fires] == ["ME-01"]


@pytest.mark.parametrize(
    "when",
    [is_("nobody", "x"), below("full_name", 5), is_("platelets", "x")],
    ids=["unknown", "words", "number"],
)
def test_a_rule_that_fails_is_broken_and_stops_no_other(when: Condition) -> None:
    answers: dict[str, Answer] = {
        "full_name": "Ada",
        "platelets": 120,
        "medicines": Choices(frozenset({"thinner"})),
    }
    flags = raise_flags([rule("BR-01", when), THINNER], at(answers))
    assert [it.rule.id for it in flags.broken] == ["BR-01"]
    assert flags.broken[0].fault
    assert [it.rule.id for it in flags.fires] == ["TH-01"]


@pytest.mark.parametrize(
    ("severities", "triage"),
    [
        ([], Triage.CLEAR),
        ([Severity.INFO], Triage.CLEAR),
        ([Severity.INFO, Severity.DISCUSS], Triage.DISCUSS),
        ([Severity.CAUTION, Severity.DISCUSS], Triage.CAUTION),
        ([Severity.DISCUSS, Severity.STOP, Severity.CAUTION], Triage.STOP),
    ],
)
def test_the_triage_is_the_most_severe_flag_that_fires(
    severities: list[Severity], triage: Triage
) -> None:
    rules = [rule(f"R{n}", any_of("medicines", "thinner"), it) for n, it in enumerate(severities)]
    flags = raise_flags(rules, at({"medicines": Choices(frozenset({"thinner"}))}))
    assert flags.triage is triage


def test_severities_go_from_info_to_stop() -> None:
    assert [it.weight for it in Severity] == [0, 1, 2, 3]
    assert list(Severity) == ["info", "discuss", "caution", "stop"]


def test_the_questions_behind_a_flag_are_those_asked_and_read_by_its_rule() -> None:
    both = rule("BM-01", All((Leaf("bmi", Operator.ABOVE, Fraction(30)), is_("skin", "x"))))
    either = rule("BM-02", Any((Leaf("bmi", Operator.ABOVE, Fraction(30)), below("skin", 2))))
    answers: dict[str, Answer] = {"height": Decimal(160), "weight": Decimal(90)}
    moment = at(answers)
    flags = raise_flags([both, either, THINNER], moment)
    assert [questions_behind(it, moment) for it in flags.fires] == [("height", "weight")]
    assert flags.broken == ()
    clear = clear_questions(flags, moment)
    assert clear.isdisjoint({"height", "weight", "medicines"})
    assert "full_name" in clear


def test_a_question_left_unsure_is_not_clear() -> None:
    moment = at({"felt_low": Withheld.NOT_SURE})
    assert "felt_low" not in clear_questions(raise_flags([], moment), moment)


# What holds for every patient, shown on the clinic's own rules.

patients = some.tuples(
    some.frozensets(some.sampled_from(sorted(LIBRARY.treatments)), min_size=1, max_size=3),
    answers_to(REAL),
)
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def real(treatments: frozenset[str], answers: dict[str, Answer]) -> tuple[Situation, Flags]:
    """The moment and the flags of a patient under the clinic's own rules."""
    moment = situation(REAL, treatments, answers, ON)
    return moment, raise_flags(LIBRARY.rules, moment)


def ids(flags: tuple[Flag, ...]) -> set[str]:
    """Which rules."""
    return {flag.rule.id for flag in flags}


@relaxed
@given(patients)
def test_no_answers_break_a_rule(patient: tuple[frozenset[str], dict[str, Answer]]) -> None:
    _, flags = real(*patient)
    assert flags.broken == ()
    assert ids(flags.fires).isdisjoint(ids(flags.clarify))


@relaxed
@given(patients, some.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(
    patient: tuple[frozenset[str], dict[str, Answer]], rolled: Random
) -> None:
    moment, flags = real(*patient)
    shuffled = list(LIBRARY.rules)
    rolled.shuffle(shuffled)
    other = raise_flags(shuffled, moment)
    assert (ids(other.fires), ids(other.clarify)) == (ids(flags.fires), ids(flags.clarify))
    assert (other.triage, other.unsure) == (flags.triage, flags.unsure)


@relaxed
@given(patients)
def test_hidden_answers_never_matter(patient: tuple[frozenset[str], dict[str, Answer]]) -> None:
    treatments, answers = patient
    moment, flags = real(treatments, answers)
    assert real(treatments, dict(moment.answers)) == (moment, flags)


@relaxed
@given(patients, some.data())
def test_learning_an_answer_never_turns_a_flag_that_fires_into_one_to_clarify(
    patient: tuple[frozenset[str], dict[str, Answer]], data: some.DataObject
) -> None:
    treatments, answers = patient
    moment, flags = real(treatments, answers)
    blank = [key for key in moment.asked if key not in moment.answers]
    assume(blank)
    learned = data.draw(some.sampled_from(blank))
    after, later = real(
        treatments, {**answers, learned: data.draw(answer_to(REAL.questions[learned]))}
    )
    asked_next = set(after.asked) - set(moment.asked)  # starts as unknown
    open_now = (it for it in later.clarify if asked_next.isdisjoint(questions_behind(it, after)))
    assert ids(flags.fires).isdisjoint(ids(tuple(open_now)))


@relaxed
@given(patients)
def test_the_triage_follows_from_what_fires_alone(
    patient: tuple[frozenset[str], dict[str, Answer]],
) -> None:
    _, flags = real(*patient)
    alone = Flags(flags.fires, (), (), ())
    assert alone.triage is flags.triage


def test_the_questionnaire_of_the_clinic_has_the_questions_the_app_needs() -> None:
    assert isinstance(REAL, Questionnaire)
    assert {"treatments_wanted", "full_name", "date_of_birth"} <= set(REAL.questions)
