"""What no honest form sends, at both doors: refused in words or kept as words, nothing lost."""

import io
import re
from collections.abc import Callable, Iterator

import pytest

from questionnaire.cli.invented import fill_in
from questionnaire.domain.answers import TELL_ROW, Answers
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.journey.sealing import seal_visit
from questionnaire.journey.standing import load_sheet
from tests.clinics import DESK, PRP, Stage
from tests.web import steps_by_form as steps
from tests.web.browsing import Browser, Form, open_doors

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
PLANNED = frozenset({PRP})
UNKEPT = {
    "10,000 letters": "a" * 10_000,
    "a bell": "a\x07b",
    "nothing": "a\x00b",
    "an escape": "a\x1b[31mb",
    "private": "a\ue000b",
}
REFUSED = {400, 403, 422}
LEFT_TO_RIGHT = "\u200e"
"""What a page puts around numbers beside Arabic words, so that they keep their order."""
OF_THE_FRAME = ("display-form", "lock-form")


def typed_into(browser: Browser, address: str) -> Iterator[tuple[Form, str]]:
    """Each box of each form on a page; the page is opened anew for each."""
    forms = len(browser.open(address).forms)
    for place in range(forms):
        form = browser.page.forms[place]
        for box in [] if form.form_id in OF_THE_FRAME else dict.fromkeys(form.boxes):
            yield browser.page.forms[place], box
            browser.open(address)


def what_is_accepted(browser: Browser, *addresses: str) -> list[str]:
    """The boxes that took what cannot be kept; the reply must be a page that says so."""
    accepted = []
    for address in addresses:
        for kind, text in UNKEPT.items():
            for form, box in typed_into(browser, address):
                browser.post(form.action or address, {**form.fields, box: text})
                if browser.status not in REFUSED or browser.reply.mimetype != "text/html":
                    accepted.append(f"{address} {box}: {kind}, {browser.status}")
    return accepted


def at_the_tablet(stage: Stage) -> Browser:
    """The patient's browser, name confirmed."""
    patient = open_doors(stage.clinic)
    steps.arrive(patient, arranging.new_code(stage.house, DESK, stage.visit_id))
    return patient


def at_the_staff_door(stage: Stage) -> Browser:
    """The clinician's browser, signed in; an administrator too."""
    staff = open_doors(stage.clinic)
    steps.open_clinic(staff, stage.clinic)
    return staff


