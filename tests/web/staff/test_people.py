"""The administrator's pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.journey.access import IN_THE_ARCHIVE, note_reading
from tests.clinics import ADMINISTRATOR, CLINICIAN
from tests.web.staff.door import Door, hire


@pytest.fixture
def door(signed_in: Callable[..., Door]) -> Door:
    return signed_in(Role.ADMINISTRATOR)


def account(door: Door, account_id: str) -> staffing.Account:
    accounts = staffing.staff(door.clinic.house, ADMINISTRATOR)
    return next(one for one in accounts if one.id == account_id)


def test_roles_registration_and_closing_are_changed_in_one_form(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    fields = {"roles": ["desk", "archivist"], "registration": " R 1 ", "active": "yes"}
    assert door.post(f"/people/{person.id}", fields).status_code == 302
    changed = account(door, person.id)
    assert (changed.roles, changed.registration, changed.active) == (
        {Role.DESK, Role.ARCHIVIST},
        "R 1",
        True,
    )
    door.post(f"/people/{person.id}", {"roles": ["desk"]})
    assert not account(door, person.id).active
    assert "Dex Frontly" in door.read("/people")


def test_the_last_administrator_stays(door: Door) -> None:
    (me,) = staffing.staff(door.clinic.house, ADMINISTRATOR)
    for fields in ({"roles": ["desk"], "active": "yes"}, {"roles": ["administrator"]}):
        answer = door.post(f"/people/{me.id}", fields)
        assert answer.status_code == 409
        assert "Somebody must stay administrator" in answer.get_data(as_text=True)
    assert account(door, me.id) == me


def test_somebody_without_a_role_is_not_kept(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    assert door.post(f"/people/{person.id}", {"active": "yes"}).status_code == 422
    nobody = {"full_name": "New Person", "email": "new@clinic.example", "roles": ["patient"]}
    assert door.post("/people/add", nobody).status_code == 422
    assert account(door, person.id).roles == {Role.DESK}


def test_an_address_is_given_once(door: Door) -> None:
    hire(door, "Dex Frontly", Role.DESK)
    twin = {"full_name": "Another", "email": "FRONTLY@clinic.example", "roles": ["desk"]}
    answer = door.post("/people/add", twin)
    assert answer.status_code == 422
    assert "Somebody has this e-mail address already." in answer.get_data(as_text=True)


def test_there_is_nowhere_to_set_another_persons_password(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    assert 'type="password"' not in door.read("/people")
    before = account(door, person.id).stamp
    fields = {"roles": ["desk"], "active": "yes", "password": "x" * 20, "stamp": "x"}
    door.post(f"/people/{person.id}", fields)
    assert account(door, person.id).stamp == before


def test_the_ledger_page_says_whether_it_is_whole(door: Door) -> None:
    page = door.read("/ledger")
    assert "rows are there and unchanged" in page
    assert "Nobody opened a record." in page
    opener = hire(door, "Archie Keepwell", Role.ARCHIVIST)
    note_reading(door.clinic.house, opener, door.clinic.arrange().visit.id, IN_THE_ARCHIVE)
    door.clinic.clock.forward(timedelta(seconds=1))
    assert "<bdi>Archie Keepwell</bdi>" in door.read("/ledger")
    with door.clinic.house.database.write() as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER ledger_keeps_words")
        tx.connection.exec_driver_sql("UPDATE ledger SET actor_id = 'else' WHERE seq = 1")
    page = door.read("/ledger")
    assert "The ledger is not whole." in page
    assert "Ledger row 1 was changed" in page


@pytest.mark.parametrize("account_id", ["999", "x", "1;--", "-1"])
def test_an_unknown_account_is_not_found(door: Door, account_id: str) -> None:
    fields = {"roles": ["desk"], "active": "yes"}
    assert door.post(f"/people/{account_id}", fields).status_code == 404
    assert door.post(f"/people/{account_id}/link").status_code == 404


def test_somebody_who_forgot_their_password_gets_a_fresh_link(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    assert door.post(f"/people/{person.id}/link").location == "/staff/people"
    page = door.read("/people")
    assert "Give this link to <bdi>Dex Frontly</bdi>." in page
    link = page.partition("http://127.0.0.1:8000/staff")[2].partition("<")[0]
    assert "Set your password" in door.follow(link)
    assert door.clinic.actions(person.id)[-1] == "password_link_given"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("reset", "The second step of Dex Frontly was reset, and they were signed out."),
        ("sessions/end", "Dex Frontly was signed out everywhere."),
    ],
)
def test_what_was_done_to_an_account_is_said_once(door: Door, act: str, said: str) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    assert said not in door.read("/people")
    assert door.post(f"/people/{person.id}/{act}").status_code == 303
    assert said in door.read("/people")
    assert said not in door.read("/people")


def test_a_second_step_is_reset_only_after_a_question(door: Door) -> None:
    person = hire(door, "Dex Frontly", Role.DESK)
    page = door.read("/people")
    before, _, form = page.partition(f'action="/staff/people/{person.id}/reset"')
    assert before.rfind("<details") > before.rfind("</details")
    question, _, _ = form.partition("</form>")
    assert "Does <bdi>Dex Frontly</bdi> have neither" in question
    assert question.count("<button") == 1


def test_only_an_administrator_manages_accounts(door: Door) -> None:
    house = door.clinic.house
    joining = staffing.Joining("A", "a@b.example", "", frozenset({Role.DESK}))
    for act in (
        lambda: staffing.invite(house, CLINICIAN, joining),
        lambda: staffing.staff(house, CLINICIAN),
        lambda: staffing.new_link(house, CLINICIAN, "1"),
    ):
        with pytest.raises(NotAllowed):
            act()
