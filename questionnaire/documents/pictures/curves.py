"""Smooth lines through a few places: how every outline in the pictures is written down."""

from collections.abc import Sequence

from questionnaire.documents.pictures.pen import number

Place = tuple[float, float]

_PLASTIC = 0.7548776662466927


def closed(places: Sequence[Place]) -> str:
    """The path of a smooth closed line through all places, in order."""
    return f"M{_pair(places[0])}{_through((places[-1], *places, *places[:2]))}Z"


def open_line(places: Sequence[Place]) -> str:
    """The path of a smooth line from the first place to the last."""
    return f"M{_pair(places[0])}{onward(places)}"


def onward(places: Sequence[Place]) -> str:
    """The rest of `open_line`, for a path that has come to the first place already."""
    return _through((places[0], *places, places[-1]))


def both_sides(half: Sequence[Place], middle: float) -> tuple[Place, ...]:
    """A whole outline from its right half.

    `half` holds distances from the middle line and heights, from the top down. A place on the
    middle line stands once.
    """
    right = [(middle + away, y) for away, y in half]
    left = [(middle - away, y) for away, y in reversed(half) if away]
    return (*right, *left)


def mirrored(places: Sequence[Place], middle: float) -> tuple[Place, ...]:
    """The same places on the other side of the middle line."""
    return tuple((2 * middle - x, y) for x, y in places)


def whole(half: Sequence[Place], middle: float) -> str:
    """The closed path of an outline that lies across the middle line, from its right half."""
    return closed(both_sides(half, middle))


def pair(right: Sequence[Place], middle: float) -> str:
    """The closed paths of a part and of its mirror image, from its distances to the right."""
    places = [(middle + away, y) for away, y in right]
    return closed(places) + closed(mirrored(places, middle))


def is_inside(place: Place, outline: Sequence[Place]) -> bool:
    """Whether a place lies within the straight-sided shape through `outline`."""
    x, y = place
    inside = False
    previous = outline[-1]
    for corner in outline:
        if (corner[1] > y) != (previous[1] > y):
            share = (y - corner[1]) / (previous[1] - corner[1])
            inside ^= x < corner[0] + share * (previous[0] - corner[0])
        previous = corner
    return inside


def scattered(order: int) -> Place:
    """The place of that order in an even scatter over 0 to 1; the same each time.

    The R2 sequence: multiples of the powers of the plastic number's inverse.
    """
    return (order * _PLASTIC % 1, order * _PLASTIC * _PLASTIC % 1)


def _through(places: Sequence[Place]) -> str:
    """Catmull-Rom: each piece leaves a place in the direction of its neighbours."""
    pieces = []
    for before, start, end, after in zip(places, places[1:], places[2:], places[3:], strict=False):
        leave = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        reach = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        pieces.append(f"C{_pair(leave)} {_pair(reach)} {_pair(end)}")
    return "".join(pieces)


def _pair(place: Place) -> str:
    return f"{number(place[0])} {number(place[1])}"
