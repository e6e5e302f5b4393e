"""Tablets at the patient's door."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Station
from tests.clinics import PRP, Clinic, Stage
from tests.web.patient.tablet import Tablet


@pytest.fixture
def tablet(clinic: Clinic) -> Tablet:
    """A tablet in a clinic with nobody in it yet."""
    return Tablet(clinic)


@pytest.fixture
def turn_at(at: Callable[..., Stage]) -> Callable[..., tuple[Tablet, Stage]]:
    """`turn_at(station, treatment)`: a tablet in the hands of a patient at that station."""

    def begin(station: Station, treatment: str = PRP) -> tuple[Tablet, Stage]:
        stage = at(station, treatment)
        tablet = Tablet(stage.clinic)
        tablet.start(stage)
        return tablet, stage

    return begin
