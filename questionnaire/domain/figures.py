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


def amount(typed: str, units: Iterable[str] = ()) -> Decimal:
    """The number that was typed, perhaps with one of its `units` behind or before it.

    Figures, one decimal sign of any script, nothing else. Raises `TwoReadings` for three figures
    behind a sign that elsewhere parts thousands, and `NoAmount` for everything else.
    """
    seen = "".join(each for each in typed if unicodedata.category(each) != "Cf")
    bare = by_value(_without_unit(seen.strip(), units)).strip().translate(_MINUS_SIGNS)
    written = _AMOUNT.fullmatch(bare.translate(_DECIMAL_SIGNS))
    if written is None or not (written[2] or written[4]):
        raise NoAmount(typed)
    sign, whole, point, rest = (part or "" for part in written.groups())
    found = Decimal(f"{sign}{whole or 0}.{rest or 0}")
    may_part = point and not _ONLY_DECIMAL.intersection(bare)
    if may_part and len(rest) == _THOUSANDS and 1 <= len(whole.lstrip("0")) <= _THOUSANDS:
        raise TwoReadings(found.normalize(), Decimal(f"{sign}{whole}{rest}"))
    return found


def _without_unit(typed: str, units: Iterable[str]) -> str:
    """What is left without a unit at one end; the number may touch it, another letter not."""
    text = _folded(typed)
    for unit in sorted(map(_folded, units), key=len, reverse=True):
        if unit and text.rstrip(".").endswith(unit):
            return text.rstrip(".").removesuffix(unit)
        if unit and text.startswith(unit):
            return text.removeprefix(unit)
    return text


def _folded(text: str) -> str:
    """Letters and signs in one form and case; figures stay, so that 6² is not taken for 62."""
    return "".join(
        each if each.isnumeric() else unicodedata.normalize("NFKC", each).casefold()
        for each in text
    )
