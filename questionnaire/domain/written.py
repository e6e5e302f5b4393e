"""Answers as JSON, to keep them and to try them at the command line.

An option id for `single`; for `multiple` a list of option ids, or `{"yes": […], "not_sure": […]}`
where rows were answered one by one (and `"tell_clinician"` if ticked under them: the first rows of
those pages, or `true`); a number; a text; an ISO date; a whole number for `picture`.
Kept answers also use `{"decimal": "66.5"}` (exact) and `{"withheld": "not_sure"}`.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from questionnaire.domain.answers import (
    Answer,
    Choices,
    Slip,
    Withheld,
    choices,
    clean_text,
    picture,
    single,
    within_limits,
)
from questionnaire.domain.definition import Kind, Question

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Json = None | bool | int | Decimal | float | str | list["Json"] | dict[str, "Json"]


def read_answer(question: Question, written: Json, *, today: date) -> Answer | None:
    """The answer that `written` stands for; None for an empty list or empty text.

    Raises `Slip` for a wrong type, an unknown option, an impossible date or a number out of range.
    """
    if isinstance(written, dict) and set(written) == {"withheld"}:
        return _withheld(written["withheld"])
    return _READERS[question.kind](question, written, today)


def _text(written: Json, expected: str) -> str:
    if not isinstance(written, str):
        raise Slip(f"Expected {expected}.")
    return written


def _withheld(written: Json) -> Withheld:
    try:
        return Withheld(_text(written, "not_sure or tell_clinician"))
    except ValueError:
        raise Slip("Expected not_sure or tell_clinician.") from None


def _ids(written: Json) -> list[str]:
    if not isinstance(written, list):
        raise Slip("Expected a list of option ids.")
    return [_text(item, "option ids") for item in written]


def _read_single(question: Question, written: Json, _: date) -> str:
    return single(question, _text(written, "an option id"))


def _read_text(_: Question, written: Json, __: date) -> str | None:
    """The text as it was kept: what a page cleaned once is never changed by reading it."""
    text = _text(written, "a text")
    clean_text(text)
    return text.strip() or None


def _read_choices(question: Question, written: Json, _: date) -> Choices | None:
    if isinstance(written, dict):
        if not set(written) <= {"yes", "not_sure", "tell_clinician"}:
            raise Slip("Expected only yes, not_sure and tell_clinician.")
        tell, at = _told(question, written.get("tell_clinician", False))
        yes, not_sure = _ids(written.get("yes", [])), _ids(written.get("not_sure", []))
        if not yes and not not_sure and not tell and question.none_option is None:
            return None
        return replace(choices(question, yes, not_sure), tell_clinician=tell, tell_at=at)
    ids = _ids(written)
    return choices(question, ids, ()) if ids else None


def _told(question: Question, written: Json) -> tuple[bool, frozenset[str]]:
    """Whether it was ticked to rather say it to the clinician, and at which rows."""
    if isinstance(written, bool):
        return written, frozenset()
    if not isinstance(written, list):
        raise Slip("Expected true or false for tell_clinician.")
    at = frozenset(_ids(written)) & {option.id for option in question.options}
    return bool(written), at


def _read_date(_: Question, written: Json, today: date) -> date:
    text = _text(written, "a date like 1985-03-27")
    try:
        found = date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise Slip("This is not a real date; write it like 1985-03-27.") from None
    if found > today:
        raise Slip("This date is in the future.")
    return found


def _read_picture(question: Question, written: Json, _: date) -> int:
    if not isinstance(written, int) or isinstance(written, bool):
        raise Slip("Expected the whole number of a picture.")
    return picture(question, str(written))


def _read_number(question: Question, written: Json, _: date) -> int | Decimal:
    if isinstance(written, dict) and set(written) == {"decimal"}:
        return within_limits(question, _decimal(_text(written["decimal"], "a number")))
    if isinstance(written, bool) or not isinstance(written, int | Decimal | float):
        raise Slip("Expected a number.")
    return within_limits(question, Decimal(str(written)))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Slip("Expected a number.") from None


_READERS: Mapping[Kind, Callable[[Question, Json, date], Answer | None]] = {
    Kind.SINGLE: _read_single,
    Kind.MULTIPLE: _read_choices,
    Kind.TEXT: _read_text,
    Kind.DATE: _read_date,
    Kind.WHOLE_NUMBER: _read_number,
    Kind.DECIMAL: _read_number,
    Kind.PICTURE: _read_picture,
}


def write_answer(answer: Answer) -> Json:
    """The answer as JSON; `read_answer` reads the same answer back."""
    if isinstance(answer, Withheld):
        return {"withheld": answer.value}
    if isinstance(answer, Choices):
        rows: dict[str, Json] = {
            "yes": [*sorted(answer.yes)],
            "not_sure": [*sorted(answer.not_sure)],
        }
        if not answer.tell_clinician:
            return rows
        return rows | {"tell_clinician": [*sorted(answer.tell_at)] or True}
    if isinstance(answer, Decimal):
        return {"decimal": str(answer)}
    if isinstance(answer, date):
        return answer.isoformat()
    return answer


def read_answers(
    questions: Mapping[str, Question], written: Mapping[str, Json], *, today: date
) -> dict[str, Answer]:
    """Every kept answer, typed. Raises `Slip` naming the question that cannot be read."""
    found: dict[str, Answer] = {}
    for key, value in written.items():
        if key not in questions:
            raise Slip(f"{key}: there is no such question.")
        try:
            answer = read_answer(questions[key], value, today=today)
        except Slip as slip:
            raise Slip(f"{key}: {slip}") from None
        if answer is not None:
            found[key] = answer
    return found


def readable_answers(
    questions: Mapping[str, Question], written: Mapping[str, Json], *, today: date
) -> dict[str, Answer]:
    """Every kept answer that the questions still know; any other counts as not given.

    So a visit that was begun before the content changed stays open for what is asked now.
    """
    found: dict[str, Answer] = {}
    for key, value in written.items():
        with suppress(Slip):
            found |= read_answers(questions, {key: value}, today=today)
    return found


def write_answers(answers: Mapping[str, Answer]) -> dict[str, Json]:
    """All answers as JSON, by question id."""
    return {key: write_answer(answer) for key, answer in answers.items()}


def write_given(answers: Mapping[str, Answer | None]) -> dict[str, Json]:
    """What a page gave as JSON, by question id; None where an answer was taken back."""
    return {key: None if it is None else write_answer(it) for key, it in answers.items()}


def answers_fingerprint(answers: Mapping[str, Answer]) -> str:
    """SHA-256 over all answers in hexadecimal; the order they were given in is no matter."""
    return json_fingerprint(write_answers(answers))


def json_fingerprint(written: Mapping[str, Json]) -> str:
    """SHA-256 over that JSON in hexadecimal; the order of its names is no matter."""
    text = json.dumps(written, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
