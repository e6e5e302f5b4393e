"""Reads `measures.yaml`: the values worked out from answers."""

from collections.abc import Mapping
from fractions import Fraction

from questionnaire.content.fields import LONGEST_ID, TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.questions import Asked
from questionnaire.content.reading import Reading
from questionnaire.domain.definition import Formula, Kind, Measure, Question


def read_measures(reading: Reading, root: Node, asked: Asked) -> None:
    """Add the measures of `measures.yaml` to `asked`; the questions must be there already."""
    fields = Fields(reading, root, "measures file")
    fields.children("measures", lambda node: _measure(reading, node, asked))
    fields.close()


def _measure(reading: Reading, node: Node, asked: Asked) -> None:
    fields = Fields(reading, node, "measure")
    measure = Measure(
        id=fields.id("measure"),
        title=fields.own_words("title"),
        unit=fields.text("unit", TITLE),
        kind=fields.word("kind", Kind),
        inputs=fields.names("inputs", "question"),
        formula=fields.word("formula", Formula),
        words=fields.text("words"),
        values=fields.texts("values", LONGEST_ID, needed=False),
    )
    condition = fields.node("positive_when")
    if condition:
        asked.positive_when[measure.id] = condition
    fields.close()
    if measure.id in asked.questions:
        reading.problem(fields.place, f"{measure.id} is a question already.")
    if (reason := _unfit(measure, asked.questions)) or (
        reason := _unfit_screen(measure, has_condition=condition is not None)
    ):
        reading.problem(fields.place_of("formula"), reason)
    asked.measures.append(measure)


def _unfit(measure: Measure, questions: Mapping[str, Question]) -> str:
    inputs = [questions[key] for key in measure.inputs if key in questions]
    kinds = {question.kind for question in inputs}
    if len(inputs) != len(measure.inputs):
        return ""
    needs: dict[Formula, tuple[bool, str]] = {
        Formula.FULL_YEARS: (
            len(inputs) == 1 and kinds == {Kind.DATE},
            "Full years are worked out from one date.",
        ),
        Formula.BODY_MASS_INDEX: (
            len(inputs) == 2  # noqa: PLR2004  # height and weight
            and kinds == {Kind.DECIMAL}
            and all(question.minimum for question in inputs),
            "The body mass index is worked out from height and weight, each with a min above 0.",
        ),
        Formula.SUM_OF_SCORES: (
            kinds == {Kind.SINGLE}
            and all(option.score is not None for it in inputs for option in it.options),
            "Scores are added up from single choices whose options all have a score.",
        ),
        Formula.COUNT_OF_CHOICES: (
            kinds == {Kind.MULTIPLE},
            "Choices are counted in questions of kind multiple.",
        ),
        Formula.SCREEN: (True, ""),
    }
    fits, sentence = needs[measure.formula]
    if not fits:
        return sentence
    expected = {Formula.BODY_MASS_INDEX: Kind.DECIMAL, Formula.SCREEN: Kind.SINGLE}
    kind = expected.get(measure.formula, Kind.WHOLE_NUMBER)
    return "" if measure.kind is kind else f"A measure worked out so is of kind {kind}."


def _unfit_screen(measure: Measure, *, has_condition: bool) -> str:
    if measure.formula is Formula.SCREEN:
        two = len(measure.values) == 2  # noqa: PLR2004  # positive and negative
        return "" if two and has_condition else "A screen needs two values and positive_when."
    return "Only a screen has values and positive_when." if measure.values or has_condition else ""


def reach(
    measure: Measure, questions: Mapping[str, Question]
) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most a measure can come to."""
    inputs = [questions[key] for key in measure.inputs if key in questions]
    options = [[option for option in it.options if not option.exclusive] for it in inputs]
    if measure.formula is Formula.SUM_OF_SCORES:
        scores = [[option.score or 0 for option in listed] or [0] for listed in options]
        return Fraction(sum(map(min, scores))), Fraction(sum(map(max, scores)))
    if measure.formula is Formula.COUNT_OF_CHOICES:
        return Fraction(0), Fraction(sum(map(len, options)))
    return (None, None) if measure.formula is Formula.SCREEN else (Fraction(0), None)
