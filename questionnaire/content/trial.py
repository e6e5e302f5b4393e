"""One invented patient tried on the rules: what would be asked, and what the rules point at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.definition import DATE_OF_BIRTH, TREATMENTS_WANTED
from questionnaire.domain.flags import Flags, Rule, raise_flags
from questionnaire.domain.library import Library
from questionnaire.domain.situation import Situation, chosen_treatments, situation


@dataclass(frozen=True, slots=True)
class Patient:
    """Who is tried: the treatments arranged, when born, on which day, and the answers given."""

    treatments: frozenset[str]
    born: date
    on: date
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    situation: Situation
    flags: Flags


def try_patient(library: Library, patient: Patient, rules: Sequence[Rule] | None = None) -> Trial:
    """Run every rule for `patient`, or only `rules`.

    The arranged treatments stand in for a missing answer to the question which treatments are
    wanted; “not sure” there counts as all of them. The birth date is always the one given.
    """
    answers = {**patient.answers, DATE_OF_BIRTH: patient.born}
    if patient.treatments:
        answers.setdefault(TREATMENTS_WANTED, Choices(patient.treatments))
    chosen = chosen_treatments(patient.treatments, answers, library.treatments)
    moment = situation(library.questionnaire, chosen, answers, patient.on)
    return Trial(moment, raise_flags(library.rules if rules is None else rules, moment))
