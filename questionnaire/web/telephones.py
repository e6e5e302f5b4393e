"""Telephone numbers as addresses that a tap calls, from any country (RFC 3966)."""

from flask import current_app

from questionnaire.documents.links import dial


def tel(number: str, calling_code: str) -> str:
    """The address of a number as a clinic writes it: `tel:+441632960118`, as documents have it.

    `calling_code` is the clinic's own, like 44, and empty while nobody has said it. A number that
    is none in full, such as one for an ambulance, is called as it is written.
    """
    as_written = "".join(sign for sign in number if sign.isdecimal() or sign == "+")
    return dial(number, calling_code) or f"tel:{as_written}"


def tel_here(number: str) -> str:
    """The same, at the clinic of this door."""
    return tel(number, current_app.extensions["house"].clinic.calling_code)
