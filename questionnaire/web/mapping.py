"""Maps of the scalp, face and body whose regions are labels of real checkboxes."""

from dataclasses import dataclass
from functools import lru_cache

from questionnaire.documents.pictures import (
    Drawing,
    area_details,
    area_ground,
    area_region,
    area_shapes,
)


@dataclass(frozen=True, slots=True)
class RegionShown:
    """One region: the place of its checkbox in the list beside the map, from 1, and its drawing."""

    place: int
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class MapShown:
    """One map, in layers: the ground, the regions, and the lines over them."""

    id: str
    ground: Drawing
    regions: tuple[RegionShown, ...]
    details: Drawing


@lru_cache(maxsize=64)
def maps_shown(map_ids: tuple[str, ...], options: tuple[str, ...]) -> tuple[MapShown, ...]:
    """Maps over a list of checkboxes, `options` being their ids in order."""
    places = {option: place for place, option in enumerate(options, start=1)}
    return tuple(
        MapShown(
            map_id,
            area_ground(map_id),
            tuple(
                RegionShown(place, area_region(map_id, shape.id, place))
                for shape in area_shapes(map_id)
                if (place := places.get(shape.id))
            ),
            area_details(map_id),
        )
        for map_id in map_ids
    )
