"""“Not sure”, picked in a list's own words, is no finding: rules say they could not rule it out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from questionnaire.content import Level
from questionnaire.content.trial import Patient, Trial, try_patient
from questionnaire.domain.answers import LEAVES_OPEN, OWN_WORDS, Answer, Choices, Withheld
from questionnaire.domain.condition import leaves
from questionnaire.domain.definition import TREATMENTS_WANTED, Kind, Question
from questionnaire.domain.flags import IfUnknown, Rule
from questionnaire.domain.library import Library
from tests.content.real import CONTENT
from tests.content.test_checks import change, lay, told

LISTS = tuple(
    (question, option.id)
    for question in (CONTENT.library.questionnaire.questions.values() if CONTENT.library else ())
    for option in question.options
    if option.id in LEAVES_OPEN and question.id != TREATMENTS_WANTED
)
IDS = tuple(f"{question.id}.{option}" for question, option in LISTS)


def says(question: Question, option: str) -> Answer:
    """The answer in the list's own words."""
    return option if question.kind is Kind.SINGLE else Choices(frozenset({option}))


def answering(question: Question) -> Iterator[Patient]:
    """The invented patients who answer the question, and would be asked."""
    assert CONTENT.library
    for case in CONTENT.cases:
        for patient in case.patients:
            if question.id in patient.answers:
                yield patient


def instead(patient: Patient, question: Question, answer: Answer) -> Trial:
    """The same patient with another answer to the question."""
    assert CONTENT.library
    return try_patient(
        CONTENT.library, replace(patient, answers={**patient.answers, question.id: answer})
    )


def fired(trial: Trial) -> set[str]:
    return {flag.rule.id for flag in trial.flags.fires}


def pointed_at(trial: Trial) -> set[str]:
    return fired(trial) | {flag.rule.id for flag in trial.flags.clarify}


def looks_at(rule: Rule) -> Iterator[str]:
    """The questions behind the rule."""
    assert CONTENT.library
    measures = CONTENT.library.questionnaire.measures
    for leaf in leaves(rule.when):
        yield from measures[leaf.about].inputs if leaf.about in measures else (leaf.about,)


def names_a_doubt(rule: Rule, question: Question) -> bool:
    return any(
        leaf.about == question.id
        and isinstance(leaf.limit, frozenset)
        and not leaf.limit.isdisjoint(LEAVES_OPEN)
        for leaf in leaves(rule.when)
    )


def test_every_way_of_saying_so_is_tried() -> None:
    assert {option for _, option in LISTS} == LEAVES_OPEN


@pytest.mark.parametrize(("question", "option"), LISTS, ids=IDS)
def test_not_sure_comes_out_as_an_answer_held_back(
    question: Question, option: str, library: Library
) -> None:
    meant = {rule.id for rule in library.rules if names_a_doubt(rule, question)}
    way = next(way for way, own in OWN_WORDS.items() if option in own)
    tried = 0
    for patient in answering(question):
        held_back = instead(patient, question, way)
        doubt = instead(patient, question, says(question, option))
        opened = set(doubt.situation.asked) - set(held_back.situation.asked)
        rules = {rule.id for rule in library.rules if opened.isdisjoint(looks_at(rule))} - meant
        assert fired(doubt) & rules == fired(held_back) & rules
        assert pointed_at(doubt) & rules == pointed_at(held_back) & rules
        tried += question.id in doubt.situation.asked
    assert tried


@pytest.mark.parametrize(("question", "option"), LISTS, ids=IDS)
def test_not_sure_hides_no_rule_that_another_answer_makes_fire(
    question: Question, option: str, library: Library
) -> None:
    by_id = {rule.id: rule for rule in library.rules}
    lost = set[str]()
    for patient in answering(question):
        settled = try_patient(library, patient)
        doubt = instead(patient, question, says(question, option))
        unasked = set(settled.situation.asked) - set(doubt.situation.asked)
        for name in fired(settled) - pointed_at(doubt):
            rule = by_id[name]
            if rule.if_unknown is IfUnknown.CLARIFY and unasked.isdisjoint(looks_at(rule)):
                lost.add(name)
    assert not lost


@pytest.mark.parametrize(
    "left_open", ["rather_not_say", "another_answer", Withheld.NOT_SURE, Withheld.TELL_CLINICIAN]
)
def test_who_leaves_their_sex_open_is_asked_about_every_pregnancy(
    left_open: Answer, library: Library
) -> None:
    treatments = frozenset({"mesotherapy_hair"})
    answers = {"sex_at_birth": left_open}
    patient = Patient(treatments, date(1985, 3, 27), date(2025, 6, 2), answers)
    asked = try_patient(library, patient).situation.asked
    assert {"pregnant", "breastfeeding", "baby_planned_or_partner_pregnant"} <= set(asked)


OPENED = """          - {id: warfarin, text: Warfarin}
          - {id: not_sure, text: Not sure}
"""
RULE, QUESTIONS = "flags/bleeding.yaml", "questions.yaml"
MEANT = "fires_for_not_sure: true"
AS_A_FINDING = (
    "rules/flags/bleeding.yaml:16: BL-02 fires for who picked not_sure, as if that were a finding. "
    "Leave it out: the rule then asks to clarify. If the doubt itself is the point and the title "
    f"says so, add {MEANT}."
)
NAMES_NONE = "rules/flags/bleeding.yaml:24: BL-02 names no option that says “not sure”."
OTHER_ID = (
    "rules/questions.yaml:40: “I do not know” has the id most_days: who is not sure, or would "
    "rather tell the clinician, is known by the ids not_sure, rather_not_say, "
    "would_rather_talk_about_it, would_rather_tell_the_clinician, and by them alone."
)
NOT_ASKED = (
    "rules/questions.yaml:40: felt_low would not be asked of who is not sure about "
    "blood_thinner_kind: name the answers for which it is asked with any_of."
)
FELT_LOW = "text: How often did you feel low?"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (RULE, "{is: warfarin}", "{any_of: [warfarin, not_sure]}", AS_A_FINDING),
        (RULE, "{is: warfarin}", "{none_of: [aspirin, not_sure]}", AS_A_FINDING),
        (RULE, "    discuss: Ask", f"    {MEANT}\n    discuss: Ask", NAMES_NONE),
        (QUESTIONS, "text: Most days", "text: I do not know", OTHER_ID),
        (
            QUESTIONS,
            FELT_LOW,
            f"{FELT_LOW}\n        ask_when: {{blood_thinner_kind: {{none_of: [warfarin]}}}}",
            NOT_ASKED,
        ),
        (
            QUESTIONS,
            FELT_LOW,
            f"{FELT_LOW}\n        ask_when: {{not: {{blood_thinner_kind: {{is: warfarin}}}}}}",
            NOT_ASKED,
        ),
    ],
)
def test_content_that_takes_not_sure_for_a_finding_is_refused(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, QUESTIONS, "          - {id: warfarin, text: Warfarin}\n", OPENED)
    assert told(rules, Level.PROBLEM) == []
    change(rules, file, old, new)
    assert said in told(rules, Level.PROBLEM)


def test_a_rule_about_the_doubt_itself_says_so(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, QUESTIONS, "          - {id: warfarin, text: Warfarin}\n", OPENED)
    change(rules, RULE, "{is: warfarin}", "{any_of: [warfarin, not_sure]}")
    change(rules, RULE, "    discuss: Ask", f"    {MEANT}\n    discuss: Ask")
    assert told(rules, Level.PROBLEM) == []
