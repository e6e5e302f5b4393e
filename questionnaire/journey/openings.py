"""How many records each member of staff opened lately, beside what they usually open.

Numbers for an administrator to look at; what they mean is for people to find out.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Person, Role
from questionnaire.journey.access import READINGS
from questionnaire.journey.house import House
from questionnaire.records.accounts import all_accounts
from questionnaire.records.ledger import subjects_by_actor

WEEK: Final = timedelta(days=7)
USUAL_WEEKS: Final = 4
FEW: Final = 10
"""So many records in a week are not worth a question, however few it were before."""


@dataclass(frozen=True, slots=True)
class Openings:
    """One person's last seven days: records opened, pages refused, and records a week before that.

    `usual` is the average of the four weeks before, rounded down.
    """

    name: str
    records: int
    refused: int
    usual: int

    @property
    def is_more_than_usual(self) -> bool:
        """Whether it is more than twice what they usually open."""
        return self.records > max(FEW, 2 * self.usual)


def last_week(house: House, administrator: Person) -> tuple[Openings, ...]:
    """Everybody who opened a record or was refused a page in the last seven days, most first.

    Raises `NotAllowed` for other roles.
    """
    if administrator.role is not Role.ADMINISTRATOR:
        raise NotAllowed("Your role does not include the ledger.")
    now = house.clock()
    since, long_ago = now - WEEK, now - WEEK * (1 + USUAL_WEEKS)
    with house.database.read() as tx:
        names = {account.id: account.full_name for account in all_accounts(tx)}
        opened = subjects_by_actor(tx, READINGS, since, now)
        refused = subjects_by_actor(tx, {"denied"}, since, now)
        before = subjects_by_actor(tx, READINGS, long_ago, since)
    found = (
        Openings(name, opened.get(who, 0), refused.get(who, 0), before.get(who, 0) // USUAL_WEEKS)
        for who, name in names.items()
        if who in opened or who in refused
    )
    return tuple(sorted(found, key=lambda one: (-one.records, one.name)))
