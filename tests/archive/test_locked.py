"""Files locked to a public key: they open with its private half, whole, or not at all."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.archive.backup import BackupRefused
from questionnaire.archive.locked import (
    Lock,
    load_lock,
    load_unlocking,
    lock_file,
    unlock_file,
)

pytestmark = pytest.mark.guarantees("S56")
KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
LOCK = Lock(KEY.public_key())
PIECE = 1 << 20
SEALED = 1 + len(b"candour-locked-1") + 80


def locked(folder: Path, content: bytes) -> Path:
    target = folder / "records.db.locked"
    lock_file(BytesIO(content), target, LOCK)
    return target


def unlocked(path: Path, key: X25519PrivateKey = KEY) -> bytes:
    opened = path.with_name("opened")
    opened.unlink(missing_ok=True)
    try:
        unlock_file(path, opened, key)
    except BackupRefused:
        assert not opened.exists(), "nothing is left of what does not open"
        raise
    return opened.read_bytes()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_locked_opens_the_same(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(1_000)) * (size // 1_000 + 1)
    path = locked(tmp_path, content[:size])
    assert path.stat().st_mode & 0o077 == 0
    assert unlocked(path) == content[:size]


def test_the_same_content_is_never_locked_alike(tmp_path: Path) -> None:
    first, second = (locked(tmp_path, b"words" * 100).read_bytes() for _ in range(2))
    assert first != second
    assert b"words" not in first


@settings(max_examples=60)
@given(place=st.integers(0, SEALED + 200 + 15), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = locked(tmp_path_factory.mktemp("bit"), b"w" * 200)
    content = bytearray(path.read_bytes())
    assert len(content) == SEALED + 200 + 16
    content[place] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(BackupRefused):
        unlocked(path)


@pytest.mark.parametrize(
    ("order", "cut"),
    [
        pytest.param((0, 2, 1, 3), 0, id="moved"),
        pytest.param((0, 1, 3), 0, id="missing"),
        pytest.param((0, 1, 2), 0, id="cut off at a piece"),
        pytest.param((0, 1, 2, 3), 1, id="cut off inside"),
        pytest.param((0, 1, 2, 3, 3), 0, id="twice"),
        pytest.param((0,), 0, id="only the head"),
        pytest.param((0,), 80, id="not even that"),
    ],
)
def test_pieces_keep_their_number_and_their_end(
    tmp_path: Path, order: tuple[int, ...], cut: int
) -> None:
    path = locked(tmp_path, b"x" * (2 * PIECE + 5))
    content, size = path.read_bytes(), PIECE + 16
    ends = (0, SEALED, SEALED + size, SEALED + 2 * size, len(content))
    pieces = [content[start:end] for start, end in pairwise(ends)]
    spoiled = b"".join(pieces[number] for number in order)
    path.write_bytes(spoiled[: len(spoiled) - cut])
    with pytest.raises(BackupRefused):
        unlocked(path)


def test_another_key_or_another_name_opens_nothing(tmp_path: Path) -> None:
    path = locked(tmp_path, b"words")
    with pytest.raises(BackupRefused, match="does not open with this key"):
        unlocked(path, X25519PrivateKey.generate())
    renamed = path.rename(tmp_path / "records-of-another-day.db.locked")
    with pytest.raises(BackupRefused):
        unlocked(renamed)


def test_keys_are_read_from_pem_and_others_refused(tmp_path: Path) -> None:
    public, private, other = (tmp_path / name for name in ("public", "private", "other"))
    pem, plain = Encoding.PEM, NoEncryption()
    spki = PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(KEY.public_key().public_bytes(pem, spki))
    private.write_bytes(KEY.private_bytes(pem, PrivateFormat.PKCS8, plain))
    assert load_lock(public).name == LOCK.name
    assert load_unlocking(private).public_key() == KEY.public_key()
    signing = Ed25519PrivateKey.generate()
    for load, wrong in (
        (load_lock, signing.public_key().public_bytes(pem, spki)),
        (load_unlocking, signing.private_bytes(pem, PrivateFormat.PKCS8, plain)),
        (load_lock, private.read_bytes()),
        (load_unlocking, public.read_bytes()),
        (load_lock, b""),
    ):
        other.write_bytes(wrong)
        with pytest.raises(BackupRefused, match=r"other is not an? "):
            load(other)
    for load in (load_lock, load_unlocking):
        with pytest.raises(BackupRefused):
            load(tmp_path / "nowhere")
