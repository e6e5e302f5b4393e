"""Bringing records and archive back from a backup, whole or not at all.

Nothing that is there is replaced or taken away: where anything of earlier records is left, or an
archive that is not what the backup holds, nothing is brought back. Documents are filed first, one
by one; the records get their name last, once all of it was opened and compared. A restore that is
killed anywhere leaves no clinic behind that could start, and is simply asked again.
"""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from questionnaire.archive.fixity import check
from questionnaire.archive.shelf import MARKER, Shelf, ShelfMark, mark_of, mark_shelf
from questionnaire.clinic_parts import ClinicParts, ClinicPartsError, refuse_strange_keys
from questionnaire.documents.certificates import load_trusted
from questionnaire.journey.certifying import refuse_other_roots
from questionnaire.records.cipher import sync_folder
from questionnaire.records.clinic_identity import clinic_identity
from questionnaire.records.database import Database
from questionnaire.records.sealing import sealed_files

FIRST_MOVE_IT = "Nothing was brought back. Move it elsewhere, keep it, and ask again."


def side_files(path: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside a database while it works: what lies there is a part of it."""
    return tuple(sorted(path.parent.glob(f"{path.name}-*")))


def refuse_occupied(parts: ClinicParts) -> None:
    """Make sure that nothing of earlier records lies where a backup's would go.

    What SQLite leaves beside a database may hold what was saved last, and would be taken for a
    part of the records brought back. Raises `ClinicPartsError`.
    """
    for left in (parts.records, *side_files(parts.records)):
        if os.path.lexists(left):
            raise ClinicPartsError(
                f"There are records already, or a piece of them: {left}. {FIRST_MOVE_IT}"
            )


def refuse_other_keys(parts: ClinicParts, database: Database) -> None:
    """Make sure that keys and certificates here are those of a backup's `database`, or newer.

    Raises `ClinicPartsError` or `CertificatesMissingError`.
    """
    with database.read() as tx:
        refuse_strange_keys(parts, clinic_identity(tx), tx.ring)
        refuse_other_roots(tx, partial(load_trusted, parts.certificates))


def put_back(parts: ClinicParts, database: Database, documents: Shelf) -> None:
    """Make a backup's `database` and `documents` the records and archive of the clinic.

    `database` is a copy of our own on the disk of the records, its tables those of today; it is
    closed. Raises `ClinicPartsError`, `CertificatesMissingError`, `Refusal` or `OSError`, each
    before there are any records.
    """
    refuse_occupied(parts)
    refuse_other_keys(parts, database)
    with database.read() as tx:
        known, sealed = clinic_identity(tx), sealed_files(tx)
    mark = ShelfMark(known.id, known.starts) if known else ShelfMark()
    shelf = replace(documents, folder=parts.shelf)
    _refuse_other_archive(shelf, documents, database.ring.clinic_id, {name for name, _ in sealed})
    if not (shelf.folder / MARKER).exists():
        mark_shelf(shelf.folder, mark)
    for name, _ in sealed:
        shelf.put_back(name, documents.stored(name))
    found = check(shelf, sealed)
    for name in found.wrong:
        raise ClinicPartsError(f"{shelf.folder / name} does not open as what was sealed.")
    database.close()
    mark_shelf(shelf.folder, mark)
    _name_at_last(database.path, parts.records)


def _refuse_other_archive(shelf: Shelf, documents: Shelf, clinic_id: str, names: set[str]) -> None:
    """Raises `ClinicPartsError` for an archive that is another clinic's or not the backup's."""
    folder = shelf.folder
    if os.path.lexists(folder) and not folder.is_dir():
        raise ClinicPartsError(f"{folder} is no folder, or its disk is not mounted.")
    if (folder / MARKER).exists() and mark_of(folder).clinic_id not in {"", clinic_id}:
        raise ClinicPartsError(f"The archive at {folder} is another clinic's. {FIRST_MOVE_IT}")
    for name in shelf.filed():
        if name not in names or not shelf.keeps(name, documents.stored(name)):
            raise ClinicPartsError(
                f"There is an archive with a document that the backup lacks or has otherwise: "
                f"{folder / name}. {FIRST_MOVE_IT}"
            )


def _name_at_last(copy: Path, records: Path) -> None:
    """Give the records their name: only when all is on the disk, and only where no other has it.

    Raises `ClinicPartsError` or `OSError`.
    """
    for left in side_files(copy):
        raise ClinicPartsError(f"The records could not be finished ({left.name}). Ask again.")
    descriptor = os.open(copy, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    records.hardlink_to(copy)
    sync_folder(records.parent)
