"""Pages of the patient's form: one to four short related questions, or up to seven rows a page.

A question that depends on an answer stands on a later page than the question it depends on, so
that every page can be made and saved on the server alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaire.domain.areas import MAPS_OF_QUESTION
from questionnaire.domain.condition import leaves
from questionnaire.domain.definition import AnsweredBy, Kind, Question, Section
from questionnaire.domain.situation import Situation

MOST_QUESTIONS = 4
MOST_ROWS = 7
MOST_CHOICES = 16
"""Tiles on one page, so that a page stays within about two screens of a tablet."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form.

    `id` is its first question's id, with `~2`, `~3` for further slices of a long list. `part` of
    `parts` is the section's place among the sections in play, from 1. `rows` are option ids when
    the page is a slice of one row-by-row question.
    """

    id: str
    section_id: str
    section_title: str
    part: int
    parts: int
    questions: tuple[Question, ...]
    rows: tuple[str, ...] = ()


def pages_of(situation: Situation) -> tuple[Page, ...]:
    """Every page the patient meets in this situation, in order."""
    asked = set(situation.asked)
    in_play: list[tuple[Section, list[Question]]] = []
    for section in situation.questionnaire.sections:
        questions = [
            question.offered_for(situation.treatments)
            for question in section.questions
            if question.id in asked and question.answered_by is AnsweredBy.PATIENT
        ]
        if questions:
            in_play.append((section, questions))
    return tuple(
        Page(page_id, section.id, section.title, part, len(in_play), questions, rows)
        for part, (section, questions_in_part) in enumerate(in_play, start=1)
        for page_id, questions, rows in _split(questions_in_part)
    )


def _split(
    questions: list[Question],
) -> Iterator[tuple[str, tuple[Question, ...], tuple[str, ...]]]:
    together: list[Question] = []
    for question in questions:
        if together and not _fits(together, question):
            yield together[0].id, tuple(together), ()
            together = []
        if question.row_by_row:
            yield from _slices(question)
        else:
            together.append(question)
    if together:
        yield together[0].id, tuple(together), ()


def _slices(question: Question) -> Iterator[tuple[str, tuple[Question, ...], tuple[str, ...]]]:
    rows = [option.id for option in question.options if not option.exclusive]
    slices = -(-len(rows) // MOST_ROWS)
    size = -(-len(rows) // slices)
    for place in range(slices):
        page_id = question.id if place == 0 else f"{question.id}~{place + 1}"
        yield page_id, (question,), tuple(rows[place * size : (place + 1) * size])


def _fits(together: list[Question], question: Question) -> bool:
    if question.row_by_row or _stands_alone(question) or _stands_alone(together[-1]):
        return False
    if len(together) >= MOST_QUESTIONS:
        return False
    if sum(_size(other) for other in (*together, question)) > MOST_CHOICES:
        return False
    here = {other.id for other in together}
    waits = question.ask_when is not None and any(
        leaf.about in here for leaf in leaves(question.ask_when)
    )
    return not waits


def _stands_alone(question: Question) -> bool:
    """Pictures and maps need a page to themselves."""
    return question.kind is Kind.PICTURE or question.id in MAPS_OF_QUESTION


def _size(question: Question) -> int:
    return len(question.options) or 3
