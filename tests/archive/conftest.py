"""A shelf in a folder of its own, with a real cipher that binds a file to its name."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from questionnaire.archive.shelf import Shelf, ShelfMark, mark_shelf, no_fault

CIPHER = AESGCM(b"k" * 32)
NONCE_BYTES = 12


def encrypt(name: str, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + CIPHER.encrypt(nonce, plain, name.encode())


def decrypt(name: str, stored: bytes) -> bytes:
    try:
        return CIPHER.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], name.encode())
    except InvalidTag as problem:
        raise ValueError(name) from problem


@pytest.fixture
def shelf_with(tmp_path: Path) -> Callable[[Callable[[str], None]], Shelf]:
    """Builds a shelf that calls `fault` at each step."""
    mark_shelf(tmp_path / "shelf", ShelfMark())
    return lambda fault: Shelf(tmp_path / "shelf", encrypt, decrypt, fault)


@pytest.fixture
def shelf(shelf_with: Callable[[Callable[[str], None]], Shelf]) -> Shelf:
    return shelf_with(no_fault)
