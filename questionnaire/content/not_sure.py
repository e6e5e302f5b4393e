"""Options that say “not sure” in a list's own words never become a finding."""

import re

from questionnaire.content.flags import FOR_NOT_SURE
from questionnaire.content.reading import Reading
from questionnaire.domain.answers import LEAVES_OPEN
from questionnaire.domain.condition import Condition, Leaf, Not, Test, leaves
from questionnaire.domain.library import Library

_SAYS_SO = re.compile(
    r"^(?:(?:i am |i'm )?(?:not sure|unsure)|i (?:do not|don't) know|i(?: woul|')d rather)\b",
    re.IGNORECASE,
)


def check_not_sure(reading: Reading, library: Library) -> None:
    """Each such option has an id that tells so, and rules and questions read it as what it is."""
    _check_ids(reading, library)
    _check_rules(reading, library)
    _check_measures(reading, library)
    _check_asking(reading, library)


def _check_ids(reading: Reading, library: Library) -> None:
    for question in library.questionnaire.questions.values():
        for option in question.options:
            if (_SAYS_SO.match(option.text) is not None) is not (option.id in LEAVES_OPEN):
                ids = ", ".join(sorted(LEAVES_OPEN))
                sentence = (
                    f"“{option.text}” has the id {option.id}: who is not sure, or would rather "
                    f"tell the clinician, is known by the ids {ids}, and by them alone."
                )
                reading.problem(reading.place_of("question", question.id), sentence)


def _check_rules(reading: Reading, library: Library) -> None:
    meant = reading.names.get(FOR_NOT_SURE, {})
    for rule in library.rules:
        named = ", ".join(sorted(_named(rule.when)))
        if named and rule.id not in meant:
            sentence = (
                f"{rule.id} fires for who picked {named}, as if that were a finding. Leave it out: "
                "the rule then asks to clarify. If the doubt itself is the point and the title "
                "says so, add fires_for_not_sure: true."
            )
            reading.problem(reading.place_of("rule", rule.id), sentence)
        elif rule.id in meant and not named:
            reading.problem(meant[rule.id], f"{rule.id} names no option that says “not sure”.")


def _check_measures(reading: Reading, library: Library) -> None:
    for measure in library.questionnaire.measures.values():
        if measure.positive_when and (named := _named(measure.positive_when)):
            sentence = f"{measure.id} counts {', '.join(sorted(named))} as a finding."
            reading.problem(reading.place_of("measure", measure.id), sentence)


def _check_asking(reading: Reading, library: Library) -> None:
    """Nobody escapes a question because they were not sure: who is asked is named."""
    questions = library.questionnaire.questions
    for question in questions.values():
        for leaf in _turned(question.ask_when) if question.ask_when else ():
            other = questions.get(leaf.about)
            if other and any(option.id in LEAVES_OPEN for option in other.options):
                sentence = (
                    f"{question.id} would not be asked of who is not sure about {other.id}: "
                    "name the answers for which it is asked with any_of."
                )
                reading.problem(reading.place_of("question", question.id), sentence)


def _named(condition: Condition) -> set[str]:
    return {
        name
        for leaf in leaves(condition)
        if isinstance(leaf.limit, frozenset)
        for name in leaf.limit & LEAVES_OPEN
    }


def _turned(condition: Condition) -> list[Leaf]:
    """The tests that hold for every answer but those they name."""
    if isinstance(condition, Leaf):
        return [condition] if condition.test is Test.NONE_OF else []
    if isinstance(condition, Not):
        return list(leaves(condition.part))
    return [leaf for part in condition.parts for leaf in _turned(part)]
