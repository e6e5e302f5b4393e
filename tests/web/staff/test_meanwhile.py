"""Two pages opened, one sent, then the other: no older page undoes what a colleague did since."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.definition import NOT_SURE
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import asking, consenting, quizzing, shelf_life
from questionnaire.web.staff.meanwhile import MADE_AT
from questionnaire.web.staff.policy import ALLOWED
from tests.clinics import PRP, Clinic, Stage
from tests.journeys.steps import mark, send
from tests.named import ROOT
from tests.web.browsing import Form, Page
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import MOUNT, Door, address, hire, open_door
from tests.web.staff.routes import addresses

TOLD: Final = "This changed since you opened the page. Nothing was saved; look again."


@dataclass(frozen=True, slots=True)
class Case:
    """A form on a page that two people opened: what each of them sends, and where it stands."""

    role: Role
    at: Station | None
    page: str
    first: tuple[str, dict[str, object]]
    then: tuple[str, dict[str, object]]
    told: str


VISIT: Final = "/desk/visits/{visit}"
REVIEW: Final = "/visits/{visit}"
PEOPLE: Final = "/people"
CODE: Final = "New code given"

CASES: Final[dict[str, Case]] = {
    "desk.new_code": Case(Role.DESK, Station.ARRANGED, VISIT, ("/code", {}), ("/code", {}), CODE),
    "home_links.make": Case(
        Role.DESK, Station.ARRANGED, VISIT, ("/home-link", {}), ("/home-link", {}), "Home link made"
    ),
    "desk.stop": Case(
        Role.DESK,
        Station.SUBMITTED,
        VISIT,
        ("/reopen", {}),
        ("/stop", {"words": "Went home"}),
        "Form given back to the patient",
    ),
    "steps.settle": Case(
        Role.CLINICIAN,
        Station.SUBMITTED,
        REVIEW,
        ("/settle", {"words": "Ada: not treated", "confirmed": "yes"}),
        ("/settle", {"words": "Ben: oncology asked", "confirmed": "yes"}),
        "Point settled",
    ),
    "deciding.decide": Case(
        Role.CLINICIAN,
        Station.SUBMITTED,
        REVIEW,
        ("/plan", {"price": "9999", "sessions": "12"}),
        ("/decision", {"kind": "wait", "words": "As I planned", "until": "2031-06-01"}),
        "Plan written",
    ),
    "steps.reply_to_words": Case(
        Role.CLINICIAN,
        Station.SUBMITTED,
        REVIEW,
        ("/words", {"words": "Ada: a fair hope"}),
        ("/words", {"words": "Ben: too soon"}),
        "Reply to the own words",
    ),
    "people.link": Case(
        Role.ADMINISTRATOR,
        None,
        PEOPLE,
        ("/people/{ben}", {"active": None}),
        ("/people/{ben}/link", {}),
        "Account changed",
    ),
    "people.reset": Case(
        Role.ADMINISTRATOR,
        None,
        PEOPLE,
        ("/people/{ben}/reset", {}),
        ("/people/{ben}/reset", {}),
        "Second step reset",
    ),
}


@pytest.fixture
def two(at: Callable[..., Stage], clinic: Clinic) -> Callable[[Case], tuple[Door, Door, str, str]]:
    """Two people with the same role at one clinic, the visit's id, and the id of an account."""

    def enter(case: Case) -> tuple[Door, Door, str, str]:
        stage = None
        if case.at is Station.SUBMITTED:
            stage = at(Station.IN_PROGRESS)
            turn = stage.walk.turn()
            mark(stage, turn, "medicines", "cancer_treatment", "yes")
            send(stage, turn)
        elif case.at is not None:
            stage = at(case.at)
        ada = enter_as(open_door(stage.clinic if stage else clinic), case.role)
        hire(ada, "Nora Second", case.role)
        ben = hire(ada, "Dr Ben Other", Role.CLINICIAN, registration="GMC 7654321")
        other = ada.another()
        other.sign_in(address("Nora Second"))
        return ada, other, stage.visit_id if stage else "", ben.id

    return enter


def form(page: Page, ending: str) -> Form:
    """The form of a page that goes to an address with this end."""
    return next(one for one in page.forms if one.action.endswith(ending))


