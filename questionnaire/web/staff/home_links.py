"""The desk's steps for a form filled in at home: make a link, e-mail it, take it back."""

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.journey import home_links, home_mail
from questionnaire.web.staff.desk import HOME_LINK, visit_page
from questionnaire.web.staff.house import the_house, who

blueprint = Blueprint("home_links", __name__, url_prefix="/desk/visits/<visit_id>/home-link")
_PLACE = "home"


@blueprint.post("")
def make(visit_id: str) -> Response:
    """A fresh link, shown to this person; the one before opens nothing any more."""
    link_id, secret = home_links.make_link(the_house(), who(), visit_id)
    session[HOME_LINK] = {"link": link_id, "token": secret.token, "code": secret.code}
    return _back(visit_id)


@blueprint.post("/mail")
def mail(visit_id: str) -> Response | tuple[str, int]:
    """A fresh link that the worker sends by e-mail; nobody at the clinic sees it."""
    try:
        home_mail.mail_link(the_house(), who(), visit_id, request.form.get("email", ""))
    except Slip as slip:
        return visit_page(visit_id, errors=(("email", str(slip)),)), 422
    session.pop(HOME_LINK, None)
    return _back(visit_id)


@blueprint.post("/revoke")
def revoke(visit_id: str) -> Response:
    """The link opens nothing from now on, and what it opened ends."""
    home_links.revoke_link(the_house(), who(), visit_id)
    session.pop(HOME_LINK, None)
    return _back(visit_id)


def _back(visit_id: str) -> Response:
    return redirect(url_for("desk.visit", visit_id=visit_id, _anchor=_PLACE), 303)
