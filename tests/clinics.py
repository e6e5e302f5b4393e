"""Whole clinics on disk for tests: real rules, keys, database and shelf, time moved by hand.

A visit is walked to a station once for each run of the tests, whichever of its processes asks
first; every test gets a copy of the folder that was left there, which takes milliseconds.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import shake_256
from itertools import count
from pathlib import Path
from typing import Any

from questionnaire.archive.disposals import DisposalList
from questionnaire.cli import demo
from questionnaire.cli.demo import Walk
from questionnaire.cli.invented import CLINIC
from questionnaire.clinic import (
    DISPOSED,
    certificates_folder,
    database_path,
    open_clinic,
    prepare_clinic,
)
from questionnaire.clinic_parts import right_mark
from questionnaire.documents.certificates import name_seal
from questionnaire.domain.visit import Person, Role, Station, Visit
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.house import House
from questionnaire.records.clinic_versions import add_clinic_version, newest_clinic
from questionnaire.records.database import Database
from questionnaire.records.ledger import Event, events_of, verify_ledger
from questionnaire.records.sealing import Seal, seal_of
from questionnaire.records.visits import get_visit
from questionnaire.settings import Settings

OPENED = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)

DESK = Person("desk-1", "Dex Frontly", Role.DESK)
CLINICIAN = Person("1", "Dr Ada Invented", Role.CLINICIAN, "INVENTED-0001")
"""Has the number of the first account that a test opens."""
ARCHIVIST = Person("archivist-1", "Archie Keepwell", Role.ARCHIVIST)
ADMINISTRATOR = Person("administrator-1", "Minnie Strator", Role.ADMINISTRATOR)

BORN = date(1979, 3, 14)
PRP = "prp_injections"
TREATMENTS = (
    "prp_injections",
    "prp_microneedling",
    "prp_adjunct",
    "mesotherapy_hair",
    "mesotherapy_cellulite",
    "mesotherapy_face",
    "fat_dissolving",
)

SCENES: dict[Station, Callable[[Walk], object]] = {
    Station.ARRANGED: lambda _: None,
    Station.IN_PROGRESS: demo.fill,
    Station.SUBMITTED: demo.submit,
    Station.CONSENT_READY: demo.review,
    Station.PATIENT_SIGNED: demo.sign,
    Station.COUNTERSIGNED: demo.countersign,
    Station.SEALED: demo.seal,
    Station.DEFERRED: demo.ask_for_time,
}
"""How a visit comes to each station; at `IN_PROGRESS` every page is filled in."""


class Clock:
    """The time in UTC, moved by hand."""

    def __init__(self, moment: datetime = OPENED) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The time now."""
        return self.moment

    def forward(self, step: timedelta) -> None:
        """Let time pass, or run backwards."""
        self.moment += step


class Draw:
    """Random bytes that are the same in every run, and safe in many threads."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._numbers = count()

    def __call__(self, size: int) -> bytes:
        """That many bytes."""
        return shake_256(f"{self._seed}/{next(self._numbers)}".encode()).digest(size)


@dataclass(frozen=True, slots=True)
class Clinic:
    """One open clinic with its folder; `called` lists the visits the sealer was called for."""

    settings: Settings
    house: House
    clock: Clock
    called: list[str]

    def arrange(self, treatment: str = PRP, name: str = "Marigold Testwell") -> Walk:
        """A visit of an invented person, arranged by the desk for in an hour."""
        return demo.arrange(self.house, DESK, CLINICIAN, (name, BORN, treatment))

    def state(self, **facts: Any) -> House:
        """The house once the clinic has these facts beside those it had."""
        with self.house.database.write() as tx:
            details = replace(newest_clinic(tx).details, **facts)
            add_clinic_version(tx, details, by="Minnie Strator", at=self.clock())
        return up_to_date(self.house)

    def visit(self, visit_id: str) -> Visit:
        """The visit as it stands in the database."""
        with self.house.database.read() as tx:
            return get_visit(tx, visit_id)

    def seal(self, visit_id: str) -> Seal | None:
        """How far the visit's document is."""
        with self.house.database.read() as tx:
            return seal_of(tx, visit_id)

    def events(self, subject: str) -> list[Event]:
        """What the ledger tells about one subject, oldest first."""
        with self.house.database.read() as tx:
            return events_of(tx, subject)

    def actions(self, subject: str) -> list[str]:
        """What was done about one subject, oldest first."""
        return [event.action for event in self.events(subject)]

    def ledger_problems(self) -> tuple[str, ...]:
        """What is wrong with the ledger."""
        with self.house.database.read() as tx:
            return verify_ledger(tx)


