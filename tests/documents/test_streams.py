"""No stream of a document ends in a carriage return, whatever is in it."""

import io
import random
import zlib
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import page
import pikepdf
import pypdf

from questionnaire.documents.certificates import SealingIdentity, TrustedSeals
from questionnaire.documents.finish import tidy
from questionnaire.documents.seal import seal
from questionnaire.documents.verdict import Word
from questionnaire.documents.verify import verify
from tests.documents import samples

ENDS_IN_RETURN = b"\r\nendstream"


def a_file(content: bytes = b"", objects: int = 0, number: int = 0) -> bytes:
    """A small file with this page description, and so many other objects counted from `number`."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(content)
        pdf.Root.Others = pikepdf.Array(
            [pdf.make_indirect(pikepdf.Dictionary(At=number + at)) for at in range(objects)]
        )
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.save(made, compress_streams=False)
    return made.getvalue()


def saved_once(pdf: bytes) -> bytes:
    """The file with object streams, as it comes."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


def first_that_ends_in_a_return(make: Callable[[int], bytes]) -> bytes:
    """The first of the numbered files whose streams do, saved as they come."""
    return next(each for each in map(make, count()) if ENDS_IN_RETURN in saved_once(each))


def test_a_page_that_packs_to_a_return_is_packed_otherwise_and_reads_the_same() -> None:
    tried = (f"0 0 m % {number}".encode() for number in count())
    content = next(each for each in tried if zlib.compress(each).endswith(b"\r"))
    tidied = tidy(a_file(content))
    assert ENDS_IN_RETURN in saved_once(a_file(content))
    assert ENDS_IN_RETURN not in tidied
    (page,) = pypdf.PdfReader(io.BytesIO(tidied)).pages
    assert page["/Contents"].get_data() == content
    with pikepdf.open(io.BytesIO(tidied)) as opened:
        assert opened.pages[0].Contents.read_bytes() == content


def test_objects_that_pack_to_a_return_are_put_together_otherwise() -> None:
    pdf = first_that_ends_in_a_return(lambda number: a_file(objects=120, number=number))
    tidied = tidy(pdf)
    assert ENDS_IN_RETURN not in tidied
    assert tidied == tidy(pdf)
    with pikepdf.open(io.BytesIO(tidied)) as opened:
        assert len(opened.Root.Others) == 120


def test_five_hundred_files_hold_no_stream_that_ends_in_a_return() -> None:
    some = random.Random(7)  # noqa: S311  # no secret
    pages = [some.randbytes(40) for _ in range(500)]
    assert sum(ENDS_IN_RETURN in saved_once(a_file(each)) for each in pages) > 0
    assert [each for each in pages if ENDS_IN_RETURN in tidy(a_file(each))] == []


def test_the_table_that_sealing_adds_ends_in_the_last_generation_which_is_nought(
    rendered: bytes, identity: SealingIdentity, trusted: TrustedSeals
) -> None:
    for later in range(3):
        longer = rendered + b"\n" * later
        sealed = seal(longer, identity, samples.SEALED + timedelta(seconds=later))
        added = sealed[len(longer) :]
        assert added.count(b"endstream") == 1
        assert b"\0\nendstream" in added
        assert b"/FlateDecode" not in added
        assert verify(sealed, trusted).word is Word.AUTHENTIC


def test_a_document_put_together_otherwise_is_sealed_and_found_authentic(
    rendered: bytes, identity: SealingIdentity, trusted: TrustedSeals
) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        for name in ("/AF", "/AcroForm", "/MarkInfo", "/Names", "/OutputIntents"):
            opened.Root[name] = opened.make_indirect(opened.Root[name])
        opened.save(made, fix_metadata_version=False)
    sealed = seal(tidy(made.getvalue()), identity, samples.SEALED)
    assert verify(sealed, trusted).word is Word.AUTHENTIC
    report = page.validate_pdf_bytes(sealed, profile=page.ValidationProfile.PDF_A_3A)
    assert report.failures == []
