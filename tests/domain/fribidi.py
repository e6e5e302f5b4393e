"""Where each character stands on a line: the Unicode Bidirectional Algorithm by GNU FriBidi.

The library is the one that Pango, which sets the consent documents, brings along.
"""

import ctypes
from typing import Final

_TO_THE_RIGHT: Final = 0x110
_TO_THE_LEFT: Final = 0x111
_LIBRARY: Final = ctypes.CDLL("libfribidi.so.0")


def drawn(text: str, way: str) -> str:
    """The characters of one line from the left edge to the right, in a paragraph `ltr` or `rtl`."""
    length = len(text)
    signs = (ctypes.c_uint32 * length)(*map(ord, text))
    base = ctypes.c_uint32(_TO_THE_LEFT if way == "rtl" else _TO_THE_RIGHT)
    places = (ctypes.c_int * length)()
    assert _LIBRARY.fribidi_log2vis(signs, length, ctypes.byref(base), None, None, places, None)
    return "".join(text[place] for place in places)
