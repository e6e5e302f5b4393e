"""A clinician asks about what a patient left open: the rules run on what they found out."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from questionnaire.cli.demo import answer_own_questions, decide, settle_points
from questionnaire.domain.answers import Slip
from questionnaire.domain.assembly import Gathered, assemble
from questionnaire.domain.consent import ConsentRecord
from questionnaire.domain.settling import ASKED_NO, ASKED_YES
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, consenting
from questionnaire.journey.reviewing import Done, undo
from questionnaire.journey.standing import Standing, stand
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import answer, answer_for_clinic, card, dispose, mark, review, send

At = Callable[..., Stage]
CANCER, STOP, UNCLEAR = "unsure:health_conditions.cancer", "flag:GM-14", "clarify:GM-14"
YES = Done((ASKED_YES,), words="Cancer, on chemotherapy now.")
NO = Done((ASKED_NO,))


@pytest.fixture
def stage(at: At) -> Stage:
    """A form sent with one row left open: cancer."""
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "health_conditions", "cancer", "not_sure")
    send(stage, turn)
    return stage


def items(stage: Stage) -> set[str]:
    return {one.item for one in review(stage).cards}


def standing(stage: Stage) -> Standing:
    with stage.house.database.read() as tx:
        return stand(stage.house, tx, stage.clinic.visit(stage.visit_id))


def record(stage: Stage) -> ConsentRecord:
    """What would be printed of a visit that was decided and begun to be read."""
    answer_own_questions(stage.walk)
    settle_points(stage.walk)
    decide(stage.walk, review(stage))
    consenting.begin_reading(stage.house, stage.walk.turn(), key=stage.key())
    now = standing(stage)
    assert now.submitted_at is not None
    gathered = Gathered(
        now.visit, now.situation, now.flags, now.review, now.progress, now.submitted_at
    )
    return assemble(stage.house.library, stage.house.clinic, gathered)


def test_a_yes_opens_what_must_be_asked_next_and_then_raises_the_stop(stage: Stage) -> None:
    assert not {STOP, UNCLEAR} & items(stage)
    dispose(stage, CANCER, YES)
    page = review(stage)
    assert "cancer_state" in {one.id for one in page.fillable}
    assert [it for it in page.blocks if it.startswith("Not answered yet: Tell us about the cancer")]
    assert UNCLEAR in items(stage)
    answer_for_clinic(stage, {"cancer_state": "now"})
    page = review(stage)
    assert card(page, STOP).is_stop
    assert card(page, STOP).disposition is None
    assert card(page, CANCER).disposition is not None
    with pytest.raises(Slip, match="A stop needs your reason"):
        dispose(stage, STOP, Done(("Oncology asked",)))


def test_a_no_settles_what_waited_for_it(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "health_conditions", "weak_immune_system", "not_sure")
    send(stage, turn)
    waiting = {one.item for one in review(stage).cards if one.kind == "clarify"}
    dispose(stage, "unsure:health_conditions.weak_immune_system", NO)
    left = {one.item for one in review(stage).cards if one.kind == "clarify"}
    assert left < waiting
    assert standing(stage).situation.opened == frozenset()


def test_undone_the_row_is_open_again(stage: Stage) -> None:
    before = items(stage)
    dispose(stage, CANCER, YES)
    assert items(stage) != before
    undo(stage.house, CLINICIAN, stage.visit_id, CANCER)
    assert items(stage) == before


def test_yes_and_no_at_once_are_refused(stage: Stage) -> None:
    with pytest.raises(Slip, match="Pick yes or no"):
        dispose(stage, CANCER, Done((*YES.actions, *NO.actions), words="Both."))


def test_a_stop_that_is_not_ruled_out_needs_a_reason_and_a_confirmation(stage: Stage) -> None:
    dispose(stage, CANCER, YES)
    assert card(review(stage), UNCLEAR).is_stop
    for done in (
        Done(("Not relevant to this plan",)),
        Done(("Not relevant to this plan",), words="Hardly likely."),
        Done(("Not relevant to this plan",), confirmed=True),
    ):
        with pytest.raises(Slip, match="A stop needs your reason in words"):
            dispose(stage, UNCLEAR, done)
    dispose(stage, UNCLEAR, Done(words="Oncology wrote: none.", confirmed=True))


def test_the_patients_own_answer_is_printed_as_theirs_and_what_was_found_out_as_found_out(
    stage: Stage,
) -> None:
    dispose(stage, CANCER, YES)
    answer_for_clinic(stage, {"cancer_state": "blood_bone_or_marrow"})
    printed = record(stage)
    answers = {one.question_id: one for one in printed.answers}
    assert "Not sure: Cancer" in answers["health_conditions"].answer
    assert answers["health_conditions"].answered_by == "patient"
    assert answers["cancer_state"].answered_by == "clinician"
    points = {one.id: one for one in printed.flags}
    assert points["health_conditions.cancer"].disposition is not None
    told = [reason.answer for one in printed.flags for reason in one.answers]
    assert any("(told to the clinician)" in words for words in told)


def test_a_point_names_the_source_of_each_choice_and_its_risk_does_too(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "blood_problems", "clotting_disorder", "yes")
    mark(stage, turn, "blood_problems", "platelets_work_poorly", "not_sure")
    mark(stage, turn, "allergies", "local_anaesthetic", "not_sure")
    send(stage, turn)
    dispose(stage, "unsure:blood_problems.platelets_work_poorly", YES)
    dispose(stage, "unsure:allergies.local_anaesthetic", YES)
    questions = stage.house.library.questionnaire.questions
    printed = record(stage)
    lines = {
        line
        for one in printed.flags
        for reason in one.answers
        for line in reason.answer.splitlines()
    }
    told = "{} (told to the clinician)".format
    for question, row, by_patient in (
        ("blood_problems", "clotting_disorder", True),
        ("blood_problems", "platelets_work_poorly", False),
        ("allergies", "local_anaesthetic", False),
    ):
        words = questions[question].option(row).text
        assert (words in lines, told(words) in lines) == (by_patient, not by_patient), row
    sources = {source for risk in printed.personal_risks for source in risk.sources}
    assert ("told", questions["allergies"].text) in sources
    assert ("patient", questions["allergies"].text) not in sources


def test_what_only_the_clinic_was_asked_and_measured_is_its_own_in_point_and_risk(
    at: At,
) -> None:
    stage = at(Station.IN_PROGRESS)
    send(stage, stage.walk.turn())
    answer_for_clinic(stage, {"recent_blood_count": "yes"})
    answer_for_clinic(stage, {"platelet_count": Decimal(142)})
    assert "platelet_count" in standing(stage).situation.opened
    printed = record(stage)
    asked = stage.house.library.questionnaire.questions["platelet_count"].text
    said = {it.answer for one in printed.flags for it in one.answers if it.question == asked}
    assert said
    assert all(words.endswith("(stated by the clinician)") for words in said)
    sources = {it for risk in printed.personal_risks for it in risk.sources if it[1] == asked}
    assert sources <= {("clinician", asked)}


def test_what_a_patient_wrote_and_left_behind_counts_no_more(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "health_conditions", "cancer", "yes")
    answer(stage, turn, "cancer_state", "now")
    mark(stage, turn, "health_conditions", "cancer", "not_sure")
    send(stage, turn)
    dispose(stage, CANCER, YES)
    assert "cancer_state" not in standing(stage).situation.answers
    assert STOP not in items(stage)


def test_what_staff_measured_is_printed_as_theirs_until_the_patient_says_otherwise(
    at: At,
) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "blood_problems", "low_platelets", "yes")
    mark(stage, turn, "blood_problems", "low_iron_or_anaemia", "yes")
    send(stage, turn)
    answer_for_clinic(stage, {"platelet_count": Decimal(230)})
    assert standing(stage).situation.by_clinic == {"platelet_count"}
    answer_for_clinic(stage, {"platelet_count": None})
    assert standing(stage).situation.by_clinic == frozenset()
    answer_for_clinic(stage, {"platelet_count": Decimal(231), "haemoglobin": Decimal(14)})
    arranging.reopen(stage.house, CLINICIAN, stage.visit_id)
    turn = stage.walk.turn()
    answer(stage, turn, "platelet_count", Decimal(232))
    send(stage, turn)
    assert standing(stage).situation.by_clinic == {"haemoglobin"}
