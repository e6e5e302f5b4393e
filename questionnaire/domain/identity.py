"""What staff wrote down of a patient, and where the patient says otherwise.

One document tells of one person: as long as the two differ, nobody is asked for consent.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Answer, Answers, Choices, Withheld
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    NOT_SURE,
    TREATMENTS_WANTED,
    Questionnaire,
)
from questionnaire.domain.language import to_say
from questionnaire.domain.visit import Visit

LANGUAGE = "language"
NEEDS_A_DOCUMENT = frozenset({FULL_NAME, DATE_OF_BIRTH})
"""What is checked against an identity document before it is settled."""
IDENTITY_DOCUMENTS: Final = (
    to_say("Passport"),
    to_say("Identity card"),
    to_say("Driving licence"),
    to_say("Other document"),
)
"""What a name or birth date is checked against when it is corrected."""
IDENTITY_CHECKS: Final = (
    *IDENTITY_DOCUMENTS[:3],
    to_say("Known to the clinic"),
    IDENTITY_DOCUMENTS[3],
)
"""How the desk checks who a patient is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that patient and visit say differently: `fact` is a question's id or `LANGUAGE`."""

    fact: str
    patient: str
    visit: str

    @property
    def needs_document(self) -> bool:
        """Whether an identity document settles it."""
        return self.fact in NEEDS_A_DOCUMENT


def as_written(name: str) -> str:
    """A name as it is kept and compared to the letter: one space between words."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def staff_wrote(visit: Visit) -> Answers:
    """What the desk wrote down, as answers to the questions that ask the patient the same."""
    known: dict[str, Answer] = {
        FULL_NAME: visit.patient.full_name,
        DATE_OF_BIRTH: visit.patient.date_of_birth,
    }
    if visit.treatments:
        known[TREATMENTS_WANTED] = Choices(frozenset(visit.treatments))
    return known


def differences(
    questionnaire: Questionnaire, visit: Visit, answers: Answers
) -> Iterator[Difference]:
    """Each answer that says something else than staff wrote, the name first."""
    for key, ours in staff_wrote(visit).items():
        question, theirs = questionnaire.questions.get(key), answers.get(key)
        if question is None or theirs is None or isinstance(theirs, Withheld):
            continue
        if _same(ours, theirs):
            continue
        yield Difference(
            key,
            "; ".join(answer_in_words(question, theirs)),
            "; ".join(answer_in_words(question, ours)),
        )


def _same(ours: Answer, theirs: Answer) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        return as_written(ours) == as_written(theirs)
    if isinstance(ours, Choices) and isinstance(theirs, Choices):
        return ours.yes == theirs.yes - {NOT_SURE}
    return ours == theirs
