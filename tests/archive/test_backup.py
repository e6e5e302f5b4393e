"""A backup's folder says itself whether everything in it is as it was written."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from questionnaire.archive.backup import (
    BackupRefused,
    Manifest,
    backup_problems,
    file_sha256,
    keep_file,
    newest_manifest,
    write_manifest,
)
from questionnaire.archive.shelf import MARKER, ShelfMark, mark_shelf
from questionnaire.domain.errors import NotFound

AT = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
NAMES = ("records-20310304T093000Z.db", "shelf/2031/03/record-1/consent.pdf")


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """A backup of two files."""
    for name in NAMES:
        keep_file(tmp_path / name, name.encode())
    files = {name: file_sha256(tmp_path / name) for name in NAMES}
    made = Manifest(AT, NAMES[0], (7, "a" * 64), files)
    write_manifest(tmp_path, made)
    mark_shelf(tmp_path / "shelf", ShelfMark())
    return made


def test_a_manifest_reads_back_the_same_and_the_newest_counts(
    tmp_path: Path, manifest: Manifest
) -> None:
    assert newest_manifest(tmp_path) == manifest
    later = replace(manifest, at=AT + timedelta(days=1), ledger=(8, "b" * 64))
    write_manifest(tmp_path, later)
    assert newest_manifest(tmp_path) == later


@pytest.mark.guarantees("R22")
def test_changed_and_missing_files_are_named(tmp_path: Path, manifest: Manifest) -> None:
    assert backup_problems(tmp_path, manifest) == ()
    (tmp_path / NAMES[0]).write_bytes(b"other")
    (tmp_path / NAMES[1]).unlink()
    (tmp_path / "shelf" / MARKER).unlink()
    assert backup_problems(tmp_path, manifest) == (
        "shelf/candour-shelf is missing.",
        f"{NAMES[0]} was changed.",
        f"{NAMES[1]} is missing.",
    )


@pytest.mark.parametrize(
    "name",
    [
        "../records-20310304T093000Z.db",
        "/etc/passwd",
        "records-20310304T093000Z.db/../../x",
        "shelf/../../x.pdf",
        "shelf/2031/03/../../../../x.pdf",
        "shelf/2031/03/record-1/consent.pdf/x",
        "manifest-20310304T093000Z.json",
        "",
        None,
    ],
)
def test_a_manifest_that_names_another_place_is_refused(
    tmp_path: Path, manifest: Manifest, name: str
) -> None:
    (path,) = tmp_path.glob("manifest-*.json")
    for places in ({"files": {NAMES[0]: "0", name: "0"}}, {"database": name}):
        path.write_text(json.dumps(json.loads(path.read_text()) | places))
        with pytest.raises(BackupRefused, match="is damaged"):
            newest_manifest(tmp_path)
        write_manifest(tmp_path, manifest)


def test_files_are_for_the_owners_eyes_and_the_same_content_stays(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    keep_file(path, b"words")
    before = path.stat()
    assert before.st_mode & 0o777 == 0o600
    keep_file(path, b"words")
    assert path.stat().st_ino == before.st_ino
    keep_file(path, b"others")
    assert path.read_bytes() == b"others"
    assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_a_folder_without_a_backup_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no backup in"):
        newest_manifest(tmp_path)


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"ledger": 1}'])
def test_a_damaged_manifest_is_said(tmp_path: Path, manifest: Manifest, written: str) -> None:
    del manifest
    (tmp_path / "manifest-9.json").write_text(written)
    with pytest.raises(BackupRefused, match="is damaged"):
        newest_manifest(tmp_path)
