"""What can be recorded about a point with one tap, and what needs words as well."""

import re

from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.language import to_say

ASKED = to_say("Asked the patient; recorded below")
NOT_RELEVANT = to_say("Not relevant to this plan")
ASKED_NO = to_say("Asked; the answer is no")
ASKED_YES = to_say("Asked; the answer is yes, recorded below")
STILL_OPEN = to_say("Asked; still not known")

_FORMERLY = {to_say("Asked: no"): ASKED_NO, to_say("Asked: yes, recorded below"): ASKED_YES}
"""Words of earlier releases; a record that was frozen with them still prints them."""

FIXED_ACTIONS = frozenset({ASKED, NOT_RELEVANT, ASKED_NO, ASKED_YES, STILL_OPEN, *_FORMERLY})
"""The program's own actions, which the document prints in the reader's language."""

CLARIFY_ACTIONS = (ASKED, NOT_RELEVANT)
"""For a rule that waits for an answer."""

_PROMISES_WORDS = re.compile(r"\b(?:recorded|written) (?:below|down)\b|\brecorded$")


def in_words_of_today(action: str) -> str:
    """An action as it is called now, whichever release wrote it."""
    return _FORMERLY.get(action, action)


def needs_words(action: str) -> bool:
    """Whether the action says that something stands in words, so that the words must be there."""
    return _PROMISES_WORDS.search(action) is not None


def unsure_actions(question: Question, option: str) -> tuple[str, ...]:
    """For what a patient left open: yes and no only where the question asks for yes or no.

    `option` is the row of a list that was left open; empty for a whole question.
    """
    if option or _asks_yes_or_no(question):
        return (ASKED_NO, ASKED_YES, STILL_OPEN)
    return (ASKED, STILL_OPEN)


def _asks_yes_or_no(question: Question) -> bool:
    ids = {option.id for option in question.options}
    return question.kind is Kind.SINGLE and {"yes", "no"} <= ids
