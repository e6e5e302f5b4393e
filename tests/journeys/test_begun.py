"""What is begun before signing waits for its page, counts for nothing, and meets nobody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from questionnaire.cli import demo
from questionnaire.domain.errors import StillOpen, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import asking, begun, consenting, deciding, locking, quizzing, turns
from questionnaire.records import tables
from questionnaire.records.drafts import SIGNATURE
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import ready_to_sign, review, sign
from tests.journeys.test_locking import begin

At = Callable[..., Stage]
PAGES = {
    begun.STATEMENTS: {"ticked": ["a", "b"]},
    begun.PHOTOS: {"photos": ["record", "publication"]},
    begun.NOT_TODAY: {"wish": ["no"]},
    begun.quiz_page("prp-what"): {"choice": ["one"]},
    SIGNATURE: {"full_name": ["Marigold <b>"], "agree": ["yes"], "ink": ["[[[0.1,0.2]]]"]},
}


def begin_all(stage: Stage, turn: turns.Turn) -> None:
    """Leave every page half done."""
    for page, boxes in PAGES.items():
        begun.keep_boxes(stage.house, turn, page, boxes, key=stage.key())


def found(stage: Stage, turn: turns.Turn) -> dict[str, begun.Boxes]:
    """What waits on the pages, by page."""
    waits = {page: begun.boxes_begun(stage.house, turn, page) for page in PAGES}
    return {page: boxes for page, boxes in waits.items() if boxes}


def kept(stage: Stage) -> int:
    """How many drafts are stored."""
    with stage.house.database.read() as tx:
        return len(tx.connection.execute(select(tables.draft.c.page)).all())


@pytest.fixture
def stage(at: At) -> Stage:
    """A visit that is ready for consent."""
    return at(Station.CONSENT_READY)


def test_what_is_begun_waits_and_none_of_it_counts(stage: Stage) -> None:
    turn = begin(stage)
    before, told = consenting.reading(stage.house, turn), stage.clinic.actions(stage.visit_id)
    begin_all(stage, turn)
    assert found(stage, turn) == PAGES
    assert consenting.reading(stage.house, turn) == before
    assert stage.clinic.actions(stage.visit_id) == told, "a draft is no record"


def test_nothing_picked_is_kept_too(stage: Stage) -> None:
    turn = begin(stage)
    begin_all(stage, turn)
    begun.keep_boxes(stage.house, turn, begun.PHOTOS, {"photos": []}, key=stage.key())
    assert begun.boxes_begun(stage.house, turn, begun.PHOTOS) == {"photos": []}


def test_a_page_that_is_sent_leaves_nothing_begun_and_what_comes_late_changes_nothing(
    stage: Stage,
) -> None:
    turn, house = begin(stage), stage.house
    begin_all(stage, turn)
    quiz = consenting.reading(house, turn).quiz[0]
    page, key = begun.quiz_page(quiz.id), stage.key()
    begun.keep_boxes(house, turn, page, {"choice": ["not_sure"]}, key=key)
    acts = {
        begun.STATEMENTS: lambda: consenting.tick(house, turn, (), key=key),
        begun.PHOTOS: lambda: consenting.choose_photos(
            house, turn, consenting.reading(house, turn).photos, key=key
        ),
        page: lambda: quizzing.try_quiz(house, turn, quiz.id, "not_sure", key=key),
    }
    for name, act in acts.items():
        assert begun.boxes_begun(house, turn, name)
        act()
        assert begun.boxes_begun(house, turn, name) == {}
        begun.keep_boxes(house, turn, name, {"late": ["yes"]}, key=key)
        assert begun.boxes_begun(house, turn, name) == {}


@pytest.mark.parametrize("way", ["a new code", "locked", "ended"])
def test_a_signature_half_given_goes_with_the_turn_and_the_rest_waits(
    stage: Stage, way: str
) -> None:
    turn = begin(stage)
    begin_all(stage, turn)
    if way == "locked":
        locking.lock(stage.house, turn)
    elif way == "ended":
        turns.end_turn(stage.house, turn.token)
    if way != "a new code":
        assert kept(stage) == len(PAGES) - 1
    again = begin(stage)
    assert kept(stage) == len(PAGES) - 1
    assert found(stage, again) == {page: it for page, it in PAGES.items() if page != SIGNATURE}


def test_after_another_decision_every_page_is_empty(stage: Stage) -> None:
    begin_all(stage, begin(stage))
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Another look.", key=stage.key())
    demo.decide(stage.walk, review(stage))
    assert found(stage, begin(stage)) == {}


def test_nobody_else_meets_what_somebody_began(stage: Stage) -> None:
    begin_all(stage, begin(stage))
    other = Stage(stage.clinic, stage.clinic.arrange(name="Basil Madeupson"))
    assert found(stage, begin(other)) == {}


@pytest.mark.parametrize("leave", [consenting.more_time, consenting.decline])
def test_nothing_begun_is_left_once_the_patient_went(
    stage: Stage, leave: Callable[..., None]
) -> None:
    turn = begin(stage)
    begin_all(stage, turn)
    leave(stage.house, turn, key=stage.key())
    assert kept(stage) == 0
    with pytest.raises(WrongStation):
        begin_all(stage, turn)


def test_nobody_signs_while_a_question_is_only_begun(stage: Stage) -> None:
    turn = ready_to_sign(stage)
    seen = consenting.read_back(stage.house, turn).sha256
    asking.keep_begun(stage.house, turn, "May I drive", key=stage.key())
    reason = "You began a question. Send it, or clear it."
    assert consenting.reading(stage.house, turn).open == (reason,)
    with pytest.raises(StillOpen) as refused:
        sign(stage, turn, sha256=seen)
    assert refused.value.reasons == (reason,)
    asking.keep_begun(stage.house, turn, "", key=stage.key())
    sign(stage, turn, sha256=seen)
    assert stage.station is Station.PATIENT_SIGNED


def test_nothing_begun_is_left_once_the_document_is_signed(stage: Stage) -> None:
    turn = ready_to_sign(stage)
    begin_all(stage, turn)
    sign(stage, turn)
    assert kept(stage) == 0
