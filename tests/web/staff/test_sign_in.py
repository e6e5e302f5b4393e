"""Signing in and out, and what ends a session."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.records.tries import count_try
from questionnaire.web.staff.sign_in import REFUSED, TRIES, TRIES_FROM_ONE_PLACE, WINDOW
from tests.clinics import ADMINISTRATOR, Clinic
from tests.web.staff.door import MOUNT, PASSWORD, Door, address, hire, open_door

NAME = "Dex Frontly"
EMAIL = address(NAME)
CHANCE = re.compile(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|<input [^>]*id="email"[^>]*>')
"""What differs between any two answers, and the address that was typed."""


@pytest.fixture
def dex(door: Door) -> str:
    """The account id of a member of staff at the desk; an administrator is there as well."""
    hire(door, ADMINISTRATOR.name, Role.ADMINISTRATOR)
    return hire(door, NAME, Role.DESK).id


def change(door: Door, account_id: str, *roles: Role, active: bool = True) -> None:
    staffing.change(
        door.clinic.house, ADMINISTRATOR, account_id, roles=roles, registration="", active=active
    )


def is_in(door: Door) -> bool:
    return door.get("/").status_code == 200


def test_the_right_password_opens_the_door(door: Door, dex: str) -> None:
    assert door.sign_in(EMAIL.upper()).location == "/staff/"
    assert "Signed in as <bdi>Dex Frontly</bdi>" in door.read("/")
    assert door.clinic.actions(dex)[-1] == "signed_in"


@pytest.mark.guarantees("S14")
def test_every_no_is_the_same(door: Door, dex: str) -> None:
    change(door, hire(door, "Gone Away", Role.DESK).id, Role.DESK, active=False)
    pages = set()
    for email, password in (
        (EMAIL, "wrong"),
        (EMAIL, ""),
        (EMAIL, "x" * 5_000),
        ("nobody@clinic.example", PASSWORD),
        (address("Gone Away"), PASSWORD),
        ("'; DROP TABLE staff_user; --", PASSWORD),
    ):
        answer = door.another().sign_in(email, password)
        assert answer.status_code == 200
        pages.add(CHANCE.sub("", answer.get_data(as_text=True)))
    assert len(pages) == 1
    assert REFUSED in pages.pop()
    assert "sign_in_refused" in door.clinic.actions(dex)


@pytest.mark.guarantees("S13")
@pytest.mark.usefixtures("dex")
def test_after_ten_wrong_tries_even_the_right_password_waits(door: Door) -> None:
    for _ in range(TRIES):
        door.sign_in(EMAIL, "wrong")
    assert REFUSED in door.sign_in(EMAIL).get_data(as_text=True)
    restarted = open_door(door.clinic)
    assert REFUSED in restarted.sign_in(EMAIL).get_data(as_text=True)
    door.clinic.clock.forward(timedelta(minutes=15))
    assert restarted.sign_in(EMAIL).status_code == 302


@pytest.mark.guarantees("S13")
@pytest.mark.usefixtures("dex")
def test_tries_at_once_are_all_counted(door: Door) -> None:
    tries = [door.another() for _ in range(TRIES + 5)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda one: one.sign_in(EMAIL, "wrong"), tries))
    assert REFUSED in door.sign_in(EMAIL).get_data(as_text=True)


@pytest.mark.guarantees("S37")
@pytest.mark.usefixtures("dex")
def test_one_place_cannot_try_one_account_after_another(door: Door) -> None:
    door.sign_in("nobody@clinic.example", "wrong")
    with door.clinic.house.database.write() as tx:
        for _ in range(TRIES_FROM_ONE_PLACE - 1):
            count_try(tx, "sign-in-from:127.0.0.1", door.clinic.clock(), WINDOW)
    assert REFUSED in door.sign_in(EMAIL).get_data(as_text=True)


@pytest.mark.usefixtures("dex")
def test_a_right_try_forgives_the_wrong_ones_before(door: Door) -> None:
    for _ in range(TRIES - 1):
        door.sign_in(EMAIL, "wrong")
    assert door.sign_in(EMAIL).status_code == 302
    assert door.another().sign_in(EMAIL, "wrong").status_code == 200
    assert door.another().sign_in(EMAIL).status_code == 302


@pytest.mark.guarantees("S20")
@pytest.mark.usefixtures("dex")
def test_signing_out_ends_the_session_for_good(door: Door) -> None:
    door.sign_in(EMAIL)
    token = door.cookie("staff")
    assert door.post("/sign-out").location == "/staff/sign-in"
    assert door.cookie("staff") == ""
    thief = door.another()
    thief.client.set_cookie("staff", token)
    assert not is_in(thief)


@pytest.mark.guarantees("S20")
@pytest.mark.usefixtures("dex")
def test_signing_in_takes_a_new_token(door: Door) -> None:
    door.sign_in(EMAIL)
    first = door.cookie("staff")
    door.post("/sign-out")
    door.client.set_cookie("staff", first)
    door.sign_in(EMAIL)
    assert door.cookie("staff") not in {"", first}


@pytest.mark.guarantees("S19")
@pytest.mark.usefixtures("dex")
def test_the_token_is_kept_nowhere(door: Door) -> None:
    door.sign_in(EMAIL)
    token = door.cookie("staff")
    assert re.fullmatch("[0-9a-f]{64}", token)
    with door.clinic.house.database.read() as tx:
        driver = tx.connection.connection.dbapi_connection
        assert driver is not None
        rows = driver.execute("SELECT * FROM staff_session").fetchall()
    assert len(rows) == 1
    assert token not in repr(rows)


@pytest.mark.guarantees("S19")
def test_over_https_the_cookie_is_bound_to_the_host(clinic: Clinic) -> None:
    secure = replace(clinic.settings, secure_cookies=True, public_address="https://c.example")
    door = open_door(replace(clinic, settings=secure))
    hire(door, NAME, Role.DESK)
    answer = door.client.get("/sign-in", base_url="https://localhost/staff")
    token = re.search(r'name="csrf_token" value="([^"]*)"', answer.get_data(as_text=True))
    assert token is not None
    answer = door.client.post(
        "/sign-in",
        base_url="https://localhost/staff",
        data={"csrf_token": token[1], "email": EMAIL, "password": PASSWORD},
    )
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-staff=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Expires" not in cookie


@pytest.mark.guarantees("S21")
@pytest.mark.usefixtures("dex")
def test_a_session_ends_when_nobody_used_it_for_fifteen_minutes(door: Door) -> None:
    door.sign_in(EMAIL)
    for _ in range(3):
        door.clinic.clock.forward(timedelta(minutes=14))
        assert is_in(door)
    door.clinic.clock.forward(timedelta(minutes=15))
    assert not is_in(door)


@pytest.mark.guarantees("S21")
@pytest.mark.usefixtures("dex")
def test_a_session_ends_after_twelve_hours_however_busy(door: Door) -> None:
    door.sign_in(EMAIL)
    for _ in range(12 * 6 - 1):
        door.clinic.clock.forward(timedelta(minutes=10))
        assert is_in(door)
    door.clinic.clock.forward(timedelta(minutes=10))
    assert not is_in(door)


@pytest.mark.guarantees("S08")
def test_a_closed_account_is_out_at_the_next_request(door: Door, dex: str) -> None:
    door.sign_in(EMAIL)
    change(door, dex, Role.DESK, active=False)
    assert not is_in(door)
    change(door, dex, Role.DESK)
    assert not is_in(door)


@pytest.mark.guarantees("S08")
def test_a_changed_role_counts_at_the_next_request(door: Door, dex: str) -> None:
    door.sign_in(EMAIL)
    assert door.get("/desk").status_code == 200
    change(door, dex, Role.ARCHIVIST)
    assert door.get("/desk").status_code == 403
    change(door, dex, Role.CLINICIAN)
    assert door.get("/waiting").status_code == 200


@pytest.mark.usefixtures("dex")
def test_staying_signed_in_is_not_offered(door: Door) -> None:
    page = door.read("/sign-in")
    assert "remember" not in page
    answer = door.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "remember": "y"})
    names = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert names == {"staff"}


def rows(door: Door) -> Iterator[tuple[str, int]]:
    with door.clinic.house.database.read() as tx:
        tables = tx.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")
        for (table,) in tables.all():
            number = tx.connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            yield table, number.scalar_one()


@pytest.mark.guarantees("S24")
def test_looking_at_the_sign_in_page_writes_nothing(door: Door) -> None:
    before = dict(rows(door))
    door.read("/sign-in")
    door.get("/desk")
    assert dict(rows(door)) == before


@pytest.mark.guarantees("S26")
@pytest.mark.usefixtures("dex")
@pytest.mark.parametrize(
    "address_given",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "http:evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "/staff\r\nX-Evil: 1",
        " //evil.example",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_away(door: Door, address_given: str) -> None:
    fields = {"email": EMAIL, "password": PASSWORD, "next": address_given}
    assert door.post("/sign-in", fields).status_code == 422
    asked = door.client.get("/sign-in", base_url=MOUNT, query_string={"next": address_given})
    assert asked.status_code == 422
    assert door.get("/").status_code == 302


@pytest.mark.usefixtures("dex")
def test_signing_in_goes_on_to_the_page_that_was_asked_for(door: Door) -> None:
    answer = door.get("/desk/arrange")
    assert answer.location == "/staff/sign-in?next=/staff/desk/arrange"
    page = door.client.get(answer.location.removeprefix("/staff"), base_url=MOUNT)
    assert 'name="next" value="/staff/desk/arrange"' in page.get_data(as_text=True)
    fields = {"email": EMAIL, "password": PASSWORD, "next": "/staff/desk/arrange"}
    assert door.post("/sign-in", fields).location == "/staff/desk/arrange"
