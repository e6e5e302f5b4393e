"""A patient's turn: from the code typed on a tablet to the tablet handed back."""

from dataclasses import dataclass, replace
from datetime import timedelta

from questionnaire.domain.errors import BadCode, NotReadable, TooManyTries, WrongStation
from questionnaire.domain.figures import plain_code
from questionnaire.domain.visit import Move, Person, Role, Station, Visit, after
from questionnaire.journey.house import TURN_IDLE, House
from questionnaire.records.database import Transaction
from questionnaire.records.drafts import forget_signature_begun
from questionnaire.records.entries import append_entry
from questionnaire.records.patient_sessions import (
    close_patient_session,
    close_sessions_of_visit,
    open_patient_session,
    patient_seen,
    patient_session,
    visit_of_ended_session,
)
from questionnaire.records.tries import count_try
from questionnaire.records.visits import get_visit, move_visit, set_language, visit_for_code

MOST_TRIES = 20
TRIES_WINDOW = timedelta(minutes=10)
OPEN_STATIONS = frozenset({Station.ARRANGED, Station.IN_PROGRESS, Station.CONSENT_READY})


@dataclass(frozen=True, slots=True)
class Turn:
    """One patient at one device; `token` is the secret in their cookie.

    A turn `at_home` was opened by a home link: the form may be filled in, and nothing else.
    `tablet_id` names the device where it is one that the clinic knows.
    """

    token: str
    visit: Visit
    at_home: bool = False
    tablet_id: str | None = None

    @property
    def person(self) -> Person:
        """The patient as somebody who acts."""
        patient = self.visit.patient
        return Person(patient.id, patient.full_name, Role.PATIENT)


def enter_code(house: House, code: str, *, device: str, tablet_id: str | None = None) -> str:
    """Open a turn with the code the desk gave; returns the token for the cookie.

    Any other turn of the visit ends. `tablet_id` names a tablet that the clinic knows.
    Unknown, used and expired codes are refused in the same words (`BadCode`); too many tries from
    one `device` raise `TooManyTries`.
    """
    now = house.clock()
    with house.database.write() as tx:
        tries = count_try(tx, f"code:{device}", now, TRIES_WINDOW)
    if tries > MOST_TRIES:
        raise TooManyTries("Too many tries. Please wait ten minutes, or ask at the desk.")
    with house.database.write() as tx:
        visit = visit_for_code(tx, tidy_code(code), now)
        if visit is None or visit.station not in OPEN_STATIONS:
            raise BadCode("This code does not work. Please check it, or ask at the desk.")
        token = house.new_token()
        close_sessions_of_visit(tx, visit.id, now)
        forget_signature_begun(tx, visit.id)
        open_patient_session(tx, token, visit.id, now, tablet_id=tablet_id)
        person = Turn(token, visit).person
        if visit.station is Station.ARRANGED:
            visit = move_visit(tx, visit, after(visit.station, Move.START, Role.PATIENT))
        house.note(tx, person, "turn_started", visit.id, station=visit.station.value)
    return token


def tidy_code(typed: str) -> str:
    """A code as it is kept, in groups of four, however it was typed."""
    signs = plain_code(typed)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def turn_of(house: House, token: str) -> Turn | None:
    """The turn the token belongs to; None when it is locked, was left alone, ended or never was."""
    now = house.clock()
    with house.database.read() as tx:
        session = patient_session(tx, token, now, TURN_IDLE)
        if session is None or session.locked:
            return None
        visit = get_visit(tx, session.visit_id)
    turn = Turn(token, visit, session.at_home, session.tablet_id)
    if turn.at_home and turn.visit.station is not Station.IN_PROGRESS:
        return None
    if session.to_note:
        with house.database.write() as tx:
            patient_seen(tx, token, now)
    return turn


def read_in(house: House, turn: Turn, code: str) -> Turn:
    """Go on in another language; the answers stay, for they are kept without words.

    What is read back and signed is in the language read last. Raises `NotReadable` for a language
    that is not offered, and `WrongStation` once the visit has moved on.
    """
    if code not in {language.code for language in house.languages_offered}:
        raise NotReadable("Choose one of the buttons.")
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        if visit.language != code:
            chosen = {"before": visit.language, "now": code}
            append_entry(
                tx, visit.id, "language_chosen", chosen, at=house.clock(), person=turn.person
            )
            visit = set_language(tx, visit, code)
            house.note(tx, turn.person, "language_chosen", visit.id, language=code)
    return replace(turn, visit=visit)


def still_here(house: House, turn: Turn) -> None:
    """Somebody touched the tablet just now."""
    with house.database.write() as tx:
        patient_seen(tx, turn.token, house.clock())


def end_turn(house: House, token: str) -> None:
    """End the turn for good: its token opens nothing any more."""
    with house.database.write() as tx:
        close_patient_session(tx, token, house.clock())
        visit_id = visit_of_ended_session(tx, token)
        if visit_id is not None:
            forget_signature_begun(tx, visit_id)


def visit_of_ended_turn(house: House, token: str) -> Visit | None:
    """The visit of a turn that was ended, as it stands now; None when there was no such turn.

    For a device that never heard how its last page ended.
    """
    with house.database.read() as tx:
        visit_id = visit_of_ended_session(tx, token) if token else None
        return get_visit(tx, visit_id) if visit_id else None


def at_station(tx: Transaction, turn: Turn, *stations: Station) -> Visit:
    """The visit as it stands in this transaction. Raises `WrongStation` when it moved on."""
    visit = get_visit(tx, turn.visit.id)
    if visit.station not in stations:
        raise WrongStation("This step is over. Please go on from the start page.")
    return visit
