"""Links by which a patient fills in the form at home: made, tried, opened, taken back, mailed.

Only hashes of the secret and of the code are stored. An e-mail address stands here, sealed, only
while the e-mail waits to be sent.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from questionnaire.records.database import Transaction
from questionnaire.records.tables import home_link as links
from questionnaire.records.tables import patient_session as sessions


class Mail(StrEnum):
    """How far the e-mail with a link is."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HomeLink:
    """One link. `tries` counts the birth dates that were tried and were not right."""

    id: str
    visit_id: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    tries: int
    opened_at: datetime | None
    mail: Mail
    mail_tries: int


def add_home_link(
    tx: Transaction,
    link_id: str,
    visit_id: str,
    *,
    now: datetime,
    expires_at: datetime,
    mail_to: str | None = None,
) -> None:
    """Write down a link that opens nothing until it has its secret; `mail_to` is kept sealed."""
    tx.connection.execute(
        insert(links).values(
            id=link_id,
            visit_id=visit_id,
            made_at=now,
            expires_at=expires_at,
            tries=0,
            mail=Mail.WAITING if mail_to else Mail.NONE,
            mail_to=mail_to and tx.ring.seal(mail_to.encode(), **_place(link_id)),
            mail_tries=0,
            mail_next_at=now if mail_to else None,
        )
    )


def set_secret(tx: Transaction, link_id: str, token: str, code: str) -> None:
    """The link opens with this secret or this code from now on, and with none it had before."""
    hashes = {"token_hash": _token_hash(tx, token), "code_hash": _code_hash(tx, code)}
    tx.connection.execute(update(links).where(links.c.id == link_id).values(**hashes))


def link_of_token(tx: Transaction, token: str) -> HomeLink | None:
    """The link with this secret, whatever became of it."""
    return _one(tx, links.c.token_hash == _token_hash(tx, token))


def link_of_code(tx: Transaction, code: str) -> HomeLink | None:
    """The link with this code, whatever became of it."""
    return _one(tx, links.c.code_hash == _code_hash(tx, code))


def link_of_turn(tx: Transaction, token: str) -> HomeLink | None:
    """The link that opened the turn of this token, even if the turn is over."""
    opened = select(sessions.c.home_link_id).where(
        sessions.c.token_hash == tx.ring.code_hash(token)
    )
    return _one(tx, links.c.id == opened.scalar_subquery())


