"""A document is filed whole, once, unreadable to others, and never replaced."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaire.archive.shelf import (
    DRAFT,
    MARKER,
    AlreadyFiled,
    CannotBeRead,
    Damaged,
    Shelf,
    ShelfMark,
    ShelfUnavailable,
    mark_shelf,
)
from questionnaire.domain.errors import NotFound
from tests.at_once import at_once
from tests.faults.odd_files import KINDS, put

NAME = "2031/03/record-1/consent.pdf"
DOCUMENT = b"%PDF-1.7 an invented consent" * 400
STEPS = ["written", "synced", "named", "filed"]
PUT = """
import os, signal, sys
from pathlib import Path
from questionnaire.archive.shelf import Shelf

def cut_the_power(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

def as_is(name, words):
    return words

shelf = Shelf(Path(sys.argv[1]), as_is, as_is, cut_the_power)
shelf.put("2031/03/record-1/consent.pdf", b"%PDF-1.7 an invented consent" * 400)
"""
ShelfWith = Callable[[Callable[[str], None]], Shelf]


def drafts(shelf: Shelf) -> list[Path]:
    return list(shelf.folder.rglob(f"{DRAFT}*"))


def test_a_filed_document_reads_back_the_same(shelf: Shelf) -> None:
    assert not shelf.holds(NAME)
    shelf.put(NAME, DOCUMENT)
    assert shelf.holds(NAME)
    assert shelf.get(NAME) == DOCUMENT
    assert drafts(shelf) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_read_back_the_same(shelf: Shelf, document: bytes) -> None:
    shutil.rmtree(shelf.folder)
    mark_shelf(shelf.folder, ShelfMark())
    shelf.put(NAME, document)
    assert shelf.get(NAME) == document


def test_the_steps_come_in_the_order_that_survives_a_power_cut(shelf_with: ShelfWith) -> None:
    steps: list[str] = []
    shelf_with(steps.append).put(NAME, DOCUMENT)
    assert steps == STEPS


@pytest.mark.guarantees("S38")
def test_nothing_of_the_document_shows_on_the_disk(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    assert b"invented" not in (shelf.folder / NAME).read_bytes()


def test_the_shelf_is_closed_to_others_and_its_files_to_writing(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    assert (shelf.folder / NAME).stat().st_mode & 0o777 == 0o400
    folders = [shelf.folder, *(each for each in shelf.folder.rglob("*") if each.is_dir())]
    assert {each.stat().st_mode & 0o777 for each in folders} == {0o700}


def test_filing_the_same_again_changes_nothing(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    before = (shelf.folder / NAME).read_bytes()
    shelf.put(NAME, DOCUMENT)
    assert (shelf.folder / NAME).read_bytes() == before


@pytest.mark.guarantees("R12")
def test_a_filed_document_is_never_replaced(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    with pytest.raises(AlreadyFiled):
        shelf.put(NAME, DOCUMENT + b" ")
    assert shelf.get(NAME) == DOCUMENT


@pytest.mark.guarantees("R03")
def test_of_ten_different_documents_filed_at_once_one_stays(shelf: Shelf) -> None:
    def file(number: int) -> int | None:
        try:
            shelf.put(NAME, b"%d" % number)
        except AlreadyFiled:
            return None
        return number

    filed = [each for each in at_once(10, file) if each is not None]
    assert len(filed) == 1
    assert shelf.get(NAME) == b"%d" % filed[0]
    assert drafts(shelf) == []


@pytest.mark.guarantees("R03")
def test_the_same_document_filed_at_once_is_accepted_from_all(shelf: Shelf) -> None:
    at_once(10, lambda _: shelf.put(NAME, DOCUMENT))
    assert shelf.get(NAME) == DOCUMENT


@pytest.mark.guarantees("R03")
@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_leaves_the_whole_document_or_none(tmp_path: Path, step: str) -> None:
    folder = tmp_path / "shelf"
    mark_shelf(folder, ShelfMark())
    cut = subprocess.run(
        [sys.executable, "-c", PUT, folder, step], capture_output=True, check=False
    )
    assert cut.returncode == -signal.SIGKILL
    shelf = Shelf(folder, lambda _, words: words, lambda _, words: words)
    assert shelf.holds(NAME) == (step in {"named", "filed"})
    shelf.put(NAME, DOCUMENT)
    assert shelf.get(NAME) == DOCUMENT
    left = len(drafts(shelf))
    assert shelf.sweep(datetime.now(UTC) + timedelta(seconds=5)) == left
    assert [each.name for each in folder.rglob("*") if each.is_file()] == [
        MARKER,
        "consent.pdf",
    ]
    assert shelf.get(NAME) == DOCUMENT


def test_sweeping_spares_a_filing_under_way(shelf_with: ShelfWith) -> None:
    swept: list[int] = []

    def sweep(step: str) -> None:
        if step == "synced":
            swept.append(shelf.sweep(datetime.now(UTC) - timedelta(hours=1)))

    shelf = shelf_with(sweep)
    shelf.put(NAME, DOCUMENT)
    assert swept == [0]
    assert shelf.get(NAME) == DOCUMENT


@pytest.mark.guarantees("R05")
def test_a_full_disk_leaves_nothing_behind_and_filing_works_later(shelf: Shelf) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(ShelfUnavailable):
            shelf.put(NAME, DOCUMENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert not shelf.holds(NAME)
    assert drafts(shelf) == []
    shelf.put(NAME, DOCUMENT)
    assert shelf.get(NAME) == DOCUMENT


@pytest.mark.guarantees("R05")
def test_a_disk_that_fails_at_any_step_is_said_and_leaves_no_draft(
    shelf_with: ShelfWith,
) -> None:
    for failing in STEPS:

        def fail(step: str, failing: str = failing) -> None:
            if step == failing:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

        shelf = shelf_with(fail)
        name = NAME.replace("record-1", failing)
        with pytest.raises(ShelfUnavailable):
            shelf.put(name, DOCUMENT)
        assert drafts(shelf) == []
        assert shelf.holds(name) == (failing in {"named", "filed"})


@pytest.mark.guarantees("R06")
def test_an_unmounted_shelf_is_noticed(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    (shelf.folder / MARKER).unlink()
    for ask in (shelf.holds, shelf.get, lambda name: shelf.put(name, DOCUMENT)):
        with pytest.raises(ShelfUnavailable, match="disk is not there"):
            ask(NAME)
    with pytest.raises(ShelfUnavailable):
        shelf.sweep(datetime.now(UTC))


@pytest.mark.guarantees("R12")
def test_a_changed_cut_or_moved_file_is_damaged(shelf: Shelf) -> None:
    other = NAME.replace("record-1", "record-2")
    shelf.put(NAME, DOCUMENT)
    shelf.put(other, b"another")
    path = shelf.folder / NAME
    stored = path.read_bytes()
    path.chmod(0o600)
    flipped = bytes([stored[0] ^ 1]) + stored[1:]
    for damage in (flipped, stored[:-1], b"", (shelf.folder / other).read_bytes()):
        path.write_bytes(damage)
        with pytest.raises(Damaged):
            shelf.get(NAME)
        with pytest.raises(Damaged):
            shelf.put(NAME, DOCUMENT)


def test_a_missing_document_is_not_found(shelf: Shelf) -> None:
    with pytest.raises(NotFound):
        shelf.get(NAME)


@pytest.mark.guarantees("R06", "R12")
@pytest.mark.parametrize("kind", KINDS)
def test_one_file_that_cannot_be_read_is_no_disk_that_is_gone(shelf: Shelf, kind: str) -> None:
    put(shelf.folder / NAME, kind)
    for ask in (shelf.get, shelf.stored, lambda name: shelf.put(name, DOCUMENT)):
        with pytest.raises(CannotBeRead, match=NAME):
            ask(NAME)
    assert not shelf.keeps(NAME, DOCUMENT)
    assert drafts(shelf) == []
    (shelf.folder / MARKER).unlink()
    with pytest.raises(ShelfUnavailable):
        shelf.get(NAME)


@pytest.mark.guarantees("R06")
@pytest.mark.parametrize("kind", KINDS)
def test_a_marker_that_is_no_file_is_no_marker(shelf: Shelf, kind: str) -> None:
    put(shelf.folder / MARKER, kind)
    with pytest.raises(ShelfUnavailable):
        shelf.get(NAME)


@pytest.mark.parametrize("kind", KINDS)
def test_sweeping_goes_on_past_what_it_cannot_take_away(shelf: Shelf, kind: str) -> None:
    put(shelf.folder / "2031" / f"{DRAFT}1", kind)
    (shelf.folder / "2031" / f"{DRAFT}2").touch()
    swept = shelf.sweep(datetime.now(UTC) + timedelta(seconds=5))
    assert swept == (1 if kind == "folder" else 2)
    assert not (shelf.folder / "2031" / f"{DRAFT}2").exists()


@pytest.mark.guarantees("S33")
@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "2031/03/../../x.pdf",
        "2031/03/../consent.pdf",
        "2031/03/record-1/../consent.pdf",
        "2031/03/record-1/.putting-x",
        "2031/03/record-1/consent.pdf\n",
        "2031/03/record 1/consent.pdf",
        "2031/03/récord/consent.pdf",
        "31/3/record-1/consent.pdf",
        "",
        MARKER,
    ],
)
def test_only_names_made_of_ids_reach_the_disk(shelf: Shelf, name: str) -> None:
    with pytest.raises(NotFound):
        shelf.put(name, DOCUMENT)
    with pytest.raises(NotFound):
        shelf.get(name)
    assert [each.name for each in shelf.folder.rglob("*")] == [MARKER]


def test_preparing_a_shelf_twice_changes_nothing(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    mark_shelf(shelf.folder, ShelfMark())
    assert shelf.get(NAME) == DOCUMENT


def test_what_is_filed_is_listed_without_marker_and_drafts(shelf: Shelf) -> None:
    other = NAME.replace("record-1", "record-0")
    for name in (NAME, other):
        shelf.put(name, DOCUMENT)
    (shelf.folder / other).with_name(f"{DRAFT}x.pdf").touch()
    assert shelf.names() == (other, NAME)


def test_stored_bytes_are_the_encrypted_ones(shelf: Shelf) -> None:
    shelf.put(NAME, DOCUMENT)
    whole = (shelf.folder / NAME).read_bytes()
    assert (shelf.stored(NAME), shelf.stored(NAME, 2)) == (whole, whole[:2])
    with pytest.raises(NotFound):
        shelf.stored(NAME.replace("record-1", "record-2"))


@pytest.mark.guarantees("S52")
def test_trying_to_write_leaves_nothing_and_notices_a_shelf_that_refuses(shelf: Shelf) -> None:
    shelf.try_writing()
    assert [each.name for each in shelf.folder.iterdir()] == [MARKER]
    (shelf.folder / MARKER).unlink()
    with pytest.raises(ShelfUnavailable, match="disk is not there"):
        shelf.try_writing()
