"""Every picture people meet, drawn by us: answers, maps, risks and results, as SVG text."""

from questionnaire.documents.pictures.answers import answer_picture, has_picture
from questionnaire.documents.pictures.areas import Region
from questionnaire.documents.pictures.maps import (
    area_details,
    area_ground,
    area_map,
    area_region,
    area_shapes,
    area_size,
    maps_for,
)
from questionnaire.documents.pictures.pen import Drawing
from questionnaire.documents.pictures.people import BENEFIT, HARM, icon_array
from questionnaire.documents.pictures.results import strip

__all__ = [
    "BENEFIT",
    "HARM",
    "Drawing",
    "Region",
    "answer_picture",
    "area_details",
    "area_ground",
    "area_map",
    "area_region",
    "area_shapes",
    "area_size",
    "has_picture",
    "icon_array",
    "maps_for",
    "strip",
]
