"""Is this file what the clinic sealed? Facts first, then one word.

`authentic` needs all of it: one seal, made with a certificate the clinic has pinned, chained to
the pinned clinic root, over every byte of the file from first to last, its container exactly as
our own seal writes it; and inside, a record whose fingerprint is printed on every page. A general
signature checker accepts more (bytes after the end, an earlier revision, another signer of the
same root), so the last word is never left to one.

Files come from anywhere. Nothing here raises on a bad file, and sizes are bounded.
"""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from questionnaire.documents.certificates import TrustedSeals, fingerprint
from questionnaire.documents.finish import SEAL_FIELD
from questionnaire.documents.proofread import RECORD_FILE, attached, page_texts, pages_without
from questionnaire.documents.seal import as_asn1, expected_container

LARGEST_FILE = 40_000_000
"""Bytes. A consent document takes well under 1 MB."""
SEAL_MARK = b"/ByteRange"


class Word(StrEnum):
    """What the check comes to."""

    UNSEALED = "unsealed"
    ALTERED = "altered"
    UNRECOGNISED = "unrecognised"
    AUTHENTIC = "authentic"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check: a word, why, and the facts found on the way.

    Facts are None where the check stopped before them, or where they cannot be believed.
    """

    word: Word
    sentence: str
    file_sha256: str
    sealed_at: datetime | None = None
    """The time the seal states for itself; not yet confirmed by a time-stamp authority."""
    sealed_by: str | None = None
    certificate_sha256: str | None = None
    record_sha256: str | None = None

    def lines(self) -> list[str]:
        """The facts, a line each, the word last."""
        facts = {
            "File SHA-256": self.file_sha256,
            "Sealed by": self.sealed_by,
            "Sealed at": self.sealed_at and f"{self.sealed_at:%Y-%m-%d %H:%M:%S %Z}",
            "Certificate SHA-256": self.certificate_sha256,
            "Record SHA-256": self.record_sha256,
        }
        told = [f"{name}: {fact}" for name, fact in facts.items() if fact]
        return [*told, self.sentence, str(self.word)]


class _Settled(Exception):  # noqa: N818  # an outcome, not an error
    def __init__(self, word: Word, sentence: str) -> None:
        super().__init__(sentence)
        self.word = word
        self.sentence = sentence


def verify(pdf: bytes, trusted: TrustedSeals) -> Verdict:
    """Check a file against the clinic's root and sealing certificates."""
    file_sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        return _authentic(pdf, trusted, file_sha256)
    except _Settled as settled:
        return Verdict(settled.word, settled.sentence, file_sha256)
    except Exception:  # noqa: BLE001  # a hostile file may break a reader in any way
        if SEAL_MARK in pdf[:LARGEST_FILE]:
            sentence = "The file carries a seal but can no longer be read as it was sealed."
            return Verdict(Word.ALTERED, sentence, file_sha256)
        return Verdict(
            Word.UNSEALED, "The file is not a PDF that can be read and has no seal.", file_sha256
        )


def _authentic(pdf: bytes, trusted: TrustedSeals, file_sha256: str) -> Verdict:
    """The verdict on a file that passes everything; any other outcome is raised as settled."""
    seal = _the_seal(pdf)
    certificate = _pinned(seal, trusted)
    if certificate is None:
        raise _unknown_signer(seal, trusted)
    sealed_at = _stated_time(seal)
    _check_coverage(pdf, seal, expected_container(certificate, trusted.root, seal.signer_info))
    status = _status(seal, trusted, sealed_at)
    if not (status.intact and status.valid):
        raise _Settled(Word.ALTERED, "The file is not what was sealed: something in it changed.")
    if not status.trusted:
        sentence = "The sealing certificate was not in force, or not issued by the clinic's root."
        raise _Settled(Word.UNRECOGNISED, sentence)
    return Verdict(
        Word.AUTHENTIC,
        "This is the document as the clinic sealed it; nothing in it has changed since.",
        file_sha256,
        sealed_at=sealed_at,
        sealed_by=certificate.subject.rfc4514_string(),
        certificate_sha256=fingerprint(certificate),
        record_sha256=_record_printed_on_pages(pdf),
    )


