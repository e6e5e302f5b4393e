"""Ways to spoil a sealed document, each a function from what a forger may hold to the file made."""

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from questionnaire.documents.certificates import (
    SealingIdentity,
    create_clinic_certificates,
    issue_seal,
    load_seal,
)
from questionnaire.documents.pdf import render
from questionnaire.documents.seal import ClinicSigner, seal
from tests.documents import samples

CONTAINER = re.compile(rb"/Contents <([0-9A-F]+)>")


@dataclass(frozen=True, slots=True)
class Hand:
    """What the forger starts from."""

    rendered: bytes
    sealed: bytes
    identity: SealingIdentity
    keys: Path
    empty: Path
    """A folder of the forger's own."""


Spoil = Callable[[Hand], bytes]


def flip(pdf: bytes, at: int, bit: int = 1) -> bytes:
    """The file with one bit turned."""
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def replaced(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """The file with one piece changed for another of the same length."""
    assert old in pdf
    assert len(old) == len(new)
    return pdf.replace(old, new, 1)


@contextmanager
def rewritten(pdf: bytes, made: io.BytesIO) -> Iterator[pikepdf.Pdf]:
    """The file opened for a change and saved anew."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened
        opened.save(made)


def saved_anew(change: Callable[[pikepdf.Pdf], None]) -> Spoil:
    """A spoiling that opens the sealed file, changes it and saves it as a new file."""

    def spoil(hand: Hand) -> bytes:
        made = io.BytesIO()
        with rewritten(hand.sealed, made) as opened:
            change(opened)
        return made.getvalue()

    return spoil


def appended(change: Callable[[IncrementalPdfFileWriter], None]) -> Spoil:
    """A spoiling that leaves the sealed bytes alone and appends a revision."""

    def spoil(hand: Hand) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(hand.sealed))
        change(writer)
        made = io.BytesIO()
        writer.write(made)
        return made.getvalue()

    return spoil


def first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"][0]
    return page


def rotate(opened: pikepdf.Pdf) -> None:
    opened.pages[0].rotate(90, relative=True)


def add_page(opened: pikepdf.Pdf) -> None:
    opened.add_blank_page()


def swap_pages(opened: pikepdf.Pdf) -> None:
    opened.pages.append(opened.pages[0])
    del opened.pages[0]


def swap_record(opened: pikepdf.Pdf) -> None:
    del opened.attachments["record.json"]
    opened.attachments["record.json"] = b"{}"


def drop_signature(opened: pikepdf.Pdf) -> None:
    del opened.Root.AcroForm.Fields[0]["/V"]
    del opened.Root["/Perms"]


def rotate_quietly(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def cover_a_risk(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    box = generic.ArrayObject(map(generic.NumberObject, (50, 50, 500, 700)))
    square = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Square"),
            generic.pdf_name("/Rect"): box,
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(square)])
    writer.update_container(page)


def change_metadata(writer: IncrementalPdfFileWriter) -> None:
    packet = generic.StreamObject(stream_data=b"<x/>")
    writer.root["/Metadata"] = writer.add_object(packet)
    writer.update_root()


def hide_seal(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def swap_attachments(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Names"] = generic.DictionaryObject()
    writer.update_root()


def add_signature(hand: Hand) -> bytes:
    """A stranger signs after the seal, in a field of their own."""
    stranger = stranger_identity(hand)
    writer = IncrementalPdfFileWriter(io.BytesIO(hand.sealed))
    fields.append_signature_field(writer, fields.SigFieldSpec("Second"))
    return signed_by(stranger, writer, "Second")


def strangers_own_file(hand: Hand) -> bytes:
    """The unsealed document signed by a stranger, not in the clinic's field."""
    writer = IncrementalPdfFileWriter(io.BytesIO(hand.rendered))
    fields.append_signature_field(writer, fields.SigFieldSpec("Stranger"))
    return signed_by(stranger_identity(hand), writer, "Stranger")


class Heedless(PdfSigner):
    """Signs although the seal allows nothing after it."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        del reader


def signed_by(who: SealingIdentity, writer: IncrementalPdfFileWriter, field: str) -> bytes:
    signer = ClinicSigner(who.certificate, who.root, signing_with(who))
    made = io.BytesIO()
    with_field = PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    Heedless(with_field, signer).sign_pdf(writer, output=made, bytes_reserved=8192)
    return made.getvalue()


def signing_with(who: SealingIdentity) -> Callable[[bytes], bytes]:
    return lambda data: who.key.sign(data, ec.ECDSA(hashes.SHA256()))


def stranger_identity(hand: Hand) -> SealingIdentity:
    """A root and seal of the forger's own, under the clinic's name."""
    create_clinic_certificates(hand.empty, "Willow Lane Clinic", samples.ARRANGED)
    return load_seal(hand.empty, samples.SEALED)


def sealed_by_another_root(hand: Hand) -> bytes:
    return seal(hand.rendered, stranger_identity(hand), samples.SEALED)


def sealed_by_another_signer_of_the_same_root(hand: Hand) -> bytes:
    for name in ("root.key.pem", "root.cert.pem"):
        (hand.empty / name).write_bytes((hand.keys / name).read_bytes())
    issue_seal(hand.empty, "Willow Lane Clinic", samples.ARRANGED)
    return seal(hand.rendered, load_seal(hand.empty, samples.SEALED), samples.SEALED)


def sealed_out_of_time(hand: Hand) -> bytes:
    """Sealed with the right key after its certificate had ended, by one that does not look."""

    class AlwaysInForce(SealingIdentity):
        def in_force(self, moment: object) -> bool:
            return bool(moment)

    late = hand.identity.certificate.not_valid_after_utc + timedelta(days=1)
    who = hand.identity
    return seal(hand.rendered, AlwaysInForce(who.key, who.certificate, who.root), late)


def another_patients_pages(hand: Hand) -> bytes:
    """Sealed by the clinic's own key, but with a record that is not the one on the pages."""
    made = io.BytesIO()
    with rewritten(hand.rendered, made) as opened:
        swap_record(opened)
    return seal(made.getvalue(), hand.identity, samples.SEALED)


def without_record(hand: Hand) -> bytes:
    made = io.BytesIO()
    with rewritten(hand.rendered, made) as opened:
        del opened.attachments["record.json"]
    return seal(made.getvalue(), hand.identity, samples.SEALED)


def with_enclosed(name: str, change: Callable[[bytes], bytes | None]) -> Spoil:
    """Sealed by the clinic's own key, with one attached file changed, added, or left out."""

    def spoil(hand: Hand) -> bytes:
        made = io.BytesIO()
        with rewritten(hand.rendered, made) as opened:
            found = opened.attachments.get(name)
            content = change(found.get_file().read_bytes() if found else b"")
            if found:
                del opened.attachments[name]
            if content is not None:
                opened.attachments[name] = content
        return seal(made.getvalue(), hand.identity, samples.SEALED)

    return spoil


def one_page_of_another(hand: Hand) -> bytes:
    """Sealed by the clinic's own key, with one page taken from another patient's document."""
    record = replace(samples.a_record(), record_id="R-OTHER")
    made = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(render(*samples.whole(record)))) as other,
        rewritten(hand.rendered, made) as opened,
    ):
        opened.pages[2] = other.pages[2]
    return seal(made.getvalue(), hand.identity, samples.SEALED)


