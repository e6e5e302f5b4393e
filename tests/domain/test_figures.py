"""Numbers and codes, in the figures and with the signs of whatever keyboard they were typed on."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

import sys
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.figures import NoAmount, TwoReadings, amount, by_value, plain_code

DIGITS = [
    chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"
]
ZEROS = [digit for digit in DIGITS if unicodedata.decimal(digit) == 0]
KILOGRAMS = ("kilograms", "kg", "kilogramos", "kilos", "كغ", "كيلوغرام")


def test_every_decimal_digit_of_every_script_counts_by_its_value() -> None:
    assert len(DIGITS) >= 650
    for digit in DIGITS:
        assert by_value(digit) == str(unicodedata.decimal(digit))
        assert amount(digit) == unicodedata.decimal(digit)
        assert plain_code(f"K{digit}") == f"K{unicodedata.decimal(digit)}"


@pytest.mark.parametrize(
    "typed",
    ["66,5", "66.5", "66·5", "٦٦٫٥", "٦٦،٥", "６６．５", "６６，５", "٦٦.٥", "६६.५", "\u200e66,5",
     "66,5\u200b", "\u202a66,5\u202c", "66,5 kg", "66.5kg", "66.5 KG.", "66.5 كغ", "٦٦٫٥ كيلوغرام",
     "66.5 ｋｇ", "66.5 ㎏", "kg 66.5", "66,5\u00a0kilos", " 66.50 ", "+66.5", "066.5",
     "66.5 Kilograms"],
)  # fmt: skip
def test_a_number_is_read_as_it_was_meant(typed: str) -> None:
    assert amount(typed, KILOGRAMS) == Decimal("66.5")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "6_6", "6.6e1", "6E1", "5'10", "12 stone 4", "11st 4lb", "178 cm", "66.5 kgs kg x",
     "66 5", "1 110", "1.234,5", "66..5", ".", ",", "kg", "kg kg", "٦٦٫٥٫", "6²", "½", "⑥",
     "六十六", "LXVI", "0x42", "66%", "66 kg 5", "--5", "5-", "1/2", "nan", "inf", "66\n5"],
)  # fmt: skip
def test_what_is_not_one_number_is_never_guessed_at(typed: str) -> None:
    with pytest.raises(NoAmount):
        amount(typed, KILOGRAMS)


@pytest.mark.parametrize(
    "typed", ["66,500", "66.500", "1،110", "150,000", "６６，５００", "-1.110"]
)
def test_three_figures_behind_a_sign_may_be_thousands(typed: str) -> None:
    with pytest.raises(TwoReadings) as two:
        amount(typed, KILOGRAMS)
    assert two.value.large == two.value.small * 1000


@pytest.mark.parametrize(
    ("typed", "found"),
    [("0,500", "0.5"), ("66·500", "66.5"), ("٦٦٫٥٠٠", "66.5"), ("1234,500", "1234.5"),
     ("1,25", "1.25"), ("66.", "66"), (".5", "0.5")],
)  # fmt: skip
def test_three_figures_that_can_only_be_a_fraction_are_one(typed: str, found: str) -> None:
    assert amount(typed) == Decimal(found)


numbers = some.decimals(0, 10_000, places=2, allow_nan=False)


@given(
    numbers,
    some.sampled_from(ZEROS),
    some.sampled_from(".,٫،·．，"),
    some.sampled_from(["", *KILOGRAMS]),
    some.sampled_from(["", " ", "\u00a0", "\u200f"]),
)
def test_a_number_written_in_any_script_reads_back(
    number: Decimal, zero: str, sign: str, unit: str, gap: str
) -> None:
    written = f"{number:.2f}".replace(".", sign)
    typed = "".join(
        chr(ord(zero) + int(each)) if each in "0123456789" else each for each in written
    )
    assert amount(f"{typed}{gap}{unit}", KILOGRAMS) == number


@given(some.text(max_size=12))
def test_whatever_is_typed_is_one_number_or_none(typed: str) -> None:
    try:
        found = amount(typed, KILOGRAMS)
    except NoAmount:
        return
    assert found.is_finite()
    assert amount(f"{found:f}".rstrip("."), KILOGRAMS) == found


@pytest.mark.parametrize(
    "typed",
    ["123456", "123 456", "123-456", "１２３４５６", "١٢٣٤٥٦", "123456\u200b", "\u200e123456",
     "१२३४५६", "1.2.3.4.5.6", "123–456", "\ufeff123\u00a0456\n", "𝟏𝟐𝟑𝟒𝟓𝟔"],
)  # fmt: skip
def test_a_code_of_figures_reads_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_code(typed) == "123456"


@pytest.mark.parametrize(
    "typed", ["k7mx-4pq2", "Ｋ７ＭＸ-４ＰＱ２", "K7MX 4PQ2", "ｋ７ｍｘ４ｐｑ２", "K٧MX–٤PQ٢",
     "K7MXー4PQ2", "K7MXｰ4PQ2", "K7MXـ4PQ2", "K7MXˉ4PQ2", "K7MX々4PQ2"],
)  # fmt: skip
def test_a_code_of_letters_reads_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_code(typed) == "K7MX4PQ2"


@pytest.mark.parametrize("typed", ["", " - ", "\u200b", "—", "\ufffc"])
def test_nothing_typed_is_no_code(typed: str) -> None:
    assert plain_code(typed) == ""


def test_other_letters_are_never_taken_for_those_of_a_code() -> None:
    assert plain_code("К7MX") != "K7MX", "a Cyrillic letter"
    assert plain_code("é7MX") != plain_code("7MX")
