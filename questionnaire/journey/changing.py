"""Changing the details of a visit before anything is signed: who, what, with whom and when.

Each change has a reason and stands in the ledger. Whatever was made from the old details follows:
a code and a home link live as long as the new appointment says, and other treatments give the
form back to the patient, for they ask other questions and need another review.
"""

from dataclasses import dataclass, replace

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import OTHER_BY_NOW, ChangedSince, WrongStation
from questionnaire.domain.visit import MOVES, Move, Person, Visit
from questionnaire.journey.arranging import (
    CODE_LIVES,
    Request,
    allow_desk,
    give_back,
    known_treatments,
)
from questionnaire.journey.correcting import CORRECTED_AT, RightIdentity, as_it_is_kept, put_right
from questionnaire.journey.doubting import doubts_about, refuse_doubtful
from questionnaire.journey.home_links import AFTER_APPOINTMENT, LONGEST
from questionnaire.journey.house import House
from questionnaire.journey.offering import offered_anew
from questionnaire.journey.sameness import is_another, may_be_another, who_is_renamed
from questionnaire.journey.setting_aside import give_to_another, given_again, who_is_another
from questionnaire.journey.standing import keep_sheet, load_sheet, situation_of
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import Entry, append_entry, entries_of
from questionnaire.records.home_links import move_link_end, newest_link
from questionnaire.records.visits import get_visit, move_code_end, set_details

CHANGED = "details_changed"
SAY_WHY = "Say why it is changed."
SIGNED = "This is signed, so its details stay as they are. "
TAKE_BACK = "A clinician takes the visit back under review first; then change it."
START_ANEW = "Arrange a new visit."
WHO = frozenset({"full_name", "date_of_birth", "identity_check"})
"""Details that `correcting` keeps, with an entry of its own."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The visit as it is now, and a fresh code where the patient has a form to fill in anew."""

    visit: Visit
    code: str


def may_change(visit: Visit) -> bool:
    """Whether the details may still change: nothing is signed, and the visit is not over."""
    return visit.station in CORRECTED_AT


def refuse_signed(visit: Visit) -> None:
    """Raises `WrongStation` with what to do instead, once the details stand fast."""
    if may_change(visit):
        return
    if visit.station in MOVES[Move.TAKE_BACK][0]:
        raise WrongStation(SIGNED + TAKE_BACK)
    raise WrongStation(f"The details of this visit stand fast. {START_ANEW}")


def change_details(
    house: House,
    person: Person,
    visit_id: str,
    wanted: Request,
    words: str,
    *,
    key: str,
    seen: Visit | None = None,
) -> Changed:
    """Keep the details as wanted; `words` say why. The same `key` again changes nothing.

    `seen` is the visit as it was read for this change: `ChangedSince` when its details are others.

    A visit that was another person's is set aside, and the changed one is a new visit of theirs.
    Raises `Slip` without a reason or for what cannot be kept, `Renamed` and `WhoIsIt` while nobody
    said whether it is the same person under the new name, or somebody who was here, `Doubtful`
    for what looks like a slip, `WrongStation` once something is signed and `NotAllowed` for
    other roles.
    """
    allow_desk(person)
    why = clean_text(words)
    with house.database.write() as tx:
        before = get_visit(tx, visit_id)
        said = {"same_as": wanted.same_as, "none_of": sorted(wanted.none_of)}
        said |= {"renamed": wanted.renamed}
        sent = {**_written(_as_wanted(house, before, wanted)), **said, "words": words}
        if page_already_saved(tx, before.id, key, CHANGED, sent):
            again = given_again(house, tx, person, visit_id)
            return Changed(again.visit, again.code) if again else Changed(before, "")
        refuse_signed(before)
        if seen is not None and _written(seen) != _written(before):
            raise ChangedSince(f"The visit {OTHER_BY_NOW}")
        if not why:
            raise Slip(SAY_WHY)
        now, is_anothers = _whose(house, tx, person, before, wanted)
        new_doubts = set(doubts_about(house, tx, now)) - set(doubts_about(house, tx, before))
        refuse_doubtful(house, tx, person, now, sorted(new_doubts, key=str), wanted.sure)
        if is_anothers:
            arranged = give_to_another(house, tx, person, before, now, why)
            return Changed(arranged.visit, arranged.code)
        right = replace(_right(wanted), patient_id=now.patient.id)
        visit = put_right(house, tx, person, before, right, why)
        return _keep(house, tx, person, visit, now, why)


