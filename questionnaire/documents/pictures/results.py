"""What studies found, as bars on one scale: solid as far as the gain is likely, light beyond.

The picture of one study is one strip. Strips of the same results picture stand under one another
and share their scale and the line of “no difference”; labels and numbers stand beside them in the
page, so that they can be read, translated and enlarged.
"""

from fractions import Fraction
from math import ceil, floor

from questionnaire.documents.pictures.pen import (
    BRAND,
    BRAND_PERHAPS,
    INK,
    PAPER,
    Drawing,
    Size,
    drawing,
    number,
    path,
)
from questionnaire.domain.findings import Gain, NoGain, ResultsPicture

STRIP: Size = (360, 44)

_EDGE = 14
_MIDDLE = 22
_GRID = "#ddd4c8"
_STEP = 10


def strip(finding: Gain | NoGain, picture: ResultsPicture, words: str) -> Drawing:
    """One study's strip on the scale of the whole results picture."""
    least, most = scale(picture)
    room = (STRIP[0] - 2 * _EDGE) / float(most - least)

    def x(value: Fraction | int) -> float:
        return _EDGE + float(value - least) * room

    steps = range(int(least), int(most) + 1, _STEP)
    grid = "".join(f"M{number(x(step))} 0V{STRIP[1]}" for step in steps if step)
    zero = f"M{number(x(0))} 0V{STRIP[1]}"
    parts = [path(grid, stroke=_GRID, width=1), path(zero, stroke=INK, width=2)]
    if isinstance(finding, NoGain):
        diamond = f"M{number(x(0))} {_MIDDLE - 9}l9 9-9 9-9-9Z"
        parts.append(path(diamond, PAPER, BRAND, 2.4))
        return drawing("result", STRIP, words, *parts)
    low, high, mean = x(finding.low), x(finding.high), x(finding.mean)
    parts.append(path(_bar(low, high), BRAND_PERHAPS, BRAND, 1.6))
    if finding.low > 0:
        parts.append(path(_bar(x(0), low), BRAND))
    parts.append(path(f"M{number(mean)} 5V39", stroke=INK, width=3))
    return drawing("result", STRIP, words, *parts)


def scale(picture: ResultsPicture) -> tuple[int, int]:
    """The ends of the scale in whole tens; “no difference” is always on it."""
    gains = [each for each in picture.findings if isinstance(each, Gain)]
    least = min((each.low for each in gains), default=Fraction(0))
    most = max((each.high for each in gains), default=Fraction(_STEP))
    return min(floor(least / _STEP), 0) * _STEP, max(ceil(most / _STEP), 1) * _STEP


def _bar(start: float, end: float) -> str:
    return f"M{number(start)} {_MIDDLE - 9}H{number(end)}v18H{number(start)}Z"
