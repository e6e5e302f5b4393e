"""Age, body mass index and the short scores: values worked out from answers.

A measure is unknown while an input that was asked has no answer, and does not apply when an
input was not asked. A screen is the one exception: it follows its own condition.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from questionnaire.domain.answers import Answers, Choices
from questionnaire.domain.condition import Chosen, Facts, Known, State, Truth, evaluate
from questionnaire.domain.definition import Formula, Measure, Questionnaire


def full_years(born: date, on: date) -> int:
    """Full years from birth to `on`; a birthday counts from the day itself.

    Someone born on 29 February has a birthday on 1 March in other years.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def body_mass_index(height_cm: Fraction, weight_kg: Fraction) -> Fraction:
    """Kilograms divided by metres squared, exact; round only for display."""
    metres = height_cm / 100
    return weight_kg / metres / metres


def work_out(
    questionnaire: Questionnaire, measure: Measure, answers: Answers, facts: Facts, on: date
) -> Known | State:
    """The value of `measure`, or why it has none. `facts` already knows its inputs."""
    if measure.formula is Formula.SCREEN:
        return _screen(measure, facts)
    inputs = [facts[key] for key in measure.inputs]
    if State.NOT_ASKED in inputs:
        return State.NOT_ASKED
    unsettled = any(isinstance(known, Chosen) and known.not_sure for known in inputs)
    if State.BLANK in inputs or unsettled:
        return State.BLANK
    return Fraction(_FORMULAS[measure.formula](questionnaire, measure, answers, on))


def _screen(measure: Measure, facts: Facts) -> Known | State:
    if measure.positive_when is None:
        raise TypeError(f"{measure.id} is a screen without positive_when")
    truth = evaluate(measure.positive_when, facts)
    if truth is Truth.UNKNOWN:
        return State.BLANK
    positive, negative = measure.values
    return Chosen(frozenset({positive if truth is Truth.TRUE else negative}))


def _age(_: Questionnaire, measure: Measure, answers: Answers, on: date) -> int:
    born = answers[measure.inputs[0]]
    if not isinstance(born, date):
        raise TypeError(f"{measure.inputs[0]} is not a date")
    return full_years(born, on)


def _bmi(_: Questionnaire, measure: Measure, answers: Answers, __: date) -> Fraction:
    height, weight = (Fraction(str(answers[key])) for key in measure.inputs)
    return body_mass_index(height, weight)


def _scores(questionnaire: Questionnaire, measure: Measure, answers: Answers, _: date) -> int:
    picked = (questionnaire.questions[key].option(str(answers[key])) for key in measure.inputs)
    return sum(option.score or 0 for option in picked)


def _count(questionnaire: Questionnaire, measure: Measure, answers: Answers, _: date) -> int:
    total = 0
    for key in measure.inputs:
        answer, none = answers[key], questionnaire.questions[key].none_option
        if not isinstance(answer, Choices):
            raise TypeError(f"{key} is not a list of choices")
        total += len(answer.yes - {none.id if none else ""})
    return total


_FORMULAS: dict[Formula, Callable[[Questionnaire, Measure, Answers, date], int | Fraction]] = {
    Formula.FULL_YEARS: _age,
    Formula.BODY_MASS_INDEX: _bmi,
    Formula.SUM_OF_SCORES: _scores,
    Formula.COUNT_OF_CHOICES: _count,
}
