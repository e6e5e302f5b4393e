"""A real encrypted database for each test, and the invented people in it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from questionnaire.domain.visit import Patient, Person, Role, Station, Visit
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Database
from questionnaire.records.visits import add_patient, add_visit

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the ring is kept in."""
    folder = tmp_path_factory.mktemp("keys") / "ring"
    KeyRing.create(folder)
    return folder


@pytest.fixture(scope="session")
def ring(keys: Path) -> KeyRing:
    return KeyRing.load(keys)


@pytest.fixture(scope="session")
def empty_file(ring: KeyRing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database nobody has written to, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "clinic.db"
    database = Database.open(path, ring)
    database.migrate()
    database.close()
    return path


@pytest.fixture
def database(ring: KeyRing, empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "clinic.db"
    shutil.copyfile(empty_file, path)
    opened = Database.open(path, ring)
    yield opened
    opened.close()


@pytest.fixture
def patient() -> Patient:
    return Patient("patient-1", "Zoë Ní Bhriain", date(1984, 2, 29))


@pytest.fixture
def clinician() -> Person:
    return Person("staff-1", "Dr Ines Okafor", Role.CLINICIAN, "REG 1234")


@pytest.fixture
def visit(database: Database, patient: Patient) -> Visit:
    """A visit arranged a day ago for now, whose code is "RIVER-42" for an hour."""
    arranged = Visit(
        id="visit-1",
        patient=patient,
        station=Station.ARRANGED,
        version=1,
        treatments=("prp_scalp",),
        clinician_id="staff-1",
        language="en",
        identity_check="passport",
        appointment_at=NOW,
        arranged_at=NOW - timedelta(days=1),
    )
    with database.write() as tx:
        add_patient(tx, patient, at=NOW)
        add_visit(
            tx,
            arranged,
            arranged_by="staff-2",
            code="RIVER-42",
            code_expires_at=NOW + timedelta(hours=1),
        )
    return arranged
