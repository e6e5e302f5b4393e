"""Reads `questions.yaml`: what is asked, in the order it is asked."""

from dataclasses import dataclass, replace

from questionnaire.content.fields import ID, LONGEST_ID, TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading
from questionnaire.domain.definition import (
    AnsweredBy,
    Kind,
    Measure,
    Option,
    Question,
    Section,
)
from questionnaire.domain.figures import unit_folded

CONTROLS = frozenset(
    {
        *("csrf_token", "key", "made_at", "made_from", "seen"),
        *("page_language", "go", "back", "later", "left_alone", "typed", "sure", "change"),
        *("show_language", "show_text", "show_screen"),
        *("draft_page", "other_boxes", "known_boxes"),
    }
)
"""Names of buttons and hidden boxes in forms that hold questions: a question posts under its id."""
QUESTION_TEXT = 160
OPTION_TEXT = 90
_LISTS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.PICTURE})
_AMOUNTS = frozenset({Kind.WHOLE_NUMBER, Kind.DECIMAL})

Waiting = dict[str, Node]
"""Question or measure id → the condition to read once everything it may look at is known."""


@dataclass(slots=True)
class Asked:
    """Sections and measures as read so far, and the conditions still to be read."""

    sections: list[Section]
    measures: list[Measure]
    ask_when: Waiting
    positive_when: Waiting

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in order."""
        return {question.id: question for part in self.sections for question in part.questions}


def read_questions(reading: Reading, root: Node, asked: Asked) -> None:
    """Add the sections of `questions.yaml` to `asked`."""
    fields = Fields(reading, root, "questions file")
    fields.children("sections", lambda node: _section(reading, node, asked))
    fields.close()
    asked.sections = _units_told_apart(asked)


def _units_told_apart(asked: Asked) -> list[Section]:
    """The sections; a spelling of another question's unit is not taken for a question's own."""
    spelt = dict.fromkeys(unit for it in asked.questions.values() for unit in it.units)

    def told(question: Question) -> Question:
        own = set(map(unit_folded, question.units))
        others = (unit for unit in spelt if unit_folded(unit) in own - {""})
        theirs = dict.fromkeys((*question.other_units, *others))
        return replace(question, other_units=tuple(it for it in theirs if it not in question.units))

    return [replace(it, questions=tuple(map(told, it.questions))) for it in asked.sections]


def _section(reading: Reading, node: Node, asked: Asked) -> None:
    fields = Fields(reading, node, "section")
    name, title = fields.id("section"), fields.own_words("title")
    questions = fields.children("questions", lambda part: _question(reading, part, asked))
    fields.close()
    asked.sections.append(Section(name, title, questions))


def _question(reading: Reading, node: Node, asked: Asked) -> Question:
    fields = Fields(reading, node, "question")
    question = Question(
        id=fields.id("question"),
        text=fields.own_words("text", QUESTION_TEXT),
        kind=fields.word("kind", Kind),
        options=_options(reading, fields),
        help=fields.optional_text("help"),
        why_we_ask=fields.optional_text("why_we_ask"),
        treatments=fields.treatments(),
        optional=fields.switch("optional"),
        sensitive=fields.switch("sensitive"),
        answered_by=fields.word("answered_by", AnsweredBy, AnsweredBy.PATIENT),
        clinician_may_fill_in=fields.switch("clinician_may_fill_in"),
        row_by_row=fields.switch("row_by_row"),
        ask_anew=fields.switch("ask_anew"),
        contact=fields.switch("contact"),
        unit=fields.optional_text("unit", TITLE),
        unit_words=fields.texts("unit_words", TITLE, needed=False),
        other_units=fields.texts("other_units", TITLE, needed=False),
        minimum=fields.number("min"),
        maximum=fields.number("max"),
        out_of_range_hint=fields.optional_text("out_of_range_hint"),
    )
    if condition := fields.node("ask_when"):
        asked.ask_when[question.id] = condition
    fields.close()
    if question.id in CONTROLS:
        sentence = f"{question.id} is the name of a button or hidden box; give another id."
        reading.problem(fields.place_of("id"), sentence)
    for unit in question.other_units:
        if unit in question.units or unit_folded(unit) not in map(unit_folded, question.units):
            sentence = f"“{unit}” does not differ from a unit of this question only in capitals."
            reading.problem(fields.place_of("other_units"), sentence)
    _check_kind(reading, fields, question)
    return question


def _options(reading: Reading, fields: Fields) -> tuple[Option, ...]:
    seen: set[str] = set()
    worded: dict[str, Place] = {}

    def read(node: Node) -> Option:
        one = Fields(reading, node, "option")
        name = one.text("id", LONGEST_ID)
        if name and not ID.fullmatch(name):
            reading.problem(one.place_of("id"), f"{name} is not an option id.")
        if name in seen:
            reading.problem(one.place_of("id"), f"The option {name} is here twice.")
        seen.add(name)
        score = one.number("score")
        if score is not None and score.denominator != 1:
            reading.problem(one.place_of("score"), "A score is a whole number.")
        option = Option(
            id=name,
            text=one.own_words("text", OPTION_TEXT, worded),
            exclusive=one.switch("exclusive"),
            score=None if score is None else int(score),
            treatments=one.treatments(needed=False),
        )
        one.close()
        return option

    return fields.children("options", read, needed=False)


def _check_kind(reading: Reading, fields: Fields, question: Question) -> None:
    kind, place = question.kind, fields.place_of("kind")
    if kind in _LISTS and len(question.options) <= 1:
        reading.problem(place, f"A question of kind {kind} needs two options or more.")
    if kind not in _LISTS and question.options:
        reading.problem(fields.place_of("options"), f"A question of kind {kind} has no options.")
    if kind is Kind.PICTURE and not all(option.id.isdecimal() for option in question.options):
        reading.problem(fields.place_of("options"), "The options of a picture are numbers.")
    exclusive = [option for option in question.options if option.exclusive]
    if exclusive and (kind is not Kind.MULTIPLE or len(exclusive) > 1):
        sentence = "Only one option of a question of kind multiple can be exclusive."
        reading.problem(fields.place_of("options"), sentence)
    if question.row_by_row and not exclusive:
        sentence = "A list answered row by row is of kind multiple and has an exclusive option."
        reading.problem(fields.place_of("row_by_row"), sentence)
    if question.contact and kind is not Kind.TEXT:
        reading.problem(fields.place_of("contact"), "A contact is a question of kind text.")
    low, high = question.minimum, question.maximum
    has_unit = bool(question.units)
    if kind not in _AMOUNTS and (low is not None or high is not None or has_unit):
        reading.problem(place, f"A question of kind {kind} has no unit, min or max.")
    if low is not None and high is not None and low >= high:
        reading.problem(fields.place_of("min"), "The least number (min) is not below the max.")
    if question.answered_by is AnsweredBy.CLINICIAN and question.clinician_may_fill_in:
        sentence = "The clinician's own question need not say clinician_may_fill_in."
        reading.problem(fields.place_of("clinician_may_fill_in"), sentence)
