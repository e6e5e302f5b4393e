"""What the patient pointed at, and the plan's maps, on the review page."""

import re
from collections.abc import Callable

from questionnaire.domain.answers import Choices
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.review_page import review
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import answer, send
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, open_door

At = Callable[..., Stage]
StaffAt = Callable[..., tuple[Stage, Door]]


def plan(door: Door, stage: Stage, *places: str) -> None:
    fields: dict[str, object] = {
        "treatments": list(stage.walk.visit.treatments),
        "places": list(places),
        "seen": review(stage.house, CLINICIAN, stage.visit_id).seen,
    }
    assert door.post(f"/visits/{stage.visit_id}/plan", fields).status_code == 303


def test_areas_and_pictures_the_patient_chose_are_drawn_beside_their_words(at: At) -> None:
    stage = at(Station.IN_PROGRESS, "fat_dissolving")
    turn = stage.walk.turn()
    answer(stage, turn, "fat_areas", Choices(frozenset({"tummy"})))
    answer(stage, turn, "hernia", "no")
    answer(stage, turn, "skin_type_picture", 5)
    send(stage, turn)
    page = enter_as(open_door(stage.clinic), Role.CLINICIAN).read(f"/visits/{stage.visit_id}")
    panel = page[page.index("What the patient pointed at") :]
    panel = panel[: panel.index("</section>")]
    assert panel.count("<figure") == 2
    assert 'class="picture picture--body_front picture--areas"' in panel
    assert "picture--chin_and_eyes" not in panel, "only maps with a chosen area"
    assert 'class="picture picture--skin-type"' in panel
    assert "Tummy" in panel


def test_the_plan_keeps_what_is_ticked_on_its_map(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SUBMITTED)
    page = door.read(f"/visits/{stage.visit_id}")
    assert page.count('name="places"') == 7
    assert 'value="scalp.crown" checked' not in page
    plan(door, stage, "scalp.crown", "scalp.left_temple", "fat_areas.tummy")
    page = door.read(f"/visits/{stage.visit_id}")
    ticked = re.findall(r'name="places" value="([a-z_.]+)" checked', page)
    assert ticked == ["scalp.left_temple", "scalp.crown"]


def test_each_region_of_the_plans_map_is_a_label_of_its_box(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SUBMITTED)
    page = door.read(f"/visits/{stage.visit_id}")
    boxes = re.findall(r'class="input--(\d)" id="([a-z_0-9-]+)" name="places"', page)
    labels = re.findall(r'class="map__label map__label--(\d)" for="([a-z_0-9-]+)"', page)
    assert sorted(labels) == sorted(boxes)
    assert len(boxes) == 7
