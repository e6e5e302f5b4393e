"""The clinic's own facts as somebody there confirmed them, and the sentences they stand in."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from questionnaire.domain.reading_order import apart_within

PRODUCT: Final = "Candour"


class Part(StrEnum):
    """What somebody at the clinic must confirm before the first patient, in the order asked."""

    NAME = "name"
    PHONES = "phones"
    EMAIL = "email"
    REGULATOR = "regulator"
    PRACTITIONER = "practitioner"
    APPROVER = "approver"
    LANGUAGES = "languages"
    MAIL = "mail"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed a part, when (UTC), and what they said with it."""

    by: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class ClinicDetails:
    """One version of the clinic's facts. Nothing of it comes with the program.

    `calling_code` is the one of its telephone numbers, like 44. `law_of` holds the ids of the
    places in `rules/shared.yaml` whose law holds where it is. `languages` holds the codes of
    the translations patients may choose beside English. `own_words` goes from the id of a right
    that the clinic fills in to its sentence in each language (code → words). `logo` is the
    SHA-256 of the picture in use, `colour` like `#0f5257`; both are empty where the product's
    own stands.
    """

    name: str = ""
    address: str = ""
    country: str = ""
    time_zone: str = "UTC"
    calling_code: str = ""
    phone: str = ""
    emergency_phone: str = ""
    emergency_number: str = ""
    email: str = ""
    complaints_email: str = ""
    regulator: str = ""
    regulator_address: str = ""
    law_of: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    colour: str = ""
    logo: str = ""
    confirmed: Mapping[Part, Confirmation] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Its name; the product's where a name must stand and nobody has said one."""
        return self.name or PRODUCT

    @property
    def left(self) -> tuple[Part, ...]:
        """What nobody has confirmed yet."""
        return tuple(part for part in Part if part not in self.confirmed)

    @property
    def is_set_up(self) -> bool:
        """Whether every part was confirmed."""
        return not self.left

    def fill(self, sentence: str) -> str:
        """The sentence with this clinic's facts in place of the names in braces.

        What is in the other direction stands apart, so that a name and the address behind it keep
        their places.
        """
        facts = {name: getattr(self, name) for name in FACTS}
        around = _NAMED.sub("", sentence)
        apart = {name: apart_within(facts[name], around) for name in _IN_WORDS}
        return sentence.format_map(facts | apart)


FACTS: Final = (
    "name",
    "address",
    "phone",
    "emergency_phone",
    "emergency_number",
    "email",
    "complaints_email",
    "regulator",
    "regulator_address",
)
"""What the sentences in `rules/clinic.yaml` may name in braces."""

_IN_WORDS: Final = ("name", "address", "regulator", "regulator_address")
"""Those that are words in a language of their own."""
_NAMED: Final = re.compile(r"\{\w+\}")

NOT_SET_UP: Final = ClinicDetails()
"""A clinic nobody has set up: no name, no number."""


def named_in(sentence: str) -> frozenset[str]:
    """What a sentence names in braces. Raises `ValueError` for a brace that opens nothing."""
    return frozenset(
        f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
        for _, name, spec, conversion in string.Formatter().parse(sentence)
        if name is not None
    )
