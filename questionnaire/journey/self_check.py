"""What should be mended before patients come, found at the start and by `flask --app app check`.

`self_check` looks over an open clinic; what keeps it from being opened at all is found by
`questionnaire.clinic`. What is grave refuses the start of the doors, but for a clinic that is not
set up, which can be set up only behind them; the rest is said.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from questionnaire.archive.anchors import AnchorsUnavailable, read_anchors
from questionnaire.domain.clinic_details import Part
from questionnaire.journey.clinic_facts import PARTS, up_to_date
from questionnaire.journey.finding import NOT_SET_UP, Finding
from questionnaire.journey.house import House
from questionnaire.journey.keeping import LEDGER, OPERATOR
from questionnaire.journey.self_check_archive import archive_is_whole, records_are_whole
from questionnaire.journey.self_check_certificates import (
    certificates_in_force,
    certificates_of_documents,
)
from questionnaire.journey.setting_up import nobody_for
from questionnaire.ordinary_files import read_beginning
from questionnaire.records.cipher import OTHERS_MAY, KeyRing, KeysUnusable
from questionnaire.records.ledger import last_written_at
from questionnaire.records.sealing import in_trouble
from questionnaire.settings import Settings

QUEUE = "queue.db"
SQLITE_BEGINS = b"SQLite format 3\0"
LEAST_FREE = 1_000_000_000
"""Bytes; below this the disk counts as nearly full."""
CLOCK_MAY_LAG = timedelta(minutes=1)


class UnsafeToStart(Exception):  # noqa: N818  # the sentences are for whoever starts the program
    """The clinic is not opened to patients as it is; the text says why and how to mend it."""


Check = Callable[[House, Settings], Iterator[Finding]]


def self_check(house: House, settings: Settings, *, debug: bool = False) -> tuple[Finding, ...]:
    """Everything found in an open clinic, the grave first. `debug`: errors show their insides."""
    findings = [finding for check in CHECKS for finding in check(house, settings)]
    if debug:
        findings.append(
            Finding(
                "debug",
                grave=True,
                sentence="Debug mode is on: an error would show answers and keys to anybody.",
                mend="Take FLASK_DEBUG out of the environment.",
            )
        )
    return tuple(sorted(findings, key=lambda finding: not finding.grave))


def refuse_unsafe_start(house: House, settings: Settings, *, debug: bool) -> None:
    """Raises `UnsafeToStart` when something grave was found that cannot be mended from within."""
    found = self_check(house, settings, debug=debug)
    if grave := [each for each in found if each.keeps_closed]:
        raise UnsafeToStart(" ".join(f"{each.sentence} {each.mend}" for each in grave))


def accept_clock(house: House) -> None:
    """Write down that the clock is right now, although the ledger's last row lies ahead of it."""
    with house.database.write() as tx:
        house.note(tx, OPERATOR, "clock_accepted", LEDGER, last=str(last_written_at(tx)))


def _keys(house: House, settings: Settings) -> Iterator[Finding]:
    if house.database.ring.is_weak():
        yield Finding(
            "keys_weak",
            grave=True,
            sentence="A key was not drawn by chance: it can be guessed.",
            mend="Bring the keys back from their safe copy; keys are made by setup only.",
        )
    if not _keys_are_those_in_use(house, settings):
        yield Finding(
            "keys_replaced",
            grave=True,
            sentence=f"The key file in {settings.keys} is missing or was replaced by other or "
            "older keys. The program goes on with the keys it has.",
            mend="Bring the newest copy of this clinic's keys back before the next start.",
        )
    private = [settings.keys, *(path for path in settings.keys.rglob("*") if _is_private(path))]
    for path in private:
        with suppress(OSError):  # what leads nowhere, or is closed to this user, is open to nobody
            if not path.stat().st_mode & OTHERS_MAY:
                continue
            yield Finding(
                "keys_open",
                grave=True,
                sentence=f"{path} is open to other users of this machine.",
                mend=f"Close it: chmod go= {path}",
            )


def _keys_are_those_in_use(house: House, settings: Settings) -> bool:
    try:
        return KeyRing.load(settings.keys).may_follow(house.database.ring)
    except KeysUnusable:
        return False


def _is_private(path: Path) -> bool:
    return path.is_dir() or path.name.endswith((".key.pem", ".json"))


