"""What helps where the Wi-Fi is poor, with `static/send.js` and `static/service-worker.js`.

A page that its script sends gets the way onward in a header, so that the next page travels once.
Static files carry a word of their content in their address: a browser that keeps them for long
never shows an old one.
"""

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, current_app, request
from werkzeug.wrappers import Response

blueprint = Blueprint("poor_wifi", __name__)

SENT_BY = "X-Sent-By"
ONWARD = "X-Onward"
_WORD_LENGTH = 12


def bear_poor_wifi(app: Flask) -> None:
    """Answer the sending script briefly, and give static files addresses of their own."""
    app.after_request(_say_onward)
    app.url_defaults(_add_version)


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """The keeper of static files; only from here may it serve every page of this door."""
    return current_app.send_static_file("service-worker.js")


def _say_onward(response: Response) -> Response:
    if response.status_code == HTTPStatus.SEE_OTHER and request.headers.get(SENT_BY) == "script":
        response.headers[ONWARD] = response.headers.pop("Location")
        response.status_code = HTTPStatus.NO_CONTENT
        response.set_data(b"")
    return response


def _add_version(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and current_app.static_folder:
        file = Path(current_app.static_folder) / str(values["filename"])
        values["v"] = _version(file, file.stat().st_mtime_ns)


@cache
def _version(file: Path, changed: int) -> str:  # noqa: ARG001  # another time, another content
    return sha256(file.read_bytes()).hexdigest()[:_WORD_LENGTH]
