"""An answer in the words the patient saw, for check pages, reviews and the consent record."""

from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.definition import Kind, Question

NOT_ANSWERED = "Not answered"
WITHHELD_WORDS = {
    Withheld.NOT_SURE: "Not sure",
    Withheld.TELL_CLINICIAN: "I would rather say it to the clinician",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_in_words(day: date) -> str:
    """Like `14 March 1979`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def answer_in_words(question: Question, answer: Answer | None) -> tuple[str, ...]:
    """The answer as lines of words, one a choice; never empty."""
    if isinstance(answer, Choices):
        picked = [option.text for option in question.options if option.id in answer.yes]
        unsure = [
            f"Not sure: {option.text}"
            for option in question.options
            if option.id in answer.not_sure
        ]
        return (*picked, *unsure)
    return (_one_line(question, answer),)


def _one_line(question: Question, answer: str | date | int | Decimal | Withheld | None) -> str:
    if answer is None:
        return NOT_ANSWERED
    if isinstance(answer, Withheld):
        return WITHHELD_WORDS[answer]
    if isinstance(answer, date):
        return date_in_words(answer)
    if question.kind is Kind.SINGLE:
        return question.option(str(answer)).text
    if question.kind is Kind.PICTURE:
        return f"Picture {answer}: {question.option(str(answer)).text}"
    return answer if isinstance(answer, str) else f"{Decimal(answer):f} {question.unit}".strip()
