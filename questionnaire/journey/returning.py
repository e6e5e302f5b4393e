"""A patient who comes back: the last answers shown to be confirmed, and what changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import TELL_ROW, Answer, Choices, changed
from questionnaire.domain.definition import Question
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.situation import situation
from questionnaire.domain.visit import Visit
from questionnaire.journey.house import House
from questionnaire.journey.standing import Rows, Standing, answers_as_sent
from questionnaire.records.answers import Submission, last_submission_before
from questionnaire.records.database import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that differs from the last visit's."""

    question: str
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagChange:
    """A flag that fires now and did not at the last visit (`came`), or the other way round."""

    rule_id: str
    severity: str
    title: str
    came: bool


def last_time(tx: Transaction, visit: Visit) -> Submission | None:
    """The newest form the same person sent for an earlier visit."""
    return last_submission_before(tx, visit.patient.id, visit.arranged_at)


def to_confirm(house: House, tx: Transaction, visit: Visit) -> dict[str, Answer]:
    """The last answers, to be shown and confirmed; questions that are asked anew stay blank."""
    sent = last_time(tx, visit)
    if sent is None:
        return {}
    questions = house.library.questionnaire.questions
    return {
        key: answer
        for key, answer in answers_as_sent(house, sent).items()
        if not questions[key].ask_anew
    }


def rows_to_confirm(questions: Mapping[str, Question], answers: Mapping[str, Answer]) -> Rows:
    """Row-by-row lists among `answers`, as the rows they were given in."""
    return {
        key: _rows(questions[key], answer)
        for key, answer in answers.items()
        if questions[key].row_by_row and isinstance(answer, Choices)
    }


def _rows(question: Question, answer: Choices) -> dict[str, str]:
    lines = [option.id for option in question.options if not option.exclusive]
    ticked = (answer.tell_at or lines[:1]) if answer.tell_clinician else ()
    tell = {f"{row}{TELL_ROW}": "yes" for row in ticked}
    return {line: _row(line, answer) for line in lines} | tell


def _row(option_id: str, answer: Choices) -> str:
    if option_id in answer.not_sure:
        return "not_sure"
    return "yes" if option_id in answer.yes else "no"


def changes_since(house: House, sent: Submission, standing: Standing) -> Iterator[Change]:
    """Each asked question whose answer differs from the last visit's."""
    before, now = answers_as_sent(house, sent), standing.situation
    for key in changed(now.asked, before, now.answers):
        question = now.questionnaire.questions[key]
        yield Change(
            question.text,
            answer_in_words(question, before.get(key)),
            answer_in_words(question, now.answers.get(key)),
        )


def flag_changes_since(house: House, sent: Submission, standing: Standing) -> Iterator[FlagChange]:
    """Flags that came or went since the last visit, both by today's rules and treatments."""
    library, now = house.library, standing.situation
    then = situation(
        library.questionnaire, now.treatments, answers_as_sent(house, sent), house.day_of(sent.at)
    )
    before = {flag.rule.id for flag in raise_flags(library.rules, then).fires}
    fires = {flag.rule.id for flag in standing.flags.fires}
    for rule in library.rules:
        if (rule.id in before) != (rule.id in fires):
            yield FlagChange(rule.id, rule.severity.value, rule.title, rule.id in fires)
