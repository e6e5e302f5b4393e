"""Staff forms with several boxes: everything that is wrong is told at once, and nothing is lost."""

import re
from collections.abc import Callable
from itertools import product

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import staffing
from questionnaire.journey.signing import to_countersign
from tests.clinics import ADMINISTRATOR, CLINICIAN, Stage
from tests.journeys.steps import INK
from tests.web.staff.door import PASSWORD, Door

StaffAt = Callable[..., tuple[Stage, Door]]


def told(page: str) -> set[str]:
    """The boxes with a message beside them; the summary leads to each of them."""
    beside = set(re.findall(r'<p class="govuk-error-message" id="([^"]+)-error"', page))
    summary = page.partition('class="govuk-list govuk-error-summary__list">')[2].partition("</ul>")
    assert set(re.findall(r'href="#([^"]+)"', summary[0])) == beside
    assert all(f'id="{box}"' in page for box in beside), beside
    return beside


def test_the_countersigning_page_tells_every_slip_at_once(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.PATIENT_SIGNED)
    shown = to_countersign(stage.house, CLINICIAN, stage.visit_id).document.sha256
    for name, ink in product(("", "Dr Ada Invente"), ("", "<svg>", "[[[0.5,0.5]]]")):
        sent = {"shown": shown, "full_name": name, "method": "drawn", "strokes": ink}
        answer = door.post(f"/visits/{stage.visit_id}/countersign", sent)
        assert (answer.status_code, told(answer.text)) == (422, {"full_name", "method"})
        assert f'name="full_name" type="text" value="{name}"' in answer.text
    wrong_name = {"shown": shown, "full_name": "A", "method": "drawn", "strokes": INK}
    answer = door.post(f"/visits/{stage.visit_id}/countersign", wrong_name)
    assert told(answer.text) == {"full_name"}
    assert f'name="strokes" data-ink-points value="{INK}"' in answer.text
    assert stage.station is Station.PATIENT_SIGNED


def test_the_decision_tells_every_slip_at_once(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SUBMITTED)
    for kind, words, until in product(("", "wait"), ("", "Later."), ("", "soon", "2031-01-01")):
        expected = set() if kind else {"decision"}
        expected |= set() if words else {"decision-words"}
        expected |= {"until"} if until == "soon" or kind else set()
        sent = {"kind": kind, "words": words, "until": until}
        answer = door.post(f"/visits/{stage.visit_id}/decision", sent)
        assert (answer.status_code, told(answer.text)) == (422, expected), sent
        assert f"\n{words}</textarea>" in answer.text
        assert f'name="until" type="date" value="{until}"' in answer.text
        assert ('value="wait" checked' in answer.text) == bool(kind)


def test_the_desk_is_told_of_day_time_and_reason_at_once(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    slips = {"appointment_day": "soon", "appointment_time": "noon", "full_name": " "}
    slips |= {"language": "en"}
    arranged = told(door.post("/desk/arrange", slips).text)
    assert arranged >= {"appointment_day", "appointment_time", "full_name", "born", "clinician"}
    changed = door.post(f"/desk/visits/{stage.visit_id}/change", slips | {"words": " "})
    assert told(changed.text) >= {"appointment_day", "appointment_time", "full_name", "words"}


def test_a_new_member_of_staff_is_told_every_slip_at_once(staff_at: StaffAt) -> None:
    _, door = staff_at(Station.ARRANGED, Role.ADMINISTRATOR)
    sent = {"full_name": "“—”", "email": "ann,bob@clinic.example", "registration": "R" * 201}
    answer = door.post("/people/add", sent)
    assert told(answer.text) == {"full_name", "email", "registration", "roles"}
    assert all(f'value="{typed}"' in answer.text for typed in sent.values())
    answer = door.post("/people/add", sent | {"full_name": "Ann Other", "roles": ["desk"]})
    assert told(answer.text) == {"email", "registration"}
    assert 'id="roles-desk" name="roles" value="desk" checked' in answer.text


def test_a_changed_account_is_told_every_slip_at_once(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.ADMINISTRATOR)
    me, *_ = staffing.staff(stage.house, ADMINISTRATOR)
    answer = door.post(f"/people/{me.id}", {"registration": "R" * 201, "active": "yes"})
    assert told(answer.text) == {f"roles-{me.id}", f"registration-{me.id}"}
    assert f'value="{"R" * 201}"' in answer.text


def test_a_changed_password_is_told_every_slip_at_once(staff_at: StaffAt) -> None:
    _, door = staff_at(Station.ARRANGED, Role.DESK)
    sent = {"current": "not mine at all", "password": "short", "again": "short"}
    assert told(door.post("/account/password", sent).text) == {"current", "password"}
    assert told(door.post("/account/password", sent | {"current": PASSWORD}).text) == {"password"}
