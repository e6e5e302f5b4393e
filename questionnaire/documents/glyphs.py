"""A drawn line of text, shape by shape: which letters each shape stands for, and where it is.

WeasyPrint draws what Pango lays out. Here the same layout is asked again, for what a page
description leaves out: which letters were drawn together (a cluster), and in which direction
(a level of the bidirectional algorithm, Unicode annex 9: even from the left, odd from the right).
"""

import io
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

from questionnaire.documents.signs import as_typed
from questionnaire.documents.words import ZERO_WIDTH_JOINERS

PRESENTATION_FORMS = range(0xFB00, 0xFF00)
"""Letters as they stand in a word, each a character of its own: nobody types or searches them."""

LEVEL = 0xFF
"""The one byte of a run's level; WeasyPrint declares it four bytes wide."""


class Names(dict[int, str]):
    """What each shape of a font stands for: its letter in the font's own table, if it has one.

    WeasyPrint names a shape by the letters it was first drawn for; a bracket in Arabic would then
    stay turned round in every later line. A shape outside the table keeps that first name.
    """

    def __init__(self, letters: dict[int, str]) -> None:
        super().__init__()
        self.letters = letters
        self.told: dict[tuple[int, str], int] = {}
        """Numbers of shapes that stand for something else at one place, by shape and name."""

    def __setitem__(self, shape: int, name: str) -> None:
        super().__setitem__(shape, self.letters.get(shape, name))


@dataclass(frozen=True, slots=True)
class Glyph:
    """One shape: `x` and `width` in CSS pixels from the start of its line, `rise` above it."""

    font: Any
    size: float
    number: int
    x: float
    width: float
    rise: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Letters that are drawn together, by no, one or several shapes, from the left."""

    text: str
    level: int
    glyphs: tuple[Glyph, ...]

    @property
    def is_from_the_right(self) -> bool:
        """Whether it is read from right to left."""
        return bool(self.level % 2)


_tables: dict[str, dict[int, str]] = {}
"""The table of each packaged font that was used, by its name with weight and style."""


def named_by_its_table(font: Any) -> Any:
    """The font, its shapes named from its own table from now on."""
    if not isinstance(font.to_unicode, Names):
        if font.name not in _tables:
            _tables[font.name] = _table(font.file_content)
        font.to_unicode = Names(_tables[font.name])
    return font


def clusters(stream: Any, box: boxes.TextBox) -> list[Cluster]:
    """The clusters of a drawn line, from the left; empty if some letter has no shape at all."""
    layout = box.pango_layout
    layout.reactivate(box.style)
    try:
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # noqa: FBT003  # C
        line, _ = layout.get_first_line()
        return _with_their_marks(_walk(stream, line.runs[0], layout.text.encode()))
    finally:
        layout.deactivate()


def _walk(stream: Any, run: Any, text: bytes) -> list[Cluster]:
    found: list[Cluster] = []
    x = 0.0
    while run != ffi.NULL:
        item, shapes = run.data.item, run.data.glyphs
        font, size = stream.add_font(item.analysis.font)
        starts = [item.offset + shapes.log_clusters[at] for at in range(shapes.num_glyphs)]
        ends = dict(pairwise(sorted({*starts, item.offset + item.length})))
        drawn: dict[int, list[Glyph]] = {start: [] for start in starts}
        for at, start in enumerate(starts):
            shape, place = shapes.glyphs[at].glyph, shapes.glyphs[at].geometry
            if shape & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                return []
            width = place.width * FROM_UNITS
            if shape != pango.PANGO_GLYPH_EMPTY:
                moved, rise = place.x_offset * FROM_UNITS, -place.y_offset * FROM_UNITS
                drawn[start].append(Glyph(font, size, shape, x + moved, width, rise))
            x += width
        found += [
            Cluster(letters, item.analysis.level & LEVEL, tuple(glyphs))
            for start, glyphs in drawn.items()
            if (letters := as_typed(text[start : ends[start]].decode())) or glyphs
        ]
        run = run.next
    return found


def _with_their_marks(found: list[Cluster]) -> list[Cluster]:
    """The clusters, marks that have one of their own joined to that of the letter they stand on."""
    joined: list[Cluster] = []
    for each in found:
        left = joined[-1] if joined and joined[-1].level == each.level else None
        first, then = (each, left) if each.is_from_the_right else (left, each)
        if left and first and then and then.text and is_mark(then.text[0]):
            text, glyphs = first.text + then.text, left.glyphs + each.glyphs
            joined[-1] = Cluster(text, each.level, glyphs)
        else:
            joined.append(each)
    return joined


def is_mark(character: str) -> bool:
    """Whether it belongs to the letter before it: stands on it, or says how it joins the next."""
    return character in ZERO_WIDTH_JOINERS or unicodedata.category(character).startswith("M")


def _table(file: bytes) -> dict[int, str]:
    """The first letter of each shape in the font's table (`cmap`)."""
    with TTFont(io.BytesIO(file), lazy=True) as font:
        numbers = font.getReverseGlyphMap()
        lowest_last = sorted(font.getBestCmap().items(), reverse=True)
    return {numbers[name]: chr(it) for it, name in lowest_last if it not in PRESENTATION_FORMS}
