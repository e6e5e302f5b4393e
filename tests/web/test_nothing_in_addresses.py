"""Two hundred planted words, typed at both doors, are in no address, cookie, title or log."""

import logging
import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from questionnaire.cli.invented import INVENTED_PHONE, fill_in
from questionnaire.domain.answers import Choices
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    TREATMENTS_WANTED,
    AnsweredBy,
    Kind,
)
from questionnaire.domain.visit import Station
from questionnaire.journey.sealing import seal_visit
from questionnaire.web.patient import create_patient_app
from questionnaire.web.staff import create_staff_app
from tests.clinics import BORN, PRP, Clinic
from tests.journeys.test_keeping_secrets import disguises
from tests.web import steps_by_form as steps
from tests.web.browsing import Browser

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.whole

PLANTED: Final = tuple(f"Quvblim{number:03}marker" for number in range(200))
NAME: Final = " ".join(PLANTED[:4])


@dataclass
class Planter:
    """Hands out the words that are left."""

    left: list[str] = field(default_factory=lambda: list(PLANTED[4:]))

    def __call__(self, many: int = 1) -> str:
        """So many words that nobody has typed yet, or the last ones again."""
        taken, self.left = self.left[:many], self.left[many:]
        return " ".join(taken or PLANTED[-many:])


@dataclass
class Wire:
    """What a passer-by may keep of each request: its address, its headers and the reply's."""

    doors: "WSGIApplication"
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Where it was, and what stood there."""

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer as the doors do."""
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        self.seen += [("address", path), ("address", unquote_plus(environ["QUERY_STRING"]))]
        self.seen += [(name, str(environ[name])) for name in environ if name.startswith("HTTP_")]

        def begin(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            self.seen += headers
            return start(status, headers, *rest)  # type: ignore[arg-type]

        body = b"".join(self.doors(environ, begin))  # type: ignore[arg-type]
        titles = re.findall(rb"(?s)<title>.*?</title>", body)
        self.seen += [("title", title.decode()) for title in titles]
        return [body]

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """All of it, and what cookies hold once they are opened."""
        for place, text in set(self.seen):
            yield place, unquote_plus(text).encode()
            if "cookie" in place.lower():
                for part in re.split(r"[=;. ]+", text):
                    yield from ((place, opened) for opened in opened_from(part))


def opened_from(part: str) -> Iterator[bytes]:
    """A part of a cookie as it is once decoded, and once inflated."""
    with suppress(ValueError):
        plain = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        yield plain
        with suppress(zlib.error):
            yield zlib.decompress(plain)


def watched_doors(clinic: Clinic) -> tuple[Browser, Wire]:
    """Both doors of a clinic behind a wire that is listened to."""
    patient = create_patient_app(clinic.house, clinic.settings, secret_key=b"p" * 32)
    staff = create_staff_app(clinic.house, clinic.settings, secret_key=b"s" * 32)
    wire = Wire(DispatcherMiddleware(patient, {"/staff": staff}))
    return Browser(wire), wire  # type: ignore[arg-type]


def slip(browser: Browser, address: str, having: str, **typed: str) -> None:
    """Send a form that cannot be taken as it is."""
    browser.send(browser.open(address).form(having=having), **typed)
    assert browser.status >= 400, browser.page.words


@pytest.mark.guarantees("S38", "S42")
def test_no_planted_word_is_in_an_address_a_cookie_a_title_or_a_log(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plant, library, today = Planter(), clinic.house.library, clinic.house.today()
    staff, wire = watched_doors(clinic)
    patient = staff.another()
    steps.open_clinic(staff, clinic)
    slip(staff, "/staff/desk/arrange", "full_name", full_name=plant(4))
    visit_id, code = steps.arrange(staff, NAME, BORN, [PRP])
    planned = frozenset({PRP})
    desk = {TREATMENTS_WANTED: Choices(planned), FULL_NAME: NAME, DATE_OF_BIRTH: BORN}
    answers = fill_in(library, planned, desk, today, AnsweredBy.PATIENT)
    texts = [
        key
        for key, question in library.questionnaire.questions.items()
        if question.kind is Kind.TEXT and key in answers and key != FULL_NAME
    ]
    steps.arrive(patient, code)
    wrong = {"full_name": plant(4), "date_of_birth.day": "99"}
    slip(patient, "/questions/treatments_wanted?change=1", "full_name", **wrong)
    steps.answer_pages(patient, answers | {key: f"{plant(8)} {INVENTED_PHONE}" for key in texts})
    steps.send_form(patient, plant(20))
    whole = fill_in(library, planned, answers, today, AnsweredBy.CLINICIAN)
    steps.review(staff, visit_id, whole, plant(20))
    steps.decide(staff, visit_id, [PRP], plant(30))
    steps.arrive(patient, steps.new_code(staff, visit_id))
    steps.read_to_document(patient, library)
    steps.go_to_signing(patient)
    patient.send(patient.page.form(having="agree"), agree="yes", full_name=plant(4), method="typed")
    assert patient.status >= 400
    patient.open("/document")
    steps.sign(patient, NAME)
    steps.countersign(staff, visit_id)
    assert seal_visit(clinic.house, visit_id)
    staff.send(staff.open("/staff/archive").form("/archive"), name=NAME, code=plant(2))
    staff.send(staff.page.form("/archive"), name=NAME, code="")
    assert "1 found" in staff.page.words
    form = staff.open(f"/staff/archive/{visit_id}").form("/copy")
    staff.send(form, outcome="accepted", how=plant(20))
    staff.send(staff.open("/staff/archive").form("/archive"), name=plant(len(plant.left)), code="")
    staff.open(f"/staff/archive/{visit_id}/consent.pdf?for=downloaded")
    assert clinic.visit(visit_id).station is Station.SEALED
    assert plant.left == []
    assert len(wire.seen) > 2_000
    looked_for = [*chain.from_iterable(disguises(words) for words in PLANTED)]
    texts_seen = [*wire.texts(), ("log", caplog.text.encode())]
    assert {place for place, text in texts_seen if any(it in text for it in looked_for)} == set()
