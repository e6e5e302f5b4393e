"""What can be wrong between things that are each well written."""

import re
from collections.abc import Iterable, Iterator

from questionnaire.content.flags import FOR_EVERYONE
from questionnaire.content.law import check_law
from questionnaire.content.not_sure import check_not_sure
from questionnaire.content.printable import check_printable
from questionnaire.content.reading import Reading
from questionnaire.content.risks import check_doubled
from questionnaire.content.unread import note_unread
from questionnaire.content.worlds import Found, Worlds
from questionnaire.domain.condition import All, Any, Condition, Leaf, Not, Truth, leaves
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    NOT_SURE,
    TREATMENTS_WANTED,
    AnsweredBy,
    Kind,
    Question,
    Questionnaire,
)
from questionnaire.domain.flags import Rule
from questionnaire.domain.library import Library

_PICTURES = re.compile(r"\b(?:pictures?|photos?|drawings?)\b", re.IGNORECASE)
_SKIPPED = re.compile(
    r"\bskip (?:it|this)\b|\bleave (?:it|this) (?:blank|empty|out)\b|\bneed not answer\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"\b(?:write|record|type|fill in)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:all|any|everything) that (?:fits?|appl(?:y|ies))\b", re.IGNORECASE)


def check_library(reading: Reading, library: Library) -> None:
    """Report everything that does not fit together; needs a library read without problems."""
    _check_needed_questions(reading, library)
    _check_order(reading, library.questionnaire)
    _check_questions_can_be_asked(reading, library)
    _check_help(reading, library.questionnaire)
    _check_rules(reading, library)
    _check_duplicates(reading, library.rules)
    _check_treatments(reading, library)
    check_law(reading, library)
    check_doubled(reading, library)
    check_not_sure(reading, library)
    check_printable(reading, library)
    note_unread(reading, library)


def _check_needed_questions(reading: Reading, library: Library) -> None:
    """The questions the app itself relies on are there, and of the right kind."""
    kinds = {FULL_NAME: Kind.TEXT, DATE_OF_BIRTH: Kind.DATE, TREATMENTS_WANTED: Kind.MULTIPLE}
    questions = library.questionnaire.questions
    start = next(iter(reading.names["question"].values()))
    for key, kind in kinds.items():
        if key not in questions:
            reading.problem(start, f"There must be a question {key} of kind {kind}.")
        elif questions[key].kind is not kind:
            reading.problem(reading.place_of("question", key), f"{key} must be of kind {kind}.")
        elif not _always_answered(questions[key]):
            sentence = f"{key} is asked of every patient, and answered: it cannot be optional, "
            sentence += "sensitive, for some treatments or under a condition."
            reading.problem(reading.place_of("question", key), sentence)
    if TREATMENTS_WANTED not in questions:
        return
    offered = {option.id for option in questions[TREATMENTS_WANTED].options}
    place = reading.place_of("question", TREATMENTS_WANTED)
    for name in sorted(offered - {NOT_SURE} - set(library.treatments)):
        reading.problem(place, f"There is no treatment {name}, which is offered here.")
    for name in sorted(({NOT_SURE} | set(library.treatments)) - offered):
        reading.problem(place, f"The option {name} is missing here.")


def _always_answered(question: Question) -> bool:
    for_some = question.treatments or question.ask_when
    return not (question.optional or question.sensitive or for_some)


def _check_order(reading: Reading, questionnaire: Questionnaire) -> None:
    """A question looks only at earlier ones.

    What the clinician may fill in may also look at the clinician's own questions.
    """
    places = {key: place for place, key in enumerate(questionnaire.questions)}
    for question in questionnaire.questions.values():
        if question.ask_when is None:
            continue
        for key in dict.fromkeys(_questions_behind(questionnaire, question.ask_when)):
            other = questionnaire.questions[key]
            is_clinicians = other.answered_by is AnsweredBy.CLINICIAN
            if places[key] < places[question.id]:
                continue
            if not (question.clinician_may_fill_in and is_clinicians):
                place = reading.place_of("question", question.id)
                reading.problem(place, f"{question.id} looks at {key}, which is asked later.")


def _questions_behind(questionnaire: Questionnaire, condition: Condition) -> Iterator[str]:
    for leaf in leaves(condition):
        measure = questionnaire.measures.get(leaf.about)
        yield from measure.inputs if measure else (leaf.about,)


