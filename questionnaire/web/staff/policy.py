"""Who may open which page: one table, and the gate that reads it before every request.

A page that is not in the table does not exist, whatever else is registered.
"""

from typing import Final

from flask import Flask, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotAllowed, NotFound
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.records.staff import StaffUser
from questionnaire.web.display import own_path

CLINICIAN: Final = (Role.CLINICIAN,)
DESK: Final = (Role.CLINICIAN, Role.DESK, Role.ADMINISTRATOR)
ARCHIVE: Final = (Role.CLINICIAN, Role.ARCHIVIST, Role.DESK, Role.ADMINISTRATOR)
ADMINISTRATOR: Final = (Role.ADMINISTRATOR,)
EVERYBODY: Final = (Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR)

OPEN: Final = frozenset(
    {"static", "display.choose", "security.login", "joining.first", "joining.join"}
)
"""Pages for people who are not signed in."""

ALLOWED: Final[dict[str, tuple[Role, ...]]] = {
    "security.logout": EVERYBODY,
    "home.start": EVERYBODY,
    "home.keys": EVERYBODY,
    "desk.day": DESK,
    "desk.arrange": DESK,
    "desk.visit": DESK,
    "desk.new_code": DESK,
    "desk.witness": DESK,
    "desk.reopen": DESK,
    "desk.stop": DESK,
    "waiting.queue": CLINICIAN,
    "review.page": CLINICIAN,
    "steps.settle": CLINICIAN,
    "steps.undo": CLINICIAN,
    "steps.answer": CLINICIAN,
    "steps.note": CLINICIAN,
    "steps.reply": CLINICIAN,
    "steps.reply_to_words": CLINICIAN,
    "steps.discuss": CLINICIAN,
    "deciding.plan": CLINICIAN,
    "deciding.decide": CLINICIAN,
    "deciding.take_back": CLINICIAN,
    "deciding.resume": CLINICIAN,
    "countersign.page": CLINICIAN,
    "countersign.sign": CLINICIAN,
    "archive.search": ARCHIVE,
    "archive.consent": ARCHIVE,
    "archive.file": ARCHIVE,
    "archive.copy": ARCHIVE,
    "archive.verify": ARCHIVE,
    "archive.check": ARCHIVE,
    "people.everybody": ADMINISTRATOR,
    "people.invite": ADMINISTRATOR,
    "people.change": ADMINISTRATOR,
    "people.link": ADMINISTRATOR,
    "people.ledger": ADMINISTRATOR,
}
"""Page → roles that may open it; somebody with several acts in the first one they have."""


def guard(app: Flask, house: House) -> None:
    """Check every request against the table, and say who acts in `g.person`."""

    @app.before_request
    def gate() -> Response | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN:
            return None
        roles = ALLOWED.get(endpoint)
        if roles is None:
            raise NotFound("There is no such page.")
        if not current_user.is_authenticated:
            is_page = request.method == "GET"
            way_back = own_path(request.script_root + request.path) if is_page else None
            return redirect(url_for("security.login", next=way_back))
        person = acting(current_user, roles)
        if person is None:
            note_denied(house, endpoint)
            raise NotAllowed("Your role does not include this page.")
        g.person = person
        return None


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


def note_denied(house: House, endpoint: str) -> None:
    """Write down that somebody asked for what is not theirs."""
    person = acting(current_user, EVERYBODY)
    if person is not None:
        with house.database.write() as tx:
            house.note(tx, person, "denied", endpoint)
