"""No figure is lost, added or changed on the way into another language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.content.translation_checks import figures_that_differ

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
