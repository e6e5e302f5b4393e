"""Programs that are not ours read the sealed document and agree with us."""

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import page
import pdfsigner
import pikepdf
import pypdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec

from questionnaire.documents.certificates import SealingIdentity
from tests.documents import samples, tampering


def run(*command: str | Path) -> str:
    """What a program says, its complaints included; it must succeed."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode()


@pytest.fixture
def sealed_file(sealed: bytes, tmp_path: Path) -> Path:
    """The sealed document on disk."""
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    return path


@pytest.mark.parametrize(
    "profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1]
)
def test_a_validator_finds_both_standards_kept(
    rendered: bytes, sealed: bytes, profile: page.ValidationProfile
) -> None:
    for pdf in (rendered, sealed):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert [(each.rule_id, each.message) for each in report.failures] == []


@pytest.fixture(params=["on the day", "on the last day it is kept"])
def on_that_day(request: pytest.FixtureRequest, identity: SealingIdentity) -> tuple[str, str]:
    """Runs a program with the clock at that day: twenty-five years on, in the second case."""
    on_the_day = request.param == "on the day"
    last = identity.certificate.not_valid_after_utc - timedelta(days=1)
    assert last - samples.SEALED > timedelta(days=24 * 365)
    return "faketime", f"{samples.SEALED if on_the_day else last:%Y-%m-%d %H:%M:%S}"


def test_poppler_trusts_the_seal_once_it_knows_the_clinic_root(
    sealed_file: Path, keys: Path, tmp_path: Path, on_that_day: tuple[str, str]
) -> None:
    store = f"sql:{tmp_path}"
    run("certutil", "-N", "-d", store, "--empty-password")
    run("certutil", "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", keys / "root.cert.pem")
    said = run(*on_that_day, "pdfsig", "-nssdir", tmp_path, sealed_file)
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_openssl_verifies_the_seal_on_its_own(
    sealed: bytes, keys: Path, tmp_path: Path, on_that_day: tuple[str, str]
) -> None:
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", sealed)
    assert found
    first, resume, rest = map(int, found.groups())
    start, end = tampering.container_span(sealed)
    (tmp_path / "content").write_bytes(sealed[:first] + sealed[resume : resume + rest])
    (tmp_path / "seal.der").write_bytes(bytes.fromhex(sealed[start:end].decode()))
    said = run(
        *on_that_day, "openssl", "cms", "-verify", "-binary", "-inform", "DER",
        "-in", tmp_path / "seal.der", "-content", tmp_path / "content",
        "-CAfile", keys / "root.cert.pem", "-out", "/dev/null",
    )  # fmt: skip
    assert "successful" in said


def test_a_strict_reader_finds_the_document_intact_and_its_seal_trusted(
    sealed_file: Path, keys: Path
) -> None:
    found = pdfsigner.verify_pdf_report(sealed_file, keys / "root.cert.pem")
    judged = (found["document_intact"], found["all_valid"], found["all_trusted"])
    assert judged == (True, True, True), found


def test_seal_and_root_are_p_256_with_sha_256(sealed: bytes, identity: SealingIdentity) -> None:
    for certificate in (identity.certificate, identity.root):
        key, used = certificate.public_key(), certificate.signature_hash_algorithm
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert (key.curve.name, used and used.name) == ("secp256r1", "sha256")
    start, end = tampering.container_span(sealed)
    container = cms.ContentInfo.load(bytes.fromhex(sealed[start:end].decode()))
    (signer,) = container["content"]["signer_infos"]
    assert signer["digest_algorithm"]["algorithm"].native == "sha256"
    assert signer["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"


def test_the_sealed_file_stays_the_pdf_1_7_that_was_rendered(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        assert opened.pdf_version == "1.7"
        assert not {"/Version", "/Extensions"} & set(opened.Root.keys())


def test_qpdf_finds_no_fault(sealed_file: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", sealed_file)


def test_a_plain_text_reader_gets_the_words_in_their_order(sealed_file: Path) -> None:
    words = " ".join(run("pdftotext", sealed_file, "-").split())
    assert "I faint with needles <b>sometimes</b> & dislike blood." in words
    assert "A bit more confidence \U0001f642 at my sister's wedding." in words
    assert "\u062a\u062e\u064a\u0641\u0646\u064a" in words


def test_a_second_reader_finds_headings_and_title(sealed: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(sealed))
    assert reader.metadata is not None
    assert reader.metadata.title == "Consent to treatment, record R-2026-7Q4M-K2XD"
    titles = [str(each["/Title"]) for each in flat(reader.outline)]
    assert titles[:4] == [
        "Consent to treatment",
        "In this document",
        "Who this is about",
        "What is planned",
    ]
    assert "Risks" in titles


def flat(outline: list[object]) -> list[dict[str, object]]:
    """The bookmarks in reading order."""
    return [
        each
        for part in outline
        for each in (flat(part) if isinstance(part, list) else [part])  # type: ignore[list-item]
    ]
