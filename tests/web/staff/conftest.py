"""The staff door of a clinic, with somebody signed in who has the role a test needs."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role, Station
from tests.clinics import PRP, Clinic, Stage
from tests.web.staff.door import Door, address, hire, open_door

NAMES = {
    Role.CLINICIAN: "Dr Ada Invented",
    Role.DESK: "Dex Frontly",
    Role.ARCHIVIST: "Archie Keepwell",
    Role.ADMINISTRATOR: "Minnie Strator",
}


@pytest.fixture
def door(clinic: Clinic) -> Door:
    """The door of a clinic where nobody has an account yet."""
    return open_door(clinic)


@pytest.fixture
def signed_in(door: Door) -> Callable[..., Door]:
    """`signed_in(role)`: a browser of its own in which somebody with that role is signed in."""

    def enter(*roles: Role) -> Door:
        return enter_as(door.another(), *roles)

    return enter


@pytest.fixture
def staff_at(at: Callable[..., Stage]) -> Callable[..., tuple[Stage, Door]]:
    """`staff_at(station, role)`: a clinic with a visit at a station, and somebody signed in."""

    def enter(
        station: Station, role: Role = Role.CLINICIAN, treatment: str = PRP
    ) -> tuple[Stage, Door]:
        stage = at(station, treatment)
        return stage, enter_as(open_door(stage.clinic), role)

    return enter


def enter_as(door: Door, *roles: Role) -> Door:
    name = NAMES[roles[0]]
    hire(door, name, *roles)
    answer = door.sign_in(address(name))
    assert (answer.status_code, answer.location) == (302, "/staff/")
    return door
