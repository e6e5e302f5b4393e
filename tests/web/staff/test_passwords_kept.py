"""What becomes of a password: typed unseen, taken exactly as it was chosen, kept as a slow hash."""

import re
from collections.abc import Callable, Iterator

import pytest

from questionnaire.domain.visit import Role
from questionnaire.web.staff.policy import EVERYBODY
from tests import password_cost
from tests.clinics import Clinic
from tests.web.staff.door import PASSWORD, Door, address, hire, open_door
from tests.web.staff.routes import addresses

NAME = "Dex Frontly"
EMAIL = address(NAME)


@pytest.mark.guarantees("S10")
@pytest.mark.parametrize(
    "typed",
    [PASSWORD.upper(), PASSWORD[:-1], f"{PASSWORD} ", f" {PASSWORD}", PASSWORD.replace(" ", "")],
    ids=["capitals", "one letter less", "a blank after", "a blank before", "no blanks"],
)
def test_a_password_counts_exactly_as_it_was_chosen(door: Door, typed: str) -> None:
    hire(door, NAME, Role.DESK)
    assert door.give_password(EMAIL, typed).status_code == 200
    assert door.give_password(EMAIL).status_code == 302


@pytest.fixture
def at_real_cost() -> Iterator[None]:
    """Hashing as it is outside tests."""
    password_cost.hash_at(password_cost.REAL)
    yield
    password_cost.hash_at(password_cost.LEAST)


@pytest.mark.usefixtures("at_real_cost")
def test_a_password_is_kept_as_a_slow_hash_alone(clinic: Clinic) -> None:
    door = open_door(clinic)
    hire(door, NAME, Role.DESK)
    with door.clinic.house.database.read() as tx:
        rows = repr(tx.connection.exec_driver_sql("SELECT * FROM staff_user").fetchall())
    found = re.search(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", rows)
    assert found is not None
    assert (int(found[1]) >= 19_456, int(found[2]) >= 2) == (True, True), "OWASP's least"
    assert PASSWORD not in rows


def test_a_password_is_typed_unseen_and_keepers_may_fill_it_in(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.DESK)
    for page, boxes in (
        (door.another().read("/sign-in"), ["current-password"]),
        (door.read("/account"), ["current-password", "new-password", "new-password"]),
    ):
        hidden = re.findall(r"<input [^>]*type=\"password\"[^>]*>", page)
        assert [re.findall(r'autocomplete="([a-z-]+)"', box) for box in hidden] == [
            [kind] for kind in boxes
        ]
        assert "onpaste" not in page


def test_every_page_offers_to_leave(signed_in: Callable[..., Door]) -> None:
    door = signed_in(*EVERYBODY)
    seen = 0
    for endpoint, method, path in addresses(door):
        answer = door.get(path) if method == "GET" and endpoint != "static" else None
        if answer is not None and (answer.status_code, answer.mimetype) == (200, "text/html"):
            assert 'action="/staff/sign-out"' in answer.get_data(as_text=True), endpoint
            seen += 1
    assert seen > 10
