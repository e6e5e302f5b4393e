"""How many records each member of staff opened lately, beside what they usually open."""

from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Person, Role
from questionnaire.journey import openings, staffing
from questionnaire.journey.access import IN_THE_ARCHIVE, note_reading
from questionnaire.journey.openings import FEW, Openings, last_week
from tests.clinics import ADMINISTRATOR, ARCHIVIST, CLINICIAN, DESK, Clinic

WEEK = openings.WEEK


def hired(clinic: Clinic, name: str, role: Role) -> Person:
    """A member of staff with an account."""
    address = f"{name.rsplit(maxsplit=1)[-1].lower()}@clinic.example"
    joining = staffing.Joining(name, address, "", frozenset({role}))
    token = staffing.invite(clinic.house, ADMINISTRATOR, joining)
    account = staffing.invited(clinic.house, token)
    return Person(account.id, account.full_name, role)


def open_records(clinic: Clinic, person: Person, many: int) -> None:
    """Open so many records, each twice."""
    for number in range(many):
        visit_id = clinic.arrange(name=f"Person {number}").visit.id
        for _ in range(2):
            note_reading(clinic.house, person, visit_id, IN_THE_ARCHIVE)


def test_records_are_counted_once_each_and_beside_what_is_usual(clinic: Clinic) -> None:
    archie = hired(clinic, "Archie Keepwell", Role.ARCHIVIST)
    dex = hired(clinic, "Dex Frontly", Role.DESK)
    for week in range(5):
        open_records(clinic, archie, 6 if week < 4 else FEW + 3)
        open_records(clinic, dex, 2)
        if week < 4:
            clinic.clock.forward(WEEK)
    with clinic.house.database.write() as tx:
        clinic.house.note(tx, dex, "denied", "people.everybody")
    clinic.clock.forward(timedelta(minutes=1))
    found = last_week(clinic.house, ADMINISTRATOR)
    assert found == (
        Openings("Archie Keepwell", FEW + 3, 0, 6),
        Openings("Dex Frontly", 2, 1, 2),
    )
    assert [one.is_more_than_usual for one in found] == [True, False]
    clinic.clock.forward(WEEK)
    assert last_week(clinic.house, ADMINISTRATOR) == ()


def test_few_records_and_twice_the_usual_are_no_question() -> None:
    week = Openings("Dex Frontly", FEW, 0, 0)
    assert not week.is_more_than_usual
    assert not replace(week, records=40, usual=20).is_more_than_usual
    assert replace(week, records=41, usual=20).is_more_than_usual


@pytest.mark.parametrize("person", [CLINICIAN, ARCHIVIST, DESK])
def test_only_an_administrator_sees_it(clinic: Clinic, person: Person) -> None:
    with pytest.raises(NotAllowed):
        last_week(clinic.house, person)
