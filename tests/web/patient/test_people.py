"""Pictures of people: every figure is drawn once, and the words say both sides."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.treatment import Band, Frequency, Rate, Risk
from questionnaire.web.patient.people import People, people_for


def risk(key: str, rate: Rate | None) -> Risk:
    return Risk(key, key, Frequency(Band.COMMON, rate is not None, "", rate), "", ())


def percent(low: str, high: str = "") -> Rate:
    return Rate(Fraction(low), Fraction(high or low))


def test_a_page_of_common_risks_shows_a_hundred_people() -> None:
    found = people_for([risk("bruise", percent("9", "23")), risk("other", None)])
    assert found == {"bruise": People(100, 10, 9, 14)}
    assert found["bruise"].words == (
        "It happened to 9 to 23 out of 100. It did not happen to 77 to 91 out of 100."
    )


def test_one_rare_risk_makes_every_picture_of_the_page_a_thousand() -> None:
    found = people_for([risk("bruise", percent("9")), risk("faint", percent("0.1", "0.4"))])
    assert found == {"bruise": People(1000, 40, 90, 0), "faint": People(1000, 40, 1, 3)}
    assert found["bruise"].words == (
        "It happened to 90 out of 1,000. It did not happen to 910 out of 1,000."
    )


def test_what_is_rarer_than_one_in_a_thousand_has_words_only() -> None:
    assert people_for([risk("nerve", percent("0.0037", "0.032"))]) == {}


@pytest.mark.parametrize("base", [(100, 10), (1000, 40)], ids=str)
@given(st.data())
def test_every_figure_is_drawn_exactly_once(base: tuple[int, int], data: st.DataObject) -> None:
    whole, across = base
    some = data.draw(st.integers(0, whole))
    people = People(whole, across, some, data.draw(st.integers(0, whole - some)))
    drawn = [
        (strip.x + right, strip.y + down)
        for strip in (*people.full, *people.half, *people.empty)
        for right in range(strip.width)
        for down in range(strip.height)
    ]
    assert sorted(drawn) == sorted((x, y) for x in range(across) for y in range(people.down))
