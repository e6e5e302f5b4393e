"""Sealing: each document once, checked by the sealer, and tried again when something failed."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from questionnaire.archive.shelf import MARKER
from questionnaire.documents.certificates import create_clinic_certificates, load_seal
from questionnaire.documents.verdict import Word
from questionnaire.documents.verify import verify
from questionnaire.domain.errors import NotFound
from questionnaire.domain.visit import Station
from questionnaire.journey import sealing
from questionnaire.journey.keeping import archive_state
from questionnaire.journey.sealing import SealRefused, seal_due, seal_visit
from questionnaire.records.sealing import Seal
from tests.clinics import Clinic, Stage

pytestmark = pytest.mark.whole

At = Callable[..., Stage]


def seal(clinic: Clinic, visit_id: str) -> Seal:
    found = clinic.seal(visit_id)
    assert found is not None
    return found


def filed(clinic: Clinic) -> list[Path]:
    """Everything on the shelf but its marker."""
    folder = clinic.settings.data / "shelf"
    return [path for path in folder.rglob("*") if path.is_file() and path.name != MARKER]


def test_a_countersigned_document_is_sealed_filed_and_told_in_the_ledger(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    clinic, house = stage.clinic, stage.house
    assert archive_state(house).waiting == 1
    clinic.clock.forward(timedelta(minutes=2))
    assert seal_due(house) == 1
    sealed = seal(clinic, stage.visit_id)
    document = house.shelf.get(str(sealed.shelf_name))
    with house.database.read() as tx:
        record = sealing.gather_work(tx, stage.visit_id).record
    assert sealed == Seal(
        visit_id=stage.visit_id,
        record_sha256=record.record_sha256,
        state=sealed.state,
        attempts=1,
        cut_off=0,
        next_try_at=clinic.clock() + timedelta(seconds=15),
        lease_until=None,
        problem="",
        file_sha256=sha256(document).hexdigest(),
        shelf_name=f"2031/03/{record.record_id}/consent.pdf",
        verification_code=record.record_id,
        sealed_at=clinic.clock(),
    )
    verdict = verify(document, house.trusted_seals())
    assert (verdict.word, verdict.record_sha256) == (Word.AUTHENTIC, record.record_sha256)
    assert verdict.sealed_at == clinic.clock()
    assert stage.station == Station.SEALED
    last = clinic.events(stage.visit_id)[-1]
    assert (last.action, last.person, last.detail) == (
        "seal",
        sealing.SEALER,
        {"file_sha256": sealed.file_sha256},
    )
    assert clinic.ledger_problems() == ()
    assert (archive_state(house).waiting, seal_due(house)) == (0, 0)


def test_the_audit_page_tells_what_happened_in_order(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    with stage.house.database.read() as tx:
        told = [event.what for event in sealing.gather_work(tx, stage.visit_id).events]
    assert told[0] == "Visit arranged"
    assert told[-1] == "Countersigned by the clinician"
    assert told.index("Form sent by the patient") < told.index("Decision recorded")
    assert told.index("Decision recorded") < told.index("Signed by the patient")


@pytest.mark.guarantees("S07")
def test_of_eight_sealers_at_once_one_seals(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: seal_visit(stage.house, stage.visit_id), range(8)))
    assert sorted(outcomes) == [False] * 7 + [True]
    assert stage.clinic.actions(stage.visit_id).count("seal") == 1
    assert len(filed(stage.clinic)) == 1
    assert seal(stage.clinic, stage.visit_id).attempts == 1


@pytest.mark.guarantees("S07")
@pytest.mark.parametrize("late", ["checked", "filed"])
def test_a_sealer_overtaken_by_another_changes_nothing(at: At, late: str) -> None:
    stage = at(Station.COUNTERSIGNED)
    second: list[bool] = []

    def slow(step: str) -> None:
        """Long after the first sealer's lease, another one seals."""
        if step == late:
            stage.clinic.clock.forward(sealing.LEASE)
            second.append(seal_visit(stage.house, stage.visit_id))

    first = seal_visit(stage.house, stage.visit_id, slow)
    assert (first, second) == (False, [True])
    assert len(filed(stage.clinic)) == 1
    sealed = seal(stage.clinic, stage.visit_id)
    document = stage.house.shelf.get(str(sealed.shelf_name))
    assert sha256(document).hexdigest() == sealed.file_sha256
    assert (sealed.problem, stage.station) == ("", Station.SEALED)
    assert stage.clinic.actions(stage.visit_id).count("seal") == 1


