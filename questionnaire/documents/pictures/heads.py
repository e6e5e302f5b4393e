"""Heads seen from above, nose at the top: seven hair patterns and five partings.

The patterns follow ideas in the literature (receding temples, thinning crown, widening parting);
every line here is our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, pi, sin, sqrt

from questionnaire.documents.pictures.curves import (
    Place,
    both_sides,
    closed,
    is_inside,
    onward,
    scattered,
)
from questionnaire.documents.pictures.pen import SKIN, SKIN_LINE, Size, ellipse, number, path

VIEW: Size = (120, 136)

_HAIR = "#5d4838"
_DARK_STRAND = "#3a2b20"
_LIGHT_STRAND = "#7f6957"
_THIN = "#c9ab91"
_SHADE = "#e3c5ab"

_MIDDLE = 60.0
_WIDEST = 77.0
_HALF_WIDTH = 43.0
_FRONT, _BACK = 53.0, 51.0
_WHORL: Place = (60, 96)
_STRANDS = 640
_COMBED = 36


@dataclass(frozen=True, slots=True)
class _Patch:
    """A bare or thin place: an oval given by its middle and half its width and height."""

    middle: Place
    half: Place
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Hair:
    """Where hair stands: behind `hairline` (distance from the middle, height), but in no patch."""

    hairline: tuple[Place, ...]
    patches: tuple[_Patch, ...] = ()


_HAIRLINES = (
    _Hair(((0, 41), (12, 41.5), (23, 44), (32, 49))),
    _Hair(((0, 42), (8, 43), (16, 50), (25, 57), (34, 55.5))),
    _Hair(((0, 43), (7, 45), (14, 57), (24, 66), (32, 64), (38, 57))),
    _Hair(
        ((0, 46), (6, 48), (12, 61), (23, 72), (33, 69), (38.5, 60)),
        (_Patch((60, 100), (16, 12)),),
    ),
    _Hair(
        ((0, 69), (11, 70), (22, 76), (31, 77), (36, 70), (39.5, 62)),
        (_Patch((60, 99), (20, 16), bare=True),),
    ),
    _Hair(
        ((0, 114), (14, 112), (25, 101), (28, 88), (32, 79), (37, 71), (40, 64)),
        (_Patch((60, 81), (29, 6)),),
    ),
    _Hair(((0, 119), (18, 116), (31, 103), (35, 90), (37.5, 80), (40.5, 73))),
)


@lru_cache(maxsize=len(_HAIRLINES))
def hairline(pattern: int) -> str:
    """Hair pattern 1 (full) to 7 (sides and back only), as shapes for a picture of `VIEW`."""
    hair = _HAIRLINES[pattern - 1]
    line = both_sides(hair.hairline, _MIDDLE)
    across = sorted(line)
    growth = [*_edge(across), *reversed(across)]
    parts = [head(), path(_hair_shape(across), _HAIR)]
    parts += [
        ellipse(patch.middle, patch.half, SKIN if patch.bare else _THIN) for patch in hair.patches
    ]
    parts += _strands(growth, hair.patches)
    return "".join(parts)


def head() -> str:
    """The bare head: ears, nose and a skull a little wider at the back."""
    nose = "M51.5 28C52 17 55.5 11.5 60 11.5S68 17 68.5 28Z"
    return "".join(
        (
            ellipse((16.5, 80), (6, 12), _SHADE, SKIN_LINE, 1.4),
            ellipse((103.5, 80), (6, 12), _SHADE, SKIN_LINE, 1.4),
            path(nose, _SHADE, SKIN_LINE, 1.4),
            path(_skull(), SKIN, SKIN_LINE, 1.4),
        )
    )


def _skull() -> str:
    left, right = number(_MIDDLE - _HALF_WIDTH), number(_MIDDLE + _HALF_WIDTH)
    rx, front, back = number(_HALF_WIDTH), number(_FRONT), number(_BACK)
    y = number(_WIDEST)
    return f"M{left} {y}A{rx} {front} 0 0 1 {right} {y}A{rx} {back} 0 0 1 {left} {y}Z"


def _hair_shape(across: Sequence[Place]) -> str:
    """From the left end of the hairline around the back of the skull, and back along the line."""
    start, end = _on_skull(across[0], -1), _on_skull(across[-1], 1)
    left, right = _MIDDLE - _HALF_WIDTH, _MIDDLE + _HALF_WIDTH
    rx, y = number(_HALF_WIDTH), number(_WIDEST)
    around = (
        f"M{number(start[0])} {number(start[1])}A{rx} {number(_FRONT)} 0 0 0 {number(left)} {y}"
        f"A{rx} {number(_BACK)} 0 0 0 {number(right)} {y}"
        f"A{rx} {number(_FRONT)} 0 0 0 {number(end[0])} {number(end[1])}"
    )
    return f"{around}{onward([end, *reversed(across), start])}Z"


def _on_skull(place: Place, side: int) -> Place:
    """The nearest place on the edge of the skull, a little further back."""
    y = place[1] + 3
    return (_MIDDLE + side * _reach(y), y)


def _reach(y: float) -> float:
    """Half the width of the skull at a height."""
    depth = _FRONT if y < _WIDEST else _BACK
    return _HALF_WIDTH * sqrt(max(0.0, 1 - ((y - _WIDEST) / depth) ** 2))


def _edge(across: Sequence[Place]) -> list[Place]:
    """The edge of the skull behind the hairline, from left to right."""
    first, last = across[0][1] + 3, across[-1][1] + 3
    start = atan2((first - _WIDEST) / _FRONT, -_reach(first) / _HALF_WIDTH)
    turn = atan2((last - _WIDEST) / _FRONT, _reach(last) / _HALF_WIDTH)
    start += 2 * pi if start < 0 else 0
    angles = [start + (turn - start) * step / 24 for step in range(25)]
    return [
        (
            _MIDDLE + _HALF_WIDTH * cos(angle),
            _WIDEST + (_FRONT if sin(angle) < 0 else _BACK) * sin(angle),
        )
        for angle in angles
    ]


def _strands(growth: Sequence[Place], patches: Sequence[_Patch]) -> list[str]:
    """Single hairs, lying away from the whorl; fewer where hair is thin, none on bare skin."""
    dark: list[str] = []
    light: list[str] = []
    for order in range(_STRANDS):
        turn, share = scattered(order)
        angle, far = 2 * pi * turn, 2 + 78 * sqrt(share)
        root = (_WHORL[0] + far * cos(angle), _WHORL[1] + far * sin(angle))
        tip = (root[0] + 8 * cos(angle + 0.35), root[1] + 8 * sin(angle + 0.35))
        if abs(tip[0] - _MIDDLE) > _reach(tip[1]):
            continue
        patch = next((each for each in patches if _is_in(root, each)), None)
        if patch is not None and not patch.bare:
            dark.append(_strand(root, tip))
        elif patch is None and is_inside(root, growth):
            (light if order % 3 else dark).append(_strand(root, tip))
    return [
        path("".join(light), stroke=_LIGHT_STRAND, width=0.6, extra='stroke-linecap="round"'),
        path("".join(dark), stroke=_DARK_STRAND, width=0.6, extra='stroke-linecap="round"'),
    ]


def _strand(root: Place, tip: Place) -> str:
    away = f"{number(tip[0] - root[0])} {number(tip[1] - root[1])}"
    return f"M{number(root[0])} {number(root[1])}l{away}"


def _is_in(place: Place, patch: _Patch) -> bool:
    across = (place[0] - patch.middle[0]) / patch.half[0]
    down = (place[1] - patch.middle[1]) / patch.half[1]
    return hypot(across, down) < 1


@dataclass(frozen=True, slots=True)
class _Parting:
    """How wide skin shows along the parting, and how far hair is thin beside it."""

    skin: float
    thin: float = 0.0


_PARTINGS = (_Parting(0.9), _Parting(2.4), _Parting(4.8), _Parting(7.5, 17), _Parting(17, 28))
_LONG_HAIR = both_sides(
    ((0, 37), (15, 38.5), (29, 45), (40, 58), (46, 80), (43, 104), (32, 122), (16, 131), (0, 133)),
    _MIDDLE,
)
_PARTING_FRONT, _PARTING_BACK = 40.0, 110.0


@lru_cache(maxsize=len(_PARTINGS))
def parting(width: int) -> str:
    """Parting 1 (narrow) to 5 (very wide), as shapes for a picture of `VIEW`."""
    wanted = _PARTINGS[width - 1]
    parts = [head(), path(closed(_LONG_HAIR), _HAIR, _DARK_STRAND, 1.2)]
    if wanted.thin:
        parts.append(path(closed(_lens(wanted.thin)), _THIN))
    parts += _combed()
    parts.append(path(closed(_lens(wanted.skin)), SKIN))
    return "".join(parts)


def _lens(half: float) -> tuple[Place, ...]:
    """The skin along a parting: widest in the middle, running out at front and back."""
    outline = ((0, _PARTING_FRONT), (half * 0.75, 54), (half, 72), (half * 0.8, 92))
    return both_sides((*outline, (0, _PARTING_BACK)), _MIDDLE)


def _combed() -> list[str]:
    """Long hairs combed from the parting to the sides."""
    dark: list[str] = []
    light: list[str] = []
    for order in range(_COMBED):
        share = order / (_COMBED - 1)
        start_y = _PARTING_FRONT + share * (_PARTING_BACK - _PARTING_FRONT)
        angle = -0.95 + share * 2.5
        for side in (-1, 1):
            end = (_MIDDLE + side * 44 * cos(angle), 84 + 47 * sin(angle))
            bend = (_MIDDLE + side * (28 - 24 * share), start_y + 2 + 10 * share)
            places = " ".join(number(each) for each in (*bend, *end))
            line = f"M60 {number(start_y)}Q{places}"
            (dark if order % 3 == 0 else light).append(line)
    return [
        path("".join(light), stroke=_LIGHT_STRAND, width=0.7),
        path("".join(dark), stroke=_DARK_STRAND, width=0.9),
    ]
