"""The second step of signing in: a code from an authenticator app, or a recovery code.

Codes are those of RFC 6238 (SHA-1, 30 seconds, 6 figures), one step early or late is taken, and
each works once. Tries are counted, and the count kept, before a code is compared.
"""

from datetime import timedelta
from typing import Final

from passlib.exc import TokenError
from passlib.totp import TOTP

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed, TooManyTries
from questionnaire.domain.figures import plain_code
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.house import CODE_LETTERS, House
from questionnaire.records import factors
from questionnaire.records.accounts import get_account
from questionnaire.records.database import Transaction
from questionnaire.records.staff_sessions import end_staff_sessions
from questionnaire.records.tries import count_try, forget_tries

STEP: Final = 30
SECRET_BYTES: Final = 20
FIGURES: Final = 6
RECOVERY_CODES: Final = 10
RECOVERY_LETTERS: Final = 12
LIMITS: Final = ((timedelta(minutes=15), 5), (timedelta(days=1), 30))
"""How many wrong codes are looked at within which time."""

WRONG: Final = (
    "This code is not right or was used already. Wait for the next one; the time on your phone "
    "must be set automatically."
)
TOO_MANY: Final = "Too many wrong codes. Please wait 15 minutes or longer, then sign in again."


def new_secret(house: House) -> str:
    """A fresh secret to share with an app, in base32."""
    return str(TOTP(house.draw(SECRET_BYTES), format="raw").base32_key)


def address_for_app(house: House, email: str, secret: str) -> str:
    """What an authenticator app reads from the square code."""
    issuer = house.clinic.called.replace(":", " ")
    return str(TOTP(secret).to_uri(email.replace(":", " "), issuer=issuer))


def has_factor(house: House, account_id: str) -> bool:
    """Whether somebody has a second factor."""
    with house.database.read() as tx:
        return factors.has_factor(tx, account_id)


def keep_app(
    house: House, person: Person, secret: str, typed: str, *, replacing: bool, but: str = ""
) -> tuple[str, ...]:
    """Keep the app that shows the right code; recovery codes to write down, if it is the first.

    `replacing` is for somebody who has just proven a factor they had. Other sessions than the one
    whose token is `but` end. Raises `Slip` for a wrong code.
    """
    step = _step(house, secret, typed, after=0)
    if step is None:
        raise Slip(WRONG)
    with house.database.write() as tx:
        codes = first_codes(house, tx, person, replacing=replacing, but=but)
        factors.put_code_app(tx, person.id, factors.CodeApp(secret, step, house.clock()))
        house.note(tx, person, "factor_added", person.id, kind="app")
    return codes


def first_codes(
    house: House, tx: Transaction, person: Person, *, replacing: bool, but: str
) -> tuple[str, ...]:
    """Recovery codes for somebody's first factor, nothing for a later one; other sessions end.

    Raises `NotAllowed` when a factor is there that was not proven.
    """
    is_first = not factors.has_factor(tx, person.id)
    if not is_first and not replacing:
        raise NotAllowed("Somebody has set up a second step meanwhile. Sign in again with it.")
    end_staff_sessions(tx, person.id, but=but)
    return _codes(house, tx, person) if is_first else ()


def new_codes(house: House, person: Person) -> tuple[str, ...]:
    """Ten fresh recovery codes; those from before open nothing any more."""
    with house.database.write() as tx:
        house.note(tx, person, "recovery_codes_made", person.id)
        return _codes(house, tx, person)


def prove(house: House, person: Person, typed: str) -> str:
    """Check a code somebody typed; "app" or "recovery", whichever it was.

    Raises `Slip` for a wrong or used code and `TooManyTries` when none is looked at any more.
    """
    text = plain_code(typed)
    if not text:
        raise Slip(WRONG)
    count_factor_try(house, person.id)
    is_code = len(text) == FIGURES
    spend = _spend_code if is_code else _spend_recovery
    with house.database.write() as tx:
        right = spend(house, tx, person, text)
        if right:
            _forgive(tx, person.id)
        else:
            house.note(tx, person, "factor_refused", person.id)
    if not right:
        raise Slip(WRONG)
    return "app" if is_code else "recovery"


def count_factor_try(house: House, account_id: str) -> None:
    """Count a try for good before anything is compared. Raises `TooManyTries`."""
    now = house.clock()
    with house.database.write() as tx:
        numbers = [
            (count_try(tx, _try_key(account_id, window), now, window), most)
            for window, most in LIMITS
        ]
    if any(number > most for number, most in numbers):
        raise TooManyTries(TOO_MANY)


def reset(house: House, administrator: Person, account_id: str) -> None:
    """Take somebody's factors away so that they set up new ones; they are signed out.

    Nobody reads or sets a secret for somebody else.
    """
    if administrator.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can do this.")
    with house.database.write() as tx:
        account = get_account(tx, account_id)
        factors.forget_factors(tx, account.id)
        _forgive(tx, account.id)
        end_staff_sessions(tx, account.id)
        house.note(tx, administrator, "factors_reset", account.id)


def _spend_code(house: House, tx: Transaction, person: Person, text: str) -> bool:
    app = factors.code_app(tx, person.id)
    step = _step(house, app.secret, text, after=app.last_step) if app else None
    return step is not None and factors.spend_step(tx, person.id, step)


def _spend_recovery(house: House, tx: Transaction, person: Person, text: str) -> bool:
    code = "".join(letter for letter in text if letter in CODE_LETTERS)
    if not factors.spend_recovery_code(tx, person.id, code, house.clock()):
        return False
    house.note(tx, person, "recovery_code_used", person.id)
    return True


def _forgive(tx: Transaction, account_id: str) -> None:
    """Wrong codes before this moment are forgotten."""
    for window, _ in LIMITS:
        forget_tries(tx, _try_key(account_id, window))


def _codes(house: House, tx: Transaction, person: Person) -> tuple[str, ...]:
    codes = tuple(house.new_code(RECOVERY_LETTERS) for _ in range(RECOVERY_CODES))
    factors.put_recovery_codes(tx, person.id, (code.replace("-", "") for code in codes))
    return codes


def _step(house: House, secret: str, typed: str, *, after: int) -> int | None:
    """The time step a code belongs to, if it is one of three around now and later than `after`."""
    now, text = int(house.clock().timestamp()), plain_code(typed)
    try:
        found = TOTP(secret).match(
            text if text.isascii() else "", time=now, window=STEP, last_counter=after
        )
    except TokenError:
        return None
    return int(found.counter)


def _try_key(account_id: str, window: timedelta) -> str:
    return f"factor:{account_id}:{window}"
