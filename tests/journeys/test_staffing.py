"""Staff accounts: the first administrator, one-time links, roles, and leaving."""

from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, NotFound, StillOpen
from questionnaire.domain.visit import Person, Role
from questionnaire.journey import staffing
from questionnaire.journey.staffing import Joining
from questionnaire.records.accounts import Account, get_account
from questionnaire.records.staff_sessions import put_staff_session, staff_session
from tests.clinics import ADMINISTRATOR, Clinic

ADA = Joining("Dr Ada Invented", "Ada@Candour.example", "REG 1", frozenset({Role.CLINICIAN}))
DEX = Joining("Dex Frontly", "dex@candour.example", "", frozenset({Role.DESK}))
SPENT = "This link has been used or is out of date. Ask for a new one."


def refused(step: object, *args: object) -> None:
    with pytest.raises(NotFound) as gone:
        step(*args)  # type: ignore[operator]  # one of the journey's functions
    assert gone.value.sentence == SPENT


def first(clinic: Clinic) -> Account:
    """The first administrator, who is a clinician too."""
    token = staffing.first_link(clinic.house)
    return staffing.open_house(clinic.house, token, ADA, "hash-1")


def account(clinic: Clinic, account_id: str) -> Account:
    with clinic.house.database.read() as tx:
        return get_account(tx, account_id)


@pytest.mark.guarantees("S17")
def test_the_first_administrator_comes_by_a_link_that_works_once(clinic: Clinic) -> None:
    assert staffing.staff(clinic.house, ADMINISTRATOR) == ()
    token = staffing.first_link(clinic.house)
    staffing.refuse_spent_first(clinic.house, token)
    made = staffing.open_house(clinic.house, token, ADA, "hash-1")
    kept = account(clinic, made.id)
    assert kept == Account(
        id=made.id,
        email="ada@candour.example",
        full_name="Dr Ada Invented",
        registration="REG 1",
        roles=frozenset({Role.CLINICIAN, Role.ADMINISTRATOR}),
        active=True,
        has_password=True,
        stamp=made.stamp,
    )
    refused(staffing.refuse_spent_first, clinic.house, token)
    refused(staffing.open_house, clinic.house, token, ADA, "hash-2")
    with pytest.raises(NotAllowed, match="accounts already"):
        staffing.first_link(clinic.house)
    assert clinic.actions(made.id) == ["first_administrator"]


@pytest.mark.guarantees("S17")
def test_the_first_link_is_good_for_a_day(clinic: Clinic) -> None:
    token = staffing.first_link(clinic.house)
    clinic.clock.forward(staffing.FIRST_LINK_LIVES - timedelta(seconds=1))
    staffing.refuse_spent_first(clinic.house, token)
    clinic.clock.forward(timedelta(seconds=1))
    refused(staffing.refuse_spent_first, clinic.house, token)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda _: "first-administrator",
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.replace("first-administrator.1", "first-administrator.2"),
        lambda token: token.replace("first-administrator.", "first-administrator.-"),
        lambda token: token.replace("first-administrator.", "first-administrator.9999999999999"),
        lambda token: token.replace("first-administrator.", "first-administrator.²"),
        lambda token: token.replace("first-administrator", "second"),
        lambda token: token + "é",
    ],
    ids=["empty", "half", "hash", "time", "minus", "ages", "digits", "purpose", "letters"],
)
def test_a_link_that_was_changed_opens_nothing(clinic: Clinic, change: object) -> None:
    token = change(staffing.first_link(clinic.house))  # type: ignore[operator]  # a lambda
    refused(staffing.refuse_spent_first, clinic.house, token)


def test_an_invited_person_sets_their_own_password_once(clinic: Clinic) -> None:
    first(clinic)
    token = staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    invited = staffing.invited(clinic.house, token)
    assert (invited.full_name, invited.has_password, invited.roles) == (
        "Dex Frontly",
        False,
        {Role.DESK},
    )
    staffing.join(clinic.house, token, "hash-2")
    assert account(clinic, invited.id).has_password
    assert account(clinic, invited.id).stamp != invited.stamp
    refused(staffing.invited, clinic.house, token)
    refused(staffing.join, clinic.house, token, "hash-3")
    events = clinic.events(invited.id)
    assert [(one.action, one.person.role) for one in events] == [
        ("staff_invited", Role.ADMINISTRATOR),
        ("password_set", Role.DESK),
    ]


def test_an_invitation_is_good_for_three_days(clinic: Clinic) -> None:
    token = staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    clinic.clock.forward(staffing.INVITATION_LIVES)
    refused(staffing.invited, clinic.house, token)


def test_a_link_for_nobody_opens_nothing(clinic: Clinic) -> None:
    refused(staffing.invited, clinic.house, "nobody.1930000000.00")
    refused(staffing.invited, clinic.house, staffing.first_link(clinic.house))


