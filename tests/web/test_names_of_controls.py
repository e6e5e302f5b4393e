"""No question can take the name of a control: the list that `rules check` refuses is complete.

It is compared with what the pages that hold questions show, what the scripts add, and what the
server looks for in what these pages send.
"""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from questionnaire.content.questions import CONTROLS
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.web.patient import create_patient_app
from questionnaire.web.patient.meanwhile import WAYS_TO_LEAVE
from questionnaire.web.staff import create_staff_app
from questionnaire.web.staff.drafts import OTHERS
from tests.clinics import DESK, Stage
from tests.web import steps_by_form as steps
from tests.web.browsing import Browser, Form

pytestmark = pytest.mark.whole

STATIC = Path(__file__).parents[2] / "static"
YEAR = "date_of_birth.year"
At = Callable[..., Stage]


class Heard(ImmutableMultiDict[str, str]):
    """What a form sent; remembers which names the server looked for."""

    names: set[str] = set()  # noqa: RUF012  # one for all requests of the test

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, type: object = None) -> list[str]:  # type: ignore[override]  # noqa: A002, ARG002
        """The values under a name."""
        self.names.add(name)
        return super().getlist(name)


class HeardRequest(Request):
    """A request whose form remembers."""

    def make_form_data_parser(self) -> FormDataParser:
        """The usual reader of forms, which fills what remembers."""
        parser = super().make_form_data_parser()
        parser.cls = Heard
        return parser


class Shown(HTMLParser):
    """The names of the controls of one form on a page, wherever they stand."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action, self.form_id, self.inside = action, "", False
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control with the form it names, or the one it stands in."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("action", "").endswith(self.action)
            self.form_id = said.get("id", "") if self.inside else self.form_id
        elif said.get("name"):
            self.found.append(
                (said["name"], said.get("form", self.form_id if self.inside else "-"))
            )

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self.inside = False

    @property
    def names(self) -> set[str]:
        """Every name."""
        return {name for name, form in self.found if form == self.form_id}


def listening(stage: Stage) -> Browser:
    """Both doors, where the names are heard that the server looks for."""
    clinic = stage.clinic
    patient = create_patient_app(clinic.house, clinic.settings, secret_key=b"p" * 32)
    staff = create_staff_app(clinic.house, clinic.settings, secret_key=b"s" * 32)
    patient.request_class = staff.request_class = HeardRequest
    return Browser(DispatcherMiddleware(patient, {"/staff": staff}))


def controls(names: set[str], stage: Stage) -> set[str]:
    """The names that are not of a question or of a part of one."""
    questions = stage.house.library.questionnaire.questions
    return {name for name in names if name.partition(".")[0] not in questions}


def looked_for(browser: Browser, address: str, sent: Mapping[str, list[str]]) -> set[str]:
    """What the server looks for in one form, before it goes on to another page."""
    Heard.names.clear()
    browser.post(address, dict(sent))
    return set(Heard.names)


def page_with(browser: Browser, question: str) -> Form:
    """The form of the patient's page that asks that question."""
    links = {it.partition("?")[0] for it in browser.open("/check").links if "/questions/" in it}
    for link in sorted(links):
        for form in browser.open(link).forms:
            if question in form.names():
                return form
    raise LookupError(question)


def at_the_tablet(stage: Stage) -> set[str]:
    """The controls of a page of questions and of “Is that right?”, and what is looked for in both.

    Each control is pressed once.
    """
    browser = listening(stage)
    steps.arrive(browser, arranging.new_code(stage.house, DESK, stage.visit_id))
    form = page_with(browser, YEAR)
    found = Shown(browser.page.html, form.action).names
    found |= looked_for(browser, form.action, {**form.fields, YEAR: ["1925"]})
    assert "Is that right?" in browser.page.words
    found |= Shown(browser.page.html, form.action).names
    for control in sorted(controls(found, stage) | WAYS_TO_LEAVE):
        sent = {**form.fields, control: form.fields.get(control, ["usual"])}
        found |= looked_for(browser, form.action, sent)
        if control in {"later", "left_alone"}:
            steps.arrive(browser, arranging.new_code(stage.house, DESK, stage.visit_id))
    return controls(found, stage)


def at_the_review(stage: Stage) -> set[str]:
    """The controls of the form with the questions that the clinic answers; it is sent once.

    With it goes what stands in other boxes of the page, as its script sends it.
    """
    browser = listening(stage)
    steps.open_clinic(browser, stage.clinic)
    form = browser.open(f"/staff/visits/{stage.visit_id}").form("/answers", having="seen")
    found = Shown(browser.page.html, form.action).names
    return controls(
        found | looked_for(browser, form.action, {**form.fields, OTHERS: ["{}"]}), stage
    )


def added_by_scripts() -> set[str]:
    """What the scripts of pages put into forms by name."""
    adds = re.compile(r"append\('(\w+)'")
    return {name for path in STATIC.glob("*.js") for name in adds.findall(path.read_text())}


def test_the_list_of_controls_is_whole(at: At) -> None:
    patients, clinicians = (at(station) for station in (Station.IN_PROGRESS, Station.SUBMITTED))
    found = at_the_tablet(patients) | at_the_review(clinicians) | added_by_scripts()
    assert found | WAYS_TO_LEAVE == CONTROLS
