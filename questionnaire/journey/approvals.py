"""What one person may not do alone: somebody asks with a reason, somebody else says yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.errors import NotAllowed, WrongStation
from questionnaire.domain.visit import Person, Role, Visit
from questionnaire.journey.house import House
from questionnaire.records.accounts import Account, all_accounts
from questionnaire.records.approvals import (
    Approval,
    Kind,
    Outcome,
    add_approval,
    count_to_decide,
    decide_approval,
    get_approval,
    list_approvals,
    use_approval,
)
from questionnaire.records.database import Transaction
from questionnaire.records.finding import visits_by_id

APPROVERS = frozenset({Role.ADMINISTRATOR, Role.ARCHIVIST})
LASTS = timedelta(days=7)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Request:
    """One request with the names of who asked and who decided, and the visits it is about.

    It `waits` while it can be decided and is `ready` while it can be carried out. A visit whose
    record is gone is None.
    """

    approval: Approval
    asked_by: str
    decided_by: str
    visits: dict[str, Visit | None]
    waits: bool
    ready: bool
    is_own: bool


def allow_approver(person: Person) -> None:
    """Raises `NotAllowed` for roles that neither ask nor approve."""
    if person.role not in APPROVERS:
        raise NotAllowed("Your role does not include this.")


def ask(
    house: House, person: Person, kind: Kind, reason: str, about: Mapping[str, object] | None = None
) -> str:
    """Ask somebody else to approve; the request's id. Raises `Slip` without a reason."""
    allow_approver(person)
    words = clean_text(reason)
    if not words:
        raise Slip("Write why this is needed.")
    now, approval_id = house.clock(), house.new_id()
    body = {"reason": words, **(about or {})}
    with house.database.write() as tx:
        add_approval(tx, approval_id, kind, body, by=person.id, now=now, expires_at=now + LASTS)
        house.note(tx, person, "approval_asked", approval_id, kind=kind.value)
    return approval_id


def decide(house: House, person: Person, approval_id: str, *, approve: bool) -> Approval:
    """Say yes or no to what somebody else asked for.

    Raises `NotAllowed` for one's own request, `WrongStation` when it was decided or grew too old.
    """
    allow_approver(person)
    outcome = Outcome.APPROVED if approve else Outcome.REFUSED
    with house.database.write() as tx:
        found = get_approval(tx, approval_id)
        if found.asked_by == person.id:
            raise NotAllowed("You asked for this yourself. Somebody else has to decide.")
        if not decide_approval(tx, approval_id, outcome, by=person.id, now=house.clock()):
            raise WrongStation("This request was decided already, or is too old.")
        house.note(tx, person, f"approval_{outcome.value}", approval_id, kind=found.kind.value)
        return get_approval(tx, approval_id)


def take_up(house: House, tx: Transaction, approval_id: str, kind: Kind) -> Approval:
    """Use an approved request up, in the transaction of what it allows.

    Raises `WrongStation` when it is of another kind, not approved, too old or was used before.
    """
    found = get_approval(tx, approval_id)
    if found.kind is not kind or not use_approval(tx, approval_id, house.clock()):
        raise WrongStation("This is not approved, or was carried out already.")
    return found


def requests(house: House, person: Person) -> tuple[Request, ...]:
    """The newest requests, newest first."""
    allow_approver(person)
    now = house.clock()
    with house.database.read() as tx:
        names = {account.id: account.full_name for account in all_accounts(tx)}
        found = list_approvals(tx, SHOWN)
        visits = visits_by_id(tx, {each for one in found for each in one.about_visits})
    return tuple(
        Request(
            one,
            names.get(one.asked_by, one.asked_by),
            names.get(one.decided_by or "", one.decided_by or ""),
            {each: visits.get(each) for each in one.about_visits},
            waits=one.outcome is Outcome.WAITING and now < one.expires_at,
            ready=one.outcome is Outcome.APPROVED and not one.used_at and now < one.expires_at,
            is_own=one.asked_by == person.id,
        )
        for one in found
    )


def to_decide(house: House, person: Person) -> int:
    """How many requests wait for this person's yes or no."""
    allow_approver(person)
    with house.database.read() as tx:
        return count_to_decide(tx, but=person.id, now=house.clock())


def others_who_approve(house: House, person: Person) -> int:
    """How many other people could approve what this person asks for."""
    with house.database.read() as tx:
        return approvers(tx, but=person.id)


def approvers(tx: Transaction, *, but: str = "") -> int:
    """How many people with an open account may approve, not counting `but`."""
    return sum(account.id != but for account in who_approves(tx))


def who_approves(tx: Transaction) -> tuple[Account, ...]:
    """Everybody with an open account who may approve, by name."""
    return tuple(
        account for account in all_accounts(tx) if account.active and account.roles & APPROVERS
    )
