"""A clinic is set up part by part, each by somebody; until then no visit is arranged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.cli.invented import CLINIC
from questionnaire.domain.answers import Slip
from questionnaire.domain.clinic_details import NOT_SET_UP, Confirmation, Part
from questionnaire.domain.errors import NotAllowed, StillOpen
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import setting_up, signing, staffing
from questionnaire.journey.clinic_facts import PARTS, NotSetUp, up_to_date
from questionnaire.journey.consenting import UNFINISHED, read_back
from questionnaire.journey.self_check import refuse_unsafe_start, self_check
from questionnaire.records.accounts import set_password
from questionnaire.records.clinic_versions import clinic_versions, newest_clinic
from tests.clinics import ADMINISTRATOR, ARCHIVIST, CLINICIAN, DESK, Clinic, Stage
from tests.journeys.steps import ready_to_sign

At = Callable[..., Stage]
FACTS = {
    Part.NAME: {"name": "Fern House", "address": "1 Moss Lane", "time_zone": "Europe/Dublin"},
    Part.PHONES: {"phone": "020 7946 0018", "emergency_phone": "020 7946 0019"},
    Part.EMAIL: {"email": "hello@fern.example"},
    Part.REGULATOR: {"regulator": "Invented Board", "regulator_address": "2 Moss Lane"},
    Part.LANGUAGES: {"languages": ("es",)},
}


def hire(clinic: Clinic, name: str, *roles: Role, registration: str = "") -> str:
    joining = staffing.Joining(
        name, f"{name.lower()}@clinic.example", registration, frozenset(roles)
    )
    account = staffing.invited(clinic.house, staffing.invite(clinic.house, ADMINISTRATOR, joining))
    with clinic.house.database.write() as tx:
        set_password(tx, account.id, "kept elsewhere", stamp=clinic.house.new_token())
    return next(
        one.id for one in staffing.staff(clinic.house, ADMINISTRATOR) if one.full_name == name
    )


def staffed(clinic: Clinic) -> None:
    hire(clinic, "Ada", Role.CLINICIAN, Role.ADMINISTRATOR, registration="GMC 1234567")
    hire(clinic, "Archie", Role.ARCHIVIST)


def confirm_all(clinic: Clinic, but: Part | None = None) -> None:
    for part in Part:
        if part is not but:
            setting_up.confirm(clinic.house, ADMINISTRATOR, part, FACTS.get(part))


def test_a_clinic_that_came_along_has_no_facts_at_all(bare: Clinic) -> None:
    assert bare.house.clinic == NOT_SET_UP
    assert bare.house.clinic.left == tuple(Part)


@pytest.mark.parametrize("left", Part)
def test_no_visit_is_arranged_while_one_part_is_left(bare: Clinic, left: Part) -> None:
    staffed(bare)
    confirm_all(bare, but=left)
    with pytest.raises(NotSetUp) as refused:
        bare.arrange()
    assert refused.value.reasons == (PARTS[left],)
    (finding,) = (one for one in self_check(bare.house, bare.settings) if one.name == "not_set_up")
    assert finding.grave
    assert finding.sentence.endswith(f"Left: {PARTS[left]}.")
    refuse_unsafe_start(bare.house, bare.settings, debug=False)
    setting_up.confirm(bare.house, ADMINISTRATOR, left, FACTS.get(left))
    assert bare.arrange().visit.station is Station.ARRANGED


def test_a_set_up_clinic_has_nothing_about_it_in_the_self_check(bare: Clinic) -> None:
    staffed(bare)
    confirm_all(bare)
    names = {one.name for one in self_check(bare.house, bare.settings)}
    assert not names & {"not_set_up", "set_up_gone"}


def test_somebody_who_left_is_told_and_does_not_close_the_desk(bare: Clinic) -> None:
    staffed(bare)
    confirm_all(bare)
    archie = next(
        one for one in staffing.staff(bare.house, ADMINISTRATOR) if one.full_name == "Archie"
    )
    staffing.change(
        bare.house, ADMINISTRATOR, archie.id, roles=archie.roles, registration="", active=False
    )
    (finding,) = (one for one in self_check(bare.house, bare.settings) if one.name == "set_up_gone")
    assert not finding.grave
    assert "Only one person can approve" in finding.sentence
    assert bare.arrange().visit.station is Station.ARRANGED


@pytest.mark.parametrize(
    ("roles", "registration", "said"),
    [
        ((Role.DESK,), "GMC 1234567", "Nobody is a clinician with a registration yet"),
        ((Role.CLINICIAN,), "", "Nobody is a clinician with a registration yet"),
        ((Role.CLINICIAN,), "1234567", "of Ada, “1234567”, lacks the name of the register"),
        ((Role.CLINICIAN,), "GMC", "of Ada, “GMC”, lacks the number"),
    ],
    ids=["no clinician", "no registration", "no register", "no number"],
)
def test_a_practitioner_is_a_clinician_with_register_and_number(
    bare: Clinic, roles: tuple[Role, ...], registration: str, said: str
) -> None:
    hire(bare, "Ada", *roles, registration=registration)
    with pytest.raises(Slip, match=said):
        setting_up.confirm(bare.house, ADMINISTRATOR, Part.PRACTITIONER)


@pytest.mark.parametrize("second", [(), (Role.DESK,), (Role.CLINICIAN,)])
def test_one_approver_is_not_two(bare: Clinic, second: tuple[Role, ...]) -> None:
    hire(bare, "Ada", Role.ADMINISTRATOR)
    if second:
        hire(bare, "Bea", *second)
    with pytest.raises(Slip, match="Only one person can approve"):
        setting_up.confirm(bare.house, ADMINISTRATOR, Part.APPROVER)


@pytest.mark.parametrize("person", [DESK, CLINICIAN, ARCHIVIST], ids=lambda one: one.role)
def test_only_administrators_set_a_clinic_up(bare: Clinic, person: object) -> None:
    with pytest.raises(NotAllowed):
        setting_up.confirm(bare.house, person, Part.NAME, FACTS[Part.NAME])  # type: ignore[arg-type]
    with bare.house.database.read() as tx:
        assert newest_clinic(tx).number == 0


def test_a_later_change_is_a_version_and_an_entry_that_names_the_facts(clinic: Clinic) -> None:
    before = clinic.house.clinic
    clinic.clock.forward(timedelta(days=3))
    new = {"phone": "020 7946 0018", "emergency_phone": before.emergency_phone}
    setting_up.confirm(clinic.house, ADMINISTRATOR, Part.PHONES, new)
    with clinic.house.database.read() as tx:
        newest, first = clinic_versions(tx)
    assert first.details == before
    done = Confirmation(ADMINISTRATOR.name, clinic.clock())
    assert newest.details == replace(
        before, phone="020 7946 0018", confirmed={**before.confirmed, Part.PHONES: done}
    )
    assert (newest.number, newest.at, newest.by) == (2, clinic.clock(), ADMINISTRATOR.name)
    event = clinic.events("clinic")[-1]
    assert (event.action, event.person) == ("clinic_changed", ADMINISTRATOR)
    assert event.detail == {"version": 2, "part": "phones", "facts": ["phone"]}
    assert clinic.ledger_problems() == ()
    assert up_to_date(clinic.house).clinic.phone == "020 7946 0018"


def test_a_document_keeps_the_facts_it_was_signed_with(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    stage.clinic.state(name="Another Name", phone="020 7946 0018")
    house = up_to_date(stage.house)
    written = signing.to_countersign(house, CLINICIAN, stage.visit_id).document.canonical
    assert CLINIC.name.encode() in written
    assert b"Another Name" not in written


def test_nothing_is_signed_at_a_clinic_that_is_not_set_up(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    confirmed = dict(stage.house.clinic.confirmed)
    del confirmed[Part.PHONES]
    house = stage.clinic.state(confirmed=confirmed)
    with pytest.raises(StillOpen) as refused:
        read_back(house, turn)
    assert refused.value.reasons == (UNFINISHED,)
