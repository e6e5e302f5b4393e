"""Staff accounts as the clinic sees them, in the tables Flask-Security works with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from questionnaire.domain.errors import NotFound
from questionnaire.domain.visit import Role
from questionnaire.records.columns import metadata
from questionnaire.records.database import Transaction
from questionnaire.records.staff import StaffRole, StaffUser, staff_user_role

users = metadata.tables[StaffUser.__tablename__]
roles = metadata.tables[StaffRole.__tablename__]


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff. `stamp` changes with the password: links and sessions are bound to it."""

    id: str
    email: str
    full_name: str
    registration: str
    roles: frozenset[Role]
    active: bool
    has_password: bool
    stamp: str


def all_accounts(tx: Transaction) -> tuple[Account, ...]:
    """Every account, by name."""
    rows = tx.connection.execute(
        select(
            users.c.id,
            users.c.email,
            users.c.full_name,
            users.c.registration,
            users.c.active,
            users.c.password.is_not(None).label("has_password"),
            users.c.fs_uniquifier,
        ).order_by(users.c.full_name, users.c.id)
    ).all()
    held = _roles_held(tx)
    return tuple(_account_from(row, held) for row in rows)


def get_account(tx: Transaction, account_id: str) -> Account:
    """The account with this id. Raises `NotFound`."""
    for account in all_accounts(tx):
        if account.id == account_id:
            return account
    raise NotFound("There is no such account.")


def email_taken(tx: Transaction, email: str) -> bool:
    """Whether somebody has this address already."""
    query = select(users.c.id).where(func.lower(users.c.email) == email.lower())
    return tx.connection.execute(query).first() is not None


def add_account(
    tx: Transaction,
    *,
    email: str,
    full_name: str,
    stamp: str,
    at: datetime,
    registration: str = "",
    password_hash: str | None = None,
) -> Account:
    """A new account without roles; without a password nobody can sign in with it."""
    added = tx.connection.execute(
        insert(users).values(
            email=email.lower(),
            full_name=full_name,
            registration=registration,
            password=password_hash,
            active=True,
            fs_uniquifier=stamp,
            create_datetime=_as_flask_security_writes(at),
            update_datetime=_as_flask_security_writes(at),
        )
    )
    number: Any = added.inserted_primary_key
    return get_account(tx, str(number[0]))


def set_roles(tx: Transaction, account_id: str, wanted: Iterable[Role]) -> None:
    """These roles and no others."""
    number = int(account_id)
    tx.connection.execute(delete(staff_user_role).where(staff_user_role.c.user_id == number))
    for role in sorted(set(wanted)):
        tx.connection.execute(
            insert(staff_user_role).values(user_id=number, role_id=_role_number(tx, role))
        )


def set_facts(tx: Transaction, account_id: str, **facts: str | bool) -> None:
    """Change `full_name`, `registration` or `active`."""
    tx.connection.execute(update(users).where(users.c.id == int(account_id)).values(**facts))


def set_password(tx: Transaction, account_id: str, password_hash: str, *, stamp: str) -> None:
    """A new password; whatever was bound to the old stamp opens nothing any more."""
    tx.connection.execute(
        update(users)
        .where(users.c.id == int(account_id))
        .values(password=password_hash, fs_uniquifier=stamp)
    )


def _roles_held(tx: Transaction) -> Mapping[int, frozenset[Role]]:
    held: dict[int, frozenset[Role]] = {}
    pairs = select(staff_user_role.c.user_id, roles.c.name).join(
        roles, roles.c.id == staff_user_role.c.role_id
    )
    for number, name in tx.connection.execute(pairs):
        held[number] = held.get(number, frozenset()) | {Role(name)}
    return held


def _account_from(row: Row[Any], held: Mapping[int, frozenset[Role]]) -> Account:
    return Account(
        id=str(row.id),
        email=row.email,
        full_name=row.full_name,
        registration=row.registration,
        roles=held.get(row.id, frozenset()),
        active=row.active,
        has_password=row.has_password,
        stamp=row.fs_uniquifier,
    )


def _role_number(tx: Transaction, role: Role) -> int:
    found = tx.connection.execute(select(roles.c.id).where(roles.c.name == role.value)).scalar()
    if found is None:
        added: Any = tx.connection.execute(insert(roles).values(name=role.value))
        found = added.inserted_primary_key[0]
    number: int = found
    return number


def _as_flask_security_writes(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
