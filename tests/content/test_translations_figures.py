"""No figure is lost, added or changed on the way into another language."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.content.translation_checks import figures_that_differ
from questionnaire.content.translations import interface
from questionnaire.domain.language import listed

ROOT = Path(__file__).parents[2]

TO_ARABIC = str.maketrans(
    "0123456789.,", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u066b\u066c"
)
SWAPPED = str.maketrans(".,", ",.")

numbers = st.one_of(
    st.integers(0, 10_000_000).map(lambda it: f"{it:,}"),
    st.integers(0, 10_000_000).map(str),
    st.decimals(0, 10_000, places=2).map(lambda it: f"{it:,}"),
    st.decimals(0, 10_000, places=2).map(lambda it: f"-{it}"),
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("about 27.6 hairs", "unos 27,6 cabellos"),
        ("about 27.6 hairs", "unos 27.6 cabellos"),
        ("about 27.6 hairs", "27.6".translate(TO_ARABIC)),
        ("1,070 doses", "1.070 dosis"),
        ("1,070 doses", "1070 dosis"),
        ("1,070 doses", "1\u00a0070 dosis"),
        ("1,070 doses", "1,070".translate(TO_ARABIC)),
        ("2.0 (CI -0.9 to 4.9)", "2,0 (IC \u22120,9 a 4,9)"),
        ("2.0 (CI -0.9 to 4.9)", "2,0 (IC \u200e-0,9 a 4,9)"),
        ("hairs per cm2", "cabellos por cm²"),
        ("in 20 to 30 minutes", "en 30 o 20 minutos"),
        ("Call 999.", "Llame al 999."),
        ("in the last 2 weeks", "في آخر أسبوعين"),
        ("1 to 2 days", "من يوم واحد إلى يومين"),
        ("1 to 2 days", "من يوم (1) إلى يومين"),
        ("one visit", "زيارة واحدة"),
    ],
)
def test_the_same_figures_may_be_written_in_other_ways(source: str, words: str) -> None:
    assert figures_that_differ(source, words) == ()


@pytest.mark.parametrize(
    ("source", "words", "differ"),
    [
        ("about 27.6 hairs", "unos 276 cabellos", ("27.6", "276")),
        ("about 27.6 hairs", "unos 2,76 cabellos", ("27.6", "2,76")),
        ("1,070 doses", "1,07 dosis", ("1,070", "1,07")),
        ("CI -0.9 to 4.9", "IC 0,9 a 4,9", ("-0.9", "0,9")),
        ("3 visits", "varias visitas", ("3",)),
        ("several visits", "3 visitas", ("3",)),
        ("2 of 2 people", "2 personas", ("2",)),
        ("2 to 2 days", "من يومين", ("2",)),
        ("in the last 3 weeks", "في آخر أسبوعين", ("3",)),
        ("in the last 2 weeks", "في آخر شهر واحد", ("2",)),
        ("1 in 10 people", "1 de 100 personas", ("10", "100")),
    ],
)
def test_another_figure_is_noticed(source: str, words: str, differ: tuple[str, ...]) -> None:
    assert figures_that_differ(source, words) == differ


@given(st.lists(numbers, max_size=5))
def test_any_number_survives_the_continental_and_the_arabic_way(found: list[str]) -> None:
    source = " to ".join(found)
    for table in (SWAPPED, TO_ARABIC):
        assert figures_that_differ(source, source.translate(table)) == ()


@given(st.lists(numbers, min_size=1, max_size=5), st.data())
def test_any_digit_left_out_is_noticed(found: list[str], data: st.DataObject) -> None:
    source = " to ".join(found)
    digits = [place for place, sign in enumerate(source) if sign.isdigit()]
    place = data.draw(st.sampled_from(digits))
    assert figures_that_differ(source, source[:place] + source[place + 1 :]) != ()


def test_no_number_in_brackets_stands_behind_the_word_that_says_it() -> None:
    for file in (ROOT / "rules" / "translations" / "ar").glob("*.yaml"):
        twice = re.findall(r"[\u0620-\u064a]+ \([12]\)", file.read_text(encoding="utf-8"))
        assert (file.name, twice) == (file.name, [])


@pytest.mark.parametrize(("code", "parted"), [("en", "; "), ("es", "; "), ("ar", "؛ ")])
def test_items_of_a_line_are_parted_as_the_language_parts_them(code: str, parted: str) -> None:
    sentences = interface(ROOT / "rules", code) if code != "en" else {}

    def say(sentence: str) -> str:
        return sentences.get(sentence, sentence)

    assert listed(("a", "b", "c"), say) == parted.join("abc")
    assert listed((), say) == ""
