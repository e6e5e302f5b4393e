"""Addresses and telephone numbers of the clinic, as links that write or call."""

import re
from collections.abc import Mapping
from urllib.parse import quote

import phonenumbers

from questionnaire.documents.words import shown

_EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"
"""An address as it can be written without quotes (RFC 5322 3.2.3)."""
_DIALLED = re.compile(r"[0-9+() ./-]+")


def dial(number: str, calling_code: str) -> str:
    """The address that calls a number from any country (RFC 3966); empty where it is none.

    `calling_code` is that of its country, like 44; empty in records that do not tell it.
    """
    if not (_DIALLED.fullmatch(number) and calling_code.isdecimal()):
        return ""
    regions = phonenumbers.region_codes_for_country_code(int(calling_code))
    try:
        found = phonenumbers.parse(number, regions[0] if regions else None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(found):
        return ""
    return f"tel:{phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)}"


def linked(line: str, clinic: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A line of the clinic's own words in parts, each with its link or none: `(words, address)`.

    E-mail addresses and the clinic's own numbers have one. `clinic` is that part of a record.
    """
    line = shown(line)
    numbers = {
        shown(number): address
        for number in (clinic["phone"], clinic["emergency_phone"])
        if (address := dial(number, clinic.get("calling_code", "")))
    }
    signs = [_EMAIL, *map(re.escape, sorted(numbers, key=len, reverse=True))]
    parts, end = [], 0
    for found in re.finditer("|".join(signs), line):
        address = numbers.get(found[0]) or f"mailto:{quote(found[0], safe='@')}"
        parts += [(line[end : found.start()], ""), (found[0], address)]
        end = found.end()
    return (*parts, (line[end:], ""))
