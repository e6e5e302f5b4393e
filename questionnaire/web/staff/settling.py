"""Settling what patient and visit say differently, from the review or from the desk."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import Difference
from questionnaire.journey.sameness import Said, WhoIsIt
from questionnaire.journey.settling import Settled, settle
from questionnaire.web.staff import desk, reviewing
from questionnaire.web.staff.arranging_form import ANOTHER_PERSON
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.policy import may_open
from questionnaire.web.staff.wording import anchor

blueprint = Blueprint("settling", __name__, url_prefix="/visits/<visit_id>")
PATIENTS, OURS = "patient", "visit"
PLACE: Final = "differences"
CARRIED: Final = frozenset({"key", "page", "fact", "patient", "visit", "checked", "take"})
"""What the question whether it is the same person carries on."""


@blueprint.post("/differences")
def take(visit_id: str) -> tuple[str, int] | Response:
    """Take what the patient says, or keep what the visit says."""
    form = request.form
    from_review = form.get("page") == "review" and may_open("review.page")
    seen = Difference(form.get("fact", ""), form.get("patient", ""), form.get("visit", ""))
    settled = Settled(seen, form.get("take") == PATIENTS, form.get("checked", ""), _said(form))
    try:
        settle(the_house(), who(), visit_id, settled, key=one_time_key())
    except Slip as slip:
        box = anchor(f"checked-{seen.fact}")
        if from_review:
            mishap = reviewing.Mishap(box, str(slip), form)
            return reviewing.show(visit_id, mishap), HTTPStatus.UNPROCESSABLE_ENTITY
        return desk.visit_page(visit_id, errors=((box, str(slip)),)), 422
    except WhoIsIt as asked:
        return _asked(asked, form)
    page = "review.page" if from_review else "desk.visit"
    return redirect(url_for(page, visit_id=visit_id, _anchor=PLACE), 303)


def _said(form: MultiDict[str, str]) -> Said:
    """Whether it is somebody who was here before, once that was asked."""
    person = form.get("person", "")
    if person == ANOTHER_PERSON:
        return Said(none_of=frozenset(form.getlist("shown")))
    return Said(same_as=person)


def _asked(asked: WhoIsIt, form: MultiDict[str, str]) -> tuple[str, int]:
    """A page that asks whether it is somebody who was here before, and carries the form on."""
    carried = [(name, text) for name, text in form.items(multi=True) if name in CARRIED]
    errors = (("person", asked.sentence),) if form.get("shown") else ()
    page = render_template(
        "staff/same_person.html",
        maybe_same=asked.found,
        another_person=ANOTHER_PERSON,
        patient=asked.patient,
        carried=carried,
        errors=errors,
    )
    return page, asked.status
