"""The languages a patient may read in, and whether somebody has approved the words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Direction(StrEnum):
    """Which side a line begins on."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Approval(StrEnum):
    """A draft is offered only where the clinic has switched drafts on, and says that it is one."""

    DRAFT = "draft"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `code` is a BCP 47 tag (`es`), `name` is what its speakers call it.

    `approved_by` and `approved_on` are there exactly when the state is approved.
    """

    code: str
    name: str
    direction: Direction
    state: Approval
    approved_by: str = ""
    approved_on: date | None = None


SOURCE_LANGUAGE = "en"
"""The code of the language the content itself is written in."""
