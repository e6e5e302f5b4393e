"""Arrays of people: the dashes drawn are exactly the people counted."""

import re
from fractions import Fraction
from itertools import cycle

import pytest

from questionnaire.documents.pictures import pen
from questionnaire.documents.pictures.people import HARM, icon_array
from questionnaire.domain.pictures import Group


@pytest.mark.parametrize(
    ("base", "low", "high"),
    [
        (100, 0, 0), (100, 1, 1), (100, 9, 23), (100, 40, 40), (100, 97, 100), (100, 100, 100),
        (1000, 0, 1), (1000, 1, 4), (1000, 35, 35), (1000, 237, 512), (1000, 999, 999),
    ],
)  # fmt: skip
def test_an_array_has_as_many_figures_of_each_look_as_were_counted(
    base: int, low: int, high: int
) -> None:
    picture = icon_array(Group(base, Fraction(low), Fraction(high)), "")
    drawn = {colour: _heads(picture, colour) for colour in (*HARM, pen.NOBODY)}
    assert drawn == {
        pen.RISK: high,
        pen.RISK_PERHAPS: high - low,
        pen.NOBODY: base - high,
    }


def test_a_thousand_people_weigh_no_more_than_a_short_page() -> None:
    picture = icon_array(Group(1000, Fraction(237), Fraction(512)), "")
    assert len(picture) < 9_000


def _heads(picture: str, colour: str) -> int:
    """How many figures have a head of that colour: heads are dashes of no length but round ends."""
    lines = re.findall(
        rf'd="([^"]*)" fill="none" stroke="{colour}" stroke-width="[\d.]+"'
        r' stroke-dasharray="(0\.1 [^"]*)"',
        picture,
    )
    return sum(
        _marks(float(length), [float(each) for each in dashes.split()])
        for d, dashes in lines
        for length in re.findall(r"h([\d.]+)", d)
    )


def _marks(length: float, pattern: list[float]) -> int:
    """Dashes that begin on a line of that length."""
    at, marks = 0.0, 0
    for order, part in enumerate(cycle(pattern)):
        if at >= length:
            return marks
        marks += order % 2 == 0
        at += part
    raise AssertionError
