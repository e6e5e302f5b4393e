"""What to say of a file that is not proven to be the clinic's: unsealed, altered or a stranger's.

Here a general signature checker (pyHanko) reads the file. Its word decides only which of these it
is: what is authentic is proven without it.
"""

import asyncio
import io
import logging
from hashlib import sha256

from asn1crypto import cms  # type: ignore[import-untyped]  # has no types
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from questionnaire.documents.certificates import TrustedSeals
from questionnaire.documents.finish import SEAL_FIELD
from questionnaire.documents.seal import as_asn1
from questionnaire.documents.verdict import SEAL_MARKS, Settled, Word

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
"""It tells of every odd file with a traceback; what is odd is told by the verdict here."""


def explain(pdf: bytes, trusted: TrustedSeals) -> Settled:
    """The word and why for a file whose seal is not ours, or not as we made it.

    May raise anything on a hostile file.
    """
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return Settled(Word.ALTERED, "The file is locked with a password; ours never are.")
    signatures: list[EmbeddedPdfSignature] = reader.embedded_signatures
    ours = [each for each in signatures if each.field_name == SEAL_FIELD]
    if len(ours) == 1 == len(signatures):
        return _of_one_seal(pdf, ours[0], trusted)
    if ours:
        return Settled(Word.ALTERED, "A further signature was added to the sealed file.")
    if signatures:
        return Settled(Word.UNRECOGNISED, "The file is signed, but not with a clinic seal.")
    if SEAL_MARKS.search(pdf):
        return Settled(Word.ALTERED, "The file carried a seal, which was taken out of sight.")
    return Settled(Word.UNSEALED, "The file carries no seal.")


def is_sound_stamp(token: cms.SignedData, signature: bytes) -> bool:
    """Whether a time stamp is whole and of this signature; whose it is, is not asked."""
    context = ValidationContext(trust_roots=[], allow_fetching=False)

    def imprint(digest: str) -> bytes:
        return sha256(signature).digest() if digest == "sha256" else b""

    found = asyncio.run(validate_tst_signed_data(token, context, imprint))
    return bool(found["intact"] and found["valid"])


def _of_one_seal(pdf: bytes, seal: EmbeddedPdfSignature, trusted: TrustedSeals) -> Settled:
    """A seal in our field that is not wholly in our form, or not from a pinned certificate."""
    if trusted.pinned(seal.signer_cert.dump()) is None:
        return _unknown_signer(seal, trusted)
    _, _, resume, rest = map(int, seal.byte_range)
    if resume + rest != len(pdf):
        return Settled(Word.ALTERED, "The seal does not cover the whole file.")
    return Settled(Word.ALTERED, "The seal itself was changed.")


def _unknown_signer(seal: EmbeddedPdfSignature, trusted: TrustedSeals) -> Settled:
    """A signer that is not pinned: a stranger's seal if sound, else an altered file."""
    stated = seal.self_reported_timestamp
    if stated is None or stated.tzinfo is None:
        return Settled(Word.ALTERED, "The seal states no time; ours always do.")
    context = ValidationContext(
        trust_roots=[as_asn1(root) for root in trusted.roots],
        other_certs=[seal.signer_cert],
        moment=stated,
        allow_fetching=False,
    )
    status = asyncio.run(
        async_validate_pdf_signature(seal, signer_validation_context=context, skip_diff=True)
    )
    if status.intact and status.valid:
        return Settled(
            Word.UNRECOGNISED, "The file is sealed, but not with a certificate of this clinic."
        )
    return Settled(Word.ALTERED, "The file or its seal was changed.")
