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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pydyf  # type: ignore[import-untyped]  # has no types
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import stream as layout_stream

from questionnaire.documents.glyphs import Cluster, Glyph, clusters, named_by_its_table
from questionnaire.documents.signs import END_OF_RIGHT_TO_LEFT, SILENT

NEXT_TO_NOTHING = 0.01
NOTHING_SAID = b"/Span <</ActualText ()>> BDC"
TOLD = "T"
"""Ends the name of a font whose shapes stand for what they mean at one place."""
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


@dataclass(frozen=True, slots=True)
class Told:
    """A shape and what it stands for at this place."""

    glyph: Glyph
    name: str
    share: float = 1.0
    """Less than 1: an unseen copy of the shape, over so much of its width."""

    @property
    def is_unseen(self) -> bool:
        """Whether it is only there to be read."""
        return self.share < 1


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
    if any(unicodedata.bidirectional(each) in RIGHT_TO_LEFT for each in text):
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
    return "".join(read) == text or not text.strip()


def _tell(stream: Any, start: int, box: boxes.TextBox) -> None:
    line = clusters(stream, box)
    if not any(each.glyphs for each in line):
        return
    drawn = stream.stream[start + OPENING : -CLOSING]
    (origin,) = (each for each in drawn if isinstance(each, bytes) and each.endswith(b" Tm"))
    kept = [each for each in drawn if not _is_text(each)]
    spoken, silent = _silent_apart(_text_objects(line))
    told = [part for each in spoken for part in _written(each, origin)]
    drawn_last = list(_written(silent, origin)) if silent else []
    if any(each.is_from_the_right for each in line):
        drawn_last = [NOTHING_SAID, *drawn_last, b"EMC"]
    else:
        stream.stream[start + 1]["ActualText"] = pydyf.String(box.text)
    stream.stream[start + OPENING : -CLOSING] = kept + told + drawn_last
    if box in stream._tags:  # noqa: SLF001  # WeasyPrint has no hook for text
        stream._tags[box][STATED] = box.text  # noqa: SLF001


def _is_text(part: object) -> bool:
    return isinstance(part, bytes) and part.endswith(TEXT_OPERATORS)


def _text_objects(line: list[Cluster]) -> Iterator[list[Told]]:
    """The shapes of a line in the order they are read; what stands in one list is read as one."""
    lowest = min(each.level for each in line)
    for from_the_right, group in groupby(line, lambda each: each.level > lowest or lowest % 2 == 1):
        if from_the_right:
            yield from _from_the_right(list(group))
        else:
            yield list(_from_the_left(group))


def _silent_apart(objects: Iterable[list[Told]]) -> tuple[list[list[Told]], list[Told]]:
    """Apart from the rest, shapes that say nothing and take no room: they would part a word."""
    spoken: list[list[Told]] = []
    silent: list[Told] = []
    for each in objects:
        silent += [told for told in each if _takes_no_room(told)]
        spoken.append([told for told in each if not _takes_no_room(told)])
    return [each for each in spoken if each], silent


def _takes_no_room(told: Told) -> bool:
    return told.name == SILENT and told.glyph.width == 0


def _from_the_left(stretch: Iterable[Cluster]) -> Iterator[Told]:
    """Each cluster's first shape says its letters, and those without a shape that follow it."""
    told: list[Told] = []
    for cluster in stretch:
        names = list(cluster.text) if _is_plain(cluster) else [cluster.text]
        if not cluster.glyphs and told:
            told[-1] = replace(told[-1], name=told[-1].name + cluster.text)
        told += [
            Told(glyph, names[at] if at < len(names) else SILENT)
            for at, glyph in enumerate(cluster.glyphs)
        ]
    yield from told


def _is_plain(cluster: Cluster) -> bool:
    return [each.font.to_unicode[each.number] for each in cluster.glyphs] == list(cluster.text)


def _from_the_right(stretch: list[Cluster]) -> Iterator[list[Told]]:
    """From the right, one letter a shape; what stands in it from the left is told by one shape."""
    told: list[list[Told]] = []
    for from_the_right, group in groupby(reversed(stretch), lambda each: each.is_from_the_right):
        if from_the_right:
            told += [[letter] for each in group if each.glyphs for letter in _letters(each)]
        else:
            backwards = list(group)
            glyphs = [each for cluster in backwards for each in reversed(cluster.glyphs)]
            names = ["".join(each.text for each in reversed(backwards))]
            told.append([Told(each, names.pop() if names else SILENT) for each in glyphs])
    told = [each for each in told if each]  # marks of direction have no shape
    yield from told
    if told:
        last = told[-1][-1].glyph
        beside = replace(last, x=last.x - last.width * NEXT_TO_NOTHING)
        yield [Told(beside, END_OF_RIGHT_TO_LEFT, NEXT_TO_NOTHING)]


def _letters(cluster: Cluster) -> Iterator[Told]:
    """One letter a shape; those that share one are told by unseen copies, each at its part."""
    wide = [each for each in reversed(cluster.glyphs) if each.width]
    shapes = wide + [each for each in reversed(cluster.glyphs) if not each.width]
    letters = _with_their_marks(cluster.text)
    if wide and (shared := len(letters) - len(wide) + 1) > 1:
        whole, share = shapes[0], 1 / shared
        for at in range(shared):
            x = whole.x + whole.width * share * (shared - 1 - at)
            yield Told(replace(whole, x=x), letters[at], share)
        shapes[0], letters[:shared] = replace(whole, width=0), [SILENT]
    for at, glyph in enumerate(shapes):
        yield Told(glyph, letters[at] if at < len(letters) else SILENT)


def _with_their_marks(text: str) -> list[str]:
    """The letters of a text, each with the marks that stand on it."""
    letters: list[str] = []
    for each in text:
        if letters and unicodedata.combining(each):
            letters[-1] += each
        else:
            letters.append(each)
    return letters


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
        yield f"[{'' if back in {'0', '-0'} else back}<{number:04x}>] TJ".encode()
        if each.is_unseen:
            yield b"100 Tz 0 Tr"
        if glyph.rise:
            yield b"0 Ts"
        pen = glyph.x + glyph.font.widths[glyph.number] * glyph.size * each.share / 1000
    yield b"ET"


def _font_and_number(told: Told) -> tuple[str, int]:
    font, shape = told.glyph.font, told.glyph.number
    if font.to_unicode[shape] == told.name:
        return font.hash, shape
    numbers = font.to_unicode.told
    return font.hash + TOLD, numbers.setdefault((shape, told.name), len(numbers) + 1)


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
