"""From where people act: the ledger says it of each entry, and tells no address of a patient."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role, Station
from tests.clinics import Clinic, Stage
from tests.journeys.test_home_links import make
from tests.web.patient.tablet import Tablet
from tests.web.patient.test_enrolling import make_known
from tests.web.patient.test_home_link import open_link
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

pytestmark = pytest.mark.guarantees("S47")
At = Callable[..., Stage]


def save(tablet: Tablet) -> None:
    """One page saved, as it stands."""
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "None"})


def where(clinic: Clinic, visit_id: str) -> dict[str, str]:
    """Action → place of the last entries about a visit."""
    return {event.action: event.where for event in clinic.events(visit_id)}


def test_a_device_nobody_knows_is_called_so_and_its_address_is_not_kept(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    save(tablet)
    found = where(stage.clinic, stage.visit_id)
    assert found["turn_started"] == found["page_saved"] == "a device that is not known"


def test_a_known_tablet_is_named_by_its_id(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    tablet_id = make_known(tablet, clinic)
    tablet.open("/")
    tablet.post({"code": walk.code})
    tablet.post({"me": "yes"})
    save(tablet)
    found = where(clinic, walk.visit.id)
    assert found["turn_started"] == found["page_saved"] == f"tablet {tablet_id}"


def test_a_form_at_home_is_said_to_be(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    phone = Tablet(clinic)
    open_link(phone, make(clinic, visit_id))
    save(phone)
    assert where(clinic, visit_id)["page_saved"] == "a home link"


def test_a_try_with_an_unknown_address_is_kept_without_the_address(clinic: Clinic) -> None:
    door = open_door(clinic)
    for email in ("eve@elsewhere.example", "EVE@elsewhere.example", "mallory@elsewhere.example"):
        door.sign_in(email, "wrong")
    with clinic.house.database.read() as tx:
        rows = tx.connection.exec_driver_sql(
            "SELECT subject, actor_role FROM ledger WHERE action = 'sign_in_refused'"
        ).fetchall()
    assert len(rows) == 3
    assert {role for _, role in rows} == {"stranger"}
    subjects = [subject for subject, _ in rows]
    assert subjects[0] == subjects[1] != subjects[2]
    assert all(subject.startswith("unknown:") and "@" not in subject for subject in subjects)
    (told, _) = clinic.events(subjects[0])
    assert told.where == "address 127.0.0.1"


def test_staff_are_at_their_address(clinic: Clinic) -> None:
    door = enter_as(open_door(clinic), Role.DESK)
    visit_id = clinic.arrange().visit.id
    door.post(f"/desk/visits/{visit_id}/code")
    assert where(clinic, visit_id)["code_given"] == "address 127.0.0.1"
