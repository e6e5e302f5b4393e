"""A backup's folder: encrypted copies and a manifest of their hashes, and whether all is there.

It holds one database copy for each backup (`records-TIME.db`), the shelf's files as they are, and
a manifest for each backup (`manifest-TIME.json`). Keys are never in it.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from questionnaire.archive.shelf import LARGEST, MARKER
from questionnaire.archive.shelf import NAME as DOCUMENT
from questionnaire.domain.errors import NotFound, Refusal
from questionnaire.ordinary_files import (
    holds_file,
    open_draft,
    opened_file,
    read_words,
)

SHELF_FOLDER = "shelf"
SUFFIX = ".locked"
"""What the names of files end in that are locked once more (`archive.locked`)."""
RECORDS = re.compile(r"records-[0-9]{8}T[0-9]{6}Z\.db(\.locked)?")
CHUNK = 1 << 20
LOCKED_ADDS = 1_000_000
"""Bytes, more than a lock adds to a file of the shelf."""
LARGEST_MANIFEST = 256_000_000
"""Bytes of a list of files: some 150 for each document."""


class BackupRefused(Refusal):
    """The backup cannot be made or used like this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one backup consists of: each file's path in the folder and its SHA-256 in hex.

    `ledger` is the number and hash of the ledger's last row in the database copy. `locked_to`
    names the key the files are locked to (`archive.locked`); empty when they are as on the shelf.
    """

    at: datetime
    database: str
    ledger: tuple[int, str]
    files: Mapping[str, str]
    locked_to: str = ""


def stamp(at: datetime) -> str:
    """A time as it stands in file names."""
    return f"{at:%Y%m%dT%H%M%SZ}"


def file_sha256(path: Path, most: int | None = None) -> str:
    """The SHA-256 of an ordinary file, in hex. Raises `OSError`, also above `most` bytes."""
    digest = sha256()
    with opened_file(path, most) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def keep_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, closed to others; the very same content stays as it is."""
    if not holds_file(path, content):
        keep_pieces(path, (content,))


def keep_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file of these pieces whole or not at all, closed to others."""
    _make_folders(path.parent)
    draft = path.with_name(f".{path.name}.draft")
    descriptor = open_draft(draft)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _make_folders(folder: Path) -> None:
    """Each missing folder, closed to others."""
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Put the manifest beside what it lists; its path. A backup without one does not count."""
    body = {
        "at": manifest.at.isoformat(),
        "database": manifest.database,
        "ledger": list(manifest.ledger),
        "files": dict(manifest.files),
        "locked_to": manifest.locked_to,
    }
    path = folder / f"manifest-{stamp(manifest.at)}.json"
    keep_file(path, json.dumps(body, indent=1, sort_keys=True).encode())
    return path


def newest_manifest(folder: Path) -> Manifest:
    """The manifest of the last backup in the folder. Raises `NotFound` or `BackupRefused`."""
    paths = sorted(folder.glob("manifest-*.json"))
    if not paths:
        raise NotFound(f"There is no backup in {folder}.")
    try:
        body = json.loads(read_words(paths[-1], LARGEST_MANIFEST))
        seq, mac = body["ledger"]
        at = datetime.fromisoformat(body["at"]).astimezone(UTC)
        files = {_inside(name): str(digest) for name, digest in body["files"].items()}
        locked_to = str(body.get("locked_to", ""))
        database = next(name for name in files if name == body["database"])
        return Manifest(at, database, (int(seq), str(mac)), files, locked_to)
    except OSError as problem:
        raise BackupRefused(f"{paths[-1]} cannot be read. Use another backup.") from problem
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as problem:
        raise BackupRefused(f"{paths[-1]} is damaged. Use another backup.") from problem


def _inside(name: str) -> str:
    """The name of a file that a backup can have. Raises `ValueError`: no other place is reached."""
    if RECORDS.fullmatch(name) or (
        name.startswith(f"{SHELF_FOLDER}/")
        and DOCUMENT.fullmatch(name.removeprefix(f"{SHELF_FOLDER}/").removesuffix(SUFFIX))
    ):
        return name
    raise ValueError(name)


def backup_problems(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """A sentence for each file that is missing or not as it was written."""
    problems: list[str] = []
    if not (folder / SHELF_FOLDER / MARKER).is_file():
        problems.append(f"{SHELF_FOLDER}/{MARKER} is missing.")
    for name, digest in sorted(manifest.files.items()):
        path = folder / name
        try:
            most = None if RECORDS.fullmatch(name) else LARGEST + LOCKED_ADDS
            if file_sha256(path, most) != digest:
                problems.append(f"{name} was changed.")
        except FileNotFoundError:
            problems.append(f"{name} is missing.")
        except OSError:
            problems.append(f"{name} cannot be read.")
    return tuple(problems)
