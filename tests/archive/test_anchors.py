"""Anchors are one line each, never written twice, and read back as they were."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from questionnaire.archive.anchors import Anchor, AnchorsUnavailable, read_anchors, write_anchor

AT = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
ANCHOR = Anchor(7, "a" * 64, AT)


@pytest.mark.guarantees("S46")
def test_an_anchor_is_one_line_of_number_hash_and_time(tmp_path: Path) -> None:
    path = write_anchor(tmp_path, ANCHOR)
    assert path.name == "ledger-20310304T093000000000Z-7.json"
    line = path.read_text()
    assert line.count("\n") == 1
    assert json.loads(line) == {"at": "2031-03-04T09:30:00+00:00", "mac": "a" * 64, "seq": 7}


def test_anchors_read_back_oldest_first(tmp_path: Path) -> None:
    later = Anchor(5, "b" * 64, AT + timedelta(microseconds=1))
    for anchor in (later, ANCHOR):
        write_anchor(tmp_path, anchor)
    assert read_anchors(tmp_path) == ((ANCHOR, later), ())


@pytest.mark.parametrize(
    "written",
    [
        "",
        "[]",
        "{}",
        "{",
        '{"seq": 0, "mac": "%s", "at": "2031-03-04"}' % ("a" * 64),
        '{"seq": 7, "mac": "short", "at": "2031-03-04"}',
        '{"seq": 7, "mac": "%s", "at": "yesterday"}' % ("a" * 64),
        "é",
    ],
)
def test_what_is_no_anchor_is_named(tmp_path: Path, written: str) -> None:
    write_anchor(tmp_path, ANCHOR)
    (tmp_path / "ledger-x.json").write_text(written)
    assert read_anchors(tmp_path) == ((ANCHOR,), ("ledger-x.json",))


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ours")
    (tmp_path / ".ledger-half.json").write_text("{")
    assert read_anchors(tmp_path) == ((), ())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for ask in (lambda: read_anchors(gone), lambda: write_anchor(gone, ANCHOR)):
        with pytest.raises(AnchorsUnavailable, match="The folder for anchors") as refused:
            ask()
        assert str(gone) in refused.value.sentence
