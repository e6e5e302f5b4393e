"""What proves who a member of staff is besides the password: code app, passkeys, recovery codes.

The app's secret is sealed for its account, recovery codes are kept as keyed hashes, and of a
passkey only the public half is here. Using one is a conditional update, so that it counts once
however many workers are asked at the same moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.staff import staff_code_app as apps
from questionnaire.records.staff import staff_passkey as passkeys
from questionnaire.records.staff import staff_recovery_code as recovery


@dataclass(frozen=True, slots=True)
class CodeApp:
    """An authenticator app: the shared secret in base32, and the last time step already used."""

    secret: str
    last_step: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public half of a passkey, in base64url; `name` is what its owner calls it."""

    credential_id: str
    account_id: str
    public_key: str
    sign_count: int
    name: str
    added_at: datetime
    used_at: datetime | None = None


def code_app(tx: Transaction, account_id: str) -> CodeApp | None:
    """Somebody's authenticator app."""
    row = tx.connection.execute(select(apps).where(apps.c.user_id == int(account_id))).one_or_none()
    if row is None:
        return None
    opened = tx.ring.open(row.secret, table=apps.name, column="secret", row=account_id)
    return CodeApp(opened.decode(), row.last_step, row.added_at)


def put_code_app(tx: Transaction, account_id: str, app: CodeApp) -> None:
    """Keep somebody's app instead of any they had."""
    tx.connection.execute(delete(apps).where(apps.c.user_id == int(account_id)))
    tx.connection.execute(
        insert(apps).values(
            user_id=int(account_id),
            secret=tx.ring.seal(
                app.secret.encode(), table=apps.name, column="secret", row=account_id
            ),
            last_step=app.last_step,
            added_at=app.added_at,
        )
    )


def spend_step(tx: Transaction, account_id: str, step: int) -> bool:
    """Use up a time step of somebody's app; false when it, or a later one, was used before."""
    spent = tx.connection.execute(
        update(apps)
        .where(apps.c.user_id == int(account_id))
        .where(apps.c.last_step < step)
        .values(last_step=step)
    )
    return spent.rowcount == 1


def put_recovery_codes(tx: Transaction, account_id: str, codes: Iterable[str]) -> None:
    """Keep the hashes of these codes; older ones open nothing any more."""
    tx.connection.execute(delete(recovery).where(recovery.c.user_id == int(account_id)))
    for code in codes:
        hashed = _recovery_hash(tx, account_id, code)
        tx.connection.execute(insert(recovery).values(code_hash=hashed, user_id=int(account_id)))


def spend_recovery_code(tx: Transaction, account_id: str, code: str, now: datetime) -> bool:
    """Use up a recovery code; false when it is not theirs or was used before."""
    spent = tx.connection.execute(
        update(recovery)
        .where(recovery.c.code_hash == _recovery_hash(tx, account_id, code))
        .where(recovery.c.used_at.is_(None))
        .values(used_at=now)
    )
    return spent.rowcount == 1


def recovery_codes_left(tx: Transaction, account_id: str) -> int:
    """How many recovery codes were not used yet."""
    left: int = tx.connection.execute(
        select(func.count())
        .select_from(recovery)
        .where(recovery.c.user_id == int(account_id))
        .where(recovery.c.used_at.is_(None))
    ).scalar_one()
    return left


def passkeys_of(tx: Transaction, account_id: str) -> tuple[Passkey, ...]:
    """Somebody's passkeys, oldest first."""
    rows = tx.connection.execute(
        select(passkeys)
        .where(passkeys.c.user_id == int(account_id))
        .order_by(passkeys.c.added_at, passkeys.c.credential_id)
    )
    return tuple(_passkey_from(row) for row in rows)


def find_passkey(tx: Transaction, credential_id: str) -> Passkey | None:
    """The passkey with this id, whosever it is."""
    row = tx.connection.execute(
        select(passkeys).where(passkeys.c.credential_id == credential_id)
    ).one_or_none()
    return None if row is None else _passkey_from(row)


def add_passkey(tx: Transaction, passkey: Passkey) -> None:
    """Keep a new passkey."""
    tx.connection.execute(
        insert(passkeys).values(
            credential_id=passkey.credential_id,
            user_id=int(passkey.account_id),
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            name=passkey.name,
            added_at=passkey.added_at,
        )
    )


def passkey_used(tx: Transaction, credential_id: str, sign_count: int, now: datetime) -> None:
    """Note when a passkey was used and how often it says it was."""
    tx.connection.execute(
        update(passkeys)
        .where(passkeys.c.credential_id == credential_id)
        .values(sign_count=sign_count, used_at=now)
    )


def delete_passkey(tx: Transaction, account_id: str, credential_id: str) -> bool:
    """Forget one of somebody's passkeys; false when it is not theirs."""
    gone = tx.connection.execute(
        delete(passkeys)
        .where(passkeys.c.user_id == int(account_id))
        .where(passkeys.c.credential_id == credential_id)
    )
    return gone.rowcount == 1


def has_factor(tx: Transaction, account_id: str) -> bool:
    """Whether somebody has an app or a passkey; recovery codes alone are none."""
    number = int(account_id)
    for table in (apps, passkeys):
        held = select(table.c.user_id).where(table.c.user_id == number)
        if tx.connection.execute(held).first() is not None:
            return True
    return False


def forget_factors(tx: Transaction, account_id: str) -> None:
    """Take away everything somebody could prove themselves with besides the password."""
    for table in (apps, passkeys, recovery):
        tx.connection.execute(delete(table).where(table.c.user_id == int(account_id)))


def _recovery_hash(tx: Transaction, account_id: str, code: str) -> str:
    return tx.ring.code_hash(f"recovery:{account_id}:{code}")


def _passkey_from(row: Row[Any]) -> Passkey:
    return Passkey(
        row.credential_id,
        str(row.user_id),
        row.public_key,
        row.sign_count,
        row.name,
        row.added_at,
        row.used_at,
    )