@dataclass(frozen=True, slots=True)
class Stage:
    """A clinic with one visit in it that was walked to a station."""

    clinic: Clinic
    walk: Walk

    @property
    def house(self) -> House:
        """The clinic's collaborators."""
        return self.clinic.house

    @property
    def visit_id(self) -> str:
        """The id of the visit."""
        return self.walk.visit.id

    @property
    def station(self) -> Station:
        """Where the visit stands now."""
        return self.clinic.visit(self.visit_id).station

    def key(self) -> str:
        """A fresh one-time key."""
        return self.house.new_id()


class Clinics:
    """Makes clinics as copies of one that was prepared once.

    `folder` is this process's own; `shared` is for all processes of this run of the tests.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self._folder, self._shared = folder, shared
        self._numbers = count(1)
        self._bare, self._prepared = _settings(shared / "bare"), _settings(shared / "prepared")
        with _alone(shared / "prepared.lock"):
            if not self._prepared.data.exists():
                self._prepare()
        own = self._copy(self._prepared)
        self._house = open_clinic(own)
        self._house.database.close()

    def _prepare(self) -> None:
        half_made = _settings(self._shared / "half made")
        prepare_clinic(self._bare, OPENED - timedelta(days=1))
        shutil.copytree(self._bare.data.parent, half_made.data.parent)
        certificates = certificates_folder(half_made)
        name_seal(certificates, CLINIC.name, OPENED - timedelta(hours=23))
        demo.furnish(open_clinic(half_made), certificates).database.close()
        half_made.data.parent.rename(self._prepared.data.parent)

    def _copy(self, source: Settings) -> Settings:
        copied = _settings(self._folder / str(next(self._numbers)))
        shutil.copytree(source.data, copied.data)
        shutil.copytree(source.keys, copied.keys)
        return copied

    def open(self, copied: Settings | None = None) -> Clinic:
        """A clinic in a folder of its own: with nobody in it, or as another one was left."""
        settings = self._copy(copied or self._prepared)
        return self.reopen(settings, seed=settings.data.parent.name)

    def bare(self) -> Clinic:
        """A clinic that nobody has set up: it has no name yet."""
        opened = self.open(self._bare)
        return replace(opened, house=up_to_date(opened.house))

    def reopen(self, settings: Settings, seed: str = "again", clock: Clock | None = None) -> Clinic:
        """The clinic in a folder, opened (again)."""
        clock, called = clock or Clock(), list[str]()
        database = Database.open(database_path(settings), self._house.database.ring)
        shelf = settings.data / "shelf"
        house = replace(
            self._house,
            database=database,
            shelf=replace(self._house.shelf, folder=shelf, right_mark=right_mark(database)),
            disposals=DisposalList(settings.keys / DISPOSED),
            clock=clock,
            draw=Draw(seed),
            call_sealer=called.append,
        )
        return Clinic(settings, house, clock, called)

    def at(self, station: Station, treatment: str = PRP) -> Stage:
        """A clinic of its own with one visit at a station."""
        name = f"{station}-{treatment}"
        left, slip = _settings(self._shared / name), self._shared / f"{name}.txt"
        with _alone(self._shared / f"{name}.lock"):
            if not slip.exists():
                slip.write_text(" ".join(self._play(left, station, treatment)))
        visit_id, code = slip.read_text().split()
        clinic = self.open(left)
        return Stage(clinic, Walk(clinic.house, DESK, CLINICIAN, clinic.visit(visit_id), code))

    def _play(self, settings: Settings, station: Station, treatment: str) -> tuple[str, str]:
        """Walk a visit to the station in this folder; its id and its code."""
        shutil.copytree(self._prepared.data.parent, settings.data.parent)
        clinic = self.reopen(settings, seed=f"{station}-{treatment}")
        walk = clinic.arrange(treatment)
        SCENES[station](walk)
        clinic.house.database.close()
        return walk.visit.id, walk.code


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock among the processes of this run."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _settings(folder: Path) -> Settings:
    return Settings.from_environment(
        {"CANDOUR_DATA": str(folder / "data"), "CANDOUR_KEYS": str(folder / "keys")}
    )
