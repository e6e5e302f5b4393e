"""Files that somebody else may have put where the program looks: opened only when they are files.

A pipe would keep its reader waiting for ever, and a device or a file of any length fills the
memory. What is read here is an ordinary file of at most the size its reader allows; everything
else is an `OSError` that names the path. What the program writes is not opened through a link or
a pipe that lies in its place either.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

NOTE = 1 << 16
"""Bytes: more than any key, certificate, password or mark that is one file."""
LONGEST_TEXT_FILE = 16_000_000
"""Bytes: more than any file of rules, and than the ids of every record ever disposed of."""


class UnfitFileError(OSError):
    """What lies there is no ordinary file, or is larger than such a file can be."""


def read_file(path: Path, most: int) -> bytes:
    """All of an ordinary file. Raises `UnfitFileError` above `most` bytes, and `OSError`."""
    with opened_file(path, most) as file, _named(path):
        content = file.read(most + 1)
    if len(content) > most:
        raise _too_large(path, most)
    return content


def holds_file(path: Path, content: bytes) -> bool:
    """Whether an ordinary file with these very bytes lies there and can be read."""
    try:
        return read_file(path, len(content)) == content
    except OSError:
        return False


def read_words(path: Path, most: int = NOTE, encoding: str = "utf-8") -> str:
    """All of an ordinary file of text, however its lines end. Raises `ValueError` for others."""
    return read_file(path, most).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def read_beginning(path: Path, size: int) -> bytes:
    """The first `size` bytes of an ordinary file, or fewer. Raises `OSError`."""
    with opened_file(path) as file, _named(path):
        return file.read(size)


@contextmanager
def opened_file(path: Path, most: int | None = None) -> Iterator[BinaryIO]:
    """An ordinary file of at most so many bytes, to be read piece by piece.

    Raises `UnfitFileError` and `OSError`.

    It is looked at before it is opened, because opening alone can set a device going, and again
    after, because another may have taken its place.
    """
    _refuse_unfit(path, path.stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        _refuse_unfit(path, found)
        if most is not None and found.st_size > most:
            raise _too_large(path, most)
        yield file


def open_to_change(path: Path, flags: int = os.O_RDWR) -> int:
    """The descriptor of a file of ours, made closed to others when there is none; never a pipe.

    Raises `UnfitFileError` and `OSError`.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NONBLOCK, 0o600)
    try:
        _refuse_unfit(path, os.fstat(descriptor))
    except UnfitFileError:
        os.close(descriptor)
        raise
    return descriptor


def open_draft(path: Path, mode: int = 0o600) -> int:
    """The descriptor of a new file; what a cut-off try, or anybody, left there goes first."""
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)


def _refuse_unfit(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise UnfitFileError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise UnfitFileError(errno.EINVAL, "it is no ordinary file", str(path))


def _too_large(path: Path, most: int) -> UnfitFileError:
    return UnfitFileError(errno.EOVERFLOW, f"it is larger than {most:,} bytes", str(path))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the path in what the disk refuses while it is read."""
    try:
        yield
    except OSError as problem:
        if problem.filename is None:
            problem.filename = str(path)
        raise
