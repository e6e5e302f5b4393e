"""What staff do about their own account: password, passkeys and open sessions."""

from dataclasses import dataclass
from datetime import datetime

from questionnaire.domain.errors import NotAllowed, NotFound, Refusal
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import House
from questionnaire.records import factors
from questionnaire.records.accounts import get_account, set_password
from questionnaire.records.factors import Passkey
from questionnaire.records.ledger import Event, last_event, newest_events
from questionnaire.records.staff_sessions import (
    end_staff_sessions,
    staff_session_handle,
    staff_sessions_of,
)

NEW_DEVICE, SEEN = "new_device", "notices_seen"
TOLD = frozenset(
    {NEW_DEVICE, "password_set", "password_changed", "password_link_given"}
    | {"factor_added", "factor_removed", "factors_reset"}
    | {"recovery_codes_made", "recovery_code_used", "pin_made"}
)
"""What somebody is told about their own account until they say that they know."""

SIGN_INS_COMPARED = 100


class LastFactor(Refusal):
    """Nobody may be left without a second step."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A place where somebody is signed in; `handle` is for ending it."""

    handle: str
    is_this: bool
    device: str
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What somebody sees of their own account; no secret is among it."""

    email: str
    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    recovery_codes_left: int
    sessions: tuple[OpenSession, ...]


def notices(house: House, person: Person) -> list[Event]:
    """What happened to somebody's own account since they last said that they know, newest first."""
    with house.database.read() as tx:
        seen = last_event(tx, person.id, SEEN)
        return newest_events(tx, person.id, TOLD, after=seen.seq if seen else 0)


def notices_seen(house: House, person: Person) -> None:
    """Somebody knows what they were told."""
    with house.database.write() as tx:
        house.note(tx, person, SEEN, person.id)


def note_signed_in(house: House, person: Person, *, how: str, device: str) -> None:
    """Write down that somebody signed in, and whether it was on a kind of device new to them."""
    with house.database.write() as tx:
        before = newest_events(tx, person.id, {"signed_in"}, most=SIGN_INS_COMPARED)
        house.note(tx, person, "signed_in", person.id, how=how, device=device)
        if before and device not in {event.detail.get("device") for event in before}:
            house.note(tx, person, NEW_DEVICE, person.id, device=device)


def own_account(house: House, person: Person, token: str) -> OwnAccount:
    """Somebody's second steps and open sessions; `token` is of the session they look from."""
    with house.database.read() as tx:
        app = factors.code_app(tx, person.id)
        return OwnAccount(
            get_account(tx, person.id).email,
            app.added_at if app else None,
            factors.passkeys_of(tx, person.id),
            factors.recovery_codes_left(tx, person.id),
            tuple(
                OpenSession(
                    one.handle,
                    one.handle == staff_session_handle(tx, token),
                    str(one.body.get("device", "")),
                    one.opened_at,
                    one.seen_at,
                )
                for one in staff_sessions_of(tx, person.id, house.clock())
            ),
        )


def change_password(house: House, person: Person, password_hash: str, *, but: str) -> None:
    """Keep a new password of one's own; every session but the one whose token is `but` ends."""
    with house.database.write() as tx:
        set_password(tx, person.id, password_hash, stamp=house.new_token())
        end_staff_sessions(tx, person.id, but=but)
        house.note(tx, person, "password_changed", person.id)


def forget_passkey(house: House, person: Person, credential_id: str, *, but: str) -> None:
    """Take one of somebody's own passkeys away, but never their last factor; sessions end."""
    with house.database.write() as tx:
        if not factors.delete_passkey(tx, person.id, credential_id):
            raise NotFound("There is no such passkey.")
        if not factors.has_factor(tx, person.id):
            raise LastFactor("This is your only second step. Set up another one first.")
        end_staff_sessions(tx, person.id, but=but)
        house.note(tx, person, "factor_removed", person.id, kind="passkey")


def end_session(house: House, person: Person, handle: str) -> None:
    """End one of one's own sessions. Raises `NotFound` when it is not there any more."""
    with house.database.write() as tx:
        if not end_staff_sessions(tx, person.id, handle=handle):
            raise NotFound("This session has ended already.")
        house.note(tx, person, "session_ended", person.id)


def end_other_sessions(house: House, person: Person, *, but: str) -> None:
    """End all of one's own sessions but this one."""
    with house.database.write() as tx:
        ended = end_staff_sessions(tx, person.id, but=but)
        house.note(tx, person, "sessions_ended", person.id, number=ended)


def end_sessions_of(house: House, administrator: Person, account_id: str) -> None:
    """Sign somebody else out everywhere."""
    if administrator.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do this.")
    with house.database.write() as tx:
        account = get_account(tx, account_id)
        ended = end_staff_sessions(tx, account.id)
        house.note(tx, administrator, "sessions_ended", account.id, number=ended)
