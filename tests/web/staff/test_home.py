"""The first page after signing in: one line says how the archive stands."""

from collections.abc import Callable
from datetime import timedelta

from questionnaire.domain.visit import Role, Station
from questionnaire.journey.keeping import keep_house
from tests.clinics import Clinic, Stage
from tests.web.staff.door import Door

StaffAt = Callable[..., tuple[Stage, Door]]


def test_a_whole_archive_is_one_line(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SEALED)
    keep_house(stage.house, None)
    page = door.read("/")
    assert "Every signed consent is sealed, and every file was sound" in page
    assert "notice--stop" not in page


def test_a_document_that_is_gone_is_red(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SEALED)
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert seal.shelf_name is not None
    (stage.house.shelf.folder / seal.shelf_name).unlink()
    keep_house(stage.house, None)
    page = door.read("/")
    assert "0 documents changed, 1 missing, 0 ledger lines wrong" in page
    assert "Every signed consent" not in page


def test_an_archive_nobody_looked_after_is_red(
    clinic: Clinic, signed_in: Callable[..., Door]
) -> None:
    keep_house(clinic.house, None)
    clinic.clock.forward(timedelta(days=3))
    assert "not checked for more than two days" in signed_in(Role.ARCHIVIST).read("/")
