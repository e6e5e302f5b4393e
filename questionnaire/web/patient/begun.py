"""What stands in the boxes of a page that was left and not sent, with `static/keep.js`."""

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response

from questionnaire.journey.begun import Boxes, boxes_begun, boxes_compared, keep_boxes
from questionnaire.web.patient.meanwhile import carried, carried_anew, was_made_from
from questionnaire.web.patient.turn_taking import (
    nothing_to_show,
    one_time_key,
    the_house,
    this_turn,
)


def is_only_begun() -> bool:
    """Whether this tells what stands in the boxes, and sends nothing."""
    return "typed" in request.form


def keep_begun(page: str, *names: str) -> Response:
    """Keep what stands in the boxes of these names."""
    boxes, was = _sent(names), was_made_from()
    keep_boxes(the_house(), this_turn(), page, boxes, key=one_time_key(), was=was)
    return nothing_to_show()


def made_from(page: str) -> str:
    """What the form of a page carries: what stands in its boxes as it is made.

    To be asked before the boxes themselves, so that it is never newer than what is shown.
    """
    return carried(boxes_compared(the_house(), this_turn(), page))


def made_anew(page: str) -> str:
    """The same once a page was sent, and is shown again with what stands then."""
    return carried_anew(boxes_compared(the_house(), this_turn(), page))


def boxes_of(page: str, *names: str) -> Boxes:
    """What a page shows in its boxes: as sent just now or begun before; empty where neither."""
    if request.method == "POST":
        return _sent(names)
    return boxes_begun(the_house(), this_turn(), page)


def first(boxes: Boxes, name: str) -> str:
    """What stands in a box; empty where nothing does."""
    return next(iter(boxes.get(name, ())), "")


def _sent(names: Sequence[str]) -> Boxes:
    return {name: request.form.getlist(name) for name in names}
