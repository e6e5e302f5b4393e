"""Whose turn it is: the turn's cookie, who may open which page, and the end of a turn.

Only a turn's token travels in the cookie; everything else is on the server. Each page is in
`NEEDS`: a page that is not listed does not exist. A form counts in the turn its page was made in,
and in no other.
"""

from enum import Enum
from http import HTTPStatus
from typing import cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotReadable, WrongStation
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.visit import Station
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.denying import admit
from questionnaire.journey.home_links import opened_at_home
from questionnaire.journey.house import House
from questionnaire.journey.locking import LockedTurn, lock, locked_turn
from questionnaire.journey.turns import Turn, end_turn, turn_of, visit_of_ended_turn
from questionnaire.web.cookies import cookie_name, drop_cookie, set_cookie
from questionnaire.web.display import shows_again
from questionnaire.web.forgery import refuse_pages_of_others
from questionnaire.web.patient.shown_in import language_of_form

STILL_HERE_AFTER = 180
"""Seconds without a touch before the answers are covered."""

STILL_HERE_AFTER_AT_HOME = 29 * 60
"""The same at home, where nobody else waits for the device."""

LOCK_AFTER = 60
"""Seconds the question “Still here?” waits before the turn is locked."""

_COOKIE = "turn"
_MET = ".met"
_KEY_LENGTH = 32
_GOING_ON = frozenset({"later", "typed"})
"""The last words to somebody who goes on later."""

_LAST_WORDS = {
    Station.SUBMITTED: "sent",
    Station.PATIENT_SIGNED: "signed",
    Station.DEFERRED: "more-time",
    Station.DECLINED: "no",
}
"""What the last page says to somebody who has just come to this station."""


class Needs(Enum):
    """What somebody must have done before a page opens."""

    NOTHING = "nothing"
    TURN = "a turn"
    NAME_CONFIRMED = "a turn, and the name confirmed"


NEEDS: dict[str, Needs] = {
    "static": Needs.NOTHING,
    "display.choose": Needs.NOTHING,
    "look.sheet": Needs.NOTHING,
    "look.picture": Needs.NOTHING,
    "poor_wifi.service_worker": Needs.NOTHING,
    "enrolling.page": Needs.NOTHING,
    "arrival.code": Needs.NOTHING,
    "arrival.go_on": Needs.NOTHING,
    "leaving.goodbye": Needs.NOTHING,
    "home_link.page": Needs.NOTHING,
    "arrival.you": Needs.TURN,
    "staying.touched": Needs.TURN,
    "staying.left_alone": Needs.TURN,
    "arrival.start": Needs.NAME_CONFIRMED,
    "arrival.preview": Needs.NAME_CONFIRMED,
    "questions.show": Needs.NAME_CONFIRMED,
    "questions.save": Needs.NAME_CONFIRMED,
    "checking.ask_page": Needs.NAME_CONFIRMED,
    "checking.check_page": Needs.NAME_CONFIRMED,
    "checking.still_true": Needs.NAME_CONFIRMED,
    "reading.overview": Needs.NAME_CONFIRMED,
    "reading.treatment": Needs.NAME_CONFIRMED,
    "reading.quiz": Needs.NAME_CONFIRMED,
    "agreeing.statements": Needs.NAME_CONFIRMED,
    "agreeing.photos": Needs.NAME_CONFIRMED,
    "signing.document": Needs.NAME_CONFIRMED,
    "signing.sign_page": Needs.NAME_CONFIRMED,
    "signing.sign_it": Needs.NAME_CONFIRMED,
    "leaving.not_today": Needs.NAME_CONFIRMED,
}


AT_HOME = frozenset(
    {"arrival.start", "arrival.preview", "questions.show", "questions.save", "checking.ask_page"}
    | {"checking.check_page", "staying.touched", "staying.left_alone"}
)
"""Pages that a turn opened by a home link may open: filling in the form, and nothing else."""


_WHERE_TURNS_BEGIN = frozenset({"arrival.code", "home_link.page"})
"""Pages whose forms end the turn that is open here; sent twice, they may begin the same again."""


def find_turns(app: Flask) -> None:
    """Find out whose turn it is before anything else is looked at."""
    app.before_request(_find)


def take_turns(app: Flask) -> None:
    """Open each page only to whom `NEEDS` says; send people whose turn moved on to where it is."""
    app.before_request(_check)
    app.register_error_handler(WrongStation, lambda _: redirect(url_for("arrival.go_on"), 303))


def the_house() -> House:
    """The clinic's collaborators, with its facts as they stood when this request began."""
    if "house" not in g:
        g.house = up_to_date(current_app.extensions["house"])
    return cast("House", g.house)


def this_turn() -> Turn:
    """The turn this request belongs to; pages that need none must not ask."""
    return cast("Turn", g.turn)


def locked_here() -> LockedTurn | None:
    """The turn that is locked in this browser, if one is."""
    return cast("LockedTurn | None", g.get("locked"))


def still_here_after() -> int:
    """Seconds without a touch before the answers of this turn are covered."""
    turn: Turn | None = g.get("turn")
    return STILL_HERE_AFTER_AT_HOME if turn and turn.at_home else STILL_HERE_AFTER


