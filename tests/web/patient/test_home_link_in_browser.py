"""A home link in a real browser: clicked in a message, hidden from the address, come back to."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from questionnaire.domain.visit import Station
from tests.clinics import BORN
from tests.journeys.test_home_links import make
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]


def type_birth_date(page: Page) -> None:
    """Fill in the three boxes and go on."""
    for part in ("day", "month", "year"):
        page.fill(f"[name='born.{part}']", str(getattr(BORN, part)))
    page.get_by_role("button", name="Continue", exact=True).click()


@pytest.mark.guarantees("S42")
def test_a_link_clicked_in_a_message_opens_the_form_and_leaves_no_trace_in_the_address(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.ARRANGED)
    clinic, visit_id = screen.stage.clinic, screen.stage.visit_id
    page = screen.page
    secret = make(clinic, visit_id)
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    message = f'data:text/html,<a href="{screen.address}/v%23{secret.token}">Open</a>'
    for _ in ("the first time", "again from the message, which brings no cookie along"):
        page.goto(message)
        page.get_by_role("link", name="Open").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your form")
        expect(page).to_have_url(f"{screen.address}/v")
        expect(page.locator("#code")).to_be_hidden()
        type_birth_date(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Before you start")
    page.go_back()
    assert secret.token not in page.url + page.content()
    assert all(secret.token not in address for address in asked if not address.startswith("data:"))
