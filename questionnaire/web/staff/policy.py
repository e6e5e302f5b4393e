"""Who may open which page: one table, and the gate that reads it before every request.

A page that is not in the table does not exist, whatever else is registered.
"""

from typing import Final

from flask import Flask, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotAllowed, NotFound
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.factors import has_factor
from questionnaire.journey.house import House
from questionnaire.journey.tablets import note_staff_door_refused
from questionnaire.records.staff import StaffUser
from questionnaire.web.display import own_path
from questionnaire.web.forgery import refuse_pages_of_others
from questionnaire.web.staff.carrying import carry_form
from questionnaire.web.staff.proving import is_fresh, is_proven
from questionnaire.web.tablets import this_tablet

CLINICIAN: Final = (Role.CLINICIAN,)
DESK: Final = (Role.CLINICIAN, Role.DESK, Role.ADMINISTRATOR)
ARCHIVE: Final = (Role.CLINICIAN, Role.ARCHIVIST, Role.DESK, Role.ADMINISTRATOR)
ADMINISTRATOR: Final = (Role.ADMINISTRATOR,)
APPROVERS: Final = (Role.ADMINISTRATOR, Role.ARCHIVIST)
EVERYBODY: Final = (Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR)

OPEN: Final = frozenset(
    {
        "static",
        "display.choose",
        "look.sheet",
        "look.picture",
        "security.login",
        "joining.first",
        "joining.join",
        "passkeys.challenge",
        "passkeys.prove",
    }
)
"""Pages for people who are not signed in."""

LEAVING: Final = frozenset({"security.logout", "account.switch"})
"""How people leave, however far they have come."""

SECOND_STEP: Final = frozenset({"factor.ask", "factor.check"})
"""Pages for people who have given their password and nothing else yet."""

SET_UP: Final = frozenset(
    {"factor.choose", "factor.begin_app", "factor.app", "factor.keep_app", "passkeys.begin"}
    | {"passkeys.keep"}
)
"""Pages for people who have no second step yet, or have just proven the one they have."""

FRESH: Final = frozenset(
    {"people.invite", "people.change", "people.link", "people.reset", "people.end_sessions"}
    | {"account.change_password", "account.new_codes", "account.forget_passkey"}
    | {"account.new_pin", "tablets.expect", "disposing.ask"}
    | {"approvals.approve", "approvals.refuse", "approvals.export", "approvals.take"}
    | {"approvals.dispose", "approvals.keys", "rules.sign", "setting_up.confirm"}
)
"""Dangerous acts: they ask for a second step that was taken in the last five minutes."""

ALLOWED: Final[dict[str, tuple[Role, ...]]] = {
    "security.logout": EVERYBODY,
    "factor.ask": EVERYBODY,
    "factor.check": EVERYBODY,
    "factor.choose": EVERYBODY,
    "factor.begin_app": EVERYBODY,
    "factor.app": EVERYBODY,
    "factor.keep_app": EVERYBODY,
    "passkeys.begin": EVERYBODY,
    "passkeys.keep": EVERYBODY,
    "account.page": EVERYBODY,
    "account.change_password": EVERYBODY,
    "account.new_codes": EVERYBODY,
    "account.new_pin": DESK,
    "account.forget_passkey": EVERYBODY,
    "account.end_session": EVERYBODY,
    "account.end_others": EVERYBODY,
    "account.switch": EVERYBODY,
    "account.known": EVERYBODY,
    "carrying.go_on": EVERYBODY,
    "drafts.keep": EVERYBODY,
    "drafts.throw_away": EVERYBODY,
    "drafts.token": EVERYBODY,
    "home.start": EVERYBODY,
    "home.keys": EVERYBODY,
    "desk.day": DESK,
    "desk.find": DESK,
    "desk.found": DESK,
    "arranging.arrange": DESK,
    "desk.visit": DESK,
    "arranging.change": DESK,
    "desk.new_code": DESK,
    "desk.witness": DESK,
    "desk.reopen": DESK,
    "desk.stop": DESK,
    "desk.part": DESK,
    "home_links.make": DESK,
    "home_links.mail": DESK,
    "home_links.revoke": DESK,
    "paper.form": DESK,
    "paper.find": DESK,
    "waiting.queue": CLINICIAN,
    "review.page": CLINICIAN,
    "settling.take": DESK,
    "steps.settle": CLINICIAN,
    "steps.undo": CLINICIAN,
    "steps.answer": CLINICIAN,
    "steps.note": CLINICIAN,
    "steps.take_out": CLINICIAN,
    "steps.reply": CLINICIAN,
    "steps.reply_to_words": CLINICIAN,
    "steps.discuss": CLINICIAN,
    "deciding.plan": CLINICIAN,
    "deciding.decide": CLINICIAN,
    "deciding.uphold": CLINICIAN,
    "deciding.take_back": CLINICIAN,
    "deciding.resume": CLINICIAN,
    "rules.page": CLINICIAN,
    "rules.sign": CLINICIAN,
    "countersign.page": CLINICIAN,
    "countersign.sign": CLINICIAN,
    "archive.search": ARCHIVE,
    "archive.ask": ARCHIVE,
    "archive.consent": ARCHIVE,
    "archive.sealed": ARCHIVE,
    "archive.file": ARCHIVE,
    "access.listed": ARCHIVE,
    "approvals.page": APPROVERS,
    "approvals.approve": APPROVERS,
    "approvals.refuse": APPROVERS,
    "approvals.export": APPROVERS,
    "approvals.take": APPROVERS,
    "approvals.dispose": APPROVERS,
    "approvals.keys": ADMINISTRATOR,
    "disposing.due": APPROVERS,
    "disposing.ask": APPROVERS,
    "disposing.hold": APPROVERS,
    "disposing.lift": APPROVERS,
    "archive.copy": ARCHIVE,
    "archive.verify": ARCHIVE,
    "archive.check": ARCHIVE,
    "archive.seal_again": ARCHIVE,
    "people.everybody": ADMINISTRATOR,
    "people.add": ADMINISTRATOR,
    "people.invite": ADMINISTRATOR,
    "people.change": ADMINISTRATOR,
    "people.link": ADMINISTRATOR,
    "people.reset": ADMINISTRATOR,
    "people.end_sessions": ADMINISTRATOR,
    "people.ledger": ADMINISTRATOR,
    "setting_up.page": ADMINISTRATOR,
    "setting_up.part": ADMINISTRATOR,
    "setting_up.confirm": ADMINISTRATOR,
    "setting_up.letter": ADMINISTRATOR,
    "setting_up.look": ADMINISTRATOR,
    "setting_up.change_look": ADMINISTRATOR,
    "tablets.everyone": ADMINISTRATOR,
    "tablets.expect": ADMINISTRATOR,
    "tablets.take_out": ADMINISTRATOR,
    "checking.page": ADMINISTRATOR,
}
"""Page → roles that may open it; somebody with several acts in the first one they have."""


