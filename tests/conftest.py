"""A whole clinic for each test that asks for one; see `tests/clinics.py`."""

from collections.abc import Callable, Iterator

import pytest

from questionnaire.domain.visit import Station
from tests.clinics import PRP, Clinic, Clinics, Stage


@pytest.fixture(scope="session")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Clinics:
    """Where the clinics of this run come from."""
    return Clinics(tmp_path_factory.mktemp("clinics"))


@pytest.fixture
def clinic(clinics: Clinics) -> Iterator[Clinic]:
    """A clinic with nobody in it yet."""
    opened = clinics.open()
    yield opened
    opened.house.database.close()


@pytest.fixture
def at(clinics: Clinics) -> Iterator[Callable[..., Stage]]:
    """`at(station, treatment)`: a clinic of its own with one visit at that station."""
    opened: list[Stage] = []

    def stage(station: Station, treatment: str = PRP) -> Stage:
        opened.append(clinics.at(station, treatment))
        return opened[-1]

    yield stage
    for each in opened:
        each.clinic.house.database.close()
