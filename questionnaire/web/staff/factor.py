"""The second step of signing in: asking for it, and setting it up.

The same page asks again before dangerous acts.
"""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.journey import factors
from questionnaire.journey.passkeys import Place, place_of
from questionnaire.web.display import own_path
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.proving import (
    is_fresh,
    is_proven,
    note_proven,
    offer_secret,
    offered_secret,
    secret_taken,
    this_session,
)
from questionnaire.web.staff.square_code import square_code

blueprint = Blueprint("factor", __name__, url_prefix="/second-step")
Page = str | tuple[str, int] | Response


@blueprint.get("")
def ask() -> str:
    """Ask for a code or a passkey."""
    return _ask(request.args.get("next", ""))


@blueprint.post("")
def check() -> Page:
    """Check a code; then on to the page that was wanted."""
    house, person, wanted = the_house(), who(), request.form.get("next", "")
    try:
        how = factors.prove(house, person, request.form.get("code", ""))
    except Slip as slip:
        return _ask(wanted, errors=(("code", slip.sentence),)), 422
    note_proven(house, person, how)
    return redirect(own_path(wanted))


@blueprint.get("/set-up")
def choose() -> str:
    """An authenticator app or a passkey."""
    return render_template("staff/set_up.html", has_place=the_place() is not None)


@blueprint.post("/app/new")
def begin_app() -> Response:
    """Draw a secret to share with an app."""
    offer_secret(factors.new_secret(the_house()))
    return redirect(url_for("factor.app"), 303)


@blueprint.get("/app")
def app() -> Page:
    """The secret, as a square code and in letters, and a box for the code the app shows."""
    return _app() if offered_secret() else redirect(url_for("factor.choose"))


@blueprint.post("/app")
def keep_app() -> Page:
    """Keep the app once it has shown the right code."""
    house, person, secret = the_house(), who(), offered_secret()
    if not secret:
        return redirect(url_for("factor.choose"))
    try:
        codes = factors.keep_app(
            house,
            person,
            secret,
            request.form.get("code", ""),
            replacing=is_fresh(house),
            but=this_session().token,
        )
    except Slip as slip:
        return _app(errors=(("code", slip.sentence),)), 422
    secret_taken()
    note_proven(house, person, "app")
    return after_set_up(codes)


def after_set_up(codes: tuple[str, ...]) -> Page:
    """Recovery codes, shown this once; where there are none, the person's own page."""
    if not codes:
        return redirect(url_for("account.page"), 303)
    return render_template("staff/recovery_codes.html", codes=codes)


def the_place() -> Place | None:
    """Where this door stands, if passkeys can be bound to it."""
    return place_of(current_app.config["PUBLIC_ADDRESS"])


def _ask(wanted: str, errors: tuple[tuple[str, str], ...] = ()) -> str:
    return render_template(
        "staff/second_step.html",
        wanted=own_path(wanted),
        again=is_proven(),
        has_place=the_place() is not None,
        errors=errors,
    )


def _app(errors: tuple[tuple[str, str], ...] = ()) -> str:
    secret = offered_secret()
    address = factors.address_for_app(the_house(), current_user.email, secret)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return render_template(
        "staff/code_app.html", square=square_code(address), groups=groups, errors=errors
    )
