"""Backups: a copy of one moment while the clinic works on, and the proof that it is whole.

Everything in a backup is encrypted as it was; the keys are kept elsewhere. It may be locked once
more, to a key that this machine does not have.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from questionnaire.archive.backup import (
    SHELF_FOLDER,
    SUFFIX,
    BackupRefused,
    Manifest,
    file_sha256,
    keep_file,
    newest_manifest,
    stamp,
    write_manifest,
)
from questionnaire.archive.fixity import check
from questionnaire.archive.locked import Lock, lock_file, unlock_file
from questionnaire.archive.passing import passing_folder
from questionnaire.archive.shelf import (
    MARKER,
    CannotBeRead,
    Shelf,
    ShelfMark,
    ShelfUnavailable,
    mark_of,
    mark_shelf,
)
from questionnaire.domain.errors import NotFound
from questionnaire.journey.house import House
from questionnaire.journey.keeping import OPERATOR
from questionnaire.records.database import Database
from questionnaire.records.ledger import head, verify_ledger
from questionnaire.records.sealing import sealed_files

SUBJECT = "backup"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: its manifest, how many documents it has, and which it should have.

    A document in `damaged` is missing, changed or unreadable on the shelf; an earlier copy of it
    in the folder was left alone.
    """

    manifest: Manifest
    documents: int
    damaged: tuple[str, ...]


def back_up(house: House, folder: Path, lock: Lock | None = None) -> BackedUp:
    """Copy the records and every document they say is sealed into `folder`, others working on.

    With a `lock` every copy is locked to that public key. Asking again into the same folder adds
    another copy of the records and only new documents. Raises `BackupRefused` when this very
    moment was backed up before, and `ShelfUnavailable`.
    """
    at = house.clock()
    suffix = SUFFIX if lock else ""
    name = f"records-{stamp(at)}.db{suffix}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _mark_copies(folder / SHELF_FOLDER, house.database.ring.clinic_id)
    if (folder / name).exists():
        raise BackupRefused("A backup was made this very second. Ask again.")
    sealed, last = _copy_records(house, folder / name, lock)
    try:
        documents, damaged = _copy_documents(house.shelf, sealed, folder, lock)
        files = {name: file_sha256(folder / name), **documents}
        manifest = Manifest(at, name, last, files, lock.name if lock else "")
        write_manifest(folder, manifest)
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    with house.database.write() as tx:
        counts = {"documents": len(files) - 1, "damaged": len(damaged)}
        house.note(tx, OPERATOR, "backup_made", SUBJECT, row=last[0], **counts)
    return BackedUp(manifest, len(files) - 1, damaged)


def _copy_documents(
    shelf: Shelf, sealed: tuple[tuple[str, str], ...], folder: Path, lock: Lock | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Copy each document that is as it was sealed: files and SHA-256, and the names of others."""
    known = _locked_before(folder, lock) if lock else {}
    files: dict[str, str] = {}
    damaged: list[str] = []
    for shelved, digest in sealed:
        stored = _sound(shelf, shelved, digest)
        if stored is None:
            damaged.append(shelved)
            continue
        inside = f"{SHELF_FOLDER}/{shelved}{SUFFIX if lock else ''}"
        files[inside] = _keep(folder / inside, stored, lock, known.get(inside))
    return files, tuple(damaged)


def _mark_copies(shelf: Path, clinic_id: str) -> None:
    """Make a backup's folder of documents this clinic's. Raises `BackupRefused` for another's."""
    try:
        marked = mark_of(shelf).clinic_id if os.path.lexists(shelf / MARKER) else ""
    except ShelfUnavailable as problem:
        sentence = f"{shelf / MARKER} cannot be read. Choose another folder."
        raise BackupRefused(sentence) from problem
    if not marked:
        mark_shelf(shelf, ShelfMark(clinic_id))
    elif marked != clinic_id:
        raise BackupRefused(f"{shelf} holds another clinic's documents. Choose another folder.")


@contextmanager
def opened(
    folder: Path, manifest: Manifest, room: Path, key: X25519PrivateKey | None = None
) -> Iterator[tuple[Path, Path]]:
    """A backup as it can be opened, until it is left: its records, a file, and its documents.

    The records are a copy of our own in a folder inside `room`, so that what is opened is never
    the backup itself. A locked backup is unlocked there with `key`. Raises `BackupRefused` for a
    file that does not open with it, and `OSError`.
    """
    with passing_folder(room) as passing:
        records = passing / manifest.database.removesuffix(SUFFIX)
        if not manifest.locked_to:
            shutil.copyfile(folder / manifest.database, records)
            records.chmod(0o600)
            yield records, folder / SHELF_FOLDER
            return
        if key is None:
            raise BackupRefused(f"The backup is locked to key {manifest.locked_to}.")
        mark_shelf(passing / SHELF_FOLDER, ShelfMark())
        for name in manifest.files:
            unlock_file(folder / name, passing / name.removesuffix(SUFFIX), key)
        yield records, passing / SHELF_FOLDER


def _copy_records(
    house: House, path: Path, lock: Lock | None
) -> tuple[tuple[tuple[str, str], ...], tuple[int, str]]:
    """Copy the database; what the copy says is sealed, and its ledger's last row."""
    room = house.database.path.parent if lock else path.parent
    with passing_folder(room) as folder:
        draft = folder / "records.db"
        house.database.copy_to(draft)
        copy = Database.open(draft, house.database.ring)
        try:
            with copy.read() as tx:
                found = sealed_files(tx), head(tx)
        finally:
            copy.close()
        if lock:
            with draft.open("rb") as file:
                lock_file(file, path, lock)
        else:
            draft.rename(path)
    return found


def _locked_before(folder: Path, lock: Lock) -> Mapping[str, str]:
    """What the last backup locked to the same key: file and SHA-256."""
    try:
        before = newest_manifest(folder)
    except (NotFound, BackupRefused):
        return {}
    return before.files if before.locked_to == lock.name else {}


def _keep(path: Path, stored: bytes, lock: Lock | None, known: str | None) -> str:
    """Put one document into the backup, unless it lies there as `known`; its SHA-256."""
    if lock:
        if known is None or not path.is_file() or file_sha256(path) != known:
            lock_file(BytesIO(stored), path, lock)
            return file_sha256(path)
        return known
    keep_file(path, stored)
    return sha256(stored).hexdigest()


def _sound(shelf: Shelf, name: str, digest: str) -> bytes | None:
    """The encrypted bytes of a document that opens as what was sealed; None for any other."""
    try:
        stored = shelf.stored(name)
        opened = shelf.decrypt(name, stored)
    except (NotFound, CannotBeRead, ValueError):
        return None
    return stored if sha256(opened).hexdigest() == digest else None


def content_problems(database: Database, shelf: Shelf, manifest: Manifest) -> tuple[str, ...]:
    """Open a backup with the clinic's keys: is the ledger whole and is every document as sealed?"""
    with database.read() as tx:
        problems = verify_ledger(tx, manifest.ledger)
        findings = check(shelf, sealed_files(tx))
    wrong = (f"{name} does not open as what was sealed." for name in findings.wrong)
    return (*problems, *wrong)
