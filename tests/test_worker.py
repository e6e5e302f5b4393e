"""The background worker: the queue is a hint, the database is the truth."""

import logging
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from questionnaire.archive.shelf import DRAFT, MARKER
from questionnaire.cli import demo
from questionnaire.clinic import certificates_folder, open_clinic
from questionnaire.documents.certificates import load_seal, load_trusted
from questionnaire.documents.verdict import Word
from questionnaire.domain.visit import Station
from questionnaire.journey.archiving import Purpose, open_consent, verify_file
from questionnaire.journey.hands import Hand
from questionnaire.journey.house import House
from questionnaire.records.sealing import seal_failed
from questionnaire.records.staff_sessions import put_staff_session, staff_sessions_of
from questionnaire.settings import Settings
from questionnaire.worker import DRAFTS_LIVE, Sealer
from tests.clinics import ARCHIVIST, Clock, Stage
from tests.faults.killing import run_apart
from tests.faults.odd_files import KINDS, put

At = Callable[..., Stage]


def work_until_filed(settings: Settings, moment: datetime, visit_id: str) -> None:
    """Run the worker on one queued visit; Ctrl-C comes while its document is being filed."""

    def interrupt(step: str) -> None:
        if step == "filed":
            os.kill(os.getpid(), signal.SIGINT)

    def opened() -> House:
        house = open_clinic(settings, clock=Clock(moment))
        return replace(house, shelf=replace(house.shelf, fault=interrupt))

    sealer = Sealer(settings.data, opened)
    sealer.call(visit_id)
    sealer.run()


def not_due(stage: Stage) -> None:
    """The visit's seal waits for an hour: only the queue tells the worker of it."""
    with stage.house.database.write() as tx:
        seal_failed(tx, stage.visit_id, "", stage.clinic.clock() + timedelta(hours=1))


def test_the_worker_seals_what_is_queued_and_ends_its_work_before_it_stops(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    not_due(stage)
    settings, now = stage.clinic.settings, stage.clinic.clock()
    stage.house.database.close()
    assert run_apart(work_until_filed, settings, now, stage.visit_id) == 0
    assert stage.station == Station.SEALED
    assert stage.clinic.actions(stage.visit_id).count("seal") == 1


def test_the_sweep_seals_in_the_name_that_was_confirmed_last(
    sealer_of: Callable[..., Sealer], at: At
) -> None:
    stage = at(Station.COUNTERSIGNED)
    folder = certificates_folder(stage.clinic.settings)
    house = replace(
        stage.house,
        sealing_identity=partial(load_seal, folder),
        trusted_seals=partial(load_trusted, folder),
    )
    for name in ("Fern House", "عيادة السرخس"):
        stage.clinic.state(name=name)
        sealer_of(stage.clinic.settings.data, lambda: house, certificates=folder).sweep()
        subject = load_seal(folder, stage.clinic.clock()).certificate.subject.rfc4514_string()
        assert subject == f"CN={name} seal,O={name}"
    pdf = open_consent(house, ARCHIVIST, stage.visit_id, Purpose.READ)
    verdict = verify_file(house, ARCHIVIST, pdf).verdict
    assert (verdict.word, verdict.sealed_by) == (Word.AUTHENTIC, "CN=Fern House seal,O=Fern House")
    assert stage.clinic.actions("keys")[-2:] == ["seal_renewed"] * 2


def test_the_sweep_seals_what_the_queue_forgot_and_drops_old_sessions(
    sealer_of: Callable[..., Sealer], at: At
) -> None:
    stage = at(Station.COUNTERSIGNED)
    long_ago = stage.clinic.clock() - timedelta(days=1)
    with stage.house.database.write() as tx:
        put_staff_session(tx, "old", {}, user_id="x", now=long_ago)
    sealer = sealer_of(stage.clinic.settings.data, lambda: stage.house)
    sealer.sweep()
    assert stage.station == Station.SEALED
    with stage.house.database.read() as tx:
        assert staff_sessions_of(tx, "x", long_ago) == ()


def test_the_house_is_opened_once_and_only_when_it_is_needed(
    sealer_of: Callable[..., Sealer], at: At
) -> None:
    stage = at(Station.ARRANGED)
    opened: list[House] = []

    def open_house() -> House:
        opened.append(stage.house)
        return stage.house

    sealer = sealer_of(stage.clinic.settings.data, open_house)
    sealer.call("nobody")
    assert opened == []
    assert sealer.house == sealer.house == stage.house
    assert len(opened) == 1


def test_a_queue_that_fails_loses_only_the_hint(
    sealer_of: Callable[..., Sealer], at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.PATIENT_SIGNED)
    folder = stage.clinic.settings.data / "queue"
    folder.mkdir()
    sealer = sealer_of(folder, lambda: stage.house)
    shutil.rmtree(folder)
    house = replace(stage.house, call_sealer=sealer.call)
    walk = replace(stage.walk, house=house)
    ready = demo.signing.to_countersign(house, walk.clinician, stage.visit_id)
    with caplog.at_level(logging.ERROR):
        demo.signing.countersign(
            house,
            walk.clinician,
            stage.visit_id,
            Hand(walk.clinician.name, demo.Method.TYPED),
            shown_sha256=ready.document.sha256,
            key=walk.key(),
        )
    assert stage.station == Station.COUNTERSIGNED
    assert [record.message for record in caplog.records] == [
        "the queue could not be told; the sweep will find the visit"
    ]


def opened(path: Path) -> int:
    """How often this process has the file open."""
    names = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(link.readlink())
    return names.count(path)


@pytest.mark.parametrize("kind", KINDS)
def test_beside_a_queue_that_is_no_file_the_sealer_works_with_one_of_its_own(
    sealer_of: Callable[..., Sealer], at: At, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    stage = at(Station.COUNTERSIGNED)
    put(stage.clinic.settings.data / "queue.db", kind)
    with caplog.at_level(logging.WARNING):
        sealer = sealer_of(stage.clinic.settings.data, lambda: stage.house)
    (told,) = [record for record in caplog.records if "the queue" in record.message]
    assert "queue.db cannot be used (" in told.message
    assert opened(stage.clinic.settings.data / "queue.db") == 0
    assert told.exc_info is None
    sealer.call(stage.visit_id)
    sealer.sweep()
    assert stage.station == Station.SEALED


def test_a_duty_that_fails_ends_no_other(
    sealer_of: Callable[..., Sealer], at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.SEALED)
    (stage.clinic.settings.keys / "disposed.txt").mkdir()
    with caplog.at_level(logging.ERROR):
        sealer_of(stage.clinic.settings.data, lambda: stage.house).keep()
    assert "a duty could not be done now" in caplog.text
    assert "archive_checked" in stage.clinic.actions("archive")


def test_a_start_clears_what_a_killed_filing_left_and_keeps_the_rest(
    sealer_of: Callable[..., Sealer], at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.ARRANGED)
    folder = stage.clinic.settings.data / "shelf" / "2031"
    folder.mkdir()
    old, new = folder / f"{DRAFT}old", folder / f"{DRAFT}new"
    now = stage.clinic.clock()
    for path, age in ((old, DRAFTS_LIVE * 2), (new, timedelta())):
        path.touch()
        moment = (now - age).timestamp()
        os.utime(path, (moment, moment))
    sealer = sealer_of(stage.clinic.settings.data, lambda: stage.house)
    sealer.clear_drafts()
    assert [path.name for path in folder.iterdir()] == [new.name]
    (folder.parent / MARKER).unlink()
    with caplog.at_level(logging.ERROR):
        sealer.clear_drafts()
    assert "the next start will try again" in caplog.text
