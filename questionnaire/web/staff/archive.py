"""The archive: find consents, open them, check files, and hand patients their copy."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import Station
from questionnaire.journey import archiving
from questionnaire.journey.access import IN_THE_ARCHIVE, note_reading
from questionnaire.journey.archiving import CopyOutcome, Purpose
from questionnaire.journey.staffing import clinicians
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.wording import STATIONS

blueprint = Blueprint("archive", __name__, url_prefix="/archive")
LAST_PAGE: Final = 100_000
_ASKED: Final = "archive_search"
_BOXES: Final = ("name", "born", "code", "treatment", "clinician", "status", "since", "until")
_LONGEST: Final = 200
OUTCOMES: Final = {
    CopyOutcome.OFFERED: "Offered, not decided yet",
    CopyOutcome.ACCEPTED: "Accepted",
    CopyOutcome.DECLINED: "Declined",
}


@blueprint.post("")
def ask() -> AnyResponse:
    """Keep what is looked for with the session: names do not belong in addresses."""
    typed = {} if "all" in request.form else request.form
    session[_ASKED] = {box: typed.get(box, "").strip()[:_LONGEST] for box in _BOXES}
    return redirect(url_for("archive.search"), 303)


@blueprint.get("")
def search() -> str:
    """Everything that fits what was looked for last, latest appointment first."""
    house, asked = the_house(), _asked(session)
    query, wrong = query_asked(session)
    number = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found = archiving.find(house, who(), query, number)
    return render_template(
        "staff/archive.html",
        found=found,
        asked=asked,
        errors=wrong,
        number=number,
        pages=-(-found.total // archiving.PAGE),
        treatments=tuple(house.library.treatments.values()),
        clinicians=clinicians(house),
        stations=tuple(STATIONS.items()),
    )


@blueprint.get("/<visit_id>")
def consent(visit_id: str) -> str:
    """One consent: where it stands, its seal, its copies, and who did what."""
    note_reading(the_house(), who(), visit_id, IN_THE_ARCHIVE)
    return show_consent(visit_id)


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


@blueprint.route("/check", methods=["GET", "POST"])
def check() -> str | tuple[str, int]:
    """Check a file somebody brings: facts, and one word."""
    if request.method == "GET":
        return render_template("staff/check.html", checked=None)
    brought = request.files.get("file")
    document = brought.read() if brought else b""
    if not document:
        wrong = (("file", "Pick a PDF file."),)
        return render_template("staff/check.html", checked=None, errors=wrong), 422
    checked = archiving.verify_file(the_house(), who(), document)
    return render_template("staff/check.html", checked=checked)


def query_asked(kept: Mapping[str, Any]) -> tuple[archiving.Query, list[tuple[str, str]]]:
    """What a session looks for, and which of its boxes could not be read."""
    asked, wrong = _asked(kept), list[tuple[str, str]]()
    query = archiving.Query(
        name=asked["name"],
        date_of_birth=_day("born", asked, wrong),
        treatment=asked["treatment"],
        clinician_id=asked["clinician"],
        since=_day("since", asked, wrong),
        until=_day("until", asked, wrong),
        status=Station(asked["status"]) if asked["status"] in set(Station) else None,
        code=asked["code"],
    )
    return query, wrong


def _asked(kept: Mapping[str, Any]) -> dict[str, str]:
    typed: dict[str, str] = kept.get(_ASKED, {})
    return dict.fromkeys(_BOXES, "") | typed


def show_consent(visit_id: str, **values: object) -> str:
    """The page of one consent, with a verdict or what must be mended."""
    found = archiving.consent_page(the_house(), who(), visit_id)
    return render_template("staff/consent.html", found=found, outcomes=OUTCOMES, **values)


def _day(name: str, asked: Mapping[str, str], wrong: list[tuple[str, str]]) -> date | None:
    """A date box of the search form; one that cannot be read is reported and left out."""
    text = asked[name]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        wrong.append((name, "Write the date like 1985-03-27."))
        return None
