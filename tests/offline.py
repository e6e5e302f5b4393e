"""No test reaches another machine: what tries to in this process is stopped at once."""

import sys

from questionnaire.outbound import ASKING, is_here, where_to


class ReachedOut(BaseException):
    """Somebody tried to reach another machine. Not an `Exception`, so that nobody swallows it."""


def stay_here() -> None:
    """Refuse every connection and name look-up that leaves this machine, until the process ends."""
    sys.addaudithook(_listen)


def _listen(event: str, args: tuple[object, ...]) -> None:
    if event in ASKING:
        host, _ = where_to(event, args)
        if not is_here(event, host):
            raise ReachedOut(f"{event} {host!r}")
