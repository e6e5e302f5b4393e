"""The list of what was disposed of, kept beside the keys: a restored backup must not bring it back.

It holds ids of visits and nothing else, one in a line, and is only ever added to.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from questionnaire.ordinary_files import LONGEST_TEXT_FILE, open_to_change, read_words


@dataclass(frozen=True, slots=True)
class DisposalList:
    """The file; it is made with the first entry."""

    path: Path

    def add(self, visit_id: str) -> None:
        """Write one id down, onto the disk."""
        descriptor = open_to_change(self.path, os.O_WRONLY | os.O_APPEND)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{visit_id}\n")
            file.flush()
            os.fsync(file.fileno())

    def ids(self) -> frozenset[str]:
        """Every visit that was disposed of, as far as this list tells."""
        try:
            return frozenset(read_words(self.path, LONGEST_TEXT_FILE, "ascii").split())
        except FileNotFoundError:
            return frozenset()