@pytest.mark.parametrize("station", [Station.PATIENT_SIGNED, Station.SEALED])
def test_what_does_not_wait_for_a_seal_is_left_alone(at: At, station: Station) -> None:
    stage = at(station)
    before = stage.clinic.actions(stage.visit_id)
    assert (seal_visit(stage.house, stage.visit_id), seal_due(stage.house)) == (False, 0)
    assert (stage.clinic.actions(stage.visit_id), stage.station) == (before, station)


def test_an_unsigned_visit_has_nothing_to_seal(at: At) -> None:
    stage = at(Station.SUBMITTED)
    with stage.house.database.read() as tx, pytest.raises(NotFound, match="no signed record"):
        sealing.gather_work(tx, stage.visit_id)


@pytest.mark.guarantees("R05", "R06", "R17")
def test_while_the_shelf_is_away_the_seal_waits_and_comes_by_itself(
    at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.COUNTERSIGNED)
    clinic, house = stage.clinic, stage.house
    marker = clinic.settings.data / "shelf" / MARKER
    away = marker.rename(marker.parent.with_name("away"))
    pauses = []
    with caplog.at_level(logging.CRITICAL):
        for _ in range(11):
            assert seal_due(house) == 0
            waiting = seal(clinic, stage.visit_id)
            assert waiting.problem == "ShelfUnavailable: The archive's disk is not there."
            pauses.append(waiting.next_try_at - clinic.clock())
            assert seal_due(house) == 0
            clinic.clock.forward(pauses[-1])
    assert [pause.total_seconds() for pause in pauses] == [
        *(15, 30, 60, 120, 240, 480, 960, 1920),
        *(3600, 3600, 3600),
    ]
    assert (stage.station, archive_state(house).waiting, filed(clinic)) == (
        Station.COUNTERSIGNED,
        1,
        [],
    )
    away.rename(marker)
    assert seal_due(house) == 1
    sealed = seal(clinic, stage.visit_id)
    assert (sealed.problem, sealed.attempts, stage.station) == ("", 12, Station.SEALED)
    assert clinic.actions(stage.visit_id).count("seal") == 1


def test_an_expired_certificate_seals_nothing_and_is_written_down(
    at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.COUNTERSIGNED)
    stage.clinic.clock.forward(timedelta(days=4 * 365))
    with caplog.at_level(logging.CRITICAL):
        assert seal_due(stage.house) == 0
    waiting = seal(stage.clinic, stage.visit_id)
    assert waiting.problem == "CertificateExpiredError"
    assert (filed(stage.clinic), stage.station) == ([], Station.COUNTERSIGNED)


def test_a_seal_that_is_not_the_clinics_own_is_not_accepted(
    at: At, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.COUNTERSIGNED)
    create_clinic_certificates(tmp_path, "Another Clinic", stage.clinic.clock())
    house = replace(stage.house, sealing_identity=partial(load_seal, tmp_path))
    with caplog.at_level(logging.CRITICAL):
        assert seal_due(house) == 0
    problem = seal(stage.clinic, stage.visit_id).problem
    assert problem.startswith("SealRefused: the seal was found unrecognised:")
    assert (filed(stage.clinic), stage.station) == ([], Station.COUNTERSIGNED)


def test_a_document_of_another_record_or_without_all_its_words_is_refused(at: At) -> None:
    stage = at(Station.SEALED)
    document = stage.house.shelf.get(str(seal(stage.clinic, stage.visit_id).shelf_name))
    with stage.house.database.read() as tx:
        work = sealing.gather_work(tx, stage.visit_id)
    other = replace(work.record, record_sha256="0" * 64)
    with pytest.raises(SealRefused, match="the document holds another record"):
        sealing.check_document(stage.house, replace(work, record=other), document)
    said = work.record.canonical.replace(b"Marigold Testwell", b"Somebody Else")
    unsaid = replace(work.record, canonical=said)
    with pytest.raises(SealRefused, match="the text lacks 2 things: the patient's name"):
        sealing.check_document(stage.house, replace(work, record=unsaid), document)
