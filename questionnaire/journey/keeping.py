"""What is looked after every day without anybody asking: the archive, the ledger and its anchor.

The worker calls `keep_house` every minute; what was not done since two in the night at the clinic
is done then, so a machine that is off at night does it in the morning. What was found stands in
the ledger; `archive_state` reads it for the one line of the staff's home page.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from questionnaire.archive.anchors import Anchor, AnchorsUnavailable, read_anchors, write_anchor
from questionnaire.archive.fixity import Findings, check
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.journey.strangers import strangers
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import Event, head, last_event, verify_ledger
from questionnaire.records.sealing import (
    first_sealed_at,
    sealed_count,
    sealed_files,
    unsealed_count,
)

KEEPER = Person("keeper", "Candour keeper", Role.SEALER)
OPERATOR = Person("operator", "Whoever runs the machine", Role.ADMINISTRATOR)
ARCHIVE, LEDGER, RECORDS = "archive", "ledger", "records"
CHECKED, SAMPLED = "archive_checked", "archive_sampled"
VERIFIED, ANCHORED = "ledger_verified", "ledger_anchored"
READ = "records_read"
NIGHT = time(2)
WHOLE_EVERY = timedelta(days=7)
DOCUMENTS_A_NIGHT = 20_000
"""Up to this many every document is read every night, more than that in turns."""
NAMES_KEPT = 200
LATE = timedelta(days=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What the staff's home page says of the archive in one line.

    Counts of documents: `sealed`, still `waiting` for the seal; `damaged`, `missing`, `unreadable`
    and `unknown` to the records at the last check. `checked_at` and `anchored_at` are None before
    the first time; `anchor_age` goes with it.
    """

    sealed: int
    waiting: int
    damaged: int
    missing: int
    unreadable: int
    unknown: int
    records_damaged: bool
    """Pages of the database were not as they were written when they were last read."""
    checked_at: datetime | None
    read: int
    """Documents read at the last check; `sealed_since` were sealed after it."""
    sealed_since: int
    ledger_problems: int
    anchored_at: datetime | None
    anchor_age: timedelta | None
    late: bool
    """A check, or an anchor that was made before, is more than two days old.

    A check that was never made is as old as the first sealed document.
    """

    @property
    def all_well(self) -> bool:
        """Green: every document is sealed, sound and looked after."""
        files = (self.damaged, self.missing, self.unreadable, self.unknown)
        return not any(
            (self.waiting, *files, self.ledger_problems, self.records_damaged, self.late)
        )


def archive_state(house: House) -> ArchiveState:
    """How the archive stands, from what was written down last: no document is read."""
    now = house.clock()
    with house.database.read() as tx:
        found = _last_check(tx)
        anchored = last_event(tx, LEDGER, ANCHORED)
        verified, damaged = last_event(tx, LEDGER, VERIFIED), records_were_damaged(tx)
        sealed, waiting = sealed_count(tx), unsealed_count(tx)
        since = sealed_count(tx, after=found.at) if found else 0
        checked_or_begun = found.at if found else first_sealed_at(tx)
    counts = found.detail if found else {}
    done = (checked_or_begun, anchored.at if anchored else None)
    return ArchiveState(
        sealed=sealed,
        waiting=waiting,
        damaged=_count(counts, "damaged"),
        missing=_count(counts, "missing"),
        unreadable=_count(counts, "unreadable"),
        unknown=_count(counts, "unknown"),
        records_damaged=damaged,
        checked_at=found.at if found else None,
        read=sum(_count(counts, name) for name in ("sound", "damaged")),
        sealed_since=since,
        ledger_problems=_count(verified.detail, "problems") if verified else 0,
        anchored_at=anchored.at if anchored else None,
        anchor_age=now - anchored.at if anchored else None,
        late=any(at is not None and now - at > LATE for at in done),
    )


def keep_house(house: House, anchors: Path | None) -> None:
    """Do what is due today; something that cannot be done now is tried again at the next call."""
    work: list[tuple[str, str, Callable[[], object]]] = [
        (RECORDS, READ, lambda: read_records(house)),
        (LEDGER, VERIFIED, lambda: verify_and_note(house, anchors)),
        (ARCHIVE, CHECKED, lambda: check_archive(house)),
    ]
    if anchors is not None:
        work.append((LEDGER, ANCHORED, lambda: anchor_ledger(house, anchors)))
    for subject, action, do in work:
        try:
            if is_due(house, subject, action):
                do()
        except Exception:
            log.exception("%s could not be done now; it will be tried again", action)


