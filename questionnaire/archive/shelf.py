"""The shelf: sealed documents in a folder, each written once and encrypted at rest.

A file gets its name only when all of it is safely on the disk, so a power cut leaves either the
whole file or none. A marker in the folder says whose shelf it is and how fresh: a disk that is not
mounted, another clinic's or an older copy is noticed instead of written to.
"""

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from questionnaire.domain.errors import NotFound, Refusal
from questionnaire.ordinary_files import (
    holds_file,
    open_draft,
    read_beginning,
    read_file,
    read_words,
)

MARKER = "candour-shelf"
DRAFT = ".putting-"
NAME = re.compile(r"[0-9]{4}/[0-9]{2}/[A-Za-z0-9][A-Za-z0-9_-]*/[a-z0-9][a-z0-9_-]*\.[a-z0-9]+")
FOLDER = re.compile(r"[0-9]{4}/([0-9]{2}/([A-Za-z0-9][A-Za-z0-9_-]*/)?)?")
LARGEST = 100_000_000
"""Bytes of one file on the shelf: no sealed document comes near it."""


class ShelfUnavailable(Refusal):
    """The shelf's disk is not there, is full or cannot be written; try again later."""

    status = 503


class CannotBeRead(Refusal):
    """One document is there and cannot be read, while the shelf can; the others are."""

    status = 500


class AlreadyFiled(Refusal):
    """Another document has this name: a filed document is never replaced."""


class Damaged(Refusal):
    """The file was changed on the disk; restore it from its copy."""

    status = 500


@dataclass(frozen=True, slots=True)
class ShelfMark:
    """What the marker says: the clinic's id and at which start of the clinic it was written.

    Empty and 0 on a shelf from before that was kept.
    """

    clinic_id: str = ""
    starts: int = 0


