"""The home link: how the desk makes one, and how it opens the form on the patient's own device.

Opening the page never uses a link up; the right birth date does, once. The birth date only shows
that the link reached the right person, so five wrong ones are all there are. The turn that opens
may fill in the form and nothing else: it shows no earlier answers, and signing is at the clinic.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from questionnaire.domain.errors import BadCode, Refusal, TooManyTries, WrongStation
from questionnaire.domain.language import to_say
from questionnaire.domain.visit import Move, Person, Role, Station, Visit, after
from questionnaire.journey.arranging import allow_desk
from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER
from questionnaire.journey.turns import MOST_TRIES as MOST_TRIES_A_DEVICE
from questionnaire.journey.turns import TRIES_WINDOW, Turn, tidy_code
from questionnaire.records.database import Transaction
from questionnaire.records.home_links import (
    HomeLink,
    add_home_link,
    link_of_code,
    link_of_token,
    link_of_turn,
    newest_link,
    opened_otherwise_since,
    pay_try,
    refund_try,
    revoke_links_of,
    set_secret,
    take_link,
    taken_from_page,
)
from questionnaire.records.patient_sessions import close_sessions_of_visit, open_patient_session
from questionnaire.records.tries import count_try
from questionnaire.records.visits import get_visit, move_visit

CODE_SIGNS = 10
MOST_TRIES = 5
LONGEST = timedelta(days=14)
AFTER_APPOINTMENT = timedelta(days=1)
SAME_PAGE = timedelta(minutes=10)
"""So long the page that opened a link may be sent again, because its reply was lost."""
MOST_CODES = 200
"""Codes tried by everybody together in ten minutes; patients type one now and then."""
LINK_STATIONS = frozenset({Station.ARRANGED, Station.IN_PROGRESS})


class LinkOver(Refusal):
    """The link was taken back, is too old, was opened elsewhere or was tried too often."""

    status = 410


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a link, shown or sent once: the secret in its address, or a code to type."""

    token: str
    code: str


@dataclass(frozen=True, slots=True)
class LinkState:
    """A visit's last link at the desk; `works` while a birth date may still be tried."""

    link: HomeLink
    works: bool

    @property
    def is_tried_out(self) -> bool:
        """Whether every try was used up by wrong birth dates."""
        return self.link.tries >= MOST_TRIES


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at the page of home links: what they bring, and the birth date they typed.

    `token` or `code` name the link; with neither it is the link of the turn whose token is
    `before`, the cookie of this browser. `page` is the one-time key of the page that was sent;
    `device` is the network address.
    """

    token: str
    code: str
    born: date
    page: str
    before: str
    device: str


def make_link(house: House, person: Person, visit_id: str) -> tuple[str, Secret]:
    """A fresh link for a visit: its id, and the secret to be shown; earlier ones open nothing.

    Raises `WrongStation` when there is nothing to fill in, or the appointment is long over.
    """
    secret = draw_secret(house)
    with house.database.write() as tx:
        link_id = renew_link(house, tx, person, visit_id)
        set_secret(tx, link_id, secret.token, secret.code)
    return link_id, secret


def draw_secret(house: House) -> Secret:
    """A secret of 256 random bits, and a code that is typed where no script runs."""
    return Secret(house.new_token(), house.new_code(CODE_SIGNS))


def renew_link(
    house: House, tx: Transaction, person: Person, visit_id: str, *, mail_to: str | None = None
) -> str:
    """Put a new link in the place of the visit's earlier ones; its id. Raises `WrongStation`."""
    allow_desk(person)
    now, visit = house.clock(), get_visit(tx, visit_id)
    expires_at = min(visit.appointment_at + AFTER_APPOINTMENT, now + LONGEST)
    if visit.station not in LINK_STATIONS:
        raise WrongStation("There is nothing to fill in at home now.")
    if expires_at <= now:
        raise WrongStation("The appointment is over, so a link would open nothing.")
    _revoke(house, tx, person, visit_id, now)
    link_id = house.new_id()
    add_home_link(tx, link_id, visit_id, now=now, expires_at=expires_at, mail_to=mail_to)
    house.note(tx, person, "home_link_made", visit_id, by_mail=bool(mail_to))
    return link_id


def revoke_link(house: House, person: Person, visit_id: str) -> None:
    """The visit's links open nothing from now on, and what they opened ends. Raises `NotFound`."""
    allow_desk(person)
    with house.database.write() as tx:
        _revoke(house, tx, person, get_visit(tx, visit_id).id, house.clock())


def _revoke(house: House, tx: Transaction, person: Person, visit_id: str, now: datetime) -> None:
    if revoke_links_of(tx, visit_id, now):
        house.note(tx, person, "home_link_revoked", visit_id)


