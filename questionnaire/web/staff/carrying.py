"""A form that first needs a second step is carried over it: nothing is typed or ticked twice."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from questionnaire.web.forgery import FIELD
from questionnaire.web.staff.house import the_house

blueprint = Blueprint("carrying", __name__)

TYPED_AGAIN: Final = frozenset({"account.change_password"})
"""Forms with secrets: their pages ask for the second step before anything is typed."""
FILES: Final = "multipart/form-data"
"""What a form with a file is sent as; it is picked again."""
SECONDS: Final = 600
"""So long a form waits for its second step."""
_CARRIED: Final = "carried"


def carry_form() -> str | None:
    """Keep the form of this request in the session; where it goes on from, or None if it cannot."""
    if request.method != "POST" or request.endpoint in TYPED_AGAIN or request.mimetype == FILES:
        return None
    typed = [[name, text] for name, text in request.form.items(multi=True) if name != FIELD]
    path = request.script_root + request.path
    session[_CARRIED] = [path, typed, the_house().clock().timestamp()]
    return url_for("carrying.go_on")


@blueprint.get("/go-on")
def go_on() -> Response | str:
    """The form that waited, ready to be sent; the staff script sends it at once."""
    path, typed, since = session.pop(_CARRIED, None) or ("", [], 0.0)
    if not path or abs(the_house().clock().timestamp() - since) > SECONDS:
        return redirect(url_for("home.start"))
    return render_template("staff/go_on.html", path=path, typed=typed)
