"""The clinic's tablets: made known once with a code, taken out at once.

Until the first one is made known any browser may take a visit's code; from then on only tablets
that the clinic knows.
"""

from datetime import timedelta

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import BadCode, NotAllowed, TooManyTries
from questionnaire.domain.language import to_say
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.journey.turns import MOST_TRIES, TRIES_WINDOW, tidy_code
from questionnaire.records.patient_sessions import close_sessions_of_tablet
from questionnaire.records.tablets import (
    Tablet,
    add_tablet,
    all_tablets,
    any_tablet_was_enrolled,
    enrol_tablet,
    revoke_tablet,
    tablet_of_token,
    tablet_seen,
)
from questionnaire.records.tries import count_try

CODE_LIVES = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
REFUSED_EVERY = timedelta(minutes=10)
LONGEST_NAME = 60


def expect_tablet(house: House, administrator: Person, name: str) -> str:
    """Write down a tablet that is to come; the code that makes it known, shown once.

    Raises `Slip` for a name that cannot be kept.
    """
    _allow(administrator)
    name = " ".join(clean_text(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise Slip(f"Give the tablet a name, {LONGEST_NAME} letters at most.")
    now, code, tablet_id = house.clock(), house.new_code(), house.new_id()
    with house.database.write() as tx:
        add_tablet(tx, tablet_id, name, code, now=now, code_expires_at=now + CODE_LIVES)
        house.note(tx, administrator, "tablet_code_given", tablet_id)
    return code


def enrol(house: House, code: str, *, device: str) -> str:
    """Make the device a tablet of the clinic; the secret it keeps.

    Unknown, used and expired codes are refused in the same words (`BadCode`); too many tries from
    one `device` raise `TooManyTries`.
    """
    now, token = house.clock(), house.new_token()
    with house.database.write() as tx:
        tries = count_try(tx, f"tablet-code:{device}", now, TRIES_WINDOW)
    if tries > MOST_TRIES:
        raise TooManyTries(to_say("Too many tries. Please wait ten minutes, or ask at the desk."))
    with house.database.write() as tx:
        tablet = enrol_tablet(tx, tidy_code(code), token, now)
        if tablet is None:
            raise BadCode(to_say("This code does not work. It works once, for one hour."))
        house.note(tx, _as_person(tablet), "tablet_enrolled", tablet.id)
    return token


def tablets(house: House, administrator: Person) -> tuple[Tablet, ...]:
    """Every tablet there ever was, the newest first."""
    _allow(administrator)
    with house.database.read() as tx:
        return all_tablets(tx)


def take_out(house: House, administrator: Person, tablet_id: str) -> None:
    """The tablet opens nothing from now on, and what runs on it ends. Raises `NotFound`."""
    _allow(administrator)
    now = house.clock()
    with house.database.write() as tx:
        revoke_tablet(tx, tablet_id, now)
        close_sessions_of_tablet(tx, tablet_id, now)
        house.note(tx, administrator, "tablet_revoked", tablet_id)


def only_known_tablets(house: House) -> bool:
    """Whether a visit's code may be typed on known tablets alone."""
    with house.database.read() as tx:
        return any_tablet_was_enrolled(tx)


def known_tablet(house: House, token: str) -> Tablet | None:
    """The tablet that keeps this secret, or None; notes that it was seen."""
    now = house.clock()
    with house.database.read() as tx:
        tablet = tablet_of_token(tx, token)
    if tablet and abs(now - (tablet.seen_at or now)) >= SEEN_EVERY:
        with house.database.write() as tx:
            tablet_seen(tx, tablet.id, now)
    return tablet


def note_staff_door_refused(house: House, tablet: Tablet) -> None:
    """Write down that staff pages were asked for on a tablet, at most every ten minutes."""
    with house.database.write() as tx:
        if count_try(tx, f"staff-door:{tablet.id}", house.clock(), REFUSED_EVERY) == 1:
            house.note(tx, _as_person(tablet), "staff_door_refused", tablet.id)


def _as_person(tablet: Tablet) -> Person:
    return Person(tablet.id, tablet.name, Role.TABLET)


def _allow(person: Person) -> None:
    if person.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do this.")