def _check_questions_can_be_asked(reading: Reading, library: Library) -> None:
    for question in library.questionnaire.questions.values():
        if question.ask_when is None:
            continue
        place = reading.place_of("question", question.id)
        worlds = (library.questionnaire, question.ask_when, question.treatments, library.treatments)
        can_be = Worlds(*worlds, finished=False).find(lambda truth: truth is Truth.TRUE)
        can_fail = Worlds(*worlds, finished=True).find(lambda truth: truth is not Truth.TRUE)
        if can_be is Found.NO:
            reading.problem(place, f"{question.id} can never be asked: its ask_when is never true.")
        elif can_fail is Found.NO:
            reading.note(place, f"{question.id} is always asked: its ask_when is always true.")
        if Found.CANNOT_TELL in {can_be, can_fail}:
            reading.note(place, f"Whether {question.id} can be asked is too long to work out.")


def _check_help(reading: Reading, questionnaire: Questionnaire) -> None:
    """What a question says about its own boxes is true of them."""
    for question in questionnaire.questions.values():
        said = f"{question.text} {question.help}"
        place = reading.place_of("question", question.id)
        if _PICTURES.search(said) and question.kind is not Kind.PICTURE:
            reading.problem(place, f"{question.id} speaks of a picture and is not of kind picture.")
        if _SKIPPED.search(said) and not question.optional:
            reading.problem(place, f"{question.id} may not be left out: it is not optional.")
        if _SEVERAL.search(said) and question.kind is not Kind.MULTIPLE:
            reading.problem(place, f"{question.id} takes one answer: it is not of kind multiple.")
        if _WRITTEN.search(said) and question.options:
            reading.problem(
                place, f"{question.id} has no box to write in: it is a list of choices."
            )
        for option in question.options:
            strangers = question.treatments and option.treatments - question.treatments
            if strangers:
                sentence = (
                    f"The option {option.id} is for {', '.join(sorted(strangers))}, for which"
                )
                reading.problem(place, f"{sentence} {question.id} is not asked.")


def _check_rules(reading: Reading, library: Library) -> None:
    meant = reading.names.get(FOR_EVERYONE, {})
    for rule in library.rules:
        place = reading.place_of("rule", rule.id)
        worlds = (library.questionnaire, rule.when, rule.treatments, library.treatments)
        can_fire = Worlds(*worlds, finished=False).find(lambda truth: truth is Truth.TRUE)
        can_fail = Worlds(*worlds, finished=True).find(lambda truth: truth is not Truth.TRUE)
        if can_fire is Found.NO:
            reading.problem(place, f"{rule.id} can never fire: no answers make its “when” true.")
        elif can_fail is Found.NO and rule.id not in meant:
            sentence = (
                f"{rule.id} always fires: every finished form makes its “when” true. "
                "If that is meant, add fires_for_everyone: true."
            )
            reading.problem(place, sentence)
        elif can_fail is Found.YES and rule.id in meant:
            reading.problem(meant[rule.id], f"{rule.id} does not fire for everyone.")
        if Found.CANNOT_TELL in {can_fire, can_fail}:
            reading.note(place, f"Whether {rule.id} can fire is too long to work out.")


def _check_duplicates(reading: Reading, rules: Iterable[Rule]) -> None:
    """No two rules say the same of the same people; with other severities it is worth a look."""
    seen: dict[object, list[Rule]] = {}
    for rule in rules:
        alike = seen.setdefault(_meaning(rule.when), [])
        for other in alike:
            everyone = not rule.treatments or not other.treatments
            if everyone or not rule.treatments.isdisjoint(other.treatments):
                place = reading.place_of("rule", rule.id)
                report = reading.problem if rule.severity is other.severity else reading.note
                report(place, f"{rule.id} has the same “when” as {other.id}, for the same people.")
        alike.append(rule)


def _meaning(condition: Condition) -> object:
    """The condition without the order and nesting its parts are written in."""
    if isinstance(condition, Leaf):
        limit = condition.limit
        test = (
            "any_of" if condition.test == "is" and isinstance(limit, frozenset) else condition.test
        )
        return (condition.about, str(test), limit)
    if isinstance(condition, Not):
        return ("not", _meaning(condition.part))
    parts = frozenset(_meaning(part) for part in _flat(type(condition), condition))
    return next(iter(parts)) if len(parts) == 1 else (type(condition).__name__, parts)


def _flat(kind: type[All | Any], condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All | Any) and isinstance(condition, kind):
        for part in condition.parts:
            yield from _flat(kind, part)
    else:
        yield condition


def _check_treatments(reading: Reading, library: Library) -> None:
    wanted = library.quiz_rules.questions_for_each_treatment
    for treatment in library.treatments.values():
        place = reading.place_of("treatment", treatment.id)
        if len(treatment.quiz) != wanted:
            number = len(treatment.quiz)
            sentence = f"{treatment.id} has {number} check-questions; the quiz rules say {wanted}."
            reading.problem(place, sentence)
        for name in treatment.variable_results:
            meant_for = library.statements[name].treatments
            if meant_for and treatment.id not in meant_for:
                reading.problem(place, f"The statement {name} is not for {treatment.id}.")
