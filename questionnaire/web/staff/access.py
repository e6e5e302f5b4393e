"""The list of who read a record, printed for its patient in the patient's language."""

from flask import Blueprint, render_template

from questionnaire.journey.access import readers
from questionnaire.web.staff.house import the_house, who

blueprint = Blueprint("access", __name__)


@blueprint.get("/archive/<visit_id>/readers")
def listed(visit_id: str) -> str:
    """Who opened the record, when and what, to be handed to the patient."""
    house = the_house()
    found = readers(house, who(), visit_id)
    return render_template(
        "paper/readers.html",
        found=found,
        clinic=house.clinic,
        zone=house.zone,
        language=found.speech.language.code,
        direction=found.speech.language.direction.value,
        is_draft=found.speech.is_draft,
        t=found.speech.say,
    )
