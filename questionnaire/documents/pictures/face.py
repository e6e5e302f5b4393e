"""The face from the front; each part is taken as a whole, both sides together."""

from questionnaire.documents.pictures.areas import AreaMap, Region
from questionnaire.documents.pictures.curves import Place, pair, whole
from questionnaire.documents.pictures.pen import (
    INK,
    PAPER,
    ROUND,
    SKIN,
    SKIN_LINE,
    Size,
    ellipse,
    number,
    path,
)

_VIEW: Size = (240, 300)
_MIDDLE = 120.0

_FACE = (
    (0, 26), (34, 29), (60, 46), (73, 78), (76, 116),
    (72, 152), (62, 184), (42, 211), (18, 223), (0, 225),
)  # fmt: skip
_HAIR = (
    (0, 6), (40, 10), (72, 30), (88, 66), (88, 104),
    (80, 116), (74, 96), (66, 70), (44, 54), (0, 50),
)  # fmt: skip
_NECK = ((0, 200), (42, 200), (42, 232), (50, 256), (84, 270), (112, 286), (118, 330), (0, 330))

_FOREHEAD = ((0, 57), (28, 59), (50, 70), (62, 90), (40, 92), (18, 99), (12, 112), (0, 116))
_EYES: tuple[Place, ...] = (
    (17, 108), (30, 99), (50, 97), (66, 100), (71, 116),
    (66, 132), (48, 139), (28, 137), (17, 126),
)  # fmt: skip
_NOSE = (
    (0, 122), (9, 124), (12, 140), (22, 152), (30, 170),
    (36, 186), (30, 190), (24, 178), (12, 172), (0, 172),
)  # fmt: skip
_CHEEK: tuple[Place, ...] = (
    (22, 143), (46, 146), (71, 138), (70, 158), (62, 178),
    (50, 193), (42, 190), (36, 172), (28, 156),
)  # fmt: skip
_MOUTH = ((0, 178), (18, 179), (28, 194), (40, 198), (32, 210), (16, 218), (0, 219))
_UNDER_NECK = ((0, 231), (18, 229), (36, 221), (38, 238), (44, 256), (24, 266), (0, 269))
_LIDS: tuple[Place, ...] = (
    (18, 110), (32, 103), (50, 103), (64, 110), (62, 126), (46, 134), (28, 132), (18, 123),
)  # fmt: skip
_UNDER_CHIN = ((0, 228), (17, 226), (33, 217), (40, 221), (36, 236), (20, 247), (0, 250))


def _head() -> str:
    ears = [ellipse((_MIDDLE + side * 77, 122), (9, 19), SKIN, SKIN_LINE, 1.6) for side in (-1, 1)]
    return "".join(
        (
            path(whole(_NECK, _MIDDLE), SKIN, SKIN_LINE, 1.6),
            *ears,
            path(whole(_FACE, _MIDDLE), SKIN, SKIN_LINE, 1.6),
            path(whole(_HAIR, _MIDDLE), "#cbb8a4", SKIN_LINE, 1.6),
        )
    )


def _features() -> str:
    """Brows, eyes, nose and mouth, drawn over the regions so that they can be told apart."""
    brows, eyes = [], []
    for side in (1, -1):
        x19, x26, x34, x40, x50, x54, x60 = (
            number(_MIDDLE + side * away) for away in (19, 26, 34, 40, 50, 54, 60)
        )
        brows.append(f"M{x19} 101C{x34} 94 {x50} 94 {x60} 100")
        eyes.append(f"M{x26} 117Q{x40} 105 {x54} 117Q{x40} 126 {x26} 117Z")
    nose = "M107 158Q108 166 114 165Q120 169 126 165Q132 166 133 158"
    mouth = "M98 197Q110 190 120 194Q130 190 142 197Q120 210 98 197ZM98 197Q120 200 142 197"
    pupils = (ellipse((_MIDDLE + side * 40, 115.5), (4.4, 4.4), INK) for side in (-1, 1))
    return "".join(
        (
            path("".join(brows), stroke="#8a7b6c", width=3, extra=ROUND),
            path("".join(eyes), PAPER, INK, 1.7, ROUND),
            path(nose, stroke=INK, width=1.7, extra=ROUND),
            path(mouth, "#e4b5a3", INK, 1.7, ROUND),
            *pupils,
        )
    )


FACE = AreaMap(
    "face",
    _VIEW,
    _head(),
    (
        Region("forehead_or_between_brows", whole(_FOREHEAD, _MIDDLE), (120, 76)),
        Region("around_eyes", pair(_EYES, _MIDDLE), (182, 116)),
        Region("nose_or_smile_lines", whole(_NOSE, _MIDDLE), (120, 144)),
        Region("cheeks", pair(_CHEEK, _MIDDLE), (173, 163)),
        Region("around_mouth", whole(_MOUTH, _MIDDLE), (120, 211)),
        Region("neck", whole(_UNDER_NECK, _MIDDLE), (120, 249)),
    ),
    _features(),
)

CHIN_AND_EYES = AreaMap(
    "chin_and_eyes",
    _VIEW,
    _head(),
    (
        Region("under_chin", whole(_UNDER_CHIN, _MIDDLE), (120, 238)),
        Region("eyelid_or_under_eye", pair(_LIDS, _MIDDLE), (186, 118)),
    ),
    _features(),
)
