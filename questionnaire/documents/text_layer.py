"""The text that other programs read on the pages: every word as it was written, in its order.

A page draws shapes, and each shape of a font has one name. Programs that search, copy or read
aloud put these names together, some in the order drawn, some by place on the page. That comes
right for a plain line from left to right, and each such line is left as WeasyPrint drew it. Every
other line is told here, so that both kinds of program find its words:

- from the left (an accent, an emoji, Hindi, a ligature): the same shapes, but the first of each
  cluster stands for all its letters, and the line states its text (`/ActualText`, ISO 32000-1
  14.9.4) where it is drawn;
- from the right (Arabic, Hebrew): the same shapes at the same places, drawn in the order they are
  read, one text object for each cluster, each shape standing for one letter. No text is stated
  there: the programs that look for it would turn it round. It is stated in the tag (`tagging`).
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]  # has no types
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import stream as layout_stream

from questionnaire.documents.glyphs import clusters, is_mark, named_by_its_table
from questionnaire.documents.signs import STOP, as_typed
from questionnaire.documents.telling import Told, closed, silent_apart, stop, text_objects

NOTHING_SAID = b"/Span <</ActualText ( )>> BDC"
TOLD = "T"
"""Ends the name of a font whose shapes stand for what they mean at one place."""
FOR_PDFIUM = "Typed"
"""Marks a text for pdfium (Chrome), which reads it in any mark. It gives the parts of a number that
stand between spaces from the right, but not between no-break spaces, for which it looks too."""
NO_BREAK_SPACE = "\u00a0"
STATED = "stated"
"""Where the mark of a told line keeps its text for its tag."""
RIGHT_TO_LEFT = {"R", "AL", "AN"}
SHOWN = re.compile(rb"<([0-9a-f]+)>")
TEXT_OPERATORS = (b" TJ", b" Tf", b" Ts", b" Tm", b"BT", b"ET")
OPENING, CLOSING = 3, 1
"""How many parts of a page description open and close a marked line."""

_Stream = layout_stream.Stream
_add_font = _Stream.add_font
_marked = _Stream.marked


def teach_text() -> None:
    """Make WeasyPrint's pages carry readable text; asking again changes nothing."""
    _Stream.add_font = _add_named_font
    _Stream.marked = _marked_and_told


def _add_named_font(stream: Any, pango_font: Any) -> tuple[Any, float]:
    font, size = _add_font(stream, pango_font)
    return named_by_its_table(font), size


@contextmanager
def _marked_and_told(stream: Any, box: boxes.Box, tag: str) -> Iterator[None]:
    start = len(stream.stream)
    if _is_page_furniture(box):
        stream.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
        yield
        stream.end_marked_content()
    else:
        with _marked(stream, box, tag):
            yield
    if isinstance(box, boxes.TextBox) and not _reads_right(stream, start, box.text):
        _tell(stream, start, box)


def _is_page_furniture(box: boxes.Box) -> bool:
    """Whether a line stands at the edge of a page, where no element of the text is."""
    return box.element is None


def _reads_right(stream: Any, start: int, text: str) -> bool:
    """Whether the names of the shapes drawn since `start` say the text, all from the left."""
    if any(unicodedata.bidirectional(each) in RIGHT_TO_LEFT or is_mark(each) for each in text):
        return False
    fonts = {font.hash.encode(): font for font in stream._fonts.values()}  # noqa: SLF001
    names: dict[int, str] = {}
    read = []
    for part in stream.stream[start + OPENING : -CLOSING]:
        if not isinstance(part, bytes):
            continue
        if part.endswith(b" Tf"):
            names = fonts[part[1:].partition(b" ")[0]].to_unicode
        elif part.endswith(b" TJ"):
            shapes = b"".join(SHOWN.findall(part))
            read += [names[int(shapes[at : at + 4], 16)] for at in range(0, len(shapes), 4)]
    return "".join(read) == as_typed(text) or not text.strip()


def _tell(stream: Any, start: int, box: boxes.TextBox) -> None:
    line = clusters(stream, box)
    if not any(each.glyphs for each in line):
        return
    drawn = stream.stream[start + OPENING : -CLOSING]
    (origin,) = (each for each in drawn if isinstance(each, bytes) and each.endswith(b" Tm"))
    kept = [each for each in drawn if not _is_text(each)]
    spoken, silent = silent_apart(text_objects(line))
    told = [part for each in spoken for part in _written(each, origin)]
    text = as_typed(box.text)
    if any(each.is_from_the_right for each in line):
        last = list(_written([stop(line, spoken)], origin))
        if silent:
            last += [NOTHING_SAID, *_written(silent, origin), b"EMC"]
    else:
        last = list(_written(silent, origin)) if silent else []
        stream.stream[start + 1]["ActualText"] = pydyf.String(closed(text))
    stream.stream[start + OPENING : -CLOSING] = kept + told + last
    if box in stream._tags:  # noqa: SLF001  # WeasyPrint has no hook for text
        stream._tags[box][STATED] = text  # noqa: SLF001


def _is_text(part: object) -> bool:
    return isinstance(part, bytes) and part.endswith(TEXT_OPERATORS)


def _written(told: list[Told], origin: bytes) -> Iterator[bytes]:
    """One text object: each shape put at its place, counted from the start of the line."""
    *turned, x, y, _ = origin.split()
    pen, chosen = told[0].glyph.x, b""
    start = _short(float(x) + pen).encode()
    yield from (b"BT", b" ".join((*turned, start, y, b"Tm")))
    for each in told:
        glyph = each.glyph
        name, number = _font_and_number(each)
        if (font := f"/{name} {_short(glyph.size)} Tf".encode()) != chosen:
            yield (chosen := font)
        if glyph.rise:
            yield f"{_short(glyph.rise)} Ts".encode()
        if each.is_unseen:
            yield f"3 Tr {_short(100 * each.share)} Tz".encode()
        back = _short((pen - glyph.x) * 1000 / glyph.size / each.share)
        marks = list(_marks(each))
        yield from marks
        yield f"[{'' if back in {'0', '-0'} else back}<{number:04x}>] TJ".encode()
        yield from [b"EMC"] * len(marks)
        if each.is_unseen:
            yield b"100 Tz 0 Tr"
        if glyph.rise:
            yield b"0 Ts"
        pen = glyph.x + glyph.font.widths[glyph.number] * glyph.size * each.share / 1000
    yield b"ET"


def _marks(told: Told) -> Iterator[bytes]:
    """What is stated for one shape: to poppler, which reads spans only, then to pdfium."""
    if told.stated:
        yield _stating("Span", told.stated)
    name = " " if told.name == STOP else told.name
    if told.stated or " " in name[1:]:
        yield _stating(FOR_PDFIUM, name if name == " " else name.replace(" ", NO_BREAK_SPACE))


def _stating(tag: str, text: str) -> bytes:
    stated: bytes = pydyf.Dictionary({"ActualText": pydyf.String(text)}).data
    return b"/%s %s BDC" % (tag.encode(), stated)


def _font_and_number(told: Told) -> tuple[str, int]:
    font, shape = told.glyph.font, told.glyph.number
    if font.to_unicode[shape] == told.name:
        return font.hash, shape
    numbers = font.to_unicode.told
    return font.hash + TOLD, numbers.setdefault((shape, told.name), len(numbers) + 1)


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
