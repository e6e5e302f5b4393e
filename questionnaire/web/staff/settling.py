"""Settling what patient and visit say differently, from the review or from the desk."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import Difference
from questionnaire.journey.settling import Settled, settle
from questionnaire.web.staff import desk, reviewing
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.policy import may_open
from questionnaire.web.staff.wording import anchor

blueprint = Blueprint("settling", __name__, url_prefix="/visits/<visit_id>")
PATIENTS, OURS = "patient", "visit"
PLACE: Final = "differences"


@blueprint.post("/differences")
def take(visit_id: str) -> tuple[str, int] | Response:
    """Take what the patient says, or keep what the visit says."""
    form = request.form
    from_review = form.get("page") == "review" and may_open("review.page")
    seen = Difference(form.get("fact", ""), form.get("patient", ""), form.get("visit", ""))
    settled = Settled(seen, form.get("take") == PATIENTS, form.get("checked", ""))
    try:
        settle(the_house(), who(), visit_id, settled, key=one_time_key())
    except Slip as slip:
        box = anchor(f"checked-{seen.fact}")
        if from_review:
            mishap = reviewing.Mishap(box, str(slip), form)
            return reviewing.show(visit_id, mishap), HTTPStatus.UNPROCESSABLE_ENTITY
        return desk.visit_page(visit_id, errors=((box, str(slip)),)), 422
    page = "review.page" if from_review else "desk.visit"
    return redirect(url_for(page, visit_id=visit_id, _anchor=PLACE), 303)
