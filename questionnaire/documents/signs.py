"""Signs without a shape that stand on the pages only for programs to read (`text_layer`)."""

SILENT = "\u200b"
"""Zero width space: the name of a shape whose letters another shape stands for."""
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "\u200f", "\u200e"
"""Marks of direction: a reader that turns stretches round (poppler) takes what stands at their
edges, such as a mark on the last letter or a script it does not know, for part of them."""
ISOLATES = "\u2066\u2067\u2069"
SPACES_THAT_HOLD = "\u00a0\u2007\u202f"
"""Spaces at which no line breaks."""
WORD_JOINER = "\u2060"
"""Where no line breaks, unseen."""
STOP = "\ufe0e"
"""Variation selector, which has no shape: a reader that turned the letters before it round (pypdf)
would go on with the punctuation behind them."""


_AS_TYPED = str.maketrans(
    dict.fromkeys(SPACES_THAT_HOLD, " ")
    | dict.fromkeys(LEFT_TO_RIGHT + RIGHT_TO_LEFT + ISOLATES + WORD_JOINER, "")
)


def as_typed(text: str) -> str:
    """The text as somebody types it who looks for it: plain spaces, no marks of direction."""
    return text.translate(_AS_TYPED)
