"""Whether keys, certificates, records and archive are there and are those of one clinic.

Looked at before every start. Parts that are missing, emptied, half brought back, another clinic's
or an older copy keep the clinic closed with one sentence; only where there is nothing at all, a
new clinic is made. Why: docs/decisions, “One clinic, one id”.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from questionnaire.archive.shelf import MARKER, ShelfMark, ShelfUnavailable, mark_of, mark_shelf
from questionnaire.ordinary_files import NOTE, holds_file, read_file
from questionnaire.records.cipher import FILE_NAME, KeyRing, sync_folder
from questionnaire.records.clinic_identity import ClinicIdentity, clinic_identity, count_start
from questionnaire.records.database import Database
from questionnaire.records.migrating import one_at_a_time

NEW = ".new-clinic"
"""In the keys folder while a new clinic is made: its keys, until all the rest is done."""
STARTING = ".starting"
SMALLEST = 4096
"""Bytes of an encrypted database's first page: less is no database, and opening it could harm."""
BRING_BACK = "Mount its disk, or bring the last backup back (flask --app app restore)."


class ClinicPartsError(Exception):
    """A part of the clinic is missing or not of this clinic; the sentence says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicParts:
    """Where the parts of a clinic are: folders, and the file of the records."""

    keys: Path
    certificates: Path
    records: Path
    shelf: Path
    anchors: Path | None

    @property
    def new_keys(self) -> Path:
        """The folder inside the keys folder where the keys of a clinic that is made are kept."""
        return self.keys / NEW

    def is_new(self) -> bool:
        """Whether nothing is there yet, or a first set-up was begun and not finished.

        Until it is finished its keys lie aside, so that nobody can have worked with them.
        """
        if _may_be_there(self.keys / FILE_NAME):
            return False
        return (self.new_keys / FILE_NAME).is_file() or not any(
            (
                _holds(self.certificates, "*"),
                _holds(self.records.parent, f"{self.records.name}*"),
                _holds(self.shelf, "*"),
                self.anchors is not None and _holds(self.anchors, "*"),
            )
        )

    def refuse_missing(self) -> None:
        """Raises `KeysUnusable` or `ClinicPartsError` for the first part that is not there."""
        self.refuse_missing_keys()
        if not self.records.is_file() or self.records.stat().st_size < SMALLEST:
            raise ClinicPartsError(
                f"The records of this clinic are not at {self.records}, or were emptied; its keys "
                f"are in {self.keys}. {BRING_BACK}"
            )
        try:
            mark_of(self.shelf)
        except ShelfUnavailable as problem:
            raise ClinicPartsError(
                f"The archive of this clinic is not at {self.shelf}. {BRING_BACK}"
            ) from problem

    def refuse_missing_keys(self) -> None:
        """The same for what no backup holds: keys and certificates."""
        KeyRing.load(self.keys)
        if not (self.certificates / "root.cert.pem").is_file():
            raise ClinicPartsError(
                f"The certificates of this clinic are not in {self.certificates}. Bring them back "
                "from the safe copy of the keys."
            )


def _may_be_there(path: Path) -> bool:
    """Whether something has this name, or nobody can tell: the folder is closed to this user."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _holds(folder: Path, pattern: str) -> bool:
    """Whether anything of this name is in a folder, or the folder itself leads nowhere."""
    return any(folder.glob(pattern)) if folder.is_dir() else os.path.lexists(folder)


@contextmanager
def set_up_at_once(parts: ClinicParts) -> Iterator[Path]:
    """One set-up at a time; gives the folder of the keys to work with.

    It is `new_keys` when a new clinic is to be made. Its keys get their place when all the rest
    is done; one that is killed half-way is finished by the next set-up. Raises `KeysUnusable` or
    `ClinicPartsError` when an earlier clinic is not whole.
    """
    with one_at_a_time(parts.keys / STARTING):
        if not parts.is_new():
            parts.refuse_missing()
            yield parts.keys
            _clear_new_keys(parts)
            return
        yield parts.new_keys
        (parts.keys / FILE_NAME).hardlink_to(parts.new_keys / FILE_NAME)
        sync_folder(parts.keys)
        _clear_new_keys(parts)


