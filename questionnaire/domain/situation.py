"""What is asked and what is known at one moment: answers and measures as facts for conditions.

Rules never change answers and answers never change rules, so a situation depends only on the
questionnaire, the treatments chosen, the answers and the day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from questionnaire.domain.answers import LEAVES_OPEN, Answer, Answers, Choices, Withheld
from questionnaire.domain.condition import Chosen, Facts, Known, State, Truth, evaluate
from questionnaire.domain.definition import (
    NOT_SURE,
    TREATMENTS_WANTED,
    AnsweredBy,
    Kind,
    Question,
    Questionnaire,
)
from questionnaire.domain.measures import work_out

# Looked up once; see condition.py.
_BLANK, _NOT_ASKED = State.BLANK, State.NOT_ASKED
_TRUE, _SINGLE = Truth.TRUE, Kind.SINGLE


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment of one visit.

    `asked` lists question ids in the order of the definition. `answers` holds only answers to
    asked questions. `facts` knows every question and measure. `on` is the day ages count to.
    `left_open` are the patient's own answers where a clinician found out what they left open,
    `opened` the patient's questions that only what was found out or answered by staff makes asked,
    so that they were never put to the patient, and `by_clinic` those whose answer staff gave.
    `offered` are the treatments whose choices the patient was offered: those chosen, without those
    only planned; empty where nothing is planned.
    """

    questionnaire: Questionnaire
    treatments: frozenset[str]
    asked: tuple[str, ...]
    answers: Answers
    facts: Facts
    on: date
    left_open: Answers = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    by_clinic: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()

    def as_offered(self, question: Question) -> Question:
        """The question with the choices that the patient saw."""
        return question.offered_for(self.offered or self.treatments)

    def said(self, key: str) -> Answer | None:
        """The answer as it was given to the question, whatever a clinician found out later."""
        return self.left_open.get(key, self.answers.get(key))

    def missing(self, who: AnsweredBy = AnsweredBy.PATIENT) -> tuple[str, ...]:
        """Asked questions that `who` must still deal with, in order; optional ones never count."""
        questions = (self.questionnaire.questions[key] for key in self.asked)
        return tuple(
            question.id
            for question in questions
            if question.answered_by is who
            and not question.optional
            and question.id not in self.answers
        )


def chosen_treatments(
    arranged: Iterable[str], answers: Answers, every_treatment: Iterable[str]
) -> frozenset[str]:
    """The treatments the visit is about: those arranged and those the patient picked.

    “Not sure”, or nothing chosen by anybody, counts as choosing every treatment.
    """
    wanted = answers.get(TREATMENTS_WANTED)
    picked = wanted.yes if isinstance(wanted, Choices) else frozenset[str]()
    chosen = frozenset(arranged) | (picked - {NOT_SURE})
    return frozenset(every_treatment) if NOT_SURE in picked or not chosen else chosen


def situation(
    questionnaire: Questionnaire, treatments: frozenset[str], answers: Answers, on: date
) -> Situation:
    """Work out what is asked and known. Answers to questions that are not asked are left out."""
    facts: dict[str, Known | State] = {}
    kept: dict[str, Answer] = {}
    for key in questionnaire.working_order:
        question = questionnaire.questions.get(key)
        if question is None:
            facts[key] = work_out(questionnaire, questionnaire.measures[key], kept, facts, on)
        elif not _is_asked(question, treatments, facts):
            facts[key] = _NOT_ASKED
        elif (answer := answers.get(key)) is None or isinstance(answer, Withheld):
            facts[key] = _BLANK
            if answer is not None:
                kept[key] = answer
        else:
            facts[key] = as_fact(question, answer)
            kept[key] = answer
    asked = tuple(key for key in questionnaire.questions if facts[key] is not _NOT_ASKED)
    return Situation(questionnaire, treatments, asked, kept, facts, on)


def _is_asked(question: Question, treatments: frozenset[str], facts: Facts) -> bool:
    if question.treatments and not question.treatments & treatments:
        return False
    return question.ask_when is None or evaluate(question.ask_when, facts) is _TRUE


def as_fact(question: Question, answer: Answer) -> Known:
    """The answer as conditions see it.

    In a list with a not-sure row and no “yes”, whether “none” holds is not known either; nor
    where the person said no to every row and would rather say it to the clinician.
    """
    if isinstance(answer, Choices):
        return _choices_as_fact(question, answer)
    if question.kind is _SINGLE:
        picked = frozenset({str(answer)})
        return Chosen(picked, _left_open_by(question, picked))
    if isinstance(answer, str | date):
        return str(answer)
    return Fraction(answer)


def _choices_as_fact(question: Question, answer: Choices) -> Chosen:
    none = question.none_option
    not_sure = answer.not_sure or _left_open_by(question, answer.yes)
    if none is None:
        return Chosen(answer.yes, not_sure)
    yes = answer.yes - {none.id} if answer.tell_clinician else answer.yes
    unsettled = not yes - LEAVES_OPEN and (not_sure or answer.tell_clinician)
    return Chosen(yes, not_sure | {none.id} if unsettled else not_sure - {none.id})


def _left_open_by(question: Question, picked: frozenset[str]) -> frozenset[str]:
    """The other options, any of which may hold, once one was picked that says “not sure”.

    The choice of treatments is no finding: “not sure” there chooses every treatment.
    """
    if picked.isdisjoint(LEAVES_OPEN) or question.id == TREATMENTS_WANTED:
        return frozenset()
    return frozenset(option.id for option in question.options) - picked - LEAVES_OPEN
