"""The first step of signing in, with Flask-Security: e-mail and password, with counted tries.

An unknown address, a wrong password, a closed account and too many tries look the same and take
the same time. The second step is in `factor.py`.
"""

from datetime import timedelta
from typing import Any, Final, cast

from flask import Flask, current_app, request, session
from flask_login import user_logged_out
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    hash_password,
    user_authenticated,
)
from flask_security.forms import LoginForm
from wtforms import EmailField, PasswordField

from questionnaire.addresses import LONGEST_EMAIL
from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.journey.passkeys import place_of
from questionnaire.records.staff import StaffRole, StaffUser
from questionnaire.records.tries import count_try, forget_tries
from questionnaire.settings import Settings
from questionnaire.web.display import own_path
from questionnaire.web.staff.passwords import LONGEST, SHORTEST
from questionnaire.web.staff.policy import EVERYBODY, acting
from questionnaire.web.staff.proving import device, forget_proof, this_session
from questionnaire.web.staff.sessions import DEVICE, STAFF_ID, KeptSessions

TRIES: Final = 10
TRIES_FROM_ONE_PLACE: Final = 60
WINDOW: Final = timedelta(minutes=15)
STRANGER: Final = Person("stranger", "", Role.STRANGER)
OF_THE_LIBRARIES: Final = ("_", "fs_")
"""How the keys begin that Flask-Login and Flask-Security keep in a session."""
HASH_SHOWN: Final = 16
"""So many signs of the hash of an unknown address tell two of them apart in the ledger."""

REFUSED: Final = (
    "We could not sign you in. Check the e-mail address and the password. After "
    f"{TRIES} wrong tries you have to wait 15 minutes."
)


def offer_sign_in(app: Flask, house: House, settings: Settings) -> None:
    """Set Flask-Security up with our forms and templates, and with sessions in the database."""
    app.session_interface = KeptSessions(house, secure=settings.secure_cookies)
    app.config.update(_configuration(house, settings))
    staff = house.database.session()
    app.teardown_appcontext(lambda _error: staff.remove())
    datastore = SQLAlchemySessionUserDatastore(staff, StaffUser, StaffRole)
    app.extensions["house"] = house
    Security(app, datastore, login_form=SignInForm)
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    app.before_request(_refuse_leading_away)
    place = place_of(settings.public_address)
    app.extensions["security"].login_context_processor(lambda: {"has_place": place is not None})


def _configuration(house: House, settings: Settings) -> dict[str, Any]:
    ring = house.database.ring
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SALT": ring.code_hash("staff-password-pepper"),
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "home.start",
        "SECURITY_POST_LOGOUT_VIEW": "security.login",
        "SECURITY_LOGIN_USER_TEMPLATE": "staff/sign_in.html",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": str.lower, "case_insensitive": True}}
        ],
        "WTF_CSRF_ENABLED": False,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Strict",
        "REMEMBER_COOKIE_SECURE": settings.secure_cookies,
    }


class SignInForm(LoginForm):
    """E-mail address and password; staying signed in is not offered."""

    email = EmailField()
    password = PasswordField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.remember
        del self.submit

    def validate(self, **_: Any) -> bool:
        """Whether these open an account; `user` is then whose it is."""
        email = str(self.email.data or "").strip().lower()[:LONGEST_EMAIL]
        house: House = current_app.extensions["house"]
        allowed = _may_try(house, email)
        known = _find(email)
        usable = allowed and known is not None and known.active and known.password
        if _opens(known if usable else None, str(self.password.data or "")):
            self.user = known
            with house.database.write() as tx:
                forget_tries(tx, _account_key(email))
            return True
        if known is not None or allowed:
            _note_refused(house, known, email)
        self.form_errors.append(REFUSED)
        return False


def keep_safe(password: str) -> str:
    """The hash to keep of a password that was chosen."""
    return str(hash_password(_normal(password)))


def is_own_password(house: House, user: StaffUser, password: str) -> bool:
    """Whether somebody signed in knows their password; it counts as a try at it."""
    if not _may_try(house, user.email.lower()) or not _opens(user, password):
        return False
    with house.database.write() as tx:
        forget_tries(tx, _account_key(user.email.lower()))
    return True


def _opens(user: StaffUser | None, password: str) -> bool:
    """Whether the password is the user's; somebody unknown takes the same time."""
    if user is None or len(password) > LONGEST:
        hash_password(password[:LONGEST])
        return False
    return bool(user.verify_and_update_password(_normal(password)))


def _normal(password: str) -> str:
    return str(current_app.extensions["security"].password_util.normalize(password))


def _refuse_leading_away() -> None:
    """Signing in goes on to a page of this door, or not at all."""
    wanted = request.values.getlist("next") if request.endpoint == "security.login" else []
    if any(address and own_path(address) != address for address in wanted):
        raise NotReadable("This link leads away from the clinic. Sign in from the first page.")


def _find(email: str) -> StaffUser | None:
    datastore = current_app.extensions["security"].datastore
    return cast("StaffUser | None", datastore.find_user(case_insensitive=True, email=email))


def _may_try(house: House, email: str) -> bool:
    """Count this try, and say whether it may be looked at."""
    now = house.clock()
    with house.database.write() as tx:
        here = count_try(tx, f"sign-in-from:{request.remote_addr}", now, WINDOW)
        there = count_try(tx, _account_key(email), now, WINDOW)
    return here <= TRIES_FROM_ONE_PLACE and there <= TRIES


def _account_key(email: str) -> str:
    return f"sign-in:{email}"


def _note_refused(house: House, known: StaffUser | None, email: str) -> None:
    """Write down a refusal; of an address that opens nothing only a keyed hash is kept."""
    person = acting(known, EVERYBODY) if known is not None else None
    with house.database.write() as tx:
        hashed = tx.ring.code_hash(f"sign-in:{email}")[:HASH_SHOWN]
        subject = person.id if person else f"unknown:{hashed}"
        house.note(tx, person or STRANGER, "sign_in_refused", subject)


def _signed_in(app: Flask, user: StaffUser, **_: object) -> None:
    """A new token for a session that has proven nothing but the password yet.

    Of somebody else, whose account was closed or changed meanwhile, nothing stays in it.
    """
    del app
    forget_proof()
    if session.get(STAFF_ID) != str(user.id):
        for key in [key for key in session if not key.startswith(OF_THE_LIBRARIES)]:
            del session[key]
    session[STAFF_ID], session[DEVICE] = str(user.id), device()
    this_session().renew()


def _signed_out(app: Flask, user: StaffUser, **_: object) -> None:
    """Nothing of the session stays."""
    session.clear()
    house: House = app.extensions["house"]
    person = acting(user, EVERYBODY)
    if person is not None:
        with house.database.write() as tx:
            house.note(tx, person, "signed_out", person.id)
