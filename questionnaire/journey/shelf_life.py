"""How long answers and a decision count before somebody looks at them again.

Answers speak of “the last two weeks” and of today's health. When they are older than the clinic
allows (`answers_count_for_days`), the patient confirms or changes them before signing, and the
clinician upholds a decision that is as old. Both are entries; nothing is moved back in time. An
answer of the clinic's own that is as old is saved again before the patient is asked for consent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from questionnaire.domain.errors import ChangedSince, StillOpen
from questionnaire.domain.language import Say, to_say
from questionnaire.domain.visit import Move, Person, Role, Station, after
from questionnaire.journey.folding import clinic_answered_at
from questionnaire.journey.found_out import give_back_unanswered
from questionnaire.journey.house import House
from questionnaire.journey.reviewing import Step, begin, refuse_changed
from questionnaire.journey.standing import CONFIRMED, UPHELD, Standing, stand
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_already_saved
from questionnaire.records.entries import append_entry
from questionnaire.records.visits import move_visit

CHANGED = to_say("Your answers changed since this page was shown. Please look again.")
UPHELD_AT = (Station.CONSENT_READY, Station.PATIENT_SIGNED)


@dataclass(frozen=True, slots=True)
class Age:
    """How old something is that must not be too old: its day, and whether it still counts."""

    on: date
    days: int
    counts: bool


def age_of(house: House, moment: datetime | None) -> Age | None:
    """How old what happened at a moment is today; None when it did not happen."""
    if moment is None:
        return None
    on = house.day_of(moment)
    days = (house.today() - on).days
    return Age(on, days, counts=days <= house.library.clinic.answers_count_for_days)


def answers_age(house: House, standing: Standing) -> Age | None:
    """How old the answers are since the patient sent or confirmed them."""
    return age_of(house, standing.confirmed_at)


def decision_age(house: House, standing: Standing) -> Age | None:
    """How old the decision is since the clinician made or upheld it."""
    return age_of(house, standing.decided_at)


def too_old_to_sign(house: House, standing: Standing, say: Say) -> tuple[str, ...]:
    """Who must look at what again before the patient signs, said in their language."""
    answers, decision = answers_age(house, standing), decision_age(house, standing)
    reasons = []
    if answers is None or not answers.counts:
        reasons.append(say("Please look at your answers again. Some time has passed."))
    if decision is None or not decision.counts:
        reasons.append(
            say("Your clinician decided some time ago and has to look again. Please tell them.")
        )
    return tuple(reasons)


def too_old_to_decide(house: House, standing: Standing) -> Iterator[str]:
    """Why a clinician cannot ask for consent on these answers, in their words."""
    answers = answers_age(house, standing)
    if answers is not None and not answers.counts:
        words = "Give the form back to the patient, who looks at them again."
        yield f"The answers are {answers.days} days old. {words}"
    for question, age in old_clinic_answers(house, standing):
        yield f"The clinic's own answer is {age.days} days old, save it again: {question}"


def old_clinic_answers(house: House, standing: Standing) -> tuple[tuple[str, Age], ...]:
    """The questions whose answer staff gave too long ago, each with its age."""
    now, given = standing.situation, clinic_answered_at(standing.entries)
    ages = {key: age_of(house, given[key]) for key in now.answers if key in now.by_clinic}
    questions = now.questionnaire.questions
    return tuple((questions[key].text, age) for key, age in ages.items() if age and not age.counts)


def too_old_to_countersign(house: House, standing: Standing) -> Iterator[str]:
    """What must be looked at again before a signed document is countersigned, in their words."""
    answers, decision = answers_age(house, standing), decision_age(house, standing)
    if answers is not None and not answers.counts:
        yield (
            f"The answers are {answers.days} days old. Take the visit back and give the form to "
            "the patient, who looks at them again."
        )
    if decision is not None and not decision.counts:
        yield f"The decision is {decision.days} days old. Look again, and say that it stands."


def answers_named(house: House, turn: Turn) -> str:
    """The fingerprint of the answers the patient would confirm. Raises `WrongStation`."""
    with house.database.read() as tx:
        visit = at_station(tx, turn, Station.CONSENT_READY)
        return stand(house, tx, visit).answers_sha256


def confirm_answers(house: House, turn: Turn, *, seen: str, key: str) -> None:
    """The patient says that nothing has changed. Raises `ChangedSince` for other answers."""
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.CONSENT_READY)
        body = {"answers_sha256": seen}
        if page_already_saved(tx, visit.id, key, CONFIRMED, body):
            return
        if stand(house, tx, visit).answers_sha256 != seen:
            raise ChangedSince(CHANGED)
        append_entry(tx, visit.id, CONFIRMED, body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, CONFIRMED, visit.id, answers_sha256=seen)


def revise_answers(house: House, turn: Turn, *, key: str) -> None:
    """The patient says that something changed: the form is theirs again, the review starts anew."""
    with house.database.write() as tx:
        if page_already_saved(tx, turn.visit.id, key, Move.REVISE.value, {}):
            return
        visit = at_station(tx, turn, Station.CONSENT_READY)
        give_back_unanswered(house, tx, visit)
        move_visit(tx, visit, after(visit.station, Move.REVISE, Role.PATIENT))
        house.note(tx, turn.person, Move.REVISE.value, visit.id)


def uphold(house: House, clinician: Person, visit_id: str, *, seen: str, key: str) -> None:
    """The clinician looked again, and the decision stands.

    Raises `StillOpen` while the patient has not confirmed answers that are too old, and
    `ChangedSince` when the answers are not those on the page.
    """
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, Step(key, UPHELD, {}), UPHELD_AT)
        if visit is None:
            return
        standing = stand(house, tx, visit)
        refuse_changed(standing, seen)
        answers = answers_age(house, standing)
        if answers is None or not answers.counts:
            words = f"The answers are {answers.days if answers else 0} days old."
            raise StillOpen("The patient looks at the answers again first.", (words,))
        append_entry(tx, visit.id, UPHELD, {}, at=house.clock(), person=clinician)
        house.note(tx, clinician, UPHELD, visit.id)
