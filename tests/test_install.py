"""What `./candour` installs, on a machine it has never seen: the real script, the real pip.

Packages come from a folder, so that nothing here depends on what a registry offers today.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import lock_index

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 280
LOCKS = ("requirements.txt", "requirements-dev.txt")
NO_PLACE = "import sys\nsys.exit('installed')\n"
"""In place of the program: a start ends here, when everything is installed."""


@dataclass
class Standing:
    """A checkout that was installed and is damaged again and again, where it lies now."""

    checkout: Path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that nobody has started yet."""
    return new_checkout(tmp_path)


def new_checkout(beside: Path) -> Path:
    """The script with a lock of two packages and an index that also holds newer ones."""
    folder = beside / "a clinic's folder (é)"
    (folder / "questionnaire").mkdir(parents=True)
    (folder / "questionnaire/settings.py").write_text(NO_PLACE)
    (folder / "wheels").mkdir()
    (beside / "index").mkdir()
    shutil.copy(ROOT / "candour", folder)
    hashes = {}
    for name in ("first", "second", "extra"):
        lock_index.tiny_wheel(beside / "index", name, lock_index.NEWER, [])
        hashes[name] = lock_index.tiny_wheel(beside / "index", name, "1.0", [])
    lines = {name: lock_index.line(f"{name}==1.0", hashed) for name, hashed in hashes.items()}
    (folder / LOCKS[0]).write_text(lines["first"] + lines["second"])
    (folder / LOCKS[1]).write_text(lines["extra"])
    return folder


def surroundings(checkout: Path, **more: str) -> dict[str, str]:
    """A machine's own settings, which name the folder packages come from."""
    index = (checkout.parent / "index").resolve()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout.parent),
        "PYTHON": sys.executable,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": index.as_uri(),
        "PIP_CONFIG_FILE": os.devnull,
        **more,
    }


def start(checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "candour", "start"],
        env=surroundings(checkout, **more),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def installed(checkout: Path) -> set[str]:
    """What the virtual environment holds, besides what makes installing possible."""
    listing = (
        "from importlib.metadata import distributions\n"
        "for one in distributions(): print(f'{one.name}=={one.version}')"
    )
    found = subprocess.check_output([checkout / ".venv/bin/python", "-c", listing], text=True)
    return {one for one in found.splitlines() if not one.startswith(("pip==", "setuptools=="))}


def assert_whole(done: subprocess.CompletedProcess[str], checkout: Path) -> None:
    assert done.stderr.endswith("installed\n"), done.stderr
    assert {"first==1.0", "second==1.0"} <= installed(checkout)