def container_span(pdf: bytes) -> tuple[int, int]:
    found = CONTAINER.search(pdf)
    assert found
    return found.span(1)


def cut_in_the_seal(hand: Hand) -> bytes:
    start, end = container_span(hand.sealed)
    return hand.sealed[: (start + end) // 2]


def many_revisions(hand: Hand) -> bytes:
    """A file with a chain of ten thousand earlier cross-reference tables."""
    table = b"xref\n0 0\ntrailer<</Size 1/Root 1 0 R/Prev %d>>\n"
    return hand.rendered + b"".join(table % at for at in range(10_000))


def padding_changed(hand: Hand) -> bytes:
    _, end = container_span(hand.sealed)
    return hand.sealed[: end - 2] + b"1" + hand.sealed[end - 1 :]


def container_in_small_letters(hand: Hand) -> bytes:
    start, end = container_span(hand.sealed)
    return hand.sealed[:start] + hand.sealed[start:end].lower() + hand.sealed[end:]


def embedded_certificate_changed(hand: Hand) -> bytes:
    """One bit turned in the copy of the root that travels in the seal, which nothing signs."""
    root = hand.identity.root.public_bytes(Encoding.DER).hex().upper().encode()
    return replaced(hand.sealed, root, root[:-2] + (b"00" if root[-2:] != b"00" else b"01"))


def smaller_range(hand: Hand) -> bytes:
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", hand.sealed)
    assert found
    last = str(int(found[3]) - 1).encode().zfill(len(found[3]))
    return hand.sealed[: found.start(3)] + last + hand.sealed[found.end(3) :]


def locked(hand: Hand) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(hand.sealed)) as opened:
        opened.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    return made.getvalue()


def web_ready(hand: Hand) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(hand.sealed)) as opened:
        opened.save(made, linearize=True)
    return made.getvalue()


def one_revision(hand: Hand) -> bytes:
    return hand.sealed[: hand.sealed.index(b"%%EOF") + 6]


def bomb(_: Hand) -> bytes:
    """A file whose one object stream unpacks to 300 MB."""
    packed = zlib.compress(b"0" * 300_000_000, 9)
    stream = b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 2/Root 1 0 R>>\n"
    return (
        b"%PDF-1.7\n" + stream + packed + b"\nendstream endobj\n" + table + b"startxref\n9\n%%EOF"
    )


def deep(_: Hand) -> bytes:
    nested = b"[" * 60_000 + b"]" * 60_000
    return b"%PDF-1.7\n1 0 obj" + nested + b"endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"


def circle(_: Hand) -> bytes:
    """A cross-reference table that says it was preceded by itself."""
    body = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    trailer = b"trailer<</Size 2/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF"
    return body + table + trailer % (len(body), len(body))
