"""How cookies are named and kept at both doors."""

from werkzeug.wrappers import Response


def cookie_name(name: str, *, secure: bool) -> str:
    """The full name of a cookie; over https it is bound to this host alone."""
    return f"__Host-{name}" if secure else name


def set_cookie(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Hand out a cookie that lasts until the browser closes and that no script can read."""
    response.set_cookie(
        cookie_name(name, secure=secure),
        value,
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
