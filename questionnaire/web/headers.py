"""What both doors have in common: safe headers on every answer, guarded forms, plain errors."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g, request

from questionnaire.domain.language import in_english
from questionnaire.domain.visible import limit_marks
from questionnaire.settings import Settings
from questionnaire.web.bodies import limit_bodies
from questionnaire.web.error_pages import explain_errors
from questionnaire.web.forgery import refuse_forgery
from questionnaire.web.telephones import tel_here

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MAY_STAY = frozenset({"static", "look.sheet", "look.picture"})
"""What a browser may keep: nothing of a person, at addresses that name what they hold."""
ONE_YEAR = 31_536_000
ONE_HOUR = 3_600


class Asked(Request):
    """A request to either door; HEAD asks for what GET would answer, and no body is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.method == "HEAD":
            self.method = "GET"


def protect(app: Flask, settings: Settings, *, door: str, whose: Callable[[], str]) -> None:
    """Give an app the headers, limits, form tokens and error pages of this house.

    `door` is `patient` or `staff` and names the door's cookies; `whose` tells whom the pages of a
    request are made for (`forgery.py`). The app's secret key must be set before: form tokens are
    made with it. Templates get `csp_nonce`, `csrf_token()` and `t`, which says a sentence in the
    reader's language: in English, until the door knows others.
    """
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=ONE_HOUR, SECURE_COOKIES=settings.secure_cookies)
    app.request_class = Asked
    limit_bodies(app)
    refuse_forgery(app, secure=settings.secure_cookies, door=door, whose=whose)
    explain_errors(app)
    app.context_processor(
        lambda: {"csp_nonce": nonce(), "door": door, "door_start": f"{request.script_root}/"}
    )
    app.jinja_env.globals["t"] = in_english
    app.jinja_env.filters["tel"] = tel_here
    app.jinja_env.finalize = _within_its_line

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(ALWAYS)
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        if settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
        if request.endpoint not in MAY_STAY:
            response.headers["Cache-Control"] = "no-store"
        return response


def _within_its_line(value: object) -> object:
    """What a template puts into a page; a text carries no more marks than its letters can.

    In a box of a form it stands as it was typed, for it is sent again: there templates escape it
    themselves (`|e`), and what is escaped comes by untouched. A box cuts off what overflows it.
    """
    return limit_marks(value) if type(value) is str else value


def nonce() -> str:
    """The word that lets this answer's own scripts run; a new one for every answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    word: str = g.csp_nonce
    return word
