"""From questions to a form: one table says which field each kind of question becomes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from questionnaire.domain.answers import Answer
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.language import Say, in_english
from questionnaire.web.choosing import PickOne, PickPicture, RowList, TickList
from questionnaire.web.fields import AnswerField, Posted
from questionnaire.web.writing import Amount, Contact, Day, Words

FIELD_FOR: Mapping[Kind, type[AnswerField]] = {
    Kind.SINGLE: PickOne,
    Kind.MULTIPLE: TickList,
    Kind.TEXT: Words,
    Kind.DATE: Day,
    Kind.WHOLE_NUMBER: Amount,
    Kind.DECIMAL: Amount,
    Kind.PICTURE: PickPicture,
}


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The questions of one page as a form. WTForms does the work; this keeps it typed."""

    form: BaseForm
    fields: tuple[AnswerField, ...]

    def validate(self) -> bool:
        """Whether every field can be read; each field then holds its answer or its error."""
        return bool(self.form.validate())

    @property
    def answers(self) -> dict[str, Answer | None]:
        """Question id → answer, after `validate`; lists answered row by row stand in `rows`."""
        return {
            field.question.id: field.data for field in self.fields if not isinstance(field, RowList)
        }

    @property
    def good_answers(self) -> dict[str, Answer | None]:
        """The answers that could be read, for a page that is left half done."""
        slipped = {field.question.id for field in self.fields if field.errors}
        return {key: it for key, it in self.answers.items() if key not in slipped}

    @property
    def stands(self) -> dict[str, str]:
        """Name of a box → what stands there; blank ones are left out."""
        return {name: said for field in self.fields for name, said in field.stands.items()}

    def take(self, other: "QuestionForm", names: Collection[str]) -> None:
        """Show in these boxes what stands there on another form of the same page."""
        for field, theirs in zip(self.fields, other.fields, strict=True):
            field.take(theirs, names)

    @property
    def drafts(self) -> dict[str, dict[str, list[str]]]:
        """Question id → what was typed and could not be read, part by part."""
        return {
            field.question.id: field.unread
            for field in self.fields
            if field.unread and not isinstance(field, RowList)
        }

    def begun(self, kept: Mapping[str, Answer]) -> dict[str, dict[str, list[str]]]:
        """Question id → what was typed and differs from what is `kept`, after `validate`."""
        return {
            field.question.id: field.filled
            for field in self.fields
            if not isinstance(field, RowList) and field.filled
            if field.errors or field.data != kept.get(field.question.id)
        }

    def show_drafts(self, drafts: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Show what was typed before and not sent or not read, instead of what is kept."""
        for field in self.fields:
            if field.question.id in drafts:
                field.show_draft(drafts[field.question.id])

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        """Question id → option id → yes, no or not_sure, for lists answered row by row."""
        return {
            field.question.id: field.given_rows
            for field in self.fields
            if isinstance(field, RowList)
        }

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """For the error summary: id of the box to go to, and the sentence."""
        several = len(self.fields) > 1
        return tuple(
            (target, f"{field.text} {sentence}" if several else sentence)
            for field in self.fields
            for target, sentence in field.targets
        )


def build_form(
    questions: Iterable[Question],
    *,
    today: date,
    posted: Posted | None = None,
    answers: Mapping[str, Answer] | None = None,
    rows: Mapping[str, Mapping[str, str]] | None = None,
    only_rows: Collection[str] = (),
    say: Say = in_english,
) -> QuestionForm:
    """A form for `questions`, filled with what was posted or else with what is kept.

    `only_rows` narrows a list answered row by row to the slice that is on the page. `say` puts
    our own words into the language of the questions.
    """
    asked = tuple(questions)
    form = BaseForm(
        {
            question.id: UnboundField(_field_for(question), question, today=today, say=say)
            for question in asked
        }
    )
    fields = tuple(field for field in form if isinstance(field, AnswerField))
    for field in fields:
        if isinstance(field, RowList):
            field.only = tuple(only_rows)
    form.process(posted, data=dict(answers or {}))
    for field in fields:
        if isinstance(field, RowList) and posted is None:
            field.show_rows((rows or {}).get(field.question.id, {}))
    return QuestionForm(form, fields)


def _field_for(question: Question) -> type[AnswerField]:
    if question.contact:
        return Contact
    return RowList if question.row_by_row else FIELD_FOR[question.kind]