def _clear_new_keys(parts: ClinicParts) -> None:
    """Take the folder of the new keys away once its keys are those in use, or went before it."""
    made = parts.new_keys / FILE_NAME
    if not parts.new_keys.is_dir():
        return
    if not os.path.lexists(made) or holds_file(made, read_file(parts.keys / FILE_NAME, NOTE)):
        shutil.rmtree(parts.new_keys)


def refuse_strange_files(parts: ClinicParts) -> None:
    """Make sure that an archive that is to be new holds nothing. Raises `ClinicPartsError`."""
    if not os.path.lexists(parts.shelf / MARKER) and _holds(parts.shelf, "*"):
        raise ClinicPartsError(
            f"There are files at {parts.shelf}, where the archive of a new clinic would be. "
            "Move them elsewhere, keep them, and ask again."
        )


def refuse_empty_records(parts: ClinicParts, database: Database) -> None:
    """Make sure, before tables are made, that an earlier clinic's records hold some.

    Raises `ClinicPartsError`.
    """
    if database.is_empty():
        raise ClinicPartsError(f"The records at {parts.records} were emptied. {BRING_BACK}")


def refuse_strange_keys(parts: ClinicParts, known: ClinicIdentity | None, ring: KeyRing) -> None:
    """Compare keys and records. Raises `ClinicPartsError` when they are not of one clinic."""
    if known and known.keys_are_older(ring):
        raise ClinicPartsError(
            f"The keys in {parts.keys} are older than the records: key {known.key_version} is "
            "missing. Bring the newest copy of the keys back."
        )
    if known and not known.keys_are_ours(ring):
        raise ClinicPartsError(f"The keys in {parts.keys} are not those of the records.")


def refuse_strange_parts(parts: ClinicParts, database: Database) -> None:
    """Compare keys, records and archive. Raises `ClinicPartsError` when they are not of one clinic.

    Records and archive from before the id was kept pass once; `note_start` then gives it to them.
    """
    with database.read() as tx:
        known = clinic_identity(tx)
        ring = tx.ring
    refuse_strange_keys(parts, known, ring)
    mark = mark_of(parts.shelf)
    if known and not mark.clinic_id:
        raise ClinicPartsError(
            f"The marker of the archive, {parts.shelf / MARKER}, was emptied. {BRING_BACK}"
        )
    if mark.clinic_id not in {"", ring.clinic_id}:
        raise ClinicPartsError(f"The archive at {parts.shelf} is another clinic's.")
    if not _is_current(mark, known):
        older = "records" if known is None or mark.starts > known.starts else "archive"
        raise ClinicPartsError(
            f"An older copy is in place of this clinic's {older}: {parts.records} and "
            f"{parts.shelf} are not of the same day. {BRING_BACK}"
        )


def note_start(parts: ClinicParts, database: Database) -> None:
    """Count a start in the records and on the shelf, whose mark is written first.

    A power cut between the two leaves the shelf one ahead, which is taken for the same.
    """
    with database.write() as tx:
        known = clinic_identity(tx)
        starts = known.starts + 1 if known else 1
        mark_shelf(parts.shelf, ShelfMark(tx.ring.clinic_id, starts))
        count_start(tx, starts)


def right_mark(database: Database) -> Callable[[ShelfMark], bool]:
    """Tells whether a shelf is the one these records were last started with."""

    def is_right(mark: ShelfMark) -> bool:
        with database.read() as tx:
            return _is_current(mark, clinic_identity(tx))

    return is_right


def _is_current(mark: ShelfMark, known: ClinicIdentity | None) -> bool:
    if known is None:
        return mark.starts <= 1
    return mark.clinic_id == known.id and 0 <= mark.starts - known.starts <= 1
