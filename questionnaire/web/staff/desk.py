"""The desk: arrange a visit in one short form, hand over its code, and see the day by station."""

from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import IDENTITY_CHECKS, IDENTITY_DOCUMENTS
from questionnaire.domain.visible import is_blank
from questionnaire.domain.visit import MOVES, Move, Station, Visit
from questionnaire.journey import archiving, arranging, changing, parting
from questionnaire.journey.access import AT_THE_DESK, note_reading
from questionnaire.journey.doubting import Doubt, Doubtful
from questionnaire.journey.home_links import LINK_STATIONS, LinkState, Secret, link_state
from questionnaire.journey.home_mail import link_words
from questionnaire.journey.parting import whose
from questionnaire.journey.settling import SETTLED_AT
from questionnaire.journey.staffing import clinicians
from questionnaire.web.staff.arranging_form import (
    ANOTHER_PERSON,
    NOT_SURE,
    ArrangingForm,
)
from questionnaire.web.staff.dates import read_day
from questionnaire.web.staff.house import one_time_key, the_house, who
from questionnaire.web.staff.searching import keep_search, kept_search, read_search

blueprint = Blueprint("desk", __name__)
Page = str | tuple[str, int] | Response
WITH_CODE: Final = frozenset({Station.ARRANGED, Station.IN_PROGRESS, Station.CONSENT_READY})
"""Stations at which the patient has something to do on the tablet."""

_CODE, _WITNESS, HOME_LINK = "visit_code", "witness_code", "home_link"
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


@blueprint.route("/desk/arrange", methods=["GET", "POST"])
def arrange() -> Page:
    """The form; once it can be read, the visit is arranged and its code shown."""
    house = the_house()
    doctors = clinicians(house)
    if request.method == "GET":
        return _form(ArrangingForm.blank(house, doctors))
    form, key = ArrangingForm.posted(request.form), one_time_key()
    wanted = form.read(house, doctors)
    if wanted is None:
        return _form(form), 422
    try:
        arranged = arranging.arrange(house, who(), wanted, key=key)
    except Slip as slip:
        form.errors.append(("full_name", str(slip)))
        return _form(form), 422
    except arranging.WhoIsIt as asked:
        form.errors.append(("person", asked.sentence))
        return _form(form, maybe_same=asked.found), asked.status
    except Doubtful as asked:
        return _form(form, doubts=asked.found), asked.status
    return _with_code(_CODE, arranged.visit.id, arranged.code)


@blueprint.route("/desk/visits/<visit_id>/change", methods=["GET", "POST"])
def change(visit_id: str) -> Page:
    """The details of a visit in the same form, with the reason why they change."""
    house, person = the_house(), who()
    visit, _ = link_state(house, person, visit_id)
    changing.refuse_signed(visit)
    if request.method == "GET":
        return _form(ArrangingForm.of_visit(house, visit), visit=visit)
    form, key = ArrangingForm.posted(request.form), one_time_key()
    wanted = form.read(house, clinicians(house), (visit.identity_check, *IDENTITY_CHECKS))
    words = request.form.get("words", "")
    if is_blank(words):
        form.errors.append(("words", changing.SAY_WHY))
    if wanted is None or form.errors:
        return _form(form, visit=visit), 422
    try:
        changed = changing.change_details(house, person, visit_id, wanted, words, key=key)
    except Slip as slip:
        form.errors.append(("words", str(slip)))
        return _form(form, visit=visit), 422
    except Doubtful as asked:
        return _form(form, visit=visit, doubts=asked.found), asked.status
    if changed.code:
        return _with_code(_CODE, visit_id, changed.code)
    return redirect(url_for("desk.visit", visit_id=visit_id), 303)


@blueprint.get("/desk/visits/<visit_id>")
def visit(visit_id: str) -> str:
    """One visit at the desk: where it stands, its code if it was just given, what can be done."""
    note_reading(the_house(), who(), visit_id, AT_THE_DESK)
    return visit_page(visit_id)


def visit_page(visit_id: str, errors: tuple[tuple[str, str], ...] = ()) -> str:
    """The page of one visit, with what must be mended."""
    house = the_house()
    found, home = link_state(house, who(), visit_id)
    code = _shown_code(_CODE, visit_id)
    has_code = code and found.station in WITH_CODE
    code_until = arranging.code_until(house, who(), visit_id, code) if has_code else None
    witness_until = _witness_until(found)
    return render_template(
        "staff/visit.html",
        visit=found,
        whose=whose(the_house(), who(), visit_id),
        may_settle_who=found.station in SETTLED_AT,
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
        may_have_code=found.station in WITH_CODE,
        may_change=changing.may_change(found),
        changes=changing.changes_of(house, visit_id),
        may_reopen=_can(found, Move.REOPEN),
        may_stop=_can(found, Move.STOP),
    )


@blueprint.post("/desk/visits/<visit_id>/code")
def new_code(visit_id: str) -> Response:
    """A fresh code; the old one opens nothing any more."""
    return _with_code(_CODE, visit_id, arranging.new_code(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/witness")
def witness(visit_id: str) -> Response:
    """A code that a member of staff types on the tablet to witness a signature."""
    return _with_code(_WITNESS, visit_id, arranging.witness_code(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/reopen")
def reopen(visit_id: str) -> Response:
    """Give the form back to the patient, with a fresh code."""
    return _with_code(_CODE, visit_id, arranging.reopen(the_house(), who(), visit_id))


@blueprint.post("/desk/visits/<visit_id>/stop")
def stop(visit_id: str) -> Page:
    """Close a visit that will not go on."""
    try:
        arranging.stop(the_house(), who(), visit_id, request.form.get("words", ""))
    except Slip as slip:
        return visit_page(visit_id, errors=(("words", str(slip)),)), 422
    return redirect(url_for("desk.visit", visit_id=visit_id))


@blueprint.post("/desk/visits/<visit_id>/part")
def part(visit_id: str) -> Page:
    """Give a visit a patient of its own: it was taken for one of somebody else."""
    words = request.form.get("part-words", "")
    try:
        parting.part(the_house(), who(), visit_id, words, key=one_time_key())
    except Slip as slip:
        return visit_page(visit_id, errors=(("part-words", str(slip)),)), 422
    return redirect(url_for("desk.visit", visit_id=visit_id), 303)


def _form(
    form: ArrangingForm,
    *,
    visit: Visit | None = None,
    maybe_same: tuple[arranging.MaybeSame, ...] = (),
    doubts: tuple[Doubt, ...] = (),
) -> str:
    """The form of a new visit, or of the one that changes, with what there is to ask or to mend."""
    house = the_house()
    checks = dict.fromkeys([visit.identity_check, *IDENTITY_CHECKS] if visit else IDENTITY_CHECKS)
    return render_template(
        "staff/arrange.html",
        form=form,
        errors=form.errors,
        visit=visit,
        maybe_same=maybe_same,
        doubts=doubts,
        another_person=ANOTHER_PERSON,
        treatments=tuple(house.library.treatments.values()),
        not_sure=NOT_SURE,
        clinicians=clinicians(house),
        languages_offered=tuple((it.code, it.name) for it in house.languages_offered),
        identity_checks=tuple((words, words) for words in checks),
    )


def _with_code(kind: str, visit_id: str, code: str) -> Response:
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
