"""A drawing whose regions can be chosen: what every map of the scalp, face and body is made of.

Regions carry the ids of the options they stand for. Left and right are the patient's own: a head
seen from above has them as the patient has; a map is never mirrored for a language.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from questionnaire.documents.pictures.curves import Place
from questionnaire.documents.pictures.pen import (
    BRAND,
    INK,
    LINE,
    PALE,
    PAPER,
    ROUND,
    Drawing,
    Size,
    drawing,
    number,
    path,
)

_BADGE, _REACH = 13, 18
_DIGITS = (
    "M-1.7-2.6L.6-4.5V4.5",
    "M-2.7-2.5C-2.5-5.3 2.7-5.4 2.7-2C2.7 .4-1.6 2-2.7 4.4H2.9",
    "M-2.5-3.5C-.6-5.4 2.5-4.7 2.4-2.3C2.3-.4 .5-.1-.5-.1C.7-.1 2.9 .3 2.8 2.3C2.7 5-1 5.2-2.8 3.5",
    "M1.2 4.5V-4.4L-3 1.9H3.2",
    "M2.4-4.4H-2L-2.4-.3C-.8-1.3 2.7-1.1 2.7 1.7C2.7 4.8-1 5.2-2.7 3.6",
    "M2-4C-1-5.3-2.8-2.4-2.7 .9C-2.7 6 2.8 5.4 2.8 1.7C2.8-1.5-1.9-1.7-2.6 1.3",
    "M-2.8-4.4H2.8L-.9 4.5",
    "M0-.4C-3.2-1-3-4.5 0-4.5S3.2-1 0-.4C-3.8 .2-3.5 4.5 0 4.5S3.8 .2 0-.4Z",
    "M-2 4C1 5.3 2.8 2.4 2.7-.9C2.7-6-2.8-5.4-2.8-1.7C-2.8 1.5 1.9 1.7 2.6-1.3",
)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a map: the option it stands for, its outline, and where its number goes."""

    id: str
    path: str
    label_xy: Place


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A map: its size, what lies under and over the regions, and the regions in reading order."""

    id: str
    view: Size
    under: str
    regions: tuple[Region, ...]
    over: str = ""


def ground(area_map: AreaMap) -> Drawing:
    """The drawing without any region, to lay real checkboxes over; it says nothing to a voice."""
    return drawing(f"{area_map.id} picture--areas", area_map.view, "", area_map.under)


def chosen_areas(
    area_map: AreaMap, chosen: Collection[str], labels: Mapping[str, str], words: str
) -> Drawing:
    """The whole map with the chosen regions filled and every region numbered.

    A region's number is the place of its id in `labels`, counted from 1.
    """
    numbers = {key: place for place, key in enumerate(labels, 1)}
    fills = [_region(each, chosen=each.id in chosen) for each in area_map.regions]
    badges = [
        _badge(each, numbers[each.id], chosen=each.id in chosen)
        for each in area_map.regions
        if each.id in numbers
    ]
    return drawing(
        f"{area_map.id} picture--areas",
        area_map.view,
        words,
        area_map.under,
        *fills,
        area_map.over,
        *badges,
    )


def one_region(area_map: AreaMap, region_id: str, place: int) -> Drawing:
    """One region with its number, on the whole map's size and with nothing else.

    Shaped to be the inside of a checkbox's label: the classes `area`, `area__badge` and
    `area__number` let the stylesheet show whether it is chosen, and a tap just beside the number
    counts too (`area__reach`).
    """
    region = next(each for each in area_map.regions if each.id == region_id)
    reach = _ring(*region.label_xy, _REACH)
    return drawing(
        f"{area_map.id} picture--region",
        area_map.view,
        "",
        _region(region, chosen=False),
        path(reach, extra='class="area__reach" pointer-events="all"'),
        _badge(region, place, chosen=False),
    )


def _region(region: Region, *, chosen: bool) -> str:
    fill, line = (BRAND, BRAND) if chosen else (PALE, LINE)
    return path(region.path, fill, line, 1.6, f'class="area" {ROUND}')


def _badge(region: Region, place: int, *, chosen: bool) -> str:
    """The number in a round badge, drawn by strokes so that no font is needed."""
    ink, paper = (PAPER, INK) if chosen else (INK, PAPER)
    x, y = region.label_xy
    pen = f'transform="translate({number(x)} {number(y)}) scale(1.5)"'
    return "".join(
        (
            path(_ring(x, y, _BADGE), paper, ink, 1.4, 'class="area__badge"'),
            path(_DIGITS[place - 1], "none", ink, 1.3, f'class="area__number" {pen} {ROUND}'),
        )
    )


def _ring(x: float, y: float, radius: int) -> str:
    arc = f"a{radius} {radius} 0 1 1"
    return f"M{number(x - radius)} {number(y)}{arc} {2 * radius} 0{arc}-{2 * radius} 0Z"