def send_form(door: Door, one: Form, typed: dict[str, object]) -> TestResponse:
    """Send a form as it stands but for what was typed; None leaves a box out."""
    sent = {name: value for name, value in {**one.fields, **typed}.items() if value is not None}
    return door.client.post(one.action.removeprefix("/staff"), base_url=MOUNT, data=sent)


@pytest.mark.parametrize("name", CASES)
def test_an_older_page_does_not_undo_what_a_colleague_did_since(
    two: Callable[[Case], tuple[Door, Door, str, str]], name: str
) -> None:
    case = CASES[name]
    ada, ben, visit, account = two(case)
    path = case.page.format(visit=visit)
    first, older = Page(ada.read(path)), Page(ben.read(path))
    (end, typed), (then, theirs) = case.first, case.then
    answer = send_form(ada, form(first, end.format(ben=account)), typed)
    assert answer.status_code in {302, 303}, answer.text
    before = newest_act(ada.clinic)
    answer = send_form(ben, form(older, then.format(ben=account)), theirs)
    assert answer.status_code == 409, (answer.status_code, answer.location)
    words = re.sub(r"\s+", " ", Page(answer.text).words)
    assert case.told in words
    assert newest_act(ada.clinic) == before, "and nothing was written"
    for typed_words in (text for key, text in theirs.items() if key == "words"):
        assert str(typed_words) in answer.text
    if then != "/people/{ben}/link":
        again = form(Page(ben.read(path)), then.format(ben=account))
        assert send_form(ben, again, theirs).status_code in {302, 303}, "once it was looked at"


OWN: Final[dict[str, str]] = {
    "/settle": "item",
    "/words": "words_seen",
    "/questions": "number",
    "/quiz": "question",
}
"""Forms of a review with words, and the hidden field that tells what they are about."""


@pytest.fixture
def reviewing(at: Callable[..., Stage]) -> tuple[Door, str]:
    """A clinician's door, and a review that has all these forms, but for one each twice."""
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    for text in ("May I drive?", "May I swim?"):
        asking.ask(stage.house, turn, text, key=stage.key())
    consenting.begin_reading(stage.house, turn, key=stage.key())
    for question in stage.house.library.treatments[PRP].quiz[:2]:
        quizzing.try_quiz(stage.house, turn, question.id, NOT_SURE, key=stage.key())
    shelf_life.revise_answers(stage.house, turn, key=stage.key())
    for question, row in (("medicines", "cancer_treatment"), ("allergies", "latex")):
        mark(stage, stage.walk.turn(), question, row, "yes")
    send(stage, stage.walk.turn())
    return enter_as(open_door(stage.clinic), Role.CLINICIAN), f"/visits/{stage.visit_id}"


def forms(page: Page, ending: str) -> list[Form]:
    """The forms with this ending that have a box for words."""
    return [it for it in page.forms if it.action.endswith(ending) and "words" in it.boxes]


@pytest.mark.parametrize("ending", OWN)
def test_an_older_page_of_ones_own_replaces_no_words_and_shows_both(
    reviewing: tuple[Door, str], ending: str
) -> None:
    door, path = reviewing
    pages = [Page(door.read(path)) for _ in range(2)]
    first, older = (forms(page, ending)[0] for page in pages)
    done = {"confirmed": "yes"} if ending == "/settle" else {}
    assert send_form(door, first, {"words": "Told in tab A"} | done).status_code == 303
    before = newest_act(door.clinic)
    answer = send_form(door, older, {"words": "Told in tab B"} | done)
    assert answer.status_code == 409
    assert newest_act(door.clinic) == before, "and nothing was written"
    page = Page(answer.text)
    words = re.sub(r"\s+", " ", page.words)
    assert TOLD in words
    assert "You, on another page" in words
    assert "Told in tab A" in words
    place = first.fields[OWN[ending]]
    again = next(it for it in forms(page, ending) if it.fields[OWN[ending]] == place)
    assert again.fields["words"] == ["Told in tab B"]
    assert send_form(door, again, {} | done).status_code == 303, "once it was looked at"
    assert "Told in tab B" in door.read(path)


@pytest.mark.parametrize("ending", [it for it in OWN if it != "/words"])
def test_an_older_page_of_ones_own_still_writes_in_another_place(
    reviewing: tuple[Door, str], ending: str
) -> None:
    door, path = reviewing
    here, there = forms(Page(door.read(path)), ending)[:2]
    for one in (here, there):
        sent = {"words": "Told here", "confirmed": "yes"}
        assert send_form(door, one, sent).status_code == 303


