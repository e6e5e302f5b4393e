"""The shelf: sealed documents in a folder, each written once and encrypted at rest.

A file gets its name only when all of it is safely on the disk, so a power cut leaves either the
whole file or none. A marker in the folder shows that the right disk is there: an unmounted one is
noticed instead of written to.
"""

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from questionnaire.domain.errors import NotFound, Refusal

MARKER = "candour-shelf"
DRAFT = ".putting-"
NAME = re.compile(r"[0-9]{4}/[0-9]{2}/[A-Za-z0-9][A-Za-z0-9_-]*/[a-z0-9][a-z0-9_-]*\.[a-z0-9]+")


class ShelfUnavailable(Refusal):
    """The shelf's disk is not there, is full or cannot be written; try again later."""

    status = 503


class AlreadyFiled(Refusal):
    """Another document has this name: a filed document is never replaced."""


class Damaged(Refusal):
    """The file was changed on the disk; restore it from its copy."""

    status = 500


def prepare_shelf(folder: Path) -> None:
    """Make `folder` a shelf, closed to others; asking again changes nothing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARKER).touch(mode=0o600)
    _sync(folder)


def no_fault(step: str) -> None:
    """What happens at each step in the clinic: nothing."""
    del step


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of documents named `YYYY/MM/<record id>/<file>`.

    `encrypt(name, plain)` and `decrypt(name, stored)` bind a file to its name; `decrypt` raises
    `ValueError` for bytes it did not write. `fault` is called after each step of `put`, so that
    tests can cut the power there.
    """

    folder: Path
    encrypt: Callable[[str, bytes], bytes]
    decrypt: Callable[[str, bytes], bytes]
    fault: Callable[[str], None] = no_fault

    def put(self, name: str, document: bytes) -> None:
        """File `document` for good; filing the very same again changes nothing.

        Raises `AlreadyFiled` when `name` holds other bytes and `ShelfUnavailable` when the disk
        refuses; then nothing is left behind.
        """
        target = self._path(name)
        if target.exists():
            self._accept_same(name, document)
            return
        try:
            self._write(target, self.encrypt(name, document))
        except FileExistsError:
            self._accept_same(name, document)
        except OSError as problem:
            raise ShelfUnavailable(
                "The archive could not be written. It will be tried again."
            ) from (problem)

    def get(self, name: str) -> bytes:
        """The document filed as `name`. Raises `NotFound`, `Damaged` or `ShelfUnavailable`."""
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
        return self._path(name).is_file()

    def names(self) -> tuple[str, ...]:
        """Everything filed, in order. Raises `ShelfUnavailable`."""
        self._look_for_marker()
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.*"))
        return tuple(sorted(name for name in found if NAME.fullmatch(name)))

    def stored(self, name: str, size: int = -1) -> bytes:
        """The encrypted bytes of a file, or the first `size` of them.

        Raises `NotFound` or `ShelfUnavailable`.
        """
        try:
            with self._path(name).open("rb") as file:
                return file.read(size)
        except FileNotFoundError as problem:
            raise NotFound("This document is not on the shelf.") from problem
        except OSError as problem:
            raise ShelfUnavailable("The archive cannot be read now.") from problem

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
            if datetime.fromtimestamp(draft.stat().st_mtime, UTC) < before:
                draft.unlink()
                swept += 1
        return swept

    def _look_for_marker(self) -> None:
        if not (self.folder / MARKER).is_file():
            raise ShelfUnavailable("The archive's disk is not there.")

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
