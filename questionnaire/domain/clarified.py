"""What a clinician found out about what the patient left open, as answers that rules can read.

The patient's own answer stays what is printed as theirs (`Situation.said`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from questionnaire.domain.answers import Answer, Answers, Choices
from questionnaire.domain.definition import AnsweredBy, Question
from questionnaire.domain.flags import Unsure, left_open
from questionnaire.domain.review import Disposition, unsure_item
from questionnaire.domain.settling import ASKED_NO, ASKED_YES
from questionnaire.domain.situation import Situation


def clarified(
    situate: Callable[[Answers], Situation],
    answers: Answers,
    by_clinic: frozenset[str],
    dispositions: Mapping[str, Disposition],
    sent: Answers | None = None,
) -> Situation:
    """The situation once “Asked: yes” and “Asked: no” count like an answer.

    `situate` works out what is asked and known, `by_clinic` are the questions whose answer staff
    gave, `sent` the answers as the patient sent them, where these are others. What was found out
    and what staff answered may open further questions, which are the clinic's to answer: what a
    patient wrote there and left behind counts no more. It is asked until nothing changes; a
    question depends on earlier ones alone, so that this ends.
    """
    own = situate(answers)
    as_sent = situate(sent) if sent is not None and by_clinic else own
    put = frozenset(as_sent.asked)
    given = {**own.answers, **{key: answers[key] for key in by_clinic if key in answers}}
    now, known = _opened(own, put, by_clinic), dict[str, Answer]()
    while (found := _found_out(now, dispositions)) != known:
        then, known = _opened(situate({**given, **found}), put, by_clinic), found
        now = replace(then, left_open={key: given[key] for key in found})
    return now


def _opened(now: Situation, put: frozenset[str], by_clinic: frozenset[str]) -> Situation:
    """The situation with those of the patient's questions that were never `put` to them."""
    questions = now.questionnaire.questions
    opened = frozenset(key for key in now.asked if questions[key].answered_by is AnsweredBy.PATIENT)
    return replace(now, by_clinic=by_clinic, opened=opened - put)


def _found_out(now: Situation, dispositions: Mapping[str, Disposition]) -> dict[str, Answer]:
    """The answers that “yes” and “no” make of what was left open, by question."""
    known: dict[str, Answer] = {}
    for unsure in left_open(now):
        done = dispositions.get(unsure_item(unsure.key))
        if done is None or done.basis != unsure.state.value:
            continue
        question = now.questionnaire.questions[unsure.question]
        said = known.get(question.id, now.said(question.id))
        for action, holds in ((ASKED_YES, True), (ASKED_NO, False)):
            if action in done.actions:
                known[question.id] = _answered(question, said, unsure, holds=holds)
    return known


def _answered(question: Question, said: Answer | None, unsure: Unsure, *, holds: bool) -> Answer:
    """The answer with the row, or the whole question, answered by yes or no."""
    if not isinstance(said, Choices):
        return "yes" if holds else "no"
    none = {question.none_option.id} if question.none_option else set()
    rows = said.not_sure - {unsure.option}
    picked = (said.yes - none) | ({unsure.option} if holds else set())
    nothing = not (picked or rows or said.tell_clinician)
    return replace(said, yes=picked | none if nothing else picked, not_sure=rows)
