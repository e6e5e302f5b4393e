"""How long answers and a decision count, and who looks at them again before anybody signs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from questionnaire.domain.consent import Method
from questionnaire.domain.errors import ChangedSince, StillOpen, WrongStation
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, consenting, deciding, intake, shelf_life, signing
from questionnaire.journey.hands import Hand
from questionnaire.journey.house import House
from questionnaire.journey.turns import Turn
from questionnaire.records.entries import entries_of
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import answer, answer_for_clinic, mark, ready_to_sign, review, send, sign

At = Callable[..., Stage]
DAYS = 30
PATIENT = "Please look at your answers again. Some time has passed."
DECIDED = "Your clinician decided some time ago and has to look again. Please tell them."


def later(stage: Stage, days: int) -> None:
    stage.clinic.clock.forward(timedelta(days=days))


def left(stage: Stage, turn: Turn) -> tuple[str, ...]:
    """What the patient's page says is to be done before signing."""
    return consenting.reading(stage.house, turn).open


def confirm(stage: Stage, turn: Turn, seen: str = "") -> None:
    seen = seen or shelf_life.answers_named(stage.house, turn)
    shelf_life.confirm_answers(stage.house, turn, seen=seen, key=stage.key())


def uphold(stage: Stage) -> None:
    seen = review(stage).seen
    shelf_life.uphold(stage.house, CLINICIAN, stage.visit_id, seen=seen, key=stage.key())


def to_countersign(stage: Stage) -> signing.ToCountersign:
    return signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)


def countersign(stage: Stage) -> None:
    signing.countersign(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        Hand(CLINICIAN.name, Method.TYPED),
        shown_sha256=to_countersign(stage).document.sha256,
        key=stage.key(),
    )


