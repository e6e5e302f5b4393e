"""The plan and the decision: what each leads to, and taking it back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from questionnaire.cli import demo
from questionnaire.domain.answers import Choices, Slip
from questionnaire.domain.errors import ChangedSince, StillOpen, WrongStation
from questionnaire.domain.review import DecisionKind, Plan
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, consenting, deciding, settling, shelf_life, turns
from questionnaire.journey.deciding import Made
from questionnaire.records.entries import entries_of
from questionnaire.records.signing import frozen_record, signatures_of
from tests.clinics import CLINICIAN, DESK, SCENES, Clinic, Stage
from tests.journeys.steps import (
    answer,
    answer_for_clinic,
    dispose,
    ready_to_sign,
    reply_to_words,
    review,
    send,
)

At = Callable[..., Stage]
PLAN = Plan(
    treatments=("prp_injections",),
    product="Invented kit",
    batch="DEMO-001",
    areas="Crown",
    sessions="3",
    interval="4 weeks",
    price="100",
    not_included="Medicines",
    details=(
        ("How much blood is drawn", "20 ml"),
        ("Single or double spin", "Double"),
        ("Switched on or not", "Not switched on"),
    ),
    benefit_view="Modest.",
    capacity="Understands.",
    discussed="All of it.",
)


def decide(stage: Stage, made: Made, seen: str = "") -> None:
    deciding.decide(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        made,
        seen=seen or review(stage).seen,
        key=stage.key(),
    )


def save_plan(stage: Stage, plan: Plan) -> None:
    deciding.save_plan(stage.house, CLINICIAN, stage.visit_id, plan, key=stage.key())


def settle(stage: Stage) -> None:
    """Everything but the decision."""
    demo_review = review(stage)
    answers: dict[str, Any] = {
        "recent_blood_count": "no",
        "prp_activation_and_device": Choices(frozenset({"not_activated"})),
    }
    asked = {question.id for question in demo_review.clinic_questions}
    answer_for_clinic(stage, {k: v for k, v in answers.items() if k in asked})
    for one in review(stage).cards:
        if one.must_settle:
            done = demo.reviewing.Done(words="Talked through.", confirmed=True)
            dispose(stage, one.item, done)
    reply_to_words(stage, "We go slowly.")


def test_the_newest_plan_counts_and_is_kept_word_for_word(at: At) -> None:
    stage = at(Station.SUBMITTED)
    save_plan(stage, replace(PLAN, price="90"))
    save_plan(stage, replace(PLAN, product=" Invented kit "))
    assert review(stage).plan == PLAN
    assert stage.station == Station.UNDER_REVIEW
    save_plan(stage, replace(PLAN, written_in=""))
    assert review(stage).plan.written_in == "", "nobody is made to say their language"


MIX = ("Exactly what is in the mix", "Invented")


@pytest.mark.parametrize(
    ("treatments", "kept"),
    [
        (("prp_injections",), PLAN.details),
        (("mesotherapy_hair",), (MIX,)),
        (("mesotherapy_hair", "mesotherapy_face"), (MIX,)),
        (("prp_injections", "mesotherapy_hair"), (*PLAN.details, MIX)),
        ((), ()),
    ],
    ids=["one", "another", "two that share", "both", "none"],
)
def test_a_plan_holds_only_the_facts_of_its_own_treatments(
    at: At, treatments: tuple[str, ...], kept: tuple[tuple[str, str], ...]
) -> None:
    stage, both = at(Station.SUBMITTED), ("prp_injections", "mesotherapy_hair")
    stated = (*PLAN.details, MIX, ("Of nothing", "Lost"))
    save_plan(stage, replace(PLAN, treatments=both, details=stated))
    save_plan(stage, replace(PLAN, treatments=treatments, details=stated))
    assert review(stage).plan.details == kept


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, treatments=("botox",)),
        replace(PLAN, written_in="tlh"),
        replace(PLAN, areas="\x00"),
        replace(PLAN, details=((PLAN.details[0][0], "\x07"),)),
        replace(PLAN, discussed="x" * 4001),
    ],
    ids=["no treatment", "no language", "control sign", "a bell", "too long"],
)
def test_a_plan_that_cannot_be_kept_is_a_slip(at: At, plan: Plan) -> None:
    stage = at(Station.SUBMITTED)
    with pytest.raises(Slip):
        save_plan(stage, plan)
    assert review(stage).plan == Plan()


@pytest.mark.parametrize(
    ("made", "station"),
    [
        (Made(DecisionKind.PROCEED, "Go ahead."), Station.CONSENT_READY),
        (Made(DecisionKind.PROCEED_WITH_PLAN, "Go ahead, slowly."), Station.CONSENT_READY),
        (Made(DecisionKind.WAIT, "After the exam.", date(2031, 6, 1)), Station.DEFERRED),
        (Made(DecisionKind.REFER, "To a dermatologist."), Station.NOT_PROCEEDING),
        (Made(DecisionKind.DO_NOT_TREAT, "The risks outweigh."), Station.NOT_PROCEEDING),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Made) else "",
)
def test_each_decision_leads_to_its_station(at: At, made: Made, station: Station) -> None:
    stage = at(Station.SUBMITTED)
    settle(stage)
    save_plan(stage, PLAN)
    seen = review(stage).seen
    decide(stage, made, seen)
    visit = stage.clinic.visit(stage.visit_id)
    assert (visit.station, visit.deferred_until) == (station, made.until)
    decision = review(stage).decision
    assert decision is not None
    assert (decision.kind, decision.words, decision.until) == (made.kind, made.words, made.until)
    assert (decision.by, decision.at) == (CLINICIAN, stage.clinic.clock())
    assert decision.answers_sha256 == seen
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){4}[2-9A-HJ-NP-Z]{4}", decision.record_id)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", decision.withdrawal_code)
    decided = [one for one in stage.clinic.events(stage.visit_id) if one.action == "decided"]
    assert [one.detail for one in decided] == [{"decision": made.kind.value}]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (Made(DecisionKind.REFER, ""), "Write your decision in your own words."),
        (Made(DecisionKind.PROCEED, " \n"), "Write your decision in your own words."),
        (Made(DecisionKind.WAIT, "Later."), "Give the date until which to wait."),
        (Made(DecisionKind.WAIT, "L.", date(2031, 3, 3)), "Give a date that is still to come."),
    ],
    ids=["no words", "blank", "no date", "past"],
)
def test_a_decision_that_says_too_little_is_a_slip(at: At, made: Made, words: str) -> None:
    stage = at(Station.SUBMITTED)
    with pytest.raises(Slip) as slip:
        decide(stage, made)
    assert str(slip.value) == words
    assert stage.station == Station.SUBMITTED


@pytest.mark.parametrize("kind", [DecisionKind.REFER, DecisionKind.DO_NOT_TREAT, DecisionKind.WAIT])
def test_not_going_ahead_needs_nothing_settled(at: At, kind: DecisionKind) -> None:
    stage = at(Station.SUBMITTED)
    decide(stage, Made(kind, "Not now.", date(2031, 6, 1) if kind is DecisionKind.WAIT else None))
    assert stage.station in {Station.DEFERRED, Station.NOT_PROCEEDING}


def test_a_decision_sent_twice_is_one(at: At) -> None:
    stage = at(Station.SUBMITTED)
    seen, key = review(stage).seen, stage.key()
    made = Made(DecisionKind.REFER, "To a dermatologist.")
    for _ in range(2):
        deciding.decide(stage.house, CLINICIAN, stage.visit_id, made, seen=seen, key=key)
    with stage.house.database.read() as tx:
        assert len(entries_of(tx, stage.visit_id, "decision")) == 1


def test_a_plan_for_more_than_was_asked_about_sends_the_form_back(at: At) -> None:
    stage = at(Station.SUBMITTED)
    settle(stage)
    save_plan(stage, replace(PLAN, treatments=("prp_injections", "fat_dissolving")))
    blocks = review(stage).blocks
    questions = stage.house.library.questionnaire.questions
    assert f"Not answered yet: {questions['fat_areas'].text}" in blocks
    with pytest.raises(StillOpen):
        decide(stage, Made(DecisionKind.PROCEED, "Go ahead."))


def test_nobody_goes_ahead_before_the_facts_are_stated_and_the_worries_answered(at: At) -> None:
    stage = at(Station.SUBMITTED)
    settle(stage)
    reply_to_words(stage, "")
    save_plan(stage, replace(PLAN, details=(PLAN.details[0], ("Single or double spin", " "))))
    with pytest.raises(StillOpen) as refused:
        decide(stage, Made(DecisionKind.PROCEED, "Go ahead."))
    assert refused.value.reasons == (
        "The plan does not state: Single or double spin.",
        "The plan does not state: Switched on or not.",
        "The patient wrote what worries them. Write what you say to this.",
    )
    save_plan(stage, PLAN)
    reply_to_words(stage, "We numb it.")
    decide(stage, Made(DecisionKind.PROCEED, "Go ahead."))
    assert stage.station == Station.CONSENT_READY


def test_a_plan_for_less_than_was_arranged_needs_only_its_own_points_settled(
    clinic: Clinic,
) -> None:
    request = arranging.Request(
        "Marigold Testwell",
        date(1979, 3, 14),
        ("prp_injections", "prp_microneedling"),
        CLINICIAN.id,
        "en",
        "Photo card seen at the desk",
        clinic.clock() + timedelta(hours=1),
    )
    arranged = arranging.arrange(clinic.house, DESK, request, key=clinic.house.new_id())
    stage = Stage(clinic, demo.Walk(clinic.house, DESK, CLINICIAN, arranged.visit, arranged.code))
    turn = demo.fill(stage.walk)
    answer(stage, turn, "treatments_wanted", Choices(frozenset({"prp_injections"})))
    answer(stage, turn, "keloid_scars", "yes")
    answer(stage, turn, "cold_sores", "often_or_very_bad")
    send(stage, turn)
    (differs,) = review(stage).to_settle
    kept = settling.Settled(differs, take_patients=False)
    settling.settle(stage.house, CLINICIAN, stage.visit_id, kept, key=stage.key())
    assert "flag:GM-18" in {one.item for one in review(stage).cards}
    save_plan(stage, PLAN)
    settle(stage)
    decide(stage, Made(DecisionKind.PROCEED, "Go ahead."))
    assert stage.clinic.visit(stage.visit_id).treatments == ("prp_injections",)
    page = review(stage)
    assert page.decision is not None
    assert page.decision.answers_sha256 == page.seen
    assert page.blocks == ()
    turn = ready_to_sign(stage)
    assert consenting.read_back(stage.house, turn).sha256


@pytest.mark.guarantees("S49")
def test_a_visit_taken_back_loses_its_decision_and_keeps_it_on_file(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "A second look.", key=stage.key())
    assert stage.station == Station.UNDER_REVIEW
    assert review(stage).decision is None
    assert turns.turn_of(stage.house, turn.token) is None
    with stage.house.database.read() as tx:
        kinds = [entry.kind for entry in entries_of(tx, stage.visit_id, "decision", "taken_back")]
    assert kinds == ["decision", "taken_back"]


def _taken_back(stage: Stage) -> None:
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "A second look.", key=stage.key())


def _revised(stage: Stage) -> None:
    shelf_life.revise_answers(stage.house, stage.walk.turn(), key=stage.key())


def _given_back(stage: Stage) -> None:
    arranging.reopen(stage.house, DESK, stage.visit_id)


def _more_time(stage: Stage) -> None:
    consenting.more_time(stage.house, stage.walk.turn(), key=stage.key())
    deciding.resume(stage.house, CLINICIAN, stage.visit_id, key=stage.key())


@pytest.mark.parametrize("come_back", [_taken_back, _revised, _given_back, _more_time])
def test_a_decision_counts_no_more_however_the_visit_comes_back_and_its_words_wait(
    at: At, come_back: Callable[[Stage], None]
) -> None:
    stage = at(Station.CONSENT_READY)
    before = review(stage).decision
    assert before is not None
    come_back(stage)
    for _ in range(2):
        page = review(stage)
        assert (page.decision, page.decision_age) == (None, None)
        assert page.former == before
        if stage.station is Station.IN_PROGRESS:
            send(stage, stage.walk.turn())
    settle(stage)
    decide(stage, Made(DecisionKind.PROCEED, "Go ahead after all."))
    page = review(stage)
    assert page.former is None
    assert page.decision is not None
    assert page.decision.words == "Go ahead after all."


def test_taking_a_signed_visit_back_voids_the_signature_and_keeps_it_on_file(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Wrong side.", key=stage.key())
    with stage.house.database.read() as tx:
        assert (frozen_record(tx, stage.visit_id), signatures_of(tx, stage.visit_id)) == (None, ())
        kept = {
            table: tx.connection.exec_driver_sql(
                f"SELECT count(*), count(void_at) FROM {table}"  # noqa: S608  # our own tables
            ).one()
            for table in ("signature", "consent_record")
        }
    assert kept == {"signature": (1, 1), "consent_record": (1, 1)}
    assert stage.clinic.actions(stage.visit_id)[-1] == "take_back"


@pytest.mark.parametrize(
    "station", [Station.IN_PROGRESS, Station.SUBMITTED, Station.COUNTERSIGNED, Station.SEALED]
)
def test_nothing_else_can_be_taken_back(at: At, station: Station) -> None:
    stage = at(station)
    with pytest.raises(ChangedSince, match="moved on"):
        deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Back.", key=stage.key())
    assert stage.station == station


def test_a_visit_that_had_to_wait_goes_on_and_is_decided_anew(at: At) -> None:
    stage = at(Station.DEFERRED)
    earlier = review(stage).decision
    deciding.resume(stage.house, CLINICIAN, stage.visit_id, key=stage.key())
    visit = stage.clinic.visit(stage.visit_id)
    assert (visit.station, visit.deferred_until) == (Station.UNDER_REVIEW, None)
    decide(stage, Made(DecisionKind.PROCEED, "Go ahead now."))
    later = review(stage).decision
    assert earlier is not None
    assert later is not None
    assert later.record_id != earlier.record_id
    assert stage.station == Station.CONSENT_READY


def test_a_form_that_was_never_sent_is_not_taken_under_review(clinic: Clinic) -> None:
    walk = clinic.arrange()
    stage = Stage(clinic, walk)
    turn = SCENES[Station.IN_PROGRESS](walk)
    consenting.more_time(stage.house, turn, key=stage.key())
    assert stage.station == Station.DEFERRED
    with pytest.raises(WrongStation, match="never sent"):
        deciding.resume(stage.house, CLINICIAN, stage.visit_id, key=stage.key())
    code = arranging.reopen(stage.house, DESK, stage.visit_id)
    assert stage.station == Station.IN_PROGRESS
    assert turns.enter_code(stage.house, code, device="tablet")


def test_only_a_waiting_visit_is_resumed(at: At) -> None:
    stage = at(Station.SUBMITTED)
    with pytest.raises(ChangedSince):
        deciding.resume(stage.house, CLINICIAN, stage.visit_id, key=stage.key())


def test_taking_back_or_resuming_twice_with_one_key_is_one_step(at: At) -> None:
    ready, waiting = at(Station.CONSENT_READY), at(Station.DEFERRED)
    for stage, step in (
        (ready, lambda s, key: deciding.take_back(s.house, CLINICIAN, s.visit_id, "x", key=key)),
        (waiting, lambda s, key: deciding.resume(s.house, CLINICIAN, s.visit_id, key=key)),
    ):
        key = stage.key()
        for _ in range(2):
            step(stage, key)
        assert stage.station == Station.UNDER_REVIEW
