"""The clinic's keys, and sealing and opening of what is stored under them.

Four separate keys: the database file, the fields inside it (versioned, so that a new one can be
taken into use while old rows stay readable), the ledger, and codes. They live in one file outside
the data folder; without it nothing can be read.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from questionnaire.ordinary_files import open_draft, read_words

FILE_NAME = "records.json"
KEY_BYTES = 32
NONCE_BYTES = 12
VERSION_BYTES = 2
OTHERS_MAY = 0o077
FEWEST_BYTES = 16
"""Different byte values in a key; a drawn one of 32 bytes has about 30, never under 16."""
SHELF = "shelf"
"""The table that stands for the archive shelf; its files keep the key they were sealed with."""


class KeysUnusable(Exception):  # noqa: N818  # the sentence is for whoever starts the program
    """The key file is missing, damaged or open to others; the sentence says which."""


class Tampered(ValueError):  # noqa: N818  # it names what happened
    """Stored bytes were changed, moved to another place, or sealed under a key we do not have."""


def canonical(body: object) -> bytes:
    """`body` as the same UTF-8 JSON bytes every time: sorted keys, no spaces, no NaN."""
    text = json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys in use. `field_keys` maps version to key; the highest version seals.

    `shelf_keys` are older ones that open nothing but files on the archive shelf, which are written
    once. Never prints its keys.
    """

    database_key: bytes
    ledger_key: bytes
    code_key: bytes
    field_keys: Mapping[int, bytes]
    shelf_keys: Mapping[int, bytes] = field(default_factory=dict)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Draw new keys and keep them in `folder` (made if needed, closed to others).

        Raises `KeysUnusable` when keys are there already: they are never replaced.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        drawn = [secrets.token_bytes(KEY_BYTES) for _ in range(4)]
        ring = cls(drawn[0], drawn[1], drawn[2], {1: drawn[3]})
        _write(ring, folder, replacing=False)
        return ring

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The keys kept in `folder`. Raises `KeysUnusable` with one clear sentence."""
        path = folder / FILE_NAME
        try:
            if not path.is_file():
                sentence = f"There is no key file at {path}. Restore it from its safe copy."
                raise KeysUnusable(sentence)
            for place in (folder, path):
                if place.stat().st_mode & OTHERS_MAY:
                    sentence = f"{place} is open to other users. Close it: chmod go= {place}"
                    raise KeysUnusable(sentence)
            written = json.loads(read_words(path))
            ring = cls(
                bytes.fromhex(written["database"]),
                bytes.fromhex(written["ledger"]),
                bytes.fromhex(written["codes"]),
                _versions(written["fields"]),
                _versions(written.get("shelf", {})),
            )
        except OSError as problem:
            why = (problem.strerror or str(problem)).lower()
            raise KeysUnusable(f"The key file {path} cannot be read: {why}.") from problem
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise KeysUnusable(f"The key file {path} is damaged. Restore it.") from problem
        if {len(key) for key in ring._all_keys()} != {KEY_BYTES} or not ring.field_keys:
            raise KeysUnusable(f"The key file {path} is damaged. Restore it.")
        return ring

    @property
    def clinic_id(self) -> str:
        """The clinic's id, 32 hex digits: drawn with its keys, and the same as long as they live.

        Records and archive carry it too, so that parts of two clinics are never taken for one.
        """
        return self.code_hash("clinic")[:32]

    def key_check(self, version: int) -> str:
        """What tells one field key from another of the same version: a keyed hash, 64 hex digits.

        Raises `KeyError` for a version that is not among `field_keys`.
        """
        return hmac.new(self.field_keys[version], b"key check", hashlib.sha256).hexdigest()

    def may_follow(self, earlier: "KeyRing") -> bool:
        """Whether this can be an `earlier` ring after some time: the same keys, some newer.

        Only field keys are renewed. Keys never go back to an older state, and never change.
        """
        before = {**earlier.shelf_keys, **earlier.field_keys}
        after = {**self.shelf_keys, **self.field_keys}
        return (
            self.clinic_id == earlier.clinic_id
            and self.database_key == earlier.database_key
            and self.ledger_key == earlier.ledger_key
            and all(after[version] == before[version] for version in after.keys() & before.keys())
            and max(self.field_keys) >= max(earlier.field_keys)
        )

    def is_weak(self) -> bool:
        """Whether a key was not drawn by chance: few different bytes, or used twice."""
        keys = self._all_keys()
        return len({*keys}) < len(keys) or any(len({*key}) < FEWEST_BYTES for key in keys)

    def renewed(self, folder: Path) -> Self:
        """A ring with one more field key, kept in `folder`; what older keys sealed still opens."""
        version = max(*self.field_keys, *self.shelf_keys, 0) + 1
        fields = {**self.field_keys, version: secrets.token_bytes(KEY_BYTES)}
        ring = replace(self, field_keys=fields)
        _write(ring, folder, replacing=True)
        return ring

    def retired(self, folder: Path, on_shelf: Container[int]) -> Self:
        """A ring whose newest field key is the only one, kept in `folder`.

        Older keys with a version in `on_shelf` go on opening files of the shelf; others are gone.
        """
        newest = max(self.field_keys)
        older = {**self.shelf_keys, **self.field_keys}
        ring = replace(
            self,
            field_keys={newest: self.field_keys[newest]},
            shelf_keys={v: key for v, key in older.items() if v != newest and v in on_shelf},
        )
        _write(ring, folder, replacing=True)
        return ring

    def remembering(self, earlier: "KeyRing") -> Self:
        """This ring, still opening what the keys of an `earlier` one sealed."""
        return replace(
            self,
            field_keys={**earlier.field_keys, **self.field_keys},
            shelf_keys={**earlier.shelf_keys, **self.shelf_keys},
        )

    def seal(self, plain: bytes, *, table: str, column: str, row: str) -> bytes:
        """`plain` encrypted for one place: it opens nowhere else (key version first)."""
        version = max(self.field_keys)
        nonce = secrets.token_bytes(NONCE_BYTES)
        place = canonical([table, column, row, version])
        sealed = AESGCM(self.field_keys[version]).encrypt(nonce, plain, place)
        return version.to_bytes(VERSION_BYTES) + nonce + sealed

    def open(self, blob: bytes, *, table: str, column: str, row: str) -> bytes:
        """What `seal` was given. Raises `Tampered` when the bytes or their place changed."""
        version = sealed_version(blob)
        nonce = blob[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES]
        key = self.field_keys.get(version)
        if key is None and table == SHELF:
            key = self.shelf_keys.get(version)
        if key is None or len(nonce) < NONCE_BYTES:
            raise Tampered(f"{table}.{column} cannot be opened: its key is unknown.")
        place = canonical([table, column, row, version])
        try:
            return AESGCM(key).decrypt(nonce, blob[VERSION_BYTES + NONCE_BYTES :], place)
        except InvalidTag as problem:
            raise Tampered(f"{table}.{column} was changed or moved.") from problem

    def seal_body(
        self, body: Mapping[str, object], *, table: str, row: str, column: str = "body"
    ) -> bytes:
        """A JSON-able `body`, canonical and sealed for its place."""
        return self.seal(canonical(body), table=table, column=column, row=row)

    def open_body(
        self, blob: bytes, *, table: str, row: str, column: str = "body"
    ) -> dict[str, object]:
        """The body `seal_body` was given."""
        opened = json.loads(self.open(blob, table=table, column=column, row=row))
        if not isinstance(opened, dict):
            raise Tampered(f"{table}.{column} does not hold a body.")
        return opened

    def code_hash(self, text: str) -> str:
        """A keyed hash (64 hex digits) under which a code, token or address is looked up."""
        return hmac.new(self.code_key, text.encode(), hashlib.sha256).hexdigest()

    def ledger_mac(self, message: bytes) -> str:
        """The keyed hash (64 hex digits) that chains the ledger."""
        return hmac.new(self.ledger_key, message, hashlib.sha256).hexdigest()

    def _all_keys(self) -> tuple[bytes, ...]:
        versions = (*self.field_keys.values(), *self.shelf_keys.values())
        return (self.database_key, self.ledger_key, self.code_key, *versions)


def sealed_version(blob: bytes) -> int:
    """The version of the field key that sealed `blob`; its first bytes are enough."""
    return int.from_bytes(blob[:VERSION_BYTES])


def sync_folder(folder: Path) -> None:
    """Make names just written in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _versions(written: Mapping[str, str]) -> dict[int, bytes]:
    return {int(version): bytes.fromhex(key) for version, key in written.items()}


def _write(ring: KeyRing, folder: Path, *, replacing: bool) -> None:
    """Put the file there whole or not at all."""
    written = {
        "database": ring.database_key.hex(),
        "ledger": ring.ledger_key.hex(),
        "codes": ring.code_key.hex(),
        "fields": {str(version): key.hex() for version, key in ring.field_keys.items()},
        "shelf": {str(version): key.hex() for version, key in ring.shelf_keys.items()},
    }
    path, draft = folder / FILE_NAME, folder / f".{FILE_NAME}.{os.getpid()}"
    descriptor = open_draft(draft)
    with os.fdopen(descriptor, "wb") as file:
        file.write(canonical(written))
        file.flush()
        os.fsync(file.fileno())
    try:
        if replacing:
            draft.replace(path)
        else:
            path.hardlink_to(draft)
    except FileExistsError as problem:
        raise KeysUnusable(f"There are keys at {path} already; they stay.") from problem
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
