"""A turn that is touched, and one that is left alone: what `static/turn.js` tells the server."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from questionnaire.journey.turns import still_here
from questionnaire.web.patient.turn_taking import lock_up, nothing_to_show, the_house, this_turn

blueprint = Blueprint("staying", __name__)


@blueprint.post("/still-here")
def touched() -> Response:
    """Somebody touched the page a moment ago, so the turn is not left alone."""
    still_here(the_house(), this_turn())
    return nothing_to_show()


@blueprint.post("/lock")
def left_alone() -> Response:
    """Nobody is there, or the tablet is handed over: nothing is shown until the turn is resumed."""
    return lock_up(handed_over=bool(request.form.get("handed_over")))