def newest_act(clinic: Clinic) -> int:
    """The number of the last row of the ledger that tells of no reading."""
    with clinic.house.database.read() as tx:
        run = tx.connection.exec_driver_sql
        found = run("SELECT max(seq) FROM ledger WHERE action NOT LIKE '%\\_read' ESCAPE '\\'")
        number: int = found.scalar_one()
        return number


LISTED: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "security.logout",
            "account.switch",
            "factor.check",
            "factor.begin_app",
            "factor.keep_app",
            "passkeys.begin",
            "passkeys.keep",
            "account.change_password",
            "account.new_codes",
            "account.new_pin",
            "account.forget_passkey",
            "account.end_session",
            "account.end_others",
            "account.known",
        ),
        "is about nobody but who is signed in",
    ),
    **dict.fromkeys(
        ("drafts.keep", "drafts.throw_away", "home.keys"), "keeps what its own person sees alone"
    ),
    **dict.fromkeys(
        (
            "arranging.arrange",
            "people.invite",
            "tablets.expect",
            "setting_up.letter",
            "approvals.export",
            "approvals.keys",
            "disposing.ask",
        ),
        "makes something new and replaces nothing",
    ),
    **dict.fromkeys(
        ("desk.find", "archive.ask", "archive.check", "archive.verify"),
        "only looks for something",
    ),
    **dict.fromkeys(("steps.note", "disposing.hold"), "stands beside what others wrote"),
    "steps.take_out": "is refused once the note is no longer there",
    "steps.answer": "is refused once any answer is not the one on the page",
    "settling.take": "is refused once the difference is not the one on the page",
    "countersign.sign": "is refused once the document is not the one on the page",
}
"""Forms that need no case of their own here, each with the reason."""
LIKE: Final[dict[str, str]] = {
    **dict.fromkeys(("desk.witness", "home_links.mail", "home_links.revoke"), "desk.new_code"),
    **dict.fromkeys(("desk.reopen", "desk.part"), "desk.stop"),
    "steps.undo": "steps.settle",
    **dict.fromkeys(("steps.reply", "steps.discuss"), "steps.reply_to_words"),
    **dict.fromkeys(
        ("deciding.uphold", "deciding.take_back", "deciding.resume"), "deciding.decide"
    ),
    **dict.fromkeys(
        (
            "people.end_sessions",
            "tablets.take_out",
            "approvals.approve",
            "approvals.refuse",
            "approvals.take",
            "approvals.dispose",
            "disposing.lift",
            "archive.copy",
            "archive.seal_again",
            "rules.sign",
        ),
        "people.reset",
    ),
}
"""Forms that are compared in the very way of one that is tried here."""
BY_BOX: Final = frozenset(
    {"arranging.change", "people.change", "setting_up.confirm", "setting_up.change_look"}
    | {"deciding.plan"}
)


def test_every_form_of_the_door_is_compared_or_listed_with_a_reason(clinic: Clinic) -> None:
    door = open_door(clinic)
    posted = {endpoint for endpoint, method, _ in addresses(door) if method == "POST"}
    told = [CASES.keys(), LIKE.keys(), LISTED.keys(), BY_BOX]
    known = frozenset[str]().union(*told)
    assert posted & ALLOWED.keys() == known
    assert sum(map(len, told)) == len(known), "and in one way"
    assert set(LIKE.values()) <= CASES.keys()


def test_every_form_that_writes_says_when_its_page_was_made() -> None:
    templates = sorted((ROOT / "templates" / "staff").glob("*.html"))
    forms = [
        (path.name, form)
        for path in templates
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
    ]
    assert len(forms) > 50
    for name, form in forms:
        assert "hidden_token()" in form or "seen_and_key()" in form, (name, form[:200])


