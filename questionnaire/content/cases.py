"""Cases in `cases/*.yaml`: who a rule fires for, and who it only just does not fire for.

A case is written as a clinician would say it: the answers of one invented patient and what they
lead to. What is not answered stays open.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from questionnaire.content.fields import (
    LONGEST_ID,
    TITLE,
    Fields,
    day,
    expected,
    known_names,
    number,
    text,
    texts,
)
from questionnaire.content.nodes import Entries, Items, Node, compose
from questionnaire.content.problems import ContentProblems, Place
from questionnaire.content.reading import Reading, did_you_mean
from questionnaire.content.trial import Patient, Trial, try_patient
from questionnaire.domain.answers import LONGEST_TEXT, Answer, Slip
from questionnaire.domain.condition import Truth, evaluate
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.flags import Triage
from questionnaire.domain.library import Library
from questionnaire.domain.written import Json, read_answer
from questionnaire.ordinary_files import LONGEST_TEXT_FILE, read_file

_NUMBERS = frozenset({Kind.WHOLE_NUMBER, Kind.DECIMAL, Kind.PICTURE})


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `patients` is one, or one for each answer listed under `for_each`.

    `nothing_else` says that `fires` and `clarify` are complete. `triage` None is not looked at.
    """

    title: str
    place: Place
    patients: tuple[Patient, ...]
    fires: tuple[str, ...] = ()
    does_not_fire: tuple[str, ...] = ()
    clarify: tuple[str, ...] = ()
    unsure: tuple[str, ...] | None = None
    triage: Triage | None = None
    nothing_else: bool = False


def read_cases(reading: Reading, root: Node, library: Library) -> tuple[Case, ...]:
    """The cases of one file. `born` and `today` at the top stand for cases that do not say."""
    fields = Fields(reading, root, "cases file")
    born, on = _day(reading, fields, "born", None), _day(reading, fields, "today", None)
    cases = fields.children("cases", lambda node: _case(reading, node, library, (born, on)))
    fields.close()
    return cases


def read_case_file(library: Library, path: Path) -> tuple[Case, ...]:
    """The cases of a file that may stand anywhere. Raises `ContentProblems`."""
    reading = Reading()
    try:
        content = read_file(path, LONGEST_TEXT_FILE)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = Place(str(path), 1)
        reading.problem(place, f"This file cannot be read: {reason}.")
        raise ContentProblems(tuple(reading.problems)) from error
    root = compose(content, str(path), reading.problems)
    cases = read_cases(reading, root, library)
    if reading.problems:
        raise ContentProblems(tuple(sorted(reading.problems, key=lambda it: it.place)))
    return cases


def _day(reading: Reading, fields: Fields, key: str, otherwise: date | None) -> date | None:
    node = fields.node(key)
    return day(reading, node) if node else otherwise


def _case(
    reading: Reading, node: Node, library: Library, days: tuple[date | None, date | None]
) -> Case:
    fields = Fields(reading, node, "case")
    born, on = (
        _day(reading, fields, key, otherwise)
        for key, otherwise in zip(("born", "today"), days, strict=True)
    )
    if born is None or on is None or born > on:
        reading.problem(node.place, "A case says when the patient was born, and which day it is.")
        born = on = date.max
    answers = _answers(reading, fields.node("answers"), library, on)
    treatments = _known(reading, fields, "treatments", library.treatments)
    rules = {rule.id for rule in library.rules}
    patient = Patient(frozenset(treatments), born, on, answers)
    unsure = fields.node("unsure")
    case = Case(
        title=fields.text("case", TITLE),
        place=node.place,
        patients=_each(reading, fields, library, patient),
        fires=_known(reading, fields, "fires", rules),
        does_not_fire=_known(reading, fields, "does_not_fire", rules),
        clarify=_known(reading, fields, "clarify", rules),
        unsure=texts(reading, unsure) if unsure else None,
        triage=fields.word("triage", Triage) if fields.node("triage") else None,
        nothing_else=fields.switch("nothing_else"),
    )
    fields.close()
    return case


def _known(reading: Reading, fields: Fields, key: str, known: Collection[str]) -> tuple[str, ...]:
    what = "treatment" if key == "treatments" else "rule"
    names = fields.texts(key, LONGEST_ID, needed=key == "treatments", may_be_empty=True)
    return known_names(reading, names, known, what, fields.place_of(key))


