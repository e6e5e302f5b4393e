"""The first page after signing in: one line says how the archive stands."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from questionnaire.documents.certificates import create_clinic_certificates, load_seal
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.keeping import keep_house
from questionnaire.journey.sealing import seal_due
from tests.clinics import Clinic, Stage
from tests.faults.odd_files import put
from tests.journeys.test_keeping import file_of
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door

pytestmark = pytest.mark.whole

StaffAt = Callable[..., tuple[Stage, Door]]


def test_a_whole_archive_is_one_line(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SEALED)
    keep_house(stage.house, None)
    page = door.read("/")
    assert "Every signed consent is sealed; the one file read today at 09:30 was sound." in page
    assert "notice--stop" not in page


def test_what_was_sealed_since_the_check_is_not_said_to_have_been_read(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.COUNTERSIGNED)
    keep_house(stage.house, None)
    stage.clinic.clock.forward(timedelta(minutes=10))
    seal_due(stage.house)
    page = door.read("/")
    assert "Every signed consent is sealed." in page
    assert "1 was sealed since, and is read at the next check." in page
    assert "sound" not in page


def test_a_signed_visit_that_waits_for_the_countersignature_stands_there_by_name(
    staff_at: StaffAt,
) -> None:
    stage, door = staff_at(Station.PATIENT_SIGNED)
    page = door.read("/")
    assert "your countersignature is left" in page
    assert f'href="/staff/visits/{stage.visit_id}"><bdi>Marigold Testwell</bdi>' in page


def test_nothing_is_left_to_countersign_once_it_is(staff_at: StaffAt) -> None:
    _, door = staff_at(Station.COUNTERSIGNED)
    assert "your countersignature is left" not in door.read("/")


def test_a_document_that_is_gone_is_red(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SEALED)
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert seal.shelf_name is not None
    (stage.house.shelf.folder / seal.shelf_name).unlink()
    keep_house(stage.house, None)
    page = door.read("/")
    assert (
        "0 documents changed, 1 missing, 0 unreadable, 0 not in the records, 0 ledger lines wrong"
        in page
    )
    assert "Every signed consent" not in page


@pytest.mark.guarantees("R12")
@pytest.mark.parametrize("checked_before", [False, True])
def test_a_document_that_cannot_be_read_is_red_also_five_nights_later(
    staff_at: StaffAt, *, checked_before: bool
) -> None:
    stage, door = staff_at(Station.SEALED)
    if checked_before:
        keep_house(stage.house, None)
    put(file_of(stage), "folder")
    for _ in range(5):
        stage.clinic.clock.forward(timedelta(days=1))
        keep_house(stage.house, None)
    page = enter_as(door, Role.ARCHIVIST).read("/")
    assert "0 documents changed, 0 missing, 1 unreadable, 0 not in the records" in page
    assert "Every signed consent" not in page
    assert door.get(f"/archive/{stage.visit_id}/consent.pdf").status_code == 500


def test_an_archive_nobody_looked_after_is_red(
    clinic: Clinic, signed_in: Callable[..., Door]
) -> None:
    keep_house(clinic.house, None)
    clinic.clock.forward(timedelta(days=3))
    assert "not checked for more than two days" in signed_in(Role.ARCHIVIST).read("/")


def test_a_consent_that_could_not_be_sealed_stands_there_by_name_and_is_tried_again(
    staff_at: StaffAt, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage, door = staff_at(Station.COUNTERSIGNED, Role.DESK)
    create_clinic_certificates(tmp_path, "Another Clinic", stage.clinic.clock())
    assert "could not be sealed" not in door.read("/")
    with caplog.at_level(logging.CRITICAL):
        seal_due(replace(stage.house, sealing_identity=partial(load_seal, tmp_path)))
    page = door.read("/")
    assert "Signed, and could not be sealed" in page
    assert "Marigold Testwell" in page
    assert "looked over and refused" in page
    assert "Tried 1 time." in page
    assert "SealRefused" not in page
    consent = door.read(f"/archive/{stage.visit_id}")
    assert "SealRefused: the seal was found unrecognised" in consent
    stage.clinic.called.clear()
    answer = door.post(f"/archive/{stage.visit_id}/seal-again")
    assert (answer.status_code, answer.location) == (303, f"/staff/archive/{stage.visit_id}")
    assert stage.clinic.called == [stage.visit_id]
    assert seal_due(stage.house) == 1
    assert "could not be sealed" not in door.read("/")
    assert door.post(f"/archive/{stage.visit_id}/seal-again").status_code == 409
