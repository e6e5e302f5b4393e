"""The desk: arranging a visit, its codes, the day's list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging, turns
from questionnaire.journey.archiving import Query, find
from questionnaire.journey.arranging import day, witness_for
from questionnaire.web.staff.desk import WITH_CODE
from questionnaire.web.staff.sessions import BY_ITSELF
from tests.clinics import DESK, PRP, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, field, hire

CODE = re.compile(r'class="tablet-code"[^>]*>([^<]+)<')
VISIT = {
    "full_name": "Zoë  Ní Bhriain",
    "born.day": "29",
    "born.month": "2",
    "born.year": "1984",
    "treatments": [PRP, "mesotherapy_face"],
    "language": "en",
    "identity_check": "Passport",
    "appointment_day": "2031-03-04",
    "appointment_time": "14:30",
}


@pytest.fixture
def door(signed_in: Callable[..., Door]) -> Door:
    return signed_in(Role.DESK)


@pytest.fixture
def form(door: Door) -> dict[str, object]:
    """A whole form, for a clinician who is there."""
    return VISIT | {"clinician": hire(door, "Dr Ada Invented", Role.CLINICIAN).id}


def visits(door: Door) -> list[str]:
    return [one.visit.id for one in find(door.clinic.house, DESK, Query()).visits]


def test_one_form_arranges_a_visit_and_shows_its_code(door: Door, form: dict[str, object]) -> None:
    answer = door.post("/desk/arrange", form)
    assert answer.status_code == 303
    page = door.read(answer.location.removeprefix("/staff"))
    code = CODE.search(page)
    assert code is not None
    assert "http://127.0.0.1:8000/" in page
    (line,) = day(door.clinic.house, DESK, door.clinic.house.today())
    assert line.visit.patient.full_name == "Zoë Ní Bhriain"
    assert line.visit.treatments == (PRP, "mesotherapy_face")
    assert f"{line.visit.appointment_at:%H:%M}" == "14:30"
    token = turns.enter_code(door.clinic.house, code[1].lower(), device="tablet")
    turn = turns.turn_of(door.clinic.house, token)
    assert turn is not None
    assert turn.visit.id == line.visit.id


def test_the_blank_form_is_ready_for_somebody_who_stands_at_the_desk(
    door: Door, form: dict[str, object]
) -> None:
    page = door.read("/desk/arrange")
    assert 'name="appointment_day" type="date" value="2031-03-04"' in page
    assert 'name="appointment_time" type="time" value=""' in page
    assert f'<option value="{form["clinician"]}" selected>Dr Ada Invented' in page


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("full_name", "  ", "full name"),
        ("full_name", "\u200b\u3164", "full name"),
        ("full_name", "1.", "full name in letters."),
        ("full_name", "x" * 300, "200 letters at most"),
        ("born.day", "31", "Date of birth: This is not a real date"),
        ("born.year", "2032", "Date of birth: This date is in the future"),
        ("born.year", "84", "Date of birth: This date is too long ago"),
        ("treatments", [], "Tick the treatments"),
        ("treatments", [PRP, "not_sure"], "not both"),
        ("clinician", "999", "Pick the clinician."),
        ("language", "xx", "Pick a language."),
        ("identity_check", "a wink", "Pick how you checked"),
        ("appointment_day", "soon", "Appointment: Write the date like 2031-03-27."),
        ("appointment_time", "", "Appointment: Write the time like 14:30."),
        ("appointment_time", "25:99", "Appointment: Write the time like 14:30."),
    ],
)
def test_a_slip_is_named_beside_what_was_typed(
    door: Door, form: dict[str, object], name: str, value: object, sentence: str
) -> None:
    answer = door.post("/desk/arrange", form | {name: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="29"' in page or name == "born.day"
    assert "There is a problem" in page
    assert visits(door) == []


def test_not_sure_yet_arranges_a_visit_without_treatments(
    door: Door, form: dict[str, object]
) -> None:
    door.post("/desk/arrange", form | {"treatments": ["not_sure"]})
    assert "Not sure yet" in door.read("/desk")


@pytest.mark.guarantees("R10")
def test_a_double_tap_arranges_one_visit(door: Door, form: dict[str, object]) -> None:
    once = form | {"key": field(door.read("/desk/arrange"), "key")}
    first, second = door.post("/desk/arrange", once), door.post("/desk/arrange", once)
    assert first.location == second.location
    assert len(visits(door)) == 1


@pytest.mark.parametrize("key", ["", "x", "../../x", "G" * 32])
def test_a_made_up_key_is_refused(door: Door, form: dict[str, object], key: str) -> None:
    assert door.post("/desk/arrange", form | {"key": key}).status_code == 422
    assert visits(door) == []


@pytest.mark.guarantees("S04")
def test_only_the_forms_own_fields_count(door: Door, form: dict[str, object]) -> None:
    door.post("/desk/arrange", form | {"station": "sealed", "status": "sealed", "version": "9"})
    (found,) = find(door.clinic.house, DESK, Query()).visits
    assert (found.visit.station, found.visit.version) == (Station.ARRANGED, 1)


@pytest.mark.guarantees("S03")
def test_the_desk_sees_how_far_a_form_is_and_nothing_of_what_it_says(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.SUBMITTED, Role.DESK)
    for path in ("/", "/desk", f"/desk/visits/{stage.visit_id}", f"/archive/{stage.visit_id}"):
        page = door.read(path)
        assert "count--" not in page
        assert "Can I go to work" not in page
        assert "worry less" not in page
    assert re.search(r">(\d+) of \1<", door.read("/desk"))
    assert door.get(f"/visits/{stage.visit_id}").status_code == 403


def test_a_new_code_replaces_the_old_one(staff_at: Callable[..., tuple[Stage, Door]]) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    assert CODE.search(door.read(path)) is None
    door.post(f"{path}/code")
    code = CODE.search(door.read(path))
    assert code is not None
    assert code[1] != stage.walk.code
    assert (
        CODE.search(door.another().get(path, follow_redirects=True).get_data(as_text=True)) is None
    )
    assert turns.enter_code(stage.house, code[1], device="tablet")


def test_a_witness_code_works_for_this_visit(staff_at: Callable[..., tuple[Stage, Door]]) -> None:
    stage, door = staff_at(Station.CONSENT_READY, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    door.post(f"{path}/witness")
    code = CODE.search(door.read(path))
    assert code is not None
    with stage.house.database.read() as tx:
        person = witness_for(stage.house, tx, stage.visit_id, code[1])
    assert person is not None
    assert person.name == "Dex Frontly"


def test_a_form_can_be_given_back(staff_at: Callable[..., tuple[Stage, Door]]) -> None:
    stage, door = staff_at(Station.SUBMITTED, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    assert "Give the form back" in door.read(path)
    door.post(f"{path}/reopen")
    assert stage.station is Station.IN_PROGRESS
    assert CODE.search(door.read(path)) is not None


def test_a_visit_can_be_closed_and_then_not_again(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.IN_PROGRESS, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    assert door.post(f"{path}/stop", {"words": "Did not come"}).status_code == 302
    assert stage.station is Station.NOT_PROCEEDING
    assert "Close this visit" not in door.read(path)
    assert door.post(f"{path}/stop", {"words": "again"}).status_code == 409


def test_another_day_can_be_looked_at(door: Door, form: dict[str, object]) -> None:
    door.post("/desk/arrange", form | {"appointment_day": "2031-03-09"})
    assert "Zoë" not in door.read("/desk")
    assert "Zoë" in door.read("/desk?on=2031-03-09")
    assert "9 March 2031" in door.read("/desk?on=2031-03-09")
    assert "Today" in door.read("/desk?on=")
    assert "Today" in door.read("/desk?on=never", 422)


def test_another_year_is_named(door: Door, form: dict[str, object]) -> None:
    door.post("/desk/arrange", form | {"appointment_day": "2032-01-02"})
    assert "2 Jan 2032 14:30" in door.read("/archive")


def test_a_patient_is_found_by_a_part_of_the_name_whatever_the_day(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.SUBMITTED, Role.DESK)
    answer = door.post("/desk/find", {"name": "testw"})
    assert re.fullmatch(r"/staff/desk/found\?search=[0-9a-f]{32}", answer.location)
    page = door.read(answer.location.removeprefix("/staff"))
    assert "1 found" in page
    assert f'href="/staff/desk/visits/{stage.visit_id}"' in page
    assert "Waiting for the clinician" in page
    nobody = door.post("/desk/find", {"name": "Nobody"}).location.removeprefix("/staff")
    assert "0 found" in door.read(nobody)
    assert door.post("/desk/find", {"name": "  "}).status_code == 422
    other = enter_as(door.another(), Role.CLINICIAN)
    assert other.get(answer.location.removeprefix("/staff")).status_code == 303


def test_the_day_before_and_after_are_one_step_away(door: Door) -> None:
    page = door.read("/desk?on=2031-03-09")
    assert 'href="/staff/desk?on=2031-03-08"' in page
    assert 'href="/staff/desk?on=2031-03-10"' in page


def test_the_page_says_until_when_the_code_works_and_no_longer(
    door: Door, form: dict[str, object]
) -> None:
    path = door.post("/desk/arrange", form | {"appointment_day": "2031-06-02"}).location
    path = path.removeprefix("/staff")
    code = CODE.search(door.read(path))
    assert code is not None
    assert "The code works until the form is sent, and no later than 3 Jun at 14:30." in door.read(
        path
    )
    arranging.new_code(door.clinic.house, DESK, path.rsplit("/", 1)[-1])
    assert CODE.search(door.read(path)) is None


NO_CODE = {
    Station.ARRANGED: "If it is lost or too old, make a new one",
    Station.IN_PROGRESS: "If it is lost or too old, make a new one",
    Station.SUBMITTED: "Reading and signing on the tablet then needs a new code",
    Station.CONSENT_READY: "That needs a code of its own: make a new one.",
    Station.PATIENT_SIGNED: "Next the clinician countersigns.",
    Station.SEALED: "No code opens this visit any more.",
}


@pytest.mark.parametrize("station", NO_CODE)
def test_where_no_code_is_shown_the_page_says_what_is_true_and_what_is_next(
    staff_at: Callable[..., tuple[Stage, Door]], station: Station
) -> None:
    stage, door = staff_at(station, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    page = door.read(path)
    assert NO_CODE[station] in page
    offered = ">New code</button>" in page
    assert offered == ("make a new one" in page) == (station in WITH_CODE)
    before_code, _, numbered = page.partition("it opens no tablet")
    assert bool(numbered) == (station in {Station.ARRANGED, Station.IN_PROGRESS})
    reference = stage.clinic.visit(stage.visit_id).reference
    assert reference not in before_code
    if offered:
        door.post(f"{path}/code")
        ends = "document is signed" if station is Station.CONSENT_READY else "form is sent"
        page = door.read(path)
        assert f"The code works until the {ends}, and no later than" in page
        assert NO_CODE[station] not in page


def test_a_code_of_a_visit_that_waits_is_not_shown_any_more(
    door: Door, form: dict[str, object]
) -> None:
    path = door.post("/desk/arrange", form).location.removeprefix("/staff")
    door.post(f"{path}/stop", {"words": "Not today"})
    assert CODE.search(door.read(path)) is None


def test_a_witness_code_is_shown_for_its_hour(staff_at: Callable[..., tuple[Stage, Door]]) -> None:
    stage, door = staff_at(Station.CONSENT_READY, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    door.post(f"{path}/witness")
    until = stage.clinic.clock() + timedelta(hours=1)
    assert f"It works for this visit until {until:%H:%M}" in door.read(path)
    for _ in range(5):
        stage.clinic.clock.forward(timedelta(minutes=10))
        assert CODE.search(door.read(path)) is not None
    stage.clinic.clock.forward(timedelta(minutes=10))
    assert CODE.search(door.read(path)) is None


def test_what_looks_like_a_slip_is_asked_once_and_nothing_typed_is_lost(
    door: Door, form: dict[str, object]
) -> None:
    odd = form | {"born.year": "2030", "born.day": "1", "appointment_day": "2034-01-02"}
    answer = door.post("/desk/arrange", odd)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Is that right?" in page
    assert "The date of birth is 1 February 2030: the patient is 1 year old." in page
    assert "more than a year from now" in page
    assert 'value="Zoë  Ní Bhriain"' in page
    assert 'value="2034-01-02"' in page
    assert visits(door) == []
    asked = re.findall(r'name="asked" value="([^"]+)"', page)
    assert door.post("/desk/arrange", odd | {"asked": asked}).status_code == 422
    assert door.post("/desk/arrange", odd | {"asked": asked, "sure": "yes"}).status_code == 303
    assert len(visits(door)) == 1


def test_details_are_changed_in_the_same_form_with_a_reason(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.CONSENT_READY, Role.DESK)
    hire(door, "Dr Ada Invented", Role.CLINICIAN)
    path = f"/desk/visits/{stage.visit_id}"
    assert f'href="/staff{path}/change"' in door.read(path)
    page = door.read(f"{path}/change")
    assert 'value="Marigold Testwell"' in page
    assert 'name="born.year" type="text" inputmode="numeric" value="1979"' in page
    doctor = re.search(r'<option value="(\d+)">Dr Ada Invented', page)
    assert doctor is not None
    typed = VISIT | {
        "full_name": "Marigold Testwell",
        "born.day": "14",
        "born.month": "3",
        "born.year": "1979",
        "clinician": doctor[1],
        "appointment_day": "2031-03-09",
    }
    answer = door.post(f"{path}/change", typed)
    assert answer.status_code == 422
    assert 'href="#words"' in answer.get_data(as_text=True)
    assert 'value="2031-03-09"' in answer.get_data(as_text=True)
    assert stage.station is Station.CONSENT_READY
    why = "Wants the face too."
    assert door.post(f"{path}/change", typed | {"words": why}).status_code == 303
    page = door.read(path)
    assert stage.station is Station.IN_PROGRESS
    assert CODE.search(page) is not None
    assert "treatments, clinician, appointment" in page
    assert why in page


def test_the_details_of_a_signed_visit_stand_fast(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.PATIENT_SIGNED, Role.DESK)
    path = f"/desk/visits/{stage.visit_id}"
    assert "Change details" not in door.read(path)
    assert "A clinician takes the visit back under review first" in door.read(f"{path}/change", 409)


def test_lists_that_are_shown_anew_by_themselves_keep_no_session_alive(door: Door) -> None:
    door.clinic.clock.forward(timedelta(minutes=14))
    assert door.get("/desk", headers={BY_ITSELF: "1"}).status_code == 200
    door.clinic.clock.forward(timedelta(minutes=2))
    assert door.get("/desk").status_code == 302
