"""Measures as shown to people: one decimal at most."""

from fractions import Fraction

from questionnaire.domain.condition import Chosen
from questionnaire.domain.consent_parts import MeasureText
from questionnaire.domain.language import digits, in_english, to_say
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech

_VALUES = {"positive": to_say("positive"), "negative": to_say("negative")}
"""What screening questions come out as."""


def measures_in_words(situation: Situation, told: Speech | None = None) -> tuple[MeasureText, ...]:
    """Every measure that has a value now; body mass index to one decimal."""
    found: list[MeasureText] = []
    say = told.say if told else in_english
    questionnaire = told.library.questionnaire if told else situation.questionnaire
    for measure in questionnaire.measures.values():
        known = situation.facts[measure.id]
        if isinstance(known, Fraction):
            value = str(known) if known.denominator == 1 else f"{float(known):.1f}"
            value = digits(value, say)
            found.append(MeasureText(measure.title, value, measure.unit))
        elif isinstance(known, Chosen):
            value = ", ".join(say(_VALUES.get(it, it)) for it in sorted(known.picked))
            found.append(MeasureText(measure.title, value, ""))
    return tuple(found)
