"""Passkeys at the staff door: the browser's script asks for options here and sends the answer."""

from typing import Final

from flask import Blueprint, current_app, redirect, request
from flask_security import current_user, login_user
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotFound, TooManyTries
from questionnaire.journey import passkeys
from questionnaire.journey.house import House
from questionnaire.journey.passkeys import REFUSED, BadPasskey, Place
from questionnaire.records.tries import count_try
from questionnaire.web.display import own_path
from questionnaire.web.staff.factor import Page, after_set_up, the_place
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.policy import EVERYBODY, acting
from questionnaire.web.staff.proving import (
    device,
    give_challenge,
    is_fresh,
    note_proven,
    take_challenge,
    this_session,
)
from questionnaire.web.staff.sign_in import TRIES_FROM_ONE_PLACE, WINDOW

blueprint = Blueprint("passkeys", __name__, url_prefix="/passkeys")
JSON: Final = "application/json"


@blueprint.post("/new")
def begin() -> Response:
    """What the browser needs to make a passkey."""
    house, place, challenge = the_house(), _place(), passkeys.new_challenge(the_house())
    options = passkeys.options_to_add(house, place, who().id, challenge)
    give_challenge(challenge)
    return Response(options, mimetype=JSON)


@blueprint.post("")
def keep() -> Page:
    """Keep the passkey it made."""
    house, person = the_house(), who()
    codes = passkeys.keep(
        house,
        _place(),
        person,
        _answer(),
        name=request.form.get("name", "") or device(),
        replacing=is_fresh(house),
        but=this_session().token,
    )
    note_proven(house, person, "passkey")
    return after_set_up(codes)


@blueprint.post("/challenge")
def challenge() -> Response:
    """What the browser needs to use a passkey; whose it is shows when it answers."""
    house, place = the_house(), _place()
    _count_from_here(house)
    given = passkeys.new_challenge(house)
    options = passkeys.options_to_prove(house, place, given, _account_id())
    give_challenge(given)
    return Response(options, mimetype=JSON)


@blueprint.post("/prove")
def prove() -> Response:
    """Sign in with a passkey, or take the second step with it."""
    house, place = the_house(), _place()
    _count_from_here(house)
    account = passkeys.prove(house, place, _answer(), _account_id())
    if not current_user.is_authenticated:
        datastore = current_app.extensions["security"].datastore
        login_user(datastore.find_user(fs_uniquifier=account.stamp), authn_via=["webauthn"])
    person = acting(current_user, EVERYBODY)
    if person is None:
        raise BadPasskey(REFUSED)
    note_proven(house, person, "passkey")
    return redirect(own_path(request.form.get("next", "")))


def _answer() -> passkeys.Answer:
    return passkeys.Answer(request.form.get("answer", ""), take_challenge())


def _account_id() -> str:
    return str(current_user.id) if current_user.is_authenticated else ""


def _place() -> Place:
    place = the_place()
    if place is None:
        raise NotFound("Passkeys work only where this site has a name, not a number.")
    return place


def _count_from_here(house: House) -> None:
    with house.database.write() as tx:
        number = count_try(tx, f"passkey-from:{request.remote_addr}", house.clock(), WINDOW)
    if number > 2 * TRIES_FROM_ONE_PLACE:
        raise TooManyTries("Too many tries from here. Please wait 15 minutes.")
