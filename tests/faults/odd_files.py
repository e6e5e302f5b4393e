"""Files that are none, put where the program looks, and commands that must come to an end by it."""

import os
import resource
import signal
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import rmtree

from flask.testing import FlaskCliRunner

from app import create_app, open_doors
from questionnaire.clinic import open_clinic
from questionnaire.settings import Settings, main

MEMORY = 1 << 30
"""Bytes a command may take beside what is loaded: a file without end would take all there are."""
SECONDS = 300
"""Far more than any of them needs; one that waits for ever is ended."""


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _long(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(40 << 30)


def _broken(path: Path) -> None:
    """A file that opens like any other, and whose first byte the disk does not give."""
    path.symlink_to("/proc/self/mem")


KINDS: Mapping[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "device": _device,
    "folder": _folder,
    "loop": _loop,
    "long": _long,
    "broken": _broken,
}


def put(path: Path, kind: str) -> None:
    """Put a file of this kind at the path, in the place of what is there."""
    if path.is_dir() and not path.is_symlink():
        rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    KINDS[kind](path)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command came to its end beside a kind of file: exit status, and everything it said.

    `status` is None, and `said` is the traceback, for one that was stopped by an exception.
    """

    kind: str
    words: tuple[str, ...]
    status: int | None
    said: str


def run(path: Path, commands: list[list[str]], env: Mapping[str, str]) -> list[Ended]:
    """Type each of `flask --app app …`, or one of `STARTS`, while each kind of file lies at `path`.

    All in one process with an end. Raises `AssertionError` when it took too long or too much.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.preloaded"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, path, commands, dict(env)))
    process.start()
    there.close()
    ended: list[Ended] = []
    with suppress(EOFError):
        while True:
            ended.append(here.recv())
    process.join()
    if process.exitcode or len(ended) != len(KINDS) * len(commands):
        raise AssertionError(
            f"{commands} did not end ({process.exitcode}), the last was {ended[-1:]}"
        )
    return ended


def _run(there: Connection, path: Path, commands: list[list[str]], env: dict[str, str]) -> None:
    signal.alarm(SECONDS)
    loaded = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (loaded + MEMORY, loaded + MEMORY))
    os.environ.update(env)
    for kind in KINDS:
        put(path, kind)
        for words in commands:
            if words[0] in STARTS:
                there.send(Ended(kind, tuple(words), *_started(STARTS[words[0]])))
                continue
            result = FlaskCliRunner(create_app()).invoke(args=words, env=env)
            stopped = result.exception and not isinstance(result.exception, SystemExit)
            said = (
                "".join(traceback.format_exception(result.exception)) if stopped else result.output
            )
            there.send(Ended(kind, tuple(words), None if stopped else result.exit_code, said))


def _started(start: Callable[[], object]) -> tuple[int | None, str]:
    try:
        status = start()
    except SystemExit as refused:
        return int(str(refused.code)), "refused"
    except Exception:  # noqa: BLE001  # what is told to the test
        return None, traceback.format_exc()
    return (status if isinstance(status, int) else 0), "started"


STARTS: Mapping[str, Callable[[], object]] = {
    "open the doors": open_doors,
    "look at the place": main,
    "read earlier facts": lambda: dict(
        open_clinic(Settings.from_environment(os.environ)).proposed()
    ),
}
