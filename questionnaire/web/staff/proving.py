"""How far somebody has come through the staff door: nobody, a password, and then a second step.

What was proven and when is kept in the session. Dangerous acts ask for a second step that is less
than five minutes old.
"""

from datetime import timedelta
from typing import Final, cast

from flask import request, session
from flask_security import current_user

from questionnaire.domain.visit import Person
from questionnaire.journey.house import House
from questionnaire.journey.own_account import note_signed_in
from questionnaire.journey.passkeys import Challenge
from questionnaire.web.staff.sessions import StaffSession

FRESH_FOR: Final = timedelta(minutes=5)
_PROVEN_AT: Final = "proven_at"
_CHALLENGE: Final = "passkey_challenge"
_SECRET: Final = "app_secret"  # noqa: S105  # where it is, not what it is


def is_proven() -> bool:
    """Whether somebody is signed in and has taken the second step."""
    return bool(current_user.is_authenticated) and _PROVEN_AT in session


def is_fresh(house: House) -> bool:
    """Whether the second step was taken in the last five minutes."""
    age = abs(house.clock().timestamp() - float(session.get(_PROVEN_AT, 0)))
    return is_proven() and age < FRESH_FOR.total_seconds()


def note_proven(house: House, person: Person, how: str) -> None:
    """The second step was just taken: the session goes on under a new token."""
    was_proven = is_proven()
    session[_PROVEN_AT] = house.clock().timestamp()
    this_session().renew()
    if not was_proven:
        note_signed_in(house, person, how=how, device=device())
        return
    with house.database.write() as tx:
        house.note(tx, person, "confirmed", person.id, how=how)


def forget_proof() -> None:
    """Whoever signs in with a password now has proven nothing else yet."""
    for key in (_PROVEN_AT, _CHALLENGE, _SECRET):
        session.pop(key, None)


def this_session() -> StaffSession:
    """The session of this browser."""
    return cast("StaffSession", session)


def give_challenge(challenge: Challenge) -> None:
    """Keep the challenge this browser was given, until it answers."""
    session[_CHALLENGE] = [challenge.word, challenge.given_at]


def take_challenge() -> Challenge | None:
    """The challenge this browser was given; it has none from then on."""
    kept = session.pop(_CHALLENGE, None)
    return Challenge(str(kept[0]), float(kept[1])) if kept else None


def offer_secret(secret: str) -> None:
    """Keep the secret that is being shared with an app, until the app has shown a code."""
    session[_SECRET] = secret


def offered_secret() -> str:
    """The secret that is being shared with an app, or an empty text."""
    return str(session.get(_SECRET, ""))


def secret_taken() -> None:
    """The app has it."""
    session.pop(_SECRET, None)


def device() -> str:
    """What kind of device this is, as far as it says itself."""
    said = request.user_agent.string
    known = (
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("CrOS", "Chromebook"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    )
    return next((words for mark, words in known if mark in said), "Unknown device")
