"""The last touch on a laid-out document: one packet of metadata, the seal's field, one tidy save.

WeasyPrint declares one standard in a file; ours declares two, PDF/A-3a for keeping and PDF/UA-1
for reading aloud (ISO 19005-3, ISO 14289-1). The field for the clinic's seal is made here, before
sealing: no mark on a page, out of the reading order, so that the seal changes nothing that is seen.
"""

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

import pikepdf
import pydyf  # type: ignore[import-untyped]  # has no types

from questionnaire.documents.tagging import name_every_shape
from questionnaire.documents.told_fonts import add_told_fonts

SEAL_FIELD = "ClinicSeal"
PRINT_AND_LOCKED = 132
"""Annotation flags Print (4) and Locked (128), ISO 32000-1 table 165."""
SIGNATURES_EXIST_APPEND_ONLY = 3
ENDS_IN_RETURN = b"\r\nendstream"
PREDICTED_BY_ROWS = 12
ROW_UNDER_NOTHING = b"\2"
"""Opens a row given by its difference from the row above (PNG "Up"): the first is given as it is.

It adds 2 to the sum whose last byte ends the packed stream (RFC 1950 2.2; ISO 32000-1 7.4.4.4).
"""
FINGERPRINT_PREFIX = "urn:sha256:"

Finisher = Callable[[object, pydyf.PDF], None]

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{fingerprint}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:CreatorTool>{program}</xmp:CreatorTool>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{engine}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What the file says about itself outside its pages."""

    title: str
    author: str
    language: str
    """A BCP 47 tag."""
    moment: datetime
    """When the record was complete (aware, UTC): the file's only date."""
    fingerprint: str
    """SHA-256 of the attached record, 64 hex digits."""
    program: str
    engine: str
    """The layout engine and its version."""

    def packet(self) -> bytes:
        """The XMP metadata packet, UTF-8."""
        words = {
            "fingerprint": FINGERPRINT_PREFIX + self.fingerprint,
            "title": self.title,
            "author": self.author,
            "language": self.language,
            "moment": f"{self.moment:%Y-%m-%dT%H:%M:%SZ}",
            "program": self.program,
            "engine": self.engine,
        }
        return _PACKET.format_map({name: escape(word) for name, word in words.items()}).encode()


def finisher(title_page: TitlePage) -> Finisher:
    """The function WeasyPrint calls once the pages are drawn and before the file is written."""

    def finish(document: object, pdf: pydyf.PDF) -> None:
        _declare(pdf, title_page)
        _attach_once(pdf)
        add_told_fonts(document, pdf)
        name_every_shape(pdf)
        _add_seal_field(pdf)

    return finish


def tidy(pdf: bytes) -> bytes:
    """The file saved once more: object streams, everything compressed once, a fixed identifier.

    Sealing and checking a tidy file is several times faster. The same bytes in give the same out.
    No stream ends in a carriage return, which a reader may take for the end of a line (ISO 32000-1
    7.3.8.1).
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for each in opened.objects:
            if isinstance(each, pikepdf.Stream):
                _pack(each)
        tidied = b""
        for tidied in _savings(opened):
            if ENDS_IN_RETURN not in tidied:
                break
        return tidied


def _pack(stream: pikepdf.Stream) -> None:
    """Compress a stream. Should it then end in a carriage return, its sum is made another."""
    if "/Filter" in stream or stream.get("/Type") == pikepdf.Name.Metadata:
        return
    content = stream.read_raw_bytes()
    packed, row = zlib.compress(content), None
    if packed.endswith(b"\r"):
        packed = zlib.compress(ROW_UNDER_NOTHING + content)
        row = pikepdf.Dictionary(Predictor=PREDICTED_BY_ROWS, Columns=len(content))
    stream.write(packed, filter=pikepdf.Name.FlateDecode, decode_parms=row)


def _savings(opened: pikepdf.Pdf) -> Iterator[bytes]:
    """The file saved in one way after another, each with object streams of its own.

    Each part of the catalogue becomes an object of its own, which moves all that follow. One file
    in twenty needs the second way, one in a thousand million none of the seven will do for.
    """
    yield _saved(opened)
    for name, part in list(opened.Root.items()):
        if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect:
            opened.Root[name] = opened.make_indirect(part)
            yield _saved(opened)


def _saved(opened: pikepdf.Pdf) -> bytes:
    tidied = io.BytesIO()
    opened.save(
        tidied,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    return tidied.getvalue()


def _declare(pdf: pydyf.PDF, title_page: TitlePage) -> None:
    packet = pydyf.Stream([title_page.packet()], {"Type": "/Metadata", "Subtype": "/XML"})
    pdf.add_object(packet)
    pdf.catalog["Metadata"] = packet.reference
    day = pydyf.String(f"D:{title_page.moment:%Y%m%d%H%M%S}Z")
    pdf.info.update(
        {
            "Title": pydyf.String(title_page.title),
            "Author": pydyf.String(title_page.author),
            "Creator": pydyf.String(title_page.program),
            "Producer": pydyf.String(title_page.engine),
            "CreationDate": day,
            "ModDate": day,
        }
    )


def _attach_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint names each attachment twice in the catalogue; once is right."""
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _add_seal_field(pdf: pydyf.PDF) -> None:
    page = next(each for each in pdf.objects if _is_last_page(pdf, each))
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SEAL_FIELD),
            "TU": pydyf.String("The clinic's electronic seal"),
            "F": PRINT_AND_LOCKED,
            "Rect": pydyf.Array([-1, -1, -1, -1]),
            "P": page.reference,
        }
    )
    pdf.add_object(field)
    _tag_seal_field(pdf, field, page)
    page.setdefault("Annots", pydyf.Array()).append(field.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array([field.reference]), "SigFlags": SIGNATURES_EXIST_APPEND_ONLY}
    )


def _tag_seal_field(pdf: pydyf.PDF, field: pydyf.Dictionary, page: pydyf.Dictionary) -> None:
    """Say in the tags, last of all, that there is a field (ISO 14289-1 7.18.4)."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    place = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page.reference})
    form = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/Form", "P": document.reference, "K": pydyf.Array([place])}
    )
    pdf.add_object(form)
    document["K"].append(form.reference)
    field["StructParent"] = numbers[-2] + 1
    numbers.extend((field["StructParent"], form.reference))


def _object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]


def _is_last_page(pdf: pydyf.PDF, each: pydyf.Object) -> bool:
    return bool(each.reference == pdf.page_references[-1])
