"""Every route, tried by everybody in every way, with ids of a patient and with ids of nobody."""

import sys
from collections import Counter
from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import turns
from questionnaire.web.staff.policy import ALLOWED, EVERYBODY, LEAVING, OPEN, SECOND_STEP
from tests.clinics import Clinic, Stage
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import MOUNT, Door, address, hire, open_door
from tests.web.staff.routes import NOWHERE, addresses

pytestmark = pytest.mark.whole

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
PASSING = frozenset({"ledger", "staff_session", "tries"})
"""Tables that being refused may be written down in."""

NOT_THERE = {404, 422}
"""A form that cannot be read at all is refused before anybody looks for what it is about."""


IDS = frozenset({"visit_id", "account_id", "credential_id", "handle", "tablet_id"})
OWN_CODES = dict.fromkeys(
    ("staff_recovery_code", "staff_pin"), "made anew for oneself, which is one's own act"
)


def walk(door: Door, visit_id: str) -> list[tuple[str, str, int, str]]:
    """Endpoint, method, status and where it leads, for every route and method but leaving."""
    fields = {"csrf_token": door.token(), "key": door.clinic.house.new_id()}
    paths = {(endpoint, path) for endpoint, _, path in addresses(door, visit_id)}
    return [
        (endpoint, method, answer.status_code, answer.location or "")
        for endpoint, path in sorted(paths)
        for method in METHODS
        if endpoint not in LEAVING
        for answer in [door.client.open(path, base_url=MOUNT, method=method, data=fields)]
    ]


def kept(clinic: Clinic) -> dict[str, str]:
    """What stands in every table, but for notes about being refused."""
    with clinic.house.database.read() as tx:
        run = tx.connection.exec_driver_sql
        tables = run("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return {
            table: repr(run(f"SELECT * FROM {table}").fetchall())  # noqa: S608  # our own names
            for table in tables
            if table not in PASSING
        }


def denied(clinic: Clinic) -> int:
    """How many refusals the ledger tells of."""
    with clinic.house.database.read() as tx:
        found = tx.connection.exec_driver_sql("SELECT * FROM ledger WHERE action = 'denied'")
        return len(found.fetchall())


def stranger(stage: Stage, door: Door) -> Door:
    del stage
    return door.another()


def patient(stage: Stage, door: Door) -> Door:
    """A browser in which the patient's own turn is open."""
    token = turns.enter_code(stage.house, stage.walk.code, device="tablet")
    browser = door.another()
    browser.client.set_cookie("patient", token)
    browser.client.set_cookie("staff", token)
    return browser


def half_way(stage: Stage, door: Door) -> Door:
    """A browser in which somebody with every role has given the password only."""
    del stage
    hire(door, "Hal Fway", *EVERYBODY)
    browser = door.another()
    browser.give_password(address("Hal Fway"))
    return browser


@pytest.mark.guarantees("S01", "S02")
@pytest.mark.parametrize(
    ("somebody", "sent_to", "answered"),
    [
        (stranger, "/staff/sign-in", frozenset()),
        (patient, "/staff/sign-in", frozenset()),
        (half_way, "/staff/second-step", SECOND_STEP),
    ],
)
@pytest.mark.parametrize("whose", ["a patient's", "nobody's"])
def test_who_is_not_signed_in_reads_and_changes_nothing(
    at: Callable[..., Stage],
    capsys: pytest.CaptureFixture[str],
    somebody: Callable[[Stage, Door], Door],
    sent_to: str,
    answered: frozenset[str],
    whose: str,
) -> None:
    stage = at(Station.ARRANGED)
    door = somebody(stage, open_door(stage.clinic))
    before = kept(stage.clinic)
    answers = walk(door, stage.visit_id if whose == "a patient's" else NOWHERE)
    for endpoint, method, status, location in answers:
        where = (endpoint, method, status)
        assert status < 500, where
        if endpoint in ALLOWED.keys() - answered and status != 405:
            assert (status, location.partition("?")[0]) == (302, sent_to), where
    assert kept(stage.clinic) == before
    tell(capsys, f"{somebody.__name__}, {whose} ids", answers)


@pytest.mark.guarantees("S01", "S02", "S47")
@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_reads_and_changes_only_what_is_its_own(
    at: Callable[..., Stage], capsys: pytest.CaptureFixture[str], role: Role
) -> None:
    stage = at(Station.SUBMITTED)
    door = enter_as(open_door(stage.clinic), role)
    with_id = {rule.endpoint for rule in door.app.url_map.iter_rules() if rule.arguments & IDS}
    before = kept(stage.clinic)
    answers = walk(door, NOWHERE)
    refused = 0
    for endpoint, method, status, _ in answers:
        where = (endpoint, method, status)
        assert status < 500, where
        if endpoint in OPEN or status == 405:
            continue
        is_theirs = role in ALLOWED[endpoint]
        assert (status == 403) is not is_theirs, where
        refused += status == 403
        if is_theirs and endpoint in with_id and method != "OPTIONS":
            assert status in NOT_THERE, where
    assert kept(stage.clinic) | OWN_CODES == before | OWN_CODES
    assert denied(stage.clinic) == refused
    tell(capsys, f"{role}, nobody's ids", answers)

    answers = walk(door, stage.visit_id)
    for endpoint, method, status, _ in answers:
        where = (endpoint, method, status)
        assert status < 500, where
        if endpoint in ALLOWED and status != 405:
            assert (status == 403) is (role not in ALLOWED[endpoint]), where
    tell(capsys, f"{role}, a patient's ids", answers)


def tell(
    capsys: pytest.CaptureFixture[str], who: str, answers: list[tuple[str, str, int, str]]
) -> None:
    """Print how many requests ended how."""
    counts = Counter(status for _, _, status, _ in answers)
    told = ", ".join(f"{number} of {status}" for status, number in sorted(counts.items()))
    routes = len({endpoint for endpoint, *_ in answers})
    with capsys.disabled():
        sys.stdout.write(f"\nroute walk: {who}: {routes} routes, {len(answers)} requests: {told}\n")
