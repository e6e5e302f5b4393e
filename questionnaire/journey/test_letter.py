"""A letter the clinic sends to itself: its code, typed back, shows that e-mails arrive.

The page asks for it, the worker sends it; both are entries of the ledger, and nothing else is kept.
"""

import hmac
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Person
from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER
from questionnaire.journey.setting_up import SUBJECT, allow_administrator
from questionnaire.mail import Letter, MailRefused, MailServer, send
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import Event, last_event

ASKED: Final = "test_letter_asked"
SENT: Final = "test_letter_sent"
REFUSED: Final = "test_letter_refused"
CODE_LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class LetterState:
    """How far the last test letter is; `waits` until the worker had its turn."""

    asked_at: datetime
    waits: bool
    refused: bool


def ask_for_letter(house: House, administrator: Person) -> None:
    """Have a letter sent to the clinic's own address. Raises `Slip` while there is none."""
    allow_administrator(administrator)
    if not house.clinic.email:
        raise Slip("Confirm the e-mail addresses first: the letter goes to the clinic's own.")
    with house.database.write() as tx:
        house.note(tx, administrator, ASKED, SUBJECT)


def letter_state(house: House) -> LetterState | None:
    """How far the last test letter is; None when nobody asked for one."""
    with house.database.read() as tx:
        asked, answered = _asked(tx), _answered(tx)
    if asked is None:
        return None
    refused = answered is not None and answered.action == REFUSED
    return LetterState(asked.at, waits=answered is None, refused=refused)


def check_code(house: House, typed: str) -> None:
    """Raises `Slip` unless this is the code of the last letter."""
    with house.database.read() as tx:
        asked, answered = _asked(tx), _answered(tx)
        arrived = asked is not None and answered is not None and answered.action == SENT
        right = _code(tx, asked) if asked and arrived else ""
    if not right or not hmac.compare_digest(typed.strip().upper().encode(), right.encode()):
        raise Slip("Type the six letters and figures of the last test letter.")


def send_asked_letter(
    house: House, server: MailServer, trusted: ssl.SSLContext | None = None
) -> None:
    """Send the letter that was asked for, once; `trusted` is for `mail.send`."""
    with house.database.read() as tx:
        asked = _asked(tx)
        if asked is None or _answered(tx) is not None:
            return
        code = _code(tx, asked)
    arrived = f"E-mails from {house.clinic.called} arrive."
    text = f"{arrived} Type this code on the page “Set up”:\n\n{code}\n"
    letter = Letter(house.clinic.email, "Test letter", text, house.new_id())
    try:
        send(server, letter, house.clock(), trusted)
    except MailRefused as problem:
        action, words = REFUSED, str(problem)
    else:
        action, words = SENT, ""
    with house.database.write() as tx:
        house.note(tx, KEEPER, action, SUBJECT, row=asked.seq, why=words)


def _asked(tx: Transaction) -> Event | None:
    return last_event(tx, SUBJECT, ASKED)


def _answered(tx: Transaction) -> Event | None:
    """What became of the last letter asked for; None while it waits."""
    asked = _asked(tx)
    ends = (last_event(tx, SUBJECT, action) for action in (SENT, REFUSED))
    later = [each for each in ends if each and asked and each.seq > asked.seq]
    return max(later, key=lambda event: event.seq, default=None)


def _code(tx: Transaction, asked: Event) -> str:
    return tx.ring.code_hash(f"test-letter:{asked.seq}")[:CODE_LENGTH].upper()
