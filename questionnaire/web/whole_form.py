"""The whole form as it is read or printed: every question with its choices, nothing filled in."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from questionnaire.domain.language import Say
from questionnaire.domain.whole_form import Numbered, Part
from questionnaire.web.fields import AnswerField
from questionnaire.web.forms import build_form


class QuestionShown(NamedTuple):
    """One question: its number, when it is asked (empty: always), and what may be answered."""

    number: int
    only_if: str
    field: AnswerField


class PartShown(NamedTuple):
    """One section with its questions."""

    title: str
    questions: tuple[QuestionShown, ...]


def show_whole_form(parts: Iterable[Part], *, today: date, say: Say) -> tuple[PartShown, ...]:
    """The parts, ready for `templates/macros/whole_form.html`."""
    return tuple(PartShown(part.title, _shown(part.questions, today, say)) for part in parts)


def _shown(questions: tuple[Numbered, ...], today: date, say: Say) -> tuple[QuestionShown, ...]:
    form = build_form((one.question for one in questions), today=today, say=say)
    return tuple(
        QuestionShown(one.number, one.only_if, field)
        for one, field in zip(questions, form.fields, strict=True)
    )
