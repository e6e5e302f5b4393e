"""Everything that is wrong with one form, told at once: each slip beside its own box."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from questionnaire.domain.answers import Slip
from questionnaire.domain.language import Say, in_english


class Slips(Slip):
    """What is wrong with a form: name of a box → its slip, in the order of the form."""

    def __init__(self, boxes: Mapping[str, Slip]) -> None:
        self.boxes = dict(boxes)
        super().__init__(self.said())

    def said(self, say: Say = in_english) -> str:
        """All the sentences, for where there is one place for them."""
        return " ".join(slip.said(say) for slip in self.boxes.values())

    def beside(self, say: Say = in_english) -> tuple[tuple[str, str], ...]:
        """Each box with its sentence in the reader's language."""
        return tuple((box, slip.said(say)) for box, slip in self.boxes.items())


@dataclass(slots=True)
class Reading:
    """The reading of one form, box by box: a slip in one box does not keep the next unread."""

    slips: dict[str, Slip] = field(default_factory=dict)

    @contextmanager
    def of(self, box: str) -> Iterator[None]:
        """Read one box; a `Slip` is kept beside it, and `Slips` beside their own."""
        try:
            yield
        except Slips as slips:
            self.slips |= slips.boxes
        except Slip as slip:
            self.slips[box] = slip

    def refuse_slips(self) -> None:
        """Raises `Slips` when any box could not be read."""
        if self.slips:
            raise Slips(self.slips)
