"""Pages of the patient's form: one to four short related questions, or up to seven rows a page.

What a page holds never changes while the form is filled in: questions that an answer or another
treatment opens get pages of their own, behind the page they follow, so that nobody meets a question
twice. A question that depends on an answer therefore stands on a later page than the question it
depends on, and every page can be made and saved on the server alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from questionnaire.domain.areas import MAPS_OF_QUESTION
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
    in_play: list[tuple[Section, list[list[Question]]]] = []
    for section in situation.questionnaire.sections:
        groups = [group for group in _groups(section) if group[0].id in asked]
        if groups:
            in_play.append((section, groups))
    return tuple(
        Page(page_id, section.id, section.title, part, len(in_play), questions, rows)
        for part, (section, groups) in enumerate(in_play, start=1)
        for page_id, questions, rows in _cut(groups, situation.treatments)
    )


def _groups(section: Section) -> list[list[Question]]:
    """The patient's questions of the section as they share pages, whatever is asked at the moment.

    Only questions that are asked or not asked together share a page, even when others are defined
    between them; a group stands where its first question does.
    """
    groups: list[list[Question]] = []
    for question in section.questions:
        if question.answered_by is not AnsweredBy.PATIENT:
            continue
        alike = [group for group in groups if _asked_together(group[0], question)]
        if alike and _fits(alike[-1], question):
            alike[-1].append(question)
        else:
            groups.append([question])
    return groups


def _asked_together(question: Question, other: Question) -> bool:
    return (question.treatments, question.ask_when) == (other.treatments, other.ask_when)


def _cut(
    groups: Iterable[list[Question]], treatments: frozenset[str]
) -> Iterator[tuple[str, tuple[Question, ...], tuple[str, ...]]]:
    for group in groups:
        questions = tuple(question.offered_for(treatments) for question in group)
        if questions[0].row_by_row:
            yield from _slices(questions[0])
        else:
            yield questions[0].id, questions, ()


def _slices(question: Question) -> Iterator[tuple[str, tuple[Question, ...], tuple[str, ...]]]:
    rows = [option.id for option in question.options if not option.exclusive]
    slices = -(-len(rows) // MOST_ROWS)
    size = -(-len(rows) // slices)
    for place in range(slices):
        page_id = question.id if place == 0 else f"{question.id}~{place + 1}"
        yield page_id, (question,), tuple(rows[place * size : (place + 1) * size])


def _fits(together: list[Question], question: Question) -> bool:
    if any(it.row_by_row or _stands_alone(it) for it in (together[-1], question)):
        return False
    if len(together) >= MOST_QUESTIONS:
        return False
    return sum(_size(other) for other in (*together, question)) <= MOST_CHOICES


def _stands_alone(question: Question) -> bool:
    """Pictures and maps need a page to themselves."""
    return question.kind is Kind.PICTURE or question.id in MAPS_OF_QUESTION


def _size(question: Question) -> int:
    return len(question.options) or 3
