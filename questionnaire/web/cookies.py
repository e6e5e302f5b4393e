"""How cookies are named and kept at both doors."""

from datetime import timedelta
from typing import Final

from werkzeug.wrappers import Response

STAFF: Final = "staff"
"""The cookie of somebody signed in at the staff door."""

TABLET: Final = "tablet"
"""The cookie by which a tablet of the clinic is known at both doors."""


def cookie_name(name: str, *, secure: bool) -> str:
    """The full name of a cookie; over https it is bound to this host alone."""
    return f"__Host-{name}" if secure else name


def set_cookie(
    response: Response, name: str, value: str, *, secure: bool, lasts: timedelta | None = None
) -> None:
    """Hand out a cookie that no script can read; it `lasts`, or goes when the browser closes."""
    response.set_cookie(
        cookie_name(name, secure=secure),
        value,
        max_age=lasts,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def drop_cookie(response: Response, name: str, *, secure: bool) -> None:
    """Take a cookie back in this answer."""
    response.delete_cookie(
        cookie_name(name, secure=secure),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
