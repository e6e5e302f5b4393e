"""The clinic changes its questions while visits are under way: nothing breaks, nothing is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from questionnaire.domain.condition import Leaf
from questionnaire.domain.condition import Test as Operator
from questionnaire.domain.definition import Question, Questionnaire
from questionnaire.domain.errors import ChangedSince, StillOpen
from questionnaire.domain.flags import Severity
from questionnaire.domain.visit import Station
from questionnaire.journey import consenting, intake, queueing, review_page
from questionnaire.journey.house import House
from tests.clinics import CLINICIAN, PRP, Stage
from tests.journeys.steps import answer, read, tick_all

At = Callable[..., Stage]


def with_questions(house: House, change: Callable[[Question], Question | None]) -> House:
    """The house after the clinic changed or dropped some questions."""
    library = house.library
    sections = (
        replace(
            section,
            questions=tuple(new for old in section.questions if (new := change(old)) is not None),
        )
        for section in library.questionnaire.sections
    )
    changed = Questionnaire.of(sections, library.questionnaire.measures.values())
    return replace(house, library=replace(library, questionnaire=changed))


def without_smoking(question: Question) -> Question | None:
    """The answer everybody gives to one question is not on the list any more."""
    if question.id == "smoking":
        return replace(question, options=tuple(one for one in question.options if one.id != "no"))
    return question


def without_the_list(question: Question) -> Question | None:
    """One question is asked no more."""
    return None if question.id == "medicine_list" else question


def test_an_answer_that_is_no_longer_on_the_list_is_asked_again(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    house = with_questions(stage.house, without_smoking)
    form = intake.pages(house, turn)
    assert form.missing == ("smoking",)
    assert "full_name" in form.answers


def test_a_question_that_is_asked_no_more_is_left_out(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    answer(stage, turn, "medicine_list", "Iron")
    form = intake.pages(with_questions(stage.house, without_the_list), turn)
    assert (form.missing, "medicine_list" in form.answers) == ((), False)


def test_a_sent_form_waits_for_the_clinician_with_what_is_not_known_any_more(at: At) -> None:
    stage = at(Station.SUBMITTED)
    seen = review_page.review(stage.house, CLINICIAN, stage.visit_id)
    house = with_questions(stage.house, without_smoking)
    (line,) = queueing.queue(house, CLINICIAN)
    assert line.visit.id == stage.visit_id
    page = review_page.review(house, CLINICIAN, stage.visit_id)
    assert page.seen != seen.seen
    assert "clarify:LF-01" in {card.item for card in page.cards}
    question = stage.house.library.questionnaire.questions["smoking"]
    assert f"Not answered yet: {question.text}" in page.blocks


@pytest.mark.parametrize("station", [Station.IN_PROGRESS, Station.SUBMITTED, Station.CONSENT_READY])
def test_a_treatment_that_is_offered_no_more_breaks_no_visit(at: At, station: Station) -> None:
    stage = at(station)
    kept = {key: one for key, one in stage.house.library.treatments.items() if key != PRP}
    house = replace(stage.house, library=replace(stage.house.library, treatments=kept))
    if station is Station.IN_PROGRESS:
        assert intake.pages(house, stage.walk.turn()).missing
        return
    queueing.queue(house, CLINICIAN)
    page = review_page.review(house, CLINICIAN, stage.visit_id)
    assert any("The plan does not state the treatment" in block for block in page.blocks)
    if station is Station.CONSENT_READY:
        with pytest.raises((StillOpen, ChangedSince)):
            consenting.read_back(house, stage.walk.turn())


def test_an_earlier_visit_can_still_be_compared(at: At) -> None:
    stage = at(Station.SUBMITTED)
    again = Stage(stage.clinic, stage.clinic.arrange())
    house = with_questions(stage.house, without_smoking)
    question = stage.house.library.questionnaire.questions["smoking"]
    changes = review_page.review(house, CLINICIAN, again.visit_id).changes
    assert question.text not in {one.question for one in changes if one.before != ("Not answered",)}


def test_a_rule_that_fires_since_the_decision_comes_before_signing(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    read(stage, turn)
    tick_all(stage, turn)
    assert consenting.read_back(stage.house, turn)
    library = stage.house.library
    named = Leaf("full_name", Operator.ANSWERED, limit=True)
    rules = tuple(
        replace(it, when=named, severity=Severity.STOP) if it.id == "LF-01" else it
        for it in library.rules
    )
    house = replace(stage.house, library=replace(library, rules=rules))
    with pytest.raises(StillOpen) as still:
        consenting.read_back(house, turn)
    assert still.value.reasons == (
        "Your clinician has to put something right first. Please hand the tablet back.",
    )
