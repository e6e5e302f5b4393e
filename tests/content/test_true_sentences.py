"""What a patient ticks as their own is true of them, and nothing they tick denies another tick."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from questionnaire.content.trial import Patient, try_patient
from questionnaire.content.worlds import Found, Worlds
from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.condition import All, Truth, leaves
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.flags import Rule, Severity
from questionnaire.domain.library import Library
from tests.content.real import CONTENT, EVERY_RULE

TOLD = tuple(rule for rule in EVERY_RULE if rule.tell_patient)
MIXES = frozenset(
    {"mesotherapy_hair", "mesotherapy_cellulite", "mesotherapy_face", "fat_dissolving"}
)
PRP = frozenset({"prp_injections", "prp_microneedling", "prp_adjunct"})
HOLDS = {
    "product_contents": {
        "phosphatidylcholine": {"soy", "egg"},
        "hyaluronidase": {"hyaluronidase"},
        "vitamin_b1": {"vitamin_b1"},
        "vitamin_b12": {"vitamin_b12_or_cobalt"},
        "local_anaesthetic": {"local_anaesthetic"},
        "fish_derived": {"fish_or_shellfish"},
        "sulfite": {"sulfites"},
    },
    "prp_activation_and_device": {"bovine_thrombin": {"cow_products"}},
}
"""Clinician's question → what is used → the allergies of the list that forbid it."""
SAFE_FOR_ALL = {
    "deoxycholate",
    "dutasteride_or_finasteride",
    "minoxidil",
    "hyaluronic_acid",
    "multi_use_vial",
    "not_activated",
    "calcium",
    "own_thrombin",
    "device_not_cleared",
}
"""Of which no allergy of the list speaks."""


def named(rule: Rule) -> Iterator[tuple[str, str]]:
    """Each option that makes the rule fire: its question, and its words."""
    assert CONTENT.library
    questions = CONTENT.library.questionnaire.questions
    for leaf in leaves(rule.when):
        if leaf.about in questions and leaf.test in {Operator.IS, Operator.ANY_OF}:
            for option in questions[leaf.about].options:
                if isinstance(leaf.limit, frozenset) and option.id in leaf.limit:
                    yield leaf.about, option.text


@pytest.mark.parametrize("rule", TOLD, ids=lambda rule: rule.id)
def test_what_is_over_is_not_told_as_going_on(rule: Rule) -> None:
    lately = [text for _, text in named(rule) if re.search(r"\blast \d|\bago\b", text)]
    goes_on = re.search(r"\b(?:take|use|have) (?!had|taken|used|may)", rule.tell_patient)
    if lately and goes_on:
        assert re.search(r"\b(?:took|had|used|last|ago)\b", rule.tell_patient), lately


@pytest.mark.parametrize("rule", TOLD, ids=lambda rule: rule.id)
def test_what_somebody_had_once_is_not_told_as_theirs_now(rule: Rule) -> None:
    had_or_has = [text for about, text in named(rule) if about == "health_conditions"]
    if had_or_has and re.search(r"\byou have (?:a|an)\b", rule.tell_patient, re.IGNORECASE):
        assert re.search(r"\bor had\b|\bhave had\b", rule.tell_patient)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MD-26", ["weight has changed", "or you use weight-loss"]),
        ("HR-20", ["heart problem", "high blood pressure", "stroke", "If you put it on"]),
        ("GM-02", ["high blood pressure", "heart beat problem", "device"]),
        ("GM-03", ["heart problem", "high blood pressure", "stroke"]),
        ("GM-12", ["is active", "in the skin", "sarcoid or scleroderma"]),
        ("GM-23", ["filler", "silicone", "threads", "plate", "implant"]),
        ("AL-14", ["often bad", "or you have been in hospital"]),
        ("BL-07", ["bleeding or platelet"]),
        ("FA-01", ["forehead", "brows", "eyes", "nose", "smile lines"]),
        ("EX-04", ["wide or very wide"]),
        ("MD-14", ["take", "or took them"]),
        ("MD-07", ["took a painkiller"]),
        ("MD-23", ["took a painkiller"]),
    ],
)
def test_a_sentence_for_several_answers_has_words_for_each(name: str, words: list[str]) -> None:
    (rule,) = (rule for rule in TOLD if rule.id == name)
    assert [word for word in words if word not in rule.tell_patient] == []


def test_everything_that_can_be_used_was_held_against_every_allergy(library: Library) -> None:
    for question, used in HOLDS.items():
        offered = {option.id for option in library.questionnaire.questions[question].options}
        assert offered - set(used) <= SAFE_FOR_ALL


@pytest.mark.parametrize(
    ("question", "used", "allergy", "treatment"),
    [
        (question, used, allergy, treatment)
        for question, holds in HOLDS.items()
        for used, allergies in holds.items()
        for allergy, treatment in product(
            sorted(allergies), sorted(MIXES if question == "product_contents" else PRP)
        )
    ],
)
def test_what_the_patient_is_allergic_to_is_a_stop_once_it_is_used(
    question: str, used: str, allergy: str, treatment: str, library: Library
) -> None:
    def stops(**answers: Answer) -> tuple[set[str], set[str]]:
        patient = Patient(frozenset({treatment}), date(1985, 3, 27), date(2025, 6, 2), answers)
        flags = try_patient(library, patient).flags
        settled, open_ = (
            {
                flag.rule.id
                for flag in found
                if flag.rule.severity is Severity.STOP
                and {"allergies", question} <= {leaf.about for leaf in leaves(flag.rule.when)}
            }
            for found in (flags.fires, flags.clarify)
        )
        return settled, open_

    both = {"allergies": Choices(frozenset({allergy})), question: Choices(frozenset({used}))}
    assert stops(**both)[0]
    unsure = Choices(frozenset(), frozenset({allergy}))
    assert stops(**(both | {"allergies": unsure}))[1]
    assert stops(allergies=both["allergies"])[1]


def test_nobody_ticks_another_way_and_a_cow_product(library: Library) -> None:
    by_id = {rule.id: rule for rule in library.rules}
    another_way, cow_product = by_id["AL-13"], by_id["PR-07"]
    assert "another way" in another_way.tell_patient
    assert "with a cow product" in cow_product.tell_patient
    worlds = Worlds(
        library.questionnaire,
        All((another_way.when, cow_product.when)),
        another_way.treatments,
        library.treatments,
        finished=False,
    )
    assert worlds.find(lambda truth: truth is Truth.TRUE) is Found.NO
