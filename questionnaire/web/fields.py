"""Fields for questions: what was posted, kept as it was typed, and read by the domain.

WTForms validates them; our own macros draw them (`templates/macros/fields.html` chooses by
`shape`). A field posts under the question's id; parts of it add a dot (`date_of_birth.day`).
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from questionnaire.documents.pictures import Drawing
from questionnaire.domain.answer_words import answer_in_words, is_typed, withheld_in_words
from questionnaire.domain.answers import OWN_WORDS, Answer, Slip, Withheld
from questionnaire.domain.definition import Question
from questionnaire.domain.language import Say, to_say
from questionnaire.domain.visible import is_blank
from questionnaire.domain.written import write_answer

Posted = MultiDict[str, str]
"""What a browser posted: every value under a name, in order."""


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    """One tile: what it posts and says, if it is on, if it clears the others, and its picture."""

    value: str
    text: str
    checked: bool
    exclusive: bool = False
    drawing: Drawing | None = None


class AnswerField(Field):
    """One question as a field. `data` is the typed answer; `posted` what was typed or ticked.

    `posted` goes from the part after the question's id ("" or ".day") to the values under it.
    `today` is the latest day a date may have. `question` is in the reader's language already;
    `say` puts our own words into it.
    """

    shape: ClassVar[str]
    parts: ClassVar[tuple[str, ...]] = ("",)
    blank: ClassVar[str] = to_say("Write an answer")
    withheld_apart: ClassVar[bool] = True
    data: Answer | None

    def __init__(self, question: Question, today: date, say: Say, **bound: Any) -> None:
        super().__init__(question.text, **bound)
        self.question = question
        self.today = today
        self.say = say
        self.text = question.text
        self.hint = question.help
        self.id = f"q-{question.id}"
        self.posted: dict[str, list[str]] = {}

    def process(
        self,
        formdata: Any,
        data: object = None,
        extra_filters: object = None,  # noqa: ARG002  # WTForms passes it; nothing is filtered
    ) -> None:
        """Take in what was posted or, without a post, show the answer that is kept."""
        self.process_errors: Sequence[str] = []
        answer = data if isinstance(data, Answer) else None
        self.data = self.object_data = answer
        if formdata is not None:
            names = (*self.every_part(), ".withheld")
            self.posted = {part: formdata.getlist(self.name + part) for part in names}
        elif isinstance(answer, Withheld):
            self.posted = self.show_withheld(answer)
        elif answer is not None:
            self.posted = self.show(answer)

    def show_draft(self, typed: Mapping[str, Sequence[str]]) -> None:
        """Show what was typed before and could not be read, and how to mend it."""
        self.posted = {part: list(values) for part, values in typed.items()}
        try:
            self.read()
        except Slip as slip:
            self.errors = (slip.said(self.say),)

    @property
    def unread(self) -> dict[str, list[str]]:
        """What was typed and could not be read; nothing where all is well or nothing was typed."""
        return self.filled if self.errors else {}

    @property
    def filled(self) -> dict[str, list[str]]:
        """What was typed or ticked, part by part; nothing where there is nothing to see."""
        typed = {part: values for part, values in self.posted.items() if any(values)}
        is_blank_alone = all(is_blank(text) for values in typed.values() for text in values)
        return {} if is_blank_alone else typed

    @property
    def stands(self) -> dict[str, str]:
        """What stands in the field, by name, written so that the same is equal."""
        try:
            answer = self.read()
        except Slip:
            answer = None
        said = self.filled if answer is None else write_answer(answer)
        return {} if said == {} else {self.name: _written(said)}

    def stood(self, answer: Answer) -> str:
        """The same, of an answer that stood in its one box."""
        return _written(write_answer(answer))

    @property
    def saved_beside(self) -> tuple[str, ...]:
        """The answer that counts, in words, where something else stands in the field."""
        saved = self.object_data
        if saved is None or self.stands.get(self.name) == _written(write_answer(saved)):
            return ()
        return answer_in_words(self.question, saved, self.say)

    @property
    def saved_is_typed(self) -> bool:
        """Whether that is in the person's own words, and not in ours."""
        return is_typed(self.question, self.object_data)

    def take(self, other: "AnswerField", names: Collection[str]) -> None:
        """Show what stands in those boxes of the same field on another form."""
        if self.name in names:
            self.posted = other.posted

    def every_part(self) -> tuple[str, ...]:
        """What may follow the question's id in a posted name."""
        return self.parts

    def first(self, part: str = "") -> str:
        """The first value posted under a part, or an empty text."""
        return next(iter(self.posted.get(part, ())), "")

    def show(self, answer: Answer) -> dict[str, list[str]]:
        """The kept answer as it would be posted."""
        return {"": [str(answer)]}

    def show_withheld(self, answer: Withheld) -> dict[str, list[str]]:
        """A withheld answer as it would be posted."""
        return {".withheld": [answer.value]} if self.withheld_apart else {"": [f".{answer.value}"]}

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002  # WTForms passes it
        """Let the domain read what was posted into `data`, or say how to mend it."""
        try:
            self.data = self.read()
        except Slip as slip:
            raise StopValidation(slip.said(self.say)) from slip

    def given(self) -> Answer | None:
        """The answer that was posted, None when blank. Raises `Slip`."""
        return None

    def read(self) -> Answer | None:
        """The answer, or what the person chose not to settle here. Raises `Slip`."""
        withheld, given = self.withheld(), self.given()
        if withheld and given is not None:
            other = self.withheld_words(withheld)
            raise Slip("You also ticked “{other}”. Keep only one of them.", other=other)
        if withheld or given is not None:
            return withheld or given
        if not self.question.optional:
            raise Slip(self.blank)
        return None

    def withheld(self) -> Withheld | None:
        """Which way of not settling the question here was ticked, if any."""
        values = self.posted.get(".withheld", ())
        return next((way for way in reversed(self.ways_to_withhold()) if way in values), None)

    def ways_to_withhold(self) -> tuple[Withheld, ...]:
        """What is offered beside a proper answer: both on sensitive questions.

        A list that has the choice in its own words does not offer it twice.
        """
        if not self.question.sensitive:
            return ()
        own = {option.id for option in self.question.options}
        return tuple(way for way in Withheld if not own & OWN_WORDS[way])

    def withheld_words(self, way: Withheld) -> str:
        """What a way of not settling the question is called on the page."""
        return withheld_in_words(self.question, way, self.say)

    @property
    def withheld_choices(self) -> tuple[ChoiceShown, ...]:
        """Tiles shown under a field that has no tiles of its own."""
        values = self.posted.get(".withheld", ())
        return tuple(
            ChoiceShown(way.value, self.withheld_words(way), way.value in values)
            for way in self.ways_to_withhold()
        )

    @property
    def typed(self) -> str:
        """What stands in the field's one box."""
        return self.first()

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """For the error summary: id of the box to go to, and the sentence."""
        return tuple((self.id, str(error)) for error in self.errors)


def _written(said: object) -> str:
    return json.dumps(said, sort_keys=True)
