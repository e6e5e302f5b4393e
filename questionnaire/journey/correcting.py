"""Correcting who a visit is for: name and birth date, before anything is signed, with a reason."""

from dataclasses import dataclass
from datetime import date

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import WrongStation
from questionnaire.domain.visit import Patient, Person, Station, Visit
from questionnaire.journey.arranging import full_name
from questionnaire.journey.house import House
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import set_patient

CORRECTED_AT = frozenset(
    {
        Station.ARRANGED,
        Station.IN_PROGRESS,
        Station.SUBMITTED,
        Station.UNDER_REVIEW,
        Station.CONSENT_READY,
        Station.DEFERRED,
    }
)
"""Before a signature: what was signed is never made to say something else."""


@dataclass(frozen=True, slots=True)
class RightIdentity:
    """Who somebody is, as it is to stand; `checked` names what it was checked against.

    `patient_id` is another patient's where a person said that the visit is theirs.
    """

    full_name: str
    date_of_birth: date
    checked: str
    patient_id: str = ""


def put_right(
    house: House,
    tx: Transaction,
    person: Person,
    visit: Visit,
    right: RightIdentity,
    why: str,
) -> Visit:
    """The visit with name and birth date put right; as it was when they are right already.

    Other visits of the same patient keep what stands in their documents. What the patient answered
    stays: where it now differs, it becomes a point to settle. Raises `Slip` for what cannot be
    kept and `WrongStation` once something is signed.
    """
    if visit.station not in CORRECTED_AT:
        raise WrongStation("This cannot be corrected now: take the signed document back first.")
    before = visit.patient
    patient = as_it_is_kept(house, right, before.id)
    if patient == before:
        return visit
    body = {"before": _written(before), "now": _written(patient), "checked": right.checked}
    append_entry(
        tx,
        visit.id,
        "patient_corrected",
        {**body, "words": why},
        at=house.clock(),
        person=person,
    )
    house.note(tx, person, "patient_corrected", visit.id, **body, words=why)
    return set_patient(tx, visit, patient, right.checked)


def as_it_is_kept(house: House, right: RightIdentity, patient_id: str) -> Patient:
    """Who somebody is, under their id or else this one. Raises `Slip` for what cannot be kept."""
    if not right.checked:
        raise Slip("Pick how you checked who the patient is.")
    if right.date_of_birth > house.today():
        raise Slip("This date of birth is still to come.")
    name = full_name(right.full_name)
    return Patient(right.patient_id or patient_id, name, right.date_of_birth)


def _written(patient: Patient) -> dict[str, str]:
    return {"full_name": patient.full_name, "date_of_birth": patient.date_of_birth.isoformat()}
