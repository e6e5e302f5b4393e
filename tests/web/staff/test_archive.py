"""The archive: finding, opening, checking, and the patient's copy."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest

from questionnaire.cli import demo
from questionnaire.domain.visit import REACHED, Role, Station
from questionnaire.journey import rates
from tests.clinics import Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import MOUNT, Door

pytestmark = pytest.mark.whole


@pytest.fixture
def sealed(staff_at: Callable[..., tuple[Stage, Door]]) -> tuple[Stage, Door]:
    """A sealed consent, and an archivist."""
    return staff_at(Station.SEALED, Role.ARCHIVIST)


def code(stage: Stage) -> str:
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert seal.verification_code is not None
    return seal.verification_code


def look_for(door: Door, **boxes: str) -> str:
    """What the archive shows for what was typed."""
    answer = door.post("/archive", boxes)
    assert answer.status_code == 303
    return door.read(answer.location.removeprefix("/staff"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("name=testw", True),
        ("name=TESTWELL mari", True),
        ("name=estwell", True),
        ("name=tstwell", False),
        ("name=' OR 1=1 --", False),
        ("born=1979-03-14", True),
        ("born=1979-03-15", False),
        ("treatment=prp_injections", True),
        ("treatment=mesotherapy_face", False),
        ("status=sealed", True),
        ("status=arranged", False),
        ("clinician=nobody", False),
        ("since=2031-03-04&until=2031-03-04", True),
        ("since=2031-03-05", False),
        ("code=AAAA-AAAA", False),
    ],
)
def test_a_consent_is_found_by_what_is_known(
    sealed: tuple[Stage, Door],
    query: str,
    found: bool,  # noqa: FBT001  # a column of the table
) -> None:
    stage, door = sealed
    boxes = dict(each.split("=", 1) for each in query.split("&") if each)
    assert (f"/archive/{stage.visit_id}" in look_for(door, **boxes)) is found


@pytest.mark.guarantees("S42")
def test_what_is_looked_for_stays_out_of_addresses_and_is_kept_for_a_reload(
    sealed: tuple[Stage, Door],
) -> None:
    stage, door = sealed
    answer = door.post("/archive", {"name": "Marigold"})
    assert answer.status_code == 303
    assert re.fullmatch(r"/staff/archive\?search=[0-9a-f]{32}", answer.location)
    kept = answer.location.removeprefix("/staff")
    for _ in range(2):
        assert 'value="Marigold"' in door.read(f"{kept}&name=Basil&page=1")
    assert stage.visit_id not in door.read(f"{kept}&page=2")
    assert stage.visit_id not in door.read(f"{kept}&page=99999999999999999999")
    other = enter_as(door.another(), Role.CLINICIAN)
    assert 'value="Marigold"' not in other.read(kept)


def test_whoever_comes_to_the_archive_anew_looks_for_nothing_yet(
    sealed: tuple[Stage, Door],
) -> None:
    stage, door = sealed
    assert stage.visit_id not in look_for(door, name="Basil")
    page = door.read("/archive")
    assert stage.visit_id in page
    assert 'class="chip"' not in page


def test_what_is_looked_for_stands_above_the_list_and_each_part_can_be_taken_out(
    sealed: tuple[Stage, Door],
) -> None:
    stage, door = sealed
    boxes = {"name": "Marigold", "status": "arranged"}
    page = look_for(door, **boxes)
    assert "Status: <bdi>Arranged</bdi>" in page
    assert stage.visit_id not in page
    page = look_for(door, **boxes, without="status")
    assert "Name: <bdi>Marigold</bdi>" in page
    assert "Status: <bdi>" not in page
    assert stage.visit_id in page
    assert door.post("/archive", boxes | {"all": "yes"}).location == "/staff/archive"


def test_taking_documents_says_how_many_they_are(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    stage.clinic.arrange(name="Basil Notyet")
    page = door.read("/archive")
    assert "2 found" in page
    assert "Take this 1 document as a folder" in page
    for boxes in ({"name": "Basil"}, {"status": "arranged"}):
        assert "as a folder" not in look_for(door, **boxes)


def test_a_search_that_is_over_takes_no_other_documents(sealed: tuple[Stage, Door]) -> None:
    _, door = sealed
    answer = door.post("/approvals/export", {"reason": "For the insurer", "search": "0" * 32})
    assert answer.status_code == 422
    assert "This search is over." in answer.get_data(as_text=True)
    assert 'value="For the insurer"' not in door.read("/approvals")
    assert "There are no requests." in door.read("/approvals")


def test_a_consent_is_found_by_the_code_on_it(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    assert stage.visit_id in look_for(door, code=code(stage).lower())


@pytest.mark.guarantees("S33", "S47")
@pytest.mark.parametrize(
    ("query", "shown", "action"),
    [
        ("", "inline", "consent_read"),
        ("?for=downloaded", "attachment", "consent_downloaded"),
        ("?for=printed", "inline", "consent_printed"),
    ],
)
def test_opening_is_one_ledger_entry_and_the_name_holds_only_ids(
    sealed: tuple[Stage, Door], query: str, shown: str, action: str
) -> None:
    stage, door = sealed
    before = len(stage.clinic.actions(stage.visit_id))
    answer = door.get(f"/archive/{stage.visit_id}/consent.pdf{query}")
    assert answer.data.startswith(b"%PDF-")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    name = f'{shown}; filename="consent-{stage.visit_id}.pdf"'
    assert answer.headers["Content-Disposition"] == name
    assert stage.clinic.actions(stage.visit_id)[before:] == [action]


def test_what_is_not_sealed_cannot_be_opened(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.PATIENT_SIGNED, Role.ARCHIVIST)
    assert door.get(f"/archive/{stage.visit_id}/consent.pdf").status_code == 404
    assert "There is no sealed document" in door.read(f"/archive/{stage.visit_id}")


def test_an_unknown_purpose_or_visit_is_refused(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    assert door.get(f"/archive/{stage.visit_id}/consent.pdf?for=fun").status_code == 422
    assert door.get(f"/archive/{'0' * 32}").status_code == 404
    assert door.get("/archive/..%2F..%2Fetc/consent.pdf").status_code == 404


def test_the_archived_file_is_checked_again(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    page = door.post(f"/archive/{stage.visit_id}/verify").get_data(as_text=True)
    assert "<strong>Authentic.</strong>" in page
    assert '<dd class="govuk-summary-list__value">4 March 2031, 09:30:00\u00a0GMT</dd>' in page
    assert "It is the exact file in this archive" in page


def test_a_file_somebody_brings_is_checked_and_not_kept(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    document = door.get(f"/archive/{stage.visit_id}/consent.pdf").data
    changed = document.replace(b"/Type", b"/TYpe", 1)
    for content, word in (
        (document, "Authentic"),
        (changed, "Altered"),
        (b"%PDF-1.7 nothing", "Unsealed"),
    ):
        page = door.post("/archive/check", {"file": (BytesIO(content), "../../b.pdf")})
        assert f"<strong>{word}.</strong>" in page.get_data(as_text=True), word
    assert "It is not a file in this archive." in page.get_data(as_text=True)


@pytest.mark.guarantees("S35")
def test_a_file_that_is_missing_or_too_large_is_refused(sealed: tuple[Stage, Door]) -> None:
    _, door = sealed
    assert door.post("/archive/check").status_code == 422
    large = door.client.post(
        "/archive/check",
        base_url=MOUNT,
        headers={"X-CSRF-Token": door.token()},
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(26 * 1024 * 1024)},
    )
    assert large.status_code == 413


def test_what_the_patient_said_to_a_copy_is_written_down(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    path = f"/archive/{stage.visit_id}/copy"
    assert door.post(path, {"outcome": "stolen"}).status_code == 422
    key = stage.key()
    for _ in range(2):
        fields = {"outcome": "accepted", "how": "Printed <b>", "key": key}
        assert door.post(path, fields).location.endswith("#copies")
    page = door.read(f"/archive/{stage.visit_id}")
    assert page.count("Accepted: <bdi>Printed &lt;b&gt;</bdi>") == 1
    assert stage.clinic.actions(stage.visit_id).count("copy_accepted") == 1


@pytest.mark.guarantees("S03")
def test_the_archive_shows_no_clinical_words(sealed: tuple[Stage, Door]) -> None:
    stage, door = sealed
    page = door.read(f"/archive/{stage.visit_id}")
    for words in ("worry less", "Can I go to work", "Talked through with the patient", "flag__"):
        assert words not in page


@pytest.mark.guarantees("S37")
def test_somebody_who_empties_the_archive_quickly_is_told_to_wait(
    sealed: tuple[Stage, Door],
) -> None:
    stage, door = sealed
    path = f"/archive/{stage.visit_id}/consent.pdf?for=downloaded"
    for _ in range(rates.MOST_DOCUMENTS):
        assert door.get(path).status_code == 200
    answer = door.get(path)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "60 in ten minutes" in answer.text


def test_the_archive_offers_only_stations_at_which_a_visit_can_be(
    sealed: tuple[Stage, Door],
) -> None:
    _, door = sealed
    _, status = door.read("/archive").split('name="status"')
    offered = set(re.findall(r'<option value="([a-z_]+)"', status))
    assert {it.value for it in REACHED} <= offered
    assert offered.isdisjoint({Station.WITHDRAWN.value, Station.SUPERSEDED.value})


def test_a_page_that_waits_for_the_seal_hears_of_it(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.COUNTERSIGNED, Role.ARCHIVIST)
    place = f"/archive/{stage.visit_id}"
    assert f'data-await="/staff{place}/sealed"' in door.read(place)
    before = stage.clinic.actions(stage.visit_id)
    assert door.get(f"{place}/sealed").status_code == 202
    assert stage.clinic.actions(stage.visit_id) == before, "looking for the seal opens nothing"
    assert demo.seal_visit(stage.house, stage.visit_id)
    assert door.get(f"{place}/sealed").status_code == 200
    assert "data-await" not in door.read(place)
