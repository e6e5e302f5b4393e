"""The steps of a review: each form posts here and comes back to its place on the page."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Answer, Slip
from questionnaire.domain.errors import Refusal
from questionnaire.journey import noting, reviewing
from questionnaire.journey.review_page import review
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.reviewing import Mishap, answers_form, show
from questionnaire.web.staff.wording import anchor

blueprint = Blueprint("steps", __name__, url_prefix="/visits/<visit_id>")
Page = tuple[str, int] | Response
OTHER: Final = "other"
"""The chip that stands for the clinician's own words."""


@blueprint.post("/settle")
def settle(visit_id: str) -> Page:
    """Record what was done about one point; a point that is gone has its own tick to be told."""
    item = request.form.get("item", "")
    picked = tuple(one for one in request.form.getlist("action") if one != OTHER)
    resolved = tuple(request.form.getlist("resolved"))
    done = reviewing.Done(
        actions=(*picked, *resolved),
        words=request.form.get("words", ""),
        tell=request.form.get("tell_resolved" if resolved else "tell") == "yes",
        confirmed=request.form.get("confirmed") == "yes",
    )
    seen = request.form.get("seen", "")
    return step(
        visit_id,
        anchor(item),
        lambda: reviewing.dispose(
            the_house(), who(), visit_id, item, done, seen=seen, key=one_time_key()
        ),
    )


@blueprint.post("/undo")
def undo(visit_id: str) -> Page:
    """Take back what was just recorded."""
    item = request.form.get("item", "")
    return step(visit_id, anchor(item), lambda: reviewing.undo(the_house(), who(), visit_id, item))


@blueprint.post("/answers")
def answer(visit_id: str) -> Page:
    """Keep the clinic's own answers and measured values; the rules run again at once."""
    house, key = the_house(), one_time_key()
    form = answers_form(review(house, who(), visit_id))
    form.validate()
    given: dict[str, Answer | None] = {}
    for field in form.fields:
        if not any(text.strip() for texts in field.posted.values() for text in texts):
            field.errors = ()
        given[field.question.id] = field.data
    if form.errors:
        return show(visit_id, Mishap("clinic-answers", "", answers=form)), 422
    seen = request.form.get("seen", "")
    return step(
        visit_id,
        "clinic-answers",
        lambda: reviewing.answer_for_clinic(house, who(), visit_id, given, seen=seen, key=key),
    )


@blueprint.post("/notes")
def note(visit_id: str) -> Page:
    """Add a point or a risk of the clinician's own."""
    kind, text = request.form.get("kind", ""), request.form.get("text", "")
    return step(
        visit_id,
        f"own-{kind}",
        lambda: noting.add_note(the_house(), who(), visit_id, kind, text, key=one_time_key()),
    )


@blueprint.post("/notes/taken-out")
def take_out(visit_id: str) -> Page:
    """Take out a point or a risk of the clinician's own."""
    note_id = request.form.get("note", "")
    return step(
        visit_id,
        "own-risk" if request.form.get("kind") == "risk" else "own-point",
        lambda: noting.take_out(the_house(), who(), visit_id, note_id, key=one_time_key()),
    )


@blueprint.post("/questions")
def reply(visit_id: str) -> Page:
    """Write down the answer to one of the patient's questions."""
    number, words = request.form.get("number", 0, type=int), request.form.get("words", "")
    return step(
        visit_id,
        f"question-{number}",
        lambda: noting.reply(the_house(), who(), visit_id, number, words, key=one_time_key()),
    )


@blueprint.post("/words")
def reply_to_words(visit_id: str) -> Page:
    """Reply to what the patient wrote in their own words."""
    words, seen = request.form.get("words", ""), request.form.get("words_seen", "")
    return step(
        visit_id,
        "patient-words",
        lambda: noting.reply_to_words(
            the_house(), who(), visit_id, words, seen=seen, key=one_time_key()
        ),
    )


@blueprint.post("/quiz")
def discuss(visit_id: str) -> Page:
    """Record that a check-question was talked through."""
    question, words = request.form.get("question", ""), request.form.get("words", "")
    return step(
        visit_id,
        f"quiz-{question}",
        lambda: noting.discuss_quiz(
            the_house(), who(), visit_id, question, words, key=one_time_key()
        ),
    )


def step(
    visit_id: str,
    place: str,
    write: Callable[[], None],
    merged: MultiDict[str, str] | None = None,
) -> Page:
    """Take one step and come back to its place.

    What could not be kept comes back on the page as it stands now, with what was typed; `merged`
    is the form with that, where what a colleague changed is in it too.
    """
    typed = request.form if merged is None else merged
    try:
        write()
    except Slip as slip:
        return show(visit_id, Mishap(place, str(slip), typed)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        reasons: tuple[str, ...] = getattr(refusal, "reasons", ())
        sentence = " ".join((refusal.sentence, *reasons))
        return show(visit_id, Mishap(place, sentence, typed)), refusal.status
    return redirect(url_for("review.page", visit_id=visit_id, _anchor=place), 303)
