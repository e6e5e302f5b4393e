"""A page counts for the person it was made for, whoever signs in at the same browser after."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role
from questionnaire.records.accounts import all_accounts
from questionnaire.web.forgery import HEADER
from questionnaire.web.staff.drafts import OTHERS, PAGE
from tests.web.staff.door import MOUNT, Door, address, hire
from tests.web.staff.routes import addresses
from tests.web.staff.test_drafts import BOXES, kept

pytestmark = pytest.mark.whole


@pytest.mark.guarantees("S24")
@pytest.mark.parametrize("leave", ["/account/switch", "/sign-out"])
def test_no_page_of_one_person_acts_or_keeps_words_under_anothers_name(
    signed_in: Callable[..., Door], leave: str
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    page = door.token()
    hire(door, "Other Adminson", Role.ADMINISTRATOR)
    door.post(leave)

    def late(path: str) -> TestResponse:
        fields = {"csrf_token": page, PAGE: "/staff/people", OTHERS: BOXES}
        return door.client.post(path, base_url=MOUNT, data=fields)

    assert late("/drafts").location.startswith("/staff/sign-in")
    assert door.give_password(address("Other Adminson")).status_code == 302
    assert late("/second-step").status_code == 400, "no second step for who began before"
    assert door.give_code().status_code == 302
    posted = [path for _, method, path in addresses(door) if method == "POST"]
    refused = {path for path in posted if late(path).status_code == 400}
    assert {"/drafts", "/people/add", "/account/pin", "/account/switch", "/sign-out"} <= refused
    assert door.get("/drafts/token", headers={HEADER: page}).status_code == 400
    assert not kept(door), "and nobody was signed out by it"


def test_the_same_persons_page_goes_on_after_signing_in_again(
    signed_in: Callable[..., Door],
) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    with door.clinic.house.database.read() as tx:
        (mine,) = [one.email for one in all_accounts(tx)]
    page = door.token()
    door.post("/account/switch")
    door.sign_in(mine)
    fields = {"csrf_token": page, PAGE: "/staff/people", OTHERS: BOXES}
    assert door.client.post("/drafts", base_url=MOUNT, data=fields).status_code == 204
    assert kept(door)
