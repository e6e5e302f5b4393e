"""Staff accounts: the first administrator, invitations by one-time link, roles, leaving.

Nobody can set another person's password: each sets their own behind a link that works once and
not for long. A link is a keyed hash over what it is for, so nothing secret is kept.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from questionnaire.addresses import NoAddress, email_address
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import NotAllowed, NotFound, StillOpen
from questionnaire.domain.visible import has_letter
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.records.accounts import (
    Account,
    add_account,
    all_accounts,
    email_taken,
    get_account,
    set_facts,
    set_password,
    set_roles,
)
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Transaction
from questionnaire.records.staff_sessions import end_staff_sessions

FIRST_LINK_LIVES = timedelta(hours=24)
INVITATION_LIVES = timedelta(days=3)
STAFF_ROLES = (Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR)
LONGEST_NAME = 200
LONGEST_SECONDS = 12
_FIRST = "first-administrator"
_SPENT = "This link has been used or is out of date. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Joining:
    """What an administrator writes down about a member of staff."""

    full_name: str
    email: str
    registration: str
    roles: frozenset[Role]


def first_link(house: House) -> str:
    """The token of the first administrator's link, good for a day and while nobody is there.

    Raises `NotAllowed` when there are accounts already.
    """
    with house.database.read() as tx:
        if all_accounts(tx):
            raise NotAllowed("There are staff accounts already. An administrator can add more.")
    return _token(house, _FIRST, "", house.clock() + FIRST_LINK_LIVES)


def refuse_spent_first(house: House, token: str) -> None:
    """Raises `NotFound` unless the token still opens the first administrator's page."""
    with house.database.read() as tx:
        _check_first(house, tx, token)


def open_house(house: House, token: str, joining: Joining, password_hash: str) -> Account:
    """Make the first administrator, who may be a clinician as well. Raises `Slip`, `NotFound`."""
    facts = _checked(joining)
    with house.database.write() as tx:
        _check_first(house, tx, token)
        account = add_account(
            tx,
            email=facts.email,
            full_name=facts.full_name,
            registration=facts.registration,
            password_hash=password_hash,
            stamp=house.new_token(),
            at=house.clock(),
        )
        set_roles(tx, account.id, facts.roles | {Role.ADMINISTRATOR})
        person = Person(account.id, account.full_name, Role.ADMINISTRATOR)
        house.note(tx, person, "first_administrator", account.id)
        return account


def invite(house: House, administrator: Person, joining: Joining) -> str:
    """Add a member of staff; the token of the link where they set their own password."""
    _allow(administrator)
    facts = _checked(joining)
    with house.database.write() as tx:
        if email_taken(tx, facts.email):
            raise Slip("Somebody has this e-mail address already.")
        account = add_account(
            tx,
            email=facts.email,
            full_name=facts.full_name,
            registration=facts.registration,
            stamp=house.new_token(),
            at=house.clock(),
        )
        set_roles(tx, account.id, facts.roles)
        house.note(tx, administrator, "staff_invited", account.id, roles=sorted(facts.roles))
    return _invitation(house, account)


def new_link(house: House, administrator: Person, account_id: str) -> str:
    """A fresh link to set a password: for somebody invited, or who forgot theirs."""
    _allow(administrator)
    with house.database.write() as tx:
        account = get_account(tx, account_id)
        house.note(tx, administrator, "password_link_given", account.id)
    return _invitation(house, account)


def invited(house: House, token: str) -> Account:
    """Whom the link is for. Raises `NotFound` when it was used or is out of date."""
    with house.database.read() as tx:
        return _invited(house, tx, token)


def join(house: House, token: str, password_hash: str) -> Account:
    """Keep the password they chose; the link and every session of theirs end with it."""
    with house.database.write() as tx:
        account = _invited(house, tx, token)
        set_password(tx, account.id, password_hash, stamp=house.new_token())
        end_staff_sessions(tx, account.id)
        person = Person(account.id, account.full_name, _chief(account), account.registration)
        house.note(tx, person, "password_set", account.id)
        return account


