"""From nothing running to the first page, as new processes each time."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from bench.figures import Figure, lap
from bench.places import ROOT, SCRIPTS, command, environment

RUNS = 3
QUIETLY = ("--no-control-socket", "--log-level", "warning")
PAUSE = 0.01
PATIENCE = 60


def measure() -> Iterator[Figure]:
    """Set-up in empty folders, then gunicorn until it answers with the patient's first page."""
    set_up, served = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
            env = environment(Path(folder))
            set_up.append(lap(partial(command, "setup", env=env)))
            served.append(lap(partial(_serve_a_page, env)))
    yield Figure("An empty clinic set up (keys, database)", set_up)
    yield Figure("Web server started, first page, stopped", served)


def _serve_a_page(env: dict[str, str]) -> None:
    bind = f"127.0.0.1:{env['CANDOUR_PORT']}"
    words: list[str | Path] = [SCRIPTS / "gunicorn", "app:open_doors()", "--bind", bind]
    given_up = time.monotonic() + PATIENCE
    with subprocess.Popen([*words, *QUIETLY], cwd=ROOT, env=env) as server:
        try:
            while not _answers(bind):
                if server.poll() is not None or time.monotonic() > given_up:
                    raise RuntimeError("the server does not answer; its words are above")
                time.sleep(PAUSE)
        finally:
            server.terminate()


def _answers(bind: str) -> bool:
    connection = HTTPConnection(bind, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == HTTPStatus.OK
    except ConnectionError:
        return False
    finally:
        connection.close()
