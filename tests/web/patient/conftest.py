"""Tablets at the patient's door: without scripts, and in a real browser."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.web.patient import create_patient_app
from tests.clinics import DESK, PRP, Clinic, Stage
from tests.web.patient.reading_in import read_by
from tests.web.patient.tablet import Tablet

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def replies_whole(door: "WSGIApplication") -> "WSGIApplication":
    """The door with every reply read before it is sent: a browser that hangs up leaves no file."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> list[bytes]:
        body = ClosingIterator(door(environ, start))
        try:
            return list(body)
        finally:
            body.close()

    return answer


@pytest.fixture
def tablet(clinic: Clinic) -> Tablet:
    """A tablet in a clinic with nobody in it yet."""
    return Tablet(clinic)


@pytest.fixture
def turn_at(at: Callable[..., Stage]) -> Callable[..., tuple[Tablet, Stage]]:
    """`turn_at(station, treatment)`: a tablet in the hands of a patient at that station."""

    def begin(station: Station, treatment: str = PRP) -> tuple[Tablet, Stage]:
        stage = at(station, treatment)
        tablet = Tablet(stage.clinic)
        tablet.start(stage)
        return tablet, stage

    return begin


@dataclass(frozen=True, slots=True)
class Screen:
    """A page of a real browser at the patient's door of one clinic."""

    page: Page
    stage: Stage
    address: str
    complaints: list[str]

    def open(self, path: str) -> None:
        """Go to a path of the door."""
        self.page.goto(self.address + path)

    def begin(self, stage: Stage | None = None) -> None:
        """Type a visit's code and confirm the name."""
        visit_id = (stage or self.stage).visit_id
        self.open("/")
        code = arranging.new_code(self.stage.house, DESK, visit_id)
        self.page.fill("#code", code)
        self.press("Continue")
        self.press(self.say("Yes, this is me"))

    def say(self, sentence: str) -> str:
        """The sentence in the language the visit is read in."""
        language = self.stage.clinic.visit(self.stage.visit_id).language
        return self.stage.house.offered_speech(language).say(sentence)

    def press(self, words: str, role: Literal["button", "link"] = "button") -> None:
        """Press the button or the link with these words and wait for what comes."""
        self.follow(self.page.get_by_role(role, name=words, exact=True))

    def follow(self, target: Locator) -> None:
        """Click it; if it sends a form, wait until the page that answers is there."""
        target.click()
        self.page.locator("html:not(:has(form[data-sent]))").wait_for(state="attached")
        self.page.wait_for_load_state()


@pytest.fixture
def screen_at(at: Callable[..., Stage], browser: Browser) -> Iterator[Callable[..., Screen]]:
    """`screen_at(station, treatment, width=…, height=…, language=…)`: a browser at a visit's turn.

    `through` is what stands between the browser and the door: nothing, unless a test says so.

    What the browser complains about (scripts, policy) fails the test.
    """
    to_close: list[Callable[[], object]] = []
    screens: list[Screen] = []

    def begin(
        station: Station,
        treatment: str = PRP,
        *,
        width: int = 768,
        height: int = 1024,
        language: str = "",
        through: Callable[["WSGIApplication"], "WSGIApplication"] = lambda door: door,
    ) -> Screen:
        stage = at(station, treatment)
        if language:
            stage = read_by(stage, language)
        app = create_patient_app(stage.house, stage.clinic.settings, secret_key=b"x" * 32)
        door = replies_whole(through(app))
        server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
        to_close.extend((server.server_close, thread.join, server.shutdown, context.close))
        screen = Screen(context.new_page(), stage, f"http://127.0.0.1:{server.port}", [])
        screen.page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        screen.page.on("console", lambda said: _listen(screen, said.type, said.text))
        screens.append(screen)
        screen.begin()
        return screen

    yield begin
    for close in reversed(to_close):
        close()
    assert [screen.complaints for screen in screens if screen.complaints] == []


def _listen(screen: Screen, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and "status of 4" not in text:
        screen.complaints.append(text)