def mark_shelf(folder: Path, mark: ShelfMark) -> None:
    """Make `folder` a shelf with this mark, closed to others; the mark is there whole or as before.

    Raises `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{MARKER}.{os.getpid()}"
    with os.fdopen(open_draft(draft), "w") as file:
        file.write(f"{mark.clinic_id} {mark.starts}\n" if mark.clinic_id else "")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MARKER)
    _sync(folder)


def mark_of(folder: Path) -> ShelfMark:
    """What the marker of a shelf says. Raises `ShelfUnavailable` where there is none."""
    try:
        words = read_words(folder / MARKER).split()
    except (OSError, UnicodeDecodeError) as problem:
        raise ShelfUnavailable("The archive's disk is not there.") from problem
    match words:
        case []:
            return ShelfMark()
        case [clinic_id, starts] if starts.isascii() and starts.isdecimal():
            return ShelfMark(clinic_id, int(starts))
    raise ShelfUnavailable("The marker of the archive is damaged.")


def any_mark(mark: ShelfMark) -> bool:
    """Take every shelf for the right one, as copies in a backup are."""
    del mark
    return True


def no_fault(step: str) -> None:
    """What happens at each step in the clinic: nothing."""
    del step


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of documents named `YYYY/MM/<record id>/<file>`.

    `encrypt(name, plain)` and `decrypt(name, stored)` bind a file to its name; `decrypt` raises
    `ValueError` for bytes it did not write. `fault` is called after each step of `put`, so that
    tests can cut the power there. `right_mark` tells whether a mark is this shelf's; copies in a
    backup may have any.
    """

    folder: Path
    encrypt: Callable[[str, bytes], bytes]
    decrypt: Callable[[str, bytes], bytes]
    fault: Callable[[str], None] = no_fault
    right_mark: Callable[[ShelfMark], bool] = any_mark

    def put(self, name: str, document: bytes) -> None:
        """File `document` for good; filing the very same again changes nothing.

        Raises `AlreadyFiled` when `name` holds other bytes, `CannotBeRead` when what lies there
        cannot be read, and `ShelfUnavailable` when the disk refuses; then nothing is left behind.
        """
        target = self._path(name)
        if os.path.lexists(target):
            self._accept_same(name, document)
            return
        try:
            self._write(target, self.encrypt(name, document))
        except FileExistsError:
            self._accept_same(name, document)
        except OSError as problem:
            raise ShelfUnavailable(
                "The archive could not be written. It will be tried again."
            ) from problem

    def put_back(self, name: str, stored: bytes) -> None:
        """File the encrypted bytes that a backup kept of a document; the very same ones stay.

        Raises `AlreadyFiled` when `name` holds other bytes, and `OSError`.
        """
        target = self._path(name)
        if not os.path.lexists(target):
            self._write(target, stored)
        elif not self.keeps(name, stored):
            raise AlreadyFiled(f"{target} is not what the backup holds; it stays.")

    def get(self, name: str) -> bytes:
        """The document filed as `name`.

        Raises `NotFound`, `Damaged`, `CannotBeRead` or `ShelfUnavailable`.
        """
        stored = self.stored(name)
        try:
            return self.decrypt(name, stored)
        except ValueError as problem:
            raise Damaged("This document was changed on the disk.") from problem

    def remove(self, name: str) -> None:
        """Take a document off the shelf for good; one that is not there is no matter.

        Raises `ShelfUnavailable`.
        """
        target = self._path(name)
        try:
            target.unlink(missing_ok=True)
            if target.parent.is_dir():
                _sync(target.parent)
        except OSError as problem:
            raise ShelfUnavailable("The archive cannot be written now.") from problem

    def holds(self, name: str) -> bool:
        """Whether something is filed as `name`. Raises `ShelfUnavailable`."""
        return os.path.lexists(self._path(name))

    def keeps(self, name: str, stored: bytes) -> bool:
        """Whether these very bytes lie in this folder as `name`, whosever shelf it is."""
        return holds_file(self.folder / name, stored)

    def names(self) -> tuple[str, ...]:
        """Everything filed, in order. Raises `ShelfUnavailable`."""
        self._look_for_marker()
        return self.filed()

    def filed(self) -> tuple[str, ...]:
        """Everything filed in this folder, in order, whosever shelf it is."""
        return tuple(name for name in self._all_files() if NAME.fullmatch(name))

    def files(self) -> tuple[str, ...]:
        """Every file here, in order, whoever put it there, and each folder that cannot be read.

        Such a folder ends in a slash; only one in which documents may be counts. Raises
        `ShelfUnavailable`.
        """
        self._look_for_marker()
        return self._all_files()

    def _all_files(self) -> tuple[str, ...]:
        """Every path below the folder but the marker and what a write left half-done."""
        top = len(f"{self.folder}/")
        closed: list[str] = []
        found = [
            f"{folder}/{name}"[top:]
            for folder, _, names in os.walk(
                self.folder, onerror=lambda problem: closed.append(f"{problem.filename}/"[top:])
            )
            for name in names
            if name != MARKER and not name.startswith((f".{MARKER}.", DRAFT))
        ]
        return tuple(sorted((*found, *(name for name in closed if FOLDER.fullmatch(name)))))

    def stored(self, name: str, size: int = -1) -> bytes:
        """The encrypted bytes of a file, or the first `size` of them.

        Raises `NotFound`, `CannotBeRead` or `ShelfUnavailable`: the marker, looked at once more,
        tells one file that cannot be read from a disk that is gone.
        """
        path = self._path(name)
        try:
            return read_file(path, LARGEST) if size < 0 else read_beginning(path, size)
        except FileNotFoundError as problem:
            self._look_for_marker()
            raise NotFound("This document is not on the shelf.") from problem
        except OSError as problem:
            self._look_for_marker()
            raise CannotBeRead(f"The document {name} cannot be read from the disk.") from problem

    def try_writing(self) -> None:
        """Make sure that filing would work now. Raises `ShelfUnavailable`."""
        self._look_for_marker()
        try:
            with tempfile.TemporaryFile(dir=self.folder) as file:
                file.write(DRAFT.encode())
                file.flush()
        except OSError as problem:
            raise ShelfUnavailable("The archive cannot be written now.") from problem

    def sweep(self, before: datetime) -> int:
        """Remove what unfinished filings left behind before a time; how many."""
        self._look_for_marker()
        swept = 0
        for draft in self.folder.rglob(f"{DRAFT}*"):
            with suppress(OSError):  # not a file, or not ours to take away: the rest goes on
                if datetime.fromtimestamp(draft.lstat().st_mtime, UTC) < before:
                    draft.unlink()
                    swept += 1
        return swept

    def _look_for_marker(self) -> None:
        if not self.right_mark(mark_of(self.folder)):
            raise ShelfUnavailable("The archive's disk is not there: another one is in its place.")

    def _path(self, name: str) -> Path:
        self._look_for_marker()
        if not NAME.fullmatch(name):
            raise NotFound("There is no such document.")
        return self.folder / name

    def _accept_same(self, name: str, document: bytes) -> None:
        if self.get(name) != document:
            raise AlreadyFiled("Another document is filed under this name; it stays.")

    def _write(self, target: Path, stored: bytes) -> None:
        """Draft, onto the disk, name it, note the name: in this order, for power cuts."""
        self._make_folders(target.parent)
        descriptor, name = tempfile.mkstemp(prefix=DRAFT, dir=target.parent)
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(stored)
                self.fault("written")
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o400)
            self.fault("synced")
            target.hardlink_to(draft)
            self.fault("named")
        finally:
            draft.unlink(missing_ok=True)
        _sync(target.parent)
        self.fault("filed")

    def _make_folders(self, folder: Path) -> None:
        """Make each missing folder and note it in the one above."""
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Make names just written in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
