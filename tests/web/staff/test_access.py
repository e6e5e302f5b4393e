"""Who opened a record: each opening is one ledger entry, and the patient gets the list."""

from collections.abc import Callable
from html import unescape

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import access, archiving
from questionnaire.journey.house import House
from tests.clinics import ARCHIVIST, CLINICIAN, Stage
from tests.web.patient.reading_in import read_by
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, open_door

At = Callable[..., Stage]
StaffAt = Callable[..., tuple[Stage, Door]]


@pytest.mark.guarantees("S47")
@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/desk/visits/{}", "visit_read"),
        ("/archive/{}", "record_read"),
        ("/archive/{}/consent.pdf", "consent_read"),
        ("/archive/{}/readers", "readers_listed"),
    ],
)
def test_each_opening_of_a_record_is_one_entry_with_who_and_from_where(
    staff_at: StaffAt, path: str, action: str
) -> None:
    stage, door = staff_at(Station.SEALED, Role.CLINICIAN)
    before = len(stage.clinic.events(stage.visit_id))
    assert door.get(path.format(stage.visit_id)).status_code == 200
    (told,) = stage.clinic.events(stage.visit_id)[before:]
    assert (told.action, told.person.name, told.person.role, told.where) == (
        action,
        "Dr Ada Invented",
        Role.CLINICIAN,
        "address 127.0.0.1",
    )


@pytest.mark.guarantees("S47")
def test_the_review_is_one_entry_too(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SUBMITTED, Role.CLINICIAN)
    before = len(stage.clinic.events(stage.visit_id))
    door.read(f"/visits/{stage.visit_id}")
    told = stage.clinic.events(stage.visit_id)[before:]
    assert [one.action for one in told if one.action in access.READINGS] == ["review_read"]


def test_the_patient_reads_who_opened_what_and_when(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SEALED, Role.ARCHIVIST)
    archiving.open_consent(stage.house, ARCHIVIST, stage.visit_id, archiving.Purpose.PRINTED)
    page = unescape(door.read(f"/archive/{stage.visit_id}/readers"))
    for words in (
        "Who opened your record",
        "Dr Ada Invented</bdi>, Clinician",
        "Read your answers",
        "Archie Keepwell</bdi>, Archive",
        "Printed your signed document",
        "Made this list for you",
        "4 March 2031",
    ):
        assert words in page
    assert "Marigold" not in page, "a list left lying tells nobody's name but the readers'"


def test_the_list_is_in_the_patients_language(at: At) -> None:
    stage = read_by(at(Station.IN_PROGRESS), "es")
    door = enter_as(open_door(stage.clinic), Role.DESK)
    door.read(f"/desk/visits/{stage.visit_id}")
    page = door.read(f"/archive/{stage.visit_id}/readers")
    assert '<html lang="es"' in page
    assert "Abrió su visita en recepción" in page


def test_patients_steps_are_not_readings(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    found = access.readers(stage.house, CLINICIAN, stage.visit_id)
    assert {one.person.role for one in found.readings} == {Role.CLINICIAN}
    assert [one.what for one in found.readings][-1] == "Made this list for you"


def test_the_archive_leads_to_the_list(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.ARCHIVIST)
    assert f'href="/staff/archive/{stage.visit_id}/readers"' in door.read(
        f"/archive/{stage.visit_id}"
    )


@pytest.mark.guarantees("S47", "S55")
def test_what_the_worker_does_is_done_on_the_server(at: At) -> None:
    stage = at(Station.SEALED)
    sealed = stage.clinic.events(stage.visit_id)[-1]
    assert (sealed.action, sealed.where) == ("seal", "the server")
    assert isinstance(stage.house, House)
