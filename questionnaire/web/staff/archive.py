"""The archive: find consents, open them, check files, and hand patients their copy."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import REACHED
from questionnaire.journey import archiving, exporting, seal_troubles
from questionnaire.journey.access import IN_THE_ARCHIVE, note_reading
from questionnaire.journey.archiving import CopyOutcome, Purpose
from questionnaire.journey.staffing import clinicians
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.searching import (
    Search,
    chips,
    keep_search,
    kept_search,
    read_search,
)
from questionnaire.web.staff.wording import STATIONS, pairs

blueprint = Blueprint("archive", __name__, url_prefix="/archive")
LAST_PAGE: Final = 100_000
OUTCOMES: Final = {
    CopyOutcome.OFFERED: "Offered, not decided yet",
    CopyOutcome.ACCEPTED: "Accepted",
    CopyOutcome.DECLINED: "Declined",
}


@blueprint.post("")
def ask() -> tuple[str, int] | AnyResponse:
    """Keep what is looked for with the session: names do not belong in addresses."""
    house = the_house()
    if "all" in request.form:
        return redirect(url_for("archive.search"), 303)
    asked = read_search(request.form, today=house.today(), search_id=house.new_id())
    if asked.errors:
        return show_search(asked), 422
    if not asked.typed:
        return redirect(url_for("archive.search"), 303)
    keep_search(session, asked)
    return redirect(url_for("archive.search", search=asked.id), 303)


@blueprint.get("")
def search() -> str:
    """Everything that fits the search in the address, latest appointment first."""
    return show_search(asked_for(request.args.get("search", "")) or Search())


def asked_for(search_id: str) -> Search | None:
    """The search of this session with that id; None when there is none."""
    return kept_search(session, search_id, today=the_house().today())


def show_search(
    asked: Search, errors: tuple[tuple[str, str], ...] = (), *, reason: str = ""
) -> str:
    """The page of a search, with what must be mended; `reason` is what was typed for an export."""
    house = the_house()
    number = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found = archiving.find(house, who(), asked.query, number)
    choices = {
        "treatment": pairs(house.library.treatments.values(), "id", "title"),
        "clinician": pairs(clinicians(house), "id", "name"),
        "status": tuple((it.value, words) for it, words in STATIONS.items() if it in REACHED),
    }
    return render_template(
        "staff/archive.html",
        found=found,
        asked=asked,
        chips=chips(asked, choices),
        choices=choices,
        errors=(*asked.errors, *errors),
        reason=reason,
        documents=archiving.sealed_among(house, who(), asked.query),
        most=exporting.MOST,
        number=number,
        pages=-(-found.total // archiving.PAGE),
    )


@blueprint.get("/<visit_id>")
def consent(visit_id: str) -> str:
    """One consent: where it stands, its seal, its copies, and who did what."""
    note_reading(the_house(), who(), visit_id, IN_THE_ARCHIVE)
    return show_consent(visit_id)


@blueprint.get("/<visit_id>/sealed")
def sealed(visit_id: str) -> Response:
    """Asked by a page that waits for the seal: 202 while it is as the page tells it, then 200.

    `told` is “trouble” on a page that tells why the last try failed.
    """
    found = archiving.consent_page(the_house(), who(), visit_id)
    waits = found.seal is not None and found.seal.sealed_at is None
    as_told = found.in_trouble == (request.args.get("told") == "trouble")
    return Response(status=HTTPStatus.ACCEPTED if waits and as_told else HTTPStatus.OK)


@blueprint.get("/<visit_id>/consent.pdf")
def file(visit_id: str) -> Response:
    """The sealed document; the ledger says who opened it and why."""
    try:
        purpose = Purpose(request.args.get("for", Purpose.READ.value))
    except ValueError:
        raise NotReadable("Open, download or print.") from None
    document = archiving.open_consent(the_house(), who(), visit_id, purpose)
    response = Response(document, mimetype="application/pdf")
    shown = "attachment" if purpose is Purpose.DOWNLOADED else "inline"
    response.headers["Content-Disposition"] = f'{shown}; filename="consent-{visit_id}.pdf"'
    return response


@blueprint.post("/<visit_id>/copy")
def copy(visit_id: str) -> tuple[str, int] | AnyResponse:
    """Record what the patient said to a copy of their own."""
    try:
        outcome = CopyOutcome(request.form.get("outcome", ""))
    except ValueError:
        wrong = (("outcome", "Pick what the patient said."),)
        return show_consent(visit_id, errors=wrong), 422
    how, key = request.form.get("how", ""), one_time_key()
    try:
        archiving.record_copy(the_house(), who(), visit_id, outcome, how, key=key)
    except Slip as slip:
        return show_consent(visit_id, errors=(("how", str(slip)),)), 422
    return redirect(url_for("archive.consent", visit_id=visit_id, _anchor="copies"), 303)


@blueprint.post("/<visit_id>/verify")
def verify(visit_id: str) -> str:
    """Read the archived file again and check it."""
    house, person = the_house(), who()
    document = archiving.open_consent(house, person, visit_id, Purpose.READ)
    return show_consent(visit_id, checked=archiving.verify_file(house, person, document))


@blueprint.post("/<visit_id>/seal-again")
def seal_again(visit_id: str) -> AnyResponse:
    """Have a signed consent tried at once, also one that was set aside."""
    seal_troubles.try_again(the_house(), who(), visit_id)
    return redirect(url_for("archive.consent", visit_id=visit_id), 303)


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> str | tuple[str, int]:
    """Check a file somebody brings: facts, and one word."""
    if request.method == "GET":
        return check_page()
    brought = request.files.get("file")
    document = brought.read() if brought else b""
    if not document:
        return check_page((("file", "Pick a PDF file."),)), 422
    checked = archiving.verify_file(the_house(), who(), document)
    return render_template("staff/check.html", checked=checked)


def check_page(errors: tuple[tuple[str, str], ...] = ()) -> str:
    """The form to bring a file, with what must be mended."""
    return render_template("staff/check.html", checked=None, errors=errors)


def show_consent(visit_id: str, **values: object) -> str:
    """The page of one consent, with a verdict or what must be mended."""
    found = archiving.consent_page(the_house(), who(), visit_id)
    way_out = seal_troubles.way_out(found.seal.problem if found.seal else "")
    return render_template(
        "staff/consent.html", found=found, way_out=way_out, outcomes=OUTCOMES, **values
    )
