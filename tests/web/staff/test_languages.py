"""Staff work in the clinic's language, whatever language a patient reads in."""

from collections.abc import Callable

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import turns
from tests.clinics import Stage
from tests.journeys.steps import ready_to_sign, send, sign
from tests.web.patient.reading_in import offering_drafts
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

At = Callable[..., Stage]


def test_the_desk_picks_from_the_languages_that_are_offered(at: At) -> None:
    stage = at(Station.ARRANGED)
    closed = enter_as(open_door(stage.clinic), Role.DESK).read("/desk/arrange")
    assert "Español" not in closed
    offering = offering_drafts(at(Station.ARRANGED))
    page = enter_as(open_door(offering.clinic), Role.DESK).read("/desk/arrange")
    assert all(name in page for name in ("English", "Español", "العربية"))


def test_a_document_read_in_arabic_is_countersigned_as_it_is(at: At) -> None:
    stage = offering_drafts(at(Station.CONSENT_READY))
    turn = ready_to_sign(stage, "ar")
    sign(stage, turn)
    door = enter_as(open_door(stage.clinic), Role.CLINICIAN)
    page = door.read(f"/visits/{stage.visit_id}/countersign")
    assert '<html lang="en" dir="ltr"' in page
    assert 'id="document" lang="ar" dir="rtl"' in page
    assert "This is the very document the patient signed." in page
    document = page.partition('id="document"')[2].partition("</form>")[0]
    assert stage.house.speech("ar").say("Who this is about") in document
    assert "Who this is about" not in document
    asked = stage.house.speech("ar").library.questionnaire.questions["recent_blood_count"].text
    assert f'<th scope="row">{asked} ' in document


def test_a_review_stays_in_the_clinics_language(at: At) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    turn = turns.read_in(stage.house, stage.walk.turn(), "ar")
    send(stage, turn)
    door = enter_as(open_door(stage.clinic), Role.CLINICIAN)
    page = door.read(f"/visits/{stage.visit_id}")
    here, there = stage.house.library, stage.house.speech("ar").library
    assert here.questionnaire.questions["sex_at_birth"].text in page
    assert there.questionnaire.questions["sex_at_birth"].text not in page