def test_the_form_keeps_nothing_that_cannot_be_kept(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = at_the_tablet(stage)
    links = patient.open("/check").links
    pages = sorted({link.partition("?")[0] for link in links if "/questions/" in link})
    assert what_is_accepted(patient, *pages, "/your-questions") == []
    assert stage.station is Station.IN_PROGRESS


def test_the_signing_page_keeps_nothing_that_cannot_be_kept(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    patient = at_the_tablet(stage)
    steps.read_to_document(patient, stage.house.library)
    steps.go_to_signing(patient)
    form = patient.page.form(having="agree")
    name = stage.walk.visit.patient.full_name
    whole = {**form.fields, "agree": "yes", "full_name": name}
    for text in UNKEPT.values():
        for wrong in (
            {"full_name": text, "method": "typed"},
            {"ink": text, "method": "drawn"},
            {"ink": f'[[["{text}", 0.5]]]', "method": "drawn"},
            {"witness_code": text, "method": "witnessed"},
            {"method": text},
        ):
            patient.post("/sign", {**whole, **wrong})
            assert patient.status in {*REFUSED, 429}, (wrong, patient.status)
    assert stage.station is Station.CONSENT_READY


@pytest.mark.parametrize(
    ("station", "addresses"),
    [
        (
            Station.SUBMITTED,
            ("/staff/visits/{}", "/staff/desk/visits/{}", "/staff/desk/arrange", "/staff/people"),
        ),
        (Station.PATIENT_SIGNED, ("/staff/visits/{}/countersign",)),
    ],
    ids=["review and desk", "countersigning"],
)
def test_the_staff_door_keeps_nothing_that_cannot_be_kept(
    at: At, station: Station, addresses: tuple[str, ...]
) -> None:
    stage = at(station)
    staff = at_the_staff_door(stage)
    assert what_is_accepted(staff, *(it.format(stage.visit_id) for it in addresses)) == []
    assert stage.station is station


def test_a_note_about_a_copy_that_cannot_be_kept_is_said(at: At) -> None:
    stage = at(Station.SEALED)
    staff = at_the_staff_door(stage)
    for text in UNKEPT.values():
        form = staff.open(f"/staff/archive/{stage.visit_id}").form("/copy")
        staff.send(form, outcome="accepted", how=text)
        assert staff.status == 422
    assert "copy_accepted" not in stage.clinic.actions(stage.visit_id)


@pytest.mark.parametrize("text", [*UNKEPT.values(), "-1", "9" * 40, "2031-02-30", "' OR 1=1 --"])
def test_any_search_is_answered(at: At, text: str) -> None:
    stage = at(Station.ARRANGED)
    staff = at_the_staff_door(stage)
    form = staff.open("/staff/archive").form("/archive")
    for box in ("name", "code", "treatment", "clinician", "status"):
        staff.post("/staff/archive", {**form.fields, box: text})
        assert staff.status == 200, box
    for box, label in {"born": "Date of birth", "since": "From", "until": "To"}.items():
        staff.post("/staff/archive", {**form.fields, box: text})
        assert staff.status == 422, box
        assert f"{label}: " in staff.page.words
        assert _marked(staff) == [box]
    staff.search("/staff/archive", {"page": text})
    assert staff.status == 200
    staff.search("/staff/desk", {"on": text})
    assert staff.status == 422
    assert "There is a problem" in staff.page.words
    assert _marked(staff) == ["on"]


def _marked(browser: Browser) -> list[str]:
    """The boxes of the page that are marked as wrong."""
    boxes = re.findall(r"<(?:input|select|textarea)\b[^>]*>", browser.page.html)
    wrong = [box for box in boxes if re.search(r'aria-describedby="[^"]*-error"', box)]
    assert all("--error" in box for box in wrong)
    return [re.findall(r'\bname="([^"]*)"', box)[0] for box in wrong]


DAYS = [
    ("31", "2", "1990"),
    ("29", "2", "1993"),
    ("0", "0", "0"),
    ("-1", "1", "1990"),
    ("1", "13", "1990"),
    ("1", "1", "1899"),
    ("1", "1", "2999"),
    ("1", "1", "99999"),
    ("1", "1", "9" * 5000),
    ("1.5", "1", "1990"),
    ("one", "1", "1990"),
    ("", "1", "1990"),
]


@pytest.mark.parametrize(("day", "month", "year"), DAYS)
def test_an_impossible_date_is_said_at_both_doors(at: At, day: str, month: str, year: str) -> None:
    stage = at(Station.IN_PROGRESS)
    patient, staff = at_the_tablet(stage), at_the_staff_door(stage)
    form = patient.open("/questions/treatments_wanted").form()
    boxes = {"day": day, "month": month, "year": year}
    born = {f"date_of_birth.{part}": text for part, text in boxes.items()}
    patient.post(form.action, {**form.fields, **born})
    assert patient.status == 400
    assert "There is a problem" in patient.page.words
    form = staff.open("/staff/desk/arrange").form(having="full_name")
    whole = {"full_name": "Basil Madeupson", "treatments": "not_sure", "identity_check": "Passport"}
    born = {f"born.{part}": text for part, text in boxes.items()}
    staff.post("/staff/desk/arrange", {**form.fields, **whole, **born})
    assert staff.status == 422
    assert "There is a problem" in staff.page.words


BY_HAND = {
    "status": "sealed",
    "station": "sealed",
    "move": "seal",
    "visit_id": "0" * 32,
    "clinic_id": "1",
    "signed_by": "Dr Ada Invented",
    "answers_sha256": "0" * 64,
    "q999": "yes",
    "health_conditions.q999": "yes",
}


@pytest.mark.guarantees("S04")
def test_fields_made_by_hand_change_nothing(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    patient = at_the_tablet(stage)
    before = _kept(stage)
    links = patient.open("/check").links
    for address in sorted({link.partition("?")[0] for link in links if "/questions/" in link}):
        form = patient.open(address).form()
        sure = {} if "sure" in form.fields else {"sure": "yes"}
        patient.post(form.action, {**form.fields, **BY_HAND, **sure})
        assert patient.status in {200, 404}
    assert _kept(stage) == before
    assert stage.station is Station.IN_PROGRESS
    form = patient.open("/check").form()
    patient.post("/check", {**form.fields, **BY_HAND})
    assert stage.station is Station.SUBMITTED


def _kept(stage: Stage) -> tuple[Answers, object]:
    """The answers and the rows; a page that is sent also keeps that its last box is not ticked."""
    with stage.house.database.read() as tx:
        sheet = load_sheet(stage.house, tx, stage.visit_id)
    unticked = {(f"{row}{TELL_ROW}", "no") for rows in sheet.rows.values() for row in rows}
    rows = {key: dict(row.items() - unticked) for key, row in sheet.rows.items()}
    return sheet.answers, rows


@pytest.mark.guarantees("S04")
def test_fields_made_by_hand_never_move_a_visit_at_the_staff_door(at: At) -> None:
    stage = at(Station.SUBMITTED)
    staff = at_the_staff_door(stage)
    page = staff.open(f"/staff/visits/{stage.visit_id}")
    for form in (form for form in page.forms if "/visits/" in form.action):
        staff.post(form.action, {**form.fields, **BY_HAND})
        assert staff.status in {200, *REFUSED, 409}, form.action
    assert stage.station in {Station.SUBMITTED, Station.UNDER_REVIEW}
    for address in ("countersign", "seal", "sealed"):
        staff.post(f"/staff/visits/{stage.visit_id}/{address}", {**form.fields, **BY_HAND})
        assert staff.status in {404, 409}, address
    assert stage.clinic.seal(stage.visit_id) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("words.txt", b"This is no PDF."),
        ("empty.pdf", b""),
        ("head.pdf", b"%PDF-1.7\n"),
        ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("../../etc/\u202efdp.exe", b"MZ\x90\x00"),
    ],
)
def test_a_wrong_file_is_checked_in_plain_words(at: At, name: str, content: bytes) -> None:
    stage = at(Station.ARRANGED)
    staff = at_the_staff_door(stage)
    form = staff.open("/staff/archive/check").form()
    file = io.BytesIO(content), name
    staff.post("/staff/archive/check", {**form.fields, "file": file})
    if content:
        assert staff.status == 200
        assert "It is not a file in this archive." in staff.page.words
    else:
        assert staff.status == 422
        assert "Pick a PDF file." in staff.page.words
    assert "Authentic." not in staff.page.words


HOSTILE = (
    'é <script>alert(1)</script> <img src=x onerror="alert(2)"> {{7*7}} 🙂 شعر &amp; "q" \'a\''
)


def test_markup_in_every_free_text_is_shown_as_text_and_sealed(at: At) -> None:
    """From the desk's first box to the clinician's last, and in the document."""
    stage = at(Station.IN_PROGRESS)
    patient, staff = at_the_tablet(stage), at_the_staff_door(stage)
    library, visit_id = stage.house.library, stage.visit_id
    _write_everywhere(patient, HOSTILE)
    patient.open("/your-questions")
    patient.send(patient.page.form(), question=HOSTILE)
    _shown_as_text(patient)
    patient.send(patient.page.form())
    assert stage.station is Station.SUBMITTED

    page = staff.open(f"/staff/visits/{visit_id}")
    _shown_as_text(staff)
    for kind in ("point", "risk"):
        form = next(it for it in page.forms if it.fields.get("kind") == [kind])
        staff.send(form, text=HOSTILE)
    staff.send(staff.page.form("/words"), words=HOSTILE)
    sent, _ = _kept(stage)
    whole = fill_in(library, PLANNED, sent, stage.house.today(), AnsweredBy.CLINICIAN)
    steps.review(staff, visit_id, whole, HOSTILE)
    steps.decide(staff, visit_id, [PRP], HOSTILE)
    _shown_as_text(staff)
    assert stage.station is Station.CONSENT_READY

    steps.arrive(patient, steps.new_code(staff, visit_id))
    steps.read_to_document(patient, library)
    _shown_as_text(patient)
    steps.sign(patient, stage.walk.visit.patient.full_name)
    steps.countersign(staff, visit_id)
    assert seal_visit(stage.house, visit_id), "the sealer found every word in the document"
    form = staff.open(f"/staff/archive/{visit_id}").form("/copy")
    staff.send(form, outcome="accepted", how=HOSTILE)
    _shown_as_text(staff)


def _write_everywhere(patient: Browser, text: str) -> None:
    """Into every box for words on the form; names, dates and numbers stay as they are."""
    links = patient.open("/check").links
    for address in sorted({link.partition("?")[0] for link in links if "/questions/" in link}):
        form = patient.open(address).form()
        boxes = [box for box in form.boxes if box != "full_name" and "." not in box]
        patient.post(form.action, {**form.fields, **dict.fromkeys(boxes, text)})


def _shown_as_text(browser: Browser) -> None:
    assert HOSTILE in browser.page.words.replace(LEFT_TO_RIGHT, "")
    assert "<script>alert" not in browser.page.html
    assert "<img src=x" not in browser.page.html
