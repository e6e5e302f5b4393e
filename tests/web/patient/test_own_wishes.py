"""What people have told their own device is honoured: contrast, their colours, no motion."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from questionnaire.domain.visit import Station
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
LOOK = """([selector, property, pseudo]) =>
  getComputedStyle(document.querySelector(selector), pseudo || null)[property]"""


def look(page: Page, selector: str, what: str, pseudo: str = "") -> str:
    """How something is drawn."""
    return str(page.evaluate(LOOK, [selector, what, pseudo]))


def brightness(colour: str) -> float:
    """Relative luminance of `rgb(…)`, 0 to 1 (WCAG 2.2)."""
    parts = [int(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio between two colours, 1 to 21."""
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_more_contrast_gives_darker_words_and_stronger_lines(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    screen.open("/questions/health_conditions")
    usual = contrast(look(page, ".tile", "borderTopColor"), look(page, ".tile", "backgroundColor"))
    page.emulate_media(contrast="more")
    sheet = look(page, ".sheet", "backgroundColor")
    for quiet in (".progress", ".govuk-hint"):
        assert contrast(look(page, quiet, "color"), sheet) >= 14
    stronger = contrast(
        look(page, ".tile", "borderTopColor"), look(page, ".tile", "backgroundColor")
    )
    assert stronger >= 7 > usual
    assert look(page, ".tile", "borderTopWidth") == "2px"
    assert Axe().run(page).violations_count == 0
    plain = look(page, ".tile:has(:checked)", "boxShadow")
    page.keyboard.press("Tab")
    page.locator("input[type=radio]:checked").first.focus()
    assert look(page, ".tile:has(:focus-visible)", "boxShadow") != plain


def test_in_colours_of_ones_own_choice_and_focus_are_still_seen(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    page.emulate_media(forced_colors="active", color_scheme="dark")
    screen.open("/questions/health_conditions")
    chosen = ".tile:has(:checked)"
    dot = look(page, f"{chosen} .tile__mark", "backgroundColor", "::after")
    assert contrast(dot, look(page, "body", "backgroundColor")) >= 7
    assert look(page, chosen, "outlineStyle") == "solid"
    assert look(page, ".progress-bar .is-here", "borderTopWidth") == "3px"
    page.keyboard.press("Tab")
    page.locator("input[type=radio]:checked").first.focus()
    page.keyboard.press("Tab")
    focused = ".tile:has(:focus-visible)"
    assert look(page, focused, "outlineWidth") == "4px"
    page.get_by_role("button", name="Continue").focus()
    assert look(page, "button:focus-visible", "outlineStyle") == "solid"
    assert look(page, "button:focus-visible", "outlineWidth") == "3px"


def test_ink_is_dark_on_light_in_colours_of_ones_own(screen_at: Screens) -> None:
    screen = screen_at(Station.CONSENT_READY)
    screen.page.emulate_media(forced_colors="active", color_scheme="dark")
    screen.open(f"/sign?shown={'0' * 64}")
    assert brightness(look(screen.page, ".ink canvas", "backgroundColor")) > 0.9


def test_nothing_moves_for_who_wants_no_motion(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    screen.page.emulate_media(reduced_motion="reduce")
    screen.open("/questions/health_conditions")
    moving = """() => [...document.querySelectorAll('*')].filter((it) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(it)
      return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto'
    }).length"""
    assert screen.page.evaluate(moving) == 0
