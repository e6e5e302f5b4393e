"""One thing that the self-check found."""

from dataclasses import dataclass

NOT_SET_UP = "not_set_up"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; a `grave` one before patients come.

    `name` is the same in every version.
    """

    name: str
    grave: bool
    sentence: str
    mend: str

    @property
    def keeps_closed(self) -> bool:
        """Whether a start is refused while it is so: but a clinic is set up only once it runs."""
        return self.grave and self.name != NOT_SET_UP
