"""Birth dates one slip away from each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.birth_dates import slips_of

BORN = date(1979, 3, 4)


@pytest.mark.parametrize(
    "other",
    [date(1979, 4, 3), date(1979, 3, 5), date(1979, 3, 14), date(1978, 3, 4), date(1879, 3, 4)],
)
def test_a_swap_and_one_other_figure_are_a_slip(other: date) -> None:
    assert other in slips_of(BORN)


@pytest.mark.parametrize("other", [BORN, date(1979, 4, 5), date(1988, 3, 4), date(1979, 3, 15)])
def test_the_same_day_and_two_figures_are_none(other: date) -> None:
    assert other not in slips_of(BORN)


@given(st.dates())
def test_who_is_a_slip_away_is_so_both_ways(born: date) -> None:
    assert all(born in slips_of(other) for other in slips_of(born))
    assert len(slips_of(born)) <= 73
