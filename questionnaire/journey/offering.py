"""Choices that depend on the treatments: a question that offers others now is asked again."""

from dataclasses import replace

from questionnaire.domain.answers import Choices
from questionnaire.domain.definition import Question, Questionnaire
from questionnaire.journey.standing import Sheet


def offered_anew(
    questionnaire: Questionnaire, sheet: Sheet, before: frozenset[str], now: frozenset[str]
) -> Sheet:
    """The working copy once other treatments are chosen.

    An answer from other choices than those offered `now` counts no more. What was ticked and is
    still offered waits in the boxes, for the patient to look at.
    """
    answers, drafts = dict(sheet.answers), dict(sheet.drafts)
    for key in sheet.answers:
        question = questionnaire.questions[key]
        offered = question.offered_for(now)
        if offered.options != question.offered_for(before).options:
            drafts.pop(key, None)
            drafts |= _still_ticked(offered, answers.pop(key))
    return replace(sheet, answers=answers, drafts=drafts)


def _still_ticked(offered: Question, answer: object) -> dict[str, dict[str, list[str]]]:
    picked = answer.yes if isinstance(answer, Choices) else {answer}
    ticked = [option.id for option in offered.options if option.id in picked]
    return {offered.id: {"": ticked}} if ticked else {}
