"""The clinician's plan and decision, and taking a decision back."""

from dataclasses import asdict, dataclass
from datetime import date

from questionnaire.documents.page import WRITING_LANGUAGES
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.areas import plan_areas, planned_id
from questionnaire.domain.errors import OTHER_BY_NOW, ChangedSince, StillOpen, WrongStation
from questionnaire.domain.review import DecisionKind, Plan
from questionnaire.domain.visit import Move, Person, Role, Station, Visit, after
from questionnaire.journey.differing import blocks_consent
from questionnaire.journey.house import House
from questionnaire.journey.noting import add_entry
from questionnaire.journey.reviewing import (
    REVIEWED_AT,
    Step,
    back_under_review,
    begin,
    refuse_changed,
)
from questionnaire.journey.rules_signing import refuse_unsigned
from questionnaire.journey.shelf_life import too_old_to_decide
from questionnaire.journey.standing import Standing, stand
from questionnaire.records.answers import last_submission
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import move_visit, set_treatments

RECORD_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Made:
    """A decision in the clinician's words; `until` is the date to wait for."""

    kind: DecisionKind
    words: str
    until: date | None = None


def save_plan(
    house: House,
    clinician: Person,
    visit_id: str,
    plan: Plan,
    *,
    key: str,
    seen: Plan | None = None,
) -> None:
    """Keep the plan; the newest one counts. What belongs to other treatments alone is left out.

    These are places on their maps, and facts stated of them. `seen` is the plan as it was read for
    this: `ChangedSince` when it is another by now. Raises `Slip` for an unknown treatment or
    language.
    """
    unknown = set(plan.treatments) - house.library.treatments.keys()
    if unknown:
        raise Slip("Pick the treatments from the list.")
    if plan.written_in and plan.written_in not in WRITING_LANGUAGES:
        raise Slip("Pick the language you write in from the list.")
    maps = house.library.area_maps_of(plan.treatments)
    own = house.library.must_state(plan.treatments)
    on_maps = plan_areas(house.library.questionnaire, maps, plan.places)
    texts = {
        name: clean_text(value) if isinstance(value, str) else value
        for name, value in asdict(plan).items()
    }
    body = {
        **texts,
        "treatments": list(plan.treatments),
        "places": [planned_id(each.name, key) for each in on_maps for key in each.chosen],
        "details": [[label, clean_text(value)] for label, value in plan.details if label in own],
    }
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, "plan", body), REVIEWED_AT)
        if visit is None:
            return
        if seen is not None and seen != stand(house, tx, visit).review.plan:
            raise ChangedSince(f"The plan {OTHER_BY_NOW}")
        add_entry(house, tx, clinician, visit, "plan", body)


def decide(
    house: House,
    clinician: Person,
    visit_id: str,
    made: Made,
    *,
    seen: str,
    key: str,
) -> None:
    """Record the decision, bound to the answers seen, and move the visit on.

    Going ahead asks the patient for consent next and needs everything settled (`StillOpen`
    lists what is not) and rules that a clinician has looked at (`NotLookedAt`). Waiting needs a
    date to come. Raises `Slip` without words and `ChangedSince` when the answers changed.
    """
    cleaned = own_words(made.words)
    until = wait_until(made.kind, made.until, house.today())
    sent = {"kind": made.kind.value, "words": cleaned, "until": str(until)}
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, "decision", sent), REVIEWED_AT)
        if visit is None:
            return
        standing = stand(house, tx, visit)
        refuse_changed(standing, seen)
        move = _move_for(made.kind)
        if move is Move.MAKE_READY:
            _refuse_while_open(house, standing)
            refuse_unsigned(house, tx)
            visit = set_treatments(tx, visit, standing.review.plan.treatments)
        body = {
            "kind": made.kind.value,
            "words": cleaned,
            "until": until.isoformat() if until else "",
            "answers_sha256": stand(house, tx, visit).answers_sha256,
            "record_id": house.new_code(RECORD_ID_LENGTH),
            "withdrawal_code": house.new_code(),
        }
        append_entry(tx, visit.id, "decision", body, at=house.clock(), person=clinician)
        move_visit(tx, visit, after(visit.station, move, Role.CLINICIAN), deferred_until=until)
        house.note(tx, clinician, "decided", visit.id, decision=made.kind.value)


def own_words(typed: str) -> str:
    """A decision in words. Raises `Slip` when there are none."""
    words = clean_text(typed)
    if not words:
        raise Slip("Write your decision in your own words.")
    return words


def wait_until(kind: DecisionKind | None, until: date | None, today: date) -> date | None:
    """The date to wait for, None for other decisions. Raises `Slip` when it must be given."""
    if kind is not DecisionKind.WAIT:
        return None
    if until is None:
        raise Slip("Give the date until which to wait.")
    if until <= today:
        raise Slip("Give a date that is still to come.")
    return until


def _move_for(kind: DecisionKind) -> Move:
    if kind.goes_ahead:
        return Move.MAKE_READY
    return Move.DEFER if kind is DecisionKind.WAIT else Move.STOP


def _refuse_while_open(house: House, standing: Standing) -> None:
    reasons = (*blocks_consent(house, standing), *too_old_to_decide(house, standing))
    if reasons:
        raise StillOpen("The patient cannot be asked for consent yet.", reasons)


def take_back(house: House, clinician: Person, visit_id: str, words: str, *, key: str) -> None:
    """Take the visit back under review; a record and signature that stood are void, and kept.

    Raises `WrongStation` when the form was never sent: there is nothing to review.
    """
    stations = (Station.CONSENT_READY, Station.PATIENT_SIGNED, Station.NOT_PROCEEDING)
    step = Step(key, "taken_back", {"words": words})
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, step, stations)
        if visit is not None:
            _refuse_unsent(tx, visit)
            back_under_review(house, tx, clinician, visit, clean_text(words))


def _refuse_unsent(tx: Transaction, visit: Visit) -> None:
    if last_submission(tx, visit.id) is None:
        raise WrongStation("The form was never sent. Give it back to the patient, or start anew.")


def resume(house: House, clinician: Person, visit_id: str, *, key: str) -> None:
    """Go on with a visit that had to wait. Raises `WrongStation` when its form was never sent."""
    step = Step(key, Move.RESUME.value, {})
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, step, (Station.DEFERRED,))
        if visit is not None:
            _refuse_unsent(tx, visit)
            move_visit(tx, visit, after(visit.station, Move.RESUME, Role.CLINICIAN))
            house.note(tx, clinician, Move.RESUME.value, visit.id)