def test_answers_and_decision_count_on_their_last_day(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    later(stage, DAYS)
    turn = ready_to_sign(stage)
    assert left(stage, turn) == ()
    sign(stage, turn)
    countersign(stage)
    assert stage.station is Station.COUNTERSIGNED


@pytest.mark.parametrize("days", [DAYS + 1, 400])
def test_older_ones_are_looked_at_again_by_both_before_signing(at: At, days: int) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    document = consenting.read_back(stage.house, turn).sha256
    later(stage, days)
    turn = stage.walk.turn()
    assert left(stage, turn) == (PATIENT, DECIDED)
    for sha256 in (document, "0" * 64):
        with pytest.raises(StillOpen):
            sign(stage, turn, sha256=sha256)
    with pytest.raises(StillOpen, match="looks at the answers again first"):
        uphold(stage)
    confirm(stage, turn)
    assert left(stage, turn) == (DECIDED,)
    uphold(stage)
    assert left(stage, turn) == ()
    sign(stage, turn)
    countersign(stage)
    assert stage.station is Station.COUNTERSIGNED
    assert {"answers_confirmed", "decision_upheld"} <= set(stage.clinic.actions(stage.visit_id))


def test_a_decision_made_lately_on_answers_that_became_old_asks_only_the_patient(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Later", key=stage.key())
    later(stage, DAYS - 1)
    made = deciding.Made(DecisionKind.PROCEED, "Go on.")
    seen = review(stage).seen
    deciding.decide(stage.house, CLINICIAN, stage.visit_id, made, seen=seen, key=stage.key())
    later(stage, 2)
    turn = stage.walk.turn()
    assert PATIENT in left(stage, turn)
    assert DECIDED not in left(stage, turn)


def test_answers_are_confirmed_once_and_only_those_that_were_shown(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    later(stage, 400)
    turn, key = stage.walk.turn(), stage.key()
    with pytest.raises(ChangedSince):
        confirm(stage, turn, seen="0" * 64)
    seen = shelf_life.answers_named(stage.house, turn)
    for _ in range(2):
        shelf_life.confirm_answers(stage.house, turn, seen=seen, key=key)
    with stage.house.database.read() as tx:
        (kept,) = entries_of(tx, stage.visit_id, "answers_confirmed")
    assert kept.body == {"answers_sha256": seen}


def test_what_changed_is_written_and_the_review_starts_again(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    later(stage, 400)
    turn = stage.walk.turn()
    shelf_life.revise_answers(stage.house, turn, key=stage.key())
    assert stage.station is Station.IN_PROGRESS
    answer(stage, turn, "in_your_own_words", "I broke my arm since.")
    send(stage, turn)
    assert stage.station is Station.SUBMITTED
    with pytest.raises(WrongStation):
        confirm(stage, turn)
    assert review(stage).answers_age == shelf_life.Age(stage.house.today(), 0, counts=True)


def test_nobody_is_asked_for_consent_on_answers_that_are_too_old(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Later", key=stage.key())
    later(stage, DAYS + 1)
    page = review(stage)
    reason = "The answers are 31 days old. Give the form back to the patient, who looks at them"
    first, *others = page.blocks
    assert first.startswith(reason)
    assert len(others) == len(page.old_clinic_answers), "and the clinic's own, named one by one"
    made = deciding.Made(DecisionKind.PROCEED, "Go on.")
    with pytest.raises(StillOpen):
        deciding.decide(
            stage.house, CLINICIAN, stage.visit_id, made, seen=page.seen, key=stage.key()
        )


@pytest.mark.parametrize(("days", "is_old"), [(DAYS, False), (DAYS + 1, True), (200, True)])
def test_the_clinics_own_answers_are_given_again_once_they_are_too_old(
    at: At, days: int, *, is_old: bool
) -> None:
    stage = at(Station.CONSENT_READY)
    given = {one.id: review(stage).answers[one.id] for one in review(stage).clinic_questions}
    assert given
    texts = {one.text for one in review(stage).clinic_questions}
    later(stage, days)
    arranging.reopen(stage.house, CLINICIAN, stage.visit_id)
    send(stage, stage.walk.turn())
    assert {text for text, _ in review(stage).old_clinic_answers} == (texts if is_old else set())
    made = deciding.Made(DecisionKind.PROCEED, "Go ahead.")

    def decide() -> None:
        seen, key = review(stage).seen, stage.key()
        deciding.decide(stage.house, CLINICIAN, stage.visit_id, made, seen=seen, key=key)

    if is_old:
        with pytest.raises(StillOpen) as refused:
            decide()
        told = "The clinic's own answer is {} days old, save it again: {}"
        assert {*refused.value.reasons} == {told.format(days, text) for text in texts}
        answer_for_clinic(stage, {**given})
        assert review(stage).old_clinic_answers == ()
    decide()
    assert stage.station is Station.CONSENT_READY


def test_what_the_patient_answered_stays_theirs_when_the_clinic_saves_it_unchanged(
    at: At,
) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "blood_problems", "low_platelets", "yes")
    answer(stage, turn, "platelet_count", Decimal(230))
    send(stage, turn)
    answer_for_clinic(stage, {"platelet_count": Decimal(230)})
    later(stage, 200)
    assert review(stage).old_clinic_answers == ()
    answer_for_clinic(stage, {"platelet_count": Decimal(240)})
    later(stage, 200)
    assert len(review(stage).old_clinic_answers) == 1


def test_a_document_is_not_countersigned_when_what_it_stands_on_became_old(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    later(stage, DAYS + 1)
    answers, decision = to_countersign(stage).blocks
    assert answers.startswith("The answers are 31 days old. Take the visit back")
    assert decision == "The decision is 31 days old. Look again, and say that it stands."
    with pytest.raises(StillOpen):
        countersign(stage)


def test_a_clinician_who_looks_again_countersigns_what_was_signed_in_time(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    later(stage, 20)
    turn = ready_to_sign(stage)
    confirm(stage, turn)
    sign(stage, turn)
    later(stage, 20)
    assert to_countersign(stage).blocks == (
        "The decision is 40 days old. Look again, and say that it stands.",
    )
    uphold(stage)
    countersign(stage)


def test_the_clinic_says_how_long(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    later(stage, 3)
    turn = stage.walk.turn()
    library = stage.house.library
    clinic = replace(library.clinic, answers_count_for_days=2)
    house: House = replace(stage.house, library=replace(library, clinic=clinic))
    assert consenting.reading(house, turn).open == (PATIENT, DECIDED)
    assert consenting.reading(stage.house, turn).open == ()


def test_ages_count_to_the_day_the_answers_were_confirmed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    later(stage, 400)
    turn = stage.walk.turn()
    assert [one.value for one in review(stage).measures if one.title == "Age"] == ["51"]
    confirm(stage, turn)
    assert [one.value for one in review(stage).measures if one.title == "Age"] == ["53"]
    assert intake.as_sent(stage.house, turn).situation.on == stage.house.today()
