"""One thing that the self-check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; a `grave` one before patients come.

    `name` is the same in every version.
    """

    name: str
    grave: bool
    sentence: str
    mend: str
