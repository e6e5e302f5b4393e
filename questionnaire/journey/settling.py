"""Settling what patient and visit say differently: checked, put right, and written down.

The patient's word corrects the visit, or stays out of the document because ours was right: then
the answer is put right. Either way one identity is left, and the ledger tells both.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, cast

from questionnaire.domain.answers import Choices, Slip
from questionnaire.domain.definition import (
    DATE_OF_BIRTH,
    FULL_NAME,
    NOT_SURE,
    TREATMENTS_WANTED,
)
from questionnaire.domain.errors import ChangedSince, WrongStation
from questionnaire.domain.identity import IDENTITY_DOCUMENTS, LANGUAGE, Difference, staff_wrote
from questionnaire.domain.visit import Patient, Person, Role, Station, Visit
from questionnaire.journey.arranging import Arranged, allow_desk
from questionnaire.journey.correcting import RightIdentity, as_it_is_kept, put_right
from questionnaire.journey.differing import language_before, to_settle
from questionnaire.journey.house import House
from questionnaire.journey.reviewing import back_under_review
from questionnaire.journey.sameness import NOTHING_SAID, Said, is_another, who_is_renamed
from questionnaire.journey.setting_aside import give_to_another, given_again, who_is_another
from questionnaire.journey.standing import Standing, keep_sheet, stand
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import get_visit, set_language, set_treatments

SETTLED_AT = (Station.SUBMITTED, Station.UNDER_REVIEW, Station.CONSENT_READY)
_NOT_NOW: Final = {
    Station.IN_PROGRESS: "The patient has the form again: this is settled once they sent it.",
    Station.CONSENT_READY: (
        "The clinician settles this now, on the review page: the patient may be reading already."
    ),
    Station.PATIENT_SIGNED: (
        "Nothing can be settled here now: take the document back first, on the review page."
    ),
    Station.DEFERRED: (
        "Nothing can be settled here now: take the visit up again first, on the review page."
    ),
    Station.NOT_PROCEEDING: (
        "Nothing can be settled here now: take the visit back under review first, on the review"
        " page."
    ),
}
_NOT_ANY_MORE: Final = "Nothing can be settled here any more."


@dataclass(frozen=True, slots=True)
class Settled:
    """How one difference was settled: `take_patients`, or keep what the visit says.

    `seen` is the difference as it stood on the page; `checked` is one of
    `IDENTITY_DOCUMENTS` for a name or a birth date, and empty for anything else. `said` answers
    whether the patient, as they say who they are, is somebody who was here before.
    """

    seen: Difference
    take_patients: bool
    checked: str = ""
    said: Said = NOTHING_SAID


def may_settle(person: Person, visit: Visit) -> bool:
    """Whether this person can settle what differs now: nobody once it is signed.

    Once the patient may be asked for consent only a clinician can: the decision goes with it.
    """
    if visit.station is Station.CONSENT_READY:
        return person.role is Role.CLINICIAN
    return visit.station in SETTLED_AT


def why_not_now(visit: Visit) -> str:
    """What is told where `may_settle` says no: who settles it, or what comes first."""
    return _NOT_NOW.get(visit.station, _NOT_ANY_MORE)


def settle(
    house: House, person: Person, visit_id: str, settled: Settled, *, key: str
) -> Arranged | None:
    """Settle one difference; the same `key` again changes nothing.

    The new visit, where the patient is another person than the visit was arranged for: then this
    one is set aside, for it may have shown them somebody else's words, and they answer anew.

    Once the patient may be asked for consent only a clinician can: the visit goes back under
    review. Raises `ChangedSince` when it is no longer as `settled.seen`, `Renamed` and `WhoIsIt`
    until a person said whether it is the same person, or somebody who was here before, and `Slip`
    without the document it was checked against, or with one where none is asked for.
    """
    allow_desk(person)
    seen, checked = settled.seen, settled.checked
    if seen.needs_document and checked not in IDENTITY_DOCUMENTS:
        raise Slip("Pick the document you checked this against.")
    if checked and not seen.needs_document:
        raise Slip("Only a name or a birth date is checked against a document.")
    sent: dict[str, object] = {
        "fact": seen.fact,
        "patient": seen.patient,
        "visit": seen.visit,
        "taken": "patient" if settled.take_patients else "visit",
        "checked": checked,
    }
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        if page_already_saved(tx, visit.id, key, "settle_difference", sent):
            return given_again(house, tx, person, visit.id)
        if visit.station not in SETTLED_AT:
            raise WrongStation(why_not_now(visit))
        standing = stand(house, tx, visit)
        if seen not in to_settle(house, standing):
            raise ChangedSince("This has changed since you opened the page. Please look again.")
        if not may_settle(person, visit):
            raise WrongStation(why_not_now(visit))
        if visit.station is Station.CONSENT_READY:
            back_under_review(house, tx, person, visit, "Who the patient is was settled anew.")
            standing = stand(house, tx, get_visit(tx, visit_id))
        new = None
        if settled.take_patients:
            new = _take_the_patients(house, tx, person, standing, settled)
        else:
            _keep_ours(house, tx, standing, seen.fact)
        append_entry(tx, visit.id, "difference_settled", sent, at=house.clock(), person=person)
        house.note(tx, person, "difference_settled", visit.id, **sent)
        return new


def _take_the_patients(
    house: House, tx: Transaction, person: Person, standing: Standing, settled: Settled
) -> Arranged | None:
    visit, answers, fact = standing.visit, standing.sheet.answers, settled.seen.fact
    if fact == TREATMENTS_WANTED:
        wanted = cast("Choices", answers[fact]).yes - {NOT_SURE}
        set_treatments(tx, visit, [key for key in house.library.treatments if key in wanted])
    elif fact != LANGUAGE:
        another = _another(house, standing, settled)
        if another is not None:
            other = who_is_another(house, tx, person, visit, another, settled.said)
            theirs = replace(visit, patient=other, identity_check=settled.checked)
            return give_to_another(house, tx, person, visit, theirs, "This is another person.")
        says = {**staff_wrote(visit), fact: answers[fact]}
        name, born = cast("str", says[FULL_NAME]), cast("date", says[DATE_OF_BIRTH])
        right = RightIdentity(name, born, settled.checked)
        now = as_it_is_kept(house, right, visit.patient.id)
        who = who_is_renamed(house, tx, person, visit, now, settled.said)
        right = replace(right, patient_id=who.id)
        put_right(house, tx, person, visit, right, "As the patient says.")
    return None


def _another(house: House, standing: Standing, settled: Settled) -> Patient | None:
    """Who the patient says they are, if a person said that it is another than the visit's.

    Asked only where name and birth date both differ.
    """
    facts = {one.fact for one in to_settle(house, standing)}
    if not facts >= {FULL_NAME, DATE_OF_BIRTH}:
        return None
    answers = standing.sheet.answers
    name, born = cast("str", answers[FULL_NAME]), cast("date", answers[DATE_OF_BIRTH])
    right = RightIdentity(name, born, settled.checked)
    patient = as_it_is_kept(house, right, standing.visit.patient.id)
    return patient if is_another(patient, settled.said) else None


def _keep_ours(house: House, tx: Transaction, standing: Standing, fact: str) -> None:
    if fact == LANGUAGE:
        set_language(tx, standing.visit, language_before(standing.entries))
        return
    sheet = standing.sheet
    answers = {**sheet.answers, fact: staff_wrote(standing.visit)[fact]}
    keep_sheet(house, tx, standing.visit.id, replace(sheet, answers=answers))
