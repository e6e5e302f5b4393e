"""A tablet without scripts: it reads pages, fills in forms, and looks at every page it gets."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from questionnaire.domain.definition import Kind
from questionnaire.journey import arranging
from questionnaire.web.patient import create_patient_app
from questionnaire.web.patient.shown_in import FIELD
from tests.clinics import DESK, Clinic, Stage

Typed = Mapping[str, str | list[str]]


@dataclass
class Page(HTMLParser):
    """One page, read: its title, headings, links, and what its forms would post."""

    html: str
    title: str = ""
    headings: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in {"title", "h1"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a title or a heading."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Keep the words of titles and headings."""
        if self._inside[-1:] == ["title"]:
            self.title += data
        elif self._inside[-1:] == ["h1"]:
            self.headings.append(data.strip())

    def hidden(self, name: str) -> str:
        """What a hidden box of that name holds."""
        return next(
            attrs["value"]
            for tag, attrs in self.tags
            if tag == "input" and attrs.get("type") == "hidden" and attrs.get("name") == name
        )

    def boxes(self, kind: str) -> dict[str, list[str]]:
        """Name → values, of all boxes of one type."""
        found: dict[str, list[str]] = {}
        for tag, attrs in self.tags:
            if tag == "input" and attrs.get("type") == kind:
                found.setdefault(attrs["name"], []).append(attrs.get("value", ""))
        return found

    def ticked(self) -> dict[str, list[str]]:
        """Name → values, of radios and checkboxes that are on."""
        found: dict[str, list[str]] = {}
        for tag, attrs in self.tags:
            if tag == "input" and "checked" in attrs:
                found.setdefault(attrs["name"], []).append(attrs["value"])
        return found

    def given(self) -> Typed:
        """What the page would post as it is: its boxes as they were shown."""
        written: dict[str, str] = {}
        for start, words in re.findall(
            r"<textarea([^>]*)>\n?(.*?)</textarea>", self.html, re.DOTALL
        ):
            written |= {name: unescape(words) for name in re.findall(r'name="([^"]+)"', start)}
        return {
            **{name: values[0] for name, values in self.boxes("text").items()},
            **written,
            **self.ticked(),
        }

    def links(self, part: str) -> list[str]:
        """Addresses that contain `part`."""
        return [attrs["href"] for tag, attrs in self.tags if tag == "a" and part in attrs["href"]]


class Tablet:
    """One browser without scripts at the patient's door."""

    def __init__(self, clinic: Clinic) -> None:
        app = create_patient_app(clinic.house, clinic.settings, secret_key=b"x" * 32)
        self.client: FlaskClient = app.test_client()
        self.reply: TestResponse
        self.page: Page
        self.address = ""
        self.open("/")

    def open(self, address: str) -> Page:
        """Go to an address, following the way it points."""
        return self._look(self.client.get(address))

    def post(self, typed: Typed, address: str = "") -> Page:
        """Send the page's form with its hidden boxes and what was typed."""
        hidden = {name: values[0] for name, values in self.page.boxes("hidden").items()}
        self._last = hidden | dict(typed), address or self._action()
        return self.repeat()

    def repeat(self) -> Page:
        """Send once more what was sent last, as a double tap or Back would."""
        body, address = self._last
        return self._look(self.client.post(address, data=body))

    def start(self, stage: Stage) -> Page:
        """Type the code of a visit and say that the name is right."""
        code = arranging.new_code(stage.house, DESK, stage.visit_id)
        self.open("/")
        self.post({"code": code})
        return self.post({"me": "yes"})

    def _action(self) -> str:
        actions = [
            attrs.get("action") or self.address
            for tag, attrs in self.page.tags
            if tag == "form" and "hidden" not in attrs
        ]
        return actions[0] if actions else self.address

    def _look(self, reply: TestResponse) -> Page:
        while reply.status_code == 303:
            assert reply.location.startswith("/"), "a redirect stays on this door"
            reply = self.client.get(reply.location)
        self.reply, self.address = reply, reply.request.full_path.rstrip("?")
        self.page = Page(reply.text)
        check_page(reply, self.page)
        return self.page


def fill(page: Page, stage: Stage) -> dict[str, str | list[str]]:
    """Something to post for every box of a page: the first of each choice, middling numbers."""
    questions = stage.house.library.questionnaire.questions
    typed: dict[str, str | list[str]] = {}
    for name, values in page.boxes("radio").items():
        typed[name] = values[1] if len(values) == 3 else values[0]
    for name, values in page.boxes("checkbox").items():
        if not name.endswith(".withheld"):
            typed[name] = values[:1]
    for name in page.boxes("text"):
        question = questions[name.partition(".")[0]]
        typed[name] = {"day": "14", "month": "3", "year": "1979"}.get(name.partition(".")[2], "")
        if question.kind in {Kind.DECIMAL, Kind.WHOLE_NUMBER}:
            low, high = question.minimum or 1, question.maximum or 100
            typed[name] = str(round(float(low * high) ** 0.5))
        elif question.kind is Kind.TEXT:
            typed[name] = "ada@mail.example" if question.contact else "Invented words"
    return typed


def check_page(reply: TestResponse, page: Page) -> None:
    """What must hold on every page of this door, always."""
    assert reply.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert len(page.headings) == 1, "one main heading"
    assert page.title.endswith("Aurelia Clinic") or reply.status_code >= 400
    assert "Testwell" not in page.title
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    assert [name for name, times in ids.items() if times > 1] == [], "ids are unique"
    assert not [tag for tag, attrs in page.tags if "style" in attrs or tag == "style"]
    nonce = re.findall(r"nonce-([\w-]+)", reply.headers["Content-Security-Policy"])
    scripts = [attrs.get("nonce") for tag, attrs in page.tags if tag == "script"]
    assert scripts == nonce * len(scripts)
    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label"}
    boxes = [
        attrs
        for tag, attrs in page.tags
        if tag in {"input", "textarea"} and attrs.get("type") != "hidden"
    ]
    assert not [box for box in boxes if box["id"] not in labelled], "each box has a label"
    described = {key for _, attrs in page.tags for key in attrs.get("aria-describedby", "").split()}
    assert described <= ids.keys(), "each description is on the page"
    forms = [attrs for tag, attrs in page.tags if tag == "form"]
    assert all(form["method"] == "post" for form in forms)
    assert len(page.boxes("hidden").get("csrf_token", [])) == len(forms)
    language = page.tags[0][1]["lang"]
    assert page.boxes("hidden").get(FIELD, []) == [language] * len(forms), "each says its language"
