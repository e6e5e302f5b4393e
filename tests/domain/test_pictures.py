"""Risks as pictures of people, and their words."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.findings import Helped
from questionnaire.domain.picture_words import (
    ENGLISH,
    finding_words,
    group_words,
    risk_words,
)
from questionnaire.domain.pictures import (
    Group,
    RiskPicture,
    helped_groups,
    page_base,
    risk_picture,
)
from questionnaire.domain.treatment import Band, Frequency, Rate

PERCENT = st.fractions(min_value=0, max_value=100, max_denominator=10_000)


def counted(low: str, high: str = "", **rate: object) -> RiskPicture:
    known = Rate(Fraction(low), Fraction(high or low), **rate)  # type: ignore[arg-type]  # named
    picture = risk_picture(Frequency(Band.COMMON, counted=True, figure="", rate=known))
    assert picture is not None
    return picture


def drawn(group: Group) -> tuple[int, int, int]:
    return group.filled, group.perhaps, group.empty


@pytest.mark.parametrize("band", Band)
def test_what_nobody_counted_has_no_picture(band: Band) -> None:
    assert risk_picture(Frequency(band, counted=False, figure="often")) is None


def test_not_known_has_no_picture_even_with_a_rate_by_mistake() -> None:
    rate = Rate(Fraction(5), Fraction(5))
    assert risk_picture(Frequency(Band.NOT_KNOWN, counted=True, figure="", rate=rate)) is None
    assert risk_picture(Frequency(Band.COMMON, counted=False, figure="", rate=rate)) is None


def test_a_range_fills_the_least_and_lightly_fills_up_to_the_most() -> None:
    picture = counted("9", "23", people="blood donors")
    assert drawn(picture.group) == (9, 14, 77)
    assert risk_words(picture) == "9 to 23 out of 100 blood donors had this; 77 to 91 did not."


def test_a_dummy_treatment_stands_beside_it() -> None:
    picture = counted("87", out_of=513, comparison=Fraction(43), comparison_out_of=506)
    assert [drawn(each) for each in picture.groups] == [(87, 0, 13), (43, 0, 57)]
    assert risk_words(picture) == (
        "87 out of 100 people had this; 13 did not. "
        "With a dummy treatment: 43 out of 100 people had this; 57 did not."
    )


def test_under_a_figure_never_fills_that_figure() -> None:
    picture = counted("4", comparison=Fraction(1), comparison_under=True)
    beside, wider = picture.groups[1], picture.on(1000).groups[1]
    assert (drawn(beside), drawn(wider)) == ((0, 0, 100), (0, 9, 991))
    assert group_words(beside) == "Fewer than 1 out of 100 people had this; more than 99 did not."
    assert (
        group_words(wider) == "Fewer than 10 out of 1,000 people had this; more than 990 did not."
    )


def test_under_1_in_100_takes_1000_figures_for_the_whole_page() -> None:
    common, uncommon = counted("5"), counted("0.1", "0.4")
    assert (common.base, uncommon.base, page_base([common, uncommon])) == (100, 1000, 1000)
    assert drawn(common.on(1000).group) == (50, 0, 950)
    assert risk_words(uncommon) == "1 to 4 out of 1,000 people had this; 996 to 999 did not."
    assert page_base([]) == 100


def test_what_is_rarer_than_the_picture_can_show_fills_nobody_and_has_words_alone() -> None:
    picture = counted("0.0037", "0.032", people="blood donors")
    assert drawn(picture.group) == (0, 0, 1000)
    words = "About 4 to 32 out of 100,000 blood donors had this; about 99,968 to 99,996 did not."
    assert (picture.fills, risk_words(picture)) == (False, words)
    beside = replace(picture, comparison=counted("3").on(1000).group)
    assert beside.fills
    not_shown = "That is fewer than 1 in a picture of 1,000, so no figure is filled."
    assert risk_words(beside).startswith(f"{words} {not_shown}")


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (
            "0.014",
            "14 out of 100,000 people had this; 99,986 did not.",
        ),
        (
            "0.14",
            (
                "14 out of 10,000 people had this; 9,986 did not. "
                "In a picture of 1,000 that is about 1."
            ),
        ),
        (
            "1.4",
            "14 out of 1,000 people had this; 986 did not. In a picture of 100 that is about 1.",
        ),
    ],
)
def test_a_small_figure_is_not_rounded_down(percent: str, words: str) -> None:
    assert risk_words(counted(percent)) == words


def test_a_range_across_one_person_fills_lightly_only() -> None:
    picture = counted("0.05", "0.43")
    assert drawn(picture.group) == (0, 4, 996)
    assert risk_words(picture) == (
        "Fewer than 1 to about 4 out of 1,000 people had this; about 996 to more than 999 did not."
    )


def test_a_count_is_told_as_it_was_counted() -> None:
    picture = counted(f"{Fraction(200, 1616)}", count=2, out_of=1616)
    assert drawn(picture.group) == (1, 0, 999)
    assert risk_words(picture) == (
        "2 out of 1,616 people had this; 1,614 did not. In a picture of 1,000 that is about 1."
    )


def test_a_rounded_figure_says_about() -> None:
    assert risk_words(counted("18.6")) == ("About 19 out of 100 people had this; about 81 did not.")


def test_nearly_everybody_leaves_one_figure_empty() -> None:
    assert drawn(counted("99.9").group) == (99, 0, 1)
    assert risk_words(counted("99.9")) == (
        "More than 99 out of 100 people had this; fewer than 1 did not."
    )


@given(PERCENT, PERCENT, st.sampled_from([100, 1000]))
def test_every_figure_is_filled_light_or_empty(one: Fraction, two: Fraction, base: int) -> None:
    low, high = sorted((one, two))
    group = Group(100, low, high).on(base)
    assert group.filled + group.perhaps + group.empty == base
    assert min(drawn(group)) >= 0
    assert (group.filled == 0) == (group.low < 1)
    assert (group.empty == 0) == (group.high == base)


@given(PERCENT, PERCENT, st.sampled_from([100, 1000]))
def test_words_give_both_sides_and_never_one_in_so_many(
    one: Fraction, two: Fraction, base: int
) -> None:
    low, high = sorted((one, two))
    words = group_words(Group(100, low, high).on(base))
    assert "had this;" in words
    assert "did not." in words
    assert "1 in " not in words.replace("fewer than 1 in a picture", "")
    assert words[0].isdigit() or words.startswith(("About", "Fewer than", "More than"))


@given(PERCENT)
def test_more_of_it_never_fills_fewer_figures(percent: Fraction) -> None:
    more = min(percent + Fraction(1, 3), Fraction(100))
    assert Group(100, percent, percent).filled <= Group(100, more, more).filled


def test_people_who_got_better_are_drawn_out_of_100_beside_the_dummy() -> None:
    finding = Helped("US trial 1", Fraction(70), Fraction("18.6"))
    assert [each.filled for each in helped_groups(finding)] == [70, 19]
    assert finding_words(finding, "a dummy shot", ENGLISH) == (
        "70 out of 100 people got better. With a dummy shot: about 19 out of 100."
    )
