"""A browser without scripts at both doors: it keeps cookies, reads forms and sends them back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import IO

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from questionnaire.web.patient import create_patient_app
from questionnaire.web.staff import create_staff_app
from tests.clinics import Clinic

Sent = Mapping[str, str | list[str] | tuple[IO[bytes], str]]
PICKED = frozenset({"radio", "checkbox"})


@dataclass
class Form:
    """One form: where it goes, what it would send as it stands, and what can be picked."""

    action: str
    form_id: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    """Names of boxes to type into."""

    def names(self) -> list[str]:
        """The names of its boxes and tiles, in order."""
        return list(dict.fromkeys([*self.offered, *self.fields]))


class Page(HTMLParser):
    """One page with its forms and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words = ""
        self._form: Form | None = None
        self._box = ""
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what can be sent or followed."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(found.get("action", ""), found.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self.links.append(found.get("href", ""))
        elif tag in {"script", "style"}:
            self._silent += 1
        elif self._form is not None and found.get("name"):
            self._note(self._form, tag, found)
        elif tag == "option" and self._form is not None:
            self._form.offered[self._box].append(found["value"])
            if "selected" in found or not self._form.fields[self._box]:
                self._form.fields[self._box] = [found["value"]]

    def _note(self, form: Form, tag: str, found: dict[str, str]) -> None:
        name, kind = found["name"], found.get("type", tag)
        if kind in PICKED:
            form.offered.setdefault(name, []).append(found["value"])
            if "checked" in found:
                form.fields.setdefault(name, []).append(found["value"])
        elif tag == "select":
            form.offered[name], form.fields[name], self._box = [], [], name
        elif tag == "textarea":
            form.fields[name], self._box = [""], name
            form.boxes.append(name)
        elif tag == "input" and kind != "file":
            form.fields.setdefault(name, []).append(found.get("value", ""))
            if kind != "hidden":
                form.boxes.append(name)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a box."""
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._box = ""
        elif tag in {"script", "style"}:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees, and what stands in boxes."""
        if self._silent:
            return
        self.words += data
        if self._form is not None and self._box and self.lasttag == "textarea":
            self._form.fields[self._box] = [data.removeprefix("\n")]

    def form(self, part: str = "", *, having: str = "csrf_token") -> Form:
        """The first form whose action ends so and that has this box or tile."""
        for form in self.forms:
            fits = form.action.endswith(part) and form.form_id != "display-form"
            if fits and having in form.names() and form.form_id != "lock-form":
                return form
        raise LookupError(f"no form to {part!r} with {having!r}: {self.words}")


class Browser:
    """Somebody's browser at the doors of one clinic."""

    def __init__(self, doors: DispatcherMiddleware) -> None:
        self._doors = doors
        self._client = Client(doors)
        self.address = ""
        self.status = 0
        self.reply: TestResponse
        self.page = Page("")

    def another(self) -> "Browser":
        """A browser of somebody else at the same doors."""
        return Browser(self._doors)

    def tab(self) -> "Browser":
        """A second tab of this browser: other pages, the same cookies."""
        other = Browser(self._doors)
        other._client = self._client
        other.page, other.address = self.page, self.address
        return other

    def open(self, address: str) -> Page:
        """Go to an address and wherever it points."""
        return self._take(self._client.get(address))

    def search(self, address: str, asked: Mapping[str, str]) -> Page:
        """Send a form that only asks."""
        return self._take(self._client.get(address, query_string=dict(asked)))

    def send(self, form: Form, **typed: str | list[str]) -> Page:
        """Send a form as it stands, but for what was typed; underscores in names stay."""
        return self.post(form.action or self.address, {**form.fields, **typed})

    def post(self, address: str, fields: Sent) -> Page:
        """Send fields made by hand."""
        return self._take(self._client.post(address, data=dict(fields)))

    def _take(self, reply: TestResponse) -> Page:
        while reply.status_code in {302, 303}:
            reply = self._client.get(reply.location)
        self.reply, self.status = reply, reply.status_code
        self.address = reply.request.full_path.rstrip("?")
        if reply.request.environ.get("SCRIPT_NAME"):
            self.address = reply.request.environ["SCRIPT_NAME"] + self.address
        if reply.mimetype == "text/html":
            self.page = Page(reply.text)
        return self.page


def open_doors(clinic: Clinic) -> Browser:
    """Both doors of a clinic, mounted as they are served."""
    patient = create_patient_app(clinic.house, clinic.settings, secret_key=b"p" * 32)
    staff = create_staff_app(clinic.house, clinic.settings, secret_key=b"s" * 32)
    return Browser(DispatcherMiddleware(patient, {"/staff": staff}))


def following(links: Iterable[str], part: str) -> str:
    """The first link that contains `part`."""
    return next(link for link in links if part in link)
