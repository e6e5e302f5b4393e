"""What conditions may look at, and the questions and measures once their conditions are read."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from questionnaire.content.conditions import ConditionReader, Subject
from questionnaire.content.measures import reach
from questionnaire.content.questions import Asked
from questionnaire.domain.definition import Kind, Question


def subjects(asked: Asked) -> dict[str, Subject]:
    """Everything a condition may look at, by id."""
    questions = asked.questions
    found = {
        key: Subject(key, it.kind, tuple(option.id for option in it.options), *_ends(it))
        for key, it in questions.items()
    }
    for measure in asked.measures:
        least, most = reach(measure, questions)
        found[measure.id] = Subject(measure.id, measure.kind, measure.values, least, most)
    return found


def _ends(question: Question) -> tuple[Fraction | None, Fraction | None]:
    if question.kind is Kind.PICTURE and question.options:
        numbers = [int(option.id) for option in question.options if option.id.isdecimal()]
        return Fraction(min(numbers, default=0)), Fraction(max(numbers, default=0))
    return question.minimum, question.maximum


def with_conditions(reader: ConditionReader, asked: Asked) -> Asked:
    """The same, with every `ask_when` and `positive_when` read."""
    ask_when = {key: reader.read(node) for key, node in asked.ask_when.items()}
    positive = {key: reader.read(node) for key, node in asked.positive_when.items()}

    def complete(questions: Iterable[Question]) -> tuple[Question, ...]:
        return tuple(replace(it, ask_when=ask_when.get(it.id)) for it in questions)

    return Asked(
        [replace(part, questions=complete(part.questions)) for part in asked.sections],
        [replace(it, positive_when=positive.get(it.id)) for it in asked.measures],
        asked.ask_when,
        asked.positive_when,
    )
