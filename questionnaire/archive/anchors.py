"""Anchors: the ledger's last row noted down in a folder that others look after.

Each is a file of its own with one line of JSON, `{"at": time, "mac": hash, "seq": number}`, and is
never written again. Whoever cuts rows off the ledger would have to find every copy of these.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from questionnaire.domain.errors import Refusal
from questionnaire.ordinary_files import NOTE, read_words

PATTERN = "ledger-*.json"
HASH_DIGITS = 64


class AnchorsUnavailable(Refusal):
    """The folder for anchors is not there or refuses; the sentence says which."""

    status = 503


@dataclass(frozen=True, slots=True)
class Anchor:
    """The ledger's last row at a moment: its number and its keyed hash (64 hex digits)."""

    seq: int
    mac: str
    at: datetime


def write_anchor(folder: Path, anchor: Anchor) -> Path:
    """Put the anchor into the folder for good; gives its file. Raises `AnchorsUnavailable`."""
    line = {"at": anchor.at.isoformat(), "mac": anchor.mac, "seq": anchor.seq}
    path = folder / f"ledger-{anchor.at:%Y%m%dT%H%M%S%fZ}-{anchor.seq}.json"
    draft = folder / f".{path.name}"
    try:
        with draft.open("x", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise AnchorsUnavailable(f"The folder for anchors, {folder}, refuses: {why}.") from problem
    return path


def read_anchors(folder: Path) -> tuple[tuple[Anchor, ...], tuple[str, ...]]:
    """The anchors in the folder, oldest first, and the names of files that cannot be read as one.

    Raises `AnchorsUnavailable` when there is no such folder.
    """
    if not folder.is_dir():
        raise AnchorsUnavailable(f"The folder for anchors, {folder}, is not there.")
    anchors: list[Anchor] = []
    unreadable: list[str] = []
    for path in sorted(folder.glob(PATTERN)):
        try:
            anchors.append(_anchor_from(read_words(path, NOTE, "ascii")))
        except (OSError, ValueError, KeyError, TypeError):
            unreadable.append(path.name)
    return tuple(sorted(anchors, key=lambda anchor: anchor.at)), tuple(unreadable)


def _anchor_from(line: str) -> Anchor:
    written = json.loads(line)
    at = datetime.fromisoformat(written["at"]).astimezone(UTC)
    anchor = Anchor(int(written["seq"]), str(written["mac"]), at)
    if anchor.seq < 1 or len(anchor.mac) != HASH_DIGITS:
        raise ValueError(line)
    return anchor