_PAGES: Final = {
    "people": "people.everybody",
    "account": "account.page",
    "tablets": "tablets.everyone",
    "approvals": "approvals.page",
    "disposing": "disposing.due",
    "rules": "rules.page",
}
"""Part of the door → the page its dangerous forms stand on."""


class OnTablet(NotAllowed):
    """Staff pages were asked for on a tablet that patients use; its own start is elsewhere."""

    start = "/"


def guard(app: Flask, house: House) -> None:
    """Check every request against the table, and say who acts in `g.person`."""

    @app.before_request
    def gate() -> Response | None:
        endpoint = request.endpoint
        if endpoint != "static" and (tablet := this_tablet(house)):
            note_staff_door_refused(house, tablet)
            raise OnTablet(
                "This is a tablet for patients. Staff sign in on another device, never here."
            )
        if endpoint is None or endpoint in OPEN:
            return None
        roles = ALLOWED.get(endpoint)
        if roles is None:
            raise NotFound("There is no such page.")
        if not current_user.is_authenticated:
            return redirect(url_for("security.login", next=_way_back()))
        refuse_pages_of_others()
        if step := _step_missing(house, endpoint):
            return step
        person = acting(current_user, roles)
        if person is None:
            note_denied(house, endpoint)
            raise NotAllowed("Your role does not include this page.")
        g.person = person
        return None


def _step_missing(house: House, endpoint: str) -> Response | None:
    """Where to go first when this page asks for more proof than was given; None when it is enough.

    Somebody without a second step reaches nothing but setting one up.
    """
    if endpoint in LEAVING:
        return None
    if not is_proven() and not has_factor(house, str(current_user.id)):
        return None if endpoint in SET_UP else redirect(url_for("factor.choose"))
    is_enough = is_proven() and endpoint not in FRESH | SET_UP
    if is_enough or endpoint in SECOND_STEP or is_fresh(house):
        return None
    carried = carry_form() if is_proven() else None
    return redirect(url_for("factor.ask", next=carried or _way_back()))


def _way_back() -> str | None:
    """The page that was asked for; what a form did comes back to the page it stood on."""
    if request.method == "GET":
        return own_path(request.script_root + request.path)
    page = _PAGES.get(request.blueprint or "")
    return url_for(page) if page and is_proven() else None


def acting(user: StaffUser, roles: tuple[Role, ...]) -> Person | None:
    """The member of staff in the first of these roles that they have, or None."""
    held = {role.name for role in user.roles} if user.is_authenticated else set()
    for role in roles:
        if role.value in held:
            return Person(str(user.id), user.full_name, role, user.registration)
    return None


def may_open(endpoint: str) -> bool:
    """Whether the person signed in may open this page: pages link only to what they may."""
    return acting(current_user, ALLOWED[endpoint]) is not None


def account_here() -> str:
    """The id of the account signed in here, however far it has come; empty for nobody."""
    return str(current_user.id) if current_user.is_authenticated else ""


def signed_in() -> Person | None:
    """Whoever is signed in with all their steps, whatever page this is."""
    return acting(current_user, EVERYBODY) if is_proven() else None


def note_denied(house: House, endpoint: str) -> None:
    """Write down that somebody asked for what is not theirs."""
    person = acting(current_user, EVERYBODY)
    if person is not None:
        with house.database.write() as tx:
            house.note(tx, person, "denied", endpoint)
