"""Every box for a date or a time at the staff door: read exactly as typed, or asked again."""
# ruff: noqa: RUF001  # signs of many keyboards, some of which look alike, are what is typed

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role, Station
from questionnaire.journey.archiving import Query, find
from questionnaire.web.staff.searching import keep_search, kept_search, read_search
from tests.clinics import DESK, PRP, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, hire, open_door
from tests.web.staff.routes import addresses

pytestmark = pytest.mark.whole

HOSTILE_DAYS = (
    "9999-12-31",
    "0026-03-04",
    "0002-03-04",
    "1899-12-31",
    "2041-03-05",
    "2031-02-29",
    "٢٠٣١-٠٢-٢٩",
    "0000-00-00",
    "04/03/2031",
    "2031-03-04T10:30",
    "2031-03-04+02:00",
    "2_31-03-04",
    "-2031-03-04",
    "2031-W10-2",
    "20310304",
    "next Tuesday",
    "2031-03-04" * 19,
)
HOSTILE_TIMES = (
    "10.30",
    "١٠.٣٠",  # what an Arabic keyboard types
    "10:30+02:00",
    "10:30Z",
    "10:30:15",
    "24:00",
    "10:60",
    "1030",
    "9",
    "-1:30",
    "noon",
    "",
)
DATE_BOX = re.compile(r'name="([^"]+)" type="(?:date|time)"|name="([^".]+)\.day"')
BOXES = {
    ("desk.day", "on"),
    ("arranging.arrange", "born"),
    ("arranging.arrange", "appointment_day"),
    ("arranging.arrange", "appointment_time"),
    ("arranging.change", "born"),
    ("arranging.change", "appointment_day"),
    ("arranging.change", "appointment_time"),
    ("archive.search", "born"),
    ("archive.search", "since"),
    ("archive.search", "until"),
    ("review.page", "until"),
}
"""Page and box. A new box must come here, and so into the tests below."""

DAY_BOXES = {
    (page, box)
    for page, box in BOXES
    if box != "appointment_time" and (page == "archive.search" or box != "born")
}
"""Boxes that hold a whole day."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Somebody with every role in front of a visit under review."""

    stage: Stage
    door: Door
    whole: Mapping[str, object]

    def send(self, page: str, typed: Mapping[str, str]) -> TestResponse:
        """Send the form of a page as it should be, but for these boxes."""
        if page == "desk.day":
            return self.door.get("/desk", query_string=dict(typed))
        if page == "archive.search":
            return self.door.post("/archive", dict(typed))
        if page == "review.page":
            made = {"kind": "wait", "words": "Later."}
            return self.door.post(f"/visits/{self.stage.visit_id}/decision", made | dict(typed))
        visit = f"/desk/visits/{self.stage.visit_id}/change"
        path, why = (
            (visit, {"words": "Typed."}) if page == "arranging.change" else ("/desk/arrange", {})
        )
        return self.door.post(path, {**self.whole, **why, **typed})

    def arranged(self) -> int:
        """How many visits there are."""
        return find(self.stage.house, DESK, Query()).total


@pytest.fixture
def boxes(at: Callable[..., Stage]) -> Boxes:
    stage = at(Station.SUBMITTED)
    door = enter_as(
        open_door(stage.clinic), Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR
    )
    whole = {
        "full_name": "Zoë Ní Bhriain",
        "born.day": "29",
        "born.month": "2",
        "born.year": "1984",
        "treatments": [PRP],
        "language": "en",
        "identity_check": "Passport",
        "appointment_day": "2031-03-04",
        "appointment_time": "14:30",
        "clinician": hire(door, "Dr Bea Second", Role.CLINICIAN).id,
    }
    return Boxes(stage, door, whole)


def test_every_box_for_a_date_or_time_is_in_the_table(boxes: Boxes) -> None:
    found = set()
    for endpoint, method, path in addresses(boxes.door, boxes.stage.visit_id):
        answer = boxes.door.get(path) if method == "GET" else None
        if answer is not None and answer.status_code == 200 and answer.mimetype == "text/html":
            names = DATE_BOX.findall(answer.get_data(as_text=True))
            found |= {(endpoint, one or three) for one, three in names}
    assert found == BOXES


def refused_beside(boxes: Boxes, place: str, box: str, typed: str) -> None:
    """Assert that a box is asked again, with what was typed still in it."""
    before = boxes.arranged()
    answer = boxes.send(place, {box: typed})
    words = answer.get_data(as_text=True)
    assert answer.status_code == 422, typed
    assert f'href="#{box}"' in words
    assert f'id="{box}-error"' in words
    assert f'value="{escape(typed)}"' in words
    assert boxes.arranged() == before
    assert boxes.stage.station is Station.SUBMITTED


@pytest.mark.parametrize(("place", "box"), sorted(DAY_BOXES))
def test_a_day_that_cannot_be_is_asked_again_in_every_box(
    boxes: Boxes, place: str, box: str
) -> None:
    for typed in HOSTILE_DAYS:
        refused_beside(boxes, place, box, typed)
    assert boxes.door.get("/archive").status_code == 200


def test_a_time_that_cannot_be_kept_exactly_is_asked_again(boxes: Boxes) -> None:
    for page in ("arranging.arrange", "arranging.change"):
        for typed in HOSTILE_TIMES:
            refused_beside(boxes, page, "appointment_time", typed)


@pytest.mark.parametrize(
    ("day", "typed", "kept"),
    [
        ("2031-03-30", "00:59", "2031-03-30T00:59:00+00:00"),
        ("2031-03-30", "01:30", None),
        ("2031-03-30", "02:00", "2031-03-30T01:00:00+00:00"),
        ("2031-10-26", "01:30", "2031-10-26T00:30:00+00:00"),
        ("2031-3-9", "9:05", "2031-03-09T09:05:00+00:00"),
        ("٢٠٣١-٠٣-٠٩", "١٤:٣٠", "2031-03-09T14:30:00+00:00"),
    ],
)
def test_an_appointment_is_kept_as_typed_or_not_at_all(
    boxes: Boxes, day: str, typed: str, kept: str | None
) -> None:
    answer = boxes.send("arranging.arrange", {"appointment_day": day, "appointment_time": typed})
    if kept is None:
        assert answer.status_code == 422
        assert "There is no such time that day" in answer.get_data(as_text=True)
        assert 'href="#appointment_time"' in answer.get_data(as_text=True)
        return
    assert answer.status_code == 303
    visit = boxes.stage.clinic.visit(answer.location.rsplit("/", 1)[-1])
    assert visit.appointment_at.isoformat() == kept


@pytest.mark.parametrize(
    "typed", [("9", "9", "9999"), ("4", "3", "0026"), ("31", "2", "1980"), ("x", "1", "1980")]
)
def test_a_birth_date_that_cannot_be_is_asked_again(
    boxes: Boxes, typed: tuple[str, str, str]
) -> None:
    parts = dict(zip(("born.day", "born.month", "born.year"), typed, strict=True))
    answer = boxes.send("arranging.arrange", parts)
    assert answer.status_code == 422
    assert all(f'value="{part}"' in answer.get_data(as_text=True) for part in typed)


def test_a_kept_search_that_cannot_be_read_any_more_is_dropped() -> None:
    session: dict[str, object] = {}
    search = read_search({"until": "2041-03-04"}, today=date(2031, 3, 4), search_id="one")
    keep_search(session, search)
    assert kept_search(session, "one", today=date(2031, 3, 4)) == search
    assert kept_search(session, "one", today=date(2031, 3, 3)) is None
    assert kept_search(session, "two", today=date(2031, 3, 4)) is None
