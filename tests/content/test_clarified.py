"""“Asked: yes” and “Asked: no” count like the answer itself, in every list and question."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from questionnaire.cli.invented import fill_in
from questionnaire.domain.answers import Answer, Answers, Choices, Withheld, choices
from questionnaire.domain.assembly import answers_told
from questionnaire.domain.clarified import clarified
from questionnaire.domain.definition import AnsweredBy, Kind, Question
from questionnaire.domain.flags import left_open, raise_flags
from questionnaire.domain.library import Library
from questionnaire.domain.review import Disposition, unsure_item
from questionnaire.domain.settling import ASKED_NO, ASKED_YES, unsure_actions
from questionnaire.domain.situation import Situation, situation
from questionnaire.domain.visit import Person, Role
from tests.content.real import CONTENT

pytestmark = pytest.mark.whole

ON = date(2031, 3, 4)
WHO = Person("1", "Dr Ada Invented", Role.CLINICIAN)
LIBRARY = CONTENT.library
QUESTIONS = LIBRARY.questionnaire.questions.values() if LIBRARY else ()
LISTS = [it for it in QUESTIONS if it.row_by_row and it.answered_by is AnsweredBy.PATIENT]
YES_OR_NO = [
    it
    for it in QUESTIONS
    if it.answered_by is AnsweredBy.PATIENT and ASKED_YES in unsure_actions(it, "")
]


def tell(now: Situation, action: str) -> dict[str, Disposition]:
    """That action for everything that was left open."""
    at = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
    return {
        unsure_item(one.key): Disposition(
            item=unsure_item(one.key),
            basis=one.state.value,
            actions=(action,),
            words="Asked.",
            tell=False,
            confirmed=False,
            by=WHO,
            at=at,
        )
        for one in left_open(now)
    }


def situated(library: Library, treatment: str) -> Callable[[Answers], Situation]:
    """What is asked and known of somebody who comes for that treatment."""
    return lambda answers: situation(library.questionnaire, frozenset({treatment}), answers, ON)


def asked_with(library: Library, question: Question) -> Iterator[tuple[str, dict[str, Answer]]]:
    """A treatment for which the question is asked of somebody with nothing else to tell."""
    for treatment in sorted(library.treatments):
        answers = fill_in(library, frozenset({treatment}), {}, ON, AnsweredBy.PATIENT)
        if question.id in situated(library, treatment)(answers).asked:
            yield treatment, dict(answers)
            return


@pytest.mark.parametrize("holds", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize("question", LISTS, ids=lambda it: it.id)
def test_a_row_that_was_asked_about_counts_like_a_row_that_was_answered(
    library: Library, question: Question, *, holds: bool
) -> None:
    none = question.none_option
    for treatment, answers in asked_with(library, question):
        situate = situated(library, treatment)
        for option in question.options:
            if option == none or option.exclusive:
                continue
            left = {**answers, question.id: Choices(frozenset(), frozenset({option.id}))}
            direct = {**answers, question.id: choices(question, [option.id] if holds else [], [])}
            action = ASKED_YES if holds else ASKED_NO
            now = clarified(situate, left, frozenset(), tell(situate(left), action))
            assert now.facts == situate(direct).facts, option.id
            assert now.said(question.id) == left[question.id]
            asked = raise_flags(library.rules, now)
            assert asked.fires == raise_flags(library.rules, situate(direct)).fires
            assert [one.option for one in asked.unsure] == [option.id]


@pytest.mark.parametrize("action", [ASKED_YES, ASKED_NO])
@pytest.mark.parametrize("question", YES_OR_NO, ids=lambda it: it.id)
def test_a_question_that_was_asked_again_counts_like_one_that_was_answered(
    library: Library, question: Question, action: str
) -> None:
    assert question.kind is Kind.SINGLE
    for treatment, answers in asked_with(library, question):
        situate = situated(library, treatment)
        left: dict[str, Answer] = {**answers, question.id: Withheld.TELL_CLINICIAN}
        direct = {**answers, question.id: "yes" if action == ASKED_YES else "no"}
        now = clarified(situate, left, frozenset(), tell(situate(left), action))
        assert now.facts == situate(direct).facts
        assert now.said(question.id) is Withheld.TELL_CLINICIAN


def test_what_staff_answered_opens_questions_that_are_the_clinics_to_answer(
    library: Library,
) -> None:
    questionnaire, met = library.questionnaire, set[str]()
    staffs = [it for it in QUESTIONS if it.answered_by is AnsweredBy.CLINICIAN and it.options]
    for treatment in sorted(library.treatments):
        situate = situated(library, treatment)
        sent = fill_in(library, frozenset({treatment}), {}, ON, AnsweredBy.PATIENT)
        put = frozenset(situate(sent).asked)
        for question, option in ((it, option) for it in staffs for option in it.options):
            picked: Answer = option.id
            if question.kind is Kind.MULTIPLE:
                picked = choices(question, [option.id], [])
            answers = {**sent, question.id: picked}
            now = clarified(situate, answers, frozenset({question.id}), {}, sent)
            theirs = {
                key
                for key in set(now.asked) - put
                if questionnaire.questions[key].answered_by is AnsweredBy.PATIENT
            }
            assert now.opened == theirs
            printed = {one.question_id for one in answers_told(now)}
            optional = {key for key in theirs if questionnaire.questions[key].optional}
            assert not printed & optional, "nobody was asked"
            met |= theirs
    assert met, "no answer of staff opens a question of the patient"


def test_there_are_many_of_them() -> None:
    assert (len(LISTS) > 3, len(YES_OR_NO) > 10) == (True, True)
