"""The form on paper: printed for a visit, and the way back from a form that was filled in."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotFound
from questionnaire.journey.on_paper import paper_form, visit_of_paper
from questionnaire.web.staff.desk import day_page
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
        clinic=house.clinic,
        parts=show_whole_form(paper.parts, today=house.today(), say=speech.say),
        square=square_code(address),
        language=speech.language.code,
        direction=speech.language.direction.value,
        is_draft=speech.is_draft,
        t=speech.say,
    )


@blueprint.get("/desk/paper")
def find() -> Response | tuple[str, int]:
    """To the visit whose reference is printed on a form; the desk's page again if there is none."""
    typed = request.args.get("reference", "")
    try:
        visit = visit_of_paper(the_house(), typed)
    except NotFound as wrong:
        today = the_house().today()
        return day_page(today, box="reference", typed=typed, sentence=wrong.sentence), 422
    return redirect(url_for("desk.visit", visit_id=visit.id))
