"""Reading before deciding: what comes next, each treatment, and the check-questions."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.consent import as_json
from questionnaire.domain.errors import NotFound
from questionnaire.domain.reading import choice_words
from questionnaire.journey.begun import quiz_page
from questionnaire.journey.consenting import Reading, begin_reading, mark_read
from questionnaire.journey.consenting import reading as reading_of
from questionnaire.journey.quizzing import QuizState, try_quiz
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.begun import boxes_of, first, is_only_begun, keep_begun, made_from
from questionnaire.web.patient.meanwhile import key_again
from questionnaire.web.patient.speaking import say, this_speech
from questionnaire.web.patient.turn_taking import one_time_key, the_house, this_turn

blueprint = Blueprint("reading", __name__)


class Step(NamedTuple):
    """One thing to do before signing."""

    title: str
    address: str
    done: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The steps before signing, in order."""

    steps: tuple[Step, ...]

    def next_address(self) -> str:
        """The first step that is not done; the overview when all are."""
        todo = next((step.address for step in self.steps if not step.done), "")
        return todo or url_for("reading.overview")


def way_of(reading: Reading) -> Way:
    """What this patient does before signing, and what of it is done."""
    about, steps = say("Read about: {treatment}"), []
    if reading.answers is None or not reading.answers.counts:
        again = say("Look at your answers again")
        steps.append(Step(again, url_for("checking.still_true"), done=False))
    steps += [
        Step(about.format(treatment=it.title), _treatment_address(it.id), it.id in reading.read)
        for it in reading.treatments
    ]
    if reading.quiz:
        unsettled = next((it for it in reading.quiz if not it.settled), None)
        address = _quiz_address((unsettled or reading.quiz[0]).id)
        steps.append(Step(say("Check what you have read"), address, unsettled is None))
    ticked = all(it.ticked_at for it in (*reading.statements, *reading.personal_risks))
    steps.append(Step(say("Tick each statement"), url_for("agreeing.statements"), ticked))
    if reading.question_begun:
        words = say("Send or clear your question")
        steps.append(Step(words, url_for("checking.ask_page"), done=False))
    return Way(tuple(steps))


@blueprint.route("/reading", methods=["GET", "POST"])
def overview() -> Response | str:
    """What to do before signing, and how far it is done."""
    house, turn = the_house(), this_turn()
    if request.method == "POST":
        begin_reading(house, turn, key=one_time_key())
        return redirect(way_of(reading_of(house, turn)).next_address(), 303)
    found = reading_of(house, turn)
    return render_template(
        "patient/overview.html",
        reading=found,
        way=way_of(found),
        unanswered=sum(1 for it in found.questions if it.act is None),
        key=house.new_id(),
    )


@blueprint.route("/reading/<treatment_id>", methods=["GET", "POST"])
def treatment(treatment_id: str) -> Response | str:
    """One treatment, from what it is to the law."""
    house, turn = the_house(), this_turn()
    if request.method == "POST":
        mark_read(
            house, turn, treatment_id, key=one_time_key(), shown=request.form.get("shown", "")
        )
        return redirect(way_of(reading_of(house, turn)).next_address(), 303)
    found = reading_of(house, turn)
    text = next((it for it in found.treatments if it.id == treatment_id), None)
    if text is None:
        raise NotFound("This treatment is not part of your visit.")
    return render_template(
        "patient/treatment.html",
        treatment=as_json(text),
        own=as_json(found.own[treatment_id]),
        shown=found.shown.treatments[treatment_id],
        several=len(found.treatments) > 1,
        key=house.new_id(),
    )


@blueprint.route("/quiz/<question_id>", methods=["GET", "POST"])
def quiz(question_id: str) -> Response:
    """One check-question with what was said to the last try; it never locks anybody out."""
    house, turn = the_house(), this_turn()
    if shows_again():
        return keep_choices(_quiz_page(question_id))
    if is_only_begun():
        _find(reading_of(house, turn).quiz, question_id)
        return keep_begun(quiz_page(question_id), "choice")
    error, status = "", 200
    if request.method == "POST":
        try:
            choice, shown = request.form.get("choice", ""), request.form.get("shown", "")
            try_quiz(house, turn, question_id, choice, key=one_time_key(), shown=shown)
        except Slip as slip:
            error, status = slip.said(say), 400
        else:
            return redirect(_quiz_address(question_id), 303)
    return _quiz_page(question_id, error, status)


def _quiz_page(question_id: str, error: str = "", status: int = 200) -> Response:
    carries = made_from(quiz_page(question_id))
    found = reading_of(the_house(), this_turn())
    state = _find(found.quiz, question_id)
    place = found.quiz.index(state)
    following = next((it for it in found.quiz[place + 1 :] if not it.settled), None)
    body = render_template(
        "patient/quiz.html",
        state=state,
        shown=found.shown.quiz[question_id],
        place=place + 1,
        places=len(found.quiz),
        answer=_right_answer(state),
        picked=first(boxes_of(quiz_page(question_id), "choice"), "choice"),
        last_choice=state.tries[-1].choice if state.tries else "",
        error=error,
        errors=(("choice", error),) if error else (),
        onward=_quiz_address(following.id) if following else way_of(found).next_address(),
        key=key_again(),
        made_from=carries,
        form_id="" if state.settled else "quiz-form",
    )
    return make_response(body, status)


def _right_answer(state: QuizState) -> str:
    """The right choice in words; the page tells it once there is nothing left to try."""
    questions = this_speech().library.treatments[state.treatment].quiz
    question = next(it for it in questions if it.id == state.id)
    return choice_words(question, question.correct, say)


def _find(quiz: tuple[QuizState, ...], question_id: str) -> QuizState:
    for state in quiz:
        if state.id == question_id:
            return state
    raise NotFound("This question is not part of your visit.")


def _treatment_address(treatment_id: str) -> str:
    return url_for("reading.treatment", treatment_id=treatment_id)


def _quiz_address(question_id: str) -> str:
    return url_for("reading.quiz", question_id=question_id)
