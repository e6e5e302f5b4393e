"""Settling what patient and visit say differently, from the review or from the desk."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import Difference
from questionnaire.journey.home_links import link_state
from questionnaire.journey.sameness import Renamed, WhoIsIt, still_them
from questionnaire.journey.settling import Settled, settle
from questionnaire.web.staff import desk, reviewing
from questionnaire.web.staff.arranging_form import ANOTHER_PERSON, what_was_said
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.policy import may_open
from questionnaire.web.staff.wording import anchor

blueprint = Blueprint("settling", __name__, url_prefix="/visits/<visit_id>")
PATIENTS, OURS = "patient", "visit"
PLACE: Final = "differences"
CARRIED: Final = frozenset(
    {"key", "page", "fact", "patient", "visit", "checked", "take", "renamed"}
)
"""What the question whether it is the same person carries on."""


@blueprint.post("/differences")
def take(visit_id: str) -> tuple[str, int] | Response:
    """Take what the patient says, or keep what the visit says."""
    form = request.form
    from_review = form.get("page") == "review" and may_open("review.page")
    seen = Difference(form.get("fact", ""), form.get("patient", ""), form.get("visit", ""))
    said = what_was_said(form, frozenset(form.getlist("shown")))
    settled = Settled(seen, form.get("take") == PATIENTS, form.get("checked", ""), said)
    try:
        new = settle(the_house(), who(), visit_id, settled, key=one_time_key())
    except Slip as slip:
        box = anchor(f"checked-{seen.fact}")
        if from_review:
            mishap = reviewing.Mishap(box, str(slip), form)
            return reviewing.show(visit_id, mishap), HTTPStatus.UNPROCESSABLE_ENTITY
        return desk.visit_page(visit_id, errors=((box, str(slip)),)), 422
    except (Renamed, WhoIsIt) as asked:
        return _asked(visit_id, asked, form)
    if new:
        return desk.with_code(desk.CODE, new.visit.id, new.code)
    page = "review.page" if from_review else "desk.visit"
    return redirect(url_for(page, visit_id=visit_id, _anchor=PLACE), 303)


def _asked(visit_id: str, asked: Renamed | WhoIsIt, form: MultiDict[str, str]) -> tuple[str, int]:
    """A page that asks whether it is the same person, and carries the form on."""
    is_renamed = isinstance(asked, Renamed)
    to_carry = CARRIED - {"renamed"} if is_renamed else CARRIED
    carried = [(name, text) for name, text in form.items(multi=True) if name in to_carry]
    box, asked_before = ("renamed", "still") if is_renamed else ("person", "shown")
    errors = ((box, asked.sentence),) if form.get(asked_before) else ()
    visit, _ = link_state(the_house(), who(), visit_id)
    page = render_template(
        "staff/same_person.html",
        before=visit.patient if is_renamed else None,
        still_them=still_them(asked.patient),
        maybe_same=() if isinstance(asked, Renamed) else asked.found,
        another_person=ANOTHER_PERSON,
        patient=asked.patient,
        fact=form.get("fact", ""),
        carried=carried,
        errors=errors,
    )
    return page, asked.status
