"""Clinics to measure in: the real content, fresh keys and records, in a folder thrown away."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from questionnaire.cli import demo
from questionnaire.clinic import certificates_folder, open_clinic, prepare_clinic
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.executable).parent
TREATMENT = "prp_injections"
DESK = Person("desk-1", "Dex Frontly", Role.DESK)
CLINICIAN = Person("clinician-1", "Dr Ada Invented", Role.CLINICIAN, "INVENTED-0001")


@contextmanager
def empty_clinic() -> Iterator[tuple[Settings, House]]:
    """A clinic with nobody in it."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        settings = Settings.from_environment(environment(Path(folder)))
        prepare_clinic(settings)
        house = demo.furnish(open_clinic(settings), certificates_folder(settings))
        yield settings, house
        house.database.close()


def arranged(house: House, number: int) -> demo.Walk:
    """A visit of an invented person, arranged and not begun."""
    person = f"Marigold Testwell {number}", date(1979, 3, 14), TREATMENT
    return demo.arrange(house, DESK, CLINICIAN, person)


def environment(folder: Path) -> dict[str, str]:
    """The variables that put a clinic into a folder."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return {
        "PATH": f"{SCRIPTS}:/usr/bin:/bin",
        "CANDOUR_DATA": str(folder / "data"),
        "CANDOUR_KEYS": str(folder / "keys"),
        "CANDOUR_RULES": str(ROOT / "rules"),
        "CANDOUR_PORT": str(port),
    }


def command(*words: str | Path, env: dict[str, str]) -> None:
    """Run one of the app's commands to its end, as a process of its own."""
    subprocess.run(
        [SCRIPTS / "flask", "--app", "app", *words],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        check=True,
    )
