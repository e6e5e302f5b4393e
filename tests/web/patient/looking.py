"""Looking at a page from all sides: its code, its size, its keys, and itself without a script."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.watching import FAULTS, SMALLEST_TARGET

A_PAGE = (Path(__file__).parent / "a_page.js").read_text(encoding="utf-8")
SIZES = ((1024, 768, ""), (360, 740, ""), (320, 640, "text-largest"), (768, 1024, ""))
"""Width, height and text of each screen a page must fit; the last is how it was before."""

ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
RESIZE = """(text) => {
  document.documentElement.classList.remove('text-larger', 'text-largest')
  if (text) document.documentElement.classList.add(text)
}"""
SMALL = """() => [...document.querySelectorAll(
    'a, button, input:not([type=hidden]), textarea, select, summary')]
  .filter((it) => !it.matches('.govuk-skip-link') && it.getClientRects().length)
  .map((it) => [it.textContent.trim() || it.id, it.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
  .map(([name, box]) => `small: ${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


def look_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands; empty when nothing is."""
    page.evaluate(A_PAGE)
    report = Axe().run(page, options=ONLY_VIOLATIONS).response
    found = [f"axe: {it['id']}: {it['help']}" for it in report["violations"]]
    return [*found, *sizes(page), *keys(page)]


def sizes(page: Page) -> list[str]:
    """Too small, too wide or without a legend, on any screen and with the largest text."""
    found = []
    for width, height, text in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(RESIZE, text)
        wrong = [*page.evaluate(SMALL), *page.evaluate(FAULTS, SMALLEST_TARGET)]
        found += [f"{width} {text} {it}" for it in wrong]
    return found


def keys(page: Page) -> list[str]:
    """What cannot be reached with Tab alone, in reading order and with the focus seen."""
    for _ in range(page.evaluate("() => aPage.listen()") - 1):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate("() => aPage.heard()")
    return found


def controls(page: Page) -> set[str]:
    """Links, buttons and boxes that are there to be used, but for what a script adds."""
    page.evaluate(A_PAGE)
    found: list[str] = page.evaluate("() => aPage.controls()")
    return set(found)


def look_at_bare(bare: Page, offered: set[str]) -> list[str]:
    """What is not `offered` on the page without its scripts, and what is wrong with it."""
    wrong = [*bare.evaluate(SMALL), *bare.evaluate(FAULTS, SMALLEST_TARGET)]
    return [*(f"not there: {it}" for it in sorted(offered - controls(bare))), *wrong]
