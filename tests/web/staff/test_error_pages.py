"""Pages of refusals and faults at the staff door: whoever is signed in keeps their menu."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role
from questionnaire.web.staff import LARGEST_LOGO_UPLOAD, LARGEST_UPLOAD
from tests.web.staff.door import MOUNT, Door

NOWHERE = "0" * 32
REFUSED = [
    ("GET", "/no-such-page", 404),
    ("GET", f"/visits/{NOWHERE}", 404),
    ("GET", f"/desk/visits/{NOWHERE}", 404),
    ("POST", "/join", 404),
    ("POST", "/desk", 405),
    ("GET", f"/visits/{NOWHERE}/plan", 405),
    ("GET", "/people", 403),
    ("POST", "/desk/arrange", 413),
    ("POST", f"/visits/{NOWHERE}/decision", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
def test_an_error_page_has_the_menu_of_whoever_is_signed_in(
    signed_in: Callable[..., Door], method: str, path: str, status: int
) -> None:
    door = signed_in(Role.CLINICIAN)
    data: dict[str, object] = {"csrf_token": door.token(), "link": "spent"}
    if status == 413:
        data["words"] = "x" * 600_000
    if status == 400:
        data |= {"csrf_token": "another's"}
    sent = data if method == "POST" else None
    answer = door.client.open(path, base_url=MOUNT, method=method, data=sent)
    assert answer.status_code == status
    menu = answer.text.partition('<ul class="nav">')[2].partition("</ul>")[0]
    assert 'href="/staff/desk"' in menu
    assert 'href="/staff/waiting"' in menu
    assert 'href="/staff/people"' not in menu
    assert "Dr Ada Invented" in answer.text
    assert 'href="/staff/">Go to the start</a>' in answer.text


def test_a_refused_form_leads_back_to_its_page(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.CLINICIAN)
    large = {"words": "x" * 600_000}
    assert 'href="/staff/desk/arrange">Back to the page' in door.post("/desk/arrange", large).text
    answer = door.post(f"/visits/{NOWHERE}/plan", large)
    assert f'href="/staff/visits/{NOWHERE}">Back to the page' in answer.text


def test_an_error_page_for_a_stranger_has_no_menu(door: Door) -> None:
    assert "/staff/desk" not in door.read("/no-such-page", 404)


@pytest.mark.parametrize(
    ("path", "box", "largest", "says"),
    [
        ("/archive/check", "file", LARGEST_UPLOAD, "10 MB at most"),
        ("/setup/look", "logo_file", LARGEST_LOGO_UPLOAD, "1 MB at most"),
    ],
)
def test_a_file_that_is_too_large_is_told_beside_its_box(
    signed_in: Callable[..., Door], door: Door, path: str, box: str, largest: int, says: str
) -> None:
    def bring(door: Door) -> TestResponse:
        return door.client.post(
            path,
            base_url=MOUNT,
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(largest + 1)},
        )

    answer = bring(signed_in(Role.ADMINISTRATOR, Role.ARCHIVIST))
    assert answer.status_code == 413
    beside = answer.text.partition(f'id="{box}-error"')[2].partition("</p>")[0]
    assert "This file is too large" in beside
    assert says in beside
    assert f'aria-describedby="{box}-error' in answer.text or f" {box}-error" in answer.text
    stranger = bring(door)
    assert (stranger.status_code, f'id="{box}"' in stranger.text) == (413, False)
