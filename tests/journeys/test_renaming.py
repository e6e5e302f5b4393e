"""A visit that gets the name and birth date of somebody who was here already: a person is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, changing
from questionnaire.journey.doubting import Doubtful
from questionnaire.journey.parting import part, whose
from questionnaire.journey.sameness import WhoIsIt, still_them
from tests.clinics import BORN, CLINICIAN, DESK, OPENED, PRP, Clinic, Stage

At = Callable[..., Stage]
WHY = "The desk took the wrong name."
WANTED = arranging.Request(
    "Basil Madeupson", BORN, (PRP,), CLINICIAN.id, "en", "Passport", OPENED + timedelta(hours=1)
)
KNOWN = ["Marigold Testwell", "TESTWELL Marigold", "Marigold Test-Well", "M\u0430rigold Testwell"]


@pytest.fixture
def two(clinic: Clinic) -> tuple[Clinic, str, str]:
    """A clinic with a visit of Marigold Testwell, and one of somebody else: the ids of both."""
    marigold, basil = (
        arranging.arrange(clinic.house, DESK, one, key=clinic.house.new_id()).visit
        for one in (replace(WANTED, full_name="Marigold Testwell"), WANTED)
    )
    return clinic, marigold.id, basil.id


def rename(clinic: Clinic, visit_id: str, **changed: object) -> None:
    """Change a visit that was misspelt, and say yes to whatever else is asked."""
    wanted = replace(WANTED, **changed)
    visit = clinic.visit(visit_id)
    now = replace(visit.patient, full_name=wanted.full_name, date_of_birth=wanted.date_of_birth)
    wanted = replace(wanted, renamed=still_them(now))
    try:
        changing.change_details(
            clinic.house, DESK, visit_id, wanted, WHY, key=clinic.house.new_id()
        )
    except Doubtful as asked:
        sure = frozenset(doubt.about for doubt in asked.found)
        rename(clinic, visit_id, **changed, sure=sure)


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_is_kept_before_a_person_says_whether_it_is_the_same(
    two: tuple[Clinic, str, str], name: str
) -> None:
    clinic, marigold, basil = two
    before = clinic.visit(basil)
    with pytest.raises(WhoIsIt) as asked:
        rename(clinic, basil, full_name=name)
    assert [one.patient for one in asked.value.found] == [clinic.visit(marigold).patient]
    assert clinic.visit(basil) == before
    assert whose(clinic.house, DESK, basil).others == ()


def test_a_yes_joins_the_visits_and_can_be_parted_again(two: tuple[Clinic, str, str]) -> None:
    clinic, marigold, basil = two
    person = clinic.visit(marigold).patient.id
    rename(clinic, basil, full_name="Testwell Marigold", same_as=person)
    assert clinic.visit(basil).patient.id == person
    assert clinic.visit(basil).patient.full_name == "Testwell Marigold"
    (said,) = (one for one in clinic.events(basil) if one.action == "same_person_said")
    assert said.detail == {"as_visit": marigold}
    part(clinic.house, DESK, basil, "Two people.", key=clinic.house.new_id())
    assert clinic.visit(basil).patient.id != person


def test_a_no_keeps_two_people_of_one_name_apart(two: tuple[Clinic, str, str]) -> None:
    clinic, marigold, basil = two
    own = clinic.visit(basil).patient.id
    none_of = frozenset({clinic.visit(marigold).patient.id})
    rename(clinic, basil, full_name="Marigold Testwell", none_of=none_of)
    assert clinic.visit(basil).patient.full_name == "Marigold Testwell"
    assert clinic.visit(basil).patient.id == own
    assert "another_person_said" in clinic.actions(basil)


def test_a_birth_date_alone_can_make_it_somebody_who_was_here(
    two: tuple[Clinic, str, str],
) -> None:
    clinic, _, basil = two
    rename(clinic, basil, date_of_birth=date(1980, 1, 1))
    rename(clinic, basil, date_of_birth=date(1980, 1, 1), full_name="Marigold Testwell")
    with pytest.raises(WhoIsIt):
        rename(clinic, basil, full_name="Marigold Testwell")


def test_whoever_is_the_same_already_is_not_asked_about(two: tuple[Clinic, str, str]) -> None:
    clinic, marigold, basil = two
    person = clinic.visit(marigold).patient.id
    rename(clinic, basil, full_name="Marigold Testwell", same_as=person)
    rename(clinic, basil, full_name="Marigold Test Well")
    assert clinic.visit(basil).patient.id == person


def test_other_details_of_a_name_that_two_people_share_ask_nothing(at: At) -> None:
    stage = at(Station.ARRANGED)
    visit = stage.clinic.visit(stage.visit_id)
    other = replace(WANTED, full_name=visit.patient.full_name)
    none_of = frozenset({visit.patient.id})
    arranging.arrange(stage.house, DESK, replace(other, none_of=none_of), key=stage.house.new_id())
    later = {"full_name": visit.patient.full_name, "date_of_birth": visit.patient.date_of_birth}
    rename(stage.clinic, stage.visit_id, **later, appointment_at=OPENED + timedelta(hours=2))
