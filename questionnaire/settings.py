"""Where this installation keeps its things and where it answers.

What a clinic decides about care is in `rules/`; what is here belongs to the machine. Each value
comes from one environment variable, has a default for one machine, and is checked before a start.

Run as `python -m questionnaire.settings` it checks that the app could start here: it prints the
host and port, or one sentence saying what is in the way.
"""

import os
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from questionnaire.addresses import (
    NoAddress,
    PublicAddress,
    email_address,
    is_this_machine,
    public_address,
    sender_address,
)
from questionnaire.mail import MailServer
from questionnaire.only_one import AlreadyRunning, only_one
from questionnaire.ordinary_files import read_words

LAST_PORT = 65_535
MOST_PROXIES = 9


class SettingsError(ValueError):
    """A setting, a folder or the port cannot be used; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders, the address and the few switches of one installation."""

    data: Path
    """Database, queue and archive shelf (`CANDOUR_DATA`)."""
    keys: Path
    """Key ring and clinic certificate, never inside `data` (`CANDOUR_KEYS`)."""
    rules: Path
    """Questions, flag rules, treatments and the clinic's own page (`CANDOUR_RULES`)."""
    host: str
    """IPv4 address or name the server listens on (`CANDOUR_HOST`)."""
    port: int
    """Port the server listens on, 1 to 65535 (`CANDOUR_PORT`)."""
    public_address: str
    """What people type, as browsers send it, no slash at the end (`CANDOUR_PUBLIC_ADDRESS`)."""
    secure_cookies: bool
    """Cookies travel over https only; off only on this machine (`CANDOUR_SECURE_COOKIES`)."""
    proxy_hops: int
    """Proxies in front whose word about the client is believed (`CANDOUR_PROXY_HOPS`)."""
    anchors: Path | None = None
    """Folder elsewhere that gets the ledger's last mark every day (`CANDOUR_ANCHORS`)."""
    mail: MailServer | None = None
    """The server that takes e-mails with home links (`CANDOUR_SMTP_HOST`)."""
    anchor_mail: str = ""
    """Where the ledger's last mark is mailed every day (`CANDOUR_ANCHOR_MAIL`)."""
    backup_key: Path | None = None
    """File with the public key that backups are locked to (`CANDOUR_BACKUP_KEY`)."""

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables.

        An empty variable counts as not set. Folders come back absolute.
        Raises `SettingsError` for the first value that cannot be used.
        """
        host = env.get("CANDOUR_HOST") or "127.0.0.1"
        if not re.fullmatch(r"[A-Za-z0-9.-]+", host):
            raise SettingsError(f'CANDOUR_HOST must be an IPv4 address or a name, not "{host}".')
        port = _whole_number(env, "CANDOUR_PORT", default=8000, least=1, most=LAST_PORT)
        data = _folder(env, "CANDOUR_DATA", "data")
        keys = _folder(env, "CANDOUR_KEYS", "keys")
        if keys.is_relative_to(data):
            raise SettingsError(
                f"CANDOUR_KEYS ({keys}) must be outside the data folder ({data}), "
                "so that whoever copies the data does not get the keys with it."
            )
        address = _public_address(env.get("CANDOUR_PUBLIC_ADDRESS") or f"http://{host}:{port}")
        return cls(
            data=data,
            keys=keys,
            rules=_folder(env, "CANDOUR_RULES", "rules"),
            host=host,
            port=port,
            public_address=str(address),
            secure_cookies=_secure_cookies(env, address),
            proxy_hops=_whole_number(
                env, "CANDOUR_PROXY_HOPS", default=0, least=0, most=MOST_PROXIES
            ),
            anchors=_anchors(env, data, keys),
            mail=_mail(env),
            anchor_mail=_anchor_mail(env),
            backup_key=_path_if_set(env, "CANDOUR_BACKUP_KEY"),
        )


def check_place(settings: Settings) -> None:
    """Make sure the app could start here: folders of its own that can be written, a free port.

    Raises `SettingsError` or `AlreadyRunning` for the first thing in the way.
    """
    check_folders(settings)
    try:
        with only_one(settings.data):
            pass
    except OSError as error:
        raise SettingsError(f"{error.filename} cannot be used: {_why(error)}.") from error
    try:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(
            f"Port {settings.port} on {settings.host} cannot be used: {_why(error)}. "
            "Choose another with CANDOUR_PORT."
        ) from error


def check_folders(settings: Settings) -> None:
    """Make sure the data and keys folders can be written; `SettingsError` says which cannot.

    Creates them, for the owner's eyes only, when they are missing.
    """
    for folder in (settings.data, settings.keys):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise SettingsError(f"The folder {folder} cannot be written: {_why(error)}.") from error


def main() -> int:
    """Print host, port and data folder to serve with, or why not; 0 when all is well, else 1."""
    try:
        settings = Settings.from_environment(os.environ)
        check_place(settings)
    except (SettingsError, AlreadyRunning) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{settings.host} {settings.port} {settings.data}\n")
    return 0


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _folder(env: Mapping[str, str], name: str, default: str) -> Path:
    written = env.get(name) or default
    try:
        folder = Path(written).expanduser()
        if not (folder.is_symlink() and not folder.exists()):
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                folder.stat()  # `resolve` of newer Pythons says nothing of links in a circle
            return folder.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError(f"{name} ({written}) cannot be a place: {error}.") from error
    raise SettingsError(f"{name} ({folder}) leads to where nothing is. Mount its disk.")


def _path_if_set(env: Mapping[str, str], name: str) -> Path | None:
    return _folder(env, name, "") if env.get(name) else None


def _anchors(env: Mapping[str, str], data: Path, keys: Path) -> Path | None:
    folder = _path_if_set(env, "CANDOUR_ANCHORS")
    if folder is None:
        return None
    if folder.is_relative_to(data) or folder.is_relative_to(keys):
        raise SettingsError(
            f"CANDOUR_ANCHORS ({folder}) must be outside the data and keys folders, best on "
            "another machine: it shows when something was cut off inside them."
        )
    return folder


def _anchor_mail(env: Mapping[str, str]) -> str:
    typed = env.get("CANDOUR_ANCHOR_MAIL") or ""
    if typed and not env.get("CANDOUR_SMTP_HOST"):
        raise SettingsError("CANDOUR_ANCHOR_MAIL needs a mail server: set CANDOUR_SMTP_HOST.")
    try:
        return email_address(typed) if typed else ""
    except NoAddress:
        sentence = f'CANDOUR_ANCHOR_MAIL must be one e-mail address, not "{typed}".'
        raise SettingsError(sentence) from None


def _mail(env: Mapping[str, str]) -> MailServer | None:
    host = env.get("CANDOUR_SMTP_HOST")
    if not host:
        return None
    sender = _sender(env.get("CANDOUR_SMTP_FROM") or "")
    file = env.get("CANDOUR_SMTP_PASSWORD_FILE")
    try:
        password = read_words(Path(file)).strip() if file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"CANDOUR_SMTP_PASSWORD_FILE ({file}) cannot be read.") from error
    return MailServer(
        host=host,
        port=_whole_number(env, "CANDOUR_SMTP_PORT", default=587, least=1, most=LAST_PORT),
        sender=sender,
        encrypted=not is_this_machine(host),
        user=env.get("CANDOUR_SMTP_USER") or "",
        password=password,
    )


def _whole_number(env: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise SettingsError(f'{name} must be a whole number from {least} to {most}, not "{text}".')
    return int(text)


def _sender(written: str) -> str:
    try:
        sender_address(written)
    except NoAddress:
        raise SettingsError(
            "CANDOUR_SMTP_FROM must be the one address e-mails come from, like "
            f'"Front desk <desk@clinic.example>", not "{written}".'
        ) from None
    return written


def _public_address(written: str) -> PublicAddress:
    try:
        address = public_address(written)
    except NoAddress:
        raise SettingsError(
            "CANDOUR_PUBLIC_ADDRESS must look like https://consent.example.org "
            f'(nothing after the name), not "{written}".'
        ) from None
    if not (address.is_encrypted or address.is_this_machine):
        raise SettingsError(
            f"CANDOUR_PUBLIC_ADDRESS must begin with https:// ({address} would carry answers "
            "in the clear; plain http is for 127.0.0.1 and localhost only)."
        )
    return address


def _secure_cookies(env: Mapping[str, str], address: PublicAddress) -> bool:
    over_https = address.is_encrypted
    text = env.get("CANDOUR_SECURE_COOKIES") or ("on" if over_https else "off")
    if text not in {"on", "off"}:
        raise SettingsError(f'CANDOUR_SECURE_COOKIES must be on or off, not "{text}".')
    if text == "off" and over_https:
        raise SettingsError("CANDOUR_SECURE_COOKIES can be off only for http://127.0.0.1.")
    return text == "on"


if __name__ == "__main__":
    sys.exit(main())
