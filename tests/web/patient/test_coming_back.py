"""A patient who comes back sees the last answers on the tablet, and says what is still true."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from questionnaire.domain.visit import Station
from tests.journeys.test_returning import come_back
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole


def test_last_answers_are_asked_once_more_and_count_when_sent(
    screen_at: Callable[..., Screen],
) -> None:
    screen = screen_at(Station.CONSENT_READY)
    screen.begin(come_back(screen.stage))
    screen.open("/questions/smoking")
    page = screen.page
    expect(page.get_by_text("This is what you told us last time.")).to_be_visible()
    expect(page.locator("[name=smoking][value=no]")).to_be_checked()
    assert Axe().run(page).violations_count == 0
    page.locator("[name=smoking][value=stopped]").check()
    screen.press("Continue")
    screen.open("/questions/smoking")
    expect(page.locator("[name=smoking][value=stopped]")).to_be_checked()
    expect(page.get_by_text("This is what you told us last time.")).to_have_count(0)
    screen.open("/questions/someone_pushing")
    expect(page.locator("[name=someone_pushing]:checked")).to_have_count(0)
