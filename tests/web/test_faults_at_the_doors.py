"""When database, disk, archive or keys fail: 503 and “wait”, or a fault; nothing is lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role, Station
from questionnaire.journey.standing import load_sheet
from questionnaire.records.database import Database
from questionnaire.records.tables import answers as kept_answers
from tests.clinics import Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

pytestmark = pytest.mark.guarantees("S51")
At = Callable[..., Stage]
BUSY = "Please try again in a minute"


@pytest.fixture
def hasty(at: At) -> Iterator[tuple[Tablet, Stage]]:
    """A patient at a door whose database waits for nobody."""
    stage = at(Station.IN_PROGRESS)
    database = stage.house.database
    quick = Database.open(database.path, database.ring, patience=0.02)
    clinic = replace(stage.clinic, house=replace(stage.house, database=quick))
    tablet = Tablet(clinic)
    tablet.start(stage)
    yield tablet, stage
    quick.close()


def told_to_wait(answer: TestResponse) -> bool:
    """Whether an answer says that nothing was done and when to come again."""
    waits = answer.headers.get("Retry-After") == "60" and BUSY in answer.text
    return answer.status_code == 503 and waits


def medicines(stage: Stage) -> object:
    """The kept answer of the page that the tests save."""
    with stage.house.database.read() as tx:
        return load_sheet(stage.house, tx, stage.visit_id).answers.get("medicine_list")


def save(tablet: Tablet) -> TestResponse:
    """Save one page."""
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "Warfarin, an invented dose"})
    return tablet.reply


def test_a_save_that_gets_no_turn_is_refused_and_works_later(hasty: tuple[Tablet, Stage]) -> None:
    tablet, stage = hasty
    before = medicines(stage)
    tablet.open("/questions/medicine_list")
    with stage.house.database.write():
        tablet.post({"medicine_list": "Warfarin, an invented dose"})
    assert told_to_wait(tablet.reply)
    assert medicines(stage) == before
    assert tablet.repeat().headings != [BUSY]
    assert medicines(stage) == "Warfarin, an invented dose"


def test_a_save_on_a_full_disk_is_refused_and_what_was_kept_stays(
    hasty: tuple[Tablet, Stage],
) -> None:
    tablet, stage = hasty
    before = medicines(stage)
    house = tablet.client.application.extensions["house"]
    with house.database.write() as tx:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "Warfarin " * 400})
    assert told_to_wait(tablet.reply)
    assert medicines(stage) == before


def test_a_document_whose_shelf_is_away_is_not_called_missing(at: At) -> None:
    stage = at(Station.SEALED)
    door = enter_as(open_door(stage.clinic), Role.ARCHIVIST)
    stage.house.shelf.folder.rename(stage.house.shelf.folder.with_name("away"))
    assert told_to_wait(door.get(f"/archive/{stage.visit_id}/consent.pdf"))


def test_answers_that_cannot_be_opened_are_a_fault_and_no_review_without_flags(at: At) -> None:
    stage = at(Station.SUBMITTED)
    door = enter_as(open_door(stage.clinic), Role.CLINICIAN)
    address = f"/visits/{stage.visit_id}"
    assert door.get(address).status_code == 200
    with stage.house.database.write() as tx:
        tx.connection.execute(kept_answers.update().values(body=b"x" * 64))
    answer = door.get(address)
    assert answer.status_code in {500, 503}
    assert "Something went wrong on our side" in answer.text
    assert "flag" not in answer.text
