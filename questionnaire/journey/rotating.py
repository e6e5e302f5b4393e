"""A new key for what is stored, while the clinic goes on working.

The new key is used for everything from the first step on; older rows are sealed anew in batches.
The older keys go only when no row needs them any more. Files on the shelf are written once and
keep the key they were sealed with; such a key then opens nothing else. A program that is killed
anywhere simply starts again and finds what is left.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaire.archive.shelf import CannotBeRead
from questionnaire.domain.errors import NotFound, Refusal
from questionnaire.journey.approvals import approvers
from questionnaire.journey.house import House
from questionnaire.journey.keeping import OPERATOR
from questionnaire.records.approvals import Kind, approved_requests, use_approval
from questionnaire.records.cipher import VERSION_BYTES, KeyRing, sealed_version
from questionnaire.records.clinic_identity import remember_newest_key
from questionnaire.records.database import NotSaved
from questionnaire.records.ledger import verify_ledger
from questionnaire.records.rotation import (
    SEALED_COLUMNS,
    Batch,
    SealedColumn,
    rows_that_do_not_open,
    rows_under_older_keys,
    seal_batch_anew,
)
from questionnaire.records.sealing import unsealed_count

SUBJECT = "keys"
TURNS_MISSED = 20
TWO = 2
log = logging.getLogger(__name__)


class RotationStopped(Refusal):
    """Not everything could be sealed anew, or the ledger is not whole; the older keys stay."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: versions of keys, and how many rows this run sealed anew.

    `on_shelf` are older keys that go on opening files of the archive; `removed` are gone.
    """

    version: int
    rows: int
    on_shelf: tuple[int, ...]
    removed: tuple[int, ...]


def _go_on() -> None:
    """What happens between two batches when nobody asks for more: nothing."""


def allow_rotation(house: House, keys: Path, alone: str = "") -> None:
    """Take up the newest approved request for new keys; finishing an earlier run needs none.

    Where fewer than two people may approve, or with a reason to do it `alone`, the ledger says so
    instead. Raises `RotationStopped` when nobody approved.
    """
    if len(KeyRing.load(keys).field_keys) > 1:
        return
    with house.database.write() as tx:
        approved = next((one.id for one in approved_requests(tx, Kind.KEYS)), None)
        if approved and use_approval(tx, approved, house.clock()):
            house.note(tx, OPERATOR, "keys_approved", SUBJECT, approval=approved)
        elif alone or approvers(tx) < TWO:
            house.note(tx, OPERATOR, "keys_changed_alone", SUBJECT, reason=alone or "nobody else")
        else:
            raise RotationStopped(
                "Nobody approved new keys. Ask for them on the page “Approvals”, and let somebody "
                "else approve; when it cannot wait, give --alone and your reason."
            )


def rotate_keys(house: House, keys: Path, after_batch: Callable[[], None] = _go_on) -> Rotated:
    """Take a new field key into use, or finish what an earlier run began.

    `keys` is the folder of the key ring; `after_batch` is called between two batches. Raises
    `Tampered` for a row that does not open and `RotationStopped`; then all keys stay.
    """
    _begin(house, keys)
    rows = sum(_seal_anew(house, column, after_batch) for column in SEALED_COLUMNS)
    _verify(house, KeyRing.load(keys), rows)
    return _finish(house, keys, rows)


def _begin(house: House, keys: Path) -> None:
    """Make the new key unless one is being taken into use already."""
    with house.database.write() as tx:
        ring = KeyRing.load(keys)
        resumed = len(ring.field_keys) > 1
        newest = ring if resumed else ring.renewed(keys)
        version = max(newest.field_keys)
        if max(tx.ring.field_keys) != version:
            raise RotationStopped("The records are not sealed with the keys of this folder.")
        remember_newest_key(tx)
        house.note(tx, OPERATOR, "keys_rotation_begun", SUBJECT, version=version, resumed=resumed)


def _seal_anew(house: House, column: SealedColumn, after_batch: Callable[[], None]) -> int:
    rows, last = 0, 0
    while True:
        batch = _batch(house, column, last)
        if batch.last is None:
            return rows
        rows, last = rows + batch.rows, batch.last
        after_batch()


def _batch(house: House, column: SealedColumn, last: int) -> Batch:
    """One batch; when many others are saving, it waits for its turn again and again."""
    for _ in range(TURNS_MISSED):
        try:
            with house.database.write() as tx:
                return seal_batch_anew(tx, column, last)
        except NotSaved:
            log.warning("a batch got no turn; it is tried again")
    raise RotationStopped("The records are too busy now: all keys stay. Rotate again later.")


def _verify(house: House, ring: KeyRing, rows: int) -> None:
    """Open every row with the new key alone, and say in the ledger that all of them do."""
    version = max(ring.field_keys)
    older = sorted({*ring.field_keys} - {version})
    alone = replace(ring, field_keys={version: ring.field_keys[version]})
    with house.database.read() as tx:
        problems = (*rows_that_do_not_open(tx, alone), *verify_ledger(tx))
    if problems:
        raise RotationStopped(
            f"All keys stay, because {len(problems)} things are not as they should be. "
            f"The first: {problems[0]}"
        )
    with house.database.write() as tx:
        house.note(tx, OPERATOR, "keys_rotated", SUBJECT, version=version, older=older, rows=rows)


def _finish(house: House, keys: Path, rows: int) -> Rotated:
    """Take the older keys out of the file, while nobody else can write.

    While a document waits for its seal a file may be on its way to the shelf, so all are kept; as
    they are while a file there cannot be read.
    """
    with house.database.write() as tx:
        if rows_under_older_keys(tx):
            raise RotationStopped("A row came back that needs an older key: all keys stay.")
        ring = KeyRing.load(keys)
        before = {*ring.field_keys, *ring.shelf_keys}
        needed = before if unsealed_count(tx) else _versions_on_shelf(house, before)
        kept = ring.retired(keys, needed)
    removed = before - {*kept.field_keys, *kept.shelf_keys}
    return Rotated(
        version=max(kept.field_keys),
        rows=rows,
        on_shelf=tuple(sorted(kept.shelf_keys)),
        removed=tuple(sorted(removed)),
    )


def _versions_on_shelf(house: House, every: set[int]) -> set[int]:
    """Which keys sealed the files of the archive; `every` key when one of them cannot be read.

    Raises `ShelfUnavailable`.
    """
    shelf = house.shelf
    try:
        return {sealed_version(shelf.stored(name, VERSION_BYTES)) for name in shelf.names()}
    except (CannotBeRead, NotFound):
        return every
