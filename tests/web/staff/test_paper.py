"""The form on paper: everything that may be asked, nothing about the patient, and a way back."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from questionnaire.domain.language import in_english
from questionnaire.domain.visit import Role, Station
from questionnaire.domain.whole_form import whole_form
from questionnaire.records.visits import set_language
from tests.clinics import PRP, Stage
from tests.web.patient.reading_in import offering_drafts
from tests.web.staff.door import Door

StaffAt = Callable[..., tuple[Stage, Door]]


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(
        unescape(re.sub(r"<(script|svg).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)).split()
    )


def test_the_paper_asks_what_the_tablet_may_ask_and_names_nobody(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    reference = stage.clinic.visit(stage.visit_id).reference
    assert f"/desk/visits/{stage.visit_id}/paper" in door.read(f"/desk/visits/{stage.visit_id}")
    html = door.read(f"/desk/visits/{stage.visit_id}/paper")
    told = words(html)
    parts = whole_form(stage.house.library.questionnaire, {PRP}, in_english)
    for one in (one for part in parts for one in part.questions):
        assert f"{one.number}. {one.question.text}" in told
        assert all(it.text in told for it in one.question.options if not it.exclusive)
    assert told.count(reference) == 2
    assert re.fullmatch(r"[0-9A-F]{4}(-[0-9A-F]{4}){2}", reference)
    assert "Aurelia Clinic" in told
    secrets = ("Marigold", "1979", stage.walk.code, stage.walk.code.replace("-", ""))
    assert [word for word in secrets if word in html] == []
    assert "style=" not in html


def test_the_paper_is_in_the_language_of_the_visit(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    offering = offering_drafts(stage)
    with offering.house.database.write() as tx:
        set_language(tx, stage.clinic.visit(stage.visit_id), "ar")
    door.app.extensions["house"] = offering.house
    html = door.read(f"/desk/visits/{stage.visit_id}/paper")
    assert '<html lang="ar" dir="rtl"' in html
    assert "clinic.rtl.css" in html
    assert offering.house.speech("ar").say("Health form on paper") in html


def test_the_reference_leads_back_to_the_visit_however_it_is_typed(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    reference = stage.clinic.visit(stage.visit_id).reference
    for typed in (reference, f" {reference.lower().replace('-', ' ')} "):
        answer = door.get("/desk/paper", query_string={"reference": typed})
        assert answer.location == f"/staff/desk/visits/{stage.visit_id}"


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "%", "K7MX-4PQ2"])
def test_a_reference_of_no_visit_is_asked_again_beside_its_box(
    staff_at: StaffAt, typed: str
) -> None:
    _, door = staff_at(Station.ARRANGED, Role.DESK)
    answer = door.get("/desk/paper", query_string={"reference": typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "No visit has this reference." in page
    assert 'id="reference-error"' in page
    assert f'id="reference" name="reference" type="text" value="{typed}"' in page
    assert 'href="/staff/desk"' in page
