"""Signs without a shape that stand on the pages only for programs to read (`text_layer`)."""

SILENT = "\u200b"
"""Zero width space: the name of a shape whose letters another shape stands for."""
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "\u200f", "\u200e"
"""Marks of direction: a reader that turns stretches round (poppler) takes what stands at their
edges, such as a mark on the last letter or a script it does not know, for part of them."""
STOP = "\ufe0e"
"""Variation selector, which has no shape: a reader that turned the letters before it round (pypdf)
would go on with the punctuation behind them."""
