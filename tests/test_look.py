"""A clinic's colour can be read on, and its logo is drawn anew from nothing but pixels."""

from io import BytesIO
from struct import pack
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin

from questionnaire.domain.answers import Slip
from questionnaire.look import (
    GROUNDS,
    KEPT_SIZE,
    LARGEST_LOGO,
    LEAST_CONTRAST,
    contrast,
    darker,
    read_colour,
    read_logo,
)

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def drawn(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture file."""
    made = BytesIO()
    Image.new(mode, size, 1).save(made, kind)
    return made.getvalue()


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of grey pixels whose head says that size, whatever it holds."""
    parts = ((b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", pixels))
    chunks = b"".join(
        pack(">I", len(body)) + name + body + pack(">I", crc32(name + body))
        for name, body in (*parts, (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


GOOD = drawn()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("", ""), ("  ", ""), ("#0f5257", "#0f5257"), (" #7A1212\n", "#7a1212"), ("#000000",) * 2],
)
def test_a_dark_colour_or_none_is_taken(typed: str, colour: str) -> None:
    assert read_colour(typed) == colour


@pytest.mark.parametrize(
    "typed",
    [
        "red",
        "0f5257",
        "#0f525",
        "#0f52577",
        "#0f525g",
        "#fff",
        "#\uff10f5257",
        "#0f5257;}",
        "x#0f5257",
    ],
)
def test_what_is_no_colour_is_asked_again(typed: str) -> None:
    with pytest.raises(Slip, match="like #0f5257"):
        read_colour(typed)


@given(COLOURS)
def test_every_colour_taken_can_be_read_on_every_ground_and_so_can_its_darker_one(
    colour: str,
) -> None:
    least = min(contrast(colour, ground) for ground in GROUNDS)
    if least < LEAST_CONTRAST:
        with pytest.raises(Slip, match="too light"):
            read_colour(colour)
    else:
        assert read_colour(colour) == colour
        assert all(contrast(darker(colour), ground) >= least for ground in GROUNDS)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_becomes_the_same_kind(mode: str) -> None:
    with Image.open(BytesIO(read_logo(drawn(mode=mode)))) as logo:
        assert (logo.format, logo.mode, logo.size) == ("PNG", "RGBA", (40, 20))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_kind_of_jpeg_becomes_a_png(mode: str) -> None:
    with Image.open(BytesIO(read_logo(drawn("JPEG", mode)))) as logo:
        assert (logo.format, logo.mode) == ("PNG", "RGBA")


def test_nothing_but_pixels_is_kept() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "taken at home")
    made = BytesIO()
    place = Image.Exif()
    place[0x010E] = "in the garden"
    picture = Image.new("RGB", (40, 20))
    picture.save(made, "PNG", pnginfo=words, exif=place, icc_profile=b"a profile", dpi=(72, 72))
    kept = read_logo(made.getvalue() + b"<script>alert(1)</script>")
    named = {kept[at - 4 : at] for at in range(4, len(kept)) if kept[at - 4 : at].isalpha()}
    assert {b"IHDR", b"IDAT", b"IEND"} <= named
    assert not named & {b"tEXt", b"eXIf", b"iCCP", b"pHYs"}
    assert b"script" not in kept


def test_a_large_picture_becomes_small_and_keeps_its_shape() -> None:
    with Image.open(BytesIO(read_logo(drawn(size=(3000, 300))))) as logo:
        assert logo.size == (KEPT_SIZE[0], KEPT_SIZE[0] // 10)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7\n",
        drawn("GIF", "P"),
        drawn("BMP"),
        drawn("TIFF"),
        GOOD[:-30],
        GOOD[:30],
        png_of(100, 100, b"no stream"),
        png_of(100, 100, compress(b"short")),
    ],
)
def test_what_is_no_whole_png_or_jpeg_is_refused(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as importing WeasyPrint does
    with pytest.raises(Slip, match="no picture we can read"):
        read_logo(sent)


@pytest.mark.parametrize(
    "size",
    [(15, 400), (400, 1), (4000, 2501), (10_000, 10_000), (60_000, 60_000), (2**31 - 1,) * 2],
)
def test_too_small_too_large_and_bombs_are_refused_before_they_unfold(
    size: tuple[int, int],
) -> None:
    with pytest.raises(Slip, match="million pixels"):
        read_logo(png_of(*size, compress(bytes(1000))))


def test_a_file_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(Slip, match="one megabyte"):
        read_logo(GOOD + bytes(LARGEST_LOGO))


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
def test_a_spoiled_file_is_a_picture_or_a_slip_and_never_a_fault(at: int, noise: bytes) -> None:
    try:
        made = read_logo(GOOD[:at] + noise + GOOD[at + len(noise) :])
    except Slip:
        return
    assert made.startswith(b"\x89PNG")
