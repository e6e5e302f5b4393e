"""The clinician's page of a changed rule set: what changed, for whom, and taking it into use."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.journey import rules_signing
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.proving import is_fresh

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
SHOWN = 50


@blueprint.get("")
def page() -> str:
    """What is in use, and what waits to be looked at."""
    house = the_house()
    return render_template(
        "staff/rules.html",
        found=rules_signing.standing(house, who()),
        titles={rule.id: rule.title for rule in house.library.rules},
        shown=SHOWN,
        fresh=is_fresh(house),
    )


@blueprint.post("")
def sign() -> Response:
    """Take the change into use as it was shown."""
    rules_signing.sign(the_house(), who(), request.form.get("version", ""))
    return redirect(url_for("rules.page"), 303)
