"""A form that goes back: what staff found out, and choices of another treatment, are asked anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from questionnaire.domain.answers import Choices
from questionnaire.domain.assembly import answers_told
from questionnaire.domain.review import Plan
from questionnaire.domain.settling import ASKED_NO, ASKED_YES
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, changing, deciding
from questionnaire.journey.intake import Intake
from questionnaire.journey.reviewing import Done, undo
from questionnaire.journey.standing import Standing, stand
from tests.clinics import CLINICIAN, DESK, Stage
from tests.journeys.steps import answer, answer_for_clinic, dispose, mark, review, send

At = Callable[..., Stage]
CANCER = "unsure:health_conditions.cancer"


def standing(stage: Stage) -> Standing:
    """What stands of the visit."""
    with stage.house.database.read() as tx:
        return stand(stage.house, tx, stage.clinic.visit(stage.visit_id))


def say_of_cancer(stage: Stage, word: str) -> Intake:
    """The patient's word for the row, in the form they have in hand."""
    return mark(stage, stage.walk.turn(), "health_conditions", "cancer", word)


def left_open(at: At) -> Stage:
    """A form that was sent with the row left open."""
    stage = at(Station.IN_PROGRESS)
    say_of_cancer(stage, "not_sure")
    send(stage, stage.walk.turn())
    return stage


def give_back(stage: Stage) -> None:
    stage.clinic.clock.forward(timedelta(days=3))
    arranging.reopen(stage.house, DESK, stage.visit_id)


def test_what_was_found_out_counts_no_more_once_the_patient_answered_otherwise(at: At) -> None:
    stage = left_open(at)
    dispose(stage, CANCER, Done((ASKED_NO,)))
    assert CANCER not in {card.item for card in review(stage).cards if card.disposition is None}
    give_back(stage)
    say_of_cancer(stage, "yes")
    answer(stage, stage.walk.turn(), "cancer_state", "now")
    send(stage, stage.walk.turn())
    give_back(stage)
    say_of_cancer(stage, "not_sure")
    send(stage, stage.walk.turn())
    assert CANCER in {card.item for card in review(stage).cards if card.disposition is None}


def test_what_was_found_out_still_counts_where_the_answer_is_left_open_again(at: At) -> None:
    stage = left_open(at)
    dispose(stage, CANCER, Done((ASKED_NO,)))
    give_back(stage)
    send(stage, stage.walk.turn())
    assert CANCER not in {card.item for card in review(stage).cards if card.disposition is None}


@pytest.mark.parametrize("way", ["undone", "mended"])
def test_what_staff_answered_for_a_yes_they_took_back_is_the_patients_to_answer(
    at: At, way: str
) -> None:
    stage = left_open(at)
    dispose(stage, CANCER, Done((ASKED_YES,), words="Asked."))
    answer_for_clinic(stage, {"cancer_state": "ended_over_5_years_ago"})
    if way == "undone":
        undo(stage.house, CLINICIAN, stage.visit_id, CANCER)
    else:
        dispose(stage, CANCER, Done((ASKED_NO,), words="Asked again."))
    give_back(stage)
    assert "cancer_state" in say_of_cancer(stage, "yes").missing
    answer(stage, stage.walk.turn(), "cancer_state", "now")
    send(stage, stage.walk.turn())
    now = standing(stage)
    assert "cancer_state" not in now.situation.by_clinic
    assert "GM-14" in {flag.rule.id for flag in now.flags.fires}


WANTED = Choices(frozenset({"thicker_hair"}))


def wished_for_hair(at: At) -> Stage:
    """A form that was sent with a wish that only some treatments offer."""
    stage = at(Station.IN_PROGRESS)
    answer(stage, stage.walk.turn(), "wanted_change", WANTED)
    send(stage, stage.walk.turn())
    return stage


def told_of_wishes(stage: Stage) -> str:
    """How the answer is printed."""
    (told,) = (
        it for it in answers_told(standing(stage).situation) if it.question_id == "wanted_change"
    )
    return told.answer


def test_choices_of_another_treatment_are_asked_anew(at: At) -> None:
    stage = wished_for_hair(at)
    visit = stage.clinic.visit(stage.visit_id)
    wanted = arranging.Request(
        visit.patient.full_name,
        visit.patient.date_of_birth,
        ("fat_dissolving",),
        visit.clinician_id,
        visit.language,
        visit.identity_check,
        visit.appointment_at,
    )
    changing.change_details(
        stage.house, DESK, stage.visit_id, wanted, "Another one.", key=stage.key()
    )
    now = answer(
        stage, stage.walk.turn(), "treatments_wanted", Choices(frozenset({"fat_dissolving"}))
    )
    assert "wanted_change" in now.missing


def test_choices_of_a_treatment_that_is_only_planned_were_never_offered(at: At) -> None:
    stage = wished_for_hair(at)
    before = told_of_wishes(stage)
    assert "Thicker hair" in before
    treatments = (*stage.clinic.visit(stage.visit_id).treatments, "fat_dissolving")
    plan = replace(Plan(), treatments=treatments)
    deciding.save_plan(stage.house, CLINICIAN, stage.visit_id, plan, key=stage.key())
    assert told_of_wishes(stage) == before
