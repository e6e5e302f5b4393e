"""The second step of signing in, at the door."""

import re

import pytest

from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.web.staff.policy import ALLOWED, LEAVING, OPEN, SECOND_STEP, SET_UP
from tests.authenticators import app_code, shown_secret
from tests.clinics import ADMINISTRATOR
from tests.web.staff.door import SECRET, Door, address, hire, open_door
from tests.web.staff.routes import addresses

NAME = "Dex Frontly"
EMAIL = address(NAME)


@pytest.fixture
def dex(door: Door) -> str:
    """The account id of a member of staff with an app; an administrator is there as well."""
    hire(door, ADMINISTRATOR.name, Role.ADMINISTRATOR)
    return hire(door, NAME, Role.DESK).id


def is_in(door: Door) -> bool:
    return door.get("/desk").status_code == 200


@pytest.mark.guarantees("S11")
def test_without_a_second_step_one_reaches_nothing_but_setting_it_up(door: Door) -> None:
    hire(door, NAME, Role.DESK, Role.CLINICIAN, Role.ADMINISTRATOR, has_app=False)
    assert door.give_password(EMAIL).location == "/staff/"
    for endpoint, method, path in addresses(door):
        if endpoint in OPEN | SET_UP | LEAVING:
            continue
        answer = door.get(path) if method == "GET" else door.post(path)
        assert (answer.status_code, answer.location) == (302, "/staff/second-step/set-up"), endpoint
    page = door.read("/second-step/set-up")
    assert "Any authenticator app" in page
    assert 'href="/staff/desk"' not in page


@pytest.mark.guarantees("S11")
@pytest.mark.usefixtures("dex")
def test_with_the_password_alone_one_reaches_nothing_but_the_second_step(door: Door) -> None:
    door.give_password(EMAIL)
    for endpoint, method, path in addresses(door):
        if endpoint in OPEN | SECOND_STEP | LEAVING:
            continue
        answer = door.get(path) if method == "GET" else door.post(path)
        assert answer.status_code == 302, endpoint
        assert answer.location.partition("?")[0] == "/staff/second-step", endpoint
    assert door.get("/desk/arrange").location == "/staff/second-step?next=/staff/desk/arrange"
    assert 'href="/staff/desk"' not in door.read("/second-step")


def test_an_app_is_set_up_with_the_square_or_the_words(door: Door) -> None:
    hire(door, NAME, Role.DESK, has_app=False)
    door.give_password(EMAIL)
    assert door.get("/second-step/app").location == "/staff/second-step/set-up"
    assert door.get("/second-step").location == "/staff/second-step/set-up"
    assert door.post("/second-step/app").location == "/staff/second-step/set-up"
    door.post("/second-step/app/new")
    page = door.read("/second-step/app")
    secret = shown_secret(page)
    assert door.read("/second-step/app").count(secret) == 1, "looking again changes nothing"
    assert '<path d="M4 4h7v1h-7z' in page
    answer = door.post("/second-step/app", {"code": "12345"})
    assert answer.status_code == 422
    assert shown_secret(answer.get_data(as_text=True)) == secret
    page = door.post("/second-step/app", {"code": app_code(secret, door.clinic.clock())}).get_data(
        as_text=True
    )
    codes = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert len(codes) == 10
    assert secret not in page
    assert is_in(door)
    other = door.another()
    other.give_password(EMAIL)
    assert other.post("/second-step", {"code": codes[3]}).location == "/staff/"
    assert is_in(other)
    again = door.another()
    again.give_password(EMAIL)
    assert again.post("/second-step", {"code": codes[3]}).status_code == 422


@pytest.mark.guarantees("S12")
@pytest.mark.usefixtures("dex")
def test_a_code_used_in_one_browser_opens_no_other_even_after_a_restart(door: Door) -> None:
    door.give_password(EMAIL)
    assert door.give_code().status_code == 302
    for browser in (door.another(), open_door(door.clinic)):
        browser.give_password(EMAIL)
        answer = browser.give_code()
        assert answer.status_code == 422
        assert "was used already" in answer.get_data(as_text=True)
        assert not is_in(browser)


@pytest.mark.guarantees("S13", "S37")
def test_after_five_wrong_codes_even_the_right_one_waits(door: Door, dex: str) -> None:
    door.give_password(EMAIL)
    for _ in range(5):
        assert door.post("/second-step", {"code": "12345"}).status_code == 422
    for browser in (door, open_door(door.clinic)):
        browser.give_password(EMAIL)
        answer = browser.give_code()
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert not is_in(browser)
    assert door.clinic.actions(dex).count("factor_refused") == 5


@pytest.mark.guarantees("S20")
@pytest.mark.usefixtures("dex")
def test_each_step_takes_a_new_token_and_ends_the_old(door: Door) -> None:
    door.give_password(EMAIL)
    before = door.cookie("staff")
    door.give_code()
    after = door.cookie("staff")
    assert before != after
    thief = door.another()
    thief.client.set_cookie("staff", before)
    assert thief.get("/desk").location == "/staff/sign-in?next=/staff/desk"
    assert is_in(door)


@pytest.mark.guarantees("S16")
def test_a_new_password_does_not_go_round_the_second_step(door: Door, dex: str) -> None:
    link = f"/join#{staffing.new_link(door.clinic.house, ADMINISTRATOR, dex)}"
    other = "gravel otter seven lanterns"
    assert door.post(link, {"password": other, "again": other}).status_code == 302
    assert door.give_password(EMAIL, other).status_code == 302
    assert not is_in(door)
    assert door.get("/second-step/set-up").location.startswith("/staff/second-step?")
    assert door.post("/second-step/app/new").location == "/staff/second-step"
    door.give_code()
    assert is_in(door)


@pytest.mark.guarantees("S11")
def test_who_proved_a_password_first_cannot_replace_a_step_set_up_meanwhile(door: Door) -> None:
    hire(door, NAME, Role.DESK, has_app=False)
    slow, quick = door.another(), door.another()
    slow.give_password(EMAIL)
    slow.post("/second-step/app/new")
    secret = shown_secret(slow.read("/second-step/app"))
    quick.give_password(EMAIL)
    quick.set_up_app()
    code = app_code(secret, door.clinic.clock())
    assert slow.post("/second-step/app", {"code": code}).status_code == 302
    assert not is_in(slow)
    assert is_in(quick)


@pytest.mark.guarantees("S26")
@pytest.mark.usefixtures("dex")
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_the_second_step_never_leads_away(door: Door, away: str) -> None:
    door.give_password(EMAIL)
    assert "evil" not in door.read(f"/second-step?next={away}")
    code = app_code(SECRET, door.clinic.clock())
    assert door.post("/second-step", {"code": code, "next": away}).location == "/staff/"


@pytest.mark.guarantees("S47")
def test_signing_in_is_written_down_with_its_second_step(door: Door, dex: str) -> None:
    door.give_password(EMAIL)
    assert "signed_in" not in door.clinic.actions(dex)
    door.give_code()
    event = door.clinic.events(dex)[-1]
    assert (event.action, event.detail) == (
        "signed_in",
        {"how": "app", "device": "Unknown device"},
    )


def test_another_look_brings_back_the_page_of_the_second_step(door: Door, dex: str) -> None:
    assert dex
    door.give_password(EMAIL)
    page = door.post("/second-step", {"code": "1"}).get_data(as_text=True)
    assert 'name="back" value="/staff/second-step"' in page


def test_every_page_of_the_second_step_is_in_the_table() -> None:
    assert ALLOWED.keys() >= SECOND_STEP | SET_UP | LEAVING
