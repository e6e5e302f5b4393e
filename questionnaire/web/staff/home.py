"""The first page after signing in: what waits, and whether every consent is sealed."""

from flask import Blueprint, redirect, render_template, request, session
from flask_security import current_user
from werkzeug.wrappers import Response

from questionnaire.journey.approvals import to_decide
from questionnaire.journey.arranging import day
from questionnaire.journey.keeping import archive_state
from questionnaire.journey.own_account import notices
from questionnaire.journey.queueing import queue, to_countersign
from questionnaire.journey.rules_signing import is_signed
from questionnaire.journey.seal_troubles import troubles
from questionnaire.journey.setting_up import checklist
from questionnaire.web.display import own_path
from questionnaire.web.staff.checking import to_mend
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.policy import APPROVERS, CLINICIAN, DESK, acting, may_open

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def start() -> str:
    """What this member of staff would look at first."""
    house = the_house()
    clinician, desk = acting(current_user, CLINICIAN), acting(current_user, DESK)
    approver = acting(current_user, APPROVERS)
    return render_template(
        "staff/home.html",
        archive=archive_state(house),
        troubles=troubles(house, who()) if may_open("archive.consent") else (),
        left=[step for step in checklist(house.clinic) if step.done is None],
        to_decide=to_decide(house, approver) if approver else 0,
        rules_wait=not is_signed(house),
        notices=notices(house, who()),
        to_mend=to_mend() if may_open("checking.page") else None,
        waiting=queue(house, clinician) if clinician else None,
        signed=to_countersign(house, clinician) if clinician else (),
        today=day(house, desk, house.today()) if desk else None,
    )


@blueprint.post("/keys")
def keys() -> Response:
    """Switch the single-letter keys of the review cards on or off."""
    session["keys"] = "off" if request.form.get("keys") == "off" else "on"
    return redirect(own_path(request.form.get("back", "")), 303)
