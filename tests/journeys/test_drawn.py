"""Areas, pictures and worries on their way: from the form and the plan to the sealed document."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from questionnaire.documents.proofread import attached, page_texts
from questionnaire.domain.answers import Choices
from questionnaire.domain.consent_words import plan_text
from questionnaire.domain.language import listed
from questionnaire.domain.review import Plan, Review
from questionnaire.domain.visit import Station
from questionnaire.journey import asking, consenting, deciding
from questionnaire.journey.archiving import Purpose, open_consent
from tests.clinics import ARCHIVIST, CLINICIAN, Stage
from tests.journeys.steps import answer, reply_to_words, review, send

At = Callable[..., Stage]
FACE, FAT, PRP = "mesotherapy_face", "fat_dissolving", "prp_injections"


def plan(stage: Stage, treatment: str, *places: str, areas: str = "") -> None:
    written = Plan(treatments=(treatment,), areas=areas, places=places)
    deciding.save_plan(stage.house, CLINICIAN, stage.visit_id, written, key=stage.key())


def sealed(stage: Stage) -> tuple[dict[str, Any], str]:
    """The record inside the sealed document, and the words on its pages."""
    document = open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    record: dict[str, Any] = json.loads(attached(document, "record.json") or b"")
    return record, " ".join(" ".join(page_texts(document)).split())


def test_the_areas_and_pictures_a_patient_picked_are_shown_to_the_clinician(at: At) -> None:
    stage = at(Station.IN_PROGRESS, FAT)
    turn = stage.walk.turn()
    answer(stage, turn, "fat_areas", Choices(frozenset({"tummy", "arms"})))
    answer(stage, turn, "skin_type_picture", 4)
    answer(stage, turn, "hernia", "no")
    send(stage, turn)
    drawn = {one.question_id: one for one in review(stage).drawn}
    assert drawn["skin_type_picture"].picture == "4"
    areas = drawn["fat_areas"].areas
    assert areas is not None
    assert areas.chosen == ("arms", "tummy")
    assert dict(areas.places)["tummy"] == "Tummy"


@pytest.mark.parametrize(
    ("treatment", "name"),
    [
        (PRP, "scalp"),
        ("mesotherapy_hair", "scalp"),
        (FACE, "face_areas"),
        (FAT, "fat_areas"),
        ("mesotherapy_cellulite", "fat_areas"),
    ],
)
def test_each_treatment_is_planned_on_its_own_maps(at: At, treatment: str, name: str) -> None:
    (areas,) = review(at(Station.SUBMITTED, treatment)).areas
    assert (areas.name, areas.chosen) == (name, ())


def test_places_are_kept_with_the_plan_and_those_of_other_maps_are_left_out(at: At) -> None:
    stage = at(Station.SUBMITTED)
    plan(stage, PRP, "scalp.crown", "scalp.sides", "face_areas.cheeks", "scalp.nowhere")
    page = review(stage)
    assert page.plan.places == ("scalp.crown", "scalp.sides")
    assert page.areas[0].chosen == ("crown", "sides")
    plan(stage, FACE, "scalp.crown", "face_areas.cheeks")
    assert review(stage).plan.places == ("face_areas.cheeks",)


def test_places_alone_say_where_and_words_may_be_added(at: At) -> None:
    stage = at(Station.SUBMITTED)
    missing = "The plan does not state the areas."
    assert missing in review(stage).blocks
    plan(stage, PRP, "scalp.crown")
    assert missing not in review(stage).blocks
    plan(stage, PRP, areas="Behind the ears")
    assert missing not in review(stage).blocks


def test_what_is_planned_on_a_map_is_read_signed_and_printed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    reading = consenting.reading(stage.house, stage.walk.turn())
    own = reading.own[PRP]
    assert (own.places, own.where) == ("Front hairline", "As drawn with the patient")
    (areas,) = own.maps
    assert (areas.maps, areas.chosen) == (("scalp",), ("front_hairline",))


@pytest.mark.parametrize("code", ["en", "es", "ar"])
@pytest.mark.parametrize("words", ["Crown", "crown.", "Sides, crown"])
def test_a_place_that_is_ticked_and_written_is_said_once(at: At, code: str, words: str) -> None:
    stage = at(Station.SUBMITTED)
    plan(stage, PRP, "scalp.crown", "scalp.sides", areas=words)
    now, told = review(stage).plan, stage.house.speech(code)
    assert now.areas == words, "the clinician's box keeps what was typed"
    printed = plan_text(stage.house.library, Review(plan=now), told).areas
    assert printed.splitlines() == [listed((told.say("Crown"), told.say("Sides")), told.say)]
    more = replace(now, areas=f"{words}, and behind the ears")
    assert plan_text(stage.house.library, Review(plan=more), told).areas.endswith(more.areas)


def test_worries_reach_the_clinician_the_reply_and_the_sealed_document(at: At) -> None:
    stage = at(Station.SUBMITTED)
    words = [(one.question, one.answer) for one in review(stage).patient_words]
    worry = ("What worries you?", "That it hurts, and that people at work will see it.")
    assert words[-1] == worry
    reply_to_words(stage, "We numb the skin first.")
    assert review(stage).reply_to_words == "We numb the skin first."


def test_the_sealed_document_carries_worries_areas_and_what_was_drawn(at: At) -> None:
    record, words = sealed(at(Station.SEALED, FACE))
    assert record["patient_words"][-1]["question_id"] == "worries"
    assert "What worries you? That it hurts, and that people at work will see it." in words
    assert record["plan"]["maps"][0]["chosen"] == ["forehead_or_between_brows"]
    assert "Where Forehead or between the brows As drawn with the patient" in words
    answers = {one["question_id"]: one for one in record["answers"]}
    assert answers["face_areas"]["areas"]["chosen"]
    assert answers["skin_type_picture"]["picture"] == "1"


def test_nobody_who_wrote_nothing_is_said_to_worry(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    asking.keep_worries(stage.house, turn, "Needles.", key=stage.key())
    asking.keep_worries(stage.house, turn, " ", key=stage.key())
    send(stage, turn)
    assert [one.question_id for one in review(stage).patient_words] == ["in_your_own_words"]
