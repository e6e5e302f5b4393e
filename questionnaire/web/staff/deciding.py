"""The plan and the decision of a review, and taking a decision back."""

from collections.abc import Mapping

from flask import Blueprint, request

from questionnaire.domain.answers import Slip
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.slips import Reading, Slips
from questionnaire.journey import deciding, shelf_life
from questionnaire.journey.review_page import review
from questionnaire.web.staff.dates import read_day
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.merging import last_by, merge
from questionnaire.web.staff.plan_form import boxes_of, facts_of, read_plan
from questionnaire.web.staff.reviewing import Mishap, show
from questionnaire.web.staff.steps import Page, step

blueprint = Blueprint("deciding", __name__, url_prefix="/visits/<visit_id>")


@blueprint.post("/plan")
def plan(visit_id: str) -> Page:
    """Keep what was touched in the plan, and nothing that a colleague changed since."""
    house, key = the_house(), one_time_key()
    found = review(house, who(), visit_id)
    facts = facts_of(found, house.library)
    merged = merge(request.form, boxes_of(found), facts, last_by(visit_id, "plan_written"))
    if merged.clashes:
        sentence = " ".join(dict.fromkeys(words for _, words in merged.clashes))
        return show(visit_id, Mishap("plan", sentence, merged.form)), 409
    written = read_plan(merged.form)
    return step(
        visit_id,
        "plan",
        lambda: deciding.save_plan(house, who(), visit_id, written, key=key, seen=found.plan),
        merged.form,
    )


@blueprint.post("/decision")
def decide(visit_id: str) -> Page:
    """Record the decision; going ahead is refused, with the reasons, while something is open."""
    form, key = request.form, one_time_key()
    try:
        made = _made(form)
    except Slips as slips:
        return show(visit_id, Mishap("decision", "", form, boxes=slips.beside())), 422
    seen = form.get("seen", "")
    return step(
        visit_id,
        "decision",
        lambda: deciding.decide(the_house(), who(), visit_id, made, seen=seen, key=key),
    )


@blueprint.post("/uphold")
def uphold(visit_id: str) -> Page:
    """Say that a decision that has become old still stands."""
    seen, key = request.form.get("seen", ""), one_time_key()
    return step(
        visit_id,
        "decision",
        lambda: shelf_life.uphold(the_house(), who(), visit_id, seen=seen, key=key),
    )


@blueprint.post("/take-back")
def take_back(visit_id: str) -> Page:
    """Take the visit back under review; a signature that stood is void."""
    words, key = request.form.get("words", "").strip(), one_time_key()
    if not words:
        return show(visit_id, Mishap("take-back", "Say why you take it back.", request.form)), 422
    return step(
        visit_id,
        "decision",
        lambda: deciding.take_back(the_house(), who(), visit_id, words, key=key),
    )


@blueprint.post("/resume")
def resume(visit_id: str) -> Page:
    """Go on with a visit that had to wait."""
    key = one_time_key()
    return step(
        visit_id, "decision", lambda: deciding.resume(the_house(), who(), visit_id, key=key)
    )


def _made(form: Mapping[str, str]) -> deciding.Made:
    """The decision as typed. Raises `Slips` for all that is missing or wrong at once."""
    reading, today = Reading(), the_house().today()
    kind = next((it for it in DecisionKind if it.value == form.get("kind", "")), None)
    words, until = "", None
    with reading.of("decision"):
        if kind is None:
            raise Slip("Pick a decision.")
    with reading.of("decision-words"):
        words = deciding.own_words(form.get("words", ""))
    with reading.of("until"):
        typed = form.get("until", "").strip()
        until = deciding.wait_until(kind, read_day(typed, today=today) if typed else None, today)
    reading.refuse_slips()
    if kind is None:
        raise Slip("Pick a decision.")
    return deciding.Made(kind, words, until)