@pytest.mark.parametrize("mark", [None, "", "x", "-1", "1e3", "٣", "9" * 40])
def test_a_form_that_does_not_say_when_its_page_was_made_writes_nothing(
    signed_in: Callable[..., Door], mark: str | None
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    person = hire(door, "Dex Frontly", Role.DESK)
    before = newest_act(door.clinic)
    typed = {MADE_AT: mark}
    answer = send_form(door, form(Page(door.read("/people")), f"/people/{person.id}/reset"), typed)
    assert answer.status_code == 422
    assert newest_act(door.clinic) == before


@dataclass(frozen=True, slots=True)
class Whole:
    """A form that holds a whole record: what Ada changes, what Ben types, and what is kept then.

    `apart` are other boxes than Ada's; `same` is one of hers. `told` names it, its old and its new.
    """

    role: Role
    page: str
    form: str
    hers: dict[str, object]
    apart: dict[str, object]
    same: dict[str, object]
    told: str


WHOLE: Final[dict[str, Whole]] = {
    "arranging.change": Whole(
        Role.DESK,
        "/desk/visits/{visit}/change",
        "",
        {"born.day": "13", "treatments": ["prp_injections", "mesotherapy_hair"]},
        {"appointment_time": "17:45"},
        {"born.day": "15"},
        "Date of birth: it was",
    ),
    "people.change": Whole(
        Role.ADMINISTRATOR,
        "/people",
        "/people/{ben}",
        {"active": None, "registration": "GMC 1"},
        {"roles": ["archivist"]},
        {"registration": "GMC 2"},
        "Registration number: it was “GMC 7654321”, now “GMC 1”.",
    ),
    "setting_up.confirm": Whole(
        Role.ADMINISTRATOR,
        "/setup/regulator",
        "/setup/regulator",
        {"regulator": "Ada's regulator"},
        {"regulator_address": "1 Invented Road"},
        {"regulator": "Ben's regulator"},
        "Name of the regulator: it was",
    ),
    "setting_up.change_look": Whole(
        Role.ADMINISTRATOR,
        "/setup/look",
        "/setup/look",
        {"colour": "#0f5257"},
        {},
        {"colour": "#123456"},
        "Colour: it was",
    ),
    "deciding.plan": Whole(
        Role.CLINICIAN,
        "/visits/{visit}",
        "/plan",
        {"price": "9999", "sessions": "12"},
        {"batch": "B-17"},
        {"price": "100"},
        "Price: it was “nothing”, now “9999”.",
    ),
}


def whole(door: Door, case: Whole, visit: str, account: str) -> tuple[str, Form]:
    """The page of a form, and the form."""
    page = case.page.format(visit=visit)
    found = Page(door.read(page))
    ending = case.form.format(ben=account) if case.form else ""
    name = "made_from"
    one = next(it for it in found.forms if it.action.endswith(ending) and name in it.fields)
    one.action = one.action or f"/staff{page}"
    return page, one


def held(form: Form) -> dict[str, list[str]]:
    """What stands in its boxes."""
    own = {"csrf_token", "key", "made_at", "made_from", "seen", "words"}
    return {name: texts for name, texts in form.fields.items() if name not in own}


@pytest.mark.parametrize("name", WHOLE)
def test_a_form_changes_what_was_touched_in_it_and_tells_what_a_colleague_changed(
    two: Callable[[Case], tuple[Door, Door, str, str]], name: str
) -> None:
    case = WHOLE[name]
    at = Station.SUBMITTED if "{visit}" in case.page else None
    why = {"words": "Misread the paper"}
    ada, ben, visit, account = two(Case(case.role, at, "", ("", {}), ("", {}), ""))
    _, hers = whole(ada, case, visit, account)
    _, older = whole(ben, case, visit, account)
    if case.role is Role.DESK:
        why["clinician"] = account
    assert send_form(ada, hers, case.hers | why).status_code in {302, 303}
    _, after_ada = whole(ada, case, visit, account)
    assert held(after_ada) != held(older)

    answer = send_form(ben, older, case.same | why)
    page = Page(answer.text)
    assert answer.status_code == 409
    assert case.told in re.sub(r"\s+", " ", page.words)
    assert held(whole(ada, case, visit, account)[1]) == held(after_ada), "nothing was written"
    again = next(it for it in page.forms if "made_from" in it.fields and same_place(it, older))
    expected = held(after_ada) | {key: _listed(it) for key, it in case.same.items()}
    assert held(again) == expected, "hers, and what he typed"

    answer = send_form(ben, older, case.apart | why)
    assert answer.status_code in {302, 303}, answer.text
    expected = held(after_ada) | {key: _listed(it) for key, it in case.apart.items()}
    assert held(whole(ada, case, visit, account)[1]) == expected


def same_place(one: Form, other: Form) -> bool:
    """Whether two forms go to one address; an empty one goes to its own page."""
    return not one.action or one.action == other.action


def _listed(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]
