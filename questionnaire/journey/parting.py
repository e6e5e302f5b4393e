"""Whose visit it is: other visits of the same patient, and parting one that is somebody else's."""

from dataclasses import dataclass, replace
from datetime import datetime

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import WrongStation
from questionnaire.domain.identity import Difference
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.arranging import allow_desk
from questionnaire.journey.denying import denied_at
from questionnaire.journey.differing import to_settle
from questionnaire.journey.house import House
from questionnaire.journey.setting_aside import set_aside_for
from questionnaire.journey.standing import stand
from questionnaire.records.answers import page_already_saved
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import (
    add_patient,
    get_visit,
    set_patient,
    visits_of_patient,
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a visit is for: what differs from the patient's word, and the patient's other visits.

    `parted_at` is when it was found to be another person's than it was taken for, `set_aside_for`
    the id of the visit which that person got instead. `denied_at` is when somebody at the tablet
    said that they are not this patient, until the patient says that it is them.
    """

    to_settle: tuple[Difference, ...]
    others: tuple[Visit, ...]
    parted_at: datetime | None
    set_aside_for: str
    denied_at: datetime | None


def whose(house: House, person: Person, visit_id: str) -> Whose:
    """Who a visit is for, at the desk. Raises `NotFound`."""
    allow_desk(person)
    with house.database.read() as tx:
        visit = get_visit(tx, visit_id)
        others = visits_of_patient(tx, visit.patient.id)
        standing = stand(house, tx, visit)
        parted = [entry for entry in standing.entries if entry.kind == "parted"]
        return Whose(
            to_settle(house, standing),
            tuple(one for one in others if one.id != visit.id),
            parted[-1].at if parted else None,
            set_aside_for(tx, visit.id),
            denied_at(standing.entries),
        )


def part(house: House, person: Person, visit_id: str, words: str, *, key: str) -> None:
    """Give a visit a patient of its own: it was taken for one of somebody else.

    From then on nothing of the other visits is shown with it, nor it with them. What was confirmed
    in this visit stays its answer. Raises `Slip` without a reason and `WrongStation` when there
    is nothing to part it from.
    """
    allow_desk(person)
    why = clean_text(words)
    if not why:
        raise Slip("Say how you know that it is another person.")
    now = house.clock()
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        if page_already_saved(tx, visit.id, key, "part", {"words": words}):
            return
        others = [one.id for one in visits_of_patient(tx, visit.patient.id) if one.id != visit.id]
        if not others:
            raise WrongStation("This patient has no other visit.")
        alone = replace(visit.patient, id=house.new_id())
        add_patient(tx, alone, at=now)
        set_patient(tx, visit, alone, visit.identity_check)
        append_entry(tx, visit.id, "parted", {"words": why}, at=now, person=person)
        house.note(tx, person, "parted", visit.id, words=why, from_visits=others)
