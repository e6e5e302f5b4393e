"""Measures as shown to people: one decimal at most."""

from fractions import Fraction

from questionnaire.domain.condition import Chosen, Known, State
from questionnaire.domain.consent_parts import MeasureText
from questionnaire.domain.definition import Measure
from questionnaire.domain.language import Say, digits, in_english, to_say
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech

_VALUES = {"positive": to_say("positive"), "negative": to_say("negative")}
"""What screening questions come out as."""


def measures_in_words(situation: Situation, told: Speech | None = None) -> tuple[MeasureText, ...]:
    """Every measure that has a value now; body mass index to one decimal."""
    say = told.say if told else in_english
    questionnaire = told.library.questionnaire if told else situation.questionnaire
    worked_out = (
        measure_in_words(measure, situation.facts[measure.id], say)
        for measure in questionnaire.measures.values()
    )
    return tuple(one for one in worked_out if one)


def measure_in_words(measure: Measure, known: Known | State, say: Say) -> MeasureText | None:
    """One measure in the reader's words, None while it has no value."""
    if isinstance(known, Fraction):
        value = str(known) if known.denominator == 1 else f"{float(known):.1f}"
        return MeasureText(measure.title, digits(value, say), measure.unit)
    if isinstance(known, Chosen):
        value = ", ".join(say(_VALUES.get(it, it)) for it in sorted(known.picked))
        return MeasureText(measure.title, value, "")
    return None
