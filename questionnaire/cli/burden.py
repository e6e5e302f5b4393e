"""For whoever adds a question: how many a typical patient is asked, and how often they tap.

The typical patient gives the calmest answer to every question (`invented.calm_answers`), at the age
of 40, once as a woman and once as a man. Counted is the form of a first visit, from its first page
to the last Continue; what the desk wrote down (name, date of birth, treatment) is not asked but
shown to be looked over, and costs no tap but the Continue of its page. Each choice is one tap, each
row of a list answered row by row is one, stepping into a box to type is one (optional boxes stay
empty), and each page ends with one. A list answered row by row is one question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from questionnaire.cli.invented import fill_in
from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    TREATMENTS_WANTED,
    AnsweredBy,
    Question,
)
from questionnaire.domain.library import Library
from questionnaire.domain.paging import Page, pages_of
from questionnaire.domain.situation import situation

MOST_REQUIRED: Final = 45
"""Required questions for one treatment."""
_SEX: Final = "sex_at_birth"
_AGE: Final = 40
_FROM_DESK: Final = frozenset({FULL_NAME, DATE_OF_BIRTH, TREATMENTS_WANTED})


@dataclass(frozen=True, slots=True)
class Burden:
    """What one treatment asks of a typical patient; the desk answered those `looked_over`."""

    treatment: str
    sex: str
    required: int
    looked_over: int
    pages: int
    taps: int


def burdens(library: Library, on: date) -> tuple[Burden, ...]:
    """The burden of each treatment for a woman and for a man, in the order they are offered."""
    return tuple(
        _burden(library, treatment, sex, on)
        for treatment in library.treatments
        for sex in ("female", "male")
    )


def burden_lines(library: Library, on: date) -> Iterator[str]:
    """The same in words, and which treatments ask more than the most."""
    found = burdens(library, on)
    for one in found:
        yield (
            f"{one.required} required questions, {one.looked_over} from the desk to look over, "
            f"{one.pages} pages, {one.taps} taps: {one.treatment}, {one.sex}"
        )
    over = [f"{it.treatment} ({it.sex})" for it in found if it.required > MOST_REQUIRED]
    yield f"More than {MOST_REQUIRED} required questions: {', '.join(over) or 'none'}."


def _burden(library: Library, treatment: str, sex: str, on: date) -> Burden:
    chosen = frozenset({treatment})
    known: dict[str, Answer] = {
        TREATMENTS_WANTED: Choices(chosen),
        FULL_NAME: "An invented answer",
        DATE_OF_BIRTH: date(on.year - _AGE, 1, 1),
        _SEX: sex,
    }
    answers = fill_in(library, chosen, known, on, AnsweredBy.PATIENT)
    pages = pages_of(situation(library.questionnaire, chosen, answers, on))
    asked = {question.id: question for page in pages for question in page.questions}
    return Burden(
        treatment,
        sex,
        required=sum(not it.optional for it in asked.values() if it.id not in _FROM_DESK),
        looked_over=len(asked.keys() & _FROM_DESK),
        pages=len(pages),
        taps=sum(_taps(page, answers) for page in pages),
    )


def _taps(page: Page, answers: Mapping[str, Answer]) -> int:
    return 1 + (len(page.rows) or sum(_touched(it, answers.get(it.id)) for it in page.questions))


def _touched(question: Question, answer: Answer | None) -> int:
    if answer is None or question.id in _FROM_DESK:
        return 0
    return len(answer.yes) if isinstance(answer, Choices) else 1
