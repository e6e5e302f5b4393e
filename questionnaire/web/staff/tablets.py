"""The administrator's page of tablets: make one known, see when each was used, take one out."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.journey import tablets
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.proving import is_fresh

blueprint = Blueprint("tablets", __name__, url_prefix="/tablets")
Page = str | tuple[str, int] | Response
_CODE = "tablet_code"
"""Where the session keeps a code just made, to show it once after the redirect."""


@blueprint.get("")
def everyone() -> str:
    """The tablets, and a form to make one known."""
    return _page(made=session.pop(_CODE, None))


@blueprint.post("")
def expect() -> Page:
    """Make the code for a new tablet."""
    name = request.form.get("name", "")
    try:
        code = tablets.expect_tablet(the_house(), who(), name)
    except Slip as slip:
        return _page(errors=(("name", str(slip)),)), 422
    session[_CODE] = {"name": name, "code": code}
    return redirect(url_for("tablets.everyone"), 303)


@blueprint.post("/<tablet_id>/out")
def take_out(tablet_id: str) -> Response:
    """The tablet opens nothing any more, at once."""
    tablets.take_out(the_house(), who(), tablet_id)
    return redirect(url_for("tablets.everyone"), 303)


def _page(**values: object) -> str:
    house = the_house()
    return render_template(
        "staff/tablets.html",
        tablets=tablets.tablets(house, who()),
        now=house.clock(),
        fresh=is_fresh(house),
        **values,
    )
