"""Programs that are killed outright (SIGKILL) in the middle of their work."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from questionnaire.cli import backups
from questionnaire.clinic import open_clinic, prepare_clinic
from questionnaire.domain.consent import Method
from questionnaire.journey import signing
from questionnaire.journey.hands import Hand
from questionnaire.journey.house import House
from questionnaire.journey.sealing import seal_visit
from questionnaire.settings import Settings
from tests.clinics import CLINICIAN, Clock

TO_WRITE = os.O_WRONLY | os.O_RDWR
TOUCHES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir"}
SEAL_STEPS = ("claimed", "sealed", "checked", "filed")
SHELF_STEPS = ("written", "synced", "named", "filed")


def die() -> None:
    """End this process at once, without any tidying up."""
    os.kill(os.getpid(), signal.SIGKILL)


class LastClock(Clock):
    """A clock that kills the program when it is asked the time once it is `armed`."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.armed = False

    def __call__(self) -> datetime:
        """The time, or the end."""
        if self.armed:
            die()
        return self.moment


def _at(step: str, prefix: str, clock: LastClock) -> Callable[[str], None]:
    def fault(reached: str) -> None:
        if f"{prefix}{reached}" == step:
            die()
        if (step, f"{prefix}{reached}") == ("marked", "filed"):
            clock.armed = True

    return fault


def seal_and_die(settings: Settings, moment: datetime, visit_id: str, step: str) -> None:
    """Seal a visit and be killed at a step; steps of the shelf begin with `shelf-`.

    `marked` is inside the last transaction, before it is kept.
    """
    clock = LastClock(moment)
    house = open_clinic(settings, clock=clock)
    shelf = replace(house.shelf, fault=_at(step, "shelf-", clock))
    seal_visit(replace(house, shelf=shelf), visit_id, _at(step, "", clock))


def countersign_and_die(settings: Settings, moment: datetime, visit_id: str, step: str) -> None:
    """Countersign a visit and be killed inside the transaction, or just after it was kept."""
    clock = LastClock(moment)

    def called(_: str) -> None:
        die()

    house: House = open_clinic(settings, clock=clock, call_sealer=called)
    ready = signing.to_countersign(house, CLINICIAN, visit_id)
    clock.armed = step == "inside"
    given = Hand(CLINICIAN.name, Method.TYPED)
    sha256 = ready.document.sha256
    signing.countersign(house, CLINICIAN, visit_id, given, shown_sha256=sha256, key=house.new_id())


def die_at(number: int, *folders: Path) -> None:
    """From now on, end this process when it touches files in these folders the `number`th time.

    Touching is: opening to write, naming, linking, removing, making a folder. Counted from 1.
    """
    places, left = tuple(map(str, folders)), [number]

    def touched(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and bool(args[2] & TO_WRITE)
        if (writes or event in TOUCHES) and str(args[0]).startswith(places):
            left[0] -= 1
            if not left[0]:
                die()

    sys.addaudithook(touched)


def set_up_and_die(settings: Settings, number: int) -> None:
    """Set a clinic up and be killed when its files are touched the `number`th time."""
    die_at(number, settings.keys, settings.data)
    prepare_clinic(settings)


def restore_and_die(settings: Settings, backup: Path, number: int) -> None:
    """Bring a backup back and be killed when files in the data folder are touched so often."""
    die_at(number, settings.data)
    restore(settings, backup)


def restore(settings: Settings, backup: Path) -> None:
    """Bring a backup back as the command does it."""
    os.environ |= {"CANDOUR_DATA": str(settings.data), "CANDOUR_KEYS": str(settings.keys)}
    backups.restore.main([str(backup)], standalone_mode=False)


def run_apart(work: Callable[..., None], *args: object) -> int | None:
    """Do a piece of work in a process of its own; how it ended (0, or minus the signal)."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.preloaded"])
    process = context.Process(target=work, args=args)
    process.start()
    process.join()
    return process.exitcode


def run_until_killed(work: Callable[..., None], *args: object) -> None:
    """Do a piece of work in a process of its own, which must end by SIGKILL."""
    ended = run_apart(work, *args)
    if ended != -signal.SIGKILL:
        raise AssertionError(f"the process ended by itself ({ended})")
