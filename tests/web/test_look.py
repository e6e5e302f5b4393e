"""A clinic's own logo and colour on the screens of both doors."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from questionnaire.domain.visit import Role
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.look import LARGEST_LOGO
from questionnaire.web.look import MAY_BE_KEPT
from questionnaire.web.patient import create_patient_app
from tests.clinics import Clinic
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import MOUNT, Door, open_door

COLOUR = "#7a1212"


def picture(shade: int = 0, size: tuple[int, int] = (60, 30)) -> bytes:
    made = BytesIO()
    Image.new("L", size, shade).save(made, "PNG")
    return made.getvalue()


def bring(
    door: Door, colour: str = COLOUR, logo: bytes = b"", **more: str
) -> tuple[int, str, list[str]]:
    """Send the form; the status, the page, and the boxes that are told of."""
    file = FileStorage(BytesIO(logo), "logo.png" if logo else "")
    fields = {"csrf_token": door.token(), "colour": colour, "logo_file": file, **more}
    fields |= {"made_at": door.newest(), **door.made_from("/setup/look")}
    fields |= {"logo": up_to_date(door.clinic.house).clinic.logo}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = door.client.post("/setup/look", base_url=MOUNT, data=body, content_type=kind)
    page = unescape(answer.get_data(as_text=True))
    return answer.status_code, page, re.findall(r'<li><a href="#(\w+)">', page)


def own_look(page: str) -> list[str]:
    """The addresses of the clinic's own sheet and logo on a page."""
    return re.findall(r'"([^"]*/look/[^"]+)"', page)


@pytest.fixture
def door(clinic: Clinic) -> Door:
    return enter_as(open_door(clinic), Role.ADMINISTRATOR)


@pytest.fixture
def patient(clinic: Clinic) -> FlaskClient:
    return create_patient_app(clinic.house, clinic.settings, secret_key=b"x" * 32).test_client()


def test_both_doors_show_the_clinics_own_look_and_a_browser_may_keep_it(
    door: Door, patient: FlaskClient
) -> None:
    assert own_look(door.read("/")) == own_look(patient.get("/v").get_data(as_text=True)) == []
    assert bring(door, logo=picture())[0] == 303
    for client, first in ((door.client, "/staff/"), (patient, "/v")):
        start = client.get(first, base_url="http://localhost", follow_redirects=True)
        page = start.get_data(as_text=True)
        assert f'content="{COLOUR}"' in page
        assert "style=" not in page
        sheet, logo = own_look(page)
        shown = client.get(sheet, base_url="http://localhost")
        assert f"--govuk-brand-colour:{COLOUR}" in shown.get_data(as_text=True)
        drawn = client.get(logo, base_url="http://localhost")
        with Image.open(BytesIO(drawn.data)) as found:
            assert found.size == (60, 30)
        for answer, kind in ((shown, "text/css"), (drawn, "image/png")):
            assert answer.mimetype == kind
            assert answer.headers["Cache-Control"] == MAY_BE_KEPT
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in answer.headers


def test_only_the_look_in_force_is_served_and_a_new_one_has_a_new_address(door: Door) -> None:
    bring(door, logo=picture())
    before = own_look(door.read("/"))
    bring(door, "#0f5257", picture(shade=90))
    after = own_look(door.read("/"))
    assert not set(before) & set(after)
    for address in before:
        assert door.get(address.removeprefix("/staff")).status_code == 404


def test_a_logo_stays_until_it_is_taken_away_and_each_change_is_told(door: Door) -> None:
    bring(door, logo=picture())
    bring(door, "")
    facts = up_to_date(door.clinic.house).clinic
    assert (facts.colour, bool(facts.logo)) == ("", True)
    bring(door, "", no_logo="yes")
    assert up_to_date(door.clinic.house).clinic.logo == ""
    bring(door, "")
    told = [event.detail for event in door.clinic.events("clinic") if event.person is not None]
    changed = [detail["facts"] for detail in told if detail.get("part") == "look"]
    assert changed == [["colour", "logo"], ["colour"], ["logo"]], "what changed nothing is not told"


def test_colour_and_logo_hold_nobody_up(bare: Clinic) -> None:
    door = enter_as(open_door(bare), Role.ADMINISTRATOR)
    left = up_to_date(bare.house).clinic.left
    assert "Only if you like" in door.read("/setup")
    assert bring(door, logo=picture())[0] == 303
    assert up_to_date(bare.house).clinic.left == left
    assert f"Your own logo, {COLOUR}" in door.read("/setup")


@pytest.mark.parametrize(
    ("colour", "logo", "boxes"),
    [
        ("#ffe08a", b"", ["colour"]),
        ("teal", picture(), ["colour", "logo_file"]),
        (COLOUR, b"<svg/>", ["logo_file"]),
        (COLOUR, picture() + bytes(LARGEST_LOGO), ["logo_file"]),
        (COLOUR, picture(size=(8, 8)), ["logo_file"]),
        ("teal", b"no picture", ["colour", "logo_file"]),
    ],
    ids=["too light", "no colour", "a drawing", "too long", "too small", "both"],
)
def test_what_cannot_be_taken_is_told_beside_its_box_and_nothing_changes(
    door: Door, colour: str, logo: bytes, boxes: list[str]
) -> None:
    before = up_to_date(door.clinic.house).clinic
    status, page, told = bring(door, colour, logo)
    assert (status, told) == (422, boxes)
    assert f'value="{colour}"' in page
    assert up_to_date(door.clinic.house).clinic == before


@pytest.mark.parametrize("role", [Role.DESK, Role.CLINICIAN, Role.ARCHIVIST])
def test_only_an_administrator_changes_the_look(clinic: Clinic, role: Role) -> None:
    door = enter_as(open_door(clinic), role)
    assert door.get("/setup/look").status_code == 403
    assert bring(door)[0] == 403
