"""Every question a patient may meet, numbered, with the answers that would bring it up.

The form on the tablet asks one page after the other; the preview and the form on paper show it
whole, so each question that waits for an answer says so in words.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from questionnaire.domain.condition import All, Condition, Leaf, Not, Test
from questionnaire.domain.definition import AnsweredBy, Question, Questionnaire, Section
from questionnaire.domain.language import Say, to_say

_BY_CHANCE = to_say("Only if this fits you.")
_CHOSEN = {
    True: to_say("you said Yes to {answers} in question {number}"),
    False: to_say("you chose {answers} in question {number}"),
}
_NOT_CHOSEN = to_say("you did not choose {answers} in question {number}")
_OR, _AND = to_say("{one} or {other}"), to_say("{one}, and {other}")
_OR_ELSE = to_say("{one}, or {other}")
_ONLY_IF = to_say("Only if {reasons}.")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A question with its number on the whole form, and when it is asked; empty for always."""

    number: int
    question: Question
    only_if: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the whole form."""

    title: str
    questions: tuple[Numbered, ...]


def whole_form(
    questionnaire: Questionnaire, treatments: Collection[str], say: Say
) -> tuple[Part, ...]:
    """What the patient may be asked for these treatments, whatever they answer.

    `say` puts our own words into the language of the questions.
    """
    teller = _Teller(questionnaire.questions, say)
    numbers = count(1)
    parts = (
        Part(section.title, tuple(_numbered(section, frozenset(treatments), teller, numbers)))
        for section in questionnaire.sections
    )
    return tuple(part for part in parts if part.questions)


def _numbered(
    section: Section, treatments: frozenset[str], teller: "_Teller", numbers: Iterator[int]
) -> Iterator[Numbered]:
    for question in section.questions:
        if question.answered_by is not AnsweredBy.PATIENT:
            continue
        if question.treatments and not question.treatments & treatments:
            continue
        only_if = teller.when(question.ask_when)
        if only_if is None:
            continue
        teller.numbers[question.id] = next(numbers)
        yield Numbered(teller.numbers[question.id], question.offered_for(treatments), only_if)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says conditions on questions that stand before; `numbers` holds those on the form."""

    questions: Mapping[str, Question]
    say: Say
    numbers: dict[str, int] = field(default_factory=dict)

    def when(self, condition: Condition | None) -> str | None:
        """When it is asked: empty for always, None for never."""
        if condition is None:
            return ""
        reasons = self._reasons(condition)
        if reasons is None:
            return None
        words = self.say(_ONLY_IF).format(reasons=reasons)
        return words if reasons else self.say(_BY_CHANCE)

    def _reasons(self, condition: Condition) -> str | None:
        """A condition in words: empty when it cannot be said simply, None when it never holds."""
        if isinstance(condition, Leaf):
            return self._leaf(condition)
        if isinstance(condition, Not):
            return ""
        told = [self._reasons(part) for part in condition.parts]
        if isinstance(condition, All):
            possible = [] if None in told else told
            joint = _AND
        else:
            possible = [words for words in told if words is not None]
            joint = _OR_ELSE
        if not possible:
            return None
        return self._joined([words or "" for words in possible], joint) if all(possible) else ""

    def _leaf(self, leaf: Leaf) -> str | None:
        question = self.questions.get(leaf.about)
        if question is not None and question.id not in self.numbers:
            return None
        if question is None or not isinstance(leaf.limit, frozenset):
            return ""
        words = [f"“{option.text}”" for option in question.options if option.id in leaf.limit]
        sentence = _NOT_CHOSEN if leaf.test is Test.NONE_OF else _CHOSEN[question.row_by_row]
        answers = self._joined(words, _OR)
        return self.say(sentence).format(answers=answers, number=self.numbers[question.id])

    def _joined(self, words: list[str], joint: str) -> str:
        told = words[0]
        for word in words[1:]:
            told = self.say(joint).format(one=told, other=word)
        return told
