"""Where the Wi-Fi is poor: nothing typed is lost, nothing is written twice, no page is kept."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from questionnaire.domain.visit import Station
from questionnaire.journey.standing import load_sheet
from tests.clinics import Stage
from tests.web.patient.conftest import Screen

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
WORDS = "Aspirin, one a day.\nمسكّن"


class Deaf:
    """A way to the server on which the next `lost` replies never arrive."""

    def __init__(self) -> None:
        self.lost = 0
        self.posts: list[str] = []

    def __call__(self, door: "WSGIApplication") -> "WSGIApplication":
        """The door behind this way."""

        def way(asked: "WSGIEnvironment", answer: "StartResponse") -> Iterable[bytes]:
            reply = door(asked, answer)
            if asked["REQUEST_METHOD"] == "POST":
                self.posts.append(asked["PATH_INFO"])
                if self.lost:
                    self.lost -= 1
                    asked["werkzeug.socket"].shutdown(2)
            return reply

        return way


def typed_page(screen: Screen) -> Page:
    """The page for free words, with some, which are kept as begun already."""
    screen.open("/questions/medicine_list")
    with screen.page.expect_response("**/questions/medicine_list") as kept_begun:
        screen.page.fill("#q-medicine_list", WORDS)
        screen.page.locator("#q-medicine_list").blur()
    assert kept_begun.value.status == 204
    return screen.page


def kept(stage: Stage, question_id: str) -> object:
    with stage.house.database.read() as tx:
        return load_sheet(stage.house, tx, stage.visit_id).answers.get(question_id)


def saves(stage: Stage) -> int:
    return stage.clinic.actions(stage.visit_id).count("page_saved")


@pytest.mark.guarantees("R10 R15")
def test_two_lost_replies_give_one_write(screen_at: Screens) -> None:
    way = Deaf()
    screen = screen_at(Station.IN_PROGRESS, through=way)
    page, before = typed_page(screen), saves(screen.stage)
    page.clock.install()
    way.lost, way.posts = 2, []
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This page is not saved yet")
    expect(page.locator("#q-medicine_list")).to_have_value(WORDS)
    assert (saves(screen.stage), page.url.endswith("/medicine_list")) == (before + 1, True)
    page.clock.run_for(2_000)
    expect(page.get_by_role("button", name="Try again now")).to_be_focused()
    page.get_by_role("button", name="Try again now").click()
    page.wait_for_url("**/questions/allergies")
    assert way.posts == ["/questions/medicine_list"] * 3
    assert (saves(screen.stage), kept(screen.stage, "medicine_list")) == (before + 1, WORDS)
    screen.complaints.clear()


def test_a_page_typed_offline_stays_and_goes_through_when_the_network_is_back(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page, before = typed_page(screen), saves(screen.stage)
    page.context.set_offline(offline=True)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("What you wrote stays on this screen.")).to_be_visible()
    expect(page.locator("#q-medicine_list")).to_have_value(WORDS)
    assert page.evaluate("() => document.querySelector('form#page-form').inert")
    assert saves(screen.stage) == before
    page.context.set_offline(offline=False)
    page.wait_for_url("**/questions/allergies")
    assert (saves(screen.stage), kept(screen.stage, "medicine_list")) == (before + 1, WORDS)
    screen.complaints.clear()


def test_what_must_be_mended_is_shown_in_place_with_its_scripts(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = typed_page(screen)
    page.fill("#q-medicine_list", "x" * 4001)
    screen.press("Continue")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_text("Letters too many: 1")).to_be_visible()
    page.fill("#q-medicine_list", WORDS)
    screen.press("Continue")
    page.wait_for_url("**/questions/allergies")


def files_kept(context: BrowserContext) -> list[str]:
    """The paths of what the browser keeps for this place."""
    look = """async () => {
      const shelves = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      const kept = await Promise.all(shelves.map((shelf) => shelf.keys()))
      return kept.flat().map((request) => new URL(request.url).pathname)
    }"""
    paths: list[str] = context.pages[0].evaluate(look)
    return paths


@pytest.mark.guarantees("S23")
def test_only_static_files_are_kept_and_the_end_of_a_turn_empties_them(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    typed_page(screen)
    screen.press("Continue")
    screen.open("/check")
    expect(page.get_by_text("Marigold Testwell")).to_be_visible()
    paths = files_kept(page.context)
    assert "/static/clinic.css" in paths
    assert [path for path in paths if not path.startswith("/static/")] == []
    screen.press("Send my answers")
    page.wait_for_url("**/goodbye/sent")
    assert "/static/sign.js" not in files_kept(page.context)
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
