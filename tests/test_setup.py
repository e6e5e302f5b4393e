"""The two commands: what `./candour` does, and what it says when it cannot."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from questionnaire.cli.demo import STAFF

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[1]
LAST_LINE = "Press Ctrl-C to stop.\n"
LONGEST_WAIT = 300
OF_OTHER_PROGRAMS = {
    "SCRIPT_NAME": "/foo",
    "WEB_CONCURRENCY": "x",
    "SENDFILE": "x",
    "PORT": "99999",
    "GUNICORN_CMD_ARGS": "--nothing",
    "FORWARDED_ALLOW_IPS": "nobody",
}
"""What the web server would read, had it been meant for this one."""


def whole(venv: Path) -> str:
    """What a virtual environment with what serving needs says of itself."""
    held = subprocess.check_output(["cksum", "requirements.txt"], cwd=ROOT, text=True)
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} in {venv}\n{held}"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An empty place to serve from, with the running environment as the one already installed."""
    venv = tmp_path / "venv"
    venv.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (venv / name).symlink_to(Path(sys.prefix) / name)
    (venv / "whole").write_text(whole(venv))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    measured = {name: text for name, text in os.environ.items() if name.startswith("COVERAGE_")}
    return measured | {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHON": sys.executable,
        "CANDOUR_VENV": str(venv),
        "CANDOUR_DATA": str(tmp_path / "data"),
        "CANDOUR_KEYS": str(tmp_path / "keys"),
        "CANDOUR_PORT": str(port),
    }


@contextmanager
def candour(env: dict[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    """The script in a process group of its own, stopped however the test ends."""
    with subprocess.Popen(
        [ROOT / "candour", *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def said(env: dict[str, str], *words: str) -> tuple[int, str]:
    """The exit status and the words on standard error of a start that does not serve."""
    with candour(env, *words) as process:
        _, errors = process.communicate(timeout=LONGEST_WAIT)
    return process.returncode, errors


def greeting(process: subprocess.Popen[str]) -> str:
    """What a start prints until it serves."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == LAST_LINE:
            break
    return "".join(lines)


def children(process: subprocess.Popen[str], word: str) -> list[int]:
    """The processes of the script whose command line has the word, oldest first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):
            words = (folder / "cmdline").read_text().split("\0")
            if word in words and os.getpgid(int(folder.name)) == process.pid:
                started = int((folder / "stat").read_text().rpartition(")")[2].split()[19])
                found.append((started, int(folder.name)))
    return [number for _, number in sorted(found)]


def page_at(address: str) -> str:
    """The page behind an address that was printed."""
    with urllib.request.urlopen(address, timeout=LONGEST_WAIT) as page:  # noqa: S310  # our own
        text: str = page.read().decode()
    return text


def page_behind(link: str) -> str:
    """The page a one-time link opens: its secret goes from behind the # into the form there."""
    address, _, secret = link.partition("#")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=LONGEST_WAIT) as page:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page.read().decode())[-1]
    sent = urlencode({"csrf_token": token, "link": secret}).encode()
    with browser.open(address, sent, timeout=LONGEST_WAIT) as page:
        text: str = page.read().decode()
    return text


def end_with_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=LONGEST_WAIT)  # when the last of them has ended
    assert process.returncode == 130, errors


def test_start_serves_both_doors_leaves_nothing_running_and_changes_no_key_the_next_time(
    surroundings: dict[str, str],
) -> None:
    folder, kept = Path(surroundings["CANDOUR_KEYS"]), []
    for _ in range(2):
        with candour(surroundings | OF_OTHER_PROGRAMS, "start") as process:
            address = f"http://127.0.0.1:{surroundings['CANDOUR_PORT']}"
            patients, staff, first, *_ = re.findall(r"http://\S+", greeting(process))
            assert (patients, staff) == (f"{address}/", f"{address}/staff/")
            assert first.startswith(f"{address}/staff/first#")
            assert "What is your code?" in page_at(patients)
            assert "The first administrator" in page_behind(first)
            end_with_ctrl_c(process)
        kept.append({file: file.read_bytes() for file in folder.rglob("*") if file.is_file()})
    assert kept[0]
    assert kept[0] == kept[1]


def test_start_killed_outright_leaves_nothing_running(surroundings: dict[str, str]) -> None:
    with candour(surroundings, "start") as process:
        greeting(process)
        process.kill()
        process.communicate(timeout=LONGEST_WAIT)
    assert children(process, "app:open_doors()") == []


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("worker", "candour: The background worker stopped, so Candour has stopped too.\n"),
        ("app:open_doors()", "candour: The web server stopped, so Candour has stopped too.\n"),
    ],
)
def test_when_one_dies_both_end_with_a_sentence(
    surroundings: dict[str, str], word: str, sentence: str
) -> None:
    with candour(surroundings, "start") as process:
        greeting(process)
        os.kill(children(process, word)[0], signal.SIGKILL)
        _, errors = process.communicate(timeout=LONGEST_WAIT)
    assert process.returncode == 1
    assert errors.endswith(sentence)


def test_a_demonstration_gives_each_invented_member_of_staff_a_link(
    surroundings: dict[str, str],
) -> None:
    with candour(surroundings, "start", "--demo") as process:
        words = greeting(process)
        assert "Everybody here is invented." in words
        links = dict(re.findall(r"^(.+): (http://\S+/staff/join#\S+)$", words, re.MULTILINE))
        assert sorted(links) == sorted(name for name, *_ in STAFF)
        for name, link in links.items():
            assert name in page_behind(link)


