"""Key rotations that are killed outright in the middle of their work."""

from datetime import datetime
from itertools import count

from questionnaire.clinic import open_clinic
from questionnaire.journey.rotating import rotate_keys
from questionnaire.settings import Settings
from tests.clinics import Clock
from tests.faults.killing import die

BATCHES = 6
NOTES = ("begun", "rotated")


class DyingClock(Clock):
    """A clock that kills the program the last time it may be asked."""

    def __init__(self, moment: datetime, last: int) -> None:
        super().__init__(moment)
        self._asked = count(1)
        self._last = last

    def __call__(self) -> datetime:
        """The time, or the end."""
        if next(self._asked) == self._last:
            die()
        return self.moment


def rotate_and_die(settings: Settings, moment: datetime, batches: int) -> None:
    """Rotate the keys and be killed after so many batches."""
    done = count(1)

    def after_batch() -> None:
        if next(done) == batches:
            die()

    rotate_keys(open_clinic(settings, clock=Clock(moment)), settings.keys, after_batch)


def rotate_and_die_writing(settings: Settings, moment: datetime, note: str) -> None:
    """Rotate the keys and be killed while a ledger entry is written, before it is kept."""
    clock = DyingClock(moment, NOTES.index(note) + 1)
    rotate_keys(open_clinic(settings, clock=clock), settings.keys)
