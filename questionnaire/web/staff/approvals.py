"""What a second person approves: the list of requests, yes and no, and a folder of documents."""

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Station
from questionnaire.journey import approvals, archiving, disposing, exporting
from questionnaire.records.approvals import Kind
from questionnaire.web.staff.archive import asked_for, show_search
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.proving import is_fresh
from questionnaire.web.staff.searching import Search

blueprint = Blueprint("approvals", __name__, url_prefix="/approvals")
KINDS = {
    Kind.DISPOSAL: "Dispose of records for good",
    Kind.EXPORT: "Take documents as a folder",
    Kind.KEYS: "Take new keys into use",
}


@blueprint.get("")
def page() -> str:
    """Every request, what it is about, and who may still decide it."""
    return _page()


@blueprint.post("/<approval_id>/approve")
def approve(approval_id: str) -> AnyResponse:
    """Yes. A disposal is carried out at once."""
    approved = approvals.decide(the_house(), who(), approval_id, approve=True)
    if approved.kind is Kind.DISPOSAL:
        disposing.carry_out(the_house(), who(), approval_id)
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/<approval_id>/refuse")
def refuse(approval_id: str) -> AnyResponse:
    """No."""
    approvals.decide(the_house(), who(), approval_id, approve=False)
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/<approval_id>/dispose")
def dispose(approval_id: str) -> AnyResponse:
    """Carry out a disposal that was approved while a record was on hold."""
    disposing.carry_out(the_house(), who(), approval_id)
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/export")
def export() -> AnyResponse | tuple[str, int]:
    """Ask for the sealed documents among what the archive page showed."""
    house, person = the_house(), who()
    search_id, reason = request.form.get("search", ""), request.form.get("reason", "")
    asked = asked_for(search_id) if search_id else Search()
    if asked is None:
        over = (("name", "This search is over. Search again, then ask."),)
        return show_search(Search(), over, reason=reason), 422
    query = replace(asked.query, status=Station.SEALED)
    found = archiving.find(house, person, query, most=exporting.MOST + 1)
    try:
        exporting.ask_export(house, person, [one.visit.id for one in found.visits], reason)
    except Slip as slip:
        return show_search(asked, (("reason", str(slip)),), reason=reason), 422
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/keys")
def keys() -> AnyResponse | tuple[str, int]:
    """Ask for new keys; whoever runs the machine takes them into use."""
    try:
        approvals.ask(the_house(), who(), Kind.KEYS, request.form.get("why", ""))
    except Slip as slip:
        return _page(errors=(("why", str(slip)),)), 422
    return redirect(url_for("approvals.page"), 303)


@blueprint.post("/<approval_id>/take")
def take(approval_id: str) -> Response:
    """The folder, once, for who asked for it."""
    folder = exporting.take_export(the_house(), who(), approval_id)
    response = Response(folder, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="export-{approval_id}.zip"'
    return response


def _page(errors: tuple[tuple[str, str], ...] = ()) -> str:
    house, person = the_house(), who()
    return render_template(
        "staff/approvals.html",
        requests=approvals.requests(house, person),
        kinds=KINDS,
        others=approvals.others_who_approve(house, person),
        fresh=is_fresh(house),
        errors=errors,
    )
