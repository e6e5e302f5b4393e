"""The languages a patient may read in, and the sentences of pages in each of them."""

import re
from collections.abc import Callable, Iterable
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

    `approved_by` and `approved_on` are there exactly when a translation is approved.
    `question_marks` are the signs of a question, like `?` or `¿?`: the last one ends it.
    """

    code: str
    name: str
    direction: Direction
    state: Approval
    approved_by: str = ""
    approved_on: date | None = None
    question_marks: str = "?"

    def ends_asking(self, words: str) -> bool:
        """Whether the words end with a question, whatever they tell before."""
        return words.endswith(self.question_marks[-1])

    def asks(self, words: str) -> bool:
        """Whether the words are one question and nothing else, with the marks of this language."""
        has_marks = all(mark in words for mark in self.question_marks)
        return has_marks and self.ends_asking(words) and not _SENTENCE_BEFORE.search(words)


_SENTENCE_BEFORE = re.compile(r"[.:;!?\u2026\u061b\u061f](?=\s)")

SOURCE_LANGUAGE = "en"
"""The code of the language the content itself is written in."""

ENGLISH = Language(SOURCE_LANGUAGE, "English", Direction.LEFT_TO_RIGHT, Approval.APPROVED)
"""The clinic's own language: nobody has to approve it."""

Say = Callable[[str], str]
"""From an English sentence to the same sentence in the reader's language."""


def in_english(sentence: str) -> str:
    """The sentence as it stands: how it is said to whoever reads English."""
    return sentence


def to_say(sentence: str) -> str:
    """Mark an English sentence that is kept here and said later, in the reader's language."""
    return sentence


def figure(number: int, say: Say = in_english) -> str:
    """A whole number as the reader's language writes it, like `10,000`.

    Some part thousands only where there are five figures or more.
    """
    four_figures = abs(number) < _FIVE_FIGURES
    sign = say(_THOUSAND)[1:-3] if four_figures else say(_TEN_THOUSAND)[2:-3]
    return f"{number:,}".replace(",", sign)


def digits(written: str, say: Say = in_english) -> str:
    """Digits such as `27.6` with the decimal mark of the reader's language."""
    return written.replace(".", say(_ONE_AND_A_HALF)[1:-1])


def rewritten(number: str, say: Say = in_english) -> str:
    """A number written in English, like `-1,070.5`, as the reader's language writes it."""
    whole, point, rest = number.partition(".")
    if "," in whole:
        sign = whole[: len(whole) - len(whole.lstrip("-"))]
        whole = sign + figure(int(whole.lstrip("-").replace(",", "")), say)
    return whole + digits(point, say) + rest


def listed(items: Iterable[str], say: Say = in_english) -> str:
    """The items in one line, parted as the reader's language parts them; empty for none."""
    return say(_FIRST_AND_SECOND).format(first="", second="").join(items)


_FIRST_AND_SECOND = to_say("{first}; {second}")
_THOUSAND = to_say("1,000")
_TEN_THOUSAND = to_say("10,000")
_ONE_AND_A_HALF = to_say("1.5")
_FIVE_FIGURES = 10_000
