"""Skin: cellulite 0 to 3 as a cut through skin and fat, and skin types 1 to 6 as a hand in the sun.

The steps follow ideas in the literature (dimples when pinched, standing, lying; burning and tanning
in the sun); every line here is our own.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp

from questionnaire.documents.pictures.curves import Place, closed, onward, open_line, scattered
from questionnaire.documents.pictures.pen import (
    INK,
    ROUND,
    SKIN,
    SKIN_LINE,
    Size,
    ellipse,
    number,
    path,
)

VIEW: Size = (120, 136)


_LEFT, _RIGHT = 6.0, 114.0
_SURFACE, _SKIN_DEPTH, _MUSCLE, _BOTTOM = 72.0, 8.0, 118.0, 130.0
_BANDS = (24.0, 42.0, 60.0, 78.0, 96.0)
_FAT, _FAT_LINE = "#f6e3ae", "#b98f3c"
_BAND = "#8f6f57"
_MUSCLE_FILL = "#c98d7c"


@dataclass(frozen=True, slots=True)
class _Cellulite:
    """How deep bands pull the skin in, and whether fingers pinch it up."""

    dimple: float
    pinched: bool = False


_GRADES = (
    _Cellulite(0, pinched=True),
    _Cellulite(8, pinched=True),
    _Cellulite(5),
    _Cellulite(9.5),
)
_POSTURES = (
    "",
    "",
    "M60 22V36M60 23L51 34M60 23L69 34M60 36L56 50M60 36L64 50",
    "M44 40H62M45 40L54 47M62 40L78 36.5M62 40L80 43",
)
_HEADS: tuple[Place, ...] = ((0, 0), (0, 0), (60, 13), (35, 38.5))


@lru_cache(maxsize=len(_GRADES))
def cellulite(grade: int) -> str:
    """Cellulite 0 (smooth, even pinched) to 3 (dimples even lying down), for `VIEW`."""
    wanted = _GRADES[grade]
    top = [(x, _height(x, wanted)) for x in _steps()]
    under = [(x, y + _SKIN_DEPTH) for x, y in top]
    parts = [_layer(under, _MUSCLE, _FAT), *_lobules(wanted)]
    parts.append(path(f"M{number(_LEFT)} {number(_MUSCLE)}H{number(_RIGHT)}V130H6Z", _MUSCLE_FILL))
    pulls = "".join(_band(x, wanted) for x in _BANDS)
    parts.append(path(pulls, stroke=_BAND, width=1 + wanted.dimple / 6))
    skin = f"{open_line(top)}L{number(_RIGHT)} {number(under[-1][1])}{onward(under[::-1])}Z"
    parts.append(path(skin, SKIN))
    parts.append(path(open_line(top), stroke=INK, width=2.2))
    parts.append(path("M6 72V130H114V72", stroke=SKIN_LINE, width=1.2))
    parts.append(_pinch() if wanted.pinched else _posture(grade))
    return "".join(parts)


def _steps() -> list[float]:
    return [_LEFT + step * 3 for step in range(37)]


def _height(x: float, wanted: _Cellulite) -> float:
    """The surface at a place: pulled in at each band, pushed up between pinching fingers."""
    lift = 17 * exp(-(((x - 60) / 25) ** 2)) if wanted.pinched else 0.0
    reach = 0.35 if wanted.pinched else 0.0
    dips = sum(
        wanted.dimple * (1 - reach * abs(band - 60) / 20) * exp(-(((x - band) / 4.2) ** 2))
        for band in _BANDS
    )
    return _SURFACE - lift + dips


def _layer(top: list[Place], bottom: float, fill: str) -> str:
    return path(f"{open_line(top)}V{number(bottom)}H{number(_LEFT)}Z", fill)


def _band(x: float, wanted: _Cellulite) -> str:
    start = _height(x, wanted) + _SKIN_DEPTH - 1
    return f"M{number(x)} {number(start)}V{number(_MUSCLE)}"


def _lobules(wanted: _Cellulite) -> list[str]:
    """Pockets of fat between the bands, pressed up where the bands pull."""
    edges = (_LEFT, *_BANDS, _RIGHT)
    pockets = []
    for left, right in pairwise(edges):
        middle, half = (left + right) / 2, (right - left) / 2 - 1.6
        top = _height(middle, wanted) + _SKIN_DEPTH + 1.5
        deep = (_MUSCLE - top) / 4
        for row in range(2):
            place = (middle, top + deep + row * 2 * deep)
            pockets.append(ellipse(place, (half, deep - 0.8), _FAT, _FAT_LINE, 0.9))
    return pockets


def _pinch() -> str:
    """A finger and a thumb that push the skin together from both sides."""
    fingers = "M8 20L29 60M112 20L91 60"
    nails = "M30.5 51.5l4.5 8M89.5 51.5l-4.5 8"
    return "".join(
        (
            path(fingers, stroke=SKIN_LINE, width=18, extra=ROUND),
            path(fingers, stroke="#f7e6d6", width=15.4, extra=ROUND),
            path(nails, stroke=SKIN_LINE, width=1.4, extra=ROUND),
            path(
                "M44 26H54M54 26l-4-3.5M54 26l-4 3.5M76 26H66M66 26l4-3.5M66 26l4 3.5",
                stroke=INK,
                width=1.8,
                extra=ROUND,
            ),
        )
    )


def _posture(grade: int) -> str:
    """A small person who stands or lies."""
    ground = "M40 53H80" if grade == len(_GRADES) - 2 else "M24 49H96"
    return "".join(
        (
            path(_POSTURES[grade], stroke=INK, width=5.2, extra=ROUND),
            ellipse(_HEADS[grade], (5.4, 5.4), INK),
            path(ground, stroke=INK, width=1.6, extra=ROUND),
        )
    )


@dataclass(frozen=True, slots=True)
class _SkinType:
    """A skin colour, its line, and what strong sun leaves: a colour and a number of burn marks."""

    skin: str
    line: str
    sunned: str
    burns: int


_SKIN_TYPES = (
    _SkinType("#f9e6dc", "#b08a78", "#ee9a8a", 44),
    _SkinType("#f1d3ba", "#a17c63", "#e79c82", 24),
    _SkinType("#e2b98f", "#8f6a4a", "#c98a62", 8),
    _SkinType("#c08d5f", "#6f4c2e", "#9c6a40", 0),
    _SkinType("#8e5c3b", "#4c2d1a", "#74472b", 0),
    _SkinType("#53362a", "#241510", "#53362a", 0),
)
_FINGERS = "M36 78L25 52M45 74L39 35M57 72L57 29M69 74L75 35M76 94L99 74"
_PALM: tuple[Place, ...] = (
    (31, 76), (44, 66), (57, 64), (70, 66), (80, 78), (82, 94), (75, 108), (72, 122),
    (72, 150), (42, 150), (42, 122), (38, 108), (32, 94),
)  # fmt: skip
_BACK_OF_HAND: tuple[Place, ...] = (
    (38, 80), (48, 73), (57, 72), (67, 74), (74, 84), (73, 97), (66, 108), (48, 108), (40, 96),
)  # fmt: skip
_SUN_RAYS = "M98 6V2M98 42V38M82 22H78M118 22H114M87 11L84 8M112 36L109 33M109 11L112 8M84 36L87 33"


@lru_cache(maxsize=len(_SKIN_TYPES))
def skin_type(kind: int) -> str:
    """Skin type 1 (very fair, always burns) to 6 (very dark, never burns), for `VIEW`."""
    wanted = _SKIN_TYPES[kind - 1]
    hand = closed(_PALM)
    return "".join(
        (
            path(_FINGERS, stroke=wanted.line, width=14, extra=ROUND),
            path(hand, wanted.line, wanted.line, 2.4),
            path(_FINGERS, stroke=wanted.skin, width=11.6, extra=ROUND),
            path(hand, wanted.skin),
            path(closed(_BACK_OF_HAND), wanted.sunned),
            *_burns(wanted),
            path("M45 66l-1-6M57 63v-6M69.5 66l1-6", stroke=wanted.line, width=1.2, extra=ROUND),
            path("M42 127H72", stroke=wanted.line, width=1.2),
            _sun(),
        )
    )


def _burns(wanted: _SkinType) -> list[str]:
    """Sore red strokes on the back of the hand, so that burning shows without colour too."""
    strokes = []
    for order in range(wanted.burns):
        across, down = scattered(order + 1)
        strokes.append(f"M{number(42 + 25 * across)} {number(79 + 27 * down)}l3-3")
    return [path("".join(strokes), stroke="#b3392c", width=1.2, extra=ROUND)] if strokes else []


def _sun() -> str:
    return "".join(
        (
            ellipse((98, 22), (10, 10), "#f6c65b", "#8a5a00", 1.8),
            path(_SUN_RAYS, stroke="#8a5a00", width=2.4, extra=ROUND),
        )
    )
