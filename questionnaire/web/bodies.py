"""How much a browser may send at once."""

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

USUAL_BYTES = 512 * 1024
"""A page of answers or a drawn signature is far below this."""

MOST_FIELDS = 1_000
"""The longest page has about a hundred fields."""

LARGE_BODIES = "LARGE_BODIES"
"""Config key: endpoint → the most bytes it takes, for the few that take files."""


def limit_bodies(app: Flask) -> None:
    """Refuse bodies that are too long or have too many fields (413) before a route sees them."""
    app.config.update(
        MAX_CONTENT_LENGTH=USUAL_BYTES,
        MAX_FORM_MEMORY_SIZE=USUAL_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
    )
    app.config.setdefault(LARGE_BODIES, {})

    @app.before_request
    def look_at_size() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        request.max_content_length = app.config[LARGE_BODIES].get(request.endpoint, USUAL_BYTES)
        if sum(1 for _ in request.form.items(multi=True)) > MOST_FIELDS:
            raise RequestEntityTooLarge
