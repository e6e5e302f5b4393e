"""A turn that was left alone: locked on the server, and resumed with a staff PIN.

While it is locked its token opens nothing; what was saved stays. A fresh code from the desk opens
the visit anew in the usual way (`turns.enter_code`).
"""

from dataclasses import dataclass
from datetime import timedelta

from questionnaire.domain.errors import BadCode, TooManyTries
from questionnaire.domain.figures import plain_code
from questionnaire.domain.language import to_say
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey.arranging import DESK_ROLES, allow_desk
from questionnaire.journey.house import TURN_IDLE, House
from questionnaire.journey.turns import OPEN_STATIONS, Turn
from questionnaire.records.accounts import get_account
from questionnaire.records.database import Transaction
from questionnaire.records.drafts import forget_signature_begun
from questionnaire.records.patient_sessions import (
    close_patient_session,
    lock_patient_session,
    open_patient_session,
    patient_session,
)
from questionnaire.records.pins import pin_made_at, pin_owner, put_pin
from questionnaire.records.tries import count_try, forget_tries
from questionnaire.records.visits import get_visit

PIN_FIGURES = 6
MOST_PIN_TRIES = 5
PIN_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LockedTurn:
    """A turn that waits to be resumed; of the visit only its language is told.

    One `at_home` is resumed with the birth date instead of a PIN (`home_links.open_at_home`).
    """

    token: str
    visit_id: str
    language: str
    at_home: bool = False


def lock(house: House, turn: Turn, *, handed_over: bool = False) -> None:
    """Lock the turn now; what was saved stays saved, and no signature stays half given.

    `handed_over` says that the patient gave the tablet to staff; else it was left alone.
    """
    action = "turn_handed_over" if handed_over else "turn_locked"
    with house.database.write() as tx:
        if lock_patient_session(tx, turn.token, house.clock()):
            forget_signature_begun(tx, turn.visit.id)
            house.note(tx, turn.person, action, turn.visit.id)


def locked_turn(house: House, token: str) -> LockedTurn | None:
    """The locked turn of this token, or None. One that was left alone too long is locked now."""
    with house.database.read() as tx:
        session = patient_session(tx, token, house.clock(), TURN_IDLE)
        if session is None or not session.locked:
            return None
        visit = get_visit(tx, session.visit_id)
    if visit.station not in OPEN_STATIONS:
        return None
    if session.at_home and visit.station is not Station.IN_PROGRESS:
        return None
    if session.to_lock:
        lock(house, Turn(token, visit))
    return LockedTurn(token, visit.id, visit.language, session.at_home)


def reads_as_pin(typed: str) -> bool:
    """Whether this can only be a staff PIN: six figures, where codes have eight signs."""
    code = plain_code(typed)
    return len(code) == PIN_FIGURES and code.isdecimal()


def resume(house: House, locked: LockedTurn, pin: str, *, tablet_id: str | None = None) -> str:
    """Unlock the turn with a staff PIN; the new token for the cookie, the old one is over.

    Each try is counted before it is looked at; after five wrong ones in an hour only a fresh code
    from the desk helps. Raises `BadCode` and `TooManyTries`.
    """
    now, counted = house.clock(), f"resume:{locked.visit_id}"
    with house.database.write() as tx:
        tries = count_try(tx, counted, now, PIN_WINDOW)
    if tries > MOST_PIN_TRIES:
        raise TooManyTries(to_say("Too many tries. Please ask at the desk for a new code."))
    with house.database.write() as tx:
        session = patient_session(tx, locked.token, now, TURN_IDLE)
        person = _whose(tx, plain_code(pin))
        if person is not None and session is not None:
            token = house.new_token()
            close_patient_session(tx, locked.token, now)
            open_patient_session(tx, token, locked.visit_id, now, tablet_id=tablet_id)
            forget_tries(tx, counted)
            house.note(tx, person, "turn_resumed", locked.visit_id)
            return token
        visit = get_visit(tx, locked.visit_id)
        house.note(tx, Turn("", visit).person, "resume_refused", visit.id)
    raise BadCode(to_say("This code does not work. Please check it, or ask at the desk."))


def new_pin(house: House, person: Person) -> str:
    """A fresh PIN of somebody's own, to be shown once; the one before opens nothing any more."""
    allow_desk(person)
    with house.database.write() as tx:
        pin = _draw(house)
        while pin_owner(tx, pin) is not None:
            pin = _draw(house)
        put_pin(tx, person.id, pin, at=house.clock())
        house.note(tx, person, "pin_made", person.id)
    return pin


def has_pin(house: House, person: Person) -> bool:
    """Whether somebody has a PIN."""
    with house.database.read() as tx:
        return pin_made_at(tx, person.id) is not None


def _draw(house: House) -> str:
    return f"{int.from_bytes(house.draw(8)) % 10**PIN_FIGURES:0{PIN_FIGURES}}"


def _whose(tx: Transaction, pin: str) -> Person | None:
    """The member of staff with this PIN, if they still work at a desk here."""
    owner = pin_owner(tx, pin)
    if owner is None:
        return None
    account = get_account(tx, owner)
    roles = [role for role in Role if role in account.roles & DESK_ROLES]
    if not account.active or not roles:
        return None
    return Person(account.id, account.full_name, roles[0], account.registration)
