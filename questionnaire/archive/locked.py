"""Files locked to a public key, so that the machine that wrote them cannot read them again.

A locked file begins with a content key of its own, sealed to the public key (HPKE, RFC 9180:
X25519, HKDF-SHA256, AES-256-GCM) and bound to the file's name. Pieces of a megabyte follow, each
under AES-256-GCM; its nonce is its number and whether it is the last, so that a piece that is
changed, moved, missing or cut off does not open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from questionnaire.archive.backup import BackupRefused, keep_pieces
from questionnaire.ordinary_files import NOTE, opened_file, read_file

_HEAD: Final = b"candour-locked-1\n"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SEALED_KEY_BYTES: Final = 80
_KEY_BITS: Final = 256
_PIECE: Final = 1 << 20
_TAG: Final = 16


@dataclass(frozen=True, slots=True)
class Lock:
    """The public half of a key. `name` tells it from others: 16 hexadecimal digits."""

    key: X25519PublicKey

    @property
    def name(self) -> str:
        """The beginning of the SHA-256 of the key."""
        return sha256(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def load_lock(path: Path) -> Lock:
    """The public key in a PEM file. Raises `BackupRefused`."""
    try:
        key = load_pem_public_key(read_file(path, NOTE))
    except (OSError, ValueError) as problem:
        raise BackupRefused(f"{path} is not a public key in PEM.") from problem
    if not isinstance(key, X25519PublicKey):
        raise BackupRefused(f"{path} is not an X25519 public key.")
    return Lock(key)


def load_unlocking(path: Path) -> X25519PrivateKey:
    """The private key in a PEM file. Raises `BackupRefused`."""
    try:
        key = load_pem_private_key(read_file(path, NOTE), password=None)
    except (OSError, ValueError, TypeError) as problem:
        raise BackupRefused(f"{path} is not a private key in PEM without a password.") from problem
    if not isinstance(key, X25519PrivateKey):
        raise BackupRefused(f"{path} is not an X25519 private key.")
    return key


def lock_file(source: BinaryIO, target: Path, lock: Lock) -> None:
    """Write what `source` holds, locked, to `target`: whole or not at all."""
    content_key = AESGCM.generate_key(_KEY_BITS)
    sealed = _SUITE.encrypt(content_key, lock.key, info=_info(target.name))
    keep_pieces(target, _locked(_HEAD + sealed, source, AESGCM(content_key)))


def unlock_file(source: Path, target: Path, key: X25519PrivateKey) -> None:
    """Write what a locked file holds to `target`.

    Raises `BackupRefused` when it does not open with this key or was changed.
    """
    try:
        with opened_file(source) as file:
            keep_pieces(target, _unlocked(file, key, source.name))
    except (InvalidTag, ValueError) as problem:
        sentence = f"{source.name} does not open with this key, or was changed."
        raise BackupRefused(sentence) from problem


def _info(name: str) -> bytes:
    return _HEAD + name.encode()


def _locked(head: bytes, source: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    yield head
    for nonce, piece in _numbered(_pieces(source, _PIECE)):
        yield cipher.encrypt(nonce, piece, None)


def _unlocked(file: BinaryIO, key: X25519PrivateKey, name: str) -> Iterator[bytes]:
    if file.read(len(_HEAD)) != _HEAD:
        raise ValueError("no locked file")
    cipher = AESGCM(_SUITE.decrypt(file.read(_SEALED_KEY_BYTES), key, info=_info(name)))
    for nonce, piece in _numbered(_pieces(file, _PIECE + _TAG)):
        yield cipher.decrypt(nonce, piece, None)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """At least one piece, also of an empty file."""
    yield file.read(size)
    while piece := file.read(size):
        yield piece


def _numbered(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each piece with its nonce: eleven bytes for its number, one for whether it is the last."""
    ahead = iter(pieces)
    piece, number = next(ahead), 0
    for following in ahead:
        yield number.to_bytes(11, "big") + b"\0", piece
        piece, number = following, number + 1
    yield number.to_bytes(11, "big") + b"\1", piece
