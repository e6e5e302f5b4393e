"""Two hundred planted words are found in no file that the clinic writes, and in no log."""

import logging
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest

from questionnaire.archive.shelf import MARKER
from questionnaire.cli import demo
from questionnaire.clinic import database_path, open_copies, shelf_path
from questionnaire.domain.visit import Station
from questionnaire.journey.backing_up import back_up
from questionnaire.journey.house import House
from questionnaire.journey.rotating import rotate_keys
from questionnaire.records.answers import add_submission, save_answers
from questionnaire.records.entries import append_entry
from questionnaire.records.signing import frozen_record
from questionnaire.records.staff_sessions import put_staff_session
from questionnaire.worker import Sealer
from tests.clinics import CLINICIAN, DESK, Clinic

pytestmark = pytest.mark.whole

PLANTED = tuple(f"Zyxgrove{number:03}marker" for number in range(200))
NAMES, OWN_WORDS, STORED = PLANTED[:10], PLANTED[10:30], PLANTED[30:]


@pytest.fixture
def live(clinic: Clinic) -> Iterator[House]:
    """The clinic's house with its keys as they are at each moment."""
    settings = clinic.settings
    database, shelf = open_copies(database_path(settings), shelf_path(settings), settings.keys)
    yield replace(clinic.house, database=database, shelf=shelf)
    database.close()


def plant(clinic: Clinic, house: House) -> str:
    """Put every planted word somewhere; the visit that is ready to be sealed."""
    first, *others = (clinic.arrange(name=f"{name} Person") for name in NAMES)
    walk = replace(first, house=house)
    demo.countersign(walk)
    now = clinic.clock()
    with house.database.write() as tx:
        for number, words in enumerate(STORED):
            visit_id, body = others[number % len(others)].visit.id, {words: [words]}
            save_answers(tx, visit_id, {**dict.fromkeys(STORED[: number + 1], words)}, now=now)
            add_submission(tx, visit_id, body, answers_sha256="", rules_sha256="", at=now)
            append_entry(tx, visit_id, "note", body, at=now, person=replace(DESK, name=words))
            put_staff_session(tx, str(number), body, user_id="1", now=now)
            house.note(tx, replace(CLINICIAN, name=words), "note", visit_id, words=words)
        record = frozen_record(tx, walk.visit.id)
    assert record is not None
    assert all(words in record.canonical.decode() for words in (NAMES[0], *OWN_WORDS))
    return walk.visit.id


def disguises(words: str) -> Iterator[bytes]:
    """A word as it might stand in a file: plain, wide, in hexadecimal, in base 64."""
    plain = words.encode()
    yield from (plain, plain.lower(), words.encode("utf-16-le"), plain.hex().encode())
    for shift in range(3):
        yield b64encode(plain[shift:])[: len(plain) - 4]


@pytest.mark.guarantees("S38", "S42")
def test_no_planted_word_is_in_any_file_or_log(
    sealer_of: Callable[..., Sealer],
    clinic: Clinic,
    live: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(demo, "WORDS", " ".join(OWN_WORDS))
    anchors, backups = tmp_path / "anchors", tmp_path / "backups"
    anchors.mkdir()
    visit_id = plant(clinic, live)
    sealer = sealer_of(clinic.settings.data, lambda: live, anchors)
    sealer.call(visit_id)
    marker = live.shelf.folder / MARKER
    away = marker.rename(marker.parent.with_name("away"))
    sealer.sweep()
    sealer.keep()
    assert "sealing failed for visit" in caplog.text
    away.rename(marker)
    clinic.clock.forward(timedelta(minutes=5))
    sealer.sweep()
    assert clinic.visit(visit_id).station == Station.SEALED
    sealer.keep()
    back_up(live, backups)
    rotate_keys(live, clinic.settings.keys)
    clinic.clock.forward(timedelta(days=1))
    back_up(live, backups)
    folders = (clinic.settings.data, clinic.settings.keys, anchors, backups)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {"queue.db", "candour.db", "candour.db-wal"} <= {path.name for path in files}
    texts = [*(path.read_bytes() for path in files), caplog.text.encode()]
    names = [*map(str, files), "log"]
    looked_for = [*chain.from_iterable(disguises(words) for words in PLANTED)]
    leaks = {
        name
        for name, text in zip(names, texts, strict=True)
        for disguise in looked_for
        if disguise in text
    }
    assert leaks == set()
