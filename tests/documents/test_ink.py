"""Only bounded numbers become ink (S29)."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.documents.ink import check_strokes, read_strokes, to_path
from questionnaire.domain.errors import BadInk

SHARE = st.floats(min_value=0, max_value=1)
STROKES = st.lists(st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=9), min_size=1)
LINE = [[[0.1, 0.2], [0.4, 0.6]]]


@pytest.mark.guarantees("S29")
@pytest.mark.parametrize(
    "posted",
    [
        "",
        "no",
        "null",
        "{}",
        "[]",
        "[[]]",
        "[[[0.1, 0.1]]]",
        "[[[0.1, 0.1], [0.1, 0.1]]]",
        "[[[NaN, 0.1], [0.5, 0.5]]]",
        "[[[Infinity, 0.1], [0.5, 0.5]]]",
        "[[[1e9, 0.1], [0.5, 0.5]]]",
        "[[[-0.1, 0.1], [0.5, 0.5]]]",
        '[[["0.1", 0.1], [0.5, 0.5]]]',
        "[[[true, 0.1], [0.5, 0.5]]]",
        "[[[[0.1], 0.1], [0.5, 0.5]]]",
        "[[[0.1, 0.1, 0.1, 0.1], [0.5, 0.5]]]",
        "[[[0.1], [0.5, 0.5]]]",
        "[0.1, 0.5]",
        "[" * 100_000,
        json.dumps([[[0.1, 0.1], [0.9, 0.9]]] * 201),
        json.dumps([[[0.1, 0.1]] * 10_001]),
        json.dumps([[[0.123456, 0.123456]] * 60_000]),
    ],
    ids=lambda posted: posted[:36] or "nothing",
)
def test_what_is_not_a_drawing_is_refused_with_a_sentence(posted: str) -> None:
    with pytest.raises(BadInk, match="Please"):
        read_strokes(posted)


def test_pressure_is_read_past() -> None:
    assert read_strokes("[[[0.1, 0.2, 0.9], [0.4, 0.6, 0.3]]]") == read_strokes(json.dumps(LINE))


def test_a_tap_is_a_dot_of_ink() -> None:
    strokes = check_strokes([*LINE, [[0.5, 0.5]]])
    assert to_path(strokes) == "M600 400 L2400 1200 M3000 1000 L3000 1000"


@given(STROKES)
def test_ink_is_digits_and_two_letters_and_always_the_same(
    posted: list[list[tuple[float, float]]],
) -> None:
    strokes = tuple(tuple(stroke) for stroke in posted)
    assert re.fullmatch(r"M[ML0-9 ]+", to_path(strokes))
    assert to_path(strokes) == to_path(strokes)