def check_archive(house: House, *, whole: bool = False, most: int = DOCUMENTS_A_NIGHT) -> Findings:
    """Read filed documents, compare them with what was sealed, and write down what was found.

    Every document when `whole`, once a week, or when there are no more than `most`; else `most`
    of them by lot. What was found wrong before is always looked at again. Raises
    `ShelfUnavailable`.
    """
    with house.database.read() as tx:
        expected = sealed_files(tx)
        last, last_whole = _last_check(tx), last_event(tx, ARCHIVE, CHECKED)
    known = _names(last)
    week_ago = house.clock() - WHOLE_EVERY
    weekly = last_whole is None or last_whole.at <= week_ago or len(known) >= NAMES_KEPT
    everything = whole or weekly or len(expected) <= most
    chosen = expected if everything else _drawn(house, expected, most, known)
    findings = check(house.shelf, chosen)
    strange = strangers(house)
    counts = {
        "damaged": len(findings.changed),
        "missing": len(findings.missing),
        "unreadable": len(findings.unreadable) + len(strange.unread),
        "unknown": len(strange.documents),
    }
    if any(counts.values()):
        wrong = ", ".join(f"{count} {what}" for what, count in counts.items())
        log.error("documents in the archive that are not as they should be: %s", wrong)
    with house.database.write() as tx:
        house.note(
            tx,
            KEEPER,
            CHECKED if everything else SAMPLED,
            ARCHIVE,
            sound=findings.ok,
            **counts,
            names=list(findings.wrong)[:NAMES_KEPT],
        )
    return findings


def read_records(house: House) -> tuple[str, ...]:
    """Read every page of the database and write down whether all are whole; the problems."""
    problems = house.database.damage()
    for problem in problems:
        log.error("%s", problem)
    with house.database.write() as tx:
        house.note(tx, KEEPER, READ, RECORDS, problems=len(problems))
    return problems


def records_were_damaged(tx: Transaction) -> bool:
    """Whether the database was found damaged when it was read last."""
    read = last_event(tx, RECORDS, READ)
    return read is not None and _count(read.detail, "problems") > 0


def ledger_problems(house: House, anchors: Path | None, *known: tuple[int, str]) -> tuple[str, ...]:
    """What is wrong with the ledger, also against the anchors in a folder and other known heads."""
    problems: tuple[str, ...] = ()
    if anchors is not None:
        try:
            found, unreadable = read_anchors(anchors)
        except AnchorsUnavailable as problem:
            found, unreadable, problems = (), (), (problem.sentence,)
        known = (*known, *((anchor.seq, anchor.mac) for anchor in found))
        problems += tuple(f"The anchor {name} cannot be read." for name in unreadable)
    with house.database.read() as tx:
        return (*verify_ledger(tx, *known), *problems)


def verify_and_note(house: House, anchors: Path | None) -> tuple[str, ...]:
    """Verify the ledger and write down how many problems were found; the problems."""
    problems = ledger_problems(house, anchors)
    for problem in problems[:NAMES_KEPT]:
        log.error("%s", problem)
    with house.database.write() as tx:
        words = list(problems[:NAMES_KEPT])
        house.note(tx, KEEPER, VERIFIED, LEDGER, problems=len(problems), words=words)
    return problems


def anchor_ledger(house: House, anchors: Path) -> Anchor | None:
    """Put the ledger's last mark into the folder; None while the ledger is empty.

    Raises `AnchorsUnavailable`.
    """
    with house.database.read() as tx:
        seq, mac = head(tx)
    if seq == 0:
        return None
    anchor = Anchor(seq, mac, house.clock())
    write_anchor(anchors, anchor)
    with house.database.write() as tx:
        house.note(tx, KEEPER, ANCHORED, LEDGER, row=seq)
    return anchor


def is_due(house: House, subject: str, action: str) -> bool:
    """Whether it was not done yet since the last two o'clock; nor in a future the clock left."""
    now = house.clock()
    local = now.astimezone(house.zone)
    night = datetime.combine(local.date(), NIGHT, local.tzinfo)
    if night > local:
        night -= timedelta(days=1)
    with house.database.read() as tx:
        last = _last_check(tx) if subject == ARCHIVE else last_event(tx, subject, action)
    return last is None or last.at < night or last.at > now


def _last_check(tx: Transaction) -> Event | None:
    checks = (last_event(tx, ARCHIVE, action) for action in (CHECKED, SAMPLED))
    return max((each for each in checks if each), key=lambda event: event.seq, default=None)


def _drawn(
    house: House, expected: tuple[tuple[str, str], ...], most: int, known: frozenset[str]
) -> list[tuple[str, str]]:
    """So many documents by lot, and those known to be wrong, in order."""
    lot = house.draw(16)
    drawn = sorted(expected, key=lambda file: sha256(lot + file[0].encode()).digest())[:most]
    return sorted({*drawn, *(file for file in expected if file[0] in known)})


def _names(event: Event | None) -> frozenset[str]:
    names: Any = event.detail.get("names", []) if event else []
    return frozenset(names)


def _count(detail: dict[str, object], name: str) -> int:
    count: Any = detail.get(name, 0)
    return int(count)
