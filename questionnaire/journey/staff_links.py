"""Tokens of the one-time links of staff: a keyed hash over what each is for.

So nothing secret is kept.
"""

import hmac
from datetime import UTC, datetime

from questionnaire.journey.house import House
from questionnaire.records.cipher import KeyRing

LONGEST_SECONDS = 12


def link_token(house: House, purpose: str, bound_to: str, expires: datetime) -> str:
    """The token of a link for `purpose`, good until `expires` while `bound_to` stays the same."""
    seconds = int(expires.timestamp())
    return f"{purpose}.{seconds}.{_mac(house.database.ring, purpose, bound_to, seconds)}"


def is_good_token(house: House, token: str, purpose: str, bound_to: str) -> bool:
    """Whether a token was made for this and is not out of date."""
    given_purpose, _, rest = token.partition(".")
    seconds, _, mac = rest.partition(".")
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) < LONGEST_SECONDS
    if given_purpose != purpose or not is_time:
        return False
    right = _mac(house.database.ring, purpose, bound_to, int(seconds))
    if not hmac.compare_digest(mac.encode(), right.encode()):
        return False
    return house.clock() < datetime.fromtimestamp(int(seconds), UTC)


def _mac(ring: KeyRing, purpose: str, bound_to: str, seconds: int) -> str:
    return ring.code_hash(f"staff-link:{purpose}:{bound_to}:{seconds}")
