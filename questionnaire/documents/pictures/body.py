"""The body from the front and from behind, from the head to the knees; no one's shape, no sex."""

from questionnaire.documents.pictures.areas import AreaMap, Region
from questionnaire.documents.pictures.curves import Place, pair, whole
from questionnaire.documents.pictures.pen import ROUND, SKIN, SKIN_LINE, Size, ellipse, path

_VIEW: Size = (200, 400)
_MIDDLE = 100.0
_HAIR = "#cbb8a4"

_OUTLINE = (
    (0, 62), (10, 62), (11, 74), (20, 82), (40, 88), (53, 98), (58, 116), (61, 140), (66, 164),
    (72, 190), (78, 220), (83, 238), (85, 254), (80, 266), (74, 262), (72, 246), (67, 228),
    (58, 200), (52, 178), (47, 156), (43, 136), (41, 132), (40, 140), (38, 160), (35, 178),
    (37, 198), (43, 218), (47, 240), (48, 268), (46, 300), (42, 334), (38, 360), (37, 384),
    (38, 412), (14, 412), (14, 384), (12, 360), (10, 330), (6, 290), (3, 262), (0, 256),
)  # fmt: skip
_CHEST = ((0, 106), (18, 101), (33, 106), (37, 120), (36, 138), (24, 145), (0, 143))
_TUMMY = ((0, 150), (18, 151), (20, 170), (19, 192), (21, 214), (14, 232), (0, 237))
_SIDE: tuple[Place, ...] = (
    (24, 152), (36, 146), (34, 166), (32, 180), (34, 198),
    (40, 220), (40, 232), (28, 232), (26, 212),
    (24, 190),
)  # fmt: skip
_THIGH: tuple[Place, ...] = (
    (8, 256), (26, 244), (44, 240), (45, 268), (43, 300),
    (39, 334), (14, 334), (12, 310), (9, 284),
)  # fmt: skip
_ARM: tuple[Place, ...] = (
    (45, 98), (51, 106), (55, 122), (58, 142), (62, 164),
    (66, 184), (57, 188), (52, 170), (47, 150),
    (43, 128), (41, 110),
)  # fmt: skip
_BACK = (
    (0, 96), (18, 94), (34, 100), (38, 118), (37, 142),
    (34, 166), (32, 180), (35, 202), (40, 222),
    (24, 230), (0, 230),
)  # fmt: skip
_BACK_OF_THIGH: tuple[Place, ...] = (
    (10, 291), (22, 287), (38, 284), (45, 281), (43, 304), (39, 336), (15, 336), (13, 314),
)  # fmt: skip
_FRONT_HAIR = ((0, 8), (15, 12), (24, 26), (24, 40), (20, 34), (14, 24), (0, 22))
_BACK_HAIR = ((0, 8), (15, 12), (24, 26), (24, 44), (19, 58), (8, 64), (0, 65))


def _figure(hair: tuple[Place, ...], details: str) -> str:
    return "".join(
        (
            path(whole(_OUTLINE, _MIDDLE), SKIN, SKIN_LINE, 1.6),
            ellipse((_MIDDLE, 38), (21, 27), SKIN, SKIN_LINE, 1.6),
            path(whole(hair, _MIDDLE), _HAIR, SKIN_LINE, 1.6),
            path(details, stroke=SKIN_LINE, width=1.4, extra=ROUND),
        )
    )


_FACE = "M91 35h3M106 35h3M100 38v7h-3M94 52q6 4 12 0"
_NAVEL = "M100 196v5"
_SEAT = "M100 236V270M58 272Q80 290 98 274M142 272Q120 290 102 274"
_SPINE = "M100 104V222"

BODY_FRONT = AreaMap(
    "body_front",
    _VIEW,
    _figure(_FRONT_HAIR, _FACE),
    (
        Region("male_chest", whole(_CHEST, _MIDDLE), (100, 122)),
        Region("tummy", whole(_TUMMY, _MIDDLE), (100, 176)),
        Region("sides_or_back", pair(_SIDE, _MIDDLE), (130, 214)),
        Region("thighs", pair(_THIGH, _MIDDLE), (128, 292)),
        Region("arms", pair(_ARM, _MIDDLE), (154, 146)),
    ),
    path(_NAVEL, stroke=SKIN_LINE, width=1.4, extra=ROUND),
)

BODY_BACK = AreaMap(
    "body_back",
    _VIEW,
    _figure(_BACK_HAIR, _SEAT),
    (
        Region("sides_or_back", whole(_BACK, _MIDDLE), (100, 160)),
        Region("thighs", pair(_BACK_OF_THIGH, _MIDDLE), (128, 308)),
        Region("arms", pair(_ARM, _MIDDLE), (154, 146)),
    ),
    path(_SPINE, stroke=SKIN_LINE, width=1.2, extra=ROUND),
)
