"""Arrays of people: full figures, filled from the top left, as many as somebody counted.

A row of figures is a few long dashed lines (heads, shoulders, bodies, legs), so that a thousand
people weigh as little as a hundred and nothing has to be repeated. Three looks that differ in
lightness: filled, outlined with a light fill, and light grey. Thin outlines alone would break
into specks on a coarse screen.
"""

from dataclasses import dataclass
from functools import lru_cache

from questionnaire.documents.pictures.pen import (
    BRAND,
    BRAND_PERHAPS,
    NOBODY,
    PAPER,
    RISK,
    RISK_PERHAPS,
    Drawing,
    drawing,
    number,
    path,
)
from questionnaire.domain.pictures import HUNDRED, Group

Shades = tuple[str, str]
HARM: Shades = (RISK, RISK_PERHAPS)
BENEFIT: Shades = (BRAND, BRAND_PERHAPS)

_BLOCK = 10
_GAP = 4


@dataclass(frozen=True, slots=True)
class _Grid:
    """How figures stand: how many in a row, and the size of a figure's place."""

    across: int
    width: float
    height: float

    def x(self, column: int) -> float:
        """The left edge of a place; every ten stand a little apart."""
        return column * self.width + column // _BLOCK * _GAP


_OF_HUNDRED = _Grid(10, 15, 18)
_OF_THOUSAND = _Grid(40, 10, 17)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a figure as a dash: height of its line, its thickness, its start and pattern."""

    y: float
    thickness: float
    start: float
    dashes: tuple[float, ...]
    rounded: bool = False


_OUTER = (
    _Part(2.7, 4.6, 5, (0.1,), rounded=True),
    _Part(7.2, 3, 3.1, (3.8,), rounded=True),
    _Part(9.2, 4.2, 1.6, (6.8,)),
    _Part(13.7, 4.8, 2.7, (2.1, 0.4, 2.1)),
)
_INNER = (
    _Part(2.7, 3, 5, (0.1,), rounded=True),
    _Part(7.2, 1.4, 3.1, (3.8,), rounded=True),
    _Part(9, 3, 2.4, (5.2,)),
    _Part(12.9, 4.8, 3.5, (3,)),
)


@lru_cache(maxsize=512)
def icon_array(group: Group, words: str, shades: Shades = HARM) -> Drawing:
    """The people of a group as figures.

    Args:
        group: how many figures are filled, filled lightly, and empty.
        words: the sentence that says the same.
        shades: harms and benefits have colours of their own.
    """
    grid = _OF_HUNDRED if group.base == HUNDRED else _OF_THOUSAND
    rows = group.base // grid.across
    view = (round(grid.x(grid.across - 1) + grid.width), round(rows * grid.height))
    first_empty = group.filled + group.perhaps
    return drawing(
        f"people picture--of-{group.base}",
        view,
        words,
        f'<rect width="{view[0]}" height="{view[1]}" fill="{PAPER}"/>',
        *_figures(grid, 0, group.filled, shades[0]),
        *_figures(grid, group.filled, first_empty, *shades),
        *_figures(grid, first_empty, group.base, NOBODY),
    )


def _figures(grid: _Grid, start: int, end: int, colour: str, inside: str = "") -> list[str]:
    """Figures from one place in the array to another (from 0; the end is left out)."""
    runs = _runs(grid, start, end)
    if not runs:
        return []
    parts = [_line(grid, part, runs, colour) for part in _OUTER]
    return parts + [_line(grid, part, runs, inside) for part in _INNER if inside]


def _runs(grid: _Grid, start: int, end: int) -> list[tuple[int, int, int]]:
    """Row, first and last column of each stretch that one dashed line can draw.

    A stretch that begins within a block of ten ends with it, because the gap between blocks is
    part of the dashes.
    """
    runs = []
    while start < end:
        row, column = divmod(start, grid.across)
        stop = grid.across if column % _BLOCK == 0 else column - column % _BLOCK + _BLOCK
        count = min(end - start, stop - column)
        runs.append((row, column, column + count - 1))
        start += count
    return runs


def _line(grid: _Grid, part: _Part, runs: list[tuple[int, int, int]], colour: str) -> str:
    inset = (grid.width - 10) / 2 + part.start
    length = sum(part.dashes)
    d = "".join(
        f"M{number(grid.x(first) + inset)} {number(row * grid.height + part.y)}"
        f"h{number(grid.x(last) - grid.x(first) + length + 0.2)}"
        for row, first, last in runs
    )
    rest = number(grid.width - length)
    one = " ".join(_dash(each) for each in part.dashes)
    block = [f"{one} {rest}"] * (_BLOCK - 1)
    block.append(f"{one} {number(grid.width - length + _GAP)}")
    dashes = f"{one} {rest}" if grid.across == _BLOCK else " ".join(block)
    ends = ' stroke-linecap="round"' if part.rounded else ""
    return path(d, stroke=colour, width=part.thickness, extra=f'stroke-dasharray="{dashes}"{ends}')


def _dash(length: float) -> str:
    return f"{length:g}"
