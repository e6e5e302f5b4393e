"""Why a rule fired for this person: what they answered, and nothing that they did not."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Choices
from questionnaire.domain.condition import Chosen, Leaf, State, Test, deciding
from questionnaire.domain.consent_parts import ReasonText
from questionnaire.domain.language import to_say
from questionnaire.domain.measures_words import measure_in_words
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech

FOUND_OUT = to_say("{answer} (told to the clinician)")
"""An answer to what the patient left open in the form, or to what only that opened."""
_Picked = frozenset[str]
"""Ids of the options that decided; none of them: the answer as a whole did."""


def reasons_of(
    because: Iterable[Leaf], situation: Situation, told: Speech
) -> tuple[ReasonText, ...]:
    """What this person answered to each test that decided, in the words of `told`, in order.

    Of a list only the choices that a test names are told, and of a picked choice never the others
    that would have decided as well. A value worked out is followed by the answers it comes from,
    a screen is told by these alone. What was not asked is no reason.
    """
    picked: dict[str, _Picked] = {}
    for leaf in _told_by_answers(because, situation):
        named = _named(leaf, situation)
        before = picked.get(leaf.about, named)
        picked[leaf.about] = before | named if before and named else frozenset()
    return tuple(_reason(key, named, situation, told) for key, named in picked.items())


def _told_by_answers(because: Iterable[Leaf], situation: Situation) -> Iterator[Leaf]:
    """The tests on what has a value or was asked."""
    facts = situation.facts
    for leaf in because:
        measure = situation.questionnaire.measures.get(leaf.about)
        if measure and measure.positive_when is not None:
            yield from _told_by_answers(deciding(measure.positive_when, facts), situation)
            continue
        if not isinstance(facts[leaf.about], State) or (
            measure is None and facts[leaf.about] is State.BLANK
        ):
            yield leaf
        if measure:
            inputs = (Leaf(key, Test.ANSWERED, limit=True) for key in measure.inputs)
            yield from _told_by_answers(inputs, situation)


def _named(leaf: Leaf, situation: Situation) -> _Picked:
    """The options a test names that the person picked or was not sure about."""
    known = situation.facts[leaf.about]
    if isinstance(known, Chosen) and isinstance(leaf.limit, frozenset):
        return leaf.limit & (known.picked | known.not_sure)
    return frozenset()


def _reason(key: str, named: _Picked, situation: Situation, told: Speech) -> ReasonText:
    questionnaire = told.library.questionnaire
    measure, known = questionnaire.measures.get(key), situation.facts[key]
    if measure and (value := measure_in_words(measure, known, told.say)):
        return ReasonText(value.title, f"{value.value} {value.unit}".strip())
    question, answer = questionnaire.questions[key], situation.answers.get(key)
    if isinstance(answer, Choices):
        part = replace(
            answer, yes=answer.yes & named, not_sure=answer.not_sure & named, tell_clinician=False
        )
        answer = part if part.yes or part.not_sure else answer
    words = "\n".join(answer_in_words(question, answer, told.say))
    if key in situation.left_open or key in situation.opened:
        words = told.say(FOUND_OUT).format(answer=words)
    return ReasonText(question.text, words)
