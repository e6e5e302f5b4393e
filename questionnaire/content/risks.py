"""Reads risks, wherever they stand: how often in words, and in numbers only where counted."""

import re
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from questionnaire.content.fields import TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.reading import Reading
from questionnaire.domain.library import Library
from questionnaire.domain.treatment import Band, Frequency, Rate, Risk

_HUNDRED = 100


def check_doubled(reading: Reading, library: Library) -> None:
    """Report risks that one treatment tells twice, where nobody counted either of them.

    A risk says nothing new whose title is all among the words of another's, equally frequent.
    """
    for key in library.treatments:
        found = [it for it in library.risks_of(key) if not it.frequency.counted]
        words = {it.id: set(re.findall(r"\w+", it.title.casefold())) for it in found}
        for one, other in permutations(found, 2):
            same = one.frequency.band is other.frequency.band
            if same and words[one.id] <= words[other.id]:
                sentence = f"{key} tells {other.id} already, “{other.title}”."
                reading.problem(reading.place_of("risk", one.id), sentence)


def read_risk(reading: Reading, node: Node) -> Risk:
    """One risk."""
    fields = Fields(reading, node, "risk")
    frequency = fields.needed("frequency")
    risk = Risk(
        id=fields.id("risk"),
        title=fields.text("title", TITLE),
        frequency=_frequency(reading, frequency)
        if frequency
        else Frequency(Band.NOT_KNOWN, counted=False, figure=""),
        patient_text=fields.text("patient_text"),
        sources=fields.names("sources", "source", needed=False),
        treatments=fields.treatments(needed=False),
    )
    fields.close()
    return risk


def _frequency(reading: Reading, node: Node) -> Frequency:
    fields = Fields(reading, node, "frequency")
    rate = fields.node("rate")
    frequency = Frequency(
        band=fields.word("band", Band),
        counted=fields.switch("counted", needed=True),
        figure=fields.text("figure"),
        rate=_rate(reading, rate) if rate else None,
    )
    fields.close()
    if frequency.counted != (frequency.rate is not None):
        place = fields.place_of("counted")
        reading.problem(place, "A risk has a rate exactly when somebody counted it.")
    if frequency.counted and frequency.band is Band.NOT_KNOWN:
        reading.problem(fields.place_of("band"), "“not_known” can never have been counted.")
    return frequency


def _rate(reading: Reading, node: Node) -> Rate:
    fields = Fields(reading, node, "rate")
    percent, count = fields.number("percent"), _people(fields, "count")
    low, high = fields.number("percent_low"), fields.number("percent_high")
    dummy, under = fields.number("dummy_percent"), fields.number("dummy_percent_under")
    rate = Rate(
        low=Fraction(0),
        high=Fraction(0),
        count=count,
        out_of=_people(fields, "out_of"),
        people=fields.optional_text("people", TITLE),
        comparison=under if dummy is None else dummy,
        comparison_under=under is not None,
        comparison_out_of=_people(fields, "dummy_out_of"),
    )
    fields.close()
    if count is not None and rate.out_of:
        percent = Fraction(count, rate.out_of) * _HUNDRED
    low, high = (low, high) if percent is None else (percent, percent)
    if low is None or high is None or not 0 <= low <= high <= _HUNDRED:
        sentence = "A rate is percent, or percent_low and percent_high, or count and out_of."
        reading.problem(node.place, sentence)
        return rate
    return replace(rate, low=low, high=high)


def _people(fields: Fields, key: str) -> int | None:
    return fields.whole(key, least=1) if fields.node(key) else None
