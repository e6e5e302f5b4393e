"""Every kind of page in a real browser: no axe violations, targets of 44 px, no sideways scroll."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from questionnaire.domain.visit import Station
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]

FORM = (
    "/",
    "/you",
    "/start",
    "/preview",
    "/questions/treatments_wanted",
    "/questions/sex_at_birth",
    "/questions/hairline_picture",
    "/questions/health_conditions",
    "/questions/blood_problems",
    "/questions/medicine_list",
    "/your-questions",
    "/check",
    "/not-today",
    "/goodbye/sent",
)
READING = ("/reading", "/reading/prp_injections", "/statements", "/photos", "/your-questions")
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'a, button, input:not([type=hidden]), textarea, select, summary')]
  .filter((it) => !it.matches('.govuk-skip-link') && it.getClientRects().length)
  .map((it) => [it.textContent.trim() || it.id, it.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def look_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands; empty when nothing is."""
    found = [f"axe: {it['id']}: {it['help']}" for it in Axe().run(page).response["violations"]]
    found += [f"small: {name}" for name in page.evaluate(SMALL_TARGETS)]
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [*found, "scrolls sideways"] if wide else found


def look_at_each(screen: Screen, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """What is wrong with each of the pages, in both plain and error state."""
    wrong: dict[str, list[str]] = {}
    for path in paths:
        screen.open(path)
        wrong[path] = look_at(screen.page)
        button = screen.page.get_by_role("button", name=screen.say("Continue"), exact=True)
        if button.count():
            button.click()
            screen.page.wait_for_load_state()
            wrong[f"{path} after Continue"] = look_at(screen.page)
    return {path: found for path, found in wrong.items() if found}


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(768, 1024, "usual"), (1024, 768, "usual"), (360, 740, "usual"), (320, 640, "largest")],
)
def test_the_form_is_for_everybody(screen_at: Screens, width: int, height: int, size: str) -> None:
    screen = screen_at(Station.ARRANGED, width=width, height=height)
    screen.page.context.add_cookies([{"name": "text_size", "value": size, "url": screen.address}])
    assert look_at_each(screen, FORM) == {}


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (1024, 768), (320, 640)])
def test_the_reading_is_for_everybody(screen_at: Screens, width: int, height: int) -> None:
    screen = screen_at(Station.CONSENT_READY, width=width, height=height)
    assert look_at(screen.page) == []
    screen.press("Start reading")
    assert look_at_each(screen, READING) == {}


@pytest.mark.parametrize(("width", "height", "size"), [(768, 1024, "usual"), (320, 640, "largest")])
@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_form_is_for_everybody_in_every_language(
    screen_at: Screens, language: str, width: int, height: int, size: str
) -> None:
    screen = screen_at(Station.IN_PROGRESS, width=width, height=height, language=language)
    screen.page.context.add_cookies([{"name": "text_size", "value": size, "url": screen.address}])
    assert look_at_each(screen, FORM) == {}


@pytest.mark.parametrize(("width", "height"), [(768, 1024), (320, 640)])
@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_reading_is_for_everybody_in_every_language(
    screen_at: Screens, language: str, width: int, height: int
) -> None:
    screen = screen_at(Station.CONSENT_READY, width=width, height=height, language=language)
    assert look_at(screen.page) == []
    screen.press(screen.say("Start reading"))
    assert look_at_each(screen, READING) == {}


def test_a_drawing_is_the_same_way_round_in_every_language(screen_at: Screens) -> None:
    places = {}
    for language in ("en", "ar"):
        screen = screen_at(Station.IN_PROGRESS, "mesotherapy_face", language=language)
        screen.open("/questions/face_areas")
        left, right = (
            screen.page.locator(".map__label").nth(place).bounding_box() for place in (0, 1)
        )
        drawing = screen.page.locator(".map__drawing").first.bounding_box()
        assert left
        assert right
        assert drawing
        places[language] = [round(box["x"] - drawing["x"]) for box in (left, right)]
    assert places["en"] == places["ar"]


def test_a_whole_page_is_filled_in_with_the_keyboard_alone(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/questions/blood_problems")
    page = screen.page
    rows = page.locator(".row-question").count()
    page.locator("input[type=radio]").first.focus()
    for _ in range(rows):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    while page.evaluate("() => document.activeElement.textContent") != "Continue":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/needle_reactions")
