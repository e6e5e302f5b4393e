"""Folders for the moment, inside another one: what is put together there is gone afterwards.

A program that is killed leaves its folder behind. Whoever comes next takes away only what bears
our sign and is in nobody's use: a folder that somebody else made is never touched.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PASSING = ".candour-passing-"
SIGN = "made-by-candour"
"""The file that tells our folders from others; whoever uses one holds its lock."""


@contextmanager
def passing_folder(room: Path) -> Iterator[Path]:
    """An empty folder of our own inside `room` until it is left; what killed runs left goes too."""
    clear_passing(room)
    with TemporaryDirectory(dir=room, prefix=PASSING) as made:
        folder = Path(made)
        descriptor = os.open(folder / f"{SIGN}.new", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with suppress(OSError):  # a disk without locks: the folder is only never cleared early
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            (folder / f"{SIGN}.new").rename(folder / SIGN)
            yield folder
        finally:
            os.close(descriptor)


def clear_passing(room: Path) -> None:
    """Take away the folders in `room` that killed programs of ours left behind."""
    for left in room.glob(f"{PASSING}*"):
        sign = left / SIGN
        if left.is_symlink() or sign.is_symlink() or not sign.is_file():
            continue
        with suppress(OSError):
            descriptor = os.open(sign, os.O_RDWR)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(descriptor)
