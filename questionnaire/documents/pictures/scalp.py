"""The scalp from above, nose at the top: the patient's left is on the left."""

from math import cos, pi, sin

from questionnaire.documents.pictures import heads
from questionnaire.documents.pictures.areas import AreaMap, Region
from questionnaire.documents.pictures.curves import Place, mirrored
from questionnaire.documents.pictures.pen import Size, number

_VIEW: Size = (240, 272)
_MIDDLE, _WIDEST = 120.0, 154.0
_WIDTH, _FRONT, _BACK = 82.0, 102.0, 98.0
_GAP = 0.024
_RING = 0.6


def _on(turn: float, share: float) -> Place:
    """The place at a turn from the nose (in degrees, to the right) and a share of the way out."""
    angle = (turn - 90) * pi / 180
    depth = _FRONT if sin(angle) < 0 else _BACK
    return (_MIDDLE + share * _WIDTH * cos(angle), _WIDEST + share * depth * sin(angle))


def _line(places: tuple[Place, ...]) -> str:
    corners = "L".join(f"{number(x)} {number(y)}" for x, y in places)
    return f"M{corners}Z"


def _ring(start: float, end: float) -> tuple[Place, ...]:
    """A piece of the outer ring between two turns."""
    steps = 14
    turns = [start + (end - start) * step / steps for step in range(steps + 1)]
    outer = [_on(turn, 0.97) for turn in turns]
    return (*outer, *(_on(turn, _RING + _GAP) for turn in reversed(turns)))


def _half_disc(start: float, cut: float) -> tuple[Place, ...]:
    """Half of the middle of the scalp, from a turn on, up to a straight cut across."""
    rim = [_on(start + 180 * step / 24, _RING - _GAP) for step in range(25)]
    front = start < 0
    kept = [place for place in rim if (place[1] < cut) == front]
    return ((kept[0][0], cut), *kept, (kept[-1][0], cut))


_TEMPLE = _ring(44, 80)
_SIDE = _ring(83, 138)

SCALP = AreaMap(
    "scalp",
    _VIEW,
    f'<g transform="scale(2)">{heads.head()}</g>',
    (
        Region("front_hairline", _line(_ring(-41, 41)), (120, 76)),
        Region("left_temple", _line(mirrored(_TEMPLE, _MIDDLE)), (62, 119)),
        Region("right_temple", _line(_TEMPLE), (178, 119)),
        Region("mid_scalp", _line(_half_disc(-90, 150)), (120, 126)),
        Region("crown", _line(_half_disc(90, 155)), (120, 181)),
        Region("sides", _line(_SIDE) + _line(mirrored(_SIDE, _MIDDLE)), (183, 181)),
        Region("back", _line(_ring(141, 219)), (120, 231)),
    ),
)
