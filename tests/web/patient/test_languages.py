"""A whole visit in each other language: nothing of what a patient reads stays in English."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, consenting
from questionnaire.journey.turns import turn_of
from tests.clinics import DESK, Stage
from tests.web.patient.reading_in import EnglishLeft, offering_drafts, read_by
from tests.web.patient.tablet import Tablet, Typed, fill
from tests.web.patient.test_consent import INK, go_to_signing
from tests.web.patient.test_questions import kept

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
Turns = Callable[..., tuple[Tablet, Stage]]
CODES = ("es", "ar")
LABELS = ("patient_words", "withdrawal_code", "record_id", "content_version")
TREATMENTS = ("prp_injections", "fat_dissolving")


class Reader:
    """A tablet in the hands of somebody who reads another language; every page is looked at."""

    def __init__(self, stage: Stage, code: str) -> None:
        self.stage = read_by(stage, code)
        self.tablet = Tablet(self.stage.clinic)
        self.left = EnglishLeft(self.stage, code)
        self.found: dict[str, list[str]] = {}
        self.tablet.start(self.stage)
        self.look()

    def look(self, state: str = "") -> None:
        """Note what the page says in English."""
        if english := self.left.in_page(self.tablet.page.html):
            self.found[f"{self.tablet.address} {state}".strip()] = english

    def open(self, address: str) -> None:
        """Go to a page."""
        self.tablet.open(address)
        self.look()

    def post(self, typed: Typed, address: str = "", state: str = "") -> None:
        """Send the page's form."""
        self.tablet.post(typed, address)
        self.look(state)


def own_words(reader: Reader) -> str:
    """What people wrote and what the clinician reads: it stands in the document as it is."""
    turn = turn_of(reader.stage.house, _turn_token(reader.tablet))
    assert turn is not None
    record = json.loads(consenting.read_back(reader.stage.house, turn).canonical)
    assert (record["language"], record["translation"]) == (turn.visit.language, "draft")
    mine = ("patient", "practitioner", "plan", "review", "questions", "flags")
    return json.dumps([record[key] for key in (*mine, *LABELS)]) + "An invented answer"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_form_is_all_in_the_patients_language(at: At, code: str, treatment: str) -> None:
    reader = Reader(at(Station.ARRANGED, treatment), code)
    tablet = reader.tablet
    for address in ("/start", "/preview", "/not-today", "/nowhere"):
        reader.open(address)
    reader.post({}, "/not-today", "empty")
    reader.open("/start")
    reader.open(tablet.page.links("/questions/")[0])
    while "/questions/" in tablet.address:
        page = tablet.address
        reader.post({}, state="empty")
        reader.open(page)
        reader.post(fill(tablet.page, reader.stage), state="filled")
        assert tablet.reply.status_code == 200
    reader.post({"more": "yes"}, state="empty")
    reader.post({"worries": "Words", "question": "More words", "more": "yes"}, state="filled")
    reader.open("/check")
    reader.post({}, "/check")
    assert tablet.address.startswith("/goodbye/sent")
    assert reader.found == {}


@pytest.mark.parametrize("code", CODES)
def test_an_odd_answer_is_asked_about_in_the_patients_language(at: At, code: str) -> None:
    reader = Reader(at(Station.IN_PROGRESS), code)
    reader.open("/questions/treatments_wanted")
    odd = fill(reader.tablet.page, reader.stage) | {"date_of_birth.year": "2025"}
    reader.post(odd)
    assert "2025" in reader.tablet.page.html
    assert len(reader.tablet.page.boxes("radio")) == 0
    assert reader.found == {}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_reading_is_all_in_the_patients_language(at: At, code: str, treatment: str) -> None:
    reader = Reader(at(Station.CONSENT_READY, treatment), code)
    tablet, house = reader.tablet, reader.stage.house
    reader.post({}, "/reading")
    reader.open("/your-questions")
    reader.open(f"/reading/{treatment}")
    reader.post({})
    quiz = {one.id: one for one in house.library.treatments[treatment].quiz}
    while tablet.address.startswith("/quiz/"):
        question = quiz[tablet.address.removeprefix("/quiz/")]
        reader.post({}, state="empty")
        reader.open(f"/quiz/{question.id}")
        reader.post({"choice": "not_sure"}, state="wrong")
        reader.post({"choice": question.correct}, state="right")
        links = [
            it for tag, it in tablet.page.tags if tag == "a" and "button" in it.get("class", "")
        ]
        reader.open(links[0]["href"])
    reader.open("/statements")
    boxes = tablet.page.boxes("checkbox")["ticked"]
    reader.post({}, state="empty")
    reader.open("/statements")
    reader.post({"ticked": boxes})
    reader.post({})
    reader.left.know(own_words(reader))
    reader.open("/document")
    go_to_signing(tablet)
    reader.look()
    typed = {"agree": "yes", "full_name": "Marigold Testwell", "method": "drawn"}
    for wrong in ("agree", "full_name", "method"):
        reader.post(typed | {wrong: ""}, state=f"no {wrong}")
    reader.post(typed | {"ink": "[]"}, state="bad ink")
    reader.post(typed | {"full_name": "Somebody Else", "ink": INK}, state="other name")
    reader.post(typed | {"ink": INK})
    assert tablet.address.startswith("/goodbye/signed")
    assert reader.found == {}


