"""Boxes of a form as the style sheets of both directions draw them."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import TABLET
from tests.browser.serving import ROOT

SHEETS = {"ltr": "clinic.css", "rtl": "clinic.rtl.css"}
FORM = """<html dir="{way}" class="govuk-template"><head><style>{style}</style></head><body>
<div class="tile"><input class="tile__input" type="checkbox" checked>
<span class="tile__mark"></span></div><div class="map-and-list"><div class="maps"></div></div>
<input class="govuk-input"><p class="govuk-body">Can you not type it?</p>
<textarea class="govuk-textarea" rows="16" readonly>{lines}</textarea></body></html>"""
RING = 6
"""How far a box's ring reaches round it, in CSS pixels."""
TICK = """mark => {
  const drawn = getComputedStyle(mark, '::after')
  return [drawn.transform, drawn.borderLeftWidth, drawn.borderRightWidth, drawn.borderBottomWidth]
}"""


def form(browser: Browser, way: str, width: int) -> Page:
    """The form on a screen so wide."""
    page = browser.new_page(viewport=TABLET | {"width": width})
    style = (ROOT / "static" / SHEETS[way]).read_text(encoding="utf-8")
    lines = "\n".join(f"Line {number} of a message with a link" for number in range(24))
    page.set_content(FORM.format(way=way, style=style, lines=lines))
    return page


def test_a_tick_and_a_map_are_not_turned_round_with_the_page(browser: Browser) -> None:
    pages = [form(browser, way, 768) for way in SHEETS]
    ticks = [page.locator(".tile__mark").evaluate(TICK) for page in pages]
    ways = [
        page.locator(".maps").evaluate("it => getComputedStyle(it).direction") for page in pages
    ]
    for page in pages:
        page.close()
    assert ticks[0] == ticks[1]
    assert ticks[0][1:] == ["4px", "0px", "4px"]
    assert ways == ["ltr", "ltr"]


@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize("way", SHEETS)
def test_a_ring_covers_no_words_and_a_message_is_shown_whole(
    way: str, width: int, browser: Browser
) -> None:
    page = form(browser, way, width)
    box = page.locator("input.govuk-input").bounding_box()
    words = page.locator("p").bounding_box()
    heights = page.locator("textarea").evaluate("it => [it.scrollHeight, it.clientHeight]")
    page.close()
    assert box is not None
    assert words is not None
    assert words["y"] >= box["y"] + box["height"] + RING
    assert heights[0] <= heights[1]


def test_what_is_not_turned_round_is_said_by_comments_that_the_build_keeps() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "styles").glob("*.scss"))
    assert re.findall(r"/\*!rtl:", sources)
    assert re.findall(r"/\*\s*rtl:|//\s*rtl:", sources) == []
