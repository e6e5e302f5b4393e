"""No button loses typed words: what stands in other boxes of a page is kept until it is sent.

`static/drafts.js` sends the boxes that were changed here, a moment after each change and before any
form of the page goes; the page fills them in again when its owner comes back to it. A form that was
carried out takes its own boxes out; one that was refused, or met a sign-in, leaves them. A page
that is open twice takes nothing away that its other tab keeps (`journey/unsent.py`).

A form that makes a new record is nobody's yet: it opens empty, has a draft of its own under its
one-time key, and what was left in another such form is offered above it.
"""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

from flask import Blueprint, Flask, g, redirect, render_template, request
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotReadable, Refusal
from questionnaire.domain.visit import Person
from questionnaire.journey.unsent import MOST, TOO_MUCH, keep_unsent
from questionnaire.records.drafts import draft_of, drafts_under, keep_draft
from questionnaire.web.display import own_path
from questionnaire.web.forgery import StalePage, made_for_who_is_here
from questionnaire.web.staff.house import the_house, who

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

OTHERS: Final = "other_boxes"
"""The field in which a form brings what stands in the other boxes of its page."""
KNOWN: Final = "known_boxes"
"""The field in which it brings what it knew of these boxes: one draft, or several it may have."""
PAGE: Final = "draft_page"
UNSENT: Final = "unsent"
"""The field that names a draft to be thrown away."""
OF_FORM: Final = "?form="
"""Parts the page of a form that makes a new record from the one-time key of the form."""
LONGEST_PATH: Final = 200
UNREADABLE: Final = "What stands in the boxes could not be read."
log = logging.getLogger(__name__)


@blueprint.post("")
def keep() -> Response:
    """Keep what stands in the boxes of a page."""
    _keep(who())
    return Response(status=204)


@blueprint.post("/thrown-away")
def throw_away() -> Response:
    """Forget what was left in a form, and go back to its page."""
    draft = request.form.get(UNSENT, "")
    house = the_house()
    with house.database.write() as tx:
        keep_draft(tx, who().id, own_path(draft), {}, house.clock())
    return redirect(own_path(draft).partition(OF_FORM)[0], 303)


@blueprint.get("/token")
def token() -> Response:
    """A form token for a page whose sign-in was renewed in another window, as plain text.

    Only for who the page was made for: it brings its old token. Raises `StalePage`.
    """
    if not made_for_who_is_here():
        raise StalePage
    return Response(render_template("staff/form_token.txt"), mimetype="text/plain")


def keep_other_boxes(app: Flask) -> None:
    """After each form that was carried out, keep what stood in the other boxes of its page."""

    @app.after_request
    def keep_others(response: Response) -> Response:
        person: Person | None = g.get("person")
        carried_out = response.status_code < HTTPStatus.BAD_REQUEST
        brought = OTHERS in request.form and request.blueprint != blueprint.name
        if carried_out and brought and person is not None:
            try:
                _keep(person)
            except Refusal:  # what was done is done, whatever becomes of the drafts
                log.warning("what stood in other boxes could not be kept")
        return response

    app.jinja_env.globals["unsent_boxes"] = unsent_boxes


def unsent_boxes(page: str) -> dict[str, object]:
    """What the person signed in left on a page; for the page's own script."""
    person: Person | None = g.get("person")
    if person is None:
        return {}
    with the_house().database.read() as tx:
        return dict(draft_of(tx, person.id, page))


class NewForm(NamedTuple):
    """A form that makes a new record: its one-time key, and what was left in others of its kind."""

    key: str
    unsent: Mapping[str, Mapping[str, object]]


def new_form(page: str) -> NewForm:
    """The form on a page that makes new records: refused just now, gone on with, or an empty one.

    What was left in other forms is offered above a form that was not sent yet.
    """
    unsent = unsent_forms(page)
    posted, named = request.form.get("key", ""), request.args.get("form", "")
    key = posted or (named if named in unsent else "") or the_house().new_id()
    if request.method == "POST":
        return NewForm(key, {})
    return NewForm(key, {one: unsent[one] for one in unsent if one != key})


def unsent_forms(page: str) -> dict[str, Mapping[str, object]]:
    """What the person signed in left in forms of a page that makes new records: key → boxes."""
    start = page + OF_FORM
    with the_house().database.read() as tx:
        found = drafts_under(tx, who().id, start)
    return {name.removeprefix(start): boxes for name, boxes in found.items()}


def _keep(person: Person) -> None:
    """Keep what this request says of the boxes of a page."""
    page, form = request.form.get(PAGE, ""), request.form
    here, *knew = [_boxes(one) for one in [_read(form.get(OTHERS) or "{}"), *_known(form)]]
    if len(page) > LONGEST_PATH:
        raise NotReadable(UNREADABLE)
    keep_unsent(the_house(), person, own_path(page), here, knew)


def _known(form: Mapping[str, str]) -> list[object]:
    found = _read(form.get(KNOWN) or "[]")
    if not isinstance(found, list):
        raise NotReadable(UNREADABLE)
    return found


def _read(written: str) -> object:
    """What was written as JSON. Raises `NotReadable` for what no page of ours sends."""
    if len(written) > MOST:
        raise NotReadable(TOO_MUCH)
    try:
        found: object = json.loads(written)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as problem:  # not JSON, too deep, or half a sign
        raise NotReadable(UNREADABLE) from problem
    return found


def _boxes(found: object) -> dict[str, object]:
    """Box → what stands in it. Raises `NotReadable` for anything else."""
    if not isinstance(found, dict) or not all(
        isinstance(one, str | bool) for one in found.values()
    ):
        raise NotReadable(UNREADABLE)
    return found
