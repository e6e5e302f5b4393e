"""The check names every document that is missing or not as it was filed."""

import hashlib

import pytest

from questionnaire.archive.fixity import Findings, check
from questionnaire.archive.shelf import MARKER, Shelf, ShelfUnavailable
from tests.faults.odd_files import KINDS, put

NAMES = [f"2031/03/record-{number}/consent.pdf" for number in range(5)]


def filed(shelf: Shelf) -> list[tuple[str, str]]:
    """Five documents on the shelf, with their hashes."""
    for name in NAMES:
        shelf.put(name, name.encode())
    return [(name, hashlib.sha256(name.encode()).hexdigest()) for name in NAMES]


def test_a_sound_shelf_has_nothing_to_report(shelf: Shelf) -> None:
    assert check(shelf, filed(shelf)) == Findings(ok=5, missing=(), changed=())


def test_nothing_expected_is_nothing_wrong(shelf: Shelf) -> None:
    assert check(shelf, []) == Findings(ok=0, missing=(), changed=())


@pytest.mark.guarantees("R12")
def test_removed_flipped_swapped_and_replaced_files_are_named(shelf: Shelf) -> None:
    expected = filed(shelf)
    paths = [shelf.folder / name for name in NAMES]
    for path in paths[1:]:
        path.chmod(0o600)
    paths[0].unlink()
    stored = paths[1].read_bytes()
    paths[1].write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))
    second, third = paths[2].read_bytes(), paths[3].read_bytes()
    paths[2].write_bytes(third)
    paths[3].write_bytes(second)
    paths[4].write_bytes(shelf.encrypt(NAMES[4], b"written by somebody with the key"))
    assert check(shelf, expected) == Findings(ok=0, missing=(NAMES[0],), changed=tuple(NAMES[1:]))


@pytest.mark.guarantees("R12")
@pytest.mark.parametrize("kind", KINDS)
def test_one_that_cannot_be_read_is_named_and_the_others_are_read(shelf: Shelf, kind: str) -> None:
    expected = filed(shelf)
    put(shelf.folder / NAMES[0], kind)
    (shelf.folder / NAMES[3]).unlink()
    (shelf.folder / NAMES[3]).touch()
    found = check(shelf, expected)
    assert found == Findings(3, missing=(), changed=(NAMES[3],), unreadable=(NAMES[0],))
    assert set(found.wrong) == {NAMES[0], NAMES[3]}


@pytest.mark.guarantees("R06")
def test_an_unmounted_shelf_is_not_reported_as_missing_documents(shelf: Shelf) -> None:
    expected = filed(shelf)
    (shelf.folder / MARKER).unlink()
    with pytest.raises(ShelfUnavailable):
        check(shelf, expected)
