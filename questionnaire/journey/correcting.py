"""Correcting who a visit is for: name and birth date, before anything is signed, with a reason."""

from dataclasses import dataclass, replace
from datetime import date

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import WrongStation
from questionnaire.domain.visit import Patient, Person, Station, Visit
from questionnaire.journey.arranging import allow_desk, full_name
from questionnaire.journey.house import House
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import get_visit, set_patient

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
    """Who somebody is, as it is to stand; `checked` names what it was checked against."""

    full_name: str
    date_of_birth: date
    checked: str


def correct_patient(
    house: House, person: Person, visit_id: str, right: RightIdentity, words: str, *, key: str
) -> None:
    """Put the name or birth date of a visit right; the same `key` again changes nothing.

    Other visits of the same patient keep what stands in their documents. What the patient answered
    stays: where it now differs, it becomes a point to settle. `words` say why. Raises `Slip` for
    what cannot be kept, `WrongStation` once something is signed, and `NotAllowed` for other roles.
    """
    allow_desk(person)
    why = clean_text(words)
    if not why:
        raise Slip("Say why it is corrected.")
    sent = {**_written(Patient("", right.full_name, right.date_of_birth)), "words": words}
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        if not page_already_saved(tx, visit.id, key, "correct_patient", sent):
            put_right(house, tx, person, visit, right, why)


def put_right(
    house: House,
    tx: Transaction,
    person: Person,
    visit: Visit,
    right: RightIdentity,
    why: str,
) -> Visit:
    """The visit with name and birth date put right; as it was when they are right already."""
    if visit.station not in CORRECTED_AT:
        raise WrongStation("This cannot be corrected now: take the signed document back first.")
    if not right.checked:
        raise Slip("Pick how you checked who the patient is.")
    if right.date_of_birth > house.today():
        raise Slip("This date of birth is still to come.")
    before = visit.patient
    patient = replace(
        before, full_name=full_name(right.full_name), date_of_birth=right.date_of_birth
    )
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


def _written(patient: Patient) -> dict[str, str]:
    return {"full_name": patient.full_name, "date_of_birth": patient.date_of_birth.isoformat()}
