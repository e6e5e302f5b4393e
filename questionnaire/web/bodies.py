"""What a browser sends: how much at once, and all of it or nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

USUAL_BYTES = 512 * 1024
"""A page of answers or a drawn signature is far below this."""

MOST_FIELDS = 1_000
"""The longest page has about a hundred fields."""

LARGE_BODIES = "LARGE_BODIES"
"""Config key: endpoint → the most bytes it takes, for the few that take files."""


def only_whole_bodies(doors: "WSGIApplication") -> "WSGIApplication":
    """The doors, which are told how long each body is and believe no shorter one.

    The server says of every body that it ends by itself (`wsgi.input_terminated`), also of one
    whose connection was cut; then a page cut in the middle would be saved. Without that word the
    doors count: fewer bytes than `Content-Length` are no request (400). A body sent in chunks
    has no length, and the server itself notices that the last chunk or its end is missing.
    """

    def whole(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return doors(environ, start)

    return whole


def limit_bodies(app: Flask) -> None:
    """Read every body to its end before a route sees it.

    One that was cut off is refused (400), and so is one that is too long or has too many fields
    (413). Only a form that brings files may be larger than usual.
    """
    app.config.update(
        MAX_CONTENT_LENGTH=USUAL_BYTES,
        MAX_FORM_MEMORY_SIZE=USUAL_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
    )
    app.config.setdefault(LARGE_BODIES, {})

    @app.before_request
    def read_whole_body() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        if request.mimetype == "multipart/form-data":
            request.max_content_length = app.config[LARGE_BODIES].get(request.endpoint, USUAL_BYTES)
        try:
            request.get_data(parse_form_data=True)
        except HTTPException:
            request.form = ImmutableMultiDict()  # the page that says so asks it again
            raise
        except Exception as cut:
            request.form = ImmutableMultiDict()
            raise BadRequest from cut
        if sum(1 for _ in request.form.items(multi=True)) > MOST_FIELDS:
            raise RequestEntityTooLarge