def _the_seal(pdf: bytes) -> EmbeddedPdfSignature:
    if len(pdf) > LARGEST_FILE:
        raise _Settled(Word.UNSEALED, "The file is far larger than any document of the clinic.")
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise _Settled(Word.ALTERED, "The file is locked with a password; ours never are.")
    signatures: list[EmbeddedPdfSignature] = reader.embedded_signatures
    if not signatures and SEAL_MARK in pdf:
        raise _Settled(Word.ALTERED, "The file carried a seal, which was taken out of sight.")
    if not signatures:
        raise _Settled(Word.UNSEALED, "The file carries no seal.")
    ours = [each for each in signatures if each.field_name == SEAL_FIELD]
    if not ours:
        raise _Settled(Word.UNRECOGNISED, "The file is signed, but not with a clinic seal.")
    if len(signatures) > 1:
        raise _Settled(Word.ALTERED, "A further signature was added to the sealed file.")
    return ours[0]


def _pinned(seal: EmbeddedPdfSignature, trusted: TrustedSeals) -> x509.Certificate | None:
    presented = seal.signer_cert.dump()
    return next((each for each in trusted.certificates if as_asn1(each).dump() == presented), None)


def _unknown_signer(seal: EmbeddedPdfSignature, trusted: TrustedSeals) -> _Settled:
    """A signer that is not pinned: a stranger's seal if sound, else an altered file."""
    status = _status(seal, trusted, _stated_time(seal))
    if status.intact and status.valid:
        return _Settled(
            Word.UNRECOGNISED, "The file is sealed, but not with a certificate of this clinic."
        )
    return _Settled(Word.ALTERED, "The file or its seal was changed.")


def _check_coverage(pdf: bytes, seal: EmbeddedPdfSignature, container: bytes) -> None:
    """The sealed range is the whole file but for the container, and that holds nothing else.

    Raises:
        _Settled: something follows the seal, precedes it unsealed, or hides beside it.
    """
    start, first_length, resume, rest = (int(number) for number in seal.byte_range)
    if start != 0 or resume + rest != len(pdf):
        raise _Settled(Word.ALTERED, "The seal does not cover the whole file.")
    room = resume - first_length - len(b"<>")
    expected = b"<" + container.hex().upper().encode().ljust(room, b"0") + b">"
    if pdf[first_length:resume] != expected:
        raise _Settled(Word.ALTERED, "The seal itself was changed.")


def _status(
    seal: EmbeddedPdfSignature, trusted: TrustedSeals, moment: datetime
) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=[as_asn1(trusted.root)],
        other_certs=[seal.signer_cert],
        moment=moment,
        allow_fetching=False,
    )
    return asyncio.run(
        async_validate_pdf_signature(seal, signer_validation_context=context, skip_diff=True)
    )


def _stated_time(seal: EmbeddedPdfSignature) -> datetime:
    stated = seal.self_reported_timestamp
    if stated is None or stated.tzinfo is None:
        raise _Settled(Word.ALTERED, "The seal states no time; ours always do.")
    return stated


def _record_printed_on_pages(pdf: bytes) -> str:
    """The fingerprint of the attached record, found printed on every page.

    Raises:
        _Settled: there is no record, or a page names another.
    """
    record = attached(pdf, RECORD_FILE)
    if record is None:
        raise _Settled(Word.UNRECOGNISED, "The file is sealed but is no consent document of ours.")
    record_sha256 = hashlib.sha256(record).hexdigest()
    if strangers := pages_without(page_texts(pdf), record_sha256):
        raise _Settled(Word.ALTERED, f"Page {strangers[0]} does not belong to the attached record.")
    return record_sha256
