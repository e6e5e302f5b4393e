"""A file that is too large for its form: told beside the box, on the page of the form."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from flask import Flask, g, request
from flask_security import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from questionnaire.documents.verdict import LARGEST_FILE
from questionnaire.look import LARGEST_LOGO
from questionnaire.web.error_pages import SENTENCES, error_page
from questionnaire.web.staff import archive, setting_up
from questionnaire.web.staff.policy import ALLOWED, acting
from questionnaire.web.staff.proving import is_proven

TOO_LARGE: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
Errors = tuple[tuple[str, str], ...]
PAGES: Final[Mapping[str, tuple[Callable[[Errors], str], Errors]]] = {
    "archive.check": (
        archive.check_page,
        (("file", f"This file is too large: {LARGEST_FILE // 1_000_000} MB at most."),),
    ),
    "setting_up.change_look": (
        setting_up.look_page,
        (("logo_file", f"This file is too large: {LARGEST_LOGO // 1_000_000} MB at most."),),
    ),
}
"""Form that takes a file → its page, and what stands beside the box."""


def tell_beside_the_box(app: Flask) -> None:
    """Show the page of the form again to those who may open it; to others the usual refusal."""

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response | tuple[str, int]:
        endpoint = request.endpoint or ""
        person = acting(current_user, ALLOWED.get(endpoint, ())) if is_proven() else None
        if endpoint not in PAGES or person is None:
            return error_page(TOO_LARGE, SENTENCES[TOO_LARGE])
        g.person, g.shows_all = person, True
        page, errors = PAGES[endpoint]
        return page(errors), TOO_LARGE
