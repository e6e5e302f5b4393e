"""My account: password, second steps, sessions; and confirming before dangerous acts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Person, Role
from questionnaire.journey import own_account
from questionnaire.web.staff.policy import ALLOWED, FRESH, SET_UP
from tests.authenticators import app_code
from tests.clinics import CLINICIAN, Clinic
from tests.web.staff.door import PASSWORD, SECRET, Door, address, hire
from tests.web.staff.routes import addresses

NAME = "Dex Frontly"
EMAIL = address(NAME)
OTHER = "gravel otter seven lanterns"
CHANGE = {"current": PASSWORD, "password": OTHER, "again": OTHER}
NOT_FRESH = timedelta(minutes=5)


@pytest.fixture
def door(door: Door) -> Door:
    """A browser in which Dex is signed in."""
    hire(door, NAME, Role.DESK)
    door.sign_in(EMAIL)
    return door


def is_in(door: Door) -> bool:
    return door.get("/desk").status_code == 200


def elsewhere(door: Door, agent: str = "Mozilla/5.0 (iPad; CPU OS 18_0)") -> Door:
    other = door.another()
    other.client.environ_base["HTTP_USER_AGENT"] = agent
    other.sign_in(EMAIL)
    assert is_in(other)
    return other


@pytest.mark.guarantees("S22")
def test_a_new_password_ends_the_other_sessions_and_this_one_goes_on(door: Door) -> None:
    other, before = elsewhere(door), door.cookie("staff")
    assert door.post("/account/password", CHANGE).location == "/staff/account"
    assert is_in(door)
    assert not is_in(other)
    assert door.cookie("staff") != before
    assert door.another().give_password(EMAIL).status_code == 200
    assert door.another().sign_in(EMAIL, OTHER).status_code == 302
    assert "password_changed" in door.clinic.actions("1")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"current": OTHER}, "This is not your password"),
        ({"current": ""}, "This is not your password"),
        ({"password": "short"}, "Use 15 letters or more"),
        ({"password": "Dex Frontly Dex", "again": "Dex Frontly Dex"}, "easily guessed"),
        ({"again": PASSWORD}, "The two passwords are not the same"),
    ],
)
def test_a_password_that_cannot_be_changed_is_said(
    door: Door, changed: dict[str, str], sentence: str
) -> None:
    answer = door.post("/account/password", CHANGE | changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert PASSWORD not in page
    assert OTHER not in page
    assert door.another().sign_in(EMAIL).status_code == 302


@pytest.mark.guarantees("S13")
def test_tries_at_the_own_password_are_counted(door: Door) -> None:
    for _ in range(10):
        door.post("/account/password", CHANGE | {"current": "wrong"})
    assert door.post("/account/password", CHANGE).status_code == 422


@pytest.mark.guarantees("S22")
def test_open_sessions_are_listed_and_ended(door: Door) -> None:
    other, third = elsewhere(door), elsewhere(door, "Mozilla/5.0 (Windows NT 10.0)")
    page = door.read("/account")
    assert (page.count("iPad, since"), page.count("Windows, since")) == (1, 1)
    found = re.findall(r'action="/staff(/account/sessions/[0-9a-f]+/end)"', page)
    assert len(found) == 3
    ended = next(
        path for path in found if "iPad" in page.partition(path)[2].partition("</form>")[0]
    )
    assert door.post(ended).status_code == 303
    assert not is_in(other)
    assert is_in(third)
    assert door.post(ended).status_code == 404
    assert door.post("/account/sessions/end").status_code == 303
    assert not is_in(third)
    assert is_in(door)


@pytest.mark.guarantees("S02", "S22")
def test_nobody_ends_a_session_of_somebody_else(door: Door) -> None:
    page = door.read("/account")
    (own,) = re.findall(r'action="/staff(/account/sessions/[0-9a-f]+/end)"', page)
    stranger = door.another()
    hire(stranger, "Archie Keepwell", Role.ARCHIVIST)
    stranger.sign_in(address("Archie Keepwell"))
    assert stranger.post(own).status_code == 404
    assert is_in(door)


@pytest.mark.guarantees("S22")
def test_an_administrator_ends_sessions_and_resets_second_steps(
    door: Door, signed_in: Callable[..., Door]
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    assert administrator.post("/people/1/sessions/end").location == "/staff/people"
    assert not is_in(door)
    door.sign_in(EMAIL)
    assert administrator.post("/people/1/reset").location == "/staff/people"
    assert not is_in(door)
    door.give_password(EMAIL)
    assert door.get("/desk").location == "/staff/second-step/set-up"
    assert {"sessions_ended", "factors_reset"} <= set(door.clinic.actions("1"))
    assert SECRET not in administrator.read("/people")
    with pytest.raises(NotAllowed):
        own_account.end_sessions_of(door.clinic.house, CLINICIAN, "1")


@pytest.mark.guarantees("S09")
def test_dangerous_acts_ask_for_a_second_step_of_the_last_five_minutes(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    door.clinic.clock.forward(NOT_FRESH - timedelta(seconds=1))
    assert "To change something here" not in door.read("/people")
    door.clinic.clock.forward(timedelta(seconds=1))
    assert "To change something here" in door.read("/people")
    rows = len(door.clinic.events("1"))
    for endpoint, method, path in addresses(door):
        if endpoint in FRESH | SET_UP:
            act = path.replace("999999", "1")
            answer = door.get(act) if method == "GET" else door.post(act)
            assert answer.status_code == 302, endpoint
            assert answer.location.partition("?")[0] == "/staff/second-step", endpoint
    assert len(door.clinic.events("1")) == rows
    assert door.post("/people/1/link").location == "/staff/second-step?next=/staff/go-on"
    page = door.read("/second-step?next=/staff/people")
    assert "Confirm that it is you" in page
    code = app_code(SECRET, door.clinic.clock())
    before = door.cookie("staff")
    answer = door.post("/second-step", {"code": code, "next": "/staff/people"})
    assert answer.location == "/staff/people"
    assert door.cookie("staff") != before
    assert door.post("/people/1/link").location == "/staff/people"
    assert "confirmed" in door.clinic.actions("2")


@pytest.mark.guarantees("S21")
def test_confirming_does_not_make_a_session_last_longer(door: Door) -> None:
    for _ in range(12 * 6 - 1):
        door.clinic.clock.forward(timedelta(minutes=10))
        assert door.give_code().status_code == 302
    door.clinic.clock.forward(timedelta(minutes=10))
    assert not is_in(door)


@pytest.mark.guarantees("S16")
def test_new_recovery_codes_are_shown_once(door: Door) -> None:
    page = door.post("/account/codes").get_data(as_text=True)
    codes = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert len(codes) == 10
    again = door.read("/account")
    assert "Recovery codes not used yet: 10" in again
    assert not [one for one in codes if one in again]


def test_a_second_app_takes_the_place_of_the_first(door: Door) -> None:
    assert door.set_up_app().location == "/staff/account"
    other = door.another()
    other.give_password(EMAIL)
    assert other.give_code(later=1).status_code == 422
    assert other.sign_in(EMAIL).status_code == 302


def test_switching_person_leaves_nothing_of_the_last_one(door: Door) -> None:
    token = door.cookie("staff")
    answer = door.post("/account/switch")
    assert answer.location == "/staff/sign-in"
    page = door.read("/sign-in")
    assert EMAIL not in page
    assert NAME not in page
    assert 'value="" autocomplete="username"' in page
    thief = door.another()
    thief.client.set_cookie("staff", token)
    assert not is_in(thief)
    hire(door, "Archie Keepwell", Role.ARCHIVIST)
    door.sign_in(address("Archie Keepwell"))
    assert "Signed in as <bdi>Archie Keepwell</bdi>" in door.read("/")


def test_dangerous_acts_are_all_in_the_table() -> None:
    assert ALLOWED.keys() >= FRESH


@pytest.mark.guarantees("S18")
def test_one_is_told_what_happened_to_the_own_account_until_one_knows(door: Door) -> None:
    assert "About your own account" not in door.read("/")
    me = door.clinic.house
    person = Person("1", "Dex Frontly", Role.DESK)
    with me.database.write() as tx:
        for action in ("password_changed", "factor_added", "factors_reset"):
            me.note(tx, person, action, "1")
        me.note(tx, person, "password_changed", "2")
    page = door.read("/")
    for words in ("Password changed", "Second step set up", "Second step reset", "not you?"):
        assert page.count(words) == 1
    assert door.post("/account/known").status_code == 303
    assert "About your own account" not in door.read("/")


@pytest.mark.guarantees("S18")
def test_a_new_kind_of_device_is_told_and_a_known_one_is_not(clinic: Clinic) -> None:
    house, person = clinic.house, Person("1", "Dex Frontly", Role.DESK)
    for device in ("Windows", "Windows", "iPad", "Windows", "iPad"):
        own_account.note_signed_in(house, person, how="app", device=device)
    (told,) = own_account.notices(house, person)
    assert (told.action, told.detail) == ("new_device", {"device": "iPad"})
