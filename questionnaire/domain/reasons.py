"""Why a rule fired for this person: what was answered, by whom, and nothing that was not."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from questionnaire.domain.answer_words import answer_in_words
from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.condition import Chosen, Leaf, State, Test, deciding
from questionnaire.domain.consent_parts import ReasonText
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.language import to_say
from questionnaire.domain.measures_words import measure_in_words
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech


class Source(StrEnum):
    """Who gave an answer."""

    PATIENT = "patient"
    """In the form."""
    TOLD = "told"
    """The patient to the clinician: what they left open in the form, or what only that opened."""
    CLINICIAN = "clinician"
    """Staff: their own question, or what the clinic may fill in itself, like a value measured."""


_FROM = {
    Source.PATIENT: "{answer}",
    Source.TOLD: to_say("{answer} (told to the clinician)"),
    Source.CLINICIAN: to_say("{answer} (stated by the clinician)"),
}
_Picked = frozenset[str]
"""Ids of the options that decided; none of them: the answer as a whole did."""


def reasons_of(
    because: Iterable[Leaf], situation: Situation, told: Speech
) -> tuple[ReasonText, ...]:
    """What was answered to each test that decided, in the words of `told`, in order.

    What is not the patient's own answer in the form says whose it is, choice by choice. Of a list
    only the choices that a test names are told, and of a picked choice never the others that would
    have decided as well. A value worked out is followed by the answers it comes from, a screen is
    told by these alone. What was not asked is no reason.
    """
    decided = _deciding_choices(because, situation).items()
    return tuple(_reason(key, named, situation, told) for key, named in decided)


def sources_of(because: Iterable[Leaf], situation: Situation) -> tuple[tuple[Source, str], ...]:
    """Who answered the questions that decided, in order; a question twice if two people did."""
    return tuple(
        (source, key)
        for key, named in _deciding_choices(because, situation).items()
        if key in situation.questionnaire.questions
        for source, _ in _by_source(key, named, situation)
    )


def sourced_answer(key: str, situation: Situation, told: Speech) -> ReasonText:
    """The whole answer to a question, each part with who gave it."""
    return _reason(key, frozenset(), situation, told)


def _deciding_choices(because: Iterable[Leaf], situation: Situation) -> dict[str, _Picked]:
    """Questions and values worked out that decided, with the choices that did.

    That nothing of what a test names was picked in a list is told only where nothing else is.
    """
    picked: dict[str, _Picked] = {}
    denied: dict[str, _Picked] = {}
    for leaf in _told_by_answers(because, situation):
        named = _named(leaf, situation)
        is_list = isinstance(situation.answers.get(leaf.about), Choices)
        is_denied = is_list and isinstance(leaf.limit, frozenset) and not named
        told = denied if is_denied else picked
        told[leaf.about] = told.get(leaf.about, frozenset()) | named
    return picked or denied


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
    question = questionnaire.questions[key]
    lines = (
        line if source is Source.PATIENT else told.say(_FROM[source]).format(answer=line)
        for source, part in _by_source(key, named, situation)
        for line in answer_in_words(question, part, told.say)
    )
    return ReasonText(question.text, "\n".join(lines))


def _by_source(
    key: str, named: _Picked, situation: Situation
) -> Iterator[tuple[Source, Answer | None]]:
    """The answer, or of a list the choices that are `named`, in parts by who gave them."""
    answer, said = situation.answers.get(key), situation.said(key)
    if not isinstance(answer, Choices):
        yield _source(key, situation), answer
        return
    if named & (answer.yes | answer.not_sure):
        answer = Choices(answer.yes & named, answer.not_sure & named)
    source = _source(key, situation)
    found = frozenset[str]()
    if isinstance(said, Choices) and source is not Source.CLINICIAN:
        found = answer.yes - said.yes
    own = replace(answer, yes=answer.yes - found)
    if own != Choices(frozenset()):
        yield source, own
    if found:
        yield Source.TOLD, Choices(found)


def _source(key: str, situation: Situation) -> Source:
    """Who gave an answer, but for the rows of a list that the patient left open."""
    if key not in situation.answers:
        return Source.PATIENT
    question, by_clinic = situation.questionnaire.questions[key], key in situation.by_clinic
    may_fill_in = by_clinic and question.clinician_may_fill_in
    if may_fill_in or question.answered_by is AnsweredBy.CLINICIAN:
        return Source.CLINICIAN
    if key in situation.opened or isinstance(situation.left_open.get(key), Withheld):
        return Source.TOLD
    return Source.CLINICIAN if by_clinic else Source.PATIENT
