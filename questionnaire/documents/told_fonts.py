"""Fonts whose shapes stand for what they mean at one place on a page (`text_layer`).

Each is the font it belongs to once more, with numbers of its own: every number leads to a shape
(`/CIDToGIDMap`) and to the letters that this shape stands for there (`/ToUnicode`, ISO 32000-1
9.7.4 and 9.10.3).
"""

from collections.abc import Sequence
from typing import Any

import pydyf  # type: ignore[import-untyped]  # has no types

from questionnaire.documents.glyphs import Names
from questionnaire.documents.text_layer import TOLD

MOST_AT_ONCE = 100
"""Names in one block of a character map (Adobe technical note 5411)."""
OPENING = (
    b"/CIDInit /ProcSet findresource begin",
    b"12 dict begin",
    b"begincmap",
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    b"/CMapName /Adobe-Identity-UCS def",
    b"/CMapType 2 def",
    b"1 begincodespacerange",
    b"<0000> <ffff>",
    b"endcodespacerange",
)
CLOSING = (b"endcmap", b"CMapName currentdict /CMap defineresource pop", b"end", b"end")


def add_told_fonts(document: Any, pdf: pydyf.PDF) -> None:
    """Add such a font beside each font that needs one, under its name with a `T`."""
    resources = _object(pdf, _object(pdf, pdf.page_references[0])["Resources"])
    fonts = _object(pdf, resources["Font"])
    for font in document.fonts.values():
        if isinstance(font.to_unicode, Names) and font.to_unicode.told:
            drawn = _object(pdf, fonts[font.hash])
            fonts[font.hash + TOLD] = _told_font(pdf, drawn, font).reference


def _told_font(pdf: pydyf.PDF, drawn: pydyf.Dictionary, font: Any) -> pydyf.Dictionary:
    told = list(font.to_unicode.told)
    shapes = b"\0\0" + b"".join(shape.to_bytes(2) for shape, _ in told)
    widths = pydyf.Array([1, pydyf.Array([font.widths[shape] for shape, _ in told])])
    described = pydyf.Dictionary(_object(pdf, drawn["DescendantFonts"][0]))
    described |= {"CIDToGIDMap": _added(pdf, pydyf.Stream([shapes])), "W": widths}
    whole = pydyf.Dictionary(drawn)
    whole |= {
        "Encoding": "/Identity-H",
        "ToUnicode": _added(pdf, pydyf.Stream(_character_map([name for _, name in told]))),
        "DescendantFonts": pydyf.Array([_added(pdf, described)]),
    }
    pdf.add_object(whole)
    return whole


def _character_map(names: Sequence[str]) -> list[bytes]:
    lines = [*OPENING]
    for first in range(0, len(names), MOST_AT_ONCE):
        block = names[first : first + MOST_AT_ONCE]
        lines.append(f"{len(block)} beginbfchar".encode())
        lines += [
            f"<{number:04x}> <{name.encode('utf-16-be').hex()}>".encode()
            for number, name in enumerate(block, start=first + 1)
        ]
        lines.append(b"endbfchar")
    return [*lines, *CLOSING]


def _added(pdf: pydyf.PDF, new: pydyf.Object) -> bytes:
    pdf.add_object(new)
    reference: bytes = new.reference
    return reference


def _object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]
