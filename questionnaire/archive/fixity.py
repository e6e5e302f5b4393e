"""Whether every filed document is still there and still the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.archive.shelf import CannotBeRead, Damaged, Shelf
from questionnaire.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class Findings:
    """How many documents are as they were filed, and the names of those that are not."""

    ok: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def wrong(self) -> tuple[str, ...]:
        """The names of all that are not as they were filed, or cannot be looked at."""
        return (*self.missing, *self.changed, *self.unreadable)


def check(shelf: Shelf, expected: Iterable[tuple[str, str]]) -> Findings:
    """Read every `(name, SHA-256 in hex)` expected and compare; one unreadable stops nothing.

    Raises `ShelfUnavailable`.
    """
    ok = 0
    missing: list[str] = []
    changed: list[str] = []
    unreadable: list[str] = []
    for name, sha256 in expected:
        try:
            found = hashlib.sha256(shelf.get(name)).hexdigest()
        except NotFound:
            missing.append(name)
        except Damaged:
            changed.append(name)
        except CannotBeRead:
            unreadable.append(name)
        else:
            if found == sha256:
                ok += 1
            else:
                changed.append(name)
    return Findings(ok, tuple(missing), tuple(changed), tuple(unreadable))