def changes_of(house: House, visit_id: str) -> tuple[Entry, ...]:
    """What was changed about a visit so far, latest first."""
    with house.database.read() as tx:
        found = (*entries_of(tx, visit_id, CHANGED), *entries_of(tx, visit_id, "patient_corrected"))
    return tuple(sorted(found, key=lambda entry: entry.seq, reverse=True))


def _whose(
    house: House, tx: Transaction, person: Person, before: Visit, wanted: Request
) -> tuple[Visit, bool]:
    """The visit as wanted with the patient it is for, and whether that is another person."""
    now = _as_wanted(house, before, wanted)
    patient = as_it_is_kept(house, _right(wanted), before.patient.id)
    another = may_be_another(before.patient, patient) and is_another(patient, wanted.said)
    who = who_is_another if another else who_is_renamed
    return replace(now, patient=who(house, tx, person, before, patient, wanted.said)), another


def _right(wanted: Request) -> RightIdentity:
    return RightIdentity(wanted.full_name, wanted.date_of_birth, wanted.identity_check)


def _keep(
    house: House, tx: Transaction, person: Person, visit: Visit, now: Visit, why: str
) -> Changed:
    was, will = _written(visit), _written(now)
    fields = [name for name in will if name not in WHO and will[name] != was[name]]
    if not fields:
        return Changed(visit, "")
    body = {"before": {k: was[k] for k in fields}, "now": {k: will[k] for k in fields}}
    append_entry(tx, visit.id, CHANGED, {**body, "words": why}, at=house.clock(), person=person)
    house.note(tx, person, CHANGED, visit.id, **body, words=why)
    before = visit
    visit = set_details(
        tx,
        visit,
        treatments=now.treatments,
        clinician_id=now.clinician_id,
        language=now.language,
        appointment_at=now.appointment_at,
    )
    if "appointment_at" in fields:
        _follow(house, tx, visit)
    if "treatments" in fields:
        _offer_anew(house, tx, before, visit)
        # Other treatments ask other questions, also of a form that was sent.
        if visit.station in MOVES[Move.REOPEN][0]:
            return Changed(*give_back(house, tx, person, visit))
    return Changed(visit, "")


def _offer_anew(house: House, tx: Transaction, before: Visit, now: Visit) -> None:
    """Ask again what offers other choices for the treatments the visit is for now."""
    sheet = load_sheet(house, tx, now.id)
    was, will = (situation_of(house, it, sheet.answers, None).offered for it in (before, now))
    anew = offered_anew(house.library.questionnaire, sheet, was, will)
    if anew != sheet:
        keep_sheet(house, tx, now.id, anew)


def _follow(house: House, tx: Transaction, visit: Visit) -> None:
    """Let a code and a home link that still work end with the new appointment."""
    now, link = house.clock(), newest_link(tx, visit.id)
    move_code_end(tx, visit.id, max(now, visit.appointment_at) + CODE_LIVES, now)
    if link is not None:
        until = min(visit.appointment_at + AFTER_APPOINTMENT, link.made_at + LONGEST)
        move_link_end(tx, link.id, until, now)


def _as_wanted(house: House, visit: Visit, wanted: Request) -> Visit:
    patient = replace(visit.patient, full_name=wanted.full_name, date_of_birth=wanted.date_of_birth)
    return replace(
        visit,
        patient=patient,
        treatments=known_treatments(house, wanted.treatments),
        clinician_id=wanted.clinician_id,
        language=wanted.language,
        identity_check=wanted.identity_check,
        appointment_at=wanted.appointment_at,
    )


def _written(visit: Visit) -> dict[str, object]:
    return {
        "full_name": visit.patient.full_name,
        "date_of_birth": visit.patient.date_of_birth.isoformat(),
        "identity_check": visit.identity_check,
        "treatments": list(visit.treatments),
        "clinician_id": visit.clinician_id,
        "language": visit.language,
        "appointment_at": visit.appointment_at.isoformat(),
    }
