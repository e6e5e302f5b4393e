"""What patient and visit say differently about who the patient is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.identity import Difference, differences, staff_wrote
from questionnaire.domain.visit import Patient, Station, Visit
from tests.domain.small import QUESTIONNAIRE

AT = datetime(2025, 6, 2, 9, tzinfo=UTC)
VISIT = Visit(
    "a-visit",
    Patient("a-patient", "Marigold Testwell", date(1979, 3, 14)),
    Station.SUBMITTED,
    1,
    ("prp",),
    "a-clinician",
    "en",
    "Passport",
    AT,
    AT,
)
NAME = Difference("full_name", "Olive Smith-Jones", "Marigold Testwell")
WANTED = Difference("treatments_wanted", "Mesotherapy", "PRP")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, []),
        ({"full_name": Withheld.NOT_SURE}, []),
        ({"full_name": "Marigold  Testwell"}, []),
        ({"full_name": "Olive Smith-Jones"}, [NAME]),
        ({"treatments_wanted": Choices(frozenset({"prp", "not_sure"}))}, []),
        ({"treatments_wanted": Choices(frozenset({"mesotherapy"}))}, [WANTED]),
        ({"date_of_birth": date(1979, 3, 14)}, []),
    ],
)
def test_only_what_the_patient_says_otherwise_is_told(
    answers: dict[str, Answer], told: list[Difference]
) -> None:
    assert list(differences(QUESTIONNAIRE, VISIT, answers)) == told


def test_a_visit_without_a_treatment_says_nothing_of_treatments() -> None:
    unsure = replace(VISIT, treatments=())
    assert "treatments_wanted" not in staff_wrote(unsure)
    wants: dict[str, Answer] = {"treatments_wanted": Choices(frozenset({"prp"}))}
    assert list(differences(QUESTIONNAIRE, unsure, wants)) == []
