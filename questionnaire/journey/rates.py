"""How often a visit is saved, and documents are taken out: far above what people do by hand.

Unlike tries at a code, these protect no secret. They keep one browser from filling the disk, and
a stolen sign-in from emptying the archive quickly.
"""

from datetime import timedelta
from typing import Final

from questionnaire.domain.errors import TooManyTries
from questionnaire.domain.visit import Person
from questionnaire.journey.house import House
from questionnaire.records.database import Transaction
from questionnaire.records.tries import count_try

WINDOW: Final = timedelta(minutes=10)
MOST_SAVES: Final = 600
"""Pages of one visit saved in a window; the longest form has about fifty."""

MOST_DOCUMENTS: Final = 60
"""Documents that one member of staff opens, saves or prints in a window."""

MOST_EXPORTS: Final = 10
"""Folders of documents that one member of staff asks for in a window."""


def count_save(house: House, tx: Transaction, visit_id: str) -> None:
    """Count one page of a visit. Raises `TooManyTries`, and nothing of `tx` is kept."""
    if count_try(tx, f"saves:{visit_id}", house.clock(), WINDOW) > MOST_SAVES:
        raise TooManyTries("This is too much at once. Please wait ten minutes, or ask at the desk.")


def count_document(house: House, tx: Transaction, person: Person) -> None:
    """Count one document for a member of staff. Raises `TooManyTries`."""
    _count(house, tx, f"documents:{person.id}", MOST_DOCUMENTS)


def count_export(house: House, tx: Transaction, person: Person) -> None:
    """Count one folder that a member of staff asks for. Raises `TooManyTries`."""
    _count(house, tx, f"exports:{person.id}", MOST_EXPORTS)


def _count(house: House, tx: Transaction, key: str, most: int) -> None:
    if count_try(tx, key, house.clock(), WINDOW) > most:
        raise TooManyTries(f"That was {most} in ten minutes. Please wait ten minutes.")
