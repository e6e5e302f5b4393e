"""Signing in with a passkey, and everything that is not taken for one."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.journey.passkeys import REFUSED, Place, place_of
from questionnaire.records.factors import forget_factors
from tests.authenticators import SoftKey
from tests.clinics import ADMINISTRATOR, Clinic
from tests.web.staff.door import MOUNT, Door, address, hire, open_door

pytestmark = pytest.mark.whole

NAME = "Dex Frontly"
EMAIL = address(NAME)


@pytest.fixture
def door(clinic: Clinic) -> Door:
    """The door of a clinic that has a name, with somebody who has no second step yet."""
    named = replace(clinic.settings, public_address="http://localhost:8000")
    opened = open_door(replace(clinic, settings=named))
    hire(opened, NAME, Role.DESK, has_app=False)
    return opened


@pytest.fixture
def key(door: Door) -> SoftKey:
    """The passkey they have set up, in a browser that was closed since."""
    made = SoftKey()
    browser = door.another()
    browser.give_password(EMAIL)
    assert add(browser, made).status_code == 200
    return made


def options(door: Door, path: str) -> dict[str, Any]:
    """What the page's script asks for."""
    answer = door.client.post(path, base_url=MOUNT, headers={"X-CSRF-Token": door.token()})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    told: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    return told


def add(door: Door, key: SoftKey) -> TestResponse:
    made = key.make(options(door, "/passkeys/new"))
    return door.post("/passkeys", {"answer": made, "name": "my phone"})


def use(door: Door, key: SoftKey, **also: object) -> TestResponse:
    used = key.use(options(door, "/passkeys/challenge"))
    return door.post("/passkeys/prove", {"answer": used, **also})


def is_in(door: Door) -> bool:
    return door.get("/desk").status_code == 200


@pytest.mark.guarantees("S11", "S15")
def test_a_passkey_is_a_first_second_step_and_then_enough_by_itself(door: Door) -> None:
    key, first = SoftKey(), door.another()
    first.give_password(EMAIL)
    page = add(first, key).get_data(as_text=True)
    assert "Your recovery codes" in page
    assert is_in(first)
    asked = options(door, "/passkeys/challenge")
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")
    answer = use(door, key, next="/staff/desk/arrange")
    assert (answer.status_code, answer.location) == (302, "/staff/desk/arrange")
    assert is_in(door)
    assert "my phone" in door.read("/account")


@pytest.mark.guarantees("S15")
def test_platform_authenticators_may_be_used(door: Door) -> None:
    door.give_password(EMAIL)
    asked = options(door, "/passkeys/new")
    wanted = asked["authenticatorSelection"]
    assert "authenticatorAttachment" not in wanted
    assert (wanted["userVerification"], wanted["residentKey"]) == ("required", "required")
    assert asked["user"]["name"] == EMAIL
    assert asked["rp"] == {"name": "Aurelia Clinic", "id": "localhost"}


@pytest.mark.guarantees("S15")
@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"name": "evil.example"},
        {"verified": False},
        {"id": b"\x08" * 16},
        {"private": SoftKey().private},
        {"count": -1},
    ],
    ids=lambda changed: "-".join(str(part)[:24] for pair in changed.items() for part in pair),
)
def test_what_is_not_that_passkey_here_and_now_opens_nothing(
    door: Door, key: SoftKey, changed: dict[str, Any]
) -> None:
    assert use(door.another(), key).status_code == 302
    answer = use(door, replace(key, **changed))
    assert answer.status_code == 400
    assert REFUSED in answer.get_data(as_text=True)
    assert not is_in(door)


@pytest.mark.guarantees("S15")
def test_an_answer_sent_again_opens_nothing(door: Door, key: SoftKey) -> None:
    used = key.use(options(door, "/passkeys/challenge"))
    assert door.post("/passkeys/prove", {"answer": used}).status_code == 302
    for browser in (door, door.another()):
        assert browser.post("/passkeys/prove", {"answer": used}).status_code == 400
    thief = door.another()
    options(thief, "/passkeys/challenge")
    assert thief.post("/passkeys/prove", {"answer": used}).status_code == 400
    assert not is_in(thief)


