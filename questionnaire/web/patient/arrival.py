"""Arriving: the code from the desk, “is this you?”, and what this form is before it starts."""

from http import HTTPStatus

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.errors import BadCode, TooManyTries
from questionnaire.domain.language import to_say
from questionnaire.domain.whole_form import whole_form
from questionnaire.journey.denying import deny
from questionnaire.journey.intake import pages
from questionnaire.journey.locking import reads_as_pin, resume
from questionnaire.journey.tablets import only_known_tablets
from questionnaire.journey.turns import end_turn, enter_code, turn_of
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.speaking import fresh_page, say, take_along, this_speech
from questionnaire.web.patient.turn_taking import (
    goodbye,
    hand_out,
    locked_here,
    place_of,
    the_house,
    this_turn,
)
from questionnaire.web.tablets import keep_known, this_tablet
from questionnaire.web.whole_form import show_whole_form

blueprint = Blueprint("arrival", __name__)

_SECONDS_A_QUESTION = 12
_WAIT = "600"


@blueprint.route("/", methods=["GET", "POST"])
def code() -> Response | str | tuple[str, int, dict[str, str]]:
    """Where a tablet waits; the code opens one person's turn, or goes on with a locked one."""
    tablet = this_tablet(the_house())
    if tablet is None and only_known_tablets(the_house()):
        return render_template("patient/unknown_tablet.html"), HTTPStatus.FORBIDDEN, {}
    if request.method == "GET":
        page = make_response(_code_page(""))
        return keep_known(page) if tablet else page
    typed = request.form.get("code", "")
    if shows_again():
        is_blank = not typed.strip() or _waits_locked()
        return keep_choices(fresh_page() if is_blank else _code_page("", typed))
    if not typed.strip():
        return _code_page(to_say("Type the code from the desk")), 400, {}
    try:
        token = _open_turn(typed, tablet.id if tablet else None)
    except (BadCode, TooManyTries) as refusal:
        wait = {"Retry-After": _WAIT} if isinstance(refusal, TooManyTries) else {}
        return _code_page(refusal.sentence), refusal.status, wait
    response = hand_out(redirect(url_for("arrival.you"), 303), token)
    turn = turn_of(the_house(), token)
    if turn is not None:
        take_along(turn, response)
    return response


def _open_turn(typed: str, tablet_id: str | None) -> str:
    """The token of the turn this opens; another turn that was open here is over."""
    house, locked = the_house(), locked_here()
    if locked and not locked.at_home and reads_as_pin(typed):
        return resume(house, locked, typed, tablet_id=tablet_id)
    token = enter_code(house, typed, device=request.remote_addr or "", tablet_id=tablet_id)
    before = locked or g.turn
    if before:
        end_turn(house, before.token)
    return token


def _waits_locked() -> bool:
    """Whether a turn that is resumed with a PIN waits here; a PIN is never shown again."""
    locked = locked_here()
    return locked is not None and not locked.at_home


def _code_page(refused: str, typed: str = "") -> str:
    error = say(refused) if refused else ""
    errors = (("code", error),) if error else ()
    is_locked = _waits_locked()
    return render_template(
        "patient/code.html",
        error=error,
        errors=errors,
        typed="" if is_locked else typed,
        is_locked=is_locked,
        form_id="code-form",
    )


@blueprint.get("/go-on")
def go_on() -> Response:
    """To wherever this turn stands now."""
    if g.turn is None:
        return redirect(url_for("arrival.code"), 303)
    return redirect(place_of(g.turn), 303) if place_of(g.turn) else goodbye("sent")


@blueprint.route("/you", methods=["GET", "POST"])
def you() -> Response | str:
    """Name and birth date as the desk wrote them: the right person, or not."""
    turn = this_turn()
    if request.method == "GET":
        return render_template("patient/you.html", patient=turn.visit.patient)
    if request.form.get("me") != "yes":
        deny(the_house(), turn.person, turn.visit)
        return goodbye("not-me")
    return hand_out(
        redirect(place_of(turn) or url_for("arrival.go_on"), 303), turn.token, confirmed=True
    )


@blueprint.get("/start")
def start() -> str:
    """What this is, about how long, who reads it, and what it is not."""
    intake = pages(the_house(), this_turn())
    first = intake.first_open()
    return render_template(
        "patient/start.html",
        minutes=_minutes(len(intake.situation.asked)),
        begun=bool(intake.sheet.rows or intake.situation.answers),
        next_page=url_for("questions.show", page_id=first.id)
        if first
        else url_for("checking.ask_page"),
    )


@blueprint.get("/preview")
def preview() -> str:
    """Every question that may be asked, with its choices, to read before starting."""
    house, speech = the_house(), this_speech()
    treatments = pages(house, this_turn()).situation.treatments
    parts = whole_form(speech.library.questionnaire, treatments, speech.say)
    shown = show_whole_form(parts, today=house.today(), say=speech.say)
    return render_template("patient/preview.html", parts=shown)


def _minutes(questions: int) -> int:
    """About how long it takes, in steps of five minutes."""
    return max(5, round(questions * _SECONDS_A_QUESTION / 60 / 5) * 5)
