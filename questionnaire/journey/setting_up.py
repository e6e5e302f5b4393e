"""Setting a clinic up: what somebody there confirmed, what is left, and every later change.

Each confirmation is a new version of the clinic's facts and an entry in the ledger that says who,
when and which facts. What must be true at that moment, like a second approver, is looked at then;
that it stays so is looked at by the self-check.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.clinic_details import ClinicDetails, Confirmation, Part
from questionnaire.domain.errors import OTHER_BY_NOW, ChangedSince, NotAllowed
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.approvals import who_approves
from questionnaire.journey.clinic_facts import PARTS
from questionnaire.journey.house import House
from questionnaire.records.accounts import Account, all_accounts
from questionnaire.records.clinic_versions import (
    ClinicVersion,
    add_clinic_version,
    clinic_versions,
    keep_logo,
    newest_clinic,
)
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import last_event

SUBJECT: Final = "clinic"
LONGEST_NAME: Final = 200
APPROVERS_NEEDED: Final = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist; `done` is None while nobody confirmed it."""

    part: Part
    title: str
    done: Confirmation | None


def allow_administrator(person: Person) -> None:
    """Raises `NotAllowed` for everybody else."""
    if person.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator can set the clinic up.")


def checklist(details: ClinicDetails) -> tuple[Step, ...]:
    """Every part in the order asked."""
    return tuple(Step(part, PARTS[part], details.confirmed.get(part)) for part in Part)


def confirm(
    house: House,
    administrator: Person,
    part: Part,
    facts: Mapping[str, object] | None = None,
    words: str = "",
    *,
    seen: ClinicDetails | None = None,
) -> None:
    """Put the facts of one part in force and note who confirmed them; `words` go with it.

    With parts about people go the names of those who are there for them now. `seen` are the facts
    as they were read for this. Raises `Slip` while what the part needs is not there, and
    `ChangedSince` when the facts in force are others by now.
    """
    allow_administrator(administrator)
    said = clean_text(words)
    with house.database.write() as tx:
        if missing := what_is_missing(tx, part):
            raise Slip(missing)
        before = _in_force(tx, seen)
        done = Confirmation(administrator.name, house.clock(), said or _people(tx, part))
        changed: Any = dict(facts or {})
        after = replace(before, **changed, confirmed={**before.confirmed, part: done})
        _put_in_force(house, tx, administrator, before, after, part=part.value)


def change_look(
    house: House,
    administrator: Person,
    colour: str,
    png: bytes | None,
    *,
    without: bool,
    seen: ClinicDetails,
) -> None:
    """Another colour, and another logo or none. `png` None leaves the logo as it is.

    `seen` are the facts as they were read for this: `ChangedSince` when they are others by now.
    """
    allow_administrator(administrator)
    with house.database.write() as tx:
        before = _in_force(tx, seen)
        kept = keep_logo(tx, png) if png is not None else before.logo
        after = replace(before, colour=colour, logo="" if without else kept)
        if after != before:
            _put_in_force(house, tx, administrator, before, after, part="look")


def versions(house: House, administrator: Person) -> tuple[ClinicVersion, ...]:
    """Every version of the clinic's facts, newest first."""
    allow_administrator(administrator)
    with house.database.read() as tx:
        return clinic_versions(tx)


def what_is_missing(tx: Transaction, part: Part) -> str:
    """Why this part cannot be confirmed as the clinic is now; empty when it can."""
    return nobody_for(tx, part) or _who_cannot_sign_in(tx, part)


def nobody_for(tx: Transaction, part: Part) -> str:
    """Why the clinic has too few people for this part; empty when it has enough."""
    if part is Part.PRACTITIONER and not practitioners(tx):
        return _no_practitioner(tx)
    if part is Part.APPROVER and len(who_approves(tx)) < APPROVERS_NEEDED:
        return (
            "Only one person can approve. Make a second administrator or archivist under “Staff”: "
            "nobody approves what they asked for themselves."
        )
    return ""


def _people(tx: Transaction, part: Part) -> str:
    """Who is there for this part, a line each; empty for parts that are not about people."""
    if part is Part.PRACTITIONER:
        return "\n".join(f"{one.full_name} · {one.registration}" for one in practitioners(tx))
    return "\n".join(one.full_name for one in who_approves(tx)) if part is Part.APPROVER else ""


def _who_cannot_sign_in(tx: Transaction, part: Part) -> str:
    """Whose password is missing, where too few of those the part needs have one."""
    if part not in {Part.PRACTITIONER, Part.APPROVER}:
        return ""
    theirs = practitioners(tx) if part is Part.PRACTITIONER else who_approves(tx)
    needed = 1 if part is Part.PRACTITIONER else APPROVERS_NEEDED
    waiting = [one.full_name for one in theirs if not one.has_password]
    if len(theirs) - len(waiting) >= needed:
        return ""
    return (
        f"{', '.join(waiting)} cannot sign in yet: no password was set. Give them their link again "
        "under “Staff”, and confirm this when they have used it."
    )


def _no_practitioner(tx: Transaction) -> str:
    """Who should practise and what is missing of it."""
    found = next((one for one in _clinicians(tx) if one.registration), None)
    if found is None:
        return (
            "Nobody is a clinician with a registration yet. Add one under “Staff”, and write the "
            "register and the number, like “GMC 1234567”."
        )
    has_register = any(map(str.isalpha, found.registration))
    missing = "number" if has_register else "name of the register"
    return (
        f"The registration of {found.full_name}, “{found.registration}”, lacks the {missing}. "
        "Write both under “Staff”, like “GMC 1234567”."
    )


def practitioners(tx: Transaction) -> tuple[Account, ...]:
    """Clinicians with an open account whose registration names a register and a number."""
    return tuple(one for one in _clinicians(tx) if _is_registration(one.registration))


def _clinicians(tx: Transaction) -> tuple[Account, ...]:
    return tuple(it for it in all_accounts(tx) if it.active and Role.CLINICIAN in it.roles)


def backed_up_at(tx: Transaction) -> datetime | None:
    """When the last backup was made, or None."""
    made = last_event(tx, "backup", "backup_made")
    return made.at if made else None


def _is_registration(text: str) -> bool:
    return any(map(str.isalpha, text)) and any(map(str.isdigit, text))


def _in_force(tx: Transaction, seen: ClinicDetails | None) -> ClinicDetails:
    """The facts in force, which must be those that were seen where any were."""
    details = newest_clinic(tx).details
    if seen is not None and seen != details:
        raise ChangedSince(f"The clinic {OTHER_BY_NOW}")
    return details


def _put_in_force(
    house: House,
    tx: Transaction,
    person: Person,
    before: ClinicDetails,
    after: ClinicDetails,
    part: str,
) -> None:
    old, new = asdict(before), asdict(after)
    changed = sorted(name for name in new if name != "confirmed" and old[name] != new[name])
    number = add_clinic_version(tx, after, by=person.name, at=house.clock())
    house.note(tx, person, "clinic_changed", SUBJECT, version=number, part=part, facts=changed)
