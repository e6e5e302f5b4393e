"""Countersigning the very document the patient signed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.consent import Method
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import shelf_life
from questionnaire.journey.record_shown import Shown, in_our_language
from questionnaire.journey.signing import signatures, to_countersign
from questionnaire.journey.standing import stand
from questionnaire.records.visits import get_visit
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import INK, ready_to_sign
from tests.journeys.steps import sign as patient_signs
from tests.web.patient.reading_in import offering_drafts
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, field, open_door

pytestmark = pytest.mark.whole

NAME = "Dr Ada Invented"


@pytest.fixture
def signed(staff_at: Callable[..., tuple[Stage, Door]]) -> tuple[Stage, Door]:
    """A visit the patient has signed, and its clinician."""
    return staff_at(Station.PATIENT_SIGNED)


def path(stage: Stage) -> str:
    return f"/visits/{stage.visit_id}/countersign"


def sign(signed: tuple[Stage, Door], **fields: object) -> TestResponse:
    stage, door = signed
    shown = to_countersign(stage.house, CLINICIAN, stage.visit_id).document.sha256
    return door.post(path(stage), {"shown": shown, "full_name": NAME, "method": "typed"} | fields)


def test_the_page_shows_the_document_and_its_fingerprint(signed: tuple[Stage, Door]) -> None:
    stage, door = signed
    page = door.read(path(stage))
    document = to_countersign(stage.house, CLINICIAN, stage.visit_id).document
    assert field(page, "shown") == document.sha256
    assert 'id="treatment-prp_injections"' in page
    assert "Marigold Testwell" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="ink-drawn"' in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("fields", "method"),
    [({}, Method.TYPED), ({"method": "drawn", "strokes": INK}, Method.DRAWN)],
    ids=["typed", "drawn"],
)
def test_a_signature_is_typed_or_drawn(
    signed: tuple[Stage, Door], fields: dict[str, str], method: Method
) -> None:
    stage, door = signed
    answer = sign(signed, **fields)
    assert (answer.status_code, answer.location) == (303, f"/staff/archive/{stage.visit_id}")
    assert stage.station is Station.COUNTERSIGNED
    with stage.house.database.read() as tx:
        *_, last = signatures(tx, stage.visit_id)
    assert (last.role, last.printed_name, last.method) == ("clinician", NAME, method)
    assert stage.clinic.called == [stage.visit_id]
    assert "Signed, and waiting for the seal." in door.read(f"/archive/{stage.visit_id}")
    assert "1 signed consent waits for the seal." in door.read("/")


@pytest.mark.guarantees("S06")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"full_name": ""}, 422),
        ({"full_name": "Somebody Else"}, 422),
        ({"full_name": "\x00"}, 422),
        ({"method": "drawn", "strokes": ""}, 422),
        ({"method": "drawn", "strokes": "[[[1e9, NaN]]]"}, 422),
        ({"method": "drawn", "strokes": "<svg onload=alert(1)>"}, 422),
        ({"method": "witnessed", "full_name": "x"}, 422),
        ({"shown": "0" * 64}, 409),
        ({"shown": ""}, 409),
        ({"key": "made-up"}, 422),
    ],
)
def test_what_is_not_a_signature_is_refused(
    signed: tuple[Stage, Door], fields: dict[str, str], status: int
) -> None:
    stage, _ = signed
    assert sign(signed, **fields).status_code == status
    assert stage.station is Station.PATIENT_SIGNED
    assert stage.clinic.called == []


@pytest.mark.guarantees("S07")
def test_a_double_tap_signs_once(signed: tuple[Stage, Door]) -> None:
    stage, _ = signed
    key = stage.key()
    first, second = sign(signed, key=key), sign(signed, key=key)
    assert first.location == second.location
    with stage.house.database.read() as tx:
        assert len(signatures(tx, stage.visit_id)) == 2


def test_nothing_to_countersign_is_not_found(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    assert door.get(path(stage)).status_code == 404


def test_a_text_that_changed_since_the_patient_signed_blocks_and_says_so(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.PATIENT_SIGNED)
    newer = replace(stage.house, library=replace(stage.house.library, version="f" * 64))
    door = enter_as(open_door(replace(stage.clinic, house=newer)), Role.CLINICIAN)
    page = door.read(path(stage))
    assert "This cannot be countersigned yet." in page
    assert "Something changed since the patient signed." in page
    assert 'name="full_name"' not in page
    refused = sign((stage, door))
    assert refused.status_code == 409
    assert 'href="#blocks"' in refused.get_data(as_text=True)
    assert stage.station is Station.PATIENT_SIGNED


def test_how_old_answers_and_decision_are_stands_over_the_document(
    signed: tuple[Stage, Door],
) -> None:
    stage, door = signed
    assert "Answers given or confirmed 4 March 2031, today" in door.read(path(stage))
    stage.clinic.clock.forward(timedelta(days=40))
    door.sign_in("invented@clinic.example")
    page = door.read(path(stage))
    assert "confirmed 4 March 2031, <strong>40 days ago: too old to sign on</strong>" in page
    assert "The answers are 40 days old. Take the visit back" in page
    assert sign(signed).status_code == 409


def test_a_decision_that_became_old_is_upheld_on_the_review_page(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    uphold = f"/visits/{stage.visit_id}/uphold"
    assert uphold not in door.read(f"/visits/{stage.visit_id}")
    stage.clinic.clock.forward(timedelta(days=31))
    door.sign_in("invented@clinic.example")
    page = door.read(f"/visits/{stage.visit_id}")
    assert "31 days ago: too old to sign on" in page
    assert "The patient looks at the answers first" in page
    assert door.post(uphold, {"seen": field(page, "seen")}).status_code == 409
    turn = stage.walk.turn()
    seen = shelf_life.answers_named(stage.house, turn)
    shelf_life.confirm_answers(stage.house, turn, seen=seen, key=stage.key())
    page = door.read(f"/visits/{stage.visit_id}")
    assert f'action="/staff{uphold}"' in page
    assert door.post(uphold, {"seen": field(page, "seen")}).status_code == 303
    assert uphold not in door.read(f"/visits/{stage.visit_id}")


@pytest.mark.parametrize("code", ["es", "ar"])
def test_the_clinician_reads_in_english_what_the_patient_ticked(
    at: Callable[..., Stage], code: str
) -> None:
    stage = offering_drafts(at(Station.CONSENT_READY))
    turn = ready_to_sign(stage, code)
    patient_signs(stage, turn)
    door = enter_as(open_door(stage.clinic), Role.CLINICIAN)
    page = unescape(door.read(path(stage)))
    panel = page.partition('id="beside-title"')[2].partition("</section>")[0]
    ready = to_countersign(stage.house, CLINICIAN, stage.visit_id)
    record = json.loads(ready.document.canonical)
    ours = json.loads(in_our_language_of(stage).canonical)
    for theirs, own in zip(record["statements"], ours["statements"], strict=True):
        assert f'lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">{theirs["text"]}' in panel
        assert f'lang="en" dir="ltr">{own["text"]}</td>' in panel


def test_a_document_in_english_needs_no_sentences_beside_it(signed: tuple[Stage, Door]) -> None:
    stage, door = signed
    assert "beside-title" not in door.read(path(stage))


def in_our_language_of(stage: Stage) -> Shown:
    with stage.house.database.read() as tx:
        standing = stand(stage.house, tx, get_visit(tx, stage.visit_id))
    return in_our_language(stage.house, standing)