@pytest.mark.guarantees("S15")
def test_a_challenge_is_answered_once_even_in_a_session_that_was_copied(
    door: Door, key: SoftKey
) -> None:
    used = key.use(options(door, "/passkeys/challenge"))
    token = door.cookie("staff")
    with door.clinic.house.database.read() as tx:
        kept = tx.connection.exec_driver_sql("SELECT * FROM staff_session").fetchall()
    assert door.post("/passkeys/prove", {"answer": used}).status_code == 302
    with door.clinic.house.database.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM staff_session")
        for row in kept:
            tx.connection.exec_driver_sql(
                "INSERT INTO staff_session VALUES (?, ?, ?, ?, ?, ?)", tuple(row)
            )
        tx.connection.exec_driver_sql("UPDATE staff_passkey SET sign_count = 0")
    again = door.another()
    again.client.set_cookie("staff", token)
    assert again.post("/passkeys/prove", {"answer": used}).status_code == 400


@pytest.mark.guarantees("S15")
def test_a_challenge_lasts_five_minutes(door: Door, key: SoftKey) -> None:
    used = key.use(options(door, "/passkeys/challenge"))
    door.clinic.clock.forward(timedelta(minutes=5))
    assert door.post("/passkeys/prove", {"answer": used}).status_code == 400


@pytest.mark.guarantees("S11")
def test_after_the_password_only_ones_own_passkey_counts(door: Door, key: SoftKey) -> None:
    hire(door, "Archie Keepwell", Role.ARCHIVIST)
    door.give_password(address("Archie Keepwell"))
    assert use(door, key).status_code == 400
    assert door.get("/archive").status_code == 302
    other = door.another()
    other.give_password(EMAIL)
    assert options(other, "/passkeys/challenge")["allowCredentials"]
    assert use(other, key).status_code == 302
    assert is_in(other)


@pytest.mark.guarantees("S08")
def test_the_passkey_of_a_closed_account_opens_nothing(door: Door, key: SoftKey) -> None:
    hire(door, ADMINISTRATOR.name, Role.ADMINISTRATOR)
    house = door.clinic.house
    (account,) = (one for one in staffing.staff(house, ADMINISTRATOR) if one.email == EMAIL)
    staffing.change(
        house, ADMINISTRATOR, account.id, roles=[Role.DESK], registration="", active=False
    )
    assert use(door, key).status_code == 400


@pytest.mark.guarantees("S15")
@pytest.mark.parametrize(
    "changed", [{"origin": "https://evil.example"}, {"name": "evil.example"}, {"verified": False}]
)
def test_a_passkey_made_elsewhere_or_without_its_owner_is_not_kept(
    door: Door, changed: dict[str, Any]
) -> None:
    door.give_password(EMAIL)
    assert add(door, SoftKey(**changed)).status_code == 400
    assert door.get("/desk").location == "/staff/second-step/set-up"


def test_a_passkey_is_kept_once(door: Door, key: SoftKey) -> None:
    use(door, key)
    assert add(door, key).status_code == 400


def test_a_passkey_is_taken_away_but_never_the_last_step(door: Door, key: SoftKey) -> None:
    use(door, key)
    page = door.read("/account")
    forget = page.partition('action="/staff/account/passkeys/')[2].partition('"')[0]
    assert door.post(f"/account/passkeys/{forget}").status_code == 409
    assert door.set_up_app().location == "/staff/account"
    assert door.post("/account/passkeys/unknown/forget").status_code == 404
    assert door.post(f"/account/passkeys/{forget}").status_code == 303
    assert "my phone" not in door.read("/account")
    assert use(door.another(), key).status_code == 400


