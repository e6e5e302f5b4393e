# ruff: noqa: RUF001  # signs that look alike are what is tried here
"""What is read from the left keeps its order between words from the right; nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.reading_order import direction, in_order

KEPT = (
    "+49 171 2345678", "0171-2345678", "(030) 12345", "+44 (0)20 7946 0958", "0171/23 45 67",
    "030.12.345", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "5 mg", "75mg", "2.5 µg/ml", "-3", "30 °C",
    "amina.testwell@example.org", "12a@example.org", "https://example.org/a-1?x=2", "2026-11-30",
    "08:26:42", "2026-11-30 07:26",
)  # fmt: skip
AROUND = ("هاتفي {} الآن", "{} أو هاتفي", "هاتفي {}", "(هاتفي {})", "({} הטלפון)", "Tel {} أحمد")


@pytest.mark.parametrize("run", KEPT)
@pytest.mark.parametrize("around", AROUND)
def test_a_number_or_address_stands_between_marks(run: str, around: str) -> None:
    shown = in_order(around.format(run))
    assert f"\u200e{run}\u200e" in shown
    assert direction(shown) == direction(around.format(run))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("رقمي ٠٣٠-١٢٣", "رقمي \u200e٠٣٠\u200e-\u200e١٢٣\u200e"),
        ("٠٣٠ ١٢٣", "\u200e٠٣٠\u200e \u200e١٢٣\u200e"),
        ("رقمي ٠٣٠ ١٢٣", "رقمي \u200e٠٣٠\u200e \u200e١٢٣\u200e"),
        ("عند ٠٨:٢٦", "عند \u200e٠٨\u200e:\u200e٢٦\u200e"),
        ("(٠٣٠) ١٢٣ لي", "\u200f\u2066\u200e(\u200e٠٣٠\u200e) \u200e١٢٣\u200e\u2069 لي"),
    ],
)
def test_arabic_figures_are_parted_by_marks_at_each_sign(typed: str, shown: str) -> None:
    assert in_order(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "غرفة 12",
        "رقم 5: 6",
        "في ٣ و ٤",
        "12345",
        "+49 171 2345678",
        "[5 mg]",
        "Tel 0171-23",
        "في \u200e09:00 GMT\u200e",
        "أ (ب) - ج",
        "",
    ],
)
def test_words_without_such_a_run_and_lines_from_the_left_stay_as_they_are(text: str) -> None:
    assert in_order(text) == text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("أبש1٢+-() \n@.m"))))
def test_nothing_but_marks_is_ever_added(text: str) -> None:
    shown, marks = in_order(text), re.compile("[\u200e\u200f\u2066\u2069]")
    assert marks.sub("", shown) == marks.sub("", text)
    assert [*map(direction, shown.splitlines())] == [*map(direction, text.splitlines())]
