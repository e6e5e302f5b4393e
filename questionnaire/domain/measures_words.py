"""Measures as shown to people: one decimal at most."""

from fractions import Fraction

from questionnaire.domain.condition import Chosen
from questionnaire.domain.consent_parts import MeasureText
from questionnaire.domain.language import digits, in_english
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech


def measures_in_words(situation: Situation, told: Speech | None = None) -> tuple[MeasureText, ...]:
    """Every measure that has a value now; body mass index to one decimal."""
    found: list[MeasureText] = []
    questionnaire = told.library.questionnaire if told else situation.questionnaire
    for measure in questionnaire.measures.values():
        known = situation.facts[measure.id]
        if isinstance(known, Fraction):
            value = str(known) if known.denominator == 1 else f"{float(known):.1f}"
            value = digits(value, told.say if told else in_english)
            found.append(MeasureText(measure.title, value, measure.unit))
        elif isinstance(known, Chosen):
            found.append(MeasureText(measure.title, ", ".join(sorted(known.picked)), ""))
    return tuple(found)
