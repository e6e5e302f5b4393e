"""Measures as shown to people: one decimal at most."""

from fractions import Fraction

from questionnaire.domain.condition import Chosen
from questionnaire.domain.consent_parts import MeasureText
from questionnaire.domain.situation import Situation


def measures_in_words(situation: Situation) -> tuple[MeasureText, ...]:
    """Every measure that has a value now; body mass index to one decimal."""
    found: list[MeasureText] = []
    for measure in situation.questionnaire.measures.values():
        known = situation.facts[measure.id]
        if isinstance(known, Fraction):
            value = str(known) if known.denominator == 1 else f"{float(known):.1f}"
            found.append(MeasureText(measure.title, value, measure.unit))
        elif isinstance(known, Chosen):
            found.append(MeasureText(measure.title, ", ".join(sorted(known.picked)), measure.unit))
    return tuple(found)
