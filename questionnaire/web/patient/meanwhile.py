"""A page that was answered in another tab or on another device while it was open here."""

from collections.abc import Iterator

from flask import request

from questionnaire.domain.answer_words import WITHHELD_WORDS, answer_in_words
from questionnaire.domain.answers import TELL_ROW, Answer, Withheld
from questionnaire.domain.definition import Question
from questionnaire.domain.language import listed
from questionnaire.domain.paging import Page
from questionnaire.journey.intake import Intake
from questionnaire.web.choosing import ROW_WORDS, RowList
from questionnaire.web.fields import AnswerField
from questionnaire.web.forms import QuestionForm
from questionnaire.web.patient.speaking import say


def saved_by(intake: Intake, page: Page) -> str:
    """What a form carries: who last changed an answer on the page, as it was shown."""
    was_shown = request.form.get("saved_by") if "change" not in request.form else None
    return intake.sheet.saved_by.get(page.id, "") if was_shown is None else was_shown


def changed_meanwhile(intake: Intake, page: Page, form: QuestionForm, key: str) -> list[str]:
    """A sentence for each answer that another form changed since, and that is another one here.

    `key` is this form's own one-time key: what it saved itself is no change.
    """
    by = intake.sheet.saved_by.get(page.id, "")
    if by in {"", key, saved_by(intake, page)}:
        return []
    return [
        say("{question} You saved “{saved}” on another screen. Here you put “{here}”.").format(
            question=text, saved=saved, here=here
        )
        for field in form.fields
        for text, saved, here in _differences(intake, field)
    ]


def _differences(intake: Intake, field: AnswerField) -> Iterator[tuple[str, str, str]]:
    """Question or line, what is saved, and what is here, in words."""
    question = field.question
    if isinstance(field, RowList):
        kept = intake.sheet.rows.get(question.id, {})
        for row, word in field.given_rows.items():
            if kept.get(row, word) != word:
                yield _line(field, row), say(ROW_WORDS[kept[row]]), say(ROW_WORDS[word])
    elif field.data != (saved := intake.sheet.answers.get(question.id)):
        yield field.text, _in_words(question, saved), _in_words(question, field.data)


def _line(field: RowList, row: str) -> str:
    if row.endswith(TELL_ROW):
        return f"“{say(WITHHELD_WORDS[Withheld.TELL_CLINICIAN])}”"
    return f"“{field.question.option(row).text}”"


def _in_words(question: Question, answer: Answer | None) -> str:
    return listed(answer_in_words(question, answer, say), say)
