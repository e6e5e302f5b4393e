"""Backups: a copy of one moment while the clinic works on, and the proof that it is whole.

Everything in a backup is encrypted as it was; the keys are kept elsewhere.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from questionnaire.archive.backup import (
    SHELF_FOLDER,
    BackupRefused,
    Manifest,
    file_sha256,
    keep_file,
    stamp,
    write_manifest,
)
from questionnaire.archive.fixity import check
from questionnaire.archive.shelf import Shelf, prepare_shelf
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

    A document in `damaged` is missing or changed on the shelf; an earlier copy of it in the
    folder was left alone.
    """

    manifest: Manifest
    documents: int
    damaged: tuple[str, ...]


def back_up(house: House, folder: Path) -> BackedUp:
    """Copy the records and every document they say is sealed into `folder`, others working on.

    Asking again into the same folder adds another copy of the records and only new documents.
    Raises `BackupRefused` when this very moment was backed up before, and `ShelfUnavailable`.
    """
    at = house.clock()
    name = f"records-{stamp(at)}.db"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    prepare_shelf(folder / SHELF_FOLDER)
    if (folder / name).exists():
        raise BackupRefused("A backup was made this very second. Ask again.")
    sealed, last = _copy_records(house, folder / name)
    files = {name: file_sha256(folder / name)}
    damaged: list[str] = []
    for shelved, digest in sealed:
        stored = _sound(house.shelf, shelved, digest)
        if stored is None:
            damaged.append(shelved)
            continue
        keep_file(folder / SHELF_FOLDER / shelved, stored)
        files[f"{SHELF_FOLDER}/{shelved}"] = sha256(stored).hexdigest()
    manifest = Manifest(at, name, last, files)
    write_manifest(folder, manifest)
    with house.database.write() as tx:
        counts = {"documents": len(files) - 1, "damaged": len(damaged)}
        house.note(tx, OPERATOR, "backup_made", SUBJECT, row=last[0], **counts)
    return BackedUp(manifest, len(files) - 1, tuple(damaged))


def _copy_records(house: House, path: Path) -> tuple[tuple[tuple[str, str], ...], tuple[int, str]]:
    """Copy the database; what the copy says is sealed, and its ledger's last row."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    house.database.copy_to(draft)
    copy = Database.open(draft, house.database.ring)
    try:
        with copy.read() as tx:
            found = sealed_files(tx), head(tx)
    finally:
        copy.close()
    draft.rename(path)
    return found


def _sound(shelf: Shelf, name: str, digest: str) -> bytes | None:
    """The encrypted bytes of a document that opens as what was sealed; None for any other."""
    try:
        stored = shelf.stored(name)
        opened = shelf.decrypt(name, stored)
    except (NotFound, ValueError):
        return None
    return stored if sha256(opened).hexdigest() == digest else None


def content_problems(database: Database, shelf: Shelf, manifest: Manifest) -> tuple[str, ...]:
    """Open a backup with the clinic's keys: is the ledger whole and is every document as sealed?"""
    with database.read() as tx:
        problems = verify_ledger(tx, manifest.ledger)
        findings = check(shelf, sealed_files(tx))
    wrong = (*findings.missing, *findings.changed)
    return (*problems, *(f"{name} does not open as what was sealed." for name in wrong))
