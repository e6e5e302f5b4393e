"""Programs that are killed outright (SIGKILL) in the middle of their work."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context

from questionnaire.clinic import open_clinic
from questionnaire.domain.consent import Method
from questionnaire.journey import signing
from questionnaire.journey.hands import Hand
from questionnaire.journey.house import House
from questionnaire.journey.sealing import seal_visit
from questionnaire.settings import Settings
from tests.clinics import CLINICIAN, Clock

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
