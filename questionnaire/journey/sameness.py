"""Whether a visit is of somebody who was here before: only a person says so."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from questionnaire.domain.birth_dates import slips_of
from questionnaire.domain.errors import Refusal
from questionnaire.domain.identity import as_written
from questionnaire.domain.visit import Patient, Person, Visit
from questionnaire.journey.house import House
from questionnaire.records.database import Transaction
from questionnaire.records.names import same_when_typed
from questionnaire.records.visits import add_patient, maybe_same


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said: the id of the patient it is, or those it is not.

    `renamed` answers `Renamed`: `ANOTHER`, or `still_them` of the patient it was asked about.
    """

    same_as: str = ""
    none_of: frozenset[str] = frozenset()
    renamed: str = ""


NOTHING_SAID: Final = Said()
ANOTHER: Final = "another"


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Somebody who may be this patient: who they are by their last appointment, and when it was."""

    patient: Patient
    last_appointment: datetime


class WhoIsIt(Refusal):
    """There is somebody `patient` may be; a person has to say whether it is them."""

    def __init__(self, patient: Patient, found: Iterable[Visit]) -> None:
        super().__init__("Say whether this is the same person.")
        self.patient = patient
        self.found = tuple(MaybeSame(each.patient, each.appointment_at) for each in found)


class Renamed(Refusal):
    """The visit would tell of `patient` from now on; a person has to say whether it always did."""

    def __init__(self, patient: Patient) -> None:
        super().__init__("Say whether this is the same person.")
        self.patient = patient


def still_them(patient: Patient) -> str:
    """The answer that it is the same person, misspelt so far: good for this very name and date."""
    return f"{patient.date_of_birth} {as_written(patient.full_name)}"


def may_be_another(before: Patient, now: Patient) -> bool:
    """Whether a correction may make a visit another person's: more than a slip of the hand."""
    renamed = as_written(before.full_name) != as_written(now.full_name)
    born_then, born_now = before.date_of_birth, now.date_of_birth
    if born_now == born_then:
        return renamed and not same_when_typed(now.full_name, before.full_name)
    return renamed or born_now not in slips_of(born_then)


def is_another(now: Patient, said: Said) -> bool:
    """Whether a person said that the visit is another person's. Raises `Renamed` until they did."""
    if said.renamed not in {ANOTHER, still_them(now)}:
        raise Renamed(now)
    return said.renamed == ANOTHER


def who_is_new(
    house: House, tx: Transaction, desk: Person, patient: Patient, said: Said, visit_id: str
) -> Patient:
    """Who a new visit is for: somebody who was here before only when a person said so.

    Else it is `patient`, written down as somebody new. Raises `WhoIsIt` until it is said.
    """
    same = _same(house, tx, desk, patient, said, visit_id)
    if same is None:
        add_patient(tx, patient, at=house.clock())
    return same or patient


def who_is_renamed(
    house: House, tx: Transaction, desk: Person, visit: Visit, now: Patient, said: Said
) -> Patient:
    """Who a visit is for under another name or birth date: the same record, or the one said.

    Raises `WhoIsIt` while it may be somebody else who was here, and nobody said.
    """
    if now == visit.patient:
        return now
    return _same(house, tx, desk, now, said, visit.id) or now


def _same(
    house: House, tx: Transaction, desk: Person, patient: Patient, said: Said, visit_id: str
) -> Patient | None:
    """The patient a person said it is, None when they said it is nobody who was here."""
    likely = reversed(maybe_same(tx, patient.full_name, patient.date_of_birth))
    found = {one.patient.id: one for one in likely if one.patient.id != patient.id}
    if said.same_as in found:
        house.note(tx, desk, "same_person_said", visit_id, as_visit=found[said.same_as].id)
        return replace(patient, id=said.same_as)
    if found.keys() - said.none_of:
        raise WhoIsIt(patient, found.values())
    if found:
        house.note(tx, desk, "another_person_said", visit_id)
    return None