def link_state(house: House, person: Person, visit_id: str) -> tuple[Visit, LinkState | None]:
    """The visit and how its last link stands. Raises `NotFound`."""
    allow_desk(person)
    with house.database.read() as tx:
        visit, link = get_visit(tx, visit_id), newest_link(tx, visit_id)
        if link is None:
            return visit, None
        over = _is_over(link, house.clock()) or opened_otherwise_since(tx, link)
        return visit, LinkState(link, works=not over and visit.station in LINK_STATIONS)


def open_at_home(house: House, knock: Knock) -> str | None:
    """The token of the turn this opens; None when there is nothing left to fill in.

    A link opens in one browser; the same browser may come back with it. Raises `BadCode` when
    link and birth date do not fit, `LinkOver` for a link that opens nothing any more and
    `TooManyTries`.
    """
    now = house.clock()
    _count(house, knock, now)
    with house.database.read() as tx:
        link = _link_of(tx, knock)
    if link is None:
        raise _do_not_fit()
    with house.database.write() as tx:
        number = pay_try(tx, link.id, MOST_TRIES, now)
    if number is None:
        raise _over()
    with house.database.write() as tx:
        link = _link_of(tx, knock)
        if link is None or link.revoked_at is not None:
            raise _over()
        visit = get_visit(tx, link.visit_id)
        fits = hmac.compare_digest(
            knock.born.isoformat().encode(), visit.patient.date_of_birth.isoformat().encode()
        )
        if fits:
            return _open(house, tx, link, visit, knock)
        house.note(tx, Turn("", visit).person, "home_link_refused", visit.id, number=number)
    raise _do_not_fit()


def opened_at_home(house: House, token: str) -> bool:
    """Whether a home link opened the turn of this token, even if the turn is over."""
    with house.database.read() as tx:
        return link_of_turn(tx, token) is not None


def _open(house: House, tx: Transaction, link: HomeLink, visit: Visit, knock: Knock) -> str | None:
    now, person = house.clock(), Turn("", visit).person
    if visit.station not in LINK_STATIONS:
        return None
    if opened_otherwise_since(tx, link) or not _takes(tx, link, knock, now):
        raise _over()
    close_sessions_of_visit(tx, visit.id, now)
    token = house.new_token()
    open_patient_session(tx, token, visit.id, now, home_link_id=link.id)
    if visit.station is Station.ARRANGED:
        visit = move_visit(tx, visit, after(visit.station, Move.START, Role.PATIENT))
    refund_try(tx, link.id)
    house.note(tx, person, "turn_started", visit.id, station=visit.station.value, at_home=True)
    return token


def _takes(tx: Transaction, link: HomeLink, knock: Knock, now: datetime) -> bool:
    """Whether this browser is the first to open the link, or the one that did before."""
    if take_link(tx, link.id, knock.page, now):
        return True
    before = link_of_turn(tx, knock.before)
    if before is not None and before.id == link.id:
        return True
    at = link.opened_at or now
    return now - at < SAME_PAGE and taken_from_page(tx, link.id, knock.page)


def _link_of(tx: Transaction, knock: Knock) -> HomeLink | None:
    if knock.token:
        return link_of_token(tx, knock.token)
    if knock.code:
        return link_of_code(tx, tidy_code(knock.code))
    return link_of_turn(tx, knock.before)


def _is_over(link: HomeLink, now: datetime) -> bool:
    return link.revoked_at is not None or link.expires_at <= now or link.tries >= MOST_TRIES


def _count(house: House, knock: Knock, now: datetime) -> None:
    """Count every try of a device, and every code of everybody; raises `TooManyTries`."""
    with house.database.write() as tx:
        number = count_try(tx, f"home-link:{knock.device}", now, TRIES_WINDOW)
        codes = 0
        if knock.code and not knock.token and number <= MOST_TRIES_A_DEVICE:
            codes = count_try(tx, "home-codes", now, TRIES_WINDOW)
        if codes == MOST_CODES + 1:
            house.note(tx, KEEPER, "home_codes_guessed", "home_links")
    if number > MOST_TRIES_A_DEVICE or codes > MOST_CODES:
        raise TooManyTries(to_say("Too many tries. Please wait ten minutes, or ask the clinic."))


def _do_not_fit() -> BadCode:
    return BadCode(
        to_say(
            "This did not work. Please check what you typed. After five tries a link stops "
            "working, and the clinic can give you a new one."
        )
    )


def _over() -> LinkOver:
    return LinkOver(to_say("This link no longer works. Please ask the clinic for a new one."))