@pytest.mark.guarantees("S37")
def test_too_many_passkeys_from_one_place_wait(door: Door) -> None:
    statuses = [door.post("/passkeys/challenge").status_code for _ in range(121)]
    assert statuses[-2:] == [200, 429]


FUZZ = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PARTS = ("id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature")
NONSENSE = st.recursive(
    st.none() | st.integers() | st.text(max_size=12) | st.sampled_from(["public-key", "BwcH"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*PARTS, "attestationObject"]), inner, min_size=1, max_size=4
        )
    ),
    max_leaves=12,
)


@FUZZ
@given(NONSENSE)
def test_nonsense_is_refused_alike(door: Door, sent: object) -> None:
    browser = door.another()
    browser.give_password(EMAIL)
    for path, ask in (("/passkeys/prove", "challenge"), ("/passkeys", "new")):
        options(browser, f"/passkeys/{ask}")
        assert browser.post(path, {"answer": json.dumps(sent)}).status_code == 400
    door.clinic.clock.forward(timedelta(minutes=15))


@pytest.mark.parametrize("sent", ["", "not JSON", "{", '"text"', "[]"])
def test_what_is_no_answer_at_all_is_refused_alike(door: Door, sent: str) -> None:
    options(door, "/passkeys/challenge")
    assert door.post("/passkeys/prove", {"answer": sent}).status_code == 400


@FUZZ
@given(st.data())
def test_an_answer_with_one_byte_changed_never_breaks_the_page(
    door: Door, data: st.DataObject
) -> None:
    browser, key = door.another(), SoftKey()
    browser.give_password(EMAIL)
    sent = json.loads(key.make(options(browser, "/passkeys/new")))
    part = data.draw(st.sampled_from(sorted(sent["response"])))
    plain = bytearray(base64.urlsafe_b64decode(sent["response"][part] + "=="))
    place = data.draw(st.integers(0, len(plain) - 1))
    plain[place] ^= data.draw(st.integers(1, 255))
    sent["response"][part] = base64.urlsafe_b64encode(plain).decode().rstrip("=")
    status = browser.post("/passkeys", {"answer": json.dumps(sent)}).status_code
    assert status in {200, 400}
    if status == 200:
        with door.clinic.house.database.write() as tx:
            forget_factors(tx, "1")
    door.clinic.clock.forward(timedelta(minutes=15))


@pytest.mark.parametrize("place", range(1, 6))
def test_a_key_without_its_parts_is_refused(door: Door, place: int) -> None:
    """The first of the key's parts, as COSE has them: their names and values."""
    browser = door.another()
    browser.give_password(EMAIL)
    sent = json.loads(SoftKey().make(options(browser, "/passkeys/new")))
    plain = bytearray(base64.urlsafe_b64decode(sent["response"]["attestationObject"] + "=="))
    plain[plain.index(b"\xa5\x01\x02") + place] ^= 0x14
    sent["response"]["attestationObject"] = base64.urlsafe_b64encode(plain).decode().rstrip("=")
    assert browser.post("/passkeys", {"answer": json.dumps(sent)}).status_code == 400


def test_a_door_without_a_name_offers_no_passkeys(clinic: Clinic) -> None:
    door = open_door(clinic)
    hire(door, NAME, Role.DESK, has_app=False)
    assert "data-passkey" not in door.read("/sign-in")
    assert door.post("/passkeys/challenge").status_code == 404
    door.give_password(EMAIL)
    page = door.read("/second-step/set-up")
    assert "data-passkey" not in page
    assert "Passkeys work once this site has a name" in page


@pytest.mark.parametrize(
    ("public", "place"),
    [
        ("https://c.example", Place("c.example", "https://c.example")),
        ("https://c.example:443", Place("c.example", "https://c.example")),
        ("https://C.example:8443", Place("c.example", "https://c.example:8443")),
        ("http://localhost:8000", Place("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
    ],
)
def test_a_place_is_a_name_and_where_it_stands(public: str, place: Place | None) -> None:
    assert place_of(public) == place
