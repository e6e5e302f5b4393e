"""Two people for what one may not do alone: disposal, holds, and documents taken as a folder."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import approvals, disposing
from questionnaire.records.approvals import Kind
from questionnaire.records.entries import entries_of
from tests.clinics import ARCHIVIST, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, open_door

At = Callable[..., Stage]
REASON = "Eight years are over."


@pytest.fixture
def two(at: At) -> tuple[Stage, Door, Door]:
    """A sealed consent whose time is over, an archivist and an administrator."""
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(timedelta(days=8 * 366))
    archivist = enter_as(open_door(stage.clinic), Role.ARCHIVIST)
    return stage, archivist, enter_as(archivist.another(), Role.ADMINISTRATOR)


def request_id(page: str) -> str:
    """The newest request on the page."""
    return re.findall(r'id="request-([0-9a-f]{32})"', page)[0]


@pytest.mark.guarantees("S09", "S43")
def test_one_asks_for_a_disposal_and_another_approves_it(two: tuple[Stage, Door, Door]) -> None:
    stage, archivist, administrator = two
    page = archivist.read("/archive-due")
    assert "Marigold Testwell" in page
    assert "8 years after the last attendance" in page
    answer = archivist.post("/archive-due", {"visits": [stage.visit_id], "reason": REASON})
    assert (answer.status_code, answer.location) == (303, "/staff/approvals")
    own = archivist.read("/approvals")
    assert "Waits for somebody else." in own
    assert "Approve" not in own.partition("Waits for")[2].partition("</section>")[0]
    approve = f"/approvals/{request_id(own)}/approve"
    assert archivist.post(approve).status_code == 403
    assert "1 request waits" in administrator.read("/")
    assert "waits for your yes or no" not in archivist.read("/")
    page = administrator.read("/approvals")
    assert REASON in page
    assert "Marigold Testwell" in page
    assert administrator.post(approve).status_code == 303
    page = administrator.read("/approvals")
    assert "carried out" in page
    assert "Marigold" not in page
    assert archivist.get(f"/archive/{stage.visit_id}").status_code == 404


@pytest.mark.guarantees("S43")
def test_what_a_hold_kept_is_disposed_of_once_the_hold_is_lifted(
    two: tuple[Stage, Door, Door],
) -> None:
    stage, _, administrator = two
    request = disposing.ask_disposal(stage.house, ARCHIVIST, [stage.visit_id], REASON)
    disposing.place_hold(stage.house, ARCHIVIST, stage.visit_id, "A claim", key=stage.key())
    assert administrator.post(f"/approvals/{request}/approve").status_code == 409
    dispose = f"/approvals/{request}/dispose"
    assert dispose in administrator.read("/approvals")
    assert administrator.post(dispose).status_code == 409
    assert stage.station is Station.SEALED
    (kept,) = disposing.disposable(stage.house, ARCHIVIST)
    disposing.lift_hold(stage.house, ARCHIVIST, stage.visit_id, kept.holds[0].number, "Settled.")
    assert administrator.post(dispose).status_code == 303
    page = administrator.read("/approvals")
    assert "carried out" in page
    assert dispose not in page
    assert administrator.get(f"/archive/{stage.visit_id}").status_code == 404


@pytest.mark.guarantees("S09")
def test_saying_yes_asks_for_the_second_step_again(two: tuple[Stage, Door, Door]) -> None:
    stage, _, administrator = two
    disposing.ask_disposal(stage.house, ARCHIVIST, [stage.visit_id], REASON)
    approve = f"/approvals/{request_id(administrator.read('/approvals'))}/approve"
    stage.clinic.clock.forward(timedelta(minutes=6))
    answer = administrator.post(approve)
    assert answer.status_code == 302
    assert answer.location.startswith("/staff/second-step")
    assert stage.station is Station.SEALED


def test_a_no_is_kept_and_changes_nothing(two: tuple[Stage, Door, Door]) -> None:
    stage, archivist, administrator = two
    archivist.post("/archive-due", {"visits": [stage.visit_id], "reason": REASON})
    page = administrator.read("/approvals")
    administrator.post(f"/approvals/{request_id(page)}/refuse")
    assert "Refused by" in archivist.read("/approvals")
    assert stage.station is Station.SEALED


def test_asking_without_a_reason_says_so_and_keeps_the_ticks(two: tuple[Stage, Door, Door]) -> None:
    stage, archivist, _ = two
    answer = archivist.post("/archive-due", {"visits": [stage.visit_id], "reason": ""})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#reason"' in page
    assert re.search(rf'value="{stage.visit_id}"[^>]* checked', page)


def test_a_record_is_put_on_hold_and_released(two: tuple[Stage, Door, Door]) -> None:
    stage, archivist, administrator = two
    archivist.post(f"/archive-due/{stage.visit_id}/hold", {"reason": "A claim is open."})
    page = administrator.read(f"/archive/{stage.visit_id}")
    assert "A claim is open." in page
    assert "on hold" in archivist.read("/archive-due")
    number = re.findall(r'name="number" value="(\d+)"', page)[0]
    lift = f"/archive-due/{stage.visit_id}/lift"
    for blank in ("", " ", "\u200b"):
        refused = administrator.post(lift, {"number": number, "reason": blank})
        assert refused.status_code == 422
        assert "Write why this hold ends." in refused.get_data(as_text=True)
    assert "A claim is open." in archivist.read(f"/archive/{stage.visit_id}")
    administrator.post(lift, {"number": number, "reason": "The claim was settled."})
    with stage.house.database.read() as tx:
        (entry,) = entries_of(tx, stage.visit_id, "hold_lifted")
    assert entry.body["words"] == "The claim was settled."
    assert "A claim is open." not in archivist.read(f"/archive/{stage.visit_id}")
    assert archivist.post(f"/archive-due/{stage.visit_id}/hold", {"reason": ""}).status_code == 422


@pytest.mark.guarantees("S09", "S47")
def test_documents_leave_as_a_folder_once_for_who_asked_after_another_agreed(
    two: tuple[Stage, Door, Door],
) -> None:
    stage, archivist, administrator = two
    archivist.post("/archive", {"name": "Marigold"})
    archivist.post("/approvals/export", {"reason": "A request of the patient."})
    take = f"/approvals/{request_id(archivist.read('/approvals'))}/take"
    assert archivist.post(take).status_code == 409
    administrator.post(take.replace("/take", "/approve"))
    assert administrator.post(take).status_code == 403
    folder = archivist.post(take)
    assert folder.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(folder.data)) as opened:
        (document,) = [name for name in opened.namelist() if name.startswith("documents/")]
        assert opened.read(document).startswith(b"%PDF-")
        assert "Marigold Testwell" in opened.read("index.csv").decode()
    assert archivist.post(take).status_code == 409
    told = stage.clinic.events(stage.visit_id)[-1]
    assert (told.action, told.person.name) == ("consent_exported", "Archie Keepwell")
    assert "Took your signed document along" in unescape(
        archivist.read(f"/archive/{stage.visit_id}/readers")
    )


def test_an_export_of_nothing_is_said(two: tuple[Stage, Door, Door]) -> None:
    _, archivist, _ = two
    asked = archivist.post("/archive", {"name": "Nobody"}).location.partition("search=")[2]
    answer = archivist.post("/approvals/export", {"reason": "Why not", "search": asked})
    assert answer.status_code == 422
    assert "Search for at least one sealed document" in answer.get_data(as_text=True)


def test_who_is_alone_learns_that_a_second_person_is_missing(at: At) -> None:
    stage = at(Station.ARRANGED)
    alone = enter_as(open_door(stage.clinic), Role.ADMINISTRATOR)
    for path in ("/approvals", "/archive-due"):
        assert "Nobody else here may approve." in alone.read(path)
    assert approvals.ask(stage.house, ARCHIVIST, Kind.KEYS, "New keys each year")
