"""What nobody reads: options that no rule looks at, and sources that nothing names.

An option is read where a rule that is for the treatment, or a measure, tests for it, or where it
opens another question. An option that is `exclusive`, such as “none of these”, says that nothing
is the matter, and waits for no rule; one that says “not sure” leaves open what any rule looks for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from questionnaire.content.reading import Reading
from questionnaire.domain.answers import LEAVES_OPEN
from questionnaire.domain.condition import Condition, Leaf, Test, leaves
from questionnaire.domain.definition import TREATMENTS_WANTED, Formula, Kind, Question
from questionnaire.domain.library import Library


def note_unread(reading: Reading, library: Library) -> None:
    """Note each option and each source that nobody reads."""
    for question in library.questionnaire.questions.values():
        place = reading.place_of("question", question.id)
        if unseen := _unseen_options(library, question):
            sentence = f"No rule or condition looks at these options of {question.id}: {unseen}."
            reading.note(place, sentence)
        for treatments, options in read_for_others(library, question).items():
            sentence = (
                f"No rule for {treatments} looks at these options of {question.id}: {options}."
            )
            reading.note(place, f"{sentence} They are offered there, and read for others alone.")
    cited = {name for sort, name, _ in reading.references if sort == "source"}
    for source in library.sources:
        if source not in cited:
            place = reading.place_of("source", source)
            reading.note(place, f"Nothing names the source {source}.")


def read_for_others(library: Library, question: Question) -> dict[str, str]:
    """Options that a treatment offers and only rules of other treatments read.

    Treatments → options, both as they are listed.
    """
    every = frozenset(library.treatments)
    flagged = {name for rule in library.rules for name in _named(question, leaves(rule.when))}
    readers = defaultdict[str, set[str]](set)
    for treatments, leaf in _readers(library):
        for name in _named(question, [leaf]):
            readers[name] |= treatments or every
    found = defaultdict[str, list[str]](list)
    for option in question.options:
        left = (question.treatments or every) - readers[option.id]
        if option.id in flagged and left and not option.exclusive:
            found[", ".join(key for key in library.treatments if key in left)].append(option.id)
    return {treatments: ", ".join(options) for treatments, options in found.items()}


def _named(question: Question, tests: Iterable[Leaf]) -> Iterator[str]:
    """The options of the question for which the tests look."""
    for leaf in tests:
        if leaf.about == question.id and leaf.test is not Test.NONE_OF:
            yield from leaf.limit if isinstance(leaf.limit, frozenset) else ()


def _readers(library: Library) -> Iterator[tuple[frozenset[str], Leaf]]:
    """Every test, with the treatments it is for; the empty set is all of them."""
    parts: list[tuple[frozenset[str], Condition | None]] = [
        *((each.treatments, each.when) for each in library.rules),
        *((each.treatments, each.ask_when) for each in library.questionnaire.questions.values()),
        *((frozenset(), each.positive_when) for each in library.questionnaire.measures.values()),
    ]
    for treatments, condition in parts:
        for leaf in leaves(condition) if condition else ():
            yield treatments, leaf


def _unseen_options(library: Library, question: Question) -> str:
    tests = [leaf for _, leaf in _readers(library) if leaf.about == question.id]
    formulas = {
        measure.formula
        for measure in library.questionnaire.measures.values()
        if question.id in measure.inputs
    }
    is_counted = not formulas.isdisjoint({Formula.SUM_OF_SCORES, Formula.COUNT_OF_CHOICES})
    if question.id == TREATMENTS_WANTED or is_counted:
        return ""
    if question.kind is Kind.PICTURE:
        return "" if tests else ", ".join(option.id for option in question.options)
    seen = {name for it in tests if isinstance(it.limit, frozenset) for name in it.limit}
    settled = (option for option in question.options if not option.exclusive)
    return ", ".join(it.id for it in settled if it.id not in seen | LEAVES_OPEN)
