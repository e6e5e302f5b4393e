"""A form for a new visit opens empty; what was left in another one is offered, never mixed in."""

import json
import re
from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role
from questionnaire.web.staff.drafts import OTHERS, PAGE
from tests.web.staff.door import Door, address, hire
from tests.web.staff.test_desk import VISIT

OFFER = "and did not send it."
ARRANGE = "/staff/desk/arrange"
LEFT = {"full_name": "Marigold </b> Testwell", "appointment_time": "14:30", "treatments": True}


def leave(door: Door, form: str, **boxes: str | bool) -> None:
    """Leave the form of a new visit half filled in."""
    page = f"{ARRANGE}?form={form}"
    assert door.post("/drafts", {PAGE: page, OTHERS: json.dumps(boxes)}).status_code == 204


def filled_in(page: str) -> dict[str, object]:
    """What the page's script fills in."""
    (unsent,) = re.findall(r"data-unsent='([^']*)'", page)
    found: dict[str, object] = json.loads(unsent)
    return found


def test_a_form_for_a_new_visit_opens_empty_and_offers_what_was_left(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.DESK)
    assert OFFER not in door.read("/desk/arrange")
    leave(door, "a" * 32, **LEFT)
    leave(door, "b" * 32, appointment_time="15:30")
    page = door.read("/desk/arrange")
    assert filled_in(page) == {}
    assert page.count(OFFER) == 2
    assert "for <strong><bdi>Marigold &lt;/b&gt; Testwell</bdi></strong>" in page
    assert "You typed a visit without a name" in page
    gone_on = door.read(f"/desk/arrange?form={'a' * 32}")
    assert filled_in(gone_on) == LEFT
    assert f'name="key" value="{"a" * 32}"' in gone_on
    assert gone_on.count(OFFER) == 1, "the other one only"


def test_what_was_left_in_a_form_can_be_thrown_away(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.DESK)
    leave(door, "a" * 32, **LEFT)
    answer = door.post("/drafts/thrown-away", {"unsent": f"{ARRANGE}?form={'a' * 32}"})
    assert (answer.status_code, answer.location) == (303, ARRANGE)
    assert OFFER not in door.read("/desk/arrange")


@pytest.mark.parametrize("form", ["", "c" * 32, "%", "_" * 32, "'><script>", "x" * 500])
def test_an_address_that_names_no_form_of_ones_own_opens_an_empty_one(
    signed_in: Callable[..., Door], form: str
) -> None:
    door = signed_in(Role.DESK)
    leave(door, "a" * 32, **LEFT)
    hire(door, "Other Deskson", Role.DESK)
    other = door.another()
    other.sign_in(address("Other Deskson"))
    for who, asked in ((door, form), (other, "a" * 32)):
        page = who.get("/desk/arrange", query_string={"form": asked}).get_data(as_text=True)
        assert filled_in(page) == {}
        assert re.search(r'name="key" value="(?!a{32})[0-9a-f]{32}"', page)
        assert page.count(OFFER) == (who is door)


def test_a_visit_that_was_arranged_is_no_longer_offered(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.DESK)
    visit = VISIT | {"clinician": hire(door, "Dr Ada Invented", Role.CLINICIAN).id}
    leave(door, "a" * 32, **LEFT)
    leave(door, "b" * 32, full_name="Rowan Pretendham")
    sent = {"key": "a" * 32, PAGE: f"{ARRANGE}?form={'a' * 32}", OTHERS: "{}"}
    assert door.post("/desk/arrange", sent).status_code == 422
    assert door.read("/desk/arrange").count(OFFER) == 2, "refused, and so not sent"
    assert door.post("/desk/arrange", visit | sent).status_code == 303
    page = door.read("/desk/arrange")
    assert page.count(OFFER) == 1
    assert "Rowan Pretendham" in page
