"""The clinic's real content: complete, without problems, and every rule proved by its cases."""

import itertools

import pytest

from questionnaire.content.cases import Case, failures
from questionnaire.content.trial import Patient
from questionnaire.domain.answers import Choices
from questionnaire.domain.definition import NOT_SURE, AnsweredBy, Kind
from questionnaire.domain.flags import Rule, Severity
from questionnaire.domain.library import Library
from tests.content.real import CONTENT, EVERY_RULE


def test_the_content_has_no_problems() -> None:
    assert [str(it) for it in CONTENT.problems if it.level == "problem"] == []


def test_the_content_is_all_there(library: Library) -> None:
    questions = library.questionnaire.questions.values()
    severities = [rule.severity for rule in library.rules]
    assert (len(library.questionnaire.sections), len(questions)) == (10, 96)
    assert sum(it.answered_by is AnsweredBy.CLINICIAN for it in questions) == 4
    assert len(library.questionnaire.measures) == 5
    assert {it: severities.count(it) for it in Severity} == {
        Severity.STOP: 43,
        Severity.CAUTION: 72,
        Severity.DISCUSS: 66,
        Severity.INFO: 15,
    }
    assert len(library.treatments) == 7
    assert (len(library.sources), len(library.disagreements)) == (155, 23)
    assert (len(library.risk_blocks), len(library.rights)) == (4, 8)
    assert sum(len(it.quiz) for it in library.treatments.values()) == 42


def test_the_safety_lists_are_answered_row_by_row(library: Library) -> None:
    rows = {key for key, it in library.questionnaire.questions.items() if it.row_by_row}
    assert rows == {
        "allergies",
        "blood_problems",
        "health_conditions",
        "leg_problems",
        "medicines",
        "neck_and_chin_problems",
        "recent_events",
        "skin_problems_in_area",
    }


def test_treatments_stand_in_the_order_they_are_offered(library: Library) -> None:
    offered = library.questionnaire.questions["treatments_wanted"].options
    assert [*library.treatments, NOT_SURE] == [option.id for option in offered]


def test_a_rate_is_given_exactly_where_somebody_counted(library: Library) -> None:
    for treatment in library.treatments:
        for risk in library.risks_of(treatment):
            assert risk.frequency.counted == (risk.frequency.rate is not None)


@pytest.mark.parametrize("case", CONTENT.cases, ids=lambda case: f"{case.place.file}:{case.title}")
def test_the_case_comes_out_as_it_says(case: Case, library: Library) -> None:
    assert list(failures(library, case)) == []


def cases_of(rule: Rule) -> tuple[list[Patient], list[Patient]]:
    """The patients a rule fires for, and those it only just does not fire for."""
    fires = [it for case in CONTENT.cases if rule.id in case.fires for it in case.patients]
    misses = [it for case in CONTENT.cases if rule.id in case.does_not_fire for it in case.patients]
    return fires, misses


def differences(one: Patient, other: Patient) -> int:
    """How many answers the two give differently where both answer, and ages that differ."""
    shared = one.answers.keys() & other.answers.keys()
    return sum(one.answers[key] != other.answers[key] for key in shared) + (one.born != other.born)


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.id)
def test_a_near_miss_differs_in_one_answer_from_a_case_that_fires(rule: Rule) -> None:
    fires, misses = cases_of(rule)
    nearest = min(differences(one, other) for one, other in itertools.product(fires, misses))
    assert nearest <= 1


def test_lists_without_a_none_are_never_answered_with_nothing(library: Library) -> None:
    for case in CONTENT.cases:
        for patient in case.patients:
            for key, answer in patient.answers.items():
                if library.questionnaire.questions[key].kind is Kind.MULTIPLE:
                    assert isinstance(answer, Choices)
                    assert answer.yes or answer.not_sure
