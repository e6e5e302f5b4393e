"""Staff accounts: the first administrator, invitations by one-time link, roles, leaving.

Nobody can set another person's password: each sets their own behind a link that works once and
not for long.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from questionnaire.addresses import NoAddress, email_address
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import OTHER_BY_NOW, ChangedSince, NotAllowed, NotFound, StillOpen
from questionnaire.domain.slips import Reading, Slips
from questionnaire.domain.visible import has_letter
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.journey.staff_links import is_good_token, link_token
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
from questionnaire.records.database import Transaction
from questionnaire.records.staff_sessions import end_staff_sessions

FIRST_LINK_LIVES = timedelta(hours=24)
INVITATION_LIVES = timedelta(days=3)
STAFF_ROLES = (Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR)
LONGEST_NAME = 200
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
    return link_token(house, _FIRST, "", house.clock() + FIRST_LINK_LIVES)


def refuse_spent_first(house: House, token: str) -> None:
    """Raises `NotFound` unless the token still opens the first administrator's page."""
    with house.database.read() as tx:
        _check_first(house, tx, token)


def open_house(house: House, token: str, joining: Joining, password_hash: str) -> Account:
    """Make the first administrator, who may be a clinician as well. Raises `Slip`, `NotFound`."""
    facts = checked(joining)
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
    facts = checked(joining)
    with house.database.write() as tx:
        if email_taken(tx, facts.email):
            raise Slips({"email": Slip("Somebody has this e-mail address already.")})
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


def account_of(house: House, administrator: Person, account_id: str) -> Account:
    """One account. Raises `NotFound`."""
    _allow(administrator)
    with house.database.read() as tx:
        return get_account(tx, account_id)


def change(
    house: House,
    administrator: Person,
    account_id: str,
    *,
    roles: Collection[Role],
    registration: str,
    active: bool,
    seen: Account | None = None,
) -> None:
    """Change what somebody may do; it counts from their next request.

    `seen` is the account as it was read for this change. Raises `Slips` for what is wrong,
    `ChangedSince` when the account is another by now, and `StillOpen` when no administrator would
    be left.
    """
    _allow(administrator)
    reading, number = Reading(), ""
    with reading.of("roles"):
        _refuse_no_role(roles)
    with reading.of("registration"):
        number = _registration(registration)
    reading.refuse_slips()
    with house.database.write() as tx:
        account = get_account(tx, account_id)
        if seen not in {None, account}:
            raise ChangedSince(f"The account {OTHER_BY_NOW}")
        set_roles(tx, account.id, set(roles) & set(STAFF_ROLES))
        set_facts(tx, account.id, registration=number, active=active)
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


def checked(joining: Joining) -> Joining:
    """Who joins, as it is kept. Raises `Slips` for all that is missing or wrong at once."""
    reading, name, email, registration = Reading(), "", "", ""
    with reading.of("full_name"):
        name = _name(joining.full_name)
    with reading.of("email"):
        email = _email(joining.email)
    with reading.of("registration"):
        registration = _registration(joining.registration)
    with reading.of("roles"):
        _refuse_no_role(joining.roles)
    reading.refuse_slips()
    return Joining(name, email, registration, joining.roles & frozenset(STAFF_ROLES))


def _name(text: str) -> str:
    name = _line(text)
    if not name or len(name) > LONGEST_NAME:
        raise Slip(f"Write the full name, {LONGEST_NAME} letters at most.")
    if not has_letter(name):
        raise Slip("Write the full name in letters.")
    return name


def _email(text: str) -> str:
    try:
        return email_address(text).lower()
    except NoAddress:
        raise Slip("Write an e-mail address like name@clinic.example.") from None


def _refuse_no_role(roles: Collection[Role]) -> None:
    if not set(roles) & set(STAFF_ROLES):
        raise Slip("Pick at least one role.")


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _registration(text: str) -> str:
    if len(registration := _line(text)) > LONGEST_NAME:
        raise Slip(f"Write the registration number, {LONGEST_NAME} letters at most.")
    return registration


def _check_first(house: House, tx: Transaction, token: str) -> None:
    if not is_good_token(house, token, _FIRST, "") or all_accounts(tx):
        raise NotFound(_SPENT)


def _invitation(house: House, account: Account) -> str:
    return link_token(house, account.id, account.stamp, house.clock() + INVITATION_LIVES)


def _invited(house: House, tx: Transaction, token: str) -> Account:
    try:
        account = get_account(tx, token.partition(".")[0])
    except NotFound as nobody:
        raise NotFound(_SPENT) from nobody
    if not account.active or not is_good_token(house, token, account.id, account.stamp):
        raise NotFound(_SPENT)
    return account
