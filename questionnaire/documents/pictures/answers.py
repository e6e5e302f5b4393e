"""Which question is answered by which pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from questionnaire.documents.pictures import heads, skin
from questionnaire.documents.pictures.pen import Drawing, Size, drawing


@dataclass(frozen=True, slots=True)
class _Series:
    """A row of pictures: how to draw each, which numbers there are, and their size."""

    name: str
    draw: Callable[[int], str]
    numbers: range
    view: Size


_SERIES: Mapping[str, _Series] = {
    "hairline_picture": _Series("hairline", heads.hairline, range(1, 8), heads.VIEW),
    "parting_picture": _Series("parting", heads.parting, range(1, 6), heads.VIEW),
    "cellulite_picture": _Series("cellulite", skin.cellulite, range(4), skin.VIEW),
    "skin_type_picture": _Series("skin-type", skin.skin_type, range(1, 7), skin.VIEW),
}


def has_picture(question_id: str, number: int) -> bool:
    """Whether there is a drawing for that answer to that question."""
    return question_id in _SERIES and number in _SERIES[question_id].numbers


def answer_picture(question_id: str, number: int, words: str) -> Drawing:
    """The drawing of one answer.

    Args:
        question_id: `hairline_picture`, `parting_picture`, `cellulite_picture` or
            `skin_type_picture`.
        number: the answer.
        words: what a voice says; empty where the option's words stand beside the picture.

    Raises:
        KeyError: nothing is drawn for that question or number.
    """
    series = _SERIES[question_id]
    if number not in series.numbers:
        raise KeyError((question_id, number))
    return drawing(series.name, series.view, words, series.draw(number))
