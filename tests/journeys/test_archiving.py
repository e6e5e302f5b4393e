"""The archive: finding consents, opening them, checking files, handing out copies."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from questionnaire.archive.shelf import MARKER, Damaged, ShelfUnavailable
from questionnaire.documents.verify import Word
from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotFound
from questionnaire.domain.visit import Station
from questionnaire.journey import archiving
from questionnaire.journey.archiving import CopyOutcome, Purpose, Query, open_consent
from tests.clinics import ARCHIVIST, BORN, CLINICIAN, DESK, Clinic, Stage

At = Callable[..., Stage]


def file_of(stage: Stage) -> Path:
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert seal.shelf_name is not None
    return stage.clinic.settings.data / "shelf" / seal.shelf_name


@pytest.mark.guarantees("S47")
@pytest.mark.parametrize("purpose", Purpose)
def test_opening_a_consent_is_one_line_in_the_ledger(at: At, purpose: Purpose) -> None:
    stage = at(Station.SEALED)
    before = stage.clinic.actions(stage.visit_id)
    document = open_consent(stage.house, ARCHIVIST, stage.visit_id, purpose)
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert sha256(document).hexdigest() == seal.file_sha256
    assert stage.clinic.actions(stage.visit_id) == [*before, f"consent_{purpose.value}"]
    assert stage.clinic.events(stage.visit_id)[-1].person == ARCHIVIST
    assert stage.clinic.ledger_problems() == ()


@pytest.mark.parametrize(
    "station", [Station.SUBMITTED, Station.PATIENT_SIGNED, Station.COUNTERSIGNED]
)
def test_what_is_not_sealed_cannot_be_opened(at: At, station: Station) -> None:
    stage = at(station)
    with pytest.raises(NotFound, match="not sealed yet"):
        open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)


def test_a_visit_that_does_not_exist_is_not_found(clinic: Clinic) -> None:
    nobody = "0" * 32
    for step in (
        lambda: open_consent(clinic.house, ARCHIVIST, nobody, Purpose.READ),
        lambda: archiving.consent_page(clinic.house, ARCHIVIST, nobody),
        lambda: archiving.record_copy(
            clinic.house, ARCHIVIST, nobody, CopyOutcome.OFFERED, "", key=clinic.house.new_id()
        ),
    ):
        with pytest.raises(NotFound):
            step()


@pytest.mark.guarantees("R12", "S45")
def test_a_file_changed_on_the_shelf_is_not_shown(at: At) -> None:
    stage = at(Station.SEALED)
    path, before = file_of(stage), stage.clinic.actions(stage.visit_id)
    whole = path.read_bytes()
    path.chmod(0o600)
    for spoiled in (whole[:-1], whole + b"\0", whole[:500] + b"\1" + whole[501:], b""):
        path.write_bytes(spoiled)
        with pytest.raises(Damaged):
            open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    path.unlink()
    with pytest.raises(NotFound, match="not on the shelf"):
        open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    (stage.clinic.settings.data / "shelf" / MARKER).unlink()
    with pytest.raises(ShelfUnavailable):
        open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    assert stage.clinic.actions(stage.visit_id) == before


@pytest.mark.guarantees("R12")
def test_another_document_written_with_our_own_keys_is_not_shown(at: At) -> None:
    stage = at(Station.SEALED)
    path, shelf = file_of(stage), stage.house.shelf
    name = path.relative_to(shelf.folder).as_posix()
    path.chmod(0o600)
    path.write_bytes(shelf.encrypt(name, b"%PDF-1.7 another"))
    with pytest.raises(Damaged, match="not the one that was sealed"):
        open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)


def test_the_sealed_file_is_the_exact_archived_copy(at: At) -> None:
    stage = at(Station.SEALED)
    document = open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.DOWNLOADED)
    checked = archiving.verify_file(stage.house, DESK, document)
    assert (checked.verdict.word, checked.archived, checked.station) == (
        Word.AUTHENTIC,
        True,
        Station.SEALED,
    )
    assert stage.clinic.actions(stage.visit_id)[-1] == "file_verified"
    assert archiving.is_archived(stage.house.database, sha256(document).hexdigest())


def test_a_changed_or_strange_file_is_not_the_archived_copy(at: At) -> None:
    stage = at(Station.SEALED)
    document = open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.DOWNLOADED)
    for pdf, word in (
        (document + b"\n", Word.ALTERED),
        (b"hello", Word.UNSEALED),
        (b"", Word.UNSEALED),
    ):
        checked = archiving.verify_file(stage.house, DESK, pdf)
        assert (checked.verdict.word, checked.archived, checked.station) == (word, False, None)
    assert stage.clinic.actions("unknown") == ["file_verified"] * 3


def test_a_copy_offered_accepted_or_declined_is_recorded(at: At) -> None:
    stage = at(Station.SEALED)
    house, key = stage.house, stage.key()
    record = archiving.record_copy
    record(house, DESK, stage.visit_id, CopyOutcome.OFFERED, "", key=key)
    record(house, DESK, stage.visit_id, CopyOutcome.OFFERED, "", key=key)
    record(house, CLINICIAN, stage.visit_id, CopyOutcome.ACCEPTED, " On paper ", key=stage.key())
    page = archiving.consent_page(house, ARCHIVIST, stage.visit_id)
    assert [(copy.body, copy.person) for copy in page.copies] == [
        ({"outcome": "offered", "how": ""}, DESK),
        ({"outcome": "accepted", "how": "On paper"}, CLINICIAN),
    ]
    assert [event.action for event in page.events][-2:] == ["copy_offered", "copy_accepted"]
    assert page.visit == stage.clinic.visit(stage.visit_id)
    assert page.seal == stage.clinic.seal(stage.visit_id)


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(name="testwell MARI"),
        Query(date_of_birth=BORN),
        Query(treatment="prp_injections"),
        Query(clinician_id=CLINICIAN.id),
        Query(since=date(2031, 3, 4), until=date(2031, 3, 4)),
        Query(status=Station.SEALED),
        Query(code="lower and blanks"),
    ],
    ids=["all", "name", "birth date", "treatment", "clinician", "day", "status", "code"],
)
def test_a_consent_is_found_by_what_is_known_of_it(at: At, query: Query) -> None:
    stage = at(Station.SEALED)
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    if query.code:
        query = Query(code=f" {str(seal.verification_code).lower()} ")
    found = archiving.find(stage.house, ARCHIVIST, query)
    assert [(one.visit, one.seal) for one in found.visits] == [
        (stage.clinic.visit(stage.visit_id), seal)
    ]
    assert found.total == 1


@pytest.mark.parametrize(
    "query",
    [
        Query(name="Basil"),
        Query(date_of_birth=BORN + timedelta(days=1)),
        Query(treatment="fat_dissolving"),
        Query(clinician_id="clinician-2"),
        Query(since=date(2031, 3, 5)),
        Query(until=date(2031, 3, 3)),
        Query(status=Station.SUBMITTED),
        Query(code="ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ"),
    ],
    ids=["name", "birth date", "treatment", "clinician", "since", "until", "status", "code"],
)
def test_what_does_not_fit_is_not_found(at: At, query: Query) -> None:
    stage = at(Station.SEALED)
    assert archiving.find(stage.house, ARCHIVIST, query).visits == ()


def test_findings_come_in_pages_latest_first(clinic: Clinic) -> None:
    for _ in range(archiving.PAGE + 2):
        clinic.arrange()
        clinic.clock.forward(timedelta(minutes=1))
    first = archiving.find(clinic.house, DESK, Query())
    second = archiving.find(clinic.house, DESK, Query(), page=2)
    assert (len(first.visits), len(second.visits), first.total) == (25, 2, 27)
    times = [one.visit.appointment_at for one in (*first.visits, *second.visits)]
    assert times == sorted(times, reverse=True)
    assert archiving.find(clinic.house, DESK, Query(), page=0) == first


@pytest.mark.parametrize("how", ["", "  ", "\u2060"])
def test_an_accepted_copy_says_how_it_was_handed_over(at: At, how: str) -> None:
    stage = at(Station.SEALED)
    house, record = stage.house, archiving.record_copy
    with pytest.raises(Slip, match="how the copy was handed over"):
        record(house, CLINICIAN, stage.visit_id, CopyOutcome.ACCEPTED, how, key=stage.key())
    record(house, CLINICIAN, stage.visit_id, CopyOutcome.DECLINED, how, key=stage.key())
    assert "copy_accepted" not in stage.clinic.actions(stage.visit_id)
