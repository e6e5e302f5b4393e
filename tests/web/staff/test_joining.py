"""One-time links: the first administrator, and staff who set their own password."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from tests.clinics import ADMINISTRATOR
from tests.web.staff.door import PASSWORD, Door, hire

FIRST = {
    "full_name": "Minnie Strator",
    "email": "Minnie@Clinic.example",
    "clinician": "yes",
    "registration": "INVENTED-7",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.mark.guarantees("S17")
def test_a_fresh_clinic_has_nobody_and_one_link_opens_it_once(door: Door) -> None:
    house = door.clinic.house
    link = f"/first#{staffing.first_link(house)}"
    assert "The first administrator" in door.follow(link)
    page = door.post(link, FIRST, follow_redirects=True).text
    assert "<p>Your account is ready. Sign in to set up the clinic.</p>" in page
    assert 'role="status"' not in door.read("/sign-in") + door.read("/sign-in?done=nonsense")
    assert door.follow(link, 404)
    assert door.post(link, FIRST | {"email": "second@clinic.example"}).status_code == 404
    assert door.sign_in("minnie@clinic.example").status_code == 302
    (account,) = staffing.staff(house, ADMINISTRATOR)
    assert account.roles == {Role.ADMINISTRATOR, Role.CLINICIAN}
    assert account.registration == "INVENTED-7"
    with pytest.raises(NotAllowed):
        staffing.first_link(house)


@pytest.mark.guarantees("S17")
def test_the_first_link_lasts_a_day(door: Door) -> None:
    link = f"/first#{staffing.first_link(door.clinic.house)}"
    door.clinic.clock.forward(timedelta(hours=24))
    assert door.follow(link, 404)


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": " "},
        {"full_name": "x" * 201},
        {"full_name": "Minnie\x00Strator"},
        {"email": "minnie"},
        {"email": "a@b@c"},
        {"email": "<minnie>@clinic.example"},
        {"password": "short", "again": "short"},
        {"password": "Minnie Strator!", "again": "Minnie Strator!"},
        {"again": "something else entirely"},
    ],
    ids=lambda changed: "-".join(changed) + "-" + next(iter(changed.values()))[:12].strip(),
)
def test_what_cannot_be_taken_is_said_and_the_rest_kept(
    door: Door, changed: dict[str, str]
) -> None:
    link = f"/first#{staffing.first_link(door.clinic.house)}"
    answer = door.post(link, FIRST | changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert PASSWORD not in page
    assert 'value="INVENTED-7"' in page
    assert not staffing.staff(door.clinic.house, ADMINISTRATOR)


@pytest.mark.parametrize(
    "token", ["x", "first-administrator.9999999999.0", "1.1.1", "..", "9" * 400]
)
def test_a_made_up_link_opens_nothing(door: Door, token: str) -> None:
    assert door.follow(f"/first#{token}", 404)
    assert door.follow(f"/join#{token}", 404)


def test_the_page_behind_a_link_is_the_same_for_all_until_the_secret_is_sent(door: Door) -> None:
    secret = staffing.first_link(door.clinic.house)
    page = door.read("/first")
    assert "Paste it here" in page
    assert "first administrator" not in page
    assert door.get(f"/first/{secret}").status_code == 404
    for pasted in ("", "nothing", "http://127.0.0.1:8000/staff/first"):
        answer = door.post("/first", {"pasted": pasted})
        assert (answer.status_code, "Paste the whole link" in answer.text) == (422, True)
    pasted = f" http://127.0.0.1:8000/staff/first#{secret} "
    assert "The first administrator" in door.post("/first", {"pasted": pasted}).text


def test_staff_are_added_by_a_link_and_set_their_own_password(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    door.post(
        "/people/add",
        {
            "full_name": "Archie <b>Keepwell</b>",
            "email": "archie@clinic.example",
            "roles": ["archivist"],
        },
    )
    page = door.read("/people")
    assert "Archie &lt;b&gt;Keepwell&lt;/b&gt;" in page
    link = page.partition("http://127.0.0.1:8000/staff")[2].partition("<")[0]
    assert link.startswith("/join#")
    assert link not in door.read("/people")
    archie = door.another()
    assert "archie@clinic.example" in archie.follow(link)
    assert archie.post(link, {"password": PASSWORD, "again": "no"}).status_code == 422
    joined = archie.post(link, {"password": PASSWORD, "again": PASSWORD}, follow_redirects=True)
    assert "<p>Your password is set. Sign in with it.</p>" in joined.text
    assert archie.follow(link, 404)
    assert archie.sign_in("archie@clinic.example").status_code == 302
    assert archie.get("/archive").status_code == 200


@pytest.mark.guarantees("S22")
def test_a_new_password_ends_every_session(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    browsers = [door.another(), door.another()]
    for one in browsers:
        assert one.sign_in("frontly@clinic.example").status_code == 302
    link = f"/join#{staffing.new_link(door.clinic.house, ADMINISTRATOR, person.id)}"
    other = "gravel otter " + PASSWORD
    door.post(link, {"password": other, "again": other})
    assert [one.get("/").status_code for one in browsers] == [302, 302]
    assert door.sign_in("frontly@clinic.example").status_code == 200
    assert door.sign_in("frontly@clinic.example", other).status_code == 302


def test_a_link_for_a_closed_account_opens_nothing(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    person = hire(door, "Gone Away", Role.DESK)
    link = f"/join#{staffing.new_link(door.clinic.house, ADMINISTRATOR, person.id)}"
    door.post(f"/people/{person.id}", {"roles": ["desk"]})
    assert door.follow(link, 404)


def test_a_link_lasts_three_days(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    link = f"/join#{staffing.new_link(door.clinic.house, ADMINISTRATOR, person.id)}"
    door.clinic.clock.forward(timedelta(days=3))
    assert door.follow(link, 404)