@pytest.mark.guarantees("S20", "S22")
def test_a_new_password_ends_every_session_and_the_other_links(clinic: Clinic) -> None:
    made = first(clinic)
    with clinic.house.database.write() as tx:
        put_staff_session(tx, "cookie", {}, user_id=made.id, now=clinic.clock())
    one, two = (staffing.new_link(clinic.house, ADMINISTRATOR, made.id) for _ in range(2))
    staffing.join(clinic.house, one, "hash-2")
    with clinic.house.database.write() as tx:
        assert staff_session(tx, "cookie", clinic.clock()) is None
    refused(staffing.join, clinic.house, two, "hash-3")
    assert clinic.actions(made.id).count("password_link_given") == 2


@pytest.mark.guarantees("S08")
def test_somebody_who_left_is_out_at_once_and_their_links_are_dead(clinic: Clinic) -> None:
    first(clinic)
    token = staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    gone = staffing.invited(clinic.house, token)
    with clinic.house.database.write() as tx:
        put_staff_session(tx, "cookie", {}, user_id=gone.id, now=clinic.clock())
    staffing.change(
        clinic.house, ADMINISTRATOR, gone.id, roles=[Role.DESK], registration="", active=False
    )
    assert not account(clinic, gone.id).active
    refused(staffing.invited, clinic.house, token)
    with clinic.house.database.write() as tx:
        assert staff_session(tx, "cookie", clinic.clock()) is None


@pytest.mark.guarantees("S08")
def test_roles_and_registration_can_change(clinic: Clinic) -> None:
    first(clinic)
    person = staffing.invited(clinic.house, staffing.invite(clinic.house, ADMINISTRATOR, DEX))
    staffing.change(
        clinic.house,
        ADMINISTRATOR,
        person.id,
        roles=[Role.CLINICIAN, Role.PATIENT],
        registration=" REG  9 ",
        active=True,
    )
    changed = account(clinic, person.id)
    assert (changed.roles, changed.registration) == ({Role.CLINICIAN}, "REG 9")
    assert Person(person.id, "Dex Frontly", Role.CLINICIAN, "REG 9") in staffing.clinicians(
        clinic.house
    )
    assert clinic.events(person.id)[-1].detail["active"] is True


def test_somebody_must_stay_administrator(clinic: Clinic) -> None:
    made = first(clinic)
    for roles, active in (([Role.CLINICIAN], True), ([Role.ADMINISTRATOR], False)):
        with pytest.raises(StillOpen) as refusal:
            staffing.change(
                clinic.house, ADMINISTRATOR, made.id, roles=roles, registration="", active=active
            )
        assert refusal.value.reasons == ("Somebody must stay administrator of the clinic.",)
    assert account(clinic, made.id).roles == {Role.CLINICIAN, Role.ADMINISTRATOR}
    assert account(clinic, made.id).active


@pytest.mark.parametrize(
    ("joining", "words"),
    [
        (replace(DEX, full_name=" "), "Write the full name"),
        (replace(DEX, full_name="x" * 201), "Write the full name"),
        (replace(DEX, full_name="1."), "Write the full name in letters"),
        (replace(DEX, email=""), "Write an e-mail address"),
        (replace(DEX, email="dex"), "Write an e-mail address"),
        (replace(DEX, email="dex@"), "Write an e-mail address"),
        (replace(DEX, email="a@b@c"), "Write an e-mail address"),
        (replace(DEX, email="dex x@c.example"), "Write an e-mail address"),
        (replace(DEX, email="a,b@c.example"), "Write an e-mail address"),
        (replace(DEX, email=f"{'x' * 250}@c.example"), "Write an e-mail address"),
        (replace(DEX, roles=frozenset()), "Pick at least one role."),
        (replace(DEX, roles=frozenset({Role.PATIENT})), "Pick at least one role."),
        (replace(DEX, full_name="De\ud800x"), "hidden signs"),
        (replace(DEX, registration="9" * 201), "Write the registration number"),
    ],
)
def test_somebody_who_cannot_be_written_down_is_a_slip(
    clinic: Clinic, joining: Joining, words: str
) -> None:
    with pytest.raises(Slip, match=words):
        staffing.invite(clinic.house, ADMINISTRATOR, joining)
    assert staffing.staff(clinic.house, ADMINISTRATOR) == ()


def test_an_address_belongs_to_one_person(clinic: Clinic) -> None:
    staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    with pytest.raises(Slip, match="address already"):
        staffing.invite(clinic.house, ADMINISTRATOR, replace(DEX, email=" DEX@candour.example "))


def test_a_change_needs_a_role_and_an_account(clinic: Clinic) -> None:
    made = first(clinic)
    with pytest.raises(Slip, match="Pick at least one role"):
        staffing.change(
            clinic.house, ADMINISTRATOR, made.id, roles=[Role.SEALER], registration="", active=True
        )
    with pytest.raises(NotFound):
        staffing.change(
            clinic.house, ADMINISTRATOR, "nobody", roles=[Role.DESK], registration="", active=True
        )


def test_only_active_clinicians_are_given_visits(clinic: Clinic) -> None:
    made = first(clinic)
    staffing.invite(clinic.house, ADMINISTRATOR, DEX)
    assert staffing.clinicians(clinic.house) == (
        Person(made.id, "Dr Ada Invented", Role.CLINICIAN, "REG 1"),
    )
