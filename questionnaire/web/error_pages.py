"""Refusals and faults as pages: what happened in plain words, and nothing about the inside."""

import logging
import secrets
import traceback
from http import HTTPStatus

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from questionnaire.domain.errors import Refusal
from questionnaire.domain.language import to_say

log = logging.getLogger(__name__)

WAIT_SECONDS = 60
SENTENCES = {
    HTTPStatus.BAD_REQUEST: to_say(
        "Something in the request could not be read, so nothing was done."
    ),
    HTTPStatus.FORBIDDEN: to_say("This is not open to you."),
    HTTPStatus.NOT_FOUND: to_say("There is no such page. Check the address, or start again."),
    HTTPStatus.METHOD_NOT_ALLOWED: to_say("This page cannot be used in that way."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: to_say(
        "What was sent is too large, so nothing was saved."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: to_say("Too many tries. Please wait a little."),
}
TITLES = {
    HTTPStatus.BAD_REQUEST: to_say("This did not work"),
    HTTPStatus.FORBIDDEN: to_say("Not open to you"),
    HTTPStatus.NOT_FOUND: to_say("Page not found"),
    HTTPStatus.CONFLICT: to_say("Not possible just now"),
    HTTPStatus.TOO_MANY_REQUESTS: to_say("Please wait a little"),
    HTTPStatus.SERVICE_UNAVAILABLE: to_say("Please try again in a minute"),
}
FAULT = to_say("Something went wrong on our side. Nothing you sent before this page was lost.")


def explain_errors(app: Flask) -> None:
    """Make a page of every refusal and fault, with its status and the door's own layout."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        reasons: tuple[str, ...] = getattr(refusal, "reasons", ())
        start = getattr(refusal, "start", "")
        return error_page(refusal.status, refusal.sentence, reasons=reasons, start=start)

    @app.errorhandler(HTTPException)
    def unusual(error: HTTPException) -> Response | HTTPException:
        if isinstance(error, RoutingException) or error.code is None:
            return error
        page = error_page(error.code, SENTENCES.get(HTTPStatus(error.code), FAULT))
        for name, value in error.get_headers():
            if name == "Allow":
                page.headers[name] = value
        return page

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        number = secrets.token_hex(4)
        log.error("Fault %s: %s at %s", number, type(error).__name__, _places(error))
        busy = isinstance(error, OSError)
        status = HTTPStatus.SERVICE_UNAVAILABLE if busy else HTTPStatus.INTERNAL_SERVER_ERROR
        return error_page(status, FAULT, number=number)


def error_page(
    status: int,
    sentence: str,
    *,
    reasons: tuple[str, ...] = (),
    number: str = "",
    start: str = "",
) -> Response:
    """The page; if that cannot be drawn, the sentence alone. `start` if not this door's own."""
    title = TITLES.get(HTTPStatus(status), to_say("This did not work"))
    try:
        body = render_template(
            "errors/page.html",
            title=title,
            sentence=sentence,
            reasons=reasons,
            number=number,
            start=start,
        )
        response = make_response(body, status)
    except Exception as error:  # noqa: BLE001  # an error page must always come out
        log.error("Error page: %s at %s", type(error).__name__, _places(error))  # noqa: TRY400
        response = make_response(f"{title}. {sentence} {number}".strip(), status)
        response.mimetype = "text/plain"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def _places(error: Exception) -> str:
    """Where it happened, without the words of the error: they may hold an answer or a name."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