def test_a_taken_port_gets_one_sentence(surroundings: dict[str, str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        outcome = said({**surroundings, "CANDOUR_PORT": str(port)}, "start")
    assert outcome == (
        1,
        (
            f"Port {port} on 127.0.0.1 cannot be used: address already in use. "
            "Choose another with CANDOUR_PORT.\n"
        ),
    )


def test_a_second_start_with_the_same_data_gets_one_sentence_and_the_first_serves_on(
    surroundings: dict[str, str],
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        another = str(listener.getsockname()[1])
    with candour(surroundings, "start") as process:
        patients, *_ = re.findall(r"http://\S+", greeting(process))
        outcome = said({**surroundings, "CANDOUR_PORT": another}, "start")
        assert outcome == (
            1,
            (
                f"Candour already runs with the data in {surroundings['CANDOUR_DATA']}. "
                "Stop that one first, or choose another folder with CANDOUR_DATA.\n"
            ),
        )
        assert "What is your code?" in page_at(patients)
        end_with_ctrl_c(process)


@pytest.mark.parametrize(
    "answer",
    [
        "time.sleep(1000)",
        "[it.accept()[0].sendall(b'HTTP/1.0 500 X\\r\\n\\r\\n') for _ in iter(int, 1)]",
    ],
    ids=["listening", "an error"],
)
def test_what_is_no_page_is_no_answer_and_a_start_without_one_ends_with_a_sentence(
    surroundings: dict[str, str], answer: str
) -> None:
    real = Path(surroundings["CANDOUR_VENV"]) / "bin"
    real.unlink()
    real.mkdir()
    deaf = (
        "import socket, sys, time; host, port = sys.argv[1].split(':'); "
        f"it = socket.create_server((host, int(port))); {answer}"
    )
    python = shlex.quote(sys.executable)
    (real / "python").write_text(
        f'#!/bin/sh\ncase "$*" in *gunicorn*) exec {python} -c "{deaf}" "$5" ;; esac\n'
        f'exec {python} "$@"\n'
    )
    (real / "python").chmod(0o755)
    with candour({**surroundings, "CANDOUR_PATIENCE": "1"}, "start") as process:
        words, errors = process.communicate(timeout=LONGEST_WAIT)
    assert (process.returncode, "Press Ctrl-C" in words) == (1, False)
    port = surroundings["CANDOUR_PORT"]
    assert errors.splitlines()[-1] == (
        f"candour: No page answered at 127.0.0.1 port {port} within 1 seconds, "
        "so Candour has stopped."
    )


@pytest.mark.parametrize("patience", ["abc", "-1", "1.5", "9" * 30])
def test_a_patience_that_is_no_number_of_seconds_gets_one_sentence(
    surroundings: dict[str, str], patience: str
) -> None:
    assert said({**surroundings, "CANDOUR_PATIENCE": patience}, "start") == (
        1,
        f"candour: CANDOUR_PATIENCE is a number of seconds, and here it is “{patience}”.\n",
    )


def test_an_unwritable_folder_gets_one_sentence(surroundings: dict[str, str]) -> None:
    outcome = said({**surroundings, "CANDOUR_DATA": "/dev/null/data"}, "start")
    assert outcome == (1, "The folder /dev/null/data cannot be written: not a directory.\n")


def test_an_old_python_gets_one_sentence(surroundings: dict[str, str], tmp_path: Path) -> None:
    old = tmp_path / "python3.10"
    old.write_text("#!/bin/sh\necho 3.10\n")
    old.chmod(0o755)
    outcome = said({**surroundings, "PYTHON": str(old)}, "start")
    assert outcome == (
        1,
        (
            f"candour: Candour needs Python 3.11 or newer, and {old} is 3.10; "
            "install a newer one, or name it: PYTHON=python3.12 ./candour start\n"
        ),
    )


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/true", "/bin/echo"])
def test_what_is_no_python_gets_one_sentence(surroundings: dict[str, str], python: str) -> None:
    status, errors = said({**surroundings, "PYTHON": python}, "start")
    assert (status, errors.count("\n")) == (1, 1)
    assert f"and {python} is none;" in errors


def test_without_apt_the_missing_packages_are_named(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("bash", "dirname", "grep", "id", "readlink", "uname"):
        (few / name).symlink_to(shutil.which(name) or name)
    status, errors = said({**surroundings, "PATH": str(few)}, "test")
    assert (status, errors.count("\n")) == (1, 1)
    assert errors.startswith(
        "candour: Please install these packages, then ask again: "
        "poppler-utils qpdf mupdf-tools libnss3-tools openssl faketime"
    )


@pytest.mark.parametrize(
    "words", [(), ("serve",), ("start", "--dmeo"), ("start", "--demo", "twice"), ("start --demo",)]
)
def test_an_unknown_word_gets_the_two_commands(
    surroundings: dict[str, str], words: tuple[str, ...]
) -> None:
    outcome = said(surroundings, *words)
    assert outcome == (
        2,
        (
            "Usage: ./candour start [--demo]\n       ./candour test\n       ./candour dev\n"
            "       ./candour audit\n"
        ),
    )


def test_continuous_integration_runs_the_same_command_as_everybody() -> None:
    *_, last = (ROOT / ".ci/run").read_text().splitlines()
    assert last.endswith("exec ./candour test")
