"""Telephone numbers as addresses that a tap calls, from any country (RFC 3966)."""

import phonenumbers
from flask import current_app
from phonenumbers import NumberParseException, PhoneNumberFormat


def tel(number: str, calling_code: str) -> str:
    """The address of a number as a clinic writes it: `tel:+441632960118`.

    `calling_code` is the clinic's own, like 44, and empty while nobody has said it. A number that
    is none in full, such as one for an ambulance, is called as it is written.
    """
    regions = phonenumbers.region_codes_for_country_code(int(calling_code or 0))
    try:
        known = phonenumbers.parse(number, regions[0] if regions else None)
    except NumberParseException:
        known = None
    if known is not None and phonenumbers.is_possible_number(known):
        return f"tel:{phonenumbers.format_number(known, PhoneNumberFormat.E164)}"
    return "tel:" + "".join(sign for sign in number if sign.isdecimal() or sign == "+")


def tel_here(number: str) -> str:
    """The same, at the clinic of this door."""
    return tel(number, current_app.extensions["house"].clinic.calling_code)
