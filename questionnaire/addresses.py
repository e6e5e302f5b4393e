"""Addresses, read once and strictly: of people's e-mail, and of this installation."""

import re
from dataclasses import dataclass
from email.errors import InvalidHeaderDefect
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from unicodedata import decimal, normalize
from urllib.parse import urlsplit

import idna
from email_validator import EmailNotValidError, validate_email

from questionnaire.domain.visible import without_invisible

LONGEST_EMAIL = 254
USUAL_PORTS = {"http": 80, "https": 443}
_MAILBOX = re.compile(r"[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*")
"""Signs that no mail program reads as anything but a part of the name."""
FEWEST_FIGURES, MOST_FIGURES = 7, 15
_PARTS = re.compile(r"[\s,;]+|mailto:")
_FIGURES = re.compile(r"\d[\d \t+()./_\u00b7\u2010-\u2015\u30fb-]*")
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATE = re.compile(
    rf"(?:{_YEAR}[-./]{_MONTH}[-./]{_DAY}|{_DAY}[-./]{_MONTH}[-./]{_YEAR})(?: +[0-9]{{1,2}})?"
)
"""A date, and the hour behind it."""
_DOMAIN = re.compile(r".+\.[A-Za-z][A-Za-z0-9-]*")


class NoAddress(ValueError):  # noqa: N818  # somebody's slip is not an error of the program
    """What was typed cannot be an address."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where both doors are: `host` as browsers send it, `port` only where it is not the usual."""

    scheme: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")

    @property
    def is_encrypted(self) -> bool:
        """Whether everything travels over https."""
        return self.scheme == "https"

    @property
    def is_number(self) -> bool:
        """Whether the host has no name, so that no passkey can be bound to it."""
        return _is_number(self.host)

    @property
    def is_this_machine(self) -> bool:
        """Whether nothing leaves this machine on the way."""
        return is_this_machine(self.host)


def email_address(typed: str) -> str:
    """The one e-mail address that was typed, its domain as mail servers write it.

    A mailbox of plain letters, figures and `. _ % + ' -`, at a domain with a dot. Raises
    `NoAddress` for everything else: two addresses, a name beside one, signs that mail programs
    read in their own way.
    """
    text = without_invisible(typed)
    mailbox = text.rpartition("@")[0]
    if not _MAILBOX.fullmatch(mailbox) or len(text) > LONGEST_EMAIL:
        raise NoAddress
    try:
        found = validate_email(
            text, check_deliverability=False, globally_deliverable=False, strict=True
        )
    except EmailNotValidError:
        raise NoAddress from None
    ascii_domain = found.ascii_domain
    if not _DOMAIN.fullmatch(ascii_domain) or len(mailbox) + len(ascii_domain) >= LONGEST_EMAIL:
        raise NoAddress
    return f"{mailbox}@{ascii_domain}"


def sender_address(written: str) -> str:
    """The one address in words like `Front desk <desk@clinic.example>` (RFC 5322).

    Raises `NoAddress` for a list, a bracket left open, and whatever mail programs would mend.
    """
    if not written.isprintable():
        raise NoAddress
    header = EmailMessage(policy=SMTP)
    header["From"] = written
    read = header["From"]
    senders = read.addresses
    is_group = any(group.display_name is not None for group in read.groups)
    is_broken = any(isinstance(defect, InvalidHeaderDefect) for defect in read.defects)
    if len(senders) != 1 or is_group or is_broken:
        raise NoAddress
    return email_address(senders[0].addr_spec)


def holds_contact(words: str) -> bool:
    """Whether a telephone number or an e-mail address stands somewhere in the words.

    A telephone number is 7 to 15 figures of any script (ITU-T E.164 gives the 15; people abroad
    write their own country's), parted by nothing but spaces and `+ ( ) - . / _` and middle dots,
    of usual or full width. A date is none.
    """
    plain = "".join(
        str(decimal(sign)) if sign.isdecimal() else sign for sign in normalize("NFKC", words)
    )
    return any(_is_contact(part) for part in _PARTS.split(plain)) or any(
        FEWEST_FIGURES <= sum(sign.isdecimal() for sign in run) <= MOST_FIGURES
        for run in _FIGURES.findall(plain)
        if not _DATE.fullmatch(run.strip(" .-/()"))
    )


def _is_contact(part: str) -> bool:
    try:
        email_address(part.strip("<>()[].:"))
    except NoAddress:
        return False
    return True


def public_address(written: str) -> PublicAddress:
    """The scheme, host and port of an address like `https://consent.example.org`.

    Raises `NoAddress` for anything after the name or before it, for signs that nobody sees, and
    for names or ports that no browser can open.
    """
    text = written.lstrip().removesuffix("/")
    if not text.isprintable() or re.search(r"[ #?@%\\]", text):
        raise NoAddress
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise NoAddress from None
    if parts.scheme not in USUAL_PORTS or parts.path or port == 0 or text.endswith(":"):
        raise NoAddress
    if "[" in text and not _is_number(parts.hostname or ""):
        raise NoAddress
    usual = port == USUAL_PORTS[parts.scheme]
    return PublicAddress(parts.scheme, _host(parts.hostname or ""), None if usual else port)


def _host(name: str) -> str:
    if _is_number(name):
        return str(ip_address(name))
    try:
        host = idna.encode(name, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise NoAddress from None
    if host.endswith(".") or host.rpartition(".")[2].isdecimal():
        raise NoAddress
    return host


def is_this_machine(host: str) -> bool:
    """Whether a host name or number is this very machine."""
    return host == "localhost" or (_is_number(host) and ip_address(host).is_loopback)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
