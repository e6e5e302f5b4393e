"""The clinic's own colour and logo on the pages of both doors, each at an address of its own.

The address names what it holds, so that a browser may keep it and never shows an old one.
"""

from typing import Final

from flask import Blueprint, Response, abort, current_app

from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.journey.clinic_facts import logo_of, up_to_date
from questionnaire.look import darker

blueprint = Blueprint("look", __name__, url_prefix="/look")

MAY_BE_KEPT: Final = "public, max-age=31536000, immutable"
_SHEET: Final = (
    ":root{{--govuk-brand-colour:{colour};--govuk-link-colour:{colour};"
    "--govuk-link-visited-colour:{colour};--govuk-link-hover-colour:{darker}}}\n"
)


def look_values(details: ClinicDetails) -> dict[str, object]:
    """What the frame of every page reads; empty where the product's own look stands."""
    return {"brand_colour": details.colour, "logo": details.logo}


@blueprint.get("/<colour>.css")
def sheet(colour: str) -> Response:
    """The clinic's colour, as what the stylesheet calls it."""
    own = up_to_date(current_app.extensions["house"]).clinic.colour
    if not own or f"#{colour}" != own:
        abort(404)
    words = _SHEET.format(colour=own, darker=darker(own))
    return _kept(Response(words, mimetype="text/css"))


@blueprint.get("/<name>.png")
def picture(name: str) -> Response:
    """The clinic's logo."""
    house = up_to_date(current_app.extensions["house"])
    if not house.clinic.logo or name != house.clinic.logo:
        abort(404)
    return _kept(Response(logo_of(house), mimetype="image/png"))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = MAY_BE_KEPT
    return response
