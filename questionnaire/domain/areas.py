"""Areas of the scalp, face and body that people point at: which maps show them, in which words.

A map's regions carry the ids of options, so that an answer and a map speak of the same places.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.definition import Question, Questionnaire
from questionnaire.domain.language import Say, in_english, to_say


class AreaMap(StrEnum):
    """The maps there are."""

    SCALP = "scalp"
    FACE = "face"
    CHIN_AND_EYES = "chin_and_eyes"
    BODY_FRONT = "body_front"
    BODY_BACK = "body_back"


MAPS_OF_QUESTION: Mapping[str, tuple[AreaMap, ...]] = {
    "face_areas": (AreaMap.FACE,),
    "fat_areas": (AreaMap.CHIN_AND_EYES, AreaMap.BODY_FRONT, AreaMap.BODY_BACK),
}
PLACES_OF_MAP: Mapping[AreaMap, frozenset[str]] = {
    AreaMap.CHIN_AND_EYES: frozenset({"under_chin", "eyelid_or_under_eye"}),
}
"""Places that stand on one map alone where a question has several: no other map plans them."""
SCALP_PLACES: tuple[tuple[str, str], ...] = (
    ("front_hairline", to_say("Front hairline")),
    ("left_temple", to_say("Left temple")),
    ("right_temple", to_say("Right temple")),
    ("mid_scalp", to_say("Top of the head")),
    ("crown", to_say("Crown")),
    ("sides", to_say("Sides")),
    ("back", to_say("Back of the head")),
)
"""Nobody is asked about these: the clinician plans them. Left and right are the patient's own."""

_PARTED = re.compile(r"[,;،؛·•/&+|\n]|\band\b")
"""What parts the places that a clinician writes in one line."""
_WORDS = re.compile(r"\w+")


def areas_of_answer(question: Question, answer: Answer | None) -> AreasText | None:
    """The areas a patient chose, ready to be drawn; None for a question without maps."""
    maps = MAPS_OF_QUESTION.get(question.id, ())
    if not maps or not isinstance(answer, Choices):
        return None
    return AreasText(maps, _places(question), tuple(sorted(answer.yes)))


def plan_areas(
    questionnaire: Questionnaire,
    maps: Collection[AreaMap],
    chosen: Iterable[str] = (),
    say: Say = in_english,
) -> tuple[AreasText, ...]:
    """The areas a clinician can plan on some maps, those that share their words together.

    A place of a map that is not among them is left out. `chosen` are places such as `scalp.crown`:
    what an id of `planned` looks like.
    """
    picked = frozenset(chosen)
    elsewhere = frozenset[str]().union(
        *(places for each, places in PLACES_OF_MAP.items() if each not in maps)
    )
    return tuple(
        AreasText(
            shown,
            places,
            tuple(key for key, _ in places if planned_id(name, key) in picked),
            name,
        )
        for name, known, every in _sets(questionnaire, say)
        for places in [tuple(one for one in every if one[0] not in elsewhere)]
        if (shown := tuple(each for each in known if each in maps))
    )


def planned_id(name: str, place: str) -> str:
    """How a planned place is posted and kept."""
    return f"{name}.{place}"


def areas_in_words(areas: Iterable[AreasText]) -> tuple[str, ...]:
    """The chosen places in words, in the order of the maps."""
    return tuple(words for each in areas for key, words in each.places if key in each.chosen)


def beyond_places(words: str, *told: Iterable[str]) -> str:
    """The clinician's own words about where, or nothing when they only name places ticked anyway.

    `told` are the words of those places, once for each language they may be written in.
    """
    ticked = {_plain(place) for places in told for place in places}
    pieces = {_plain(piece) for piece in _PARTED.split(words)} - {""}
    return "" if pieces and pieces <= ticked else words


def _plain(words: str) -> str:
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", words).casefold()))


def _sets(
    questionnaire: Questionnaire, say: Say
) -> Iterator[tuple[str, tuple[AreaMap, ...], tuple[tuple[str, str], ...]]]:
    """Every set of places: its name, its maps, and the words of each place."""
    scalp = tuple((key, say(words)) for key, words in SCALP_PLACES)
    yield AreaMap.SCALP, (AreaMap.SCALP,), scalp
    for key, maps in MAPS_OF_QUESTION.items():
        if question := questionnaire.questions.get(key):
            yield key, maps, _places(question)


def _places(question: Question) -> tuple[tuple[str, str], ...]:
    return tuple((option.id, option.text) for option in question.options)
