"""No test reaches another machine: what tries to in this process is stopped at once."""

import ipaddress
import sys
from typing import Final

ASKING: Final = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
HERE: Final = frozenset({"localhost", "", None})


class ReachedOut(BaseException):
    """Somebody tried to reach another machine. Not an `Exception`, so that nobody swallows it."""


def stay_here() -> None:
    """Refuse every connection and name look-up that leaves this machine, until the process ends."""
    sys.addaudithook(_listen)


def _listen(event: str, args: tuple[object, ...]) -> None:
    if event not in ASKING:
        return
    place = args[0] if event == "socket.getaddrinfo" else args[1]
    host = place[0] if isinstance(place, tuple) else place
    if not is_here(host, by_name=event == "socket.getaddrinfo"):
        raise ReachedOut(f"{event} {host!r}")


def is_here(host: object, *, by_name: bool) -> bool:
    """Whether that is this machine: loopback, or a socket in the file system."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in HERE or (not by_name and isinstance(name, str) and "/" in name):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return not by_name and not isinstance(name, str)
