"""Signs without a shape that stand on the pages only for programs to read (`text_layer`)."""

SILENT = "\u200b"
"""Zero width space: the name of a shape whose letters another shape stands for."""
END_OF_RIGHT_TO_LEFT = "\ufe0e"
"""Variation selector, which has no shape: a reader that turned the letters before it round (pypdf)
would go on with the punctuation behind them."""
