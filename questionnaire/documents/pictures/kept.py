"""Pictures drawn from what a record keeps: the same on the screen and in the sealed document."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from questionnaire.documents.pictures.answers import answer_picture
from questionnaire.documents.pictures.maps import area_map, shown_on
from questionnaire.documents.pictures.pen import Drawing
from questionnaire.documents.pictures.people import BENEFIT, HARM, icon_array
from questionnaire.documents.pictures.results import strip
from questionnaire.domain.findings import Gain, NoGain, ResultsPicture
from questionnaire.domain.pictures import Group

Kept = Mapping[str, Any]
"""A part of a record's JSON, such as one `PeopleText`."""


def people_drawn(people: Kept, words: str = "") -> Drawing:
    """How many people a harm happened to. `words` are for a voice; empty where they stand beside.

    Args:
        people: a `PeopleText`.
        words: what a voice says.
    """
    return icon_array(_group(people), words, HARM)


def helped_drawn(people: Kept, words: str = "") -> Drawing:
    """How many people got better; otherwise as `people_drawn`."""
    return icon_array(_group(people), words, BENEFIT)


def finding_drawn(finding: Kept, results: Kept, words: str = "") -> Drawing:
    """One study's gain, or that it found none, on the scale of the whole picture.

    Args:
        finding: a `FindingText` of kind gain or no_gain.
        results: the `ResultsText` it belongs to.
        words: what a voice says.
    """
    others = tuple(_finding(each) for each in results["findings"])
    scale = ResultsPicture(results["measures"], results["against"], others)
    return strip(_finding(finding), scale, words)


def areas_drawn(areas: Kept, *, spoken: bool = False) -> list[Drawing]:
    """The maps of an `AreasText` on which something was chosen.

    Args:
        areas: the `AreasText`.
        spoken: whether a voice says the chosen places; not where they stand beside the maps.
    """
    labels = dict(areas["places"])
    drawn = []
    for map_id in areas["maps"]:
        here = shown_on(map_id, areas["chosen"])
        words = "; ".join(labels[each] for each in here) if spoken else ""
        if here:
            drawn.append(area_map(map_id, here, labels, words))
    return drawn


def answer_drawn(answer: Kept, words: str = "") -> Drawing:
    """The picture that an `AnswerText` with a `picture` picked."""
    return answer_picture(answer["question_id"], int(answer["picture"]), words)


def _group(people: Kept) -> Group:
    filled, perhaps = int(people["filled"]), int(people["perhaps"])
    return Group(int(people["base"]), Fraction(filled), Fraction(filled + perhaps))


def _finding(finding: Kept) -> Gain | NoGain:
    if finding["kind"] == "no_gain":
        return NoGain(finding["label"])
    mean, low, high = (Fraction(finding[key]) for key in ("mean", "low", "high"))
    return Gain(finding["label"], mean, low, high)
