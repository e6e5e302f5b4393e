"""In which language a patient reads: chosen on any page, kept with the visit.

While a turn runs, the visit's own language counts. On a tablet that waits for a code the choice
stays in a cookie until the code is typed, and goes with that visit; no later person meets it. The
last page belongs to no visit any more: its address says the language.
"""

from flask import Flask, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.speech import Speech
from questionnaire.journey.turns import Turn, read_in
from questionnaire.web.cookies import cookie_name, drop_cookie, set_cookie
from questionnaire.web.display import LANGUAGE_BUTTON
from questionnaire.web.patient.turn_taking import is_secure, the_house

_COOKIE = "language"


def speak(app: Flask) -> None:
    """Hear which language is wished for on any page; templates get `t`."""
    app.before_request(_hear)
    app.after_request(_keep)
    app.jinja_env.globals["t"] = say


def this_speech() -> Speech:
    """The words this page is written in."""
    speech: Speech | None = g.get("speech")
    if speech is None:
        turn: Turn | None = g.get("turn")
        language = turn.visit.language if turn else _without_turn()
        speech = g.speech = the_house().offered_speech(language)
    return speech


def say(sentence: str) -> str:
    """An English sentence in the language of this page."""
    return this_speech().say(sentence)


def take_along(turn: Turn, response: AnyResponse) -> Turn:
    """Give the visit the language that was chosen while the tablet waited for its code."""
    chosen = request.cookies.get(cookie_name(_COOKIE, secure=is_secure()), "")
    if not chosen:
        return turn
    drop_cookie(response, _COOKIE, secure=is_secure())
    return read_in(the_house(), turn, chosen) if _is_offered(chosen) else turn


def _hear() -> None:
    wished = request.form.get(LANGUAGE_BUTTON) if request.method == "POST" else None
    if wished is None:
        return
    if g.turn is not None:
        g.turn = read_in(the_house(), g.turn, wished)
    elif _is_offered(wished):
        g.wished = wished
    else:
        raise NotReadable("Choose one of the buttons.")


def _keep(response: Response) -> Response:
    if wished := g.get("wished"):
        set_cookie(response, _COOKIE, wished, secure=is_secure())
    return response


def _without_turn() -> str:
    kept = request.cookies.get(cookie_name(_COOKIE, secure=is_secure()), SOURCE_LANGUAGE)
    chosen: str = g.get("wished") or request.args.get("language") or kept
    return chosen


def _is_offered(code: str) -> bool:
    return code in {language.code for language in the_house().languages_offered}
