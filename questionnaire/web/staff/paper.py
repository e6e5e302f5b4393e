"""The form on paper: printed for a visit, and the way back from a form that was filled in."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.journey.on_paper import paper_form, visit_of_paper
from questionnaire.web.staff.house import the_house
from questionnaire.web.staff.square_code import square_code
from questionnaire.web.whole_form import show_whole_form

blueprint = Blueprint("paper", __name__)


@blueprint.get("/desk/visits/<visit_id>/paper")
def form(visit_id: str) -> str:
    """Every question with boxes and lines, in the visit's language, to be printed."""
    house = the_house()
    paper = paper_form(house, visit_id)
    speech = paper.speech
    address = current_app.config["PUBLIC_ADDRESS"] + url_for("desk.visit", visit_id=visit_id)
    return render_template(
        "paper/form.html",
        visit=paper.visit,
        clinic=house.library.clinic,
        parts=show_whole_form(paper.parts, today=house.today(), say=speech.say),
        square=square_code(address),
        language=speech.language.code,
        direction=speech.language.direction.value,
        is_draft=speech.is_draft,
        t=speech.say,
    )


@blueprint.get("/desk/paper")
def find() -> Response:
    """To the visit whose reference is printed on a form."""
    visit = visit_of_paper(the_house(), request.args.get("reference", ""))
    return redirect(url_for("desk.visit", visit_id=visit.id))
