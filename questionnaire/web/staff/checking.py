"""The self-check as a page: what should be mended, and how."""

from flask import Blueprint, current_app, render_template

from questionnaire.journey.finding import Finding
from questionnaire.journey.self_check import self_check
from questionnaire.settings import Settings
from questionnaire.web.staff.house import the_house

blueprint = Blueprint("checking", __name__)


@blueprint.get("/self-check")
def page() -> str:
    """Look over the clinic now."""
    return render_template("staff/self_check.html", findings=to_mend())


def to_mend() -> tuple[Finding, ...]:
    """What the self-check finds now, the grave first."""
    settings: Settings = current_app.extensions["settings"]
    return self_check(the_house(), settings, debug=current_app.debug)
