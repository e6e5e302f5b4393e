"""Sending e-mail through the clinic's own server: the only module that knows SMTP.

The connection is encrypted and the server's certificate checked, unless the server is this very
machine. Nothing is sent while no server is set.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from questionnaire.addresses import NoAddress, email_address

PATIENCE_SECONDS = 20.0
TLS_FROM_THE_START = 465
"""The port on which a server expects TLS before the first word (RFC 8314)."""
NEVER = 500
"""Replies from this number on are final."""


class MailRefused(Exception):  # noqa: N818  # it is the server's refusal
    """The server did not take the e-mail; `for_good` when trying again would not help.

    The message holds no address.
    """

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class MailServer:
    """The clinic's SMTP server. `sender` is what people read as From, like `Desk <a@b.example>`.

    With `encrypted` off, words travel in the clear: only for a server on this machine.
    """

    host: str
    port: int
    sender: str
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail in plain text to one address. `letter_id` makes it one of a kind."""

    to: str
    subject: str
    text: str
    letter_id: str


def send(
    server: MailServer, letter: Letter, at: datetime, trusted: ssl.SSLContext | None = None
) -> None:
    """Hand the letter to the server. Raises `MailRefused`.

    It goes to exactly the one address of the letter, whatever mail programs may read in it.
    `trusted` holds the authorities whose certificates count; without it those of the machine do.
    """
    context = trusted or ssl.create_default_context()
    try:
        to = email_address(letter.to)
    except NoAddress:
        raise MailRefused("no address", for_good=True) from None
    try:
        with _connected(server, context) as connection:
            if server.user:
                connection.login(server.user, server.password)
            sender = _sender(server)
            message = _message(sender, letter, to, at)
            connection.send_message(message, sender.addr_spec, [to])
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        raise MailRefused("address refused", for_good=min(codes) >= NEVER) from None
    except (OSError, smtplib.SMTPException) as problem:
        raise MailRefused(type(problem).__name__, for_good=False) from None


def _connected(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.encrypted and server.port == TLS_FROM_THE_START:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        if server.encrypted:
            connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _sender(server: MailServer) -> Address:
    name, address = parseaddr(server.sender)
    return Address(name, addr_spec=address)


def _message(sender: Address, letter: Letter, to: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.letter_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
