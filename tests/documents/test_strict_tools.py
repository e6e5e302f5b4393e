"""Strict tools read the sealed document of every treatment in every language, and agree with us.

What a tool complains of stands in a short list with the reason why it stays; anything else fails.
"""

import re
import subprocess
from pathlib import Path

import outloud
import page
import pdfsigner
import pdfua
import pytest

from questionnaire.documents.proofread import text_problems
from tests.documents import tampering
from tests.documents.readers import by_pdfminer, by_pypdf, missing, poppler
from tests.documents.readings import HARD_ANSWERS, Reading

pytestmark = pytest.mark.whole

LEFT_IN_OUTLOUD = {
    "TBL-010": "a guess from counting: our tables head each row as well as each column",
    "FIG-012": "a guess from spelling: “1 out of 100” is all that such a picture shows",
    "PAG-001": "a guess from repeating: a table has its head again on each page it runs over",
    "ORD-001": "the sign before a point is drawn after the page's words; the tags have it first",
    "TXT-004": "a guess from counting: an Arabic letter has a shape for each place in a word",
    "LNK-010": "an address within somebody's own sentence stays text; the clinic's own is a link",
}
"""Rules of outloud and why they stay: none is a rule of PDF/UA-1."""
LEFT_IN_PDFUA = {"UA-14-001": "the tool stops at a list of marks, which it takes for one"}
ONE_SIGNATURE = ("Signature is Valid.", "Total document signed", "ETSI.CAdES.detached")


@pytest.fixture
def path(reading: Reading, tmp_path: Path) -> Path:
    """The sealed document on disk."""
    path = tmp_path / "sealed.pdf"
    path.write_bytes(reading.sealed)
    return path


def run(*command: str | Path) -> str:
    """What a program says, its complaints included; it must succeed."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode()


def test_every_word_of_the_record_is_on_the_pages(reading: Reading) -> None:
    assert text_problems(reading.sealed, reading.canonical) == []


def test_other_programs_read_names_brackets_and_letters_that_share_a_shape(
    reading: Reading,
) -> None:
    for text in ("Amina Førde-O'Leary", *HARD_ANSWERS):
        for reader in (poppler, by_pypdf, by_pdfminer):
            assert missing(reader, reading.sealed, text) == []


def test_page_validation_finds_pdf_a_3a_and_pdf_ua_1_kept(reading: Reading) -> None:
    for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1):
        report = page.validate_pdf_bytes(reading.sealed, profile=profile)
        assert [(each.rule_id, each.message) for each in report.failures] == []


def test_outloud_finds_nothing_but_what_is_left_with_a_reason(path: Path) -> None:
    found = outloud.check(str(path))
    assert found.error is None
    assert found.stats["tagged"]
    complaints = {(each.rule, each.message) for each in found.findings}
    assert {it for it in complaints if it[0] not in LEFT_IN_OUTLOUD} == set()


def test_pdfua_finds_nothing(path: Path) -> None:
    report = pdfua.validate(str(path))
    assert [(each.rule_id, each.message) for each in report.findings] == []
    assert {each.rule_id for each in report.skipped} <= set(LEFT_IN_PDFUA)


def test_qpdf_finds_no_fault(path: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", path)


def test_poppler_openssl_and_a_strict_reader_accept_the_seal(
    reading: Reading, path: Path, keys: Path, tmp_path: Path
) -> None:
    said = run("pdfsig", "-nocert", path)
    assert [words for words in ONE_SIGNATURE if words not in said] == []
    strict = pdfsigner.verify_pdf_report(path, keys / "root.cert.pem")
    judged = (strict["document_intact"], strict["all_valid"], strict["all_trusted"])
    assert judged == (True, True, True)
    content, container = signed_and_seal(reading.sealed)
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "seal.der").write_bytes(container)
    said = run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "seal.der",
        "-content", tmp_path / "content", "-CAfile", keys / "root.cert.pem", "-out", "/dev/null",
        "-attime", "1798761600",
    )  # fmt: skip
    assert "successful" in said


def signed_and_seal(sealed: bytes) -> tuple[bytes, bytes]:
    """The bytes that are signed, and the container of the seal."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", sealed)
    assert found
    first, resume, rest = map(int, found.groups())
    start, end = tampering.container_span(sealed)
    return sealed[:first] + sealed[resume : resume + rest], bytes.fromhex(
        sealed[start:end].decode()
    )
