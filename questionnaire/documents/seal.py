"""The clinic's electronic seal on a finished document (PAdES baseline B, ETSI EN 319 142-1).

The seal certifies the whole file and allows no change after it (DocMDP 1, ISO 32000-1 12.8.2.2):
the patient's and the clinician's marks are content of the record, so nothing is left to fill in.
Time stamps and validation data may still follow later; the standard allows those under DocMDP 1.

The same document, identity and time give the same bytes, so that a worker which died between
sealing and storing makes the very same file again.
"""

import asyncio
import io
from collections.abc import Callable
from datetime import datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # has no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from questionnaire.documents.certificates import SealingIdentity, as_der
from questionnaire.documents.finish import SEAL_FIELD

DIGEST = "sha256"
ROOM_FOR_SEAL = 8192
"""Bytes kept free for the seal in the file, as hex digits; a seal takes about 3,000."""


class CertificateExpiredError(Exception):
    """The sealing certificate is not in force at this time: the clinic must renew it."""


class ClinicSigner(Signer):
    """Puts a signature into the form every seal of ours has.

    The root goes along with the signer's certificate, which pyHanko adds by itself: each is there
    once, as strict readers want it.
    """

    def __init__(
        self,
        certificate: x509.Certificate,
        root: x509.Certificate,
        sign: Callable[[bytes], bytes],
    ) -> None:
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # its author left it so
        chain.register(as_asn1(root))
        super().__init__(signing_cert=as_asn1(certificate), cert_registry=chain)
        self.sign = sign

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002  # pyHanko's own signature
    ) -> bytes:
        """Sign `data`; called by pyHanko."""
        del digest_algorithm, dry_run
        return self.sign(data)


class SealWriter(IncrementalPdfFileWriter):
    """Appends the seal and touches nothing else: metadata and dates stay as they were rendered."""

    def _update_meta(self) -> None:
        """Leave the metadata packet and the information dictionary alone."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Stay with PDF 1.7, which PDF/A-3 and PDF/UA-1 are made of."""
        del version

    def register_extension(self, ext: DeveloperExtension) -> None:
        """Name no extension of PDF 2.0: PAdES allows elliptic curves in every version."""
        del ext

    def _populate_trailer(self, trailer: generic.DictionaryObject) -> None:
        """Leave the table of objects as it is: packed, its last byte may be a carriage return."""
        super()._populate_trailer(trailer)  # type: ignore[no-untyped-call]  # its author left it so
        trailer.pop("/Filter", None)

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        """Keep the identifier, which comes from the content already."""
        first, second = (
            generic.ByteStringObject(each.original_bytes) for each in prev.trailer["/ID"]
        )
        return generic.ArrayObject([first, second])


def seal(pdf: bytes, identity: SealingIdentity, signed_at: datetime) -> bytes:
    """The sealed document.

    Args:
        pdf: a document made by `questionnaire.documents.pdf`, with its empty seal field.
        identity: the clinic's key and certificates.
        signed_at: the time of sealing (aware).

    Raises:
        CertificateExpiredError: the certificate is not in force at `signed_at`.
    """
    if not identity.in_force(signed_at):
        until = identity.seals_until
        raise CertificateExpiredError(
            f"The sealing certificate may not seal now (it could until {until:%d %B %Y}). "
            "Issue a new one; documents wait until then."
        )

    def sign(data: bytes) -> bytes:
        return identity.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    return asyncio.run(
        _seal(pdf, ClinicSigner(identity.certificate, identity.root, sign), signed_at)
    )


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """A certificate in the form pyHanko reads."""
    return asn1_x509.Certificate.load(as_der(certificate))


async def _seal(pdf: bytes, signer: Signer, signed_at: datetime) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    writer = SealWriter(io.BytesIO(pdf))
    session = PdfSigner(metadata, signer).init_signing_session(writer, existing_fields_only=True)
    session.system_time = signed_at
    draft = session.prepare_tbs_document(validation_info=None, bytes_reserved=ROOM_FOR_SEAL)
    output = io.BytesIO()
    prepared: PreparedByteRangeDigest
    prepared, _ = draft.digest_tbs_document(output=output)
    sealed = await draft.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=signed_at),
    )
    await sealed.post_signature_processing(output)
    return output.getvalue()
