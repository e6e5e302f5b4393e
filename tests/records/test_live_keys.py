"""Every program sees a new key at once, and still opens what it was reading."""

from pathlib import Path

import pytest

from questionnaire.records.cipher import FILE_NAME, SHELF, KeyRing, KeysUnusable, Tampered
from questionnaire.records.live_keys import LiveKeys

PLACE = {"table": "answers", "column": "body", "row": "visit-1"}
FILE = {"table": SHELF, "column": "file", "row": "2031/03/record-1/consent.pdf"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    KeyRing.create(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.mark.guarantees("S40")
def test_a_new_key_is_used_without_starting_again(folder: Path) -> None:
    keys = LiveKeys(folder)
    before = keys().seal(b"words", **PLACE)
    KeyRing.load(folder).renewed(folder)
    after = keys().seal(b"words", **PLACE)
    assert (before[:2], after[:2]) == (b"\0\1", b"\0\2")
    assert [keys().open(blob, **PLACE) for blob in (before, after)] == [b"words"] * 2


@pytest.mark.guarantees("S40")
def test_a_retired_key_opens_only_the_shelf_and_one_without_use_nothing(folder: Path) -> None:
    old = KeyRing.load(folder)
    row, file = old.seal(b"words", **PLACE), old.seal(b"words", **FILE)
    kept = old.renewed(folder).retired(folder, on_shelf={1})
    assert KeyRing.load(folder) == kept
    assert kept.open(file, **FILE) == b"words"
    with pytest.raises(Tampered, match="its key is unknown"):
        kept.open(row, **PLACE)
    gone = kept.retired(folder, on_shelf={2})
    assert (dict(gone.shelf_keys), list(gone.field_keys)) == ({}, [2])
    with pytest.raises(Tampered, match="its key is unknown"):
        gone.open(file, **FILE)


def test_a_version_is_never_used_twice(folder: Path) -> None:
    ring = KeyRing.load(folder).renewed(folder).retired(folder, on_shelf={1})
    assert list(ring.renewed(folder).field_keys) == [2, 3]


@pytest.mark.guarantees("S40")
def test_whoever_is_still_reading_opens_rows_of_a_retired_key(folder: Path) -> None:
    keys = LiveKeys(folder)
    row = keys().seal(b"words", **PLACE)
    KeyRing.load(folder).renewed(folder).retired(folder, on_shelf=())
    assert keys().open(row, **PLACE) == b"words"
    assert keys().seal(b"words", **PLACE)[:2] == b"\0\2"
    with pytest.raises(Tampered):
        LiveKeys(folder)().open(row, **PLACE)


def test_a_file_that_goes_missing_later_stops_nobody_at_work(folder: Path) -> None:
    keys = LiveKeys(folder)
    row = keys().seal(b"words", **PLACE)
    (folder / FILE_NAME).unlink()
    assert keys().open(row, **PLACE) == b"words"
    with pytest.raises(KeysUnusable, match="There is no key file"):
        LiveKeys(folder)
