"""A visit that was another person's: it is set aside, and they get a visit of their own.

What was typed stays with the visit that is set aside. It is shown to no patient again, whoever
typed it, and its code, home links and open forms end.
"""

from dataclasses import replace

from questionnaire.domain.errors import WrongStation
from questionnaire.domain.visit import Patient, Person, Station, Visit
from questionnaire.journey.arranging import CODE_LIVES, Arranged, close_visit, give_code
from questionnaire.journey.house import House
from questionnaire.journey.sameness import Said, who_is_new
from questionnaire.records.answers import SET_ASIDE
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry, entries_of
from questionnaire.records.home_links import revoke_links_of
from questionnaire.records.visits import add_visit, get_visit, use_code


def who_is_another(
    house: House, tx: Transaction, desk: Person, visit: Visit, now: Patient, said: Said
) -> Patient:
    """Who it is instead of the visit's patient: somebody new, or whom a person said it is.

    Raises `WhoIsIt` while it may be somebody else who was here, and nobody said, and
    `WrongStation` for a visit that was put off.
    """
    if visit.station is Station.DEFERRED:
        raise WrongStation("This visit is put off: leave it, and arrange a new one for the other.")
    said = replace(said, none_of=said.none_of | {visit.patient.id})
    return who_is_new(house, tx, desk, replace(now, id=house.new_id()), said, visit.id)


def give_to_another(
    house: House, tx: Transaction, person: Person, before: Visit, now: Visit, why: str
) -> Arranged:
    """Set the visit aside; a new one of the patient `now` tells, with all other details of `now`.

    Its code is to be shown once. `before` is the visit as it is kept.
    """
    at, code = house.clock(), house.new_code()
    new = replace(now, id=house.new_id(), station=Station.ARRANGED, version=1, arranged_at=at)
    expires = max(at, new.appointment_at) + CODE_LIVES
    add_visit(tx, new, arranged_by=person.id, code=code, code_expires_at=expires)
    house.note(tx, person, "visit_arranged", new.id, instead_of=before.id)
    close_visit(house, tx, person, before, why)
    use_code(tx, before.id, at)
    revoke_links_of(tx, before.id, at)
    append_entry(tx, before.id, SET_ASIDE, {"for_visit": new.id}, at=at, person=person)
    house.note(tx, person, SET_ASIDE, before.id, for_visit=new.id)
    return Arranged(new, code)


def given_again(house: House, tx: Transaction, person: Person, visit_id: str) -> Arranged | None:
    """The new visit with a fresh code where the form that set one aside is sent again."""
    new_id = set_aside_for(tx, visit_id)
    if not new_id:
        return None
    code = house.new_code()
    give_code(house, tx, person, get_visit(tx, new_id), code)
    return Arranged(get_visit(tx, new_id), code)


def set_aside_for(tx: Transaction, visit_id: str) -> str:
    """The id of the visit another person got instead of this one; empty when there is none."""
    found = entries_of(tx, visit_id, SET_ASIDE)
    return str(found[-1].body["for_visit"]) if found else ""