def one_time_key() -> str:
    """The key posted with this page, so that a double tap saves once. Raises `NotReadable`."""
    key = request.form.get("key", "")
    if len(key) != _KEY_LENGTH or not key.isalnum():
        raise NotReadable("This page is out of date. Please go back and try again.")
    return key


def hand_out(response: Response, token: str, *, confirmed: bool = False) -> Response:
    """Put the turn's token into the reply's cookie; `confirmed` once the name is said to be theirs.

    That is kept where somebody else had this turn's code before.
    """
    turn = turn_of(the_house(), token) if confirmed else None
    if turn is not None:
        admit(the_house(), turn.person, turn.visit)
    value = token + _MET if confirmed else token
    set_cookie(response, _COOKIE, value, secure=is_secure())
    return response


def drop_turn(response: Response) -> Response:
    """Take the turn's cookie back."""
    drop_cookie(response, _COOKIE, secure=is_secure())
    return response


def this_token() -> str:
    """The token in this browser's cookie, whatever it opens; empty without one."""
    return _read_cookie()[0]


def goodbye(why: str) -> Response:
    """End the turn for good and go to the page that says `why`: nothing of it can come back.

    At home, somebody who goes on later keeps a locked turn in this browser.
    """
    response = redirect(
        url_for(
            "leaving.goodbye",
            why=why,
            language=unless_usual(_read_last()),
            home="1" if _is_at_home() else None,
        ),
        303,
    )
    if g.turn is not None and g.turn.at_home and why in _GOING_ON:
        lock(the_house(), g.turn)
    else:
        if g.turn is not None:
            end_turn(the_house(), g.turn.token)
        drop_turn(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def nothing_to_show() -> Response:
    """To a script that asked for no page."""
    return Response(status=HTTPStatus.NO_CONTENT)


def lock_up(*, handed_over: bool = False) -> Response:
    """Lock this turn and show nothing of it; the code page says how it goes on."""
    turn = this_turn()
    lock(the_house(), turn, handed_over=handed_over)
    return to_locked(turn.visit.language, at_home=turn.at_home)


def to_locked(language: str, *, at_home: bool) -> Response:
    """To the page where a locked turn is resumed, in the language its patient reads."""
    page = "home_link.page" if at_home else "arrival.code"
    return redirect(url_for(page, language=unless_usual(language)), 303)


def unless_usual(language: str) -> str | None:
    """What an address says of the language of its page; nothing for the one shown anyway."""
    code = the_house().offered_speech(language).language.code
    return code if language and code != usual_language() else None


def usual_language() -> str:
    """The language of a page of which nobody said any: what the browser asks for, if offered."""
    offered = [one.code for one in the_house().languages_offered]
    return request.accept_languages.best_match(offered, SOURCE_LANGUAGE)


def _read_last() -> str:
    """The language that was read here last: of the turn, also if it is over, or of its form."""
    if g.turn is not None:
        return str(g.turn.visit.language)
    ended = visit_of_ended_turn(the_house(), this_token())
    return language_of_form() or (ended.language if ended else "")


def place_of(turn: Turn) -> str:
    """The address where this turn goes on."""
    station = turn.visit.station
    if station is Station.IN_PROGRESS:
        return url_for("arrival.start")
    if station is Station.CONSENT_READY:
        return url_for("reading.overview")
    return ""


def _find() -> None:
    g.turn, g.met, g.locked = None, False, None
    if request.endpoint != "static":
        token, g.met = _read_cookie()
        g.turn = turn_of(the_house(), token) if token else None
        g.locked = locked_turn(the_house(), token) if token and g.turn is None else None


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    needs = NEEDS.get(request.endpoint)
    if needs is None:
        abort(404)
    if g.turn is not None and (request.endpoint not in _WHERE_TURNS_BEGIN or shows_again()):
        refuse_pages_of_others()
    if needs is Needs.NOTHING:
        return None
    if g.locked is not None:
        return to_locked(g.locked.language, at_home=g.locked.at_home)
    if g.turn is None:
        return goodbye(_how_it_ended())
    return _led_elsewhere(this_turn(), needs)


def _led_elsewhere(turn: Turn, needs: Needs) -> Response | None:
    if turn.at_home:
        is_open = request.endpoint in AT_HOME
        return None if is_open else redirect(url_for("arrival.go_on"), 303)
    if needs is Needs.NAME_CONFIRMED and not g.met:
        return redirect(url_for("arrival.you"), 303)
    return None


def _how_it_ended() -> str:
    """The last words of a turn that is over: those of the reply that may have been lost."""
    ended = visit_of_ended_turn(the_house(), this_token())
    return _LAST_WORDS.get(ended.station, "away") if ended else "away"


def _is_at_home() -> bool:
    """Whether a home link opened the turn of this browser, even if it is over."""
    return bool(this_token()) and opened_at_home(the_house(), this_token())


def _read_cookie() -> tuple[str, bool]:
    value = request.cookies.get(cookie_name(_COOKIE, secure=is_secure()), "")
    return value.removesuffix(_MET), value.endswith(_MET)


def is_secure() -> bool:
    """Whether cookies travel over https alone."""
    return bool(current_app.config["SECURE_COOKIES"])
