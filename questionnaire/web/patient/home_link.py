"""The page behind a home link: a birth date, and with it the form on the patient's own device.

Opening it tells nothing about any link and changes nothing. The secret never reaches the server
in an address: `static/link_secret.js` puts it into the form, or the patient types the code instead.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import BadCode, TooManyTries
from questionnaire.domain.language import to_say
from questionnaire.journey.home_links import Knock, LinkOver, open_at_home
from questionnaire.journey.turns import end_turn, turn_of
from questionnaire.web.dates import date_boxes, read_date, typed_date
from questionnaire.web.display import keep_choices, shows_again
from questionnaire.web.patient.speaking import fresh_page, say, take_along
from questionnaire.web.patient.turn_taking import (
    drop_turn,
    hand_out,
    locked_here,
    one_time_key,
    the_house,
    this_token,
)
from questionnaire.web.tablets import this_tablet

blueprint = Blueprint("home_link", __name__)

_WAIT = "600"
_LONGEST_SECRET = 64
_BORN = "born"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the form: the link's secret or code, and day, month and year of birth."""

    token: str = ""
    code: str = ""
    born: tuple[str, ...] = ("", "", "")

    @classmethod
    def posted(cls) -> Self:
        """As it was sent."""
        token = request.form.get("link", "")[:_LONGEST_SECRET]
        code = request.form.get("code", "").strip()
        return cls(token, code, typed_date(request.form, _BORN))


@blueprint.route("/v", methods=["GET", "POST"])
def page() -> Response:
    """The same page for every link; the right birth date opens the form."""
    if this_tablet(the_house()):
        return redirect(url_for("arrival.code"), 303)
    if request.method == "POST":
        return _posted(_Typed.posted())
    return _page(_Typed())


def _posted(typed: _Typed) -> Response:
    if shows_again():
        return keep_choices(fresh_page() if typed == _Typed() else _page(typed))
    if not (typed.token or typed.code or _resumes()):
        return _page(typed, "code", say(to_say("Type the code from the message")), 400)
    try:
        born = read_date(typed.born, latest=the_house().today())
    except Slip as slip:
        return _page(typed, _BORN, slip.said(say), 400)
    return _open(typed, born)


def _open(typed: _Typed, born: date) -> Response:
    house, before = the_house(), this_token()
    knock = Knock(
        typed.token, typed.code, born, one_time_key(), before, device=request.remote_addr or ""
    )
    try:
        token = open_at_home(house, knock)
    except LinkOver as over:
        return _over(over.status)
    except TooManyTries as refusal:
        wait = _page(typed, _BORN, say(refusal.sentence), refusal.status)
        wait.headers["Retry-After"] = _WAIT
        return wait
    except BadCode as refusal:
        return _page(typed, _BORN, say(refusal.sentence), refusal.status)
    if before:
        end_turn(house, before)
    turn = turn_of(house, token) if token else None
    if token is None or turn is None:
        return drop_turn(redirect(url_for("leaving.goodbye", why="sent", home="1"), 303))
    response = hand_out(redirect(url_for("arrival.start"), 303), token, confirmed=True)
    take_along(turn, response)
    return response


def _resumes() -> bool:
    """Whether this browser holds a turn at home, which a birth date opens again."""
    held = locked_here() or g.turn
    return held is not None and held.at_home


def _page(typed: _Typed, box: str = "", error: str = "", status: int = 200) -> Response:
    body = render_template(
        "patient/home_link.html",
        resumes=_resumes(),
        token=typed.token,
        code=typed.code,
        boxes=date_boxes(_BORN, typed.born, say),
        errors=((box, error),) if error else (),
        key=the_house().new_id(),
        form_id="home-form",
    )
    return make_response(body, status)


def _over(status: int) -> Response:
    phone = the_house().clinic.phone
    return make_response(render_template("patient/home_link_over.html", phone=phone), status)
