"""No figure is lost, added or changed on the way into another language."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.content.translation_checks import figures_ill_written, figures_that_differ
from questionnaire.content.translations import interface
from questionnaire.domain.language import Say, figure, in_english, listed, rewritten

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


@cache
def said_in(code: str) -> Say:
    """How a language says the sentences of pages."""
    sentences = interface(ROOT / "rules", code) if code != "en" else {}
    return lambda sentence: sentences.get(sentence, sentence)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", ["999", "1,269", "10,581", "-1,070.5", "27.60"]),
        ("es", ["999", "1269", "10\u00a0581", "-1070,5", "27,60"]),
        ("ar", ["999", "1,269", "10,581", "-1,070.5", "27.60"]),
    ],
)
def test_a_language_writes_all_its_figures_in_one_way(code: str, written: list[str]) -> None:
    numbers = ["999", "1,269", "10,581", "-1,070.5", "27.60"]
    assert [rewritten(it, said_in(code)) for it in numbers] == written
    whole = [figure(it, said_in(code)) for it in (999, 1269, 10581)]
    assert whole == written[:3]


@pytest.mark.parametrize(
    ("code", "source", "words", "ill"),
    [
        ("es", "about 27.6 hairs", "unos 27.6 cabellos", [("27.6", "27,6")]),
        ("es", "about 27.6 hairs", "unos 27,6 cabellos", []),
        ("es", "1,616 people", "1.616 personas", [("1.616", "1616")]),
        ("es", "1,616 people", "1616 personas", []),
        ("es", "17,376 people", "17.376 personas", [("17.376", "17\u00a0376")]),
        ("es", "17,376 people", "17376 personas", [("17376", "17\u00a0376")]),
        ("es", "likely -0.9 to 4.9", "de \u22120,9 a 4,9", []),
        ("es", "In 70.0% and 0%", "En el 70.0% y el 0%", [("70.0", "70,0")]),
        ("es", "born 27.3.1985, in 2017/745", "nacida 27.3.1985, en 2017/745", []),
        ("es", "article 4.1, 0.5 ml", "artículo 4.1, 0,5 ml", []),
        ("es", "1500 mg", "1500 mg", []),
        ("ar", "1,110 people", "1110 أشخاص", [("1110", "1,110")]),
        ("ar", "27.6 hairs", "27,6 شعرة", [("27,6", "27.6")]),
        ("ar", "27.6 hairs, 1,110", "\u200e27.6 شعرة 1,110", []),
    ],
)
def test_a_figure_written_in_the_way_of_another_language_is_refused(
    code: str, source: str, words: str, ill: list[tuple[str, str]]
) -> None:
    assert [*figures_ill_written(source, words, said_in(code))] == ill


@given(st.lists(numbers, max_size=5))
def test_figures_rewritten_for_a_language_are_equal_and_never_refused(found: list[str]) -> None:
    source = " to ".join(found)
    for say in (in_english, *map(said_in, ("es", "ar"))):
        words = " to ".join(rewritten(it, say) for it in found)
        assert figures_that_differ(source, words) == ()
        assert [*figures_ill_written(source, words, say)] == []


@pytest.mark.parametrize(("code", "parted"), [("en", "; "), ("es", "; "), ("ar", "؛ ")])
def test_items_of_a_line_are_parted_as_the_language_parts_them(code: str, parted: str) -> None:
    say = said_in(code)
    assert listed(("a", "b", "c"), say) == parted.join("abc")
    assert listed((), say) == ""
