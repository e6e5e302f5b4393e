"""A backup made while the clinic works is one whole moment, encrypted, and comes back."""

import os
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from questionnaire.archive.backup import BackupRefused, backup_problems, newest_manifest
from questionnaire.archive.locked import Lock
from questionnaire.clinic import database_path, open_copies
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey.backing_up import back_up, content_problems, opened
from questionnaire.records.answers import load_answers, save_answers
from questionnaire.records.cipher import FILE_NAME, KeyRing, Tampered
from questionnaire.records.database import Database, Unreadable
from questionnaire.records.ledger import head
from tests.clinics import Clinic, Stage

At = Callable[..., Stage]
SAVER = Person("desk-1", "Dex Frontly", Role.DESK)


def opened_problems(clinic: Clinic, folder: Path) -> tuple[str, ...]:
    """What is wrong with the last backup once it is opened with the keys."""
    manifest = newest_manifest(folder)
    keys = clinic.settings.keys
    database, shelf = open_copies(folder / manifest.database, folder / "shelf", keys)
    problems = content_problems(database, shelf, manifest)
    database.close()
    return problems


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.guarantees("R22")
def test_a_backup_is_whole_and_holds_every_sealed_document(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    with stage.house.database.read() as tx:
        last = head(tx)
    made = back_up(stage.house, tmp_path / "backup")
    assert (made.documents, made.damaged, made.manifest.ledger) == (1, (), last)
    assert newest_manifest(tmp_path / "backup") == made.manifest
    for _ in range(2):
        assert backup_problems(tmp_path / "backup", made.manifest) == ()
        assert opened_problems(stage.clinic, tmp_path / "backup") == ()
    told = stage.clinic.events("backup")[-1]
    assert (told.action, told.detail) == (
        "backup_made",
        {"row": last[0], "documents": 1, "damaged": 0},
    )
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").rglob("*")}
    assert modes == {0}


@pytest.mark.guarantees("S38", "S39")
def test_a_backup_holds_no_key_and_no_word(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    back_up(stage.house, tmp_path / "backup")
    ring = KeyRing.load(stage.clinic.settings.keys)
    raw = everything_in(tmp_path / "backup")
    keys = [ring.database_key, ring.ledger_key, ring.code_key, *ring.field_keys.values()]
    assert [key for key in keys if key in raw or key.hex().encode() in raw] == []
    assert FILE_NAME not in {path.name for path in (tmp_path / "backup").rglob("*")}
    assert [words for words in (b"Marigold", b"SQLite format", b"%PDF") if words in raw] == []


@pytest.mark.guarantees("R22")
def test_a_backup_during_saves_is_one_moment(at: At, tmp_path: Path) -> None:
    """Each save writes answers and ledger alike: a copy between two halves would show."""
    stage = at(Station.IN_PROGRESS)
    begun, enough = Event(), Event()

    def save_on() -> int:
        number = 0
        while not enough.is_set():
            number += 1
            with stage.house.database.write() as tx:
                save_answers(tx, stage.visit_id, {"n": number}, now=stage.clinic.clock())
                stage.house.note(tx, SAVER, "saved", stage.visit_id, n=number)
            begun.set()
        return number

    with ThreadPoolExecutor(1) as pool:
        saver = pool.submit(save_on)
        try:
            assert begun.wait(60)
            made = back_up(stage.house, tmp_path / "backup")
        finally:
            enough.set()
        assert saver.result() >= 1
    assert opened_problems(stage.clinic, tmp_path / "backup") == ()
    keys = stage.clinic.settings.keys
    copy, _ = open_copies(tmp_path / "backup" / made.manifest.database, tmp_path, keys)
    with copy.read() as tx:
        seq, _ = head(tx)
        _, answers = load_answers(tx, stage.visit_id)
    copy.close()
    saved = [event for event in stage.clinic.events(stage.visit_id) if event.action == "saved"]
    assert [event.detail for event in saved if event.seq <= seq][-1] == answers


def test_a_second_backup_adds_records_and_only_new_documents(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    first = back_up(stage.house, tmp_path)
    with pytest.raises(BackupRefused, match="this very second"):
        back_up(stage.house, tmp_path)
    document = next(name for name in first.manifest.files if name.startswith("shelf/"))
    before = (tmp_path / document).stat().st_ino
    stage.clinic.clock.forward(timedelta(seconds=1))
    second = back_up(stage.house, tmp_path)
    assert (tmp_path / document).stat().st_ino == before
    assert len(list(tmp_path.glob("records-*.db"))) == 2
    assert newest_manifest(tmp_path) == second.manifest != first.manifest


@pytest.mark.guarantees("R12")
def test_a_damaged_document_never_replaces_its_copy(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    first = back_up(stage.house, tmp_path)
    name = next(name for name in first.manifest.files if name.startswith("shelf/"))
    sound = (tmp_path / name).read_bytes()
    path = stage.clinic.settings.data / name
    path.chmod(0o600)
    path.write_bytes(sound[:-1])
    stage.clinic.clock.forward(timedelta(days=1))
    second = back_up(stage.house, tmp_path)
    assert second.damaged == (name.removeprefix("shelf/"),)
    assert (tmp_path / name).read_bytes() == sound
    assert opened_problems(stage.clinic, tmp_path) == ()


@pytest.mark.guarantees("R22")
def test_a_backup_whose_document_or_ledger_was_exchanged_is_noticed(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    made = back_up(stage.house, tmp_path)
    name = next(name for name in made.manifest.files if name.startswith("shelf/"))
    (tmp_path / name).write_bytes(os.urandom(500))
    assert backup_problems(tmp_path, made.manifest) == (f"{name} was changed.",)
    assert opened_problems(stage.clinic, tmp_path) == (
        f"{name.removeprefix('shelf/')} does not open as what was sealed.",
    )
    seq, _ = made.manifest.ledger
    keys = stage.clinic.settings.keys
    database, shelf = open_copies(database_path(stage.clinic.settings), tmp_path / "shelf", keys)
    forged = replace(made.manifest, ledger=(seq, "0" * 64))
    assert f"Ledger row {seq} is not the one that was anchored." in content_problems(
        database, shelf, forged
    )
    database.close()


@pytest.mark.guarantees("S56")
def test_a_locked_backup_opens_with_the_key_elsewhere_and_with_nothing_here(
    at: At, tmp_path: Path
) -> None:
    stage, folder = at(Station.SEALED), tmp_path / "backup"
    house, elsewhere = stage.house, X25519PrivateKey.generate()
    made = back_up(house, folder, Lock(elsewhere.public_key()))
    assert backup_problems(folder, made.manifest) == ()
    assert all(name.endswith(".locked") for name in made.manifest.files)
    for name in made.manifest.files:
        with pytest.raises(Unreadable):
            Database.open(folder / name, house.database.ring)
        with pytest.raises(Tampered):
            house.shelf.decrypt(Path(name).stem, (folder / name).read_bytes())
    kept = b"".join(
        (everything_in(stage.clinic.settings.data), everything_in(stage.clinic.settings.keys))
    )
    secret = elsewhere.private_bytes_raw()
    assert not any(form in kept for form in (secret, secret.hex().encode(), b64encode(secret)))
    with opened(folder, made.manifest, tmp_path, elsewhere) as (records, documents):
        database, shelf = open_copies(records, documents, stage.clinic.settings.keys)
        assert content_problems(database, shelf, made.manifest) == ()
        database.close()
    assert not records.parent.exists()
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.guarantees("S56")
def test_a_second_locked_backup_locks_only_what_is_new_or_was_spoiled(
    at: At, tmp_path: Path
) -> None:
    stage, folder = at(Station.SEALED), tmp_path / "backup"
    lock = Lock(X25519PrivateKey.generate().public_key())

    def document(lock: Lock) -> tuple[str, str]:
        stage.clinic.clock.forward(timedelta(seconds=1))
        files = back_up(stage.house, folder, lock).manifest.files
        return next((name, digest) for name, digest in files.items() if "shelf/" in name)

    first = document(lock)
    assert document(lock) == first
    (folder / first[0]).write_bytes(b"spoiled")
    third = document(lock)
    assert third[1] != first[1]
    assert document(lock) == third
    assert document(Lock(X25519PrivateKey.generate().public_key()))[1] != third[1]
