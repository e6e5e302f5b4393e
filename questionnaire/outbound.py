"""What leaves this machine: nothing but e-mail to the clinic's own server.

Python tells its audit hooks of every connection and name look-up before it is made (PEP 578). The
hook stays until the process ends; a library that wants to fetch something gets an error.
"""

import ipaddress
import sys
from functools import cache
from typing import Final

from questionnaire.mail import MailServer

ASKING: Final = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
_HERE: Final = frozenset({"localhost", "", None})
_names: set[str] = set()
_ports: set[int] = set()


def stay_at_home(mail: MailServer | None) -> None:
    """Refuse what would reach another machine, but for the look-up and the port of `mail`.

    Refused attempts raise `PermissionError` where they are made. Asking again adds a mail server.
    """
    if mail is not None:
        _names.add(mail.host)
        _ports.add(mail.port)
    _begin()


@cache
def _begin() -> None:
    sys.addaudithook(_listen)


def where_to(event: str, args: tuple[object, ...]) -> tuple[object, object]:
    """The host and port that one of the events in `ASKING` is about; a path stands for a host."""
    place = args if event == "socket.getaddrinfo" else args[1]
    return (place[0], place[1]) if isinstance(place, tuple) else (place, None)


def is_here(event: str, host: object) -> bool:
    """Whether that is this machine: loopback, or a socket in the file system."""
    name = host.decode() if isinstance(host, bytes) else host
    by_name = event == "socket.getaddrinfo"
    if name in _HERE or (not by_name and isinstance(name, str) and "/" in name):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return not by_name and not isinstance(name, str)


def _listen(event: str, args: tuple[object, ...]) -> None:
    if event not in ASKING:
        return
    host, port = where_to(event, args)
    is_mail = host in _names if event == "socket.getaddrinfo" else port in _ports
    if not is_mail and not is_here(event, host):
        raise PermissionError("Candour reaches no other machine but its mail server.")
