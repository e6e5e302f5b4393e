"""Small steps of a visit that several journeys take."""

from questionnaire.domain.answers import Answer
from questionnaire.domain.consent import Method
from questionnaire.journey import (
    consenting,
    intake,
    noting,
    quizzing,
    review_page,
    reviewing,
    signing,
    turns,
)
from questionnaire.journey.cards import Card
from questionnaire.journey.hands import Hand
from questionnaire.journey.intake import Intake
from questionnaire.journey.reviewing import Done
from questionnaire.journey.turns import Turn
from tests.clinics import CLINICIAN, Stage

INK = "[[[0.1,0.6],[0.2,0.2],[0.3,0.7],[0.4,0.3],[0.5,0.6],[0.7,0.4],[0.9,0.5]]]"


def answer(stage: Stage, turn: Turn, question_id: str, value: Answer | None) -> Intake:
    """The patient saves one answer on its page."""
    page = intake.pages(stage.house, turn).page_of(question_id)
    return intake.save_page(stage.house, turn, page.id, {question_id: value}, {}, key=stage.key())


def mark(stage: Stage, turn: Turn, question_id: str, row: str, word: str) -> Intake:
    """The patient marks one row of a list `yes`, `no` or `not_sure`."""
    form = intake.pages(stage.house, turn)
    page = next(
        page for page in form.pages if row in page.rows and page.questions[0].id == question_id
    )
    rows = {question_id: {row: word}}
    return intake.save_page(stage.house, turn, page.id, {}, rows, key=stage.key())


def send(stage: Stage, turn: Turn) -> None:
    """The patient sends the form."""
    intake.submit(stage.house, turn, key=stage.key())


def review(stage: Stage) -> review_page.ReviewPage:
    """The clinician opens the visit."""
    return review_page.review(stage.house, CLINICIAN, stage.visit_id)


def card(page: review_page.ReviewPage, item: str) -> Card:
    """The card of one item."""
    return next(one for one in page.cards if one.item == item)


def dispose(stage: Stage, item: str, done: Done, seen: str = "") -> None:
    """The clinician records what was done about one item."""
    reviewing.dispose(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        item,
        done,
        seen=seen or review(stage).seen,
        key=stage.key(),
    )


def reply_to_words(stage: Stage, words: str, seen: str = "") -> None:
    """The clinician replies to the patient's own words."""
    noting.reply_to_words(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        words,
        seen=seen or review(stage).words_seen,
        key=stage.key(),
    )


def answer_for_clinic(stage: Stage, answers: dict[str, Answer | None], seen: str = "") -> None:
    """The clinician answers questions of the clinic."""
    reviewing.answer_for_clinic(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        answers,
        seen=seen or review(stage).seen,
        key=stage.key(),
    )


def read(stage: Stage, turn: Turn) -> None:
    """The patient begins, reads every treatment and answers every check-question right."""
    consenting.begin_reading(stage.house, turn, key=stage.key())
    for treatment in consenting.reading(stage.house, turn).treatments:
        consenting.mark_read(stage.house, turn, treatment.id, key=stage.key())
        for question in stage.house.library.treatments[treatment.id].quiz:
            quizzing.try_quiz(stage.house, turn, question.id, question.correct, key=stage.key())


def tick_all(stage: Stage, turn: Turn) -> None:
    """The patient ticks every statement and personal risk."""
    reading = consenting.reading(stage.house, turn)
    ids = [one.id for one in (*reading.statements, *reading.personal_risks)]
    consenting.tick(stage.house, turn, ids, key=stage.key())


def ready_to_sign(stage: Stage, language: str = "") -> Turn:
    """The patient read and ticked everything, in this language."""
    turn = stage.walk.turn()
    if language:
        turn = turns.read_in(stage.house, turn, language)
    read_and_tick(stage, turn)
    return turn


def read_and_tick(stage: Stage, turn: Turn) -> None:
    """The patient reads and ticks everything, in the language of the visit."""
    read(stage, turn)
    tick_all(stage, turn)


def hand(stage: Stage, **changed: object) -> Hand:
    """The patient's own name, drawn."""
    name = stage.walk.visit.patient.full_name
    given = {"full_name": name, "method": Method.DRAWN, "strokes": INK, "agreed": True}
    return Hand(**{**given, **changed})


def sign(stage: Stage, turn: Turn, given: Hand | None = None, sha256: str = "") -> None:
    """The patient signs what is shown now."""
    signing.sign(
        stage.house,
        turn,
        given or hand(stage),
        shown_sha256=sha256 or consenting.read_back(stage.house, turn).sha256,
        key=stage.key(),
    )
