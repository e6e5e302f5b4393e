"""The desk: the day by station, and each visit with its code and what can be done."""

from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import ChangedMeanwhile
from questionnaire.domain.identity import IDENTITY_DOCUMENTS
from questionnaire.domain.visit import MOVES, Move, Station, Visit
from questionnaire.journey import archiving, arranging, changing, parting
from questionnaire.journey.access import AT_THE_DESK, note_reading
from questionnaire.journey.home_links import LINK_STATIONS, LinkState, Secret, link_state
from questionnaire.journey.home_mail import link_words
from questionnaire.journey.parting import whose
from questionnaire.journey.settling import may_settle, why_not_now
from questionnaire.web.staff.dates import read_day
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.searching import keep_search, kept_search, read_search
from questionnaire.web.staff.wording import CODE_WORKS_UNTIL, NEXT_WITHOUT_CODE

blueprint = Blueprint("desk", __name__)
Page = str | tuple[str, int] | Response
WITH_CODE: Final = frozenset({Station.ARRANGED, Station.IN_PROGRESS, Station.CONSENT_READY})
"""Stations at which the patient has something to do on the tablet."""

CODE, _WITNESS, HOME_LINK = "visit_code", "witness_code", "home_link"
"""Where the session keeps a code or link just given: nothing else holds it in clear."""

A_DAY: Final = timedelta(days=1)


@blueprint.get("/desk")
def day() -> Page:
    """Today's visits, or another day's, by appointment."""
    typed, today = request.args.get("on", "").strip(), the_house().today()
    try:
        return day_page(read_day(typed, today=today) if typed else today)
    except Slip as slip:
        return day_page(today, box="on", typed=typed, sentence=str(slip)), 422


def day_page(on: date, *, box: str = "", typed: str = "", sentence: str = "") -> str:
    """The list of a day, with what must be mended in one of the boxes above it."""
    house = the_house()
    lines = arranging.day(house, who(), on)
    by_station = {at: [one for one in lines if one.visit.station is at] for at in Station}
    return render_template(
        "staff/day.html",
        on=on,
        before=on - A_DAY,
        after=on + A_DAY,
        today=house.today(),
        typed={"on": on.isoformat(), "name": "", "reference": ""} | ({box: typed} if box else {}),
        lines=lines,
        by_station=by_station,
        errors=((box, sentence),) if sentence else (),
    )


@blueprint.post("/desk/find")
def find() -> Page:
    """Keep the name with the session, as the archive does, and show who has it."""
    house = the_house()
    asked = read_search(
        {"name": request.form.get("name", "")}, today=house.today(), search_id=house.new_id()
    )
    if not asked.typed:
        return day_page(house.today(), box="name", sentence="Write a part of the name."), 422
    keep_search(session, asked)
    return redirect(url_for("desk.found", search=asked.id), 303)


@blueprint.get("/desk/found")
def found() -> Page:
    """Visits of patients with the name that was looked for, latest appointment first."""
    house = the_house()
    asked = kept_search(session, request.args.get("search", ""), today=house.today())
    if asked is None:
        return redirect(url_for("desk.day"), 303)
    visits = archiving.find(house, who(), asked.query)
    return render_template("staff/found.html", name=asked.query.name, found=visits)


@blueprint.get("/desk/visits/<visit_id>")
def visit(visit_id: str) -> str:
    """One visit at the desk: where it stands, its code if it was just given, what can be done."""
    note_reading(the_house(), who(), visit_id, AT_THE_DESK)
    return visit_page(visit_id)


