"""A clinic's own colour and logo, read once: a colour for reading, a picture drawn anew."""

import re
from io import BytesIO
from struct import error as StructError  # noqa: N812  # an exception, named like one
from typing import Final

from PIL import Image, ImageFile

from questionnaire.domain.answers import Slip

LARGEST_LOGO: Final = 1_000_000
"""Bytes of the file that is brought."""
MOST_PIXELS: Final = 10_000_000
LEAST_SIDE: Final = 16
"""Pixels."""
KEPT_SIZE: Final = (640, 176)
"""Pixels, at most: four times as large as it is shown."""
LEAST_CONTRAST: Final = 4.5
"""For words of usual size (WCAG 2.2, 1.4.3)."""
GROUNDS: Final = ("#fffdfa", "#f6f1ec", "#e2eeee")
"""What the colour stands on, or has words of in it: page, panel and tint of `styles/`."""

_NEARLY_BLACK: Final = 0.04045
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_NO_PICTURE: Final = "This is no picture we can read. Bring a PNG or JPEG file."


def read_colour(typed: str) -> str:
    """A colour as `#rrggbb`, or nothing where nothing was typed.

    Raises `Slip` for anything else, and for a colour too light to read.
    """
    colour = typed.strip().lower()
    if not colour:
        return ""
    if not _COLOUR.fullmatch(colour):
        raise Slip("Write the colour as # and six signs from 0 to 9 and a to f, like #0f5257.")
    found = min(contrast(colour, ground) for ground in GROUNDS)
    if found < LEAST_CONTRAST:
        raise Slip(
            "This colour is too light: words in it would be hard to read. Its contrast is "
            f"{int(found * 10) / 10} to 1, and {LEAST_CONTRAST} to 1 is needed. Pick a darker one."
        )
    return colour


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours like `#0f5257`, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darker(colour: str) -> str:
    """The same hue for what a pointer rests on."""
    return "#" + "".join(f"{value * 2 // 3:02x}" for value in bytes.fromhex(colour[1:]))


def read_logo(sent: bytes) -> bytes:
    """The picture drawn anew as a PNG that holds nothing but its pixels, `KEPT_SIZE` at most.

    Raises `Slip` unless it is a PNG or JPEG of reasonable size.
    """
    if len(sent) > LARGEST_LOGO:
        raise Slip("This picture is larger than one megabyte. Bring a smaller one.")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets the whole process read half pictures
    try:
        with Image.open(BytesIO(sent), formats=("PNG", "JPEG")) as picture:
            _refuse_odd_size(*picture.size)
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, StructError) as problem:
        raise Slip(_NO_PICTURE) from problem
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise Slip(_odd_size()) from problem
    drawn.thumbnail(KEPT_SIZE)
    bare = Image.new("RGBA", drawn.size)
    bare.paste(drawn)
    made = BytesIO()
    bare.save(made, "PNG")
    return made.getvalue()


def _refuse_odd_size(width: int, height: int) -> None:
    if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
        raise Slip(_odd_size())


def _odd_size() -> str:
    return (
        f"Bring a picture of at least {LEAST_SIDE} by {LEAST_SIDE} and at most "
        f"{MOST_PIXELS // 1_000_000} million pixels."
    )


def _luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(value / 255) for value in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _NEARLY_BLACK else ((channel + 0.055) / 1.055) ** 2.4
