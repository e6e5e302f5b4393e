"""Forms that were not sent from our own pages are refused.

Every form carries a token made from a random cookie with the app's secret key. Browsers that say
where a request comes from are believed when they say it is another site.
"""

import hashlib
import hmac
import secrets

from flask import Flask, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from questionnaire.domain.errors import Refusal
from questionnaire.web.cookies import cookie_name, drop_cookie, set_cookie

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


class SentFromElsewhere(Refusal):
    """Another site made the browser send this."""

    status = 403


class StalePage(Refusal):
    """The form's token is missing or is not this browser's."""

    status = 400


def refuse_forgery(app: Flask, *, secure: bool, door: str) -> None:
    """Check every unsafe request; templates get `csrf_token()`."""
    name = _cookie_of(door)

    def form_token() -> str:
        if "form_seed" not in g:
            kept = request.cookies.get(cookie_name(name, secure=secure), "")
            g.form_seed = kept or secrets.token_hex(32)
            g.form_seed_is_new = not kept
        return _token(app, g.form_seed)

    app.context_processor(lambda: {"csrf_token": form_token})

    @app.before_request
    def check_token() -> None:
        if request.method in SAFE_METHODS:
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise SentFromElsewhere("This came from another site, so nothing was done.")
        seed = request.cookies.get(cookie_name(name, secure=secure), "")
        given = request.headers.get(HEADER) or request.form.get(FIELD, "")
        if not seed or not hmac.compare_digest(given.encode(), _token(app, seed).encode()):
            raise StalePage(
                "This page was open too long, so nothing was saved. Go back, reload it and try "
                "again."
            )

    @app.after_request
    def keep_seed(response: Response) -> Response:
        if g.get("form_seed_is_new"):
            set_cookie(response, name, g.form_seed, secure=secure)
        return response


def forget_forms(response: AnyResponse, *, secure: bool, door: str) -> None:
    """Forms this browser was given so far are refused from now on: their pages are over."""
    g.form_seed_is_new = False
    drop_cookie(response, _cookie_of(door), secure=secure)


def _cookie_of(door: str) -> str:
    return f"{door}-form"


def _token(app: Flask, seed: str) -> str:
    key = app.secret_key
    if not key:
        raise RuntimeError("form tokens need the app's secret key")
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, f"form:{seed}".encode(), hashlib.sha256).hexdigest()
