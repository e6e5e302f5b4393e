"""One Candour on one data folder: whoever works on it holds its lock for as long as it runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from questionnaire.ordinary_files import open_to_change


class AlreadyRunning(Exception):  # noqa: N818  # the sentence is for whoever starts the program
    """Another Candour works on the same data; the sentence says on which."""


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the lock of the data folder; the system lets go of it however this process ends.

    The lock's file names the process that held it last.
    Raises `AlreadyRunning` when another process, or another part of this one, holds it, and
    `OSError`.
    """
    descriptor = open_to_change(data / "running.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    except BlockingIOError as held:
        raise AlreadyRunning(
            f"Candour already runs with the data in {data}. Stop that one first, "
            "or choose another folder with CANDOUR_DATA."
        ) from held
    finally:
        os.close(descriptor)
