"""Forms that were not sent from our own pages are refused.

Every form carries a token of two halves, both made with the app's secret key: one from a random
cookie, which shows that the page was this browser's, and one from whom the page was made for: the
turn at the patient's door, the person signed in at the staff door. Browsers that say where a
request comes from are believed when they say it is another site.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from flask import Flask, Response, current_app, g, request

from questionnaire.domain.errors import Refusal
from questionnaire.domain.language import to_say
from questionnaire.web.cookies import cookie_name, set_cookie

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_WHOSE = "whose_pages"


TOO_LONG = to_say(
    "This page was open too long, so nothing was saved. Go back, reload it and try again."
)


class SentFromElsewhere(Refusal):
    """Another site made the browser send this."""

    status = 403


class StalePage(Refusal):
    """The form's token is missing, or is not this browser's or not this person's."""

    status = 400

    def __init__(self) -> None:
        super().__init__(TOO_LONG)


def refuse_forgery(app: Flask, *, secure: bool, door: str, whose: Callable[[], str]) -> None:
    """Check every unsafe request; templates get `csrf_token()`.

    `whose` tells whom the pages of this request are made for; empty for nobody.
    """
    name = f"{door}-form"
    app.extensions[_WHOSE] = whose

    def form_token() -> str:
        if "form_seed" not in g:
            kept = request.cookies.get(cookie_name(name, secure=secure), "")
            g.form_seed = kept or secrets.token_hex(32)
            g.form_seed_is_new = not kept
        return _half("form", g.form_seed) + _half("whose", whose())

    app.context_processor(lambda: {"csrf_token": form_token})

    @app.before_request
    def check_token() -> None:
        if request.method in SAFE_METHODS:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise SentFromElsewhere("This came from another site, so nothing was done.")
        seed = request.cookies.get(cookie_name(name, secure=secure), "")
        given, half = _given(), _half("form", seed)
        is_whole = len(given) == len(half) * 2
        if not seed or not is_whole or not _same(given[: len(half)], half):
            raise StalePage

    @app.after_request
    def keep_seed(response: Response) -> Response:
        if g.get("form_seed_is_new"):
            set_cookie(response, name, g.form_seed, secure=secure)
        return response


def refuse_pages_of_others() -> None:
    """Refuse a form whose page was made for another turn or person than is here now.

    Raises `StalePage`. Pages by which a turn begins or somebody signs in must not ask.
    """
    if request.method not in SAFE_METHODS and not made_for_who_is_here():
        raise StalePage


def made_for_who_is_here() -> bool:
    """Whether the token that came with this request was made for whom its pages are made now."""
    half = _half("whose", current_app.extensions[_WHOSE]())
    return _same(_given()[len(half) :], half)


def _given() -> str:
    return request.headers.get(HEADER) or request.form.get(FIELD, "")


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _half(kind: str, of: str) -> str:
    key = current_app.secret_key
    if not key:
        raise RuntimeError("form tokens need the app's secret key")
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, f"{kind}:{of}".encode(), hashlib.sha256).hexdigest()
