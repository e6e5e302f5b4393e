"""An answer in the words the patient saw, for check pages, reviews and the consent record."""

from datetime import date
from decimal import Decimal

from questionnaire.domain.answers import LEAVES_OPEN, Answer, Choices, Withheld
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.language import Say, digits, in_english, listed, to_say

NOT_ANSWERED = to_say("Not answered")
_NOTHING_WRITTEN = to_say("Nothing written")
"""Of a box for words that may stay empty: nobody left an answer out."""
WITHHELD_WORDS = {
    Withheld.NOT_SURE: to_say("Not sure"),
    Withheld.TELL_CLINICIAN: to_say("I would rather say it to the clinician"),
}
_NO_PICTURE = to_say("None of these, or I'm not sure")
_MEASURE_IT = to_say("I'd like the clinic to measure it")
_MONTHS = (
    to_say("January"),
    to_say("February"),
    to_say("March"),
    to_say("April"),
    to_say("May"),
    to_say("June"),
    to_say("July"),
    to_say("August"),
    to_say("September"),
    to_say("October"),
    to_say("November"),
    to_say("December"),
)


def date_in_words(day: date, say: Say = in_english) -> str:
    """Like `14 March 1979`."""
    month = say(_MONTHS[day.month - 1])
    return say("{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def withheld_in_words(question: Question, way: Withheld, say: Say = in_english) -> str:
    """What a way of not settling the question is called where it is picked, and ever after."""
    if way is Withheld.TELL_CLINICIAN and question.clinician_may_fill_in:
        return say(_MEASURE_IT)
    if way is Withheld.NOT_SURE and question.kind is Kind.PICTURE:
        return say(_NO_PICTURE)
    return say(WITHHELD_WORDS[way])


def is_typed(question: Question, answer: Answer | None) -> bool:
    """Whether the words of an answer are the person's own, which may be in any language."""
    return question.kind is Kind.TEXT and answer is not None and not isinstance(answer, Withheld)


def answer_in_words(
    question: Question, answer: Answer | None, say: Say = in_english
) -> tuple[str, ...]:
    """The answer as lines of words, one a choice; never empty.

    `question` is in the reader's language already, and `say` puts our own words into it.
    """
    if isinstance(answer, Choices):
        picked = [option.text for option in question.options if option.id in answer.yes]
        unsure = [
            say("Not sure: {choice}").format(choice=option.text)
            for option in question.options
            if option.id in answer.not_sure
        ]
        told = [Withheld.TELL_CLINICIAN] if answer.tell_clinician else []
        return (*picked, *unsure, *(withheld_in_words(question, way, say) for way in told))
    return (_one_line(question, answer, say),)


def whole_answer_in_words(
    question: Question, answer: Answer | None, say: Say = in_english
) -> tuple[str, ...]:
    """The same, and of a list in a last line what was offered and not picked; never empty.

    For pages where the answer stands without its list: `question` has the options offered.
    """
    return (*answer_in_words(question, answer, say), *denied_in_words(question, answer, say))


def denied_in_words(
    question: Question, answer: Answer | None, say: Say = in_english
) -> tuple[str, ...]:
    """What of a list was answered *No*, row by row, or left unticked, in one line; or none.

    Ways of not settling it, and “None of these”, are nothing that anybody denies.
    """
    if not isinstance(answer, Choices):
        return ()
    settled = answer.yes | answer.not_sure | LEAVES_OPEN
    denied = [
        option.text
        for option in question.options
        if not option.exclusive and option.id not in settled
    ]
    words = say("No: {choices}") if question.row_by_row else say("Not ticked: {choices}")
    return (words.format(choices=listed(denied, say)),) if denied else ()


def _one_line(
    question: Question, answer: str | date | int | Decimal | Withheld | None, say: Say
) -> str:
    if answer is None or isinstance(answer, Withheld):
        nothing = _NOTHING_WRITTEN if question.is_free_text else NOT_ANSWERED
        return withheld_in_words(question, answer, say) if answer else say(nothing)
    if isinstance(answer, date):
        return date_in_words(answer, say)
    if question.kind is Kind.SINGLE:
        return question.option(str(answer)).text
    if question.kind is Kind.PICTURE:
        words = question.option(str(answer)).text
        return say("Picture {number}: {words}").format(number=answer, words=words)
    if isinstance(answer, str):
        return answer
    return f"{digits(f'{Decimal(answer):f}', say)} {question.unit}".strip()
