"""Who a visit is for can be put right until something is signed, with a reason, for everybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import WrongStation
from questionnaire.domain.visit import Person, Station
from questionnaire.journey.correcting import CORRECTED_AT, RightIdentity, put_right
from questionnaire.records.visits import get_visit
from tests.clinics import ADMINISTRATOR, CLINICIAN, DESK, OPENED, Stage

At = Callable[..., Stage]
RIGHT = RightIdentity("Marigold Testwell-Jones", date(1990, 3, 14), "Passport")
WHY = "Two letters and the year were mistyped."


def correct(stage: Stage, right: RightIdentity = RIGHT, person: Person = DESK) -> None:
    with stage.house.database.write() as tx:
        put_right(stage.house, tx, person, get_visit(tx, stage.visit_id), right, WHY)


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


def test_what_is_right_already_writes_nothing(at: At) -> None:
    stage = at(Station.ARRANGED)
    for _ in range(2):
        correct(stage)
    assert stage.clinic.actions(stage.visit_id).count("patient_corrected") == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"full_name": " "}, "full name"),
        ({"full_name": "x" * 201}, "200 letters"),
        ({"full_name": "\ufffd 1."}, "in letters"),
        ({"date_of_birth": OPENED.date() + timedelta(days=1)}, "still to come"),
        ({"checked": ""}, "how you checked"),
    ],
)
def test_a_correction_needs_a_name_a_date_and_a_check(
    at: At, changed: dict[str, object], sentence: str
) -> None:
    stage = at(Station.ARRANGED)
    before = stage.clinic.visit(stage.visit_id)
    with pytest.raises(Slip, match=sentence):
        correct(stage, replace(RIGHT, **changed))
    assert stage.clinic.visit(stage.visit_id) == before


@pytest.mark.parametrize("station", [Station.PATIENT_SIGNED, Station.COUNTERSIGNED, Station.SEALED])
def test_what_was_signed_is_never_made_to_say_something_else(at: At, station: Station) -> None:
    stage = at(station)
    assert station not in CORRECTED_AT
    with pytest.raises(WrongStation):
        correct(stage)
