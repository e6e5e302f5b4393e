"""A clinic made on disk and opened again."""

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from questionnaire.archive.shelf import MARKER
from questionnaire.clinic import (
    certificates_folder,
    database_path,
    door_secret,
    now,
    open_clinic,
    prepare_clinic,
)
from questionnaire.content import ContentProblems
from questionnaire.records.cipher import KeysUnusable
from questionnaire.records.database import Unreadable
from questionnaire.settings import Settings, SettingsError
from tests.clinics import Clinic


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Where nothing is yet."""
    return Settings.from_environment(
        {"CANDOUR_DATA": str(tmp_path / "data"), "CANDOUR_KEYS": str(tmp_path / "keys")}
    )


def files(settings: Settings) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in (settings.keys, settings.data / "shelf")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MARKER
    }


def test_a_clinic_is_made_once_and_asking_again_changes_nothing(settings: Settings) -> None:
    prepare_clinic(settings)
    made = files(settings)
    assert {Path(name).name.split("-")[0] for name in made} >= {"records.json", "root.key.pem"}
    prepare_clinic(settings)
    assert files(settings) == made
    house = open_clinic(settings)
    house.shelf.put("2031/03/A/consent.pdf", b"document")
    assert open_clinic(settings).shelf.get("2031/03/A/consent.pdf") == b"document"
    assert house.trusted_seals().roots == (house.sealing_identity(now()).root,)
    house.call_sealer("nobody listens")


def test_folders_and_keys_are_for_the_owners_eyes_only(settings: Settings) -> None:
    before = os.umask(0)
    try:
        prepare_clinic(settings)
    finally:
        os.umask(before)
    private = [settings.data, settings.keys, settings.data / "shelf", database_path(settings)]
    private += list(settings.keys.rglob("*.key.pem"))
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_time_is_told_in_utc() -> None:
    assert now().tzinfo is UTC
    assert now() > datetime(2025, 1, 1, tzinfo=UTC)


def test_each_door_has_a_secret_of_its_own_that_stays(clinic: Clinic) -> None:
    patient, staff = (door_secret(clinic.settings, door) for door in ("patient", "staff"))
    assert patient != staff
    assert len(patient) == len(staff) == 32
    assert door_secret(clinic.settings, "patient") == patient


@pytest.mark.guarantees("S52")
def test_lost_keys_are_not_drawn_anew_over_records_they_would_lock(clinic: Clinic) -> None:
    (clinic.settings.keys / "records.json").unlink()
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(KeysUnusable, match="Restore it from its safe copy"):
            start(clinic.settings)
    assert not (clinic.settings.keys / "records.json").exists()


@pytest.mark.guarantees("S52")
def test_a_clinic_with_broken_rules_does_not_start(settings: Settings, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(ContentProblems):
            start(replace(settings, rules=rules))
    assert not settings.keys.exists()


@pytest.mark.guarantees("S52")
def test_another_clinics_keys_do_not_open_the_records(clinic: Clinic, settings: Settings) -> None:
    prepare_clinic(settings)
    mixed = replace(clinic.settings, keys=settings.keys)
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(Unreadable, match="does not open with these keys"):
            start(mixed)


@pytest.mark.guarantees("S52")
def test_a_folder_that_cannot_be_written_is_named(settings: Settings) -> None:
    settings.data.write_text("a file, not a folder")
    with pytest.raises(SettingsError, match="cannot be written: file exists"):
        prepare_clinic(settings)


def test_without_a_seal_the_clinic_opens_and_only_sealing_waits(clinic: Clinic) -> None:
    for path in certificates_folder(clinic.settings).glob("seal-*"):
        path.unlink()
    house = open_clinic(clinic.settings)
    with pytest.raises(Exception, match=r"holds no sealing certificate$"):
        house.sealing_identity(clinic.clock())
    assert house.trusted_seals().certificates == ()
