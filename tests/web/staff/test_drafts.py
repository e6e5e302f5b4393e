"""What stands in other boxes of a staff page is kept for who typed it, and stops no act."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from questionnaire.domain.clinic_details import Part
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.unsent import MOST
from questionnaire.web.forgery import HEADER
from questionnaire.web.staff.drafts import KNOWN, OTHERS, PAGE
from tests.clinics import Clinic, Stage
from tests.journeys.steps import review
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, address, hire, open_door
from tests.web.staff.test_setting_up import RIGHT, WITHOUT, WRONG

BOXES = json.dumps({"price": "100 </script> & 'more'", "tell": False})


def kept(door: Door, page: str = "/people") -> bool:
    return "100 \\u003c/script\\u003e \\u0026" in door.read(page)


def test_words_are_shown_again_to_who_typed_them_and_to_nobody_else(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    assert door.post("/drafts", {PAGE: "/staff/people", OTHERS: BOXES}).status_code == 204
    assert kept(door)
    assert not kept(door, "/account")
    hire(door, "Other Adminson", Role.ADMINISTRATOR)
    other = door.another()
    other.sign_in(address("Other Adminson"))
    assert not kept(other)
    emptied = {PAGE: "/staff/people", OTHERS: "{}", KNOWN: f"[{BOXES}]"}
    assert other.post("/drafts", emptied).status_code == 204
    assert kept(door), "by nobody else"
    assert door.post("/drafts", emptied).status_code == 204
    assert not kept(door)


ODD = {
    "too much": json.dumps({"price": "x" * MOST}),
    "no JSON": "[",
    "too deep": "[" * 60_000,
    "deep": '{"a":' * 20_000,
    "a list": "[1]",
    "numbers": '{"a": 1}',
    "half a sign": '{"a": "\\ud800"}',
    "not a number": '{"a": NaN}',
}


@pytest.mark.parametrize("odd", ODD)
def test_what_no_page_of_ours_sends_is_refused_and_keeps_no_act_from_being_done(
    signed_in: Callable[..., Door], odd: str
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    answer = door.post("/drafts", {PAGE: "/staff/people", OTHERS: ODD[odd]})
    assert answer.status_code == 422
    done = door.post("/account/known", {PAGE: "/staff/account", OTHERS: ODD[odd]})
    assert done.status_code == 303
    for known in (ODD[odd], f"[{ODD[odd]}]", '["x"]', "[[]]", "{}"):
        kept_of = {PAGE: "/staff/people", OTHERS: BOXES, KNOWN: known}
        assert door.post("/drafts", kept_of).status_code == 422, known[:20]


def test_a_page_of_no_length_of_ours_is_refused(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    assert door.post("/drafts", {PAGE: "/staff/" + "x" * 300, OTHERS: "{}"}).status_code == 422


def test_the_token_for_a_page_is_plain_text(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    answer = door.get("/drafts/token", headers={HEADER: door.token()})
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True) == door.token()
    assert door.get("/drafts/token").status_code == 400


def drafted(page: str) -> tuple[str, dict[str, object]]:
    """Under which name a page keeps its boxes, and what it fills in."""
    (name,) = re.findall(r'data-page="([^"]*)"', page)
    (unsent,) = re.findall(r"data-unsent='([^']*)'", page)
    return unescape(name), json.loads(unsent)


TYPED_INTO = (
    r'<(?:textarea|input(?![^>]*type="(?:hidden|radio|checkbox|file)"))[^>]*\bname="([^"]*)"'
)


def forms_of(page: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The forms of a page that keep their boxes: each address they go to, and hidden boxes."""
    main = page.partition("<main")[2].partition("</main>")[0]
    for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", main, re.DOTALL):
        if 'method="post"' not in head or "data-no-draft" in head:
            continue
        empty = dict.fromkeys(re.findall(TYPED_INTO, body), "")
        hidden = dict(re.findall(r'type="hidden"[^>]*name="([^"]*)" value="([^"]*)"', body))
        hidden = empty | {name: unescape(value) for name, value in hidden.items()}
        own = re.search(r'action="([^"]*)"', head)
        for action in (own[1] if own else "", *re.findall(r'formaction="([^"]*)"', body)):
            yield action.removeprefix("/staff"), {**hidden}


