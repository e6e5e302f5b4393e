"""Why a rule fired is told by what this person answered, never by what else would have done it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.content import load_library
from questionnaire.content.translations import speeches
from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Answer, Answers, Choices, Withheld
from questionnaire.domain.clarified import clarified
from questionnaire.domain.condition import All, Any, Chosen, Condition, Not, deciding
from questionnaire.domain.consent_parts import ReasonText
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.flags import left_open, raise_flags
from questionnaire.domain.reasons import Source, reasons_of, sourced_answer, sources_of
from questionnaire.domain.review import Disposition, unsure_item
from questionnaire.domain.settling import ASKED_NO, ASKED_YES, unsure_actions
from questionnaire.domain.situation import Situation, situation
from questionnaire.domain.speech import Speech, english
from questionnaire.domain.visit import Person, Role
from tests.domain.small import (
    ON,
    QUESTIONNAIRE,
    answered,
    answers_to,
    any_of,
    below,
    none_of,
)

RULES = Path(__file__).parents[2] / "rules"
LIBRARY = load_library(RULES)
SPEECHES = [english(LIBRARY), *speeches(RULES).values()]
SMALL = english(replace(LIBRARY, questionnaire=QUESTIONNAIRE))
TREATMENTS = frozenset({"prp", "mesotherapy"})

TAKES = "Do you take any of these?"
BORN = ReasonText("When were you born?", "2 June 1960")
ANSWERS: dict[str, Answer] = {
    "date_of_birth": date(1960, 6, 2),
    "medicines": Choices(frozenset({"thinner"}), frozenset({"steroid"})),
    "thinner_kind": "warfarin",
    "felt_low": "often",
    "skin": 2,
    "platelets": Decimal("99.5"),
}


def why(condition: Condition, answers: Answers, told: Speech = SMALL) -> tuple[ReasonText, ...]:
    """What is told of a condition that these answers decided."""
    now = situation(QUESTIONNAIRE, TREATMENTS, answers, ON)
    return reasons_of(deciding(condition, now.facts), now, told)


@pytest.mark.parametrize(
    ("condition", "reasons"),
    [
        (any_of("thinner_kind", "aspirin", "warfarin"), [("Which blood thinner?", "Warfarin")]),
        (any_of("medicines", "thinner", "none"), [(TAKES, "A blood thinner")]),
        (any_of("medicines", "steroid"), [(TAKES, "Not sure: A steroid")]),
        (
            Not(any_of("medicines", "none")),
            [(TAKES, "A blood thinner\nNot sure: A steroid")],
        ),
        (
            All((any_of("medicines", "thinner"), none_of("medicines", "none"))),
            [(TAKES, "A blood thinner")],
        ),
        (
            Any((any_of("thinner_kind", "aspirin"), any_of("felt_low", "often"))),
            [("How often did you feel low?", "Often")],
        ),
        (below("skin", 3), [("Which skin is like yours?", "Picture 2: Dark")]),
        (
            below("platelets", 100),
            [("Do you know your platelet count?", "99.5 x10^9 per litre (a count)")],
        ),
        (answered("visits", there=False), [("How many visits?", "Not answered")]),
        (below("age", 70), [("Age", "65 years"), (BORN.question, BORN.answer)]),
        (
            any_of("screen", "positive"),
            [
                ("Which blood thinner?", "Warfarin"),
                ("How often did you feel low?", "Often"),
                ("Age", "65 years"),
                (BORN.question, BORN.answer),
            ],
        ),
        (answered("bmi", there=False), [("How tall are you?", "Not answered"),
                                        ("How much do you weigh?", "Not answered")]),
    ],
)  # fmt: skip
def test_only_what_was_answered_is_told(
    condition: Condition, reasons: list[tuple[str, str]]
) -> None:
    assert why(condition, ANSWERS) == tuple(ReasonText(*each) for each in reasons)


def test_two_tests_on_one_list_tell_what_either_names_once() -> None:
    answers = {**ANSWERS, "medicines": Choices(frozenset({"thinner", "steroid"}))}
    both = All((any_of("medicines", "steroid"), any_of("medicines", "thinner")))
    assert why(both, answers) == (ReasonText(TAKES, "A blood thinner\nA steroid"),)
    assert why(both.parts[0], answers) == (ReasonText(TAKES, "A steroid"),)


def test_what_was_not_asked_is_no_reason() -> None:
    not_asked = Not(any_of("thinner_kind", "warfarin"))
    assert why(not_asked, {"medicines": Choices(frozenset({"none"}))}) == ()


def test_a_list_kept_for_the_clinician_is_told_as_that() -> None:
    answers = {"medicines": Choices(frozenset({"none"}), tell_clinician=True)}
    told = "None of these\nI would rather say it to the clinician"
    assert why(any_of("medicines", "none"), answers) == (ReasonText(TAKES, "None of these"),)
    assert why(none_of("medicines", "steroid"), answers) == (ReasonText(TAKES, told),)


def test_a_question_left_open_says_so() -> None:
    open_one = {**ANSWERS, "felt_low": Withheld.NOT_SURE}
    assert why(any_of("felt_low", "often"), open_one) == (
        ReasonText("How often did you feel low?", "Not sure"),
    )


def asked_about(answers: Answers, holds: Mapping[str, bool]) -> Situation:
    """What stands once a clinician found out by yes or no what was left open, item by item."""
    dispositions = {
        item: Disposition(
            item=item,
            basis=Withheld.NOT_SURE if "." in item else Withheld.TELL_CLINICIAN,
            actions=(ASKED_YES if yes else ASKED_NO,),
            words="",
            tell=False,
            confirmed=False,
            by=Person("c", "Dr Ada Invented", Role.CLINICIAN),
            at=datetime(2025, 6, 2, tzinfo=UTC),
        )
        for item, yes in holds.items()
    }
    return clarified(
        lambda given: situation(QUESTIONNAIRE, TREATMENTS, given, ON),
        answers,
        frozenset(),
        dispositions,
    )


TICKED, UNSURE = frozenset({"thinner"}), frozenset({"steroid"})
EITHER = any_of("medicines", "thinner", "steroid")
FOUND_OUT = "A steroid (told to the clinician)"


@pytest.mark.parametrize(
    ("condition", "answer", "found_out", "reason", "sources"),
    [
        (EITHER, Choices(TICKED, UNSURE), {}, "A blood thinner\nNot sure: A steroid", "patient"),
        (EITHER, Choices(TICKED, UNSURE), {"steroid": False}, "A blood thinner", "patient"),
        (
            EITHER,
            Choices(TICKED, UNSURE),
            {"steroid": True},
            f"A blood thinner\n{FOUND_OUT}",
            "patient told",
        ),
        (
            any_of("medicines", "thinner"),
            Choices(TICKED, UNSURE),
            {"steroid": True},
            "A blood thinner",
            "patient",
        ),
        (
            any_of("medicines", "steroid"),
            Choices(TICKED, UNSURE),
            {"steroid": True},
            FOUND_OUT,
            "told",
        ),
        (
            EITHER,
            Choices(frozenset(), TICKED | UNSURE),
            {"steroid": True},
            f"Not sure: A blood thinner\n{FOUND_OUT}",
            "patient told",
        ),
        (
            any_of("medicines", "none"),
            Choices(frozenset(), UNSURE),
            {"steroid": False},
            "None of these (told to the clinician)",
            "told",
        ),
        (
            none_of("medicines", "none"),
            Choices(TICKED, UNSURE, tell_clinician=True),
            {"steroid": True},
            f"A blood thinner\nI would rather say it to the clinician\n{FOUND_OUT}",
            "patient told",
        ),
    ],
)
def test_each_choice_of_a_list_is_told_with_who_gave_it(
    condition: Condition, answer: Choices, found_out: dict[str, bool], reason: str, sources: str
) -> None:
    found = {unsure_item(f"medicines.{row}"): yes for row, yes in found_out.items()}
    now = asked_about({"medicines": answer}, found)
    because = deciding(condition, now.facts)
    assert reasons_of(because, now, SMALL) == (ReasonText(TAKES, reason),)
    assert sources_of(because, now) == tuple((it, "medicines") for it in sources.split())


def test_what_staff_answered_is_told_as_theirs_and_what_nobody_answered_as_nobodys() -> None:
    stated = "Yes (stated by the clinician)"
    for answers, source, words in (
        ({"blood_count": "yes"}, Source.CLINICIAN, stated),
        ({}, Source.PATIENT, "Not answered"),
    ):
        now = situation(QUESTIONNAIRE, TREATMENTS, answers, ON)
        because = deciding(answered("blood_count", there=bool(answers)), now.facts)
        assert [one.answer for one in reasons_of(because, now, SMALL)] == [words]
        assert sources_of(because, now) == ((source, "blood_count"),)
    measured = replace(asked_about(ANSWERS, {}), by_clinic=frozenset({"platelets"}))
    because = deciding(below("platelets", 100), measured.facts)
    assert sources_of(because, measured) == ((Source.CLINICIAN, "platelets"),)


@pytest.mark.parametrize("opened", [False, True], ids=["asked", "opened"])
@pytest.mark.parametrize("told", SPEECHES, ids=lambda told: told.language.code)
def test_what_the_clinic_may_fill_in_itself_is_its_own_whoever_opened_the_question(
    told: Speech,
    opened: bool,  # noqa: FBT001  # a row of the table
) -> None:
    questions = LIBRARY.questionnaire.questions
    fillable = [key for key, one in questions.items() if one.clinician_may_fill_in]
    answers: dict[str, Answer] = dict.fromkeys(fillable, Decimal(142))
    now = situation(LIBRARY.questionnaire, frozenset(LIBRARY.treatments), answers, ON)
    now = replace(now, answers=answers, by_clinic=frozenset(fillable))
    now = replace(now, opened=frozenset(fillable if opened else ()))
    before, _, behind = told.say("{answer} (stated by the clinician)").partition("{answer}")
    assert fillable
    for key in fillable:
        (line,) = sourced_answer(key, now, told).answer.splitlines()
        assert line.startswith(before), key
        assert line.endswith(behind), key


def test_a_whole_answer_found_out_is_told_as_that_and_so_is_what_it_opens() -> None:
    rule = All((any_of("medicines", "thinner"), any_of("thinner_kind", "warfarin")))
    unsure = {"medicines": Choices(frozenset(), frozenset({"thinner"}))}
    found = asked_about(unsure, {unsure_item("medicines.thinner"): True})
    opened = asked_about(
        {**unsure, "thinner_kind": "warfarin"}, {unsure_item("medicines.thinner"): True}
    )
    assert found.opened == opened.opened == {"thinner_kind"}
    assert "thinner_kind" not in opened.answers
    given = replace(opened, answers={**opened.answers, "thinner_kind": "warfarin"})
    given = replace(given, facts={**given.facts, "thinner_kind": Chosen(frozenset({"warfarin"}))})
    assert sources_of(deciding(rule, given.facts), given) == (
        (Source.TOLD, "medicines"),
        (Source.TOLD, "thinner_kind"),
    )


@pytest.mark.parametrize("told", SPEECHES, ids=lambda told: told.language.code)
@given(answers=answers_to(LIBRARY.questionnaire), seed=some.integers(0, 999))
def test_no_rule_is_told_by_a_choice_nobody_made_nor_in_the_name_of_another(
    told: Speech, answers: dict[str, Answer], seed: int
) -> None:
    def situate(given: Answers) -> Situation:
        return situation(LIBRARY.questionnaire, frozenset(LIBRARY.treatments), given, ON)

    questions = LIBRARY.questionnaire.questions
    chance = Random(seed)  # noqa: S311  # nothing is kept secret by it
    found_out = {
        unsure_item(one.key): Disposition(
            item=unsure_item(one.key),
            basis=one.state.value,
            actions=(chance.choice(unsure_actions(questions[one.question], one.option)),),
            words="",
            tell=False,
            confirmed=False,
            by=Person("c", "Dr Ada Invented", Role.CLINICIAN),
            at=datetime(2025, 6, 2, tzinfo=UTC),
        )
        for one in left_open(situate(answers))
    }
    now = clarified(situate, answers, frozenset(), found_out)
    mine: dict[str, set[str]] = {}
    theirs: dict[str, set[str]] = {}
    for key in now.asked:
        question = told.library.questionnaire.questions[key]
        said = {*answer_in_words(question, now.said(key), told.say)}
        known = {*answer_in_words(question, now.answers.get(key), told.say)}
        if question.answered_by is AnsweredBy.CLINICIAN and key in now.answers:
            stated = told.say("{answer} (stated by the clinician)")
            said, known = set(), {stated.format(answer=line) for line in known}
        else:
            mark = told.say("{answer} (told to the clinician)")
            known = {mark.format(answer=line) for line in known - said}
        mine.setdefault(question.text, set()).update(said)  # two questions may be worded alike
        theirs.setdefault(question.text, set()).update(known)
    worked_out = {measure.title for measure in told.library.questionnaire.measures.values()}
    for flag in raise_flags(LIBRARY.rules, now).fires:
        for one in reasons_of(flag.because, now, told):
            assert one.answer, flag.rule.id
            if one.question not in worked_out:
                lines = {*one.answer.splitlines()}
                assert lines <= mine[one.question] | theirs[one.question], flag.rule.id