def staff(house: House, administrator: Person) -> tuple[Account, ...]:
    """Everybody who has an account."""
    _allow(administrator)
    with house.database.read() as tx:
        return all_accounts(tx)


def change(
    house: House,
    administrator: Person,
    account_id: str,
    *,
    roles: Collection[Role],
    registration: str,
    active: bool,
) -> None:
    """Change what somebody may do; it counts from their next request.

    Raises `Slip` for no role, and `StillOpen` when no administrator would be left.
    """
    _allow(administrator)
    if not set(roles) & set(STAFF_ROLES):
        raise Slip("Pick at least one role.")
    with house.database.write() as tx:
        account = get_account(tx, account_id)
        set_roles(tx, account.id, set(roles) & set(STAFF_ROLES))
        set_facts(tx, account.id, registration=_registration(registration), active=active)
        if not active:
            end_staff_sessions(tx, account.id)
        if not any(one.active and Role.ADMINISTRATOR in one.roles for one in all_accounts(tx)):
            raise StillOpen(
                "Nothing was changed.", ("Somebody must stay administrator of the clinic.",)
            )
        house.note(
            tx, administrator, "staff_changed", account.id, roles=sorted(roles), active=active
        )


def clinicians(house: House) -> tuple[Person, ...]:
    """Everybody who may be given a visit."""
    with house.database.read() as tx:
        return tuple(
            Person(one.id, one.full_name, Role.CLINICIAN, one.registration)
            for one in all_accounts(tx)
            if one.active and Role.CLINICIAN in one.roles
        )


def _chief(account: Account) -> Role:
    return next(role for role in (*STAFF_ROLES, Role.DESK) if role in account.roles)


def _allow(person: Person) -> None:
    if person.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do this.")


def _checked(joining: Joining) -> Joining:
    name = _line(joining.full_name)
    if not name or len(name) > LONGEST_NAME:
        raise Slip(f"Write the full name, {LONGEST_NAME} letters at most.")
    if not has_letter(name):
        raise Slip("Write the full name in letters.")
    try:
        email = email_address(joining.email).lower()
    except NoAddress:
        raise Slip("Write an e-mail address like name@clinic.example.") from None
    roles = joining.roles & frozenset(STAFF_ROLES)
    if not roles:
        raise Slip("Pick at least one role.")
    return Joining(name, email, _registration(joining.registration), roles)


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _registration(text: str) -> str:
    if len(registration := _line(text)) > LONGEST_NAME:
        raise Slip(f"Write the registration number, {LONGEST_NAME} letters at most.")
    return registration


def _check_first(house: House, tx: Transaction, token: str) -> None:
    if not _is_good(house, token, _FIRST, "") or all_accounts(tx):
        raise NotFound(_SPENT)


def _invitation(house: House, account: Account) -> str:
    return _token(house, account.id, account.stamp, house.clock() + INVITATION_LIVES)


def _invited(house: House, tx: Transaction, token: str) -> Account:
    try:
        account = get_account(tx, token.partition(".")[0])
    except NotFound as nobody:
        raise NotFound(_SPENT) from nobody
    if not account.active or not _is_good(house, token, account.id, account.stamp):
        raise NotFound(_SPENT)
    return account


def _token(house: House, purpose: str, bound_to: str, expires: datetime) -> str:
    seconds = int(expires.timestamp())
    return f"{purpose}.{seconds}.{_mac(house.database.ring, purpose, bound_to, seconds)}"


def _is_good(house: House, token: str, purpose: str, bound_to: str) -> bool:
    given_purpose, _, rest = token.partition(".")
    seconds, _, mac = rest.partition(".")
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) < LONGEST_SECONDS
    if given_purpose != purpose or not is_time:
        return False
    right = _mac(house.database.ring, purpose, bound_to, int(seconds))
    if not hmac.compare_digest(mac.encode(), right.encode()):
        return False
    return house.clock() < datetime.fromtimestamp(int(seconds), UTC)


def _mac(ring: KeyRing, purpose: str, bound_to: str, seconds: int) -> str:
    return ring.code_hash(f"staff-link:{purpose}:{bound_to}:{seconds}")
