"""The maps people point at, and which questions they belong to."""

from collections.abc import Collection, Mapping

from questionnaire.documents.pictures.areas import AreaMap, Region, chosen_areas, ground, one_region
from questionnaire.documents.pictures.body import BODY_BACK, BODY_FRONT
from questionnaire.documents.pictures.face import CHIN_AND_EYES, FACE
from questionnaire.documents.pictures.pen import Drawing, Size, drawing
from questionnaire.documents.pictures.scalp import SCALP
from questionnaire.domain.areas import MAPS_OF_QUESTION

_MAPS: Mapping[str, AreaMap] = {
    each.id: each for each in (SCALP, FACE, CHIN_AND_EYES, BODY_FRONT, BODY_BACK)
}


def maps_for(question_id: str) -> tuple[str, ...]:
    """The ids of the maps that show a question's options; none for most questions."""
    return MAPS_OF_QUESTION.get(question_id, ())


def shown_on(map_id: str, places: Collection[str]) -> list[str]:
    """Those of the places that are on the map, in reading order."""
    return [each.id for each in _MAPS[map_id].regions if each.id in places]


def area_size(map_id: str) -> Size:
    """Width and height of a map's view box."""
    return _MAPS[map_id].view


def area_shapes(map_id: str) -> tuple[Region, ...]:
    """The regions of a map, in reading order, to lay labels of real checkboxes over it."""
    return _MAPS[map_id].regions


def area_ground(map_id: str) -> Drawing:
    """The bare drawing under the regions; it says nothing to a voice."""
    return ground(_MAPS[map_id])


def area_details(map_id: str) -> Drawing:
    """The lines over the regions (eyes, mouth, spine), to lay on top of the labels."""
    return drawing(f"{map_id} picture--details", area_size(map_id), "", _MAPS[map_id].over)


def area_region(map_id: str, region_id: str, place: int) -> Drawing:
    """One region and its number (1 to 9): the inside of its checkbox's label."""
    return one_region(_MAPS[map_id], region_id, place)


def area_map(
    map_id: str, chosen: Collection[str], labels: Mapping[str, str], words: str
) -> Drawing:
    """The map with the chosen regions filled and the regions numbered as in `labels`.

    Args:
        map_id: one of `maps_for` a question.
        chosen: option ids; those that the map does not show are left out.
        labels: option id → words, in the order of the question; the place is the number.
        words: what a voice says, empty where the chosen areas are listed beside the map.
    """
    return chosen_areas(_MAPS[map_id], chosen, labels, words)
