"""Who may open which page."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role
from questionnaire.web.staff.policy import ALLOWED, EVERYBODY, OPEN
from tests.web.staff.door import MOUNT, Door
from tests.web.staff.routes import addresses

pytestmark = [pytest.mark.guarantees("S01"), pytest.mark.whole]


@pytest.mark.guarantees("S53")
def test_the_table_names_every_page_and_nothing_else(door: Door) -> None:
    served = {endpoint for endpoint, _, _ in addresses(door)}
    assert served == OPEN | ALLOWED.keys()


def test_a_page_outside_the_table_does_not_exist(door: Door) -> None:
    @door.app.get("/forgotten")
    def forgotten() -> str:
        return "should not be seen"

    assert door.get("/forgotten").status_code == 404


def test_nobody_gets_further_than_signing_in(door: Door) -> None:
    for endpoint, method, path in addresses(door):
        if endpoint in ALLOWED:
            answer = door.get(path) if method == "GET" else door.post(path)
            assert answer.status_code == 302, endpoint
            assert answer.location.startswith("/staff/sign-in"), endpoint


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_opens_exactly_its_own_pages(signed_in: Callable[..., Door], role: Role) -> None:
    door = signed_in(role)
    for endpoint, method, path in addresses(door):
        if endpoint in ALLOWED and endpoint not in {"security.logout", "account.switch"}:
            answer = door.get(path) if method == "GET" else door.post(path)
            assert (answer.status_code == 403) is (role not in ALLOWED[endpoint]), endpoint


@pytest.mark.guarantees("S24")
def test_every_form_needs_its_token(signed_in: Callable[..., Door]) -> None:
    door = signed_in(*EVERYBODY)
    for endpoint, method, path in addresses(door):
        if method == "POST":
            answer = door.client.post(path, base_url=MOUNT)
            assert answer.status_code == 400, endpoint
            elsewhere = door.post(path, headers={"Sec-Fetch-Site": "cross-site"})
            assert elsewhere.status_code == 403, endpoint


@pytest.mark.guarantees("S47")
def test_being_refused_is_written_down(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.DESK)
    door.get("/people")
    (event,) = door.clinic.events("people.everybody")
    assert (event.action, event.person.name) == ("denied", "Dex Frontly")


def test_links_lead_only_where_one_may_go(signed_in: Callable[..., Door]) -> None:
    page = signed_in(Role.DESK).read("/")
    assert 'href="/staff/desk"' in page
    assert 'href="/staff/people"' not in page
    assert 'href="/staff/waiting"' not in page