def test_both_locks_are_installed_as_written_though_everything_has_a_newer_version(
    checkout: Path,
) -> None:
    lock_index.fill(checkout.parent / "index", checkout, *LOCKS)
    done = subprocess.run(
        [checkout / "candour", "dev"],
        env=surroundings(checkout),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert (done.returncode, "Ready." in done.stdout) == (0, True), done.stderr
    wanted = {
        f"{one.name}=={lock_index.version(one)}"
        for lock in LOCKS
        for one in lock_index.pinned(lock)
    }
    assert {one for one in wanted if not one.startswith("setuptools==")} == installed(checkout)


@pytest.mark.parametrize("kept", [(), ("wheel of another version",)])
def test_a_package_that_would_have_to_be_built_is_refused(
    checkout: Path, kept: tuple[str, ...]
) -> None:
    index, trace = checkout.parent / "index", checkout.parent / "a builder ran"
    hashed = lock_index.source_only(index, "built", "1.0", trace)
    if kept:
        lock_index.tiny_wheel(index, "built", lock_index.NEWER, [])
    with (checkout / LOCKS[0]).open("a") as lock:
        lock.write(lock_index.line("built==1.0", hashed))
    done = start(checkout)
    assert (done.returncode, trace.exists()) == (1, False)
    assert done.stderr.endswith(
        "candour: The Python packages could not be installed; the lines above say why.\n"
    )


def test_a_lock_that_misses_what_a_package_needs_is_refused(checkout: Path) -> None:
    hashed = lock_index.tiny_wheel(checkout.parent / "index", "needy", "1.0", ["forgotten"])
    with (checkout / LOCKS[0]).open("a") as lock:
        lock.write(lock_index.line("needy==1.0", hashed))
    done = start(checkout)
    assert done.returncode == 1
    assert "needy 1.0 requires forgotten, which is not installed." in done.stderr


def half_made(checkout: Path) -> Path:
    """Ctrl-C while the environment was being made: a Python, and no pip."""
    shutil.rmtree(checkout / ".venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ".venv"], check=True)
    return checkout


def half_installed(checkout: Path) -> Path:
    """Killed while pip was writing, as far as a folder and some files of the package."""
    [packages] = (checkout / ".venv/lib").glob("python*/site-packages")
    (packages / "second-1.0.dist-info/METADATA").unlink()
    (checkout / ".venv/whole").unlink()
    return checkout


def ended(checkout: Path, word: str, by: signal.Signals) -> Path:
    """A first start that is ended as soon as it has said the word and an interpreter is there."""
    shutil.rmtree(checkout / ".venv")
    with subprocess.Popen(
        [checkout / "candour", "start"],
        env=surroundings(checkout),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert any(line.startswith(word) for line in process.stdout)
        while not (checkout / ".venv/bin/python").exists():
            assert process.poll() is None
        os.killpg(process.pid, by)
    assert not (checkout / ".venv/whole").exists()
    return checkout


def killed(checkout: Path) -> Path:
    """Killed outright while the environment is being made."""
    return ended(checkout, "Making", signal.SIGKILL)


def interrupted(checkout: Path) -> Path:
    """Ctrl-C while packages are being installed."""
    return ended(checkout, "Installing", signal.SIGINT)


def moved(checkout: Path) -> Path:
    """Moved, as when a backup is put back elsewhere."""
    return checkout.rename(checkout.with_name("moved"))


def copied(checkout: Path) -> Path:
    """Copied, with the first one still there, whose packages must not be the ones that run."""
    there = checkout.with_name("copied")
    shutil.copytree(checkout, there, symlinks=True)
    shutil.rmtree(checkout / ".venv/lib")
    return there


def of_another_python(checkout: Path) -> Path:
    """Made by a Python that the system has since replaced."""
    note = checkout / ".venv/whole"
    note.write_text(note.read_text().replace("Python 3.", "Python 3.9", 1))
    [packages] = (checkout / ".venv/lib").glob("python*")
    packages.rename(packages.with_name("python3.99"))
    return checkout


def without_its_python(checkout: Path) -> Path:
    """Made by a Python that is at that place no more."""
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to("/nowhere/python3")
    return checkout


def with_what_is_no_longer_listed(checkout: Path) -> Path:
    """Made for an older lock, which had one package more."""
    lock = checkout / LOCKS[0]
    now = lock.read_text()
    lock.write_text(now + (checkout / LOCKS[1]).read_text())
    assert_whole(start(checkout), checkout)
    assert "extra==1.0" in installed(checkout)
    lock.write_text(now)
    return checkout


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """A checkout for all damages: each leaves it whole for the next."""
    checkout = new_checkout(tmp_path_factory.mktemp("standing"))
    assert_whole(start(checkout), checkout)
    return Standing(checkout)


@pytest.mark.parametrize(
    "damage",
    [
        half_made,
        half_installed,
        killed,
        interrupted,
        moved,
        copied,
        of_another_python,
        without_its_python,
        with_what_is_no_longer_listed,
    ],
)
def test_an_environment_that_is_not_whole_or_not_ours_is_made_afresh(
    standing: Standing, damage: Callable[[Path], Path]
) -> None:
    there = standing.checkout = damage(standing.checkout)
    done = start(there)
    assert f"Making {there.resolve()}/.venv\n" in done.stdout
    assert_whole(done, there)
    assert "extra==1.0" not in installed(there)
    again = start(there)
    assert (again.stdout, again.stderr) == ("", "installed\n")


def only_lib(folder: Path) -> None:
    """Letters in a folder whose name an environment has too."""
    (folder / "lib").mkdir()
    (folder / "lib/to keep").write_text("")


def a_strangers_environment(folder: Path) -> None:
    """An environment that somebody made for another program, with notes in it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (folder / "to keep").write_text("")


def letters(folder: Path) -> None:
    """Letters."""
    (folder / "to keep").write_text("")


@pytest.mark.parametrize("holds", [letters, only_lib, a_strangers_environment])
def test_a_folder_of_somebody_else_is_never_cleared(
    checkout: Path, holds: Callable[[Path], None]
) -> None:
    theirs = checkout.parent / "theirs"
    theirs.mkdir()
    holds(theirs)
    before = sorted(theirs.rglob("*"))
    done = start(checkout, CANDOUR_VENV=str(theirs))
    assert (done.returncode, done.stderr) == (
        1,
        (
            f"candour: {theirs} holds what is not Candour's, and stays as it is; "
            "name another folder with CANDOUR_VENV.\n"
        ),
    )
    assert sorted(theirs.rglob("*")) == before


def test_a_link_to_a_folder_on_another_disk_is_followed(checkout: Path) -> None:
    disk = checkout.parent / "disk"
    disk.mkdir()
    (checkout / ".venv").symlink_to(disk)
    assert_whole(start(checkout), checkout)
    assert (disk / ".candour").exists()


def test_settings_that_were_meant_for_other_programs_change_nothing(checkout: Path) -> None:
    strange = checkout.parent / "strange"
    strange.mkdir()
    (strange / "first.py").write_text("raise SystemExit('a stranger ran')\n")
    (strange / "flask.py").write_text("raise SystemExit('a stranger ran')\n")
    (strange / "pip.conf").write_text(
        "[global]\nuser = true\nno-binary = :all:\nconstraint = /nowhere/constraints.txt\n"
        f"[install]\ntarget = {strange}/target\nprefix = {strange}/prefix\nroot = {strange}/root\n"
        "dry-run = true\n"
    )
    done = start(
        checkout,
        PIP_CONFIG_FILE=str(strange / "pip.conf"),
        PIP_USER="1",
        PIP_TARGET=str(strange / "target"),
        PIP_REQUIRE_VIRTUALENV="1",
        PIP_PYTHON="/nowhere/python",
        PIP_CONSTRAINT="/nowhere/constraints.txt",
        PYTHONPATH=str(strange),
        PYTHONSAFEPATH="1",
        PYTHONHOME=str(strange),
        PYTHONWARNINGS="error",
        FLASK_ENV_FILE="/nowhere/env",
        GUNICORN_CMD_ARGS="--nothing",
    )
    assert_whole(done, checkout)
    assert sorted(file.name for file in strange.iterdir()) == ["first.py", "flask.py", "pip.conf"]


def test_two_at_once_take_turns(checkout: Path) -> None:
    both = [
        subprocess.Popen(
            [checkout / "candour", "start"],
            env=surroundings(checkout),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=LONGEST) for process in both]
    assert [errors for _, errors in said] == ["installed\n", "installed\n"]
    assert sum("Making " in words for words, _ in said) == 1


@pytest.mark.parametrize("how", ["by a link", "by sh", "from elsewhere"])
def test_it_works_in_its_own_folder_however_it_is_called(standing: Standing, how: str) -> None:
    checkout = standing.checkout
    link = checkout.parent / f"bin {how}" / "candour"
    link.parent.mkdir()
    link.symlink_to(checkout / "candour")
    words = {"by a link": [link], "by sh": ["sh", "candour"], "from elsewhere": ["../candour"]}
    folder = {"by a link": "/", "by sh": checkout, "from elsewhere": checkout / "wheels"}
    done = subprocess.run(
        [*words[how], "start"],
        cwd=folder[how],
        env=surroundings(checkout),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert_whole(done, checkout)
    assert (done.stdout, (link.parent / ".venv").exists()) == ("", False), "it made another one"


@pytest.mark.parametrize(
    "tool", ["pdftotext", "qpdf", "mutool", "openssl", "chromium", "chromium-headless-shell"]
)
def test_a_tool_that_is_there_but_does_not_run_is_asked_for(checkout: Path, tool: str) -> None:
    broken = checkout.parent / "broken"
    broken.mkdir()
    (broken / tool).write_text("#!/bin/sh\nexit 127\n")
    (broken / tool).chmod(0o755)
    (broken / "apt-get").write_text('#!/bin/sh\necho "$@"\nexit 1\n')
    (broken / "apt-get").chmod(0o755)
    (broken / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
    (broken / "sudo").chmod(0o755)
    done = subprocess.run(
        [checkout / "candour", "dev"],
        env=surroundings(checkout, PATH=f"{broken}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    package = {"pdftotext": "poppler-utils", "mutool": "mupdf-tools"}.get(tool, tool)
    assert (done.returncode, done.stdout) == (1, f"Installing {package}\n")