@pytest.mark.parametrize(("code", "direction"), [("es", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_each_page_says_its_language_and_direction(at: At, code: str, direction: str) -> None:
    stage = read_by(at(Station.IN_PROGRESS), code)
    tablet = Tablet(stage.clinic)
    html = tablet.start(stage).tags[0][1]
    assert (html["lang"], html["dir"]) == (code, direction)
    pills = [it for _, it in tablet.page.tags if it.get("name") == "show_language"]
    assert [(it["value"], it["lang"]) for it in pills] == [("en", "en"), ("ar", "ar"), ("es", "es")]
    assert [it["value"] for it in pills if it["aria-pressed"] == "true"] == [code]


def test_a_draft_says_that_it_is_one_and_is_not_offered_unless_the_clinic_wants(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    closed = Tablet(stage.clinic)
    closed.start(stage)
    assert "show_language" not in closed.page.html
    closed.client.post("/display", data=_token(closed) | {"show_language": "ar"})
    assert stage.clinic.visit(stage.visit_id).language == "en"
    assert "borrador" not in closed.open("/start").html
    offering = read_by(stage, "es")
    tablet = Tablet(offering.clinic)
    assert "Esta traducción es un borrador" in tablet.start(offering).html
    assert "What this is not" not in closed.page.html


def test_changing_the_language_keeps_what_was_typed_and_what_was_kept(at: At) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    answers = kept(stage)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/questions/treatments_wanted")
    typed = fill(tablet.page, stage) | {"full_name": "Half typ"}
    page = tablet.post(typed | {"show_language": "ar"})
    assert page.boxes("text")["full_name"] == ["Half typ"]
    assert 'lang="ar" dir="rtl"' in page.html
    assert stage.clinic.visit(stage.visit_id).language == "ar"
    assert "language_chosen" in stage.clinic.actions(stage.visit_id)
    assert kept(stage) == answers


def test_changing_the_language_keeps_own_words_that_were_not_sent(at: At) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/your-questions")
    typed = {"worries": "The needles.", "question": "May I still"}
    page = tablet.post({**typed, "show_language": "es"})
    assert 'lang="es"' in page.html
    assert all(f"\n{words}</textarea>" in page.html for words in typed.values())
    assert "question_asked" not in stage.clinic.actions(stage.visit_id)
    tablet.post({**typed, "show_text": "larger"})
    assert "\nMay I still</textarea>" in tablet.page.html


def test_a_language_chosen_while_the_tablet_waits_goes_with_the_visit_and_no_further(
    at: At,
) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    tablet = Tablet(stage.clinic)
    tablet.post({"show_language": "es", "back": "/"}, "/display")
    assert "¿Cuál es su código?" in tablet.page.html
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    tablet.post({"code": code})
    assert stage.clinic.visit(stage.visit_id).language == "es"
    tablet.post({"me": "no"})
    assert "Gracias" in tablet.page.html
    assert "What is your code?" in tablet.open("/").html


@pytest.mark.parametrize("wished", ["xx", "", "ar'--", "العربية"])
def test_a_language_that_is_not_offered_changes_nothing(at: At, wished: str) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    reply = tablet.client.post("/display", data=_token(tablet) | {"show_language": wished})
    assert reply.status_code == 422
    assert stage.clinic.visit(stage.visit_id).language == "en"


def test_what_was_read_in_one_language_is_not_signed_in_another(at: At) -> None:
    stage = read_by(at(Station.CONSENT_READY), "es")
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    turn = turn_of(stage.house, _turn_token(tablet))
    assert turn is not None
    for treatment in consenting.reading(stage.house, turn).treatments:
        consenting.begin_reading(stage.house, turn, key=stage.key())
        consenting.mark_read(stage.house, turn, treatment.id, key=stage.key())
    spanish = consenting.reading(stage.house, turn)
    english = consenting.reading(stage.house, replace(turn, visit=turn.visit))
    assert spanish.treatments == english.treatments
    assert spanish.open[0].startswith("Responda las preguntas de comprobación")


def _token(tablet: Tablet) -> dict[str, str]:
    return {"csrf_token": tablet.page.hidden("csrf_token"), "back": "/start"}


def _turn_token(tablet: Tablet) -> str:
    cookie = tablet.client.get_cookie("turn")
    assert cookie is not None
    return cookie.value.removesuffix(".met")


LIST_IN_ARABIC = (
    "Euthyrox 75 \u00b5g \u0635\u0628\u0627\u062d\u0627\u064b \u0648 \u0645\u0633\u0627\u0621"
)


@pytest.mark.parametrize(
    ("code", "typed", "way"),
    [
        ("ar", "", "rtl"),
        ("ar", LIST_IN_ARABIC, "rtl"),
        ("ar", "Aspirin, at night", "ltr"),
        ("es", "", "auto"),
        ("es", LIST_IN_ARABIC, "rtl"),
        ("es", "\u0645\u0631\u064a\u0645 es mi hermana", "ltr"),
    ],
)
def test_a_box_has_the_direction_of_what_stands_in_it_else_of_the_form(
    turn_at: Turns, code: str, typed: str, way: str
) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.start(read_by(stage, code))
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": typed, "back": "yes"})
    page = tablet.open("/questions/medicine_list")
    assert re.search(rf'<textarea [^>]*name="medicine_list"[^>]* dir="{way}"', page.html)
