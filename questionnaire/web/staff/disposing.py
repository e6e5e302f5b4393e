"""Records whose time is over: the list, holds, and asking for their disposal."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.journey import approvals, disposing
from questionnaire.web.staff.archive import show_consent
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.proving import is_fresh

blueprint = Blueprint("disposing", __name__, url_prefix="/archive-due")


@blueprint.get("")
def due() -> str:
    """Every record that may go today, why, and what holds it."""
    return _page()


@blueprint.post("")
def ask() -> Response | tuple[str, int]:
    """Ask a second person for the disposal of the records that were ticked."""
    picked, reason = request.form.getlist("visits"), request.form.get("reason", "")
    try:
        disposing.ask_disposal(the_house(), who(), picked, reason)
    except Slip as slip:
        return _page(errors=(("reason", str(slip)),)), 422
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/<visit_id>/hold")
def hold(visit_id: str) -> Response | tuple[str, int]:
    """Keep a record whatever its age."""
    reason, key = request.form.get("reason", ""), one_time_key()
    try:
        disposing.place_hold(the_house(), who(), visit_id, reason, key=key)
    except Slip as slip:
        return show_consent(visit_id, errors=(("reason", str(slip)),)), 422
    return redirect(url_for("archive.consent", visit_id=visit_id, _anchor="holds"), 303)


@blueprint.post("/<visit_id>/lift")
def lift(visit_id: str) -> Response | tuple[str, int]:
    """End one hold, with the reason why it ends."""
    number, reason = request.form.get("number", 0, type=int), request.form.get("reason", "")
    try:
        disposing.lift_hold(the_house(), who(), visit_id, number, reason)
    except Slip as slip:
        return show_consent(visit_id, errors=((f"lift-{number}", str(slip)),)), 422
    return redirect(url_for("archive.consent", visit_id=visit_id, _anchor="holds"), 303)


def _page(errors: tuple[tuple[str, str], ...] = ()) -> str:
    house, person = the_house(), who()
    return render_template(
        "staff/due.html",
        found=disposing.disposable(house, person),
        picked=request.form.getlist("visits"),
        rule=house.library.clinic.retention,
        most=disposing.MOST_AT_ONCE,
        others=approvals.others_who_approve(house, person),
        fresh=is_fresh(house),
        errors=errors,
    )
