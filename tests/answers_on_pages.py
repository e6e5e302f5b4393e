"""An answer as a page takes it: which tiles are picked, and what is typed into a box."""

from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import Answer, Choices, Withheld


def to_pick(part: str, answer: Answer) -> set[str]:
    """The values of the tiles to pick; `part` is a row of a list, or how to withhold."""
    if part == "withheld":
        return {answer.value} if isinstance(answer, Withheld) else set()
    if isinstance(answer, Withheld):
        return {f".{answer.value}"}
    if not isinstance(answer, Choices):
        return {str(answer)}
    if not part:
        return set(answer.yes)
    if part in answer.not_sure:
        return {"not_sure"}
    return {"yes" if part in answer.yes else "no"}


def to_type(part: str, answer: Answer) -> str:
    """The words for a box; `part` is one box of a date."""
    if isinstance(answer, date):
        return str(getattr(answer, part))
    return f"{answer:f}" if isinstance(answer, Decimal) else str(answer)