def _migration(house: House, settings: Settings) -> Iterator[Finding]:
    del settings
    if not house.database.is_up_to_date():
        yield Finding(
            "migration",
            grave=True,
            sentence="The tables are not those of this program.",
            mend="Stop every Candour on this data folder, then start this one again.",
        )


def _clock(house: House, settings: Settings) -> Iterator[Finding]:
    del settings
    with house.database.read() as tx:
        last = last_written_at(tx)
    if last is not None and house.clock() + CLOCK_MAY_LAG < last:
        yield Finding(
            "clock",
            grave=True,
            sentence=f"The clock is behind the ledger's last row ({last:%Y-%m-%d %H:%M} UTC).",
            mend="Set the clock right. If it is right now and was ahead then, say so once: "
            "flask --app app check --accept-clock",
        )


def _sealing(house: House, settings: Settings) -> Iterator[Finding]:
    del settings
    with house.database.read() as tx:
        failed = in_trouble(tx, house.clock())
    if failed:
        aside = sum(seal.is_set_aside for seal in failed)
        yield Finding(
            "sealing",
            grave=False,
            sentence=f"Signed consents that could not be sealed: {len(failed)}; set aside and not "
            f"tried again by themselves: {aside}.",
            mend="The first page of staff names each, with what to do and “Try again now”.",
        )


def _disk(house: House, settings: Settings) -> Iterator[Finding]:
    del house
    free = shutil.disk_usage(settings.data).free
    if free < LEAST_FREE:
        yield Finding(
            "disk",
            grave=False,
            sentence=f"The disk of {settings.data} is nearly full: {free // 1_000_000} MB free.",
            mend="Make room, or move the data folder to a larger disk.",
        )


def _left_behind(house: House, settings: Settings) -> Iterator[Finding]:
    """What an earlier program's restore left when it was cut off: nobody takes it away unasked."""
    del house
    for left in sorted(settings.data.glob(".restoring*")):
        yield Finding(
            "left_behind",
            grave=False,
            sentence=f"{left} was left by a restore that was cut off, or put there by somebody; "
            "it may hold copies of sealed documents, and is never used.",
            mend="Look at what it holds, then take it away.",
        )


def _queue(house: House, settings: Settings) -> Iterator[Finding]:
    del house
    queue = settings.data / QUEUE
    try:
        with tempfile.TemporaryFile(dir=settings.data):
            pass
        sound = not os.path.lexists(queue) or read_beginning(queue, 16) in {b"", SQLITE_BEGINS}
    except OSError:
        sound = False
    if not sound:
        yield Finding(
            "queue",
            grave=False,
            sentence=f"The queue {queue} cannot be used: consents are sealed a minute later.",
            mend="Let the program write to the folder and remove the file; it is made anew.",
        )


def _anchors(house: House, settings: Settings) -> Iterator[Finding]:
    del house
    if settings.anchors is None:
        sentence = "The ledger is anchored nowhere: rows cut off its end would not be noticed."
        mend = "Set CANDOUR_ANCHORS to a folder on another machine."
        yield Finding("anchors", grave=False, sentence=sentence, mend=mend)
        return
    try:
        read_anchors(settings.anchors)
    except AnchorsUnavailable as problem:
        mend = "Mount it, or set CANDOUR_ANCHORS to where it is now."
        yield Finding("anchors", grave=False, sentence=problem.sentence, mend=mend)


def _set_up(house: House, settings: Settings) -> Iterator[Finding]:
    del settings
    clinic = up_to_date(house).clinic
    if not clinic.is_set_up:
        left = ", ".join(PARTS[part] for part in clinic.left)
        yield Finding(
            NOT_SET_UP,
            grave=True,
            sentence=f"The clinic is not set up, and no visit can be arranged. Left: {left}.",
            mend="An administrator confirms each part under “Set up”.",
        )
        return
    with house.database.read() as tx:
        gone = [nobody_for(tx, part) for part in (Part.PRACTITIONER, Part.APPROVER)]
    for sentence in filter(None, gone):
        yield Finding("set_up_gone", grave=False, sentence=sentence, mend="See “Staff”.")


CHECKS: tuple[Check, ...] = (
    _keys,
    archive_is_whole,
    records_are_whole,
    _migration,
    _clock,
    certificates_in_force,
    certificates_of_documents,
    _sealing,
    _disk,
    _left_behind,
    _queue,
    _anchors,
    _set_up,
)
