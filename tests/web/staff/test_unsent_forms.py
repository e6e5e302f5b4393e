"""A form for something new opens empty; what was left in another is offered, never mixed in."""

import json
import re
from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role
from questionnaire.web.staff.drafts import KNOWN, OTHERS, PAGE
from tests.web.staff.door import Door, address, hire
from tests.web.staff.test_desk import VISIT

pytestmark = pytest.mark.whole

OFFER = "and did not send it."
LEFT = {"full_name": "Marigold </b> Testwell", "email": "half@", "treatments": True}
FORMS = {"/desk/arrange": (Role.DESK, "a visit"), "/people/add": (Role.ADMINISTRATOR, "an account")}
"""The page of each form that makes a new record: who opens it, and what it makes."""

each_form = pytest.mark.parametrize("path", FORMS)


def leave(door: Door, path: str, form: str, **boxes: str | bool) -> None:
    """Leave a form half filled in."""
    page = f"/staff{path}?form={form}"
    assert door.post("/drafts", {PAGE: page, OTHERS: json.dumps(boxes)}).status_code == 204


def filled_in(page: str) -> dict[str, object]:
    """What the page's script fills in."""
    (unsent,) = re.findall(r"data-unsent='([^']*)'", page)
    found: dict[str, object] = json.loads(unsent)
    return found


@each_form
def test_a_form_for_something_new_opens_empty_and_offers_what_was_left(
    signed_in: Callable[..., Door], path: str
) -> None:
    role, what = FORMS[path]
    door = signed_in(role)
    assert OFFER not in door.read(path)
    leave(door, path, "a" * 32, **LEFT)
    leave(door, path, "b" * 32, email="15:30")
    page = door.read(path)
    assert filled_in(page) == {}
    assert page.count(OFFER) == 2
    assert "for <strong><bdi>Marigold &lt;/b&gt; Testwell</bdi></strong>" in page
    assert f"You typed {what} without a name" in page
    gone_on = door.read(f"{path}?form={'a' * 32}")
    assert filled_in(gone_on) == LEFT
    assert f'name="key" value="{"a" * 32}"' in gone_on
    assert gone_on.count(OFFER) == 1, "the other one only"


@each_form
def test_what_was_left_in_a_form_can_be_thrown_away(
    signed_in: Callable[..., Door], path: str
) -> None:
    door = signed_in(FORMS[path][0])
    leave(door, path, "a" * 32, **LEFT)
    answer = door.post("/drafts/thrown-away", {"unsent": f"/staff{path}?form={'a' * 32}"})
    assert (answer.status_code, answer.location) == (303, f"/staff{path}")
    assert OFFER not in door.read(path)


@each_form
@pytest.mark.parametrize("form", ["", "c" * 32, "%", "_" * 32, "'><script>", "x" * 500])
def test_an_address_that_names_no_form_of_ones_own_opens_an_empty_one(
    signed_in: Callable[..., Door], path: str, form: str
) -> None:
    role, _ = FORMS[path]
    door = signed_in(role)
    leave(door, path, "a" * 32, **LEFT)
    hire(door, "Other Deskson", role)
    other = door.another()
    other.sign_in(address("Other Deskson"))
    for who, asked in ((door, form), (other, "a" * 32)):
        page = who.get(path, query_string={"form": asked}).get_data(as_text=True)
        assert filled_in(page) == {}
        assert re.search(r'name="key" value="(?!a{32})[0-9a-f]{32}"', page)
        assert page.count(OFFER) == (who is door)


def test_an_account_that_was_added_is_no_longer_offered(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    leave(door, "/people/add", "a" * 32, **LEFT)
    sent = {"key": "a" * 32, PAGE: f"/staff/people/add?form={'a' * 32}", OTHERS: "{}"}
    sent[KNOWN] = json.dumps([LEFT])
    refused = door.post("/people/add", sent)
    assert (refused.status_code, f'name="key" value="{"a" * 32}"' in refused.text) == (422, True)
    assert door.read("/people/add").count(OFFER) == 1, "refused, and so not sent"
    somebody = {"full_name": "Dex Frontly", "email": "dex@clinic.example", "roles": ["desk"]}
    assert door.post("/people/add", somebody | sent).status_code == 302
    assert OFFER not in door.read("/people/add")


def test_a_visit_that_was_arranged_is_no_longer_offered(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.DESK)
    visit = VISIT | {"clinician": hire(door, "Dr Ada Invented", Role.CLINICIAN).id}
    leave(door, "/desk/arrange", "a" * 32, **LEFT)
    leave(door, "/desk/arrange", "b" * 32, full_name="Rowan Pretendham")
    sent = {"key": "a" * 32, PAGE: f"/staff/desk/arrange?form={'a' * 32}", OTHERS: "{}"}
    sent[KNOWN] = json.dumps([LEFT])
    assert door.post("/desk/arrange", sent).status_code == 422
    assert door.read("/desk/arrange").count(OFFER) == 2, "refused, and so not sent"
    assert door.post("/desk/arrange", visit | sent).status_code == 303
    page = door.read("/desk/arrange")
    assert page.count(OFFER) == 1
    assert "Rowan Pretendham" in page
