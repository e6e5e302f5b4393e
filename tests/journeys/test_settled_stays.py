"""What is settled stays settled until what it rests on changes, and its words are never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from questionnaire.domain.basis import former_basis_of
from questionnaire.domain.flags import Severity
from questionnaire.domain.review import Disposition, Plan
from questionnaire.domain.settling import ASKED_NO, ASKED_YES
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, deciding, review_page
from questionnaire.journey.reviewing import Done
from questionnaire.journey.standing import stand
from questionnaire.records.entries import append_entry
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import answer_for_clinic, card, dispose, mark, review, send

At = Callable[..., Stage]
STOP, UNLICENSED = "flag:BL-06", "flag:PR-01"
PLATELETS = "unsure:blood_problems.low_platelets"
POOR = "unsure:blood_problems.platelets_work_poorly"
WEIGHED = Done(words="Haematology wrote: mild, no bleeding.", confirmed=True)
NO, YES = Done((ASKED_NO,)), Done((ASKED_YES,), "Told today.")


@pytest.fixture
def stage(at: At) -> Stage:
    """A stop from one row of a list, and rows of it left open: in its rule, and in others."""
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "blood_problems", "clotting_disorder", "yes")
    for row in ("platelets_work_poorly", "low_platelets", "hepatitis_or_hiv"):
        mark(stage, turn, "blood_problems", row, "not_sure")
    for row in ("egg", "latex", "sulfites"):
        mark(stage, turn, "allergies", row, "not_sure")
    send(stage, turn)
    return stage


def settled(stage: Stage) -> dict[str, Disposition]:
    with stage.house.database.read() as tx:
        visit = stage.clinic.visit(stage.visit_id)
        return dict(stand(stage.house, tx, visit).review.dispositions)


def patient_marks(stage: Stage, row: str, word: str, question: str = "blood_problems") -> None:
    """The form goes back, and one row of a list is answered otherwise."""
    stage.clinic.clock.forward(timedelta(days=3))
    arranging.reopen(stage.house, CLINICIAN, stage.visit_id)
    turn = stage.walk.turn()
    mark(stage, turn, question, row, word)
    send(stage, turn)


@pytest.mark.parametrize(("item", "found"), [(PLATELETS, NO), (PLATELETS, YES), (POOR, NO)])
def test_a_stop_with_its_reason_outlives_what_is_found_out_about_other_rows(
    stage: Stage, item: str, found: Done
) -> None:
    dispose(stage, STOP, WEIGHED)
    dispose(stage, item, found)
    done = card(review(stage), STOP).disposition
    assert done is not None
    assert done.words == WEIGHED.words


def test_going_down_the_page_each_point_is_settled_once(stage: Stage) -> None:
    """Whatever order points come in, what was settled is never open again."""
    seen: list[str] = []
    while left := [it for it in review(stage).cards if it.must_settle and not it.disposition]:
        one = left[0]
        assert one.item not in seen
        seen.append(one.item)
        words = Done(words="Talked through.", confirmed=True)
        dispose(stage, one.item, NO if one.kind == "unsure" else words)
    assert len(seen) > 5


def test_a_row_found_out_that_it_rests_on_opens_it_again_and_the_words_stay(stage: Stage) -> None:
    dispose(stage, STOP, WEIGHED)
    dispose(stage, POOR, YES)
    page = review(stage)
    shown = card(page, STOP)
    assert shown.disposition is None
    assert [done.words for done in shown.earlier] == [WEIGHED.words]
    again = Done(words="Both weighed.", confirmed=True)
    dispose(stage, STOP, again)
    shown = card(review(stage), STOP)
    assert shown.disposition is not None
    assert [done.words for done in shown.earlier] == [WEIGHED.words]


def test_another_row_of_the_patient_leaves_it_and_its_own_row_does_not(stage: Stage) -> None:
    dispose(stage, STOP, WEIGHED)
    patient_marks(stage, "hepatitis_or_hiv", "yes")
    assert STOP in settled(stage)
    patient_marks(stage, "clotting_disorder", "no")
    assert STOP not in settled(stage)


def test_the_words_about_a_point_that_is_gone_are_still_on_the_page(stage: Stage) -> None:
    dispose(stage, STOP, WEIGHED)
    dispose(stage, PLATELETS, YES)
    patient_marks(stage, "clotting_disorder", "no")
    patient_marks(stage, "low_platelets", "no")
    page = review(stage)
    assert STOP not in {one.item for one in page.cards}
    gone = {one.title: [done.words for done in one.written] for one in page.gone}
    assert gone == {
        stage.house.library.rule("BL-06").title: [WEIGHED.words],
        "Low platelets": [YES.words],
    }


@pytest.mark.parametrize(("row", "counts"), [("", True), ("hepatitis_or_hiv", False)])
def test_what_the_last_release_recorded_counts_as_it_did_and_its_words_stay(
    stage: Stage, row: str, *, counts: bool
) -> None:
    with stage.house.database.write() as tx:
        now = stand(stage.house, tx, stage.clinic.visit(stage.visit_id))
        (flag,) = [it for it in now.flags.fires if it.rule.id == "BL-06"]
        body = {
            "item": STOP,
            "basis": former_basis_of(flag, now.situation),
            "actions": [],
            "words": WEIGHED.words,
            "tell": False,
            "confirmed": True,
        }
        at = stage.clinic.clock()
        append_entry(tx, stage.visit_id, "disposition", body, at=at, person=CLINICIAN)
    if row:
        patient_marks(stage, row, "no")
    shown = card(review(stage), STOP)
    assert (shown.disposition is not None) is counts
    assert [done.words for done in shown.earlier] == ([] if counts else [WEIGHED.words])


WORDS: Final = Done(words="Talked through.", confirmed=True)


@pytest.mark.parametrize(
    ("item", "row", "was", "then"),
    [
        (STOP, "clotting_disorder", "yes", "no"),
        (STOP, "clotting_disorder", "yes", "not_sure"),
        ("clarify:AL-09", "latex", "not_sure", "no"),
        ("clarify:AL-09", "latex", "not_sure", "yes"),
        (PLATELETS, "low_platelets", "not_sure", "no"),
        (POOR, "platelets_work_poorly", "not_sure", "yes"),
    ],
)
def test_what_was_settled_counts_no_more_though_its_answer_is_as_it_was_then(
    stage: Stage, item: str, row: str, was: str, then: str
) -> None:
    dispose(stage, item, WORDS)
    question = "allergies" if row == "latex" else "blood_problems"
    patient_marks(stage, row, then, question)
    patient_marks(stage, row, was, question)
    shown = card(review(stage), item)
    assert shown.disposition is None
    assert [done.words for done in shown.earlier] == [WORDS.words]
    dispose(stage, item, Done(words="Looked at again.", confirmed=True))
    patient_marks(stage, "hepatitis_or_hiv", "no")
    again = card(review(stage), item).disposition
    assert again is not None, "what was recorded anew outlives a form that leaves it as it is"
    assert again.words == "Looked at again."


def test_what_rested_on_a_row_found_out_counts_no_more_once_the_patient_denied_it(
    stage: Stage,
) -> None:
    dispose(stage, POOR, YES)
    dispose(stage, STOP, WEIGHED)
    patient_marks(stage, "platelets_work_poorly", "no")
    patient_marks(stage, "platelets_work_poorly", "not_sure")
    assert not {POOR, STOP} & settled(stage).keys()
    dispose(stage, POOR, YES)
    assert STOP not in settled(stage)


def test_a_point_of_the_clinics_own_answer_outlives_a_form_that_did_not_ask_for_it(
    stage: Stage,
) -> None:
    """The clinic's own question is about a treatment that is only planned."""
    treatments = (*stage.clinic.visit(stage.visit_id).treatments, "mesotherapy_hair")
    plan = Plan(treatments=treatments)
    deciding.save_plan(stage.house, CLINICIAN, stage.visit_id, plan, key=stage.key())
    answer_for_clinic(stage, {"product_legal_status": "unlicensed_or_unknown"})
    dispose(stage, UNLICENSED, WORDS)
    for word in ("yes", "no"):
        patient_marks(stage, "hepatitis_or_hiv", word)
    assert UNLICENSED in settled(stage)


@pytest.mark.parametrize("given", [Done(("Glove free of latex",)), WORDS])
def test_a_point_is_settled_anew_once_its_rule_is_a_stop(at: At, given: Done) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "allergies", "latex", "yes")
    send(stage, turn)
    point = card(review(stage), "flag:AL-09")
    dispose(stage, point.item, replace(given, actions=point.actions[:1] if given.actions else ()))
    library = stage.house.library
    rules = tuple(
        replace(one, severity=Severity.STOP) if one.id == "AL-09" else one for one in library.rules
    )
    house = replace(stage.house, library=replace(library, rules=rules))
    shown = card(review_page.review(house, CLINICIAN, stage.visit_id), point.item)
    assert shown.is_stop
    assert shown.disposition is None
    assert len(shown.earlier) == 1
