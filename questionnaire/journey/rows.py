"""Lists answered row by row, over one page or several: each page of them, and the answer."""

from collections.abc import Mapping
from dataclasses import replace

from questionnaire.domain.answers import OWN_WORDS, TELL_ROW, Choices, Slip, Withheld, choices
from questionnaire.domain.definition import Question
from questionnaire.domain.paging import Page


def take_rows(row: dict[str, str], page: Page, given: Mapping[str, str]) -> None:
    """Put what a page says into the list; its tick stands once, at the page's first row."""
    if any(key.endswith(TELL_ROW) for key in given):
        for one in page.rows:
            row.pop(f"{one}{TELL_ROW}", None)
    row.update(given)


def answer_from_rows(question: Question, row: Mapping[str, str]) -> Choices | None:
    """The answer to a list; None while a row is open, or a tick stands beside what denies it.

    Raises `Slip` for other words.
    """
    if strangers := set(row.values()) - {"yes", "no", "not_sure"}:
        raise Slip("Pick yes, no or not sure, not “{given}”.", given=min(strangers))
    listed = [option.id for option in question.options if not option.exclusive]
    if any(option not in row for option in listed) or told_beside_answers(question, row):
        return None
    found = choices(
        question,
        [option for option in listed if row[option] == "yes"],
        [option for option in listed if row[option] == "not_sure"],
    )
    ticked = (key for key, word in row.items() if key.endswith(TELL_ROW) and word == "yes")
    at = frozenset(key.removesuffix(TELL_ROW) for key in ticked)
    return replace(found, tell_clinician=bool(at), tell_at=at)


def told_beside_answers(question: Question, row: Mapping[str, str]) -> frozenset[str]:
    """The rows all answered Yes or No above a tick to rather say it to the clinician.

    The tick speaks for what is *Not sure* above it: beside such answers nobody can tell which of
    the two is meant. It reaches from the first row of its page to the next page.
    """
    own = OWN_WORDS[Withheld.TELL_CLINICIAN]
    pages: list[list[str]] = [[]]
    for line in (option.id for option in question.options if not option.exclusive):
        if pages[-1] and f"{line}{TELL_ROW}" in row:
            pages.append([])
        pages[-1].append(line)
    return frozenset(
        line
        for page in pages
        if "yes" in {row.get(key) for one in page for key in (f"{one}{TELL_ROW}", *({one} & own))}
        and "not_sure" not in {row.get(one) for one in page}
        for line in page
    )
