"""The pen that every picture is drawn with: SVG of plain shapes, and the clinic's colours.

Only presentation attributes and classes are written, never a style, an id or an address, so that a
drawing stands in a page under a strict policy, twice in one page, and in the document alike.
Nothing but numbers, our own constants and escaped words ever goes in. Each shade differs from its
neighbours in lightness too, so that a picture holds on a black-and-white print.
"""

from html import escape

PAPER = "#fffdfa"
INK = "#4b463f"
LINE = "#8a7b6c"
BRAND = "#0f5257"
BRAND_PERHAPS = "#a8cfcc"
NOBODY = "#dad5cd"
PALE = "#f4ece2"
SKIN = "#f2dcc8"
SKIN_LINE = "#8f6f57"
RISK = "#9b1c1c"
RISK_PERHAPS = "#e6b3a2"

ROUND = 'stroke-linecap="round" stroke-linejoin="round"'

Number = int | float
Size = tuple[int, int]


class Drawing(str):
    """SVG made by this pen; a template puts it in its page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself: words were escaped when they were drawn."""
        return str(self)


def drawing(name: str, view: Size, words: str, *parts: str) -> Drawing:
    """A whole picture.

    Args:
        name: its class, after `picture picture--`.
        view: width and height of the view box, from 0, 0.
        words: what a voice says. Empty where the same words stand beside it; then it is silent.
        parts: shapes, painted in order.
    """
    width, height = view
    heard = f'role="img" aria-label="{escape(words)}"' if words else 'aria-hidden="true"'
    title = f"<title>{escape(words, quote=False)}</title>" if words else ""
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture picture--{name}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" {heard} '
        f'focusable="false">{title}{"".join(parts)}</svg>'
    )


def path(d: str, fill: str = "none", stroke: str = "", width: Number = 1, extra: str = "") -> str:
    """One shape. `extra` holds further attributes, already written."""
    line = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke else ""
    return f'<path d="{d}" fill="{fill}"{line}{f" {extra}" if extra else ""}/>'


def ellipse(
    middle: tuple[Number, Number],
    radii: tuple[Number, Number],
    fill: str = "none",
    stroke: str = "",
    width: Number = 1,
) -> str:
    """One ellipse."""
    line = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke else ""
    (x, y), (rx, ry) = middle, radii
    places = f'cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}"'
    return f'<ellipse {places} fill="{fill}"{line}/>'


def number(value: Number) -> str:
    """A number in tenths, as short as can be: `12`, `3.5`, `-.5`."""
    words = f"{round(value, 1) + 0:.1f}".removesuffix(".0")
    return words.replace("0.", ".", 1) if words.startswith(("0.", "-0.")) else words
