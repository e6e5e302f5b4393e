"""Files that are none, put where the program looks, and commands that must come to an end by it."""

import os
import resource
import signal
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import rmtree

from flask.testing import FlaskCliRunner

from app import create_app, open_doors
from questionnaire.clinic import open_clinic
from questionnaire.settings import Settings, main
from questionnaire.worker import Sealer

MEMORY = 1 << 30
"""Bytes a command may take beside what is loaded: a file without end would take all there are."""
SECONDS = 60
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
    """How a command came to its end: its exit status, and everything it said.

    `status` is None, and `said` is the traceback, for one that was stopped by an exception.
    """

    status: int | None
    said: str


def run(words: list[str], env: Mapping[str, str]) -> Ended:
    """Type `flask --app app …`, or one of `STARTS`, in a process with an end.

    Raises `AssertionError` when it took too long or too much.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.preloaded"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, words, dict(env)))
    process.start()
    there.close()
    try:
        ended = here.recv()
    except EOFError:
        process.join()
        raise AssertionError(f"{words} did not end by itself ({process.exitcode})") from None
    process.join()
    return Ended(*ended)


def _run(there: Connection, words: list[str], env: dict[str, str]) -> None:
    signal.alarm(SECONDS)
    loaded = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (loaded + MEMORY, loaded + MEMORY))
    os.environ.update(env)
    if words[0] in STARTS:
        there.send(_started(STARTS[words[0]]))
        return
    result = FlaskCliRunner(create_app()).invoke(args=words, env=env)
    stopped = result.exception is not None and not isinstance(result.exception, SystemExit)
    said = "".join(traceback.format_exception(result.exception)) if stopped else result.output
    there.send((None if stopped else result.exit_code, said))


def _started(start: Callable[[Settings], object]) -> tuple[int | None, str]:
    try:
        status = start(Settings.from_environment(os.environ))
    except SystemExit as refused:
        return int(str(refused.code)), "refused"
    except Exception:  # noqa: BLE001  # what is told to the test
        return None, traceback.format_exc()
    return (status if isinstance(status, int) else 0), "started"


def _keep(settings: Settings) -> None:
    """The worker's duties of one minute, and its queue."""
    sealer = Sealer(settings.data, lambda: open_clinic(settings), settings.anchors)
    sealer.call("nobody")
    sealer.clear_drafts()
    sealer.keep()


STARTS: Mapping[str, Callable[[Settings], object]] = {
    "open the doors": open_doors,
    "keep house": _keep,
    "look at the place": lambda _: main(),
    "read earlier facts": lambda settings: dict(open_clinic(settings).proposed()) and None,
}