def _each(
    reading: Reading, fields: Fields, library: Library, patient: Patient
) -> tuple[Patient, ...]:
    node = fields.node("for_each")
    if node is None:
        return (patient,)
    if not isinstance(node, Entries) or len(node.values) != 1:
        reading.problem(node.place, "“for_each” names one question and lists answers to it.")
        return (patient,)
    ((key, listed),) = node.values.items()
    if not isinstance(listed, Items):
        reading.problem(listed.place, f"“for_each” lists the answers to {key} to be tried.")
        return (patient,)
    found = []
    for part in listed.parts:
        one = Entries({key: part}, node.lines, node.place)
        answers = _answers(reading, one, library, patient.on)
        found.append(replace(patient, answers={**patient.answers, **answers}))
    return tuple(found)


def _answers(reading: Reading, node: Node | None, library: Library, on: date) -> dict[str, Answer]:
    if node is None:
        return {}
    if not isinstance(node, Entries):
        expected(reading, node, "Answers are written as question: answer.")
        return {}
    questions, found = library.questionnaire.questions, dict[str, Answer]()
    for key, value in node.values.items():
        question = questions.get(key)
        if question is None:
            hint = did_you_mean(key, questions)
            reading.problem(node.lines[key], f"There is no question {key}.{hint}")
            continue
        written = _written(reading, question, value)
        if written is None:
            continue
        try:
            answer = read_answer(question, written, today=on)
        except Slip as slip:
            reading.problem(value.place, f"{key}: {slip}")
            continue
        if answer is not None:
            found[key] = answer
    return found


def _written(reading: Reading, question: Question, node: Node) -> Json:
    """The answer as JSON would give it, None when unreadable; one id stands for a list of one."""
    if isinstance(node, Entries):
        return {key: _written(reading, question, value) for key, value in node.values.items()}
    if isinstance(node, Items):
        return list(texts(reading, node))
    if question.kind in _NUMBERS:
        amount = number(reading, node)
        if amount is None:
            return None
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        return int(exact) if amount.denominator == 1 else exact
    if question.kind is Kind.DATE:
        found = day(reading, node)
        return found.isoformat() if found else None
    written = text(reading, node, LONGEST_TEXT)
    return [written] if question.kind is Kind.MULTIPLE else written or None


def failures(library: Library, case: Case) -> Iterator[str]:
    """Everything in which the case does not come out as it says, as sentences."""
    named = {*case.fires, *case.does_not_fire, *case.clarify}
    everything = case.nothing_else or case.triage is not None
    rules = [rule for rule in library.rules if everything or rule.id in named]
    for patient in case.patients:
        trial = try_patient(library, patient, rules)
        yield from _not_asked(patient, trial)
        fires = {flag.rule.id for flag in trial.flags.fires}
        clarify = {flag.rule.id for flag in trial.flags.clarify}
        yield from (f"{key} does not fire." for key in case.fires if key not in fires)
        yield from (f"{key} is not to clarify." for key in case.clarify if key not in clarify)
        yield from _not_settled(library, case, trial)
        unsure = sorted(it.key for it in trial.flags.unsure)
        if case.unsure is not None and sorted(case.unsure) != unsure:
            yield f"Not sure are: {', '.join(unsure) or 'none'}."
        if case.triage not in {None, trial.flags.triage}:
            yield f"The triage is {trial.flags.triage}."
        if case.nothing_else:
            yield from (f"{key} fires too." for key in sorted(fires - set(case.fires)))
            yield from (f"{key} is to clarify." for key in sorted(clarify - set(case.clarify)))
        yield from (f"{flag.rule.id} is broken: {flag.fault}" for flag in trial.flags.broken)


def _not_asked(patient: Patient, trial: Trial) -> Iterator[str]:
    for key in patient.answers:
        if key not in trial.situation.answers:
            yield f"{key} is not asked, so its answer changes nothing."


def _not_settled(library: Library, case: Case, trial: Trial) -> Iterator[str]:
    """Rules that should not fire, but do, or are open, or are not for these treatments."""
    for rule in (library.rule(key) for key in case.does_not_fire):
        if not rule.is_for(trial.situation.treatments):
            yield f"{rule.id} is not for these treatments."
        elif (truth := evaluate(rule.when, trial.situation.facts)) is not Truth.FALSE:
            yield f"{rule.id} {'fires' if truth is Truth.TRUE else 'is not settled'}."


def check_cases(reading: Reading, library: Library, cases: Sequence[Case]) -> None:
    """Report cases that come out differently, and rules without a firing and a near-miss case."""
    for case in cases:
        for sentence in dict.fromkeys(failures(library, case)):
            reading.problem(case.place, f"“{case.title}”: {sentence}")
    firing = {key for case in cases for key in case.fires}
    missing = {key for case in cases for key in case.does_not_fire}
    for rule in library.rules:
        place = reading.place_of("rule", rule.id)
        if rule.id not in firing:
            reading.problem(place, f"{rule.id} has no case in which it fires.")
        if rule.id not in missing:
            reading.problem(place, f"{rule.id} has no case in which it only just does not fire.")
