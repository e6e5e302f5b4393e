"""Who a patient is: the desk is asked, differences come first, and a yes can be undone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from questionnaire.cli import demo
from questionnaire.domain.visit import MOVES, REACHED, Move, Role, Station
from questionnaire.journey import arranging, shelf_life
from questionnaire.journey.correcting import RightIdentity
from questionnaire.journey.settling import may_settle, why_not_now
from tests.clinics import CLINICIAN, DESK, PRP, Stage
from tests.journeys.steps import send
from tests.journeys.test_correcting import correct
from tests.web.staff.door import Door, field, hire
from tests.web.staff.test_desk import VISIT, visits

pytestmark = pytest.mark.whole

ASKED = re.compile(r'name="asked" value="([^"]+)"')
StaffAt = Callable[..., tuple[Stage, Door]]
At = Callable[..., Stage]
CORRECTED = {"full_name": "Olive Smith-Jones", "date_of_birth": date(1961, 2, 2)}


@pytest.fixture
def form(signed_in: Callable[..., Door]) -> tuple[Door, dict[str, object]]:
    """A whole form of the desk, whose patient was here a month ago under a like name."""
    door = signed_in(Role.DESK)
    form = VISIT | {"clinician": hire(door, "Dr Ada Invented", Role.CLINICIAN).id}
    earlier = form | {"full_name": "Zoe Ni Bhriain"}
    assert door.post("/desk/arrange", earlier).status_code == 303
    door.clinic.clock.forward(timedelta(minutes=1))
    return door, form


def test_the_desk_is_asked_and_shown_nothing_but_who_and_when(
    form: tuple[Door, dict[str, object]],
) -> None:
    door, typed = form
    answer = door.post("/desk/arrange", typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Is this the same person?" in page
    assert "Yes, it is Zoe Ni Bhriain" in page
    assert "Born 29 February 1984. Last appointment: Today 14:30." in page
    assert 'value="Zoë  Ní Bhriain"' in page
    assert len(visits(door)) == 1


@pytest.mark.parametrize("same", [True, False], ids=["the same", "another"])
def test_only_a_persons_answer_joins_two_visits(
    form: tuple[Door, dict[str, object]],
    same: bool,  # noqa: FBT001  # a column of the table
) -> None:
    door, typed = form
    page = door.post("/desk/arrange", typed).get_data(as_text=True)
    person = field(page, "shown")
    said = {"shown": [person], "person": person if same else "another", "key": field(page, "key")}
    page = door.post("/desk/arrange", typed | said).get_data(as_text=True)
    if same:  # the same person twice on one day is asked about once more
        said |= {"sure": "yes", "asked": ASKED.findall(page), "key": field(page, "key")}
        assert door.post("/desk/arrange", typed | said).status_code == 303
    found = [door.clinic.visit(one) for one in visits(door)]
    assert len(found) == 2
    assert (len({one.patient.id for one in found}) == 1) is same
    assert {one.patient.full_name for one in found} == {"Zoë Ní Bhriain", "Zoe Ni Bhriain"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"full_name": "Olive Smith-Jones"}, "name"),
        ({"date_of_birth": date(1961, 2, 2)}, "date of birth"),
        (CORRECTED, "name, date of birth"),
    ],
)
def test_the_desk_reads_only_what_really_changed(
    staff_at: StaffAt, changed: dict[str, object], told: str
) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    was = stage.clinic.visit(stage.visit_id).patient
    now = replace(was, **changed)
    correct(stage, RightIdentity(now.full_name, now.date_of_birth, "Passport"))
    assert f" · {told}: <bdi>" in door.read(f"/desk/visits/{stage.visit_id}")


@pytest.mark.parametrize("role", [Role.DESK, Role.CLINICIAN])
def test_after_the_decision_only_what_can_be_done_is_offered(staff_at: StaffAt, role: Role) -> None:
    stage, door = staff_at(Station.CONSENT_READY, role)
    correct(stage, RightIdentity("Marigold Testwell", date(1979, 3, 15), "Passport"))
    page = door.read(f"/desk/visits/{stage.visit_id}")
    assert "Patient and visit differ" in page
    offered = role is Role.CLINICIAN
    assert ('value="patient">Take' in page) is offered
    assert ("The clinician settles this now, on the review page" in page) is not offered
    assert ("Settling this takes the visit back under review." in page) is offered


@pytest.mark.parametrize("role", [Role.DESK, Role.CLINICIAN])
def test_while_the_patient_has_the_form_again_nothing_is_said_of_a_document(
    staff_at: StaffAt, role: Role
) -> None:
    stage, door = corrected(staff_at, role)
    arranging.reopen(stage.house, DESK, stage.visit_id)
    pages = ["/desk/visits/{}", *(["/visits/{}"] if role is Role.CLINICIAN else [])]
    for path in pages:
        page = door.read(path.format(stage.visit_id))
        assert "Patient and visit differ" in page
        assert "The patient has the form again: this is settled once they sent it." in page
        assert "take the document back" not in page


WAYS_ON = {
    Move.SUBMIT: "once they sent it",
    Move.TAKE_BACK: "back first|back under review first|The clinician settles this now",
    Move.RESUME: "take the visit up again first",
}
"""What must come first where a difference cannot be settled, and the words that say so."""


@pytest.mark.parametrize(
    "station", sorted(REACHED - {Station.ARRANGED, Station.SUBMITTED, Station.UNDER_REVIEW})
)
def test_what_comes_first_is_what_can_be_done_at_that_station(at: At, station: Station) -> None:
    stage = at(Station.ARRANGED)
    visit = replace(stage.clinic.visit(stage.visit_id), station=station)
    assert not may_settle(DESK, visit)
    told = why_not_now(visit)
    ways = {move for move, words in WAYS_ON.items() if re.search(words, told)}
    assert ways == {move for move in WAYS_ON if station in MOVES[move][0]}
    assert ways or told == "Nothing can be settled here any more."


def test_a_decision_that_settling_took_back_says_so_and_keeps_its_words(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    path = f"/visits/{stage.visit_id}"
    decided = re.search(r"Go ahead</strong> \S <bdi>([^<]+)</bdi>", door.read(path))
    assert decided is not None
    correct(stage, RightIdentity("Marigold Testwell", date(1979, 3, 15), "Passport"))
    page = door.read(path)
    assert "Settling this takes the visit back under review." in page
    given = {name: field(page, name) for name in ("key", "fact", "patient", "visit")}
    checked = {"page": "review", "take": "patient", "checked": "Passport"}
    assert door.post(f"{path}/differences", given | checked).status_code == 303
    page = door.read(path)
    assert "Taken back under review</strong> today at 09:30 · <bdi>Dr Ada Invented</bdi>" in page
    assert "“Go ahead”, counts no more" in page
    box = page.partition('id="decision-words"')[2].partition("</textarea>")[0]
    assert box.endswith(decided[1])


def test_a_decision_that_a_form_sent_again_leaves_behind_says_so_and_keeps_its_words(
    staff_at: StaffAt,
) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    shelf_life.revise_answers(stage.house, stage.walk.turn(), key=stage.key())
    send(stage, stage.walk.turn())
    page = door.read(f"/visits/{stage.visit_id}")
    assert "“Go ahead”, counts no more: the visit came back since." in page
    assert "Go ahead</strong>" not in page
    box = page.partition('id="decision-words"')[2].partition("</textarea>")[0]
    assert box.endswith("Go ahead as planned.")


def corrected(
    staff_at: StaffAt, role: Role, given: Mapping[str, object] = CORRECTED
) -> tuple[Stage, Door]:
    stage, door = staff_at(Station.ARRANGED, role)
    demo.submit(stage.walk, given)
    return stage, door


@pytest.mark.parametrize(
    ("role", "where", "back"),
    [
        (Role.CLINICIAN, "/visits/{}", "review"),
        (Role.DESK, "/desk/visits/{}", "desk"),
    ],
    ids=["review", "desk"],
)
def test_differences_come_first_and_are_settled_where_they_are_shown(
    staff_at: StaffAt, role: Role, where: str, back: str
) -> None:
    stage, door = corrected(staff_at, role)
    path = where.format(stage.visit_id)
    words = unescape(door.read(path))
    assert "The patient says: <strong><bdi>2 February 1961</bdi></strong>" in words
    assert "The visit says: <strong><bdi>14 March 1979</bdi></strong>" in words
    assert back == "desk" or words.index("visit differ") < words.index('id="patient-words"')
    seen = {
        "fact": "date_of_birth",
        "patient": "2 February 1961",
        "visit": "14 March 1979",
        "take": "patient",
        "page": back,
        "renamed": "1961-02-02 Olive Smith-Jones",
    }
    differences = f"/visits/{stage.visit_id}/differences"
    refused = door.post(differences, seen)
    assert refused.status_code == 422
    assert "Pick the document you checked this against." in refused.get_data(as_text=True)
    assert stage.clinic.visit(stage.visit_id).patient.date_of_birth == date(1979, 3, 14)
    done = door.post(differences, seen | {"checked": "Passport"})
    assert (done.status_code, done.location) == (303, f"/staff{path}#differences")
    words = unescape(door.read(path))
    assert "2 February 1961" in words
    assert "14 March 1979" not in words
    assert "The patient says: <strong><bdi>Olive Smith-Jones</bdi></strong>" in words


@pytest.mark.parametrize("same", [True, False], ids=["the same", "another"])
def test_taking_what_the_patient_says_asks_who_that_is_and_loses_nothing(
    staff_at: StaffAt,
    same: bool,  # noqa: FBT001  # a column of the table
) -> None:
    stage, door = corrected(staff_at, Role.CLINICIAN, {"full_name": "Olive Smith-Jones"})
    request = arranging.Request(
        "Olive Smith-Jones", date(1979, 3, 14), (PRP,), CLINICIAN.id, "en", "Passport",
        stage.clinic.clock() + timedelta(hours=3),
    )  # fmt: skip
    known = arranging.arrange(stage.house, DESK, request, key=stage.key()).visit.patient.id
    taken = {
        "fact": "full_name", "patient": "Olive Smith-Jones", "visit": "Marigold Testwell",
        "take": "patient", "page": "review", "checked": "Passport",
    }  # fmt: skip
    differences = f"/visits/{stage.visit_id}/differences"
    asked = door.post(differences, taken)
    page = unescape(asked.get_data(as_text=True))
    assert asked.status_code == 409
    assert "Is this the same person?" in page
    assert "Yes, it is Olive Smith-Jones" in page
    assert "There is a problem" not in page
    carried = {name: field(page, name) for name in (*taken, "key", "shown")}
    assert carried == taken | {"key": carried["key"], "shown": known}
    again = door.post(differences, carried)
    assert (again.status_code, "There is a problem" in again.text) == (409, True)
    done = door.post(differences, carried | {"person": known if same else "another"})
    assert (done.status_code, done.location) == (
        303,
        f"/staff/visits/{stage.visit_id}#differences",
    )
    patient = stage.clinic.visit(stage.visit_id).patient
    assert (patient.full_name, patient.id == known) == ("Olive Smith-Jones", same)


def test_the_days_list_says_what_differs(staff_at: StaffAt) -> None:
    _, door = corrected(staff_at, Role.DESK)
    words = unescape(door.read("/desk"))
    assert "The patient says: <bdi>Olive Smith-Jones</bdi>" in words
    assert "The visit says: <bdi>Marigold Testwell</bdi>" in words


def test_a_visit_of_another_person_is_parted_and_says_what_that_means(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.SUBMITTED, Role.DESK)
    stage.clinic.clock.forward(timedelta(days=30))
    again = stage.clinic.arrange()
    stage = replace(stage, walk=again)
    path = f"/desk/visits/{stage.visit_id}"
    door.sign_in("frontly@clinic.example")
    assert "other visits (1)" in unescape(door.read(path))
    refused = door.post(f"{path}/part", {"part-words": " "})
    assert refused.status_code == 422
    assert "Say how you know" in refused.get_data(as_text=True)
    before = stage.clinic.visit(stage.visit_id).patient
    assert door.post(f"{path}/part", {"part-words": "Another face."}).status_code == 303
    after = stage.clinic.visit(stage.visit_id).patient
    assert after == replace(before, id=after.id)
    assert after.id != before.id
    words = unescape(door.read(path))
    assert "Parted from another person" in words
    assert "other visits (" not in words
    assert stage.clinic.actions(stage.visit_id)[-2:] == ["parted", "visit_read"]
    assert arranging.day(stage.house, DESK, stage.house.today())[0].visit.treatments == (PRP,)


def test_a_renamed_visit_asks_the_same_question(form: tuple[Door, dict[str, object]]) -> None:
    door, typed = form
    other = door.post("/desk/arrange", typed | {"full_name": "Basil Madeupson"})
    path = other.location.removeprefix("/staff") + "/change"
    renamed = typed | {"full_name": "Ni Bhriain Zoë", "words": "Mistyped."}
    page = unescape(door.post(path, renamed).text)
    assert "Is this still the same person?" in page
    renamed |= {"renamed": field(page, "renamed"), "key": field(page, "key")}
    answer = door.post(path, renamed)
    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "Is this the same person?" in page
    assert "Yes, it is Zoe Ni Bhriain" in page
    assert 'name="words" type="text" value="Mistyped."' in page
    person = field(page, "shown")
    said = {"shown": [person], "person": "another", "key": field(page, "key")}
    assert door.post(path, renamed | said).status_code == 303
    assert len({door.clinic.visit(one).patient.id for one in visits(door)}) == 2


def test_a_difference_that_nobody_sees_is_said_in_words(staff_at: StaffAt) -> None:
    stage, door = staff_at(Station.ARRANGED, Role.DESK)
    was = stage.clinic.visit(stage.visit_id).patient
    correct(stage, RightIdentity("M\u0430rigold Testwell", was.date_of_birth, "Passport"))
    demo.submit(stage.walk, {"full_name": was.full_name})
    page = unescape(door.read(f"/desk/visits/{stage.visit_id}"))
    assert "These look alike, and are not the same." in page
    assert "s: <bdi>the 2nd letter is the Cyrillic \u0430</bdi>." in page


def test_a_candidate_with_a_hidden_sign_says_so(form: tuple[Door, dict[str, object]]) -> None:
    door, typed = form
    page = unescape(door.post("/desk/arrange", typed | {"full_name": "Zoe Ni Bhri\u0430in"}).text)
    assert "As typed: <bdi>the 5th letter of the 3rd word is the Cyrillic \u0430</bdi>." in page
