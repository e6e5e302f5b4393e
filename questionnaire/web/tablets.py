"""Whether the browser that asks is one of the clinic's tablets: both doors look at its cookie."""

from datetime import timedelta

from flask import current_app, g, request
from werkzeug.wrappers import Response

from questionnaire.journey.house import House
from questionnaire.journey.tablets import known_tablet
from questionnaire.records.tablets import Tablet
from questionnaire.web.cookies import STAFF, TABLET, cookie_name, set_cookie

LASTS = timedelta(days=400)
"""As long as browsers keep a cookie at most; each look at the first page begins it anew."""


def this_tablet(house: House) -> Tablet | None:
    """The tablet this request comes from; None for a browser that is not, or no longer, known."""
    token = _held(TABLET)
    tablet = known_tablet(house, token) if token else None
    g.tablet = tablet
    return tablet


def keep_known(response: Response, token: str = "") -> Response:
    """Let this browser keep the secret it is known by: a new one, or the one it has."""
    secret = token or _held(TABLET)
    set_cookie(response, TABLET, secret, secure=_is_secure(), lasts=LASTS)
    return response


def staff_are_signed_in() -> bool:
    """Whether somebody is signed in at the staff door in this browser, as far as it says."""
    return bool(_held(STAFF))


def _held(name: str) -> str:
    return request.cookies.get(cookie_name(name, secure=_is_secure()), "")


def _is_secure() -> bool:
    return bool(current_app.config["SECURE_COOKIES"])