def visit_page(visit_id: str, errors: tuple[tuple[str, str], ...] = ()) -> str:
    """The page of one visit, with what must be mended."""
    house = the_house()
    found, home = link_state(house, who(), visit_id)
    code = _shown_code(CODE, visit_id)
    has_code = code and found.station in WITH_CODE
    code_until = arranging.code_until(house, who(), visit_id, code) if has_code else None
    witness_until = _witness_until(found)
    return render_template(
        "staff/visit.html",
        visit=found,
        whose=whose(the_house(), who(), visit_id),
        may_settle_who=may_settle(who(), found),
        why_not_who=why_not_now(found),
        documents=tuple((words, words) for words in IDENTITY_DOCUMENTS),
        home=home,
        shown=_shown_link(found, home),
        may_mail=current_app.extensions["settings"].mail is not None,
        may_have_link=found.station in LINK_STATIONS,
        errors=errors,
        code=code if code_until else "",
        code_until=code_until,
        witness=_shown_code(_WITNESS, visit_id) if witness_until else "",
        witness_until=witness_until,
        works_until=CODE_WORKS_UNTIL.get(found.station, ""),
        next_step=NEXT_WITHOUT_CODE[found.station],
        may_have_code=found.station in WITH_CODE,
        may_change=changing.may_change(found),
        changes=changing.changes_of(house, visit_id),
        may_reopen=_can(found, Move.REOPEN),
        may_stop=_can(found, Move.STOP),
    )


@blueprint.post("/desk/visits/<visit_id>/code")
def new_code(visit_id: str) -> Response:
    """A fresh code; the old one opens nothing any more."""
    return with_code(CODE, visit_id, arranging.new_code(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/witness")
def witness(visit_id: str) -> Response:
    """A code that a member of staff types on the tablet to witness a signature."""
    return with_code(_WITNESS, visit_id, arranging.witness_code(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/reopen")
def reopen(visit_id: str) -> Response:
    """Give the form back to the patient, with a fresh code."""
    return with_code(CODE, visit_id, arranging.reopen(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/stop")
def stop(visit_id: str) -> Page:
    """Close a visit that will not go on."""
    try:
        arranging.stop(the_house(), who(), visit_id, request.form.get("words", ""))
    except Slip as slip:
        return visit_page(visit_id, errors=(("words", str(slip)),)), 422
    except ChangedMeanwhile as changed:
        return visit_page(visit_id, errors=(("words", changed.whole),)), changed.status
    return redirect(url_for("desk.visit", visit_id=visit_id))


@blueprint.post("/desk/visits/<visit_id>/part")
def part(visit_id: str) -> Page:
    """Give a visit a patient of its own: it was taken for one of somebody else."""
    words = request.form.get("part-words", "")
    try:
        parting.part(the_house(), who(), visit_id, words, key=one_time_key())
    except Slip as slip:
        return visit_page(visit_id, errors=(("part-words", str(slip)),)), 422
    except ChangedMeanwhile as changed:
        return visit_page(visit_id, errors=(("part-words", changed.whole),)), changed.status
    return redirect(url_for("desk.visit", visit_id=visit_id), 303)


def with_code(kind: str, visit_id: str, code: str) -> Response:
    """Keep a code just given with the session, and go to the page that shows it."""
    made_at = the_house().clock().isoformat()
    session[kind] = {"visit": visit_id, "code": code, "made_at": made_at}
    return redirect(url_for("desk.visit", visit_id=visit_id), 303)


def _shown_code(kind: str, visit_id: str) -> str:
    kept = session.get(kind, {})
    return str(kept["code"]) if kept.get("visit") == visit_id else ""


def _witness_until(found: Visit) -> datetime | None:
    """Until when the witness code just given works; None once it does not."""
    kept = session.get(_WITNESS, {})
    if kept.get("visit") != found.id or found.station is not Station.CONSENT_READY:
        return None
    until = datetime.fromisoformat(kept["made_at"]) + arranging.WITNESS_CODE_LIVES
    return until if until > the_house().clock() else None


def _shown_link(found: Visit, home: LinkState | None) -> dict[str, str] | None:
    """A link just made, until it is opened: as words to send, and as addresses that carry them."""
    kept = session.get(HOME_LINK, {})
    if home is None or not home.works or home.link.opened_at or kept.get("link") != home.link.id:
        return None
    secret = Secret(str(kept["token"]), str(kept["code"]))
    words = link_words(the_house(), found, current_app.config["PUBLIC_ADDRESS"], secret)
    typed = quote(words)
    return {
        "words": words,
        "sms": f"sms:?&body={typed}",
        "whatsapp": f"https://wa.me/?text={typed}",
    }


def _can(found: Visit, move: Move) -> bool:
    return found.station in MOVES[move][0]
