"""A form that needs a second step first goes on after it with all that was typed."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from questionnaire.domain.visit import Role
from questionnaire.web.staff.carrying import SECONDS, TYPED_AGAIN
from questionnaire.web.staff.policy import FRESH
from questionnaire.web.staff.proving import FRESH_FOR
from tests.web.staff.door import Door, address, field, hire

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TYPED = {
    "full_name": "Nora <b>New</b> & Co",
    "email": "nora@clinic.example",
    "registration": 'INVENTED "7"',
    "roles": "desk",
}


def waiting_form(page: str) -> tuple[str, dict[str, str]]:
    """Where the form on the page goes, and what it holds."""
    form = page[page.index("data-go-on") - 200 :]
    action = re.search(r'action="([^"]+)"', form)
    assert action is not None
    found = {name: unescape(text) for name, text in HIDDEN.findall(form)}
    assert found.pop("csrf_token")
    return action[1].removeprefix("/staff"), found


def grow_stale(door: Door) -> None:
    door.clinic.clock.forward(FRESH_FOR + timedelta(seconds=1))


def test_a_dangerous_act_goes_on_after_the_second_step_with_what_was_typed(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    grow_stale(door)
    answer = door.post("/people/add", TYPED)
    assert answer.location == "/staff/second-step?next=/staff/go-on"
    assert door.post("/second-step", {"code": "000 000", "next": "/staff/go-on"}).status_code == 422
    assert door.give_code(later=1).status_code == 302
    path, fields = waiting_form(door.read("/go-on"))
    assert path == "/people/add"
    assert {name: fields[name] for name in TYPED} == TYPED
    assert door.post(path, fields).location == "/staff/people"
    assert "nora@clinic.example" in door.read("/people")
    assert door.get("/go-on").location == "/staff/", "it goes on once"


def test_a_form_that_waited_too_long_is_let_go(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    grow_stale(door)
    door.post("/people/add", TYPED)
    door.clinic.clock.forward(timedelta(seconds=SECONDS + 1))
    assert door.get("/go-on").location == "/staff/"


def test_secrets_are_never_carried(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    grow_stale(door)
    assert TYPED_AGAIN < FRESH
    typed = {"password": "violet-kettle", "new_password": "x"}
    answer = door.post("/account/password", typed)
    assert answer.location.startswith("/staff/second-step")
    assert "go-on" not in answer.location
    assert door.get("/go-on").location == "/staff/"


def test_making_a_pin_goes_on_after_the_second_step(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.DESK)
    grow_stale(door)
    answer = door.post("/account/pin")
    assert answer.location == "/staff/second-step?next=/staff/go-on"
    door.give_code(later=1)
    path, fields = waiting_form(door.read("/go-on"))
    assert path == "/account/pin"
    door.post(path, fields)
    assert "This is your PIN." in door.read("/account")


def test_another_person_meets_no_form_of_somebody_elses(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    hire(door, "Dex Frontly", Role.DESK)
    grow_stale(door)
    door.post("/people/add", TYPED)
    door.post("/account/switch")
    door.sign_in(address("Dex Frontly"))
    assert door.get("/go-on").location == "/staff/"
    assert field(door.read("/account"), "csrf_token")
