"""A folder for somebody else: what is in it, and that no cell of its list is a formula."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from questionnaire.archive.export import Exported, listing, pack, safe_cell

AT = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "|calc", "%0A=1"),
    *("\uff1d1+1", "\ufeff=1+1", "\u200b=1+1", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1"),
    *("\uff0b1+1", "\ufe6b1", '=HYPERLINK("http://192.0.2.1","x")'),
)
PLAIN = (
    "",
    "Marigold",
    "-5",
    "-5.25",
    "1,5",
    "1979-03-14",
    "O'Testwell",
    "a=b",
    "x@y.example",
    "3%",
)


@pytest.mark.guarantees("S31")
@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_what_could_be_a_formula_is_a_word(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.guarantees("S31")
@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_and_numbers_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.guarantees("S31")
def test_a_cell_never_leaves_its_place() -> None:
    evil = 'a","b"\r\n=1+1,;\t'
    (row,) = csv.reader(io.StringIO(listing(("one",), [(evil, "-5")]).decode().split("\r\n", 1)[1]))
    assert row == [evil, "-5"]


def test_the_folder_holds_documents_list_root_and_hashes() -> None:
    one = Exported("consent-AAAA.pdf", b"%PDF-1", ("R-1", "=Eve"))
    packed = pack(("reference", "name"), [one], b"ROOT", AT)
    assert packed == pack(("reference", "name"), [one], b"ROOT", AT)
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        names = folder.namelist()
        manifest = json.loads(folder.read("manifest.json"))
        for name, digest in manifest["sha256"].items():
            assert sha256(folder.read(name)).hexdigest() == digest
        lines = folder.read("index.csv").decode().splitlines()
    assert set(names) == {
        "documents/consent-AAAA.pdf",
        "index.csv",
        "root.pem",
        "manifest.json",
    }
    assert manifest["sha256"].keys() == set(names) - {"manifest.json"}
    assert lines == ['"reference","name","file"', '"R-1","\'=Eve","consent-AAAA.pdf"']
