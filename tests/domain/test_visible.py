"""What there is to see: blank texts, signs nobody typed, and marks piled up on a letter."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.answers import clean_text
from questionnaire.domain.visible import MOST_MARKS, is_blank, limit_marks, without_invisible

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "\u200b", "\u2800", "\u3164", "\u115f", "\u1160", "\uffa0", "\ufffc",
     "\u00ad", "\u2063", "\ufe0f", "\u0301", "\uffff", "\U0001ffff", "\ufdd0", "\u00a0", "\u3000",
     "\u2028", "\u061c", "\u180e", "\u034f", "\u17b4", "\U0001d159", "\U000e0041", "\U000e0100",
     "\ufff3", "\u2065", "\u20dd", "\u200e \u2800\u0301\ufffc"],
)  # fmt: skip
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)
    assert clean_text(text) == ""


@pytest.mark.parametrize(
    "text", ["a", "ม", "😀", "0", "-", "…", "ß", "\U0001fae8", "क्ष",
             FAMILY, ENGLAND, "\ufffd"]
)  # fmt: skip
def test_a_sign_with_a_shape_is_not_blank_and_stays(text: str) -> None:
    assert not is_blank(text)
    assert clean_text(text) == text


def test_only_letters_figures_signs_and_symbols_have_a_shape() -> None:
    for point in range(sys.maxunicode + 1):
        kind = unicodedata.category(chr(point))
        if kind[0] in "ZM" or kind in {"Cc", "Cf", "Cs"}:
            assert is_blank(chr(point)), hex(point)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("call \u202a+44 7700 900123\u202c after 6", "call +44 7700 900123 after 6"),
        ("\u2066ann@example.org\u2069", "ann@example.org"),
        ("\ufeffLoud\u200b dictation\ufffc", "Loud dictation"),
        ("\u200e+44 7700\u200f", "+44 7700"),
        ("رقم \u200e+44 7700\u200e مساء", "رقم \u200e+44 7700\u200e مساء"),
        ("\u200cمی\u200cروم\u200c", "می\u200cروم"),
        (f" {FAMILY} ", FAMILY),
        (f"{ENGLAND}\u200b", ENGLAND),
        ("❤\ufe0f", "❤\ufe0f"),
        ("1\ufe0f\u20e3 to 8\ufe0f\u20e3", "1\ufe0f\u20e3 to 8\ufe0f\u20e3"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("a\vb\x85c\u2028d\u2029e\r\nf", "a\nb\nc\nd\ne\nf"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_what_nobody_typed_is_taken_out_and_words_read_the_same(typed: str, kept: str) -> None:
    assert without_invisible(typed) == clean_text(typed) == kept


@given(some.text(some.characters(exclude_categories=["Cs", "Cc", "Co"]), max_size=200))
def test_nothing_with_a_shape_is_ever_lost(text: str) -> None:
    before = [each for each in unicodedata.normalize("NFD", text) if not is_blank(each)]
    after = [each for each in unicodedata.normalize("NFD", clean_text(text)) if not is_blank(each)]
    assert after == before


@given(some.text(max_size=200))
def test_taking_out_twice_is_taking_out_once(text: str) -> None:
    once = without_invisible(text)
    assert without_invisible(once) == once


def test_marks_piled_on_a_letter_are_written_out_once_no_script_has_as_many() -> None:
    piled = "e" + "\u0301" * 300 + "f"
    shown = limit_marks(piled)
    assert shown == "e" + "\u0301" * MOST_MARKS + "[U+0301]" * (300 - MOST_MARKS) + "f"
    assert limit_marks("a\u0323\u0301" * 40) == "a\u0323\u0301" * 40


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Thị Hồng", "בְּרֵאשִׁ֖ית", "नमस्ते क्ष्त्र्य", "ที่นี้", "مُحَمَّدٌ", "བསྒྲུབས",
     "שָּֽׁ֣", "ཧྐྵྨླྺྼྻྂ", "❤️‍🔥", ENGLAND, "", "plain"],
)  # fmt: skip
def test_words_of_any_script_keep_their_marks(text: str) -> None:
    assert limit_marks(text) == text
    assert limit_marks(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


INVISIBLE = ["\u200c", "\u200d", "\u2060", "\ufe0f", "\u00ad", "\u034f", "\U000e0100", "\u180e"]


@pytest.mark.parametrize("between", INVISIBLE)
def test_signs_that_nobody_sees_do_not_part_piled_marks(between: str) -> None:
    kept = limit_marks("e" + f"\u0301{between}" * 300).replace("[U+0301]", "")
    assert 0 < kept.count("\u0301") <= MOST_MARKS


@given(some.text("ae\u0301\u0323\u20dd\ufe0f\u05b0\u200d\u00ad", max_size=60))
def test_no_letter_carries_more_marks_than_it_can(text: str) -> None:
    run = longest = 0
    for each in limit_marks(text):
        is_mark = unicodedata.category(each) in {"Mn", "Me"} and each != "\ufe0f"
        run = run + 1 if is_mark else 0 if not is_blank(each) else run
        longest = max(longest, run)
    assert longest <= MOST_MARKS