def newest_link(tx: Transaction, visit_id: str) -> HomeLink | None:
    """The last link made for a visit."""
    row = tx.connection.execute(
        select(links)
        .where(links.c.visit_id == visit_id)
        .order_by(links.c.made_at.desc(), links.c.revoked_at.is_(None).desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _link_from(row)


def pay_try(tx: Transaction, link_id: str, most: int, now: datetime) -> int | None:
    """Count one try; its number, or None when none is left or the link is over.

    Commit before the try is looked at, so that tries made at once, or cut off, all count.
    """
    paid: int | None = tx.connection.execute(
        update(links)
        .where(links.c.id == link_id)
        .where(links.c.tries < most)
        .where(links.c.revoked_at.is_(None))
        .where(links.c.expires_at > now)
        .values(tries=links.c.tries + 1)
        .returning(links.c.tries)
    ).scalar_one_or_none()
    return paid


def refund_try(tx: Transaction, link_id: str) -> None:
    """The birth date was right: coming back another day costs no try."""
    tx.connection.execute(
        update(links).where(links.c.id == link_id).values(tries=links.c.tries - 1)
    )


def take_link(tx: Transaction, link_id: str, page: str, now: datetime) -> bool:
    """Note that a browser opened the link from this `page`; True for the first one alone."""
    taken = tx.connection.execute(
        update(links)
        .where(links.c.id == link_id)
        .where(links.c.opened_at.is_(None))
        .where(links.c.revoked_at.is_(None))
        .values(opened_at=now, page_hash=tx.ring.code_hash(f"home-page:{page}"))
    )
    return taken.rowcount == 1


def taken_from_page(tx: Transaction, link_id: str, page: str) -> bool:
    """Whether it was this very page that opened the link."""
    return _one(tx, links.c.id == link_id, _from_page(tx, page)) is not None


def opened_otherwise_since(tx: Transaction, link: HomeLink) -> bool:
    """Whether the form was opened in another way, such as on a tablet, after the link was made."""
    found = tx.connection.execute(
        select(sessions.c.visit_id)
        .where(sessions.c.visit_id == link.visit_id)
        .where(sessions.c.opened_at > link.made_at)
        .where(or_(sessions.c.home_link_id.is_(None), sessions.c.home_link_id != link.id))
        .limit(1)
    )
    return found.first() is not None


def revoke_links_of(tx: Transaction, visit_id: str, now: datetime) -> int:
    """No link of the visit opens anything from now on, and their turns end; how many there were."""
    of_visit = select(links.c.id).where(links.c.visit_id == visit_id)
    tx.connection.execute(
        update(sessions)
        .where(sessions.c.home_link_id.in_(of_visit))
        .where(sessions.c.closed_at.is_(None))
        .values(closed_at=now)
    )
    _end_mail(tx, links.c.visit_id == visit_id, links.c.mail == Mail.WAITING, state=Mail.NONE)
    revoked = tx.connection.execute(
        update(links)
        .where(links.c.visit_id == visit_id)
        .where(links.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return revoked.rowcount


def move_link_end(tx: Transaction, link_id: str, until: datetime, now: datetime) -> None:
    """Let a link that still works end at another time; one that does not stays as it is."""
    tx.connection.execute(
        update(links)
        .where(links.c.id == link_id)
        .where(links.c.revoked_at.is_(None))
        .where(links.c.expires_at > now)
        .values(expires_at=until)
    )


def due_mail(tx: Transaction, now: datetime) -> tuple[HomeLink, str] | None:
    """A link whose e-mail should be sent now, and to which address."""
    row = tx.connection.execute(
        select(links)
        .where(links.c.mail == Mail.WAITING)
        .where(links.c.mail_next_at <= now)
        .order_by(links.c.mail_next_at)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return _link_from(row), tx.ring.open(row.mail_to, **_place(row.id)).decode()


def mail_tried(tx: Transaction, link_id: str, next_at: datetime) -> None:
    """A try to send begins; when it comes to nothing the next one is then."""
    tx.connection.execute(
        update(links)
        .where(links.c.id == link_id)
        .values(mail_tries=links.c.mail_tries + 1, mail_next_at=next_at)
    )


def end_mail(tx: Transaction, link_id: str, state: Mail) -> bool:
    """The e-mail was sent, or never will be: the address is forgotten. False: it was before."""
    return _end_mail(tx, links.c.id == link_id, links.c.mail == Mail.WAITING, state=state)


def _end_mail(tx: Transaction, *where: Any, state: Mail) -> bool:
    ended = tx.connection.execute(
        update(links).where(*where).values(mail=state, mail_to=None, mail_next_at=None)
    )
    return ended.rowcount > 0


def _one(tx: Transaction, *where: Any) -> HomeLink | None:
    row = tx.connection.execute(select(links).where(*where)).one_or_none()
    return None if row is None else _link_from(row)


def _link_from(row: Row[Any]) -> HomeLink:
    return HomeLink(
        id=row.id,
        visit_id=row.visit_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        tries=row.tries,
        opened_at=row.opened_at,
        mail=Mail(row.mail),
        mail_tries=row.mail_tries,
    )


def _from_page(tx: Transaction, page: str) -> Any:
    return links.c.page_hash == tx.ring.code_hash(f"home-page:{page}")


def _token_hash(tx: Transaction, token: str) -> str:
    return tx.ring.code_hash(f"home-link:{token}")


def _code_hash(tx: Transaction, code: str) -> str:
    return tx.ring.code_hash(f"home-code:{code}")


def _place(link_id: str) -> dict[str, str]:
    return {"table": "home_link", "column": "mail_to", "row": link_id}
