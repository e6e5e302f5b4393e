"""Invented people for demonstrations: answers that raise as few flags as the rules allow."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    TREATMENTS_WANTED,
    AnsweredBy,
    Kind,
    Question,
)
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.library import Library
from questionnaire.domain.situation import Situation, situation
from questionnaire.domain.visit import Visit


def calm_answers(library: Library, visit: Visit, on: date) -> dict[str, Answer]:
    """A whole form for the visit: each answer the one that raises least."""
    answers: dict[str, Answer] = {
        TREATMENTS_WANTED: Choices(frozenset(visit.treatments)),
        FULL_NAME: visit.patient.full_name,
        DATE_OF_BIRTH: visit.patient.date_of_birth,
    }
    return fill_in(library, frozenset(visit.treatments), answers, on, AnsweredBy.PATIENT)


def fill_in(
    library: Library,
    treatments: frozenset[str],
    given: Mapping[str, Answer],
    on: date,
    who: AnsweredBy,
) -> dict[str, Answer]:
    """`given`, completed with the calmest answer to every question `who` must still answer."""
    answers = dict(given)
    while missing := _now(library, treatments, answers, on).missing(who):
        question = library.questionnaire.questions[missing[0]]
        answers[question.id] = min(
            _possible(question),
            key=lambda answer: _trouble(
                library, _now(library, treatments, {**answers, question.id: answer}, on)
            ),
        )
    return answers


def _now(
    library: Library, treatments: frozenset[str], answers: Mapping[str, Answer], on: date
) -> Situation:
    return situation(library.questionnaire, treatments, answers, on)


def _trouble(library: Library, now: Situation) -> tuple[int, int]:
    flags = raise_flags(library.rules, now)
    weight = sum(2 ** (3 * flag.rule.severity.weight) for flag in flags.fires)
    return weight, len(flags.clarify)


def _possible(question: Question) -> Iterator[Answer]:
    if question.kind is Kind.MULTIPLE:
        yield from (Choices(frozenset({option.id})) for option in question.options)
    elif question.kind is Kind.SINGLE:
        yield from (option.id for option in question.options)
    elif question.kind is Kind.PICTURE:
        yield from (int(option.id) for option in question.options)
    elif question.kind is Kind.TEXT:
        yield "An invented answer"
    elif question.kind is Kind.DATE:
        yield date(1985, 3, 27)
    else:
        yield from _numbers(question)


def _numbers(question: Question) -> Iterator[Answer]:
    low, high = question.minimum or 0, question.maximum or 100
    for step in range(1, 20):
        amount = round(low + (high - low) * step / 20)
        yield amount if question.kind is Kind.WHOLE_NUMBER else Decimal(amount)
