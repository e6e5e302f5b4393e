"""In which language a patient reads: chosen on any page, kept with the visit.

While a turn runs, the visit's own language counts. A form that was made in no turn, or in another
one, is answered in the language of its page (`shown_in.py`). On a tablet that waits for a code the
choice stays in a cookie until the code is typed, and goes with that visit; no later person meets
it. A page after a turn says its language in its address, and a locked turn knows its own.
"""

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.speech import Speech
from questionnaire.journey.turns import Turn, read_in
from questionnaire.web.cookies import cookie_name, drop_cookie, set_cookie
from questionnaire.web.display import LANGUAGE_BUTTON
from questionnaire.web.forgery import made_for_who_is_here
from questionnaire.web.patient.shown_in import language_of_form
from questionnaire.web.patient.turn_taking import (
    NEEDS,
    Needs,
    is_secure,
    locked_here,
    the_house,
    unless_usual,
    usual_language,
)

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
        speech = g.speech = the_house().offered_speech(_language())
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


def start_in_this_language() -> str:
    """The address where this door starts, in the language of this page."""
    return url_for("arrival.code", language=unless_usual(this_speech().language.code))


def here_in_this_language() -> str:
    """The address of this page; without a turn it says the language."""
    said = None if g.get("turn") else unless_usual(this_speech().language.code)
    return f"{request.script_root}{request.path}" + (f"?language={said}" if said else "")


def fresh_page() -> AnyResponse:
    """To this page made anew, for a button that was pressed where nothing is typed.

    So Back leads to a page, and not to a form that the browser asks to send again.
    """
    return redirect(here_in_this_language(), 303)


def _hear() -> None:
    wished = request.form.get(LANGUAGE_BUTTON) if request.method == "POST" else None
    if wished is None:
        return
    if g.turn is not None:
        g.turn = read_in(the_house(), g.turn, wished)
    elif not _is_offered(wished):
        raise NotReadable("Choose one of the buttons.")
    g.wished = wished


def _keep(response: Response) -> Response:
    if g.get("wished") and g.turn is None:
        set_cookie(response, _COOKIE, g.wished, secure=is_secure())
    return response


def _language() -> str:
    """The code of the language of this page: what was said last about it comes first."""
    if wished := g.get("wished"):
        return str(wished)
    turn: Turn | None = g.get("turn")
    if turn is not None and _is_of_the_turn():
        return turn.visit.language
    kept = request.cookies.get(cookie_name(_COOKIE, secure=is_secure()))
    led_here = request.args.get("language")
    locked = locked_here()
    waits = locked.language if locked else usual_language()
    return language_of_form() or kept or led_here or waits


def _is_of_the_turn() -> bool:
    """Whether this is a page of the turn that runs: one that is opened, or answers its form."""
    if not language_of_form():
        return True
    needs = NEEDS.get(request.endpoint or "", Needs.NOTHING)
    return needs is not Needs.NOTHING and made_for_who_is_here()


def _is_offered(code: str) -> bool:
    return code in {language.code for language in the_house().languages_offered}
