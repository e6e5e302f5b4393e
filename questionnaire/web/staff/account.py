"""My account: password, second steps, recovery codes, and where I am signed in."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_login import login_user as note_in_session
from flask_security import current_user, logout_user
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.slips import Reading, Slips
from questionnaire.journey import factors, own_account
from questionnaire.journey.locking import has_pin
from questionnaire.journey.locking import new_pin as new_tablet_pin
from questionnaire.web.staff.factor import Page, after_set_up, the_place
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.joining import chosen_password
from questionnaire.web.staff.passwords import LONGEST
from questionnaire.web.staff.proving import is_fresh, this_session
from questionnaire.web.staff.sign_in import is_own_password

blueprint = Blueprint("account", __name__, url_prefix="/account")
_PIN = "tablet_pin"
"""Where the session keeps a PIN just made, to show it once after the redirect."""


@blueprint.get("")
def page() -> str:
    """Everything of it."""
    return _page(pin=session.pop(_PIN, ""))


@blueprint.post("/password")
def change_password() -> Page:
    """A new password, behind the old one; I stay signed in here and nowhere else."""
    house, person = the_house(), who()
    reading, hashed = Reading(), ""
    with reading.of("current"):
        if not is_own_password(house, current_user, request.form.get("current", "")):
            raise Slip("This is not your password, or it was tried too often.")
    with reading.of("password"):
        hashed = chosen_password((current_user.full_name, current_user.email))
    if reading.slips:
        return _page(errors=Slips(reading.slips).beside()), 422
    own_account.change_password(house, person, hashed, but=this_session().token)
    user = current_user._get_current_object()  # noqa: SLF001  # how Flask-Login hands it out
    current_app.extensions["security"].datastore.db.session.refresh(user)
    note_in_session(user)
    this_session().renew()
    return redirect(url_for("account.page"), 303)


@blueprint.post("/known")
def known() -> Response:
    """I know what I was told about my account."""
    own_account.notices_seen(the_house(), who())
    return redirect(url_for("home.start"), 303)


@blueprint.post("/codes")
def new_codes() -> Page:
    """Ten fresh recovery codes, shown this once."""
    return after_set_up(factors.new_codes(the_house(), who()))


@blueprint.post("/pin")
def new_pin() -> Response:
    """A fresh PIN for unlocking tablets, shown once on my page."""
    session[_PIN] = new_tablet_pin(the_house(), who())
    return redirect(url_for("account.page"), 303)


@blueprint.post("/passkeys/<credential_id>/forget")
def forget_passkey(credential_id: str) -> Response:
    """Take one of my passkeys away."""
    own_account.forget_passkey(the_house(), who(), credential_id, but=this_session().token)
    return redirect(url_for("account.page"), 303)


@blueprint.post("/sessions/<handle>/end")
def end_session(handle: str) -> Response:
    """End one of my sessions."""
    own_account.end_session(the_house(), who(), handle)
    return redirect(url_for("account.page"), 303)


@blueprint.post("/sessions/end")
def end_others() -> Response:
    """End all my sessions but this one."""
    own_account.end_other_sessions(the_house(), who(), but=this_session().token)
    return redirect(url_for("account.page"), 303)


@blueprint.post("/switch")
def switch() -> Response:
    """Somebody else takes over at this desk: nothing of me stays, not even the address."""
    logout_user()
    return redirect(url_for("security.login"), 303)


def _page(errors: tuple[tuple[str, str], ...] = (), pin: str = "") -> str:
    house = the_house()
    return render_template(
        "staff/account.html",
        mine=own_account.own_account(house, who(), this_session().token),
        fresh=is_fresh(house),
        has_place=the_place() is not None,
        has_pin=has_pin(house, who()),
        pin=pin,
        longest=LONGEST,
        errors=errors,
    )
