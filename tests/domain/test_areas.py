"""Areas on maps: what a patient chose, and what a clinician plans."""

import pytest

from questionnaire.documents.pictures.maps import area_shapes
from questionnaire.domain.answers import Choices, Withheld
from questionnaire.domain.areas import (
    MAPS_OF_QUESTION,
    PLACES_OF_MAP,
    SCALP_PLACES,
    AreaMap,
    areas_in_words,
    areas_of_answer,
    beyond_places,
    plan_areas,
    planned_id,
)
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.definition import Kind, Option, Question, Questionnaire, Section

FAT = Question(
    "fat_areas",
    "Where?",
    Kind.MULTIPLE,
    (Option("under_chin", "Under the chin"), Option("tummy", "Tummy"), Option("arms", "Arms")),
)
OTHER = Question("where_hair_is_thin", "Where?", Kind.MULTIPLE, (Option("crown", "Crown"),))
ASKED = Questionnaire.of([Section("body", "Body", (FAT, OTHER))], [])
BODY = (AreaMap.BODY_FRONT, AreaMap.BODY_BACK)


def test_an_answer_on_maps_keeps_its_maps_its_words_and_what_was_chosen() -> None:
    assert areas_of_answer(FAT, Choices(frozenset({"tummy", "arms"}))) == AreasText(
        MAPS_OF_QUESTION["fat_areas"],
        (("under_chin", "Under the chin"), ("tummy", "Tummy"), ("arms", "Arms")),
        ("arms", "tummy"),
    )


@pytest.mark.parametrize(
    ("question", "answer"),
    [(OTHER, Choices(frozenset({"crown"}))), (FAT, None), (FAT, Withheld.NOT_SURE)],
    ids=["no maps", "left open", "withheld"],
)
def test_nothing_is_drawn_without_maps_or_a_choice(
    question: Question, answer: Choices | Withheld | None
) -> None:
    assert areas_of_answer(question, answer) is None


def test_a_plan_offers_the_places_of_its_maps_in_the_words_patients_read() -> None:
    body, *others = plan_areas(ASKED, BODY, ["fat_areas.tummy", "scalp.crown", "nonsense"])
    assert others == []
    assert (body.name, body.maps, body.chosen) == ("fat_areas", BODY, ("tummy",))
    assert body.places == (("tummy", "Tummy"), ("arms", "Arms"))


def test_a_place_is_planned_only_on_a_map_that_shows_it() -> None:
    both = ["fat_areas.under_chin", "fat_areas.tummy"]
    (body,) = plan_areas(ASKED, BODY, both)
    assert body.chosen == ("tummy",)
    (fat,) = plan_areas(ASKED, (AreaMap.CHIN_AND_EYES, *BODY), both)
    assert fat.chosen == ("under_chin", "tummy")
    for name, places in PLACES_OF_MAP.items():
        assert {region.id for region in area_shapes(name)} == places


def test_the_scalp_has_words_of_its_own_and_stands_first() -> None:
    scalp, body = plan_areas(ASKED, (*BODY, AreaMap.SCALP), ["scalp.crown"], str.upper)
    assert scalp.chosen == ("crown",)
    assert dict(scalp.places)["crown"] == "CROWN"
    assert [key for key, _ in scalp.places] == [key for key, _ in SCALP_PLACES]
    assert body.chosen == ()


def test_chosen_places_are_said_in_the_order_of_the_maps() -> None:
    chosen = [planned_id("fat_areas", "arms"), planned_id("scalp", "crown"), "fat_areas.tummy"]
    areas = plan_areas(ASKED, (AreaMap.SCALP, *BODY), chosen)
    assert areas_in_words(areas) == ("Crown", "Tummy", "Arms")


def test_maps_of_questions_nobody_asks_are_left_out() -> None:
    assert plan_areas(ASKED, (AreaMap.FACE,)) == ()


@pytest.mark.parametrize(
    "words",
    [
        "Under the chin",
        " under  the CHIN. ",
        "Tummy, under the chin",
        "Under the chin; Tummy and arms",
        "Arms / tummy",
        "Debajo del mentón",
        "Debajo del mentón, arms",
        "أسفل الذقن، الذراعان",
    ],
)
def test_words_that_only_name_ticked_places_say_nothing_more(words: str) -> None:
    told = (
        ("Under the chin", "Tummy", "Arms"),
        ("Debajo del mentón", "Barriga", "Brazos"),
        ("أسفل الذقن", "البطن", "الذراعان"),
    )
    assert beyond_places(words, *told) == ""


@pytest.mark.parametrize(
    "words",
    [
        "Under the chin, left side only",
        "Under the chin and tummy",
        "Not under the chin",
        "Chin",
        "Under the chin, 2 cm",
        "?",
    ],
)
def test_words_that_say_more_than_the_ticked_places_stay_as_they_are(words: str) -> None:
    assert beyond_places(words, ("Under the chin", "Arms")) == words
