"""Who waits for the clinician."""

from flask import Blueprint, render_template

from questionnaire.journey.queueing import queue as waiting_now
from questionnaire.web.staff.house import the_house, who

blueprint = Blueprint("waiting", __name__)


@blueprint.get("/waiting")
def queue() -> str:
    """Most severe first, then longest waiting."""
    return render_template("staff/waiting.html", lines=waiting_now(the_house(), who()))
