"""A text as a square code (QR) that phones read, drawn as one path."""

from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class SquareCode:
    """The code's drawing: `size` units wide and high, its quiet edge included; `path` is black."""

    size: int
    path: str


def square_code(text: str) -> SquareCode:
    """The drawing of a text."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    return SquareCode(len(rows), "".join(_line(y, row) for y, row in enumerate(rows)))


def _line(y: int, row: list[bool]) -> str:
    """The black runs of one row."""
    drawn, x = "", 0
    for is_black, run in groupby(row):
        width = len(list(run))
        if is_black:
            drawn += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return drawn
