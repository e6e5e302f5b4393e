"""The page of tablets, the PIN of one's own, and the staff door that stays shut on tablets."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Role
from questionnaire.journey import locking, tablets
from tests.clinics import ADMINISTRATOR
from tests.web.staff.door import MOUNT, Door, field
from tests.web.staff.routes import addresses


@pytest.fixture
def office(signed_in: Callable[..., Door]) -> Door:
    """An administrator's browser."""
    return signed_in(Role.ADMINISTRATOR)


def code_on(page: str) -> str:
    """The code the page shows."""
    return page.partition('class="tablet-code" dir="ltr">')[2].partition("<")[0]


def test_a_tablet_is_made_known_seen_and_taken_out(office: Door) -> None:
    assert office.post("/tablets", {"name": "Waiting room 1"}).location == "/staff/tablets"
    page = office.read("/tablets")
    assert "Waiting for its code" in page
    assert "http://127.0.0.1:8000/tablet" in page
    code = code_on(page)
    assert code_on(office.read("/tablets")) == "", "shown once"
    tablets.enrol(office.clinic.house, code, device="tablet")
    page = office.read("/tablets")
    assert "last seen today at 09:30" in page
    (tablet,) = tablets.tablets(office.clinic.house, ADMINISTRATOR)
    assert office.post(f"/tablets/{tablet.id}/out").status_code == 303
    page = office.read("/tablets")
    assert "Taken out today at" in page
    assert "Take it out now" not in page
    assert office.post(f"/tablets/{tablet.id}/out").status_code == 404
    assert office.clinic.actions(tablet.id) == [
        "tablet_code_given",
        "tablet_enrolled",
        "tablet_revoked",
    ]


def test_a_code_that_was_never_typed_is_told_as_out_of_date(office: Door) -> None:
    tablets.expect_tablet(office.clinic.house, ADMINISTRATOR, "Forgotten")
    office.clinic.clock.forward(tablets.CODE_LIVES)
    office.sign_in("strator@clinic.example")
    assert "out of date" in office.read("/tablets")


def test_a_tablet_without_a_name_is_not_expected(office: Door) -> None:
    answer = office.post("/tablets", {"name": " "})
    assert answer.status_code == 422
    assert "Give the tablet a name" in answer.get_data(as_text=True)
    assert tablets.tablets(office.clinic.house, ADMINISTRATOR) == ()


@pytest.mark.guarantees("S01", "S47")
def test_no_staff_page_opens_on_a_tablet(office: Door) -> None:
    code = tablets.expect_tablet(office.clinic.house, ADMINISTRATOR, "Waiting room 1")
    secret = tablets.enrol(office.clinic.house, code, device="tablet")
    (tablet,) = tablets.tablets(office.clinic.house, ADMINISTRATOR)
    token = office.token()
    office.client.set_cookie("tablet", secret)
    for endpoint, method, path in addresses(office):
        fields = {"csrf_token": token, "email": "strator@clinic.example"}
        answer = office.client.open(path, base_url=MOUNT, method=method, data=fields)
        assert endpoint == "static" or answer.status_code == 403, endpoint
    page = office.get("/sign-in").get_data(as_text=True)
    assert "This is a tablet for patients." in page
    assert 'href="/"' in page
    assert 'type="password"' not in page
    told = office.clinic.actions(tablet.id)
    assert told[2:] == ["staff_door_refused"], "told once, not for each page"
    tablets.take_out(office.clinic.house, ADMINISTRATOR, tablet.id)
    assert "Home" in office.read("/")


@pytest.mark.guarantees("S47")
def test_a_pin_is_made_on_ones_own_page_and_shown_once(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.DESK)
    assert "You have none yet." in door.read("/account")
    assert door.post("/account/pin").location == "/staff/account"
    page = door.read("/account")
    assert locking.reads_as_pin(code_on(page))
    assert "You have one. A new one ends it." in page
    assert code_on(door.read("/account")) == ""


def test_who_arranges_no_visits_has_no_pin(signed_in: Callable[..., Door]) -> None:
    assert "PIN for tablets" not in signed_in(Role.ARCHIVIST).read("/account")


@pytest.mark.parametrize("path", ["/account/pin", "/tablets"])
def test_a_pin_and_a_new_tablet_ask_for_a_fresh_second_step(office: Door, path: str) -> None:
    office.clinic.clock.forward(timedelta(minutes=6))
    answer = office.post(path, {"name": "Waiting room 1"})
    assert answer.location.startswith("/staff/second-step")
    assert field(office.read("/second-step"), "csrf_token")
