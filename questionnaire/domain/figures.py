"""Figures as people's keyboards write them: numbers, and the codes that people copy by hand.

A decimal digit of any script counts by its value (Unicode, property Decimal_Digit_Value).
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

_ONLY_DECIMAL = frozenset("·٫")  # noqa: RUF001  # Arabic decimal separator
_DECIMAL_SIGNS = str.maketrans(dict.fromkeys("٫،·．，,", "."))  # noqa: RUF001  # of other scripts
_MINUS_SIGNS = str.maketrans("−﹣－", "---")  # noqa: RUF001  # of other scripts
_AMOUNT = re.compile(r"([+-]?)([0-9]*)(?:(\.)([0-9]*))?")
_THOUSANDS = 3
"""So many figures stand behind a sign for thousands."""


class NoAmount(ValueError):  # noqa: N818  # a patient's slip is not an error of the program
    """What was typed is not one number."""


class TwoReadings(NoAmount):
    """The sign in the number may be for a decimal or for thousands: it is `small` or `large`."""

    def __init__(self, small: Decimal, large: Decimal) -> None:
        super().__init__(f"{small} or {large}")
        self.small = small
        self.large = large


def by_value(text: str) -> str:
    """The text with every decimal digit written as 0 to 9."""
    return "".join(
        each if (value := unicodedata.decimal(each, None)) is None else str(value) for each in text
    )


def plain_code(typed: str) -> str:
    """A code as it is compared: capital letters and figures, however it was typed and parted.

    The lengthening signs of Japanese and Arabic keyboards part it like a hyphen.
    """
    unified = by_value(unicodedata.normalize("NFKC", typed)).upper()
    return "".join(
        sign for sign in unified if sign.isalnum() and unicodedata.category(sign) != "Lm"
    )


def amount(typed: str, units: Iterable[str] = (), other_units: Iterable[str] = ()) -> Decimal:
    """The number that was typed, perhaps with one of its `units` behind or before it.

    Capitals of a unit are free, but for spellings of `other_units`, which are none of its own.
    Figures, one decimal sign of any script, nothing else. Raises `TwoReadings` for three figures
    behind a sign that elsewhere parts thousands, and `NoAmount` for everything else.
    """
    seen = "".join(each for each in typed if unicodedata.category(each) != "Cf")
    bare = by_value(_without_unit(seen.strip(), units, other_units)).strip().translate(_MINUS_SIGNS)
    written = _AMOUNT.fullmatch(bare.translate(_DECIMAL_SIGNS))
    if written is None or not (written[2] or written[4]):
        raise NoAmount(typed)
    sign, whole, point, rest = (part or "" for part in written.groups())
    found = Decimal(f"{sign}{whole or 0}.{rest or 0}")
    may_part = point and not _ONLY_DECIMAL.intersection(bare)
    if may_part and len(rest) == _THOUSANDS and 1 <= len(whole.lstrip("0")) <= _THOUSANDS:
        raise TwoReadings(found.normalize(), Decimal(f"{sign}{whole}{rest}"))
    return found


def _without_unit(typed: str, units: Iterable[str], other_units: Iterable[str]) -> str:
    """What is left without a unit at one end; the number may touch it, another letter not.

    All is left where the unit is spelt like another one.
    """
    spelt, folded = _in_one_form(typed), unit_folded(typed)
    others = set(map(_in_one_form, other_units))
    for unit in sorted(map(unit_folded, units), key=len, reverse=True):
        if unit and folded.rstrip(".").endswith(unit):
            is_other = spelt.rstrip(".")[-len(unit) :] in others
            return folded if is_other else folded.rstrip(".").removesuffix(unit)
        if unit and folded.startswith(unit):
            return folded if spelt[: len(unit)] in others else folded.removeprefix(unit)
    return folded


def unit_folded(text: str) -> str:
    """A unit as it is compared where its capitals do not matter."""
    return _in_one_form(text).casefold()


def _in_one_form(text: str) -> str:
    """Letters and signs in one form; figures stay, so that 6² is not taken for 62."""
    return "".join(
        each if each.isnumeric() else unicodedata.normalize("NFKC", each) for each in text
    )
