"""A change of `rules/` counts once a clinician has seen it: what changed, and for whom it matters.

The picture of a version holds the lines of each of its parts and what the rules point at for every
golden patient. A clinic's first version is taken into use with the clinic itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from questionnaire.domain.errors import ChangedSince, Refusal
from questionnaire.domain.library import Library
from questionnaire.domain.visit import Person
from questionnaire.journey.house import ON_THE_SERVER, House
from questionnaire.journey.keeping import OPERATOR
from questionnaire.journey.reviewing import allow_clinician
from questionnaire.journey.rules_compared import (
    Change,
    GoldenChange,
    changes,
    golden_changes,
    parts,
)
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import record_event
from questionnaire.records.rules_signed import (
    SignedRules,
    add_signed_rules,
    complete_signed_rules,
    newest_signed_rules,
    version_in_use,
)

SUBJECT: Final = "rules"


class NotLookedAt(Refusal):
    """The rules were changed and no clinician has looked at the change yet."""

    status = 409


@dataclass(frozen=True, slots=True)
class Standing:
    """The content as it is, beside the version taken into use last."""

    version: str
    signed: SignedRules | None
    changes: tuple[Change, ...]
    golden: tuple[GoldenChange, ...]
    golden_gone: tuple[str, ...]
    """Invented patients of the version before who are removed or renamed, so not replayed."""
    golden_known: bool
    """Whether it is known what the version before pointed at."""

    @property
    def is_signed(self) -> bool:
        """Whether this very version was taken into use."""
        return self.signed is not None and self.signed.version == self.version


def sign_first(tx: Transaction, library: Library, at: datetime) -> None:
    """Take the content of a clinic that never took any into use; others are left alone."""
    if newest_signed_rules(tx) is not None:
        return
    body = {"parts": parts(library), "golden": None}
    add_signed_rules(tx, library.version, body, by=OPERATOR.name, at=at)
    record_event(
        tx,
        at=at,
        person=OPERATOR,
        action="rules_signed",
        subject=SUBJECT,
        detail={"version": library.version},
        where=ON_THE_SERVER,
    )


def is_signed(house: House) -> bool:
    """Whether a clinician has taken this very content into use."""
    with house.database.read() as tx:
        return version_in_use(tx) == house.library.version


def refuse_unsigned(house: House, tx: Transaction) -> None:
    """Raises `NotLookedAt` while a change waits for a clinician."""
    if version_in_use(tx) != house.library.version:
        raise NotLookedAt(
            "The rules were changed, and no clinician has looked at the change yet. Open “Rules”, "
            "look at what changed, and take it into use."
        )


def remember_golden(house: House) -> None:
    """Complete the picture of the version in use with its golden patients; once, by the worker."""
    with house.database.read() as tx:
        signed = newest_signed_rules(tx)
    if signed is None or signed.body["golden"] is not None or not is_signed(house):
        return
    golden = house.golden(house.library)
    with house.database.write() as tx:
        complete_signed_rules(tx, {**signed.body, "golden": golden})


def standing(house: House, clinician: Person) -> Standing:
    """What changed since the version taken into use, replayed on every golden patient."""
    allow_clinician(clinician)
    with house.database.read() as tx:
        signed = newest_signed_rules(tx)
    before: dict[str, Any] = signed.body if signed else {"parts": {}, "golden": None}
    is_same = signed is not None and signed.version == house.library.version
    compared = {} if is_same else before["golden"] or {}
    golden = house.golden(house.library) if compared else {}
    return Standing(
        house.library.version,
        signed,
        () if is_same else tuple(changes(before["parts"], parts(house.library))),
        tuple(golden_changes(compared, golden)),
        tuple(case for case in compared if case not in golden),
        bool(before["golden"]),
    )


def sign(house: House, clinician: Person, version: str) -> None:
    """Take the content into use as it was shown. The same version again changes nothing.

    Raises `ChangedSince` when the content is not the `version` that was looked at.
    """
    allow_clinician(clinician)
    if version != house.library.version:
        raise ChangedSince("The rules changed since you opened this page. Look at them again.")
    body = {"parts": parts(house.library), "golden": house.golden(house.library)}
    with house.database.write() as tx:
        newest = newest_signed_rules(tx)
        if newest is None or newest.version != version:
            add_signed_rules(tx, version, body, by=clinician.name, at=house.clock())
            house.note(tx, clinician, "rules_signed", SUBJECT, version=version)
