"""The clinic's own facts as they stand, for whoever begins something: a page, a letter, a seal."""

from dataclasses import replace
from typing import Final

from questionnaire.domain.clinic_details import ClinicDetails, Part
from questionnaire.domain.errors import StillOpen
from questionnaire.journey.house import House
from questionnaire.records.clinic_versions import logo, newest_clinic
from questionnaire.records.database import Database, Transaction

NOT_YET: Final = (
    "This clinic is not set up yet, so no visit can be arranged. An administrator finds what is "
    "left under “Set up”."
)

PARTS: Final = {
    Part.NAME: "Name and address",
    Part.PHONES: "Telephone numbers",
    Part.EMAIL: "E-mail addresses",
    Part.REGULATOR: "Regulator",
    Part.PRACTITIONER: "Practitioner",
    Part.APPROVER: "Second approver",
    Part.LANGUAGES: "Languages",
    Part.MAIL: "Sending e-mail",
    Part.BACKUP: "Backup",
}
"""What each part is called on pages."""


class NotSetUp(StillOpen):
    """Somebody at the clinic must confirm its facts first."""


def up_to_date(house: House) -> House:
    """The house with the clinic's facts as they stand now."""
    return replace(house, clinic=facts_in(house.database))


def facts_in(database: Database) -> ClinicDetails:
    """The clinic's facts in force."""
    with database.read() as tx:
        return newest_clinic(tx).details


def logo_of(house: House) -> bytes:
    """The clinic's logo, a PNG. Raises `NotFound` while it has none."""
    with house.database.read() as tx:
        return logo(tx, house.clinic.logo)


def refuse_not_set_up(tx: Transaction) -> None:
    """Raises `NotSetUp` with what is left while somebody has not confirmed every part."""
    left = newest_clinic(tx).details.left
    if left:
        raise NotSetUp(NOT_YET, tuple(PARTS[part] for part in left))
