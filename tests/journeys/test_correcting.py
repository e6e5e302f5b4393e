"""Who a visit is for can be put right until something is signed, with a reason, for everybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, WrongStation
from questionnaire.domain.visit import Person, Station
from questionnaire.journey.correcting import CORRECTED_AT, RightIdentity, correct_patient
from tests.clinics import ADMINISTRATOR, ARCHIVIST, CLINICIAN, DESK, OPENED, Stage

At = Callable[..., Stage]
RIGHT = RightIdentity("Marigold Testwell-Jones", date(1990, 3, 14), "Passport")
WHY = "Two letters and the year were mistyped."


def correct(stage: Stage, right: RightIdentity = RIGHT, person: Person = DESK) -> None:
    correct_patient(stage.house, person, stage.visit_id, right, WHY, key=stage.key())


@pytest.mark.parametrize("person", [DESK, CLINICIAN, ADMINISTRATOR], ids=lambda one: one.role.value)
@pytest.mark.parametrize("station", [Station.ARRANGED, Station.SUBMITTED, Station.CONSENT_READY])
def test_name_and_birth_date_are_put_right_with_a_reason(
    at: At, station: Station, person: Person
) -> None:
    stage = at(station)
    before = stage.clinic.visit(stage.visit_id)
    correct(stage, person=person)
    patient = replace(before.patient, full_name=RIGHT.full_name, date_of_birth=RIGHT.date_of_birth)
    assert stage.clinic.visit(stage.visit_id) == replace(
        before, patient=patient, identity_check="Passport", version=before.version + 1
    )
    event = stage.clinic.events(stage.visit_id)[-1]
    assert (event.action, event.person.id) == ("patient_corrected", person.id)
    assert event.detail == {
        "before": {"full_name": "Marigold Testwell", "date_of_birth": "1979-03-14"},
        "now": {"full_name": "Marigold Testwell-Jones", "date_of_birth": "1990-03-14"},
        "checked": "Passport",
        "words": WHY,
    }


def test_the_same_press_twice_and_what_is_right_already_write_nothing(at: At) -> None:
    stage, key = at(Station.ARRANGED), "a" * 32
    for _ in range(2):
        correct_patient(stage.house, DESK, stage.visit_id, RIGHT, WHY, key=key)
    correct(stage)
    assert stage.clinic.actions(stage.visit_id).count("patient_corrected") == 1


@pytest.mark.parametrize(
    ("changed", "words", "sentence"),
    [
        ({"full_name": " "}, WHY, "full name"),
        ({"full_name": "x" * 201}, WHY, "200 letters"),
        ({"date_of_birth": OPENED.date() + timedelta(days=1)}, WHY, "still to come"),
        ({"checked": ""}, WHY, "how you checked"),
        ({}, " ", "Say why"),
    ],
)
def test_a_correction_needs_a_name_a_date_a_check_and_a_reason(
    at: At, changed: dict[str, object], words: str, sentence: str
) -> None:
    stage = at(Station.ARRANGED)
    before = stage.clinic.visit(stage.visit_id)
    with pytest.raises(Slip, match=sentence):
        correct_patient(
            stage.house, DESK, stage.visit_id, replace(RIGHT, **changed), words, key=stage.key()
        )
    assert stage.clinic.visit(stage.visit_id) == before


@pytest.mark.parametrize("station", [Station.PATIENT_SIGNED, Station.COUNTERSIGNED, Station.SEALED])
def test_what_was_signed_is_never_made_to_say_something_else(at: At, station: Station) -> None:
    stage = at(station)
    assert station not in CORRECTED_AT
    with pytest.raises(WrongStation):
        correct(stage)


def test_an_archivist_corrects_nobody(at: At) -> None:
    stage = at(Station.ARRANGED)
    with pytest.raises(NotAllowed):
        correct(stage, person=ARCHIVIST)
