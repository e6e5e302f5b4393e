"""How long a record is kept: years after the last attendance, and longer for the young."""

from datetime import date

import pytest

from questionnaire.domain.retention import USUAL, Due, Retention, due

YEARS = "8 years after the last attendance"
BIRTHDAY = "26th birthday of somebody seen before 18"


@pytest.mark.guarantees("S43")
@pytest.mark.parametrize(
    ("born", "last", "expected"),
    [
        (date(1979, 3, 14), date(2031, 3, 4), Due(date(2039, 3, 4), YEARS)),
        (date(1979, 3, 14), date(2032, 2, 29), Due(date(2040, 2, 29), YEARS)),
        (date(1979, 3, 14), date(2028, 2, 29), Due(date(2036, 2, 29), YEARS)),
        (date(2013, 3, 4), date(2031, 3, 4), Due(date(2039, 3, 4), YEARS)),
        (date(2013, 3, 5), date(2031, 3, 4), Due(date(2039, 3, 5), BIRTHDAY)),
        (date(2020, 2, 29), date(2031, 3, 4), Due(date(2046, 3, 1), BIRTHDAY)),
    ],
    ids=["adult", "leap day", "leap to leap", "18 that day", "18 tomorrow", "child of a leap day"],
)
def test_a_record_may_go_after_its_years(born: date, last: date, expected: Due) -> None:
    assert due(USUAL, born, last) == expected


def test_the_later_of_both_rules_counts_and_a_clinic_sets_its_own() -> None:
    born, last = date(2014, 1, 1), date(2031, 6, 1)
    assert due(Retention(20, 26), born, last) == Due(
        date(2051, 6, 1), "20 years after the last attendance"
    )
    assert due(Retention(1, 30), born, last).on == date(2044, 1, 1)
