"""What is no ordinary file is never waited for nor read; nothing but its reader opens files."""

import ast
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click import ClickException

from questionnaire.archive.disposals import DisposalList
from questionnaire.cli.rules import patients_in
from questionnaire.content import ContentProblems, load_library
from questionnaire.content.cases import read_case_file
from questionnaire.ordinary_files import (
    UnfitFileError,
    open_draft,
    open_to_change,
    read_beginning,
    read_file,
    read_words,
)
from tests.faults.odd_files import KINDS, put

PROGRAM = Path("questionnaire")
OPENS = {"open", "read_bytes", "read_text", "copyfile", "copy2", "copytree"}
LISTED = {
    "ordinary_files.py": "the reader itself",
    "archive/anchors.py: draft.open('x', encoding='ascii')": "made anew here, or refused",
    "archive/passing.py: os.open(folder / f'{SIGN}.new', os.O_RDWR | os.O_CREAT, 384)": "in a new "
    "folder of our own",
    "archive/passing.py: os.open(sign, os.O_RDWR)": "looked at just before, and not read",
    "archive/shelf.py: os.open(folder, os.O_RDONLY)": "a folder, to be flushed",
    "records/cipher.py: os.open(folder, os.O_RDONLY)": "a folder, to be flushed",
    "documents/certificate_files.py: os.open(path.parent, os.O_RDONLY)": "a folder, to be flushed",
    "clinic_restore.py: os.open(copy, os.O_RDONLY)": "our own copy, to be flushed",
    "records/database.py: os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 384)": "made anew here",
    "journey/backing_up.py: draft.open('rb')": "our own copy, just written",
    "journey/backing_up.py: shutil.copyfile(folder / manifest.database, records)": "compared with "
    "its SHA-256 just before",
    "cli/sentences.py: path.read_text(encoding='utf-8')": "the program's own templates and modules",
    "documents/fetch.py: path.read_bytes()": "the program's own fonts",
    "documents/pdf.py: (TEMPLATES / 'pdf' / 'print.css').read_text(encoding='utf-8')": "the "
    "program's own style",
    "documents/pdf.py: packaged.read_bytes()": "a file of an installed package",
    "web/patient/poor_wifi.py: file.read_bytes()": "the program's own scripts",
    "look.py: Image.open(BytesIO(sent), formats=('PNG', 'JPEG'))": "bytes in memory",
    "documents/enclosed.py: pikepdf.open(io.BytesIO(pdf))": "bytes in memory",
    "documents/verify.py: pikepdf.open(io.BytesIO(pdf))": "bytes in memory",
    "documents/finish.py: pikepdf.open(io.BytesIO(pdf))": "bytes in memory",
    "documents/proofread.py: pikepdf.open(io.BytesIO(pdf))": "bytes in memory",
    "documents/enclosed.py: file.get_file().read_bytes()": "a part of bytes in memory",
    "documents/proofread.py: file.get_file().read_bytes()": "a part of bytes in memory",
    "documents/proofread.py: font.ToUnicode.read_bytes()": "a part of bytes in memory",
}
"""Where the program opens a file otherwise, and why it may."""
OTHERS = {"Database", "folder", "ring", "tx", "self", "live()", "tx.ring", "self.folder"}
"""Whose `open` opens no file: a database, a sealed column, a file of rules by the reader."""


def _openings() -> Iterator[str]:
    for path in sorted(PROGRAM.rglob("*.py")):
        if path == PROGRAM / "ordinary_files.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            whose = ast.unparse(called.value) if isinstance(called, ast.Attribute) else ""
            if name in OPENS and not (name == "open" and whose in OTHERS):
                yield f"{path.relative_to(PROGRAM).as_posix()}: {ast.unparse(node)}"


def test_every_file_is_opened_by_the_one_reader_or_listed_with_a_reason() -> None:
    assert sorted({*_openings()} ^ {*LISTED} - {"ordinary_files.py"}) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_refused_by_name_without_waiting(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd"
    put(path, kind)
    for read in (lambda: read_file(path, 100), lambda: read_words(path)):
        with pytest.raises(OSError, match="odd"):
            read()
    if kind != "long":
        with pytest.raises(OSError, match="odd"):
            read_beginning(path, 16)
    if kind not in {"long", "broken"}:
        with pytest.raises(OSError, match="odd"):
            open_to_change(path, os.O_RDWR)


def test_a_file_is_read_up_to_its_size_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one\r\ntwo\n")
    assert (read_file(path, 9), read_beginning(path, 3)) == (b"one\r\ntwo\n", b"one")
    assert read_words(path, 9) == "one\ntwo\n"
    with pytest.raises(UnfitFileError, match="larger than 8 bytes"):
        read_file(path, 8)
    with pytest.raises(UnfitFileError, match="larger than 1,000 bytes"):
        read_file(Path("/proc/self/smaps"), 1000)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "folder"])
def test_a_draft_takes_the_place_of_what_lies_there_and_follows_no_link(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "draft"
    put(path, kind)
    with os.fdopen(open_draft(path), "wb") as file:
        file.write(b"ours")
    assert (path.is_symlink(), path.read_bytes()) == (False, b"ours")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", KINDS)
def test_cases_and_patients_come_from_ordinary_files(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd"
    put(path, kind)
    with pytest.raises(ContentProblems, match="This file cannot be read: "):
        read_case_file(load_library(Path("rules").resolve()), path)
    if kind not in {"long", "broken"}:
        with ExitStack() as stack, pytest.raises(ClickException, match="cannot be read: "):
            patients_in(path, stack)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_disposals_that_is_none_is_never_taken_for_an_empty_one(
    tmp_path: Path, kind: str
) -> None:
    put(tmp_path / "odd", kind)
    with pytest.raises(OSError, match="odd"):
        DisposalList(tmp_path / "odd").ids()
