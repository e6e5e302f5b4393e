"""What was posted becomes a typed answer, or a sentence that says how to mend it."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.answers import (
    LONGEST_TEXT,
    Choices,
    Slip,
    changed,
    choices,
    clean_text,
    day,
    number,
    picture,
    single,
)
from tests.domain.small import (
    HEIGHT,
    MEDICINES,
    ON,
    PLATELETS,
    SKIN,
    THINNER,
    VISITS,
    WANTED,
)

TOO_LONG_AGO = "This date is too long ago. Write the year with four numbers, like 1985."
OTHER_CALENDAR = "This year looks like one of another calendar. Write the year like 1985."
NONE_AND_MORE = "You picked “None of these” and something else. Pick one or the other."


def slip(read: Callable[[], object]) -> str:
    """The sentence the person gets."""
    with pytest.raises(Slip) as refused:
        read()
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Ada \r\n Example\r", "Ada \n Example"),
        ("e\u0301", "\u00e9"),
        ("😀 \u200d ok", "😀 \u200d ok"),
        ("<script>", "<script>"),
        ("a\tb", "a\tb"),
        ("", ""),
        ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        (" \u2800\u0301\n", ""),
    ],
)
def test_text_is_kept_as_typed_but_tidy(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ue000", "\ud800"])
def test_signs_that_no_keyboard_types_are_refused(sign: str) -> None:
    sentence = slip(lambda: clean_text(f"a{sign}b"))
    assert sentence == "This has hidden signs we cannot keep. Please type it again."


def test_text_that_is_too_long_is_refused() -> None:
    sentence = slip(lambda: clean_text("x" * (LONGEST_TEXT + 1)))
    assert sentence == "This is too long. Use 4,000 letters or fewer."


@given(some.text(max_size=200))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except Slip:
        return
    assert clean_text(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)


@pytest.mark.parametrize(
    ("yes", "not_sure", "found"),
    [
        (["thinner"], [], Choices(frozenset({"thinner"}))),
        (["thinner"], ["steroid"], Choices(frozenset({"thinner"}), frozenset({"steroid"}))),
        ([], [], Choices(frozenset({"none"}))),
        (["none"], [], Choices(frozenset({"none"}))),
        ([], ["thinner"], Choices(frozenset(), frozenset({"thinner"}))),
    ],
)
def test_rows_become_choices(yes: list[str], not_sure: list[str], found: Choices) -> None:
    assert choices(MEDICINES, yes, not_sure) == found


@pytest.mark.parametrize(
    ("yes", "not_sure", "sentence"),
    [
        (["tea"], [], "Pick from the list."),
        ([], ["tea"], "Pick from the list."),
        (["thinner"], ["thinner"], "Pick one answer in each row."),
        (["none"], ["thinner"], NONE_AND_MORE),
        (["none", "steroid"], [], NONE_AND_MORE),
        ([], ["none"], "Pick one answer in each row."),
    ],
)
def test_choices_that_contradict_are_refused(
    yes: list[str], not_sure: list[str], sentence: str
) -> None:
    assert slip(lambda: choices(MEDICINES, yes, not_sure)) == sentence


def test_a_list_without_a_none_may_be_left_empty() -> None:
    assert choices(WANTED, [], []) == Choices(frozenset())


def test_one_option_or_picture_is_picked_from_those_there_are() -> None:
    assert single(THINNER, "aspirin") == "aspirin"
    assert picture(SKIN, "2") == 2
    assert slip(lambda: single(THINNER, "tea")) == "Pick one of the answers."
    assert slip(lambda: picture(SKIN, "3")) == "Pick one of the answers."


@pytest.mark.parametrize(
    ("text", "amount"),
    [(" 120 ", 120), ("66.50", "66.5"), ("66,5", "66.5"), ("1", 1), ("2000", 2000), ("١٢", 12)],
)
def test_a_number_is_kept_exactly(text: str, amount: str | int) -> None:
    assert number(PLATELETS, text) == Decimal(amount)


ONLY_PLATELETS = (
    "Write only a number, from 1 to 2000 x10^9 per litre (a count). "
    "If the result says 150,000, write 150."
)


@pytest.mark.parametrize(
    "text",
    ["", "a lot", "12 kg", "nan", "sNaN", "Infinity", "-inf", "1e3", "6_6", "1." + "1" * 40],
)
def test_what_is_no_number_is_refused_with_limits_unit_and_hint(text: str) -> None:
    assert slip(lambda: number(PLATELETS, text)) == ONLY_PLATELETS
    assert slip(lambda: number(VISITS, text)) == "Write only a number, from 1 to 60."
    assert slip(lambda: number(HEIGHT, text)) == "Write only a number, in figures."


def test_a_number_that_reads_in_two_ways_is_asked_again() -> None:
    sentence = "We cannot tell if you mean 150 or 150000. Please write it another way. "
    for text in ("150,000", "150.000", "١٥٠،٠٠٠"):
        found = slip(lambda text=text: number(PLATELETS, text))
        assert found == sentence + PLATELETS.out_of_range_hint


def test_a_refusal_is_said_in_the_readers_language_with_its_decimal_sign() -> None:
    ratio = replace(PLATELETS, unit="", minimum=Fraction(1, 2))
    words = {"Write only a number, from {least} to {most}.": "De {least} a {most}.", "1.5": "1,5"}
    with pytest.raises(Slip) as refused:
        number(ratio, "much")
    found = refused.value.said(lambda sentence: words[sentence])
    assert found == f"De 0,5 a 2000. {PLATELETS.out_of_range_hint}"


def test_a_number_out_of_range_gets_the_questions_own_hint() -> None:
    far = "This number looks out of range. If the result says 150,000, write 150."
    for text in ("0.9", "2000.1", "-5", "−5", "150000", "9" * 40):
        assert slip(lambda text=text: number(PLATELETS, text)) == far
    sentence = "This number looks out of range. Please check it."
    assert slip(lambda: number(VISITS, "0")) == sentence
    assert slip(lambda: number(VISITS, "61")) == sentence


def test_whole_numbers_have_no_point() -> None:
    assert number(VISITS, "3.0") == 3
    assert isinstance(number(VISITS, "3.0"), int)
    assert slip(lambda: number(VISITS, "2.5")) == "Write a whole number, without a point."


def test_without_limits_any_number_will_do() -> None:
    assert number(HEIGHT, "-3") == Decimal(-3)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("1985", "2", "30"), "This is not a real date. Write it like 27 3 1985."),
        (("", "", ""), "This is not a real date. Write it like 27 3 1985."),
        (("1985", "March", "27"), "This is not a real date. Write it like 27 3 1985."),
        (("1_985", "3", "27"), "This is not a real date. Write it like 27 3 1985."),
        (("+1985", "3", "27"), "This is not a real date. Write it like 27 3 1985."),
        (("9" * 5000, "3", "27"), "This is not a real date. Write it like 27 3 1985."),
        (
            ("1899", "3", "27"),
            "This date is too long ago. Write the year with four numbers, like 1985.",
        ),
        (("2528", "3", "27"), OTHER_CALENDAR),
        (("٢٥٢٨", "3", "27"), OTHER_CALENDAR),
        (("5745", "3", "27"), OTHER_CALENDAR),
        (("1405", "3", "27"), OTHER_CALENDAR),
        (("1364", "3", "31"), OTHER_CALENDAR),
        (("1701", "3", "27"), OTHER_CALENDAR),
        (("2025", "6", "3"), "This date is in the future. Please check it."),
        (("85", "3", "27"), TOO_LONG_AGO),
    ],
)
def test_a_day_is_real_and_within_a_lifetime(parts: tuple[str, str, str], sentence: str) -> None:
    assert slip(lambda: day(*parts, latest=ON)) == sentence


def test_a_date_is_read_in_the_figures_of_any_script() -> None:
    assert day("١٩٨٥", "\u200e३", "２７\u200b", latest=ON) == date(1985, 3, 27)


@given(some.dates(date(1900, 1, 1), ON))
def test_every_day_of_a_lifetime_can_be_given(born: date) -> None:
    assert day(str(born.year), f"{born.month:02}", f" {born.day} ", latest=ON) == born


def test_what_changed_is_told_in_the_order_of_the_questions() -> None:
    before = {"a": "x", "b": "y", "c": "z"}
    after = {"c": "z", "b": "changed", "d": "new"}
    assert changed(("d", "c", "b", "a"), before, after) == ("d", "b", "a")
