"""Is this file what the clinic sealed? Facts first, then one word.

`authentic` needs all of it: one seal over every byte of the file from first to last, its container
in the strict form of ours, made with a certificate the clinic has pinned, issued by a clinic root
that is pinned too, while that certificate was in use; and inside, a record whose fingerprint is
printed on every page, with files beside it that belong to that record. This is worked out from the
bytes and the keys alone: no other program's opinion, nor its next version, can take it away.

What is not proven so is explained (`questionnaire.documents.unproven`). Files come from anywhere.
Nothing here raises on a bad file, and sizes are bounded.
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf.models.metadata import decode_pdf_date

from questionnaire.documents.certificate_forms import in_use
from questionnaire.documents.certificates import TrustedSeals, as_der, fingerprint
from questionnaire.documents.container import Container, OddContainerError, read_container
from questionnaire.documents.enclosed import problem_enclosed
from questionnaire.documents.finish import SEAL_FIELD
from questionnaire.documents.proofread import RECORD_FILE, attached, page_texts, pages_without
from questionnaire.documents.verdict import LARGEST_FILE, SEAL_MARKS, Settled, Verdict, Word

MOST_REVISIONS = 10
"""A sealed document has two; time stamps and validation data may add a few."""
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s*\]")

IsFiled = Callable[[str], bool]
"""Whether a file with this SHA-256 is in the clinic's own archive."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file with a seal of our form from its first byte to its last; nothing is proven yet."""

    pdf: bytes
    gap: slice
    container: Container

    @property
    def is_sound(self) -> bool:
        """Whether the bytes around the container are those that were sealed."""
        digest = hashlib.sha256(self.pdf[: self.gap.start])
        digest.update(self.pdf[self.gap.stop :])
        return digest.digest() == self.container.message_digest

    def is_signed_with(self, certificate: x509.Certificate) -> bool:
        """Whether the signature was made with the certificate's key."""
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        try:
            key.verify(self.container.signature, self.container.signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


def verify(pdf: bytes, trusted: TrustedSeals, is_filed: IsFiled | None = None) -> Verdict:
    """Check a file against the clinic's roots and sealing certificates.

    With `is_filed` the verdict says whether the archive holds the file. What a certificate sealed
    that was revoked counts only when it does: whoever has the key can state any time.
    """
    file_sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        return _authentic(pdf, trusted, file_sha256, is_filed)
    except Settled as settled:
        return Verdict(settled.word, settled.sentence, file_sha256)
    except Exception:  # noqa: BLE001  # a hostile file may break a reader in any way
        if SEAL_MARKS.search(pdf):
            sentence = "The file cannot be read any more; it looks like a sealed file."
            return Verdict(Word.ALTERED, sentence, file_sha256)
        sentence = "The file cannot be read; it does not look like a sealed file."
        return Verdict(Word.UNSEALED, sentence, file_sha256)


def _authentic(
    pdf: bytes, trusted: TrustedSeals, file_sha256: str, is_filed: IsFiled | None
) -> Verdict:
    """The verdict on a file that passes everything; any other outcome is raised as settled."""
    _check_size(pdf)
    sealed = sealed_whole(pdf)
    certificate = trusted.pinned(sealed.container.certificate) if sealed else None
    if sealed is None or certificate is None:
        from questionnaire.documents.unproven import explain

        raise explain(pdf, trusted)
    if not (sealed.is_sound and sealed.is_signed_with(certificate)):
        raise Settled(Word.ALTERED, "The file is not what was sealed: something in it changed.")
    root = _root_above(certificate, trusted, sealed.container)
    sealed_at = _stated_time(pdf)
    if not (in_use(certificate, sealed_at) and in_use(root, sealed_at)):
        raise Settled(Word.UNRECOGNISED, "The sealing certificate was not in force at that time.")
    return Verdict(
        Word.AUTHENTIC,
        _filed_or_not(certificate, trusted, file_sha256, is_filed),
        file_sha256,
        sealed_at=sealed_at,
        sealed_by=certificate.subject.rfc4514_string(),
        certificate_sha256=fingerprint(certificate),
        record_sha256=_record_printed_on_pages(pdf),
        time_stamped_at=_time_stamp(sealed.container),
    )


def _check_size(pdf: bytes) -> None:
    if len(pdf) > LARGEST_FILE:
        raise Settled(Word.UNSEALED, "The file is far larger than any document of the clinic.")
    if b"%PDF-" not in pdf[:1024]:
        raise Settled(Word.UNSEALED, "The file is not a PDF.")
    if max(pdf.count(b"/Prev"), pdf.count(b"startxref")) > MOST_REVISIONS:
        looks = SEAL_MARKS.search(pdf) is not None
        word = Word.ALTERED if looks else Word.UNSEALED
        raise Settled(word, "The file was changed more often than any document of the clinic.")


def sealed_whole(pdf: bytes) -> Sealed | None:
    """The last seal in the file, if it is of our form and covers every byte of the file."""
    ranges = BYTE_RANGE.findall(pdf)
    if not ranges:
        return None
    first_length, resume, rest = map(int, ranges[-1])
    if resume + rest != len(pdf) or first_length > resume:
        return None
    gap = slice(first_length, resume)
    try:
        return Sealed(pdf, gap, read_container(pdf[gap]))
    except OddContainerError:
        return None


def sealed_with(pdf: bytes) -> str | None:
    """The SHA-256 (hex) of the certificate that a sealed file names; nothing is proven by it."""
    sealed = sealed_whole(pdf)
    return hashlib.sha256(sealed.container.certificate).hexdigest() if sealed else None


def _root_above(
    certificate: x509.Certificate, trusted: TrustedSeals, container: Container
) -> x509.Certificate:
    """The pinned root that issued the certificate; only that may have come along with it."""
    root = trusted.root_of(certificate)
    if root is None:
        sentence = "The sealing certificate leads to no clinic root that is known here."
        raise Settled(Word.UNRECOGNISED, sentence)
    if container.others - {as_der(root)}:
        raise Settled(Word.ALTERED, "The seal itself was changed.")
    return root


def _stated_time(pdf: bytes) -> datetime:
    """When the seal says it was made."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form = opened.Root.get("/AcroForm")
        fields = [] if form is None else list(form.Fields)
        stated = [
            decode_pdf_date(str(field.V.M))
            for field in fields
            if str(field.get("/T")) == SEAL_FIELD and "/V" in field and "/M" in field.V
        ]
    if len(stated) == 1 and stated[0].tzinfo is not None:
        return stated[0]
    raise Settled(Word.UNRECOGNISED, "The file is sealed but is no consent document of ours.")


def _filed_or_not(
    certificate: x509.Certificate, trusted: TrustedSeals, file_sha256: str, is_filed: IsFiled | None
) -> str:
    """The sentence of an authentic file; a revoked certificate's word alone is not enough."""
    revoked = trusted.revoked_since(certificate)
    filed = is_filed(file_sha256) if is_filed else None
    if revoked is not None and not filed:
        raise Settled(
            Word.UNRECOGNISED,
            f"The sealing certificate was revoked since {revoked:%d %B %Y}, and what it sealed "
            "counts only when it is in the clinic's own archive.",
        )
    if filed is False:
        return (
            "This has the clinic's seal and nothing in it has changed since, but the file is not "
            "in the clinic's archive: ask how it came about before relying on it."
        )
    return "This is the document as the clinic sealed it; nothing in it has changed since."


def _time_stamp(container: Container) -> datetime | None:
    from questionnaire.documents.unproven import is_sound_stamp

    if container.time_stamp is None:
        return None
    if not is_sound_stamp(container.time_stamp.token, container.signature):
        raise Settled(Word.ALTERED, "The seal's time stamp was changed.")
    return container.time_stamp.at


def _record_printed_on_pages(pdf: bytes) -> str:
    """The fingerprint of the attached record, found printed on every page.

    Raises:
        Settled: there is no record, a page names another, or a file beside it does not fit.
    """
    record = attached(pdf, RECORD_FILE)
    if record is None:
        raise Settled(Word.UNRECOGNISED, "The file is sealed but is no consent document of ours.")
    record_sha256 = hashlib.sha256(record).hexdigest()
    if strangers := pages_without(page_texts(pdf), record_sha256):
        raise Settled(Word.ALTERED, f"Page {strangers[0]} does not belong to the attached record.")
    if problem := problem_enclosed(pdf, record):
        raise Settled(Word.ALTERED, problem)
    return record_sha256