FORM_PAGES = [
    (Role.CLINICIAN, Station.SUBMITTED, "/visits/{id}", 5),
    (Role.CLINICIAN, Station.PATIENT_SIGNED, "/visits/{id}/countersign", 1),
    (Role.DESK, Station.ARRANGED, "/desk/arrange", 1),
    (Role.DESK, Station.ARRANGED, "/desk/visits/{id}/change", 1),
    (Role.ADMINISTRATOR, Station.ARRANGED, "/people/add", 1),
    (Role.ADMINISTRATOR, Station.ARRANGED, "/setup/look", 0),
    *(
        (Role.ADMINISTRATOR, Station.ARRANGED, f"/setup/{part}", part is not Part.LANGUAGES)
        for part in Part
    ),
]
"""Who opens a page at which station of a visit, and how many of its forms refuse empty boxes."""


@pytest.mark.parametrize(("role", "station", "path", "fewest"), FORM_PAGES)
def test_the_answer_to_a_refused_form_keeps_its_boxes_where_its_page_does(
    staff_at: Callable[..., tuple[Stage, Door]],
    role: Role,
    station: Station,
    path: str,
    fewest: int,
) -> None:
    stage, door = staff_at(station, role)
    path = path.format(id=stage.visit_id)
    page, refused = door.read(path), 0
    for action, hidden in forms_of(page):
        answer = door.post(action or path, hidden)
        if answer.status_code >= 400 and "data-page" in answer.text:
            assert drafted(answer.text)[0] == drafted(page)[0], action
            refused += 1
    assert refused >= fewest


SETUP = [
    *{part: (part.value, part.value, wrong, RIGHT[part]) for part, wrong, _ in WRONG}.values(),
    ("mail", "mail/letter", {"how": "tested", "code": "ABCDEF"}, WITHOUT),
    ("look", "look", {"colour": "puce"}, {"colour": "#0f5257"}),
]


@pytest.mark.parametrize(("part", "refused_by", "wrong", "right"), SETUP)
def test_after_the_right_word_the_refused_one_never_comes_back(
    bare: Clinic, part: str, refused_by: str, wrong: dict[str, object], right: dict[str, object]
) -> None:
    door = enter_as(open_door(bare), Role.ADMINISTRATOR)
    path = f"/setup/{part}"
    page, _ = drafted(door.read(path))
    boxes = json.dumps({"typed": "a word that is refused"})
    assert door.post("/drafts", {PAGE: page, OTHERS: boxes}).status_code == 204
    answer = door.post(f"/setup/{refused_by}", wrong | {PAGE: page, OTHERS: "{}"})
    assert answer.status_code == 422
    page, unsent = drafted(answer.text)
    assert unsent == json.loads(boxes), "refused, and so not sent"
    hire(door, "Dr Ada Invented", Role.CLINICIAN, registration="GMC 1234567")
    hire(door, "Archie Keepwell", Role.ARCHIVIST)
    sent = {PAGE: page, OTHERS: "{}", KNOWN: f"[{boxes}]"}
    assert door.post(path, right | sent).status_code == 303
    assert drafted(door.read(path))[1] == {}


def test_a_form_sent_from_a_page_opened_before_leaves_what_was_typed_in_another_tab(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.SUBMITTED)
    path, words = f"/visits/{stage.visit_id}", {"decision-words": "Ten minutes of words"}
    page, _ = drafted(door.read(path))
    said = {"words_seen": review(stage).words_seen}
    assert door.post("/drafts", {PAGE: page, OTHERS: json.dumps(words)}).status_code == 204
    for others, known in (({}, [{}, {}]), ({"price": "100"}, [{}])):
        sent = {PAGE: page, OTHERS: json.dumps(others), KNOWN: json.dumps(known)} | said
        assert door.post(f"{path}/words", {"words": "A reply"} | sent).status_code == 303
        words |= others
        assert drafted(door.read(path))[1] == words
    sent = {PAGE: page, OTHERS: "{}", KNOWN: json.dumps([words])} | said
    assert door.post(f"{path}/words", {"words": "Another"} | sent).status_code == 303
    assert drafted(door.read(path))[1] == {}
