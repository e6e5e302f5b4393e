"""Bringing records and archive back from a backup, whole or not at all.

Everything is put together in a folder beside the records and gets its names last, the records
after the archive: a restore that is killed anywhere leaves no clinic behind that could start, and
is simply asked again.
"""

import os
import shutil
from pathlib import Path

from questionnaire.archive.shelf import ShelfMark, mark_shelf
from questionnaire.clinic_parts import ClinicParts, ClinicPartsError
from questionnaire.records.cipher import KeyRing, sync_folder
from questionnaire.records.clinic_identity import clinic_identity
from questionnaire.records.database import Database

ROOM = ".restoring"


def put_back(parts: ClinicParts, records: Path, documents: Path) -> None:
    """Copy a backup's `records` (a file) and `documents` (a folder) to where no records are.

    Raises `ClinicPartsError` when records or an archive are there already.
    """
    room = parts.records.parent / ROOM
    interrupted = room.exists()
    if parts.records.exists() or (_in_use(parts.shelf) and not interrupted):
        raise ClinicPartsError(f"There are records in {parts.records.parent} already; they stay.")
    _empty(room)
    shutil.copytree(documents, room / parts.shelf.name)
    shutil.copyfile(records, room / parts.records.name)
    (room / parts.records.name).chmod(0o600)
    _mark_as_known(room / parts.shelf.name, room / parts.records.name, parts.keys)
    _onto_the_disk(room)
    if _in_use(parts.shelf):
        shutil.rmtree(parts.shelf)
    (room / parts.shelf.name).rename(parts.shelf)
    sync_folder(parts.shelf.parent)
    (room / parts.records.name).rename(parts.records)
    sync_folder(parts.records.parent)
    shutil.rmtree(room)


def _in_use(shelf: Path) -> bool:
    return shelf.exists() and any(shelf.iterdir())


def _empty(room: Path) -> None:
    """An empty room; it stays there all the time, as the sign of a restore that was begun."""
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in room.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _mark_as_known(shelf: Path, records: Path, keys: Path) -> None:
    """Give the archive the mark that the records know."""
    database = Database.open(records, KeyRing.load(keys))
    try:
        database.migrate()
        with database.read() as tx:
            known = clinic_identity(tx)
    finally:
        database.close()
    mark_shelf(shelf, ShelfMark(known.id, known.starts) if known else ShelfMark())


def _onto_the_disk(folder: Path) -> None:
    """Flush every file and folder, so that a power cut after the renaming loses none."""
    for path in (folder, *folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
