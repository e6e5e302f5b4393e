"""The drawn signature: from bounded numbers to one drawing that the clinic's own code makes.

A drawing arrives as JSON: a list of strokes, each a list of points `[x, y]` or `[x, y, pressure]`,
every number between 0 and 1 (0, 0 is the top left of the pad). Pictures are never accepted, so
nothing a browser sends is ever shown again: only digits are.
"""

import json
import math
from itertools import pairwise

from questionnaire.domain.errors import BadInk

PAD_WIDTH = 600
PAD_HEIGHT = 200
MOST_STROKES = 200
MOST_POINTS = 10_000
MOST_CHARACTERS = 1_000_000
LEAST_LENGTH = 0.05
POINT_SIZES = (2, 3)

Point = tuple[float, float]
Strokes = tuple[tuple[Point, ...], ...]


def read_strokes(text: str) -> Strokes:
    """The strokes of a posted drawing, pressure left out.

    Raises:
        BadInk: it is not such JSON, is beyond the limits, or is hardly a mark.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadInk("The drawing is too large. Please clear it and sign again.")
    try:
        posted = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInk("The drawing could not be read. Please sign again.") from problem
    return check_strokes(posted)


def check_strokes(posted: object) -> Strokes:
    """The strokes of a drawing already parsed from JSON.

    Raises:
        BadInk: as for `read_strokes`.
    """
    if not isinstance(posted, list | tuple) or not 0 < len(posted) <= MOST_STROKES:
        raise BadInk("The drawing has no strokes, or too many. Please sign again.")
    if any(not isinstance(stroke, list | tuple) or not stroke for stroke in posted):
        raise BadInk("A stroke of the drawing is empty. Please sign again.")
    if sum(len(stroke) for stroke in posted) > MOST_POINTS:
        raise BadInk("The drawing has too many points. Please clear it and sign again.")
    strokes = tuple(tuple(_point(point) for point in stroke) for stroke in posted)
    if _length(strokes) < LEAST_LENGTH:
        raise BadInk("The drawing is too small to be a signature. Please sign again.")
    return strokes


def to_path(strokes: Strokes) -> str:
    """The drawing as the `d` of one SVG path on a pad of 600 by 200, in whole tenths.

    Made of the letters M and L, digits and spaces only; the same strokes give the same path. The
    numbers run to 6000 and 2000, so the view box is `0 0 6000 2000`.
    """
    return " ".join(_stroke_path(stroke) for stroke in strokes)


def _stroke_path(stroke: tuple[Point, ...]) -> str:
    places = [f"{round(x * PAD_WIDTH * 10)} {round(y * PAD_HEIGHT * 10)}" for x, y in stroke]
    # A tap is a dot: a line to itself, which round line ends make visible.
    first, *others = places
    return f"M{first} L" + " ".join(others or [first])


def _point(point: object) -> Point:
    if not isinstance(point, list | tuple) or len(point) not in POINT_SIZES:
        raise BadInk("A point of the drawing is not a pair of numbers. Please sign again.")
    if not all(_is_share(number) for number in point):
        raise BadInk("A point of the drawing lies outside the box. Please sign again.")
    return float(point[0]), float(point[1])


def _is_share(number: object) -> bool:
    return (
        isinstance(number, int | float)
        and not isinstance(number, bool)
        and math.isfinite(number)
        and 0 <= number <= 1
    )


def _length(strokes: Strokes) -> float:
    return sum(math.dist(a, b) for stroke in strokes for a, b in pairwise(stroke))
