"""Lists answered row by row, over one page or several: each page of them, and the answer."""

from collections.abc import Mapping
from dataclasses import replace

from questionnaire.domain.answers import TELL_ROW, Choices, Slip, choices
from questionnaire.domain.definition import Question
from questionnaire.domain.paging import Page


def take_rows(row: dict[str, str], page: Page, given: Mapping[str, str]) -> None:
    """Put what a page says into the list; its tick stands once, at the page's first row."""
    if any(key.endswith(TELL_ROW) for key in given):
        for one in page.rows:
            row.pop(f"{one}{TELL_ROW}", None)
    row.update(given)


def answer_from_rows(question: Question, row: Mapping[str, str]) -> Choices | None:
    """The answer to a list; None while a row is open. Raises `Slip` for other words."""
    if strangers := set(row.values()) - {"yes", "no", "not_sure"}:
        raise Slip("Pick yes, no or not sure, not “{given}”.", given=min(strangers))
    listed = [option.id for option in question.options if not option.exclusive]
    if any(option not in row for option in listed):
        return None
    found = choices(
        question,
        [option for option in listed if row[option] == "yes"],
        [option for option in listed if row[option] == "not_sure"],
    )
    ticked = (key for key, word in row.items() if key.endswith(TELL_ROW) and word == "yes")
    at = frozenset(key.removesuffix(TELL_ROW) for key in ticked)
    return replace(found, tell_clinician=bool(at), tell_at=at)
