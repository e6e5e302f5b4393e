"""Numbers and addresses within Arabic and Hebrew words stand on screens from left to right."""

import jinja2
import pytest
from playwright.sync_api import Browser

from questionnaire.documents.page import install_filters
from questionnaire.domain.reading_order import in_order
from tests.browser.serving import ROOT

PARTS = {
    "(030) \u0661\u0662\u0663\u0664\u0665 \u0623\u0648 +49 171 2345678 \U0001f60a": (
        "49", "171", "2345678",
    ),
    "(030) \u0661\u0662\u0663 \u0623\u0648": ("030", "\u0661\u0662\u0663"),
    "\u0647\u0627\u062a\u0641\u064a 0171-2345678": ("0171", "-", "2345678"),
    "\u0660\u0661-\u0662\u0663\u0664": ("\u0660\u0661", "-", "\u0662\u0663\u0664"),
    "\u05d9\u05e9 \u05dc\u05d9 [5 mg] \u05db\u05df": ("5", "mg"),
    "\u0628\u0631\u064a\u062f\u064a 7a-b@example.org": ("7a", "b", "@", "example", "org"),
    "\u0627\u0644\u0633\u0639\u0631 \u00a31,203.50 \u0627\u0644\u0622\u0646": (
        "\u00a31", ",203", ".50",
    ),
    "\u0628\u064a\u0646 150,000-400,007 \u0635\u0641\u064a\u062d\u0629": (
        "150", ",000", "-", "400", ",007",
    ),
    "0,5-1,5 \u0645\u0644": ("0,5", "-", "1,5"),
    "\u0645\u0646 50%-75% \u0645\u0646\u0647": ("50", "%", "-", "75", "%"),
    "\u0661\u066c\u0662\u0660\u0660 - \u0662\u066c\u0663\u0660\u0660 \u062c\u0646\u064a\u0647": (
        "\u0661", "\u0662\u0660\u0660", "-", "\u0662", "\u0663\u0660\u0660",
    ),
    "\u05d4\u05de\u05d7\u05d9\u05e8 1,200.50-2,300 \u05db\u05d0\u05df": (
        "1,200", ".50", "-", "2,300",
    ),
    "\u0628\u0627\u0631\u0627\u0633\u064a\u062a\u0627\u0645\u0648\u0644 Panadol 500 mg": (
        "Panadol", "500", "mg",
    ),
    "\u0631\u0642\u0645\u064a +971 4 123 5678 \u0623\u0648": (
        "+971", "4", "123", "5678",
    ),
    "\u0631\u0642\u0645\u064a +33 6 12 34 57 78 \u0623\u0648": (
        "+33", "6", "12", "34", "57", "78",
    ),
    "\u05e9\u05dc\u05d9 +972 3 124 5678 \u05d0\u05d5": (
        "+972", "3", "124", "5678",
    ),
    "\u06a9\u062f +\u06f9\u06f8 \u06f9 \u06f1\u06f2\u06f3 \u06f4\u06f5\u06f6\u06f7 \u0648": (
        "+\u06f9\u06f8", "\u06f9", "\u06f1\u06f2\u06f3", "\u06f4\u06f5\u06f6\u06f7",
    ),
    "\u0647\u0627\u062a\u0641\u064a 800 4 5678 \u0627\u0644\u0622\u0646": (
        "800", "4", "5678",
    ),
    "\u0634\u0627\u0631\u0639 12-B/3 \u0647\u0646\u0627": (
        "12", "-", "B", "/", "3",
    ),
    "\u0645\u0646 3 to 5 \u0645\u0644": (
        "3", "to", "5",
    ),
}  # fmt: skip
"""What somebody wrote, and what is read there from the left to the right."""

LEFT_EDGES = """(box, parts) => {
  const edges = []
  let from = 0
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT)
  const text = walker.nextNode()
  for (const part of parts) {
    const range = document.createRange()
    const at = text.data.indexOf(part, from)
    range.setStart(text, at)
    range.setEnd(text, (from = at + part.length))
    edges.push(range.getBoundingClientRect().left)
  }
  return edges
}"""
BOXES = (
    '<p class="box"><bdi>{{ words|in_order }}</bdi></p>',
    '<blockquote class="box" dir="auto">{{ words|in_order }}</blockquote>',
)


@pytest.mark.parametrize("way", ["ltr", "rtl"])
def test_the_parts_stand_from_left_to_right(way: str, browser: Browser) -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT), autoescape=True)
    install_filters(environment)
    page = browser.new_page()
    wrong = []
    for words, parts in PARTS.items():
        for box in BOXES:
            shown = environment.from_string(box).render(words=words)
            page.set_content(f'<html dir="{way}"><body>{shown}</body></html>')
            place = page.locator(".box")
            edges = place.evaluate(f"(box, parts) => ({LEFT_EDGES})(box, parts)", list(parts))
            if edges != sorted(edges) or len({*edges}) != len(parts):
                wrong.append((words, box, edges))
    page.close()
    assert wrong == []


@pytest.mark.parametrize("way", ["ltr", "rtl"])
@pytest.mark.parametrize("box", BOXES, ids=["in a line", "alone"])
def test_words_from_the_right_begin_there_whatever_their_first_word_is(
    box: str, way: str, browser: Browser
) -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT), autoescape=True)
    install_filters(environment)
    page = browser.new_page()
    shown = environment.from_string(box).render(words="Euthyrox \u0648 7788 \u0648")
    page.set_content(f'<html dir="{way}"><body>{shown}</body></html>')
    (name, figure) = page.locator(".box").evaluate(LEFT_EDGES, ["Euthyrox", "7788"])
    page.close()
    assert name > figure


TOPS = """(box, part) => {
  const text = box.firstChild
  const range = document.createRange()
  const at = text.data.indexOf(part)
  range.setStart(text, at)
  range.setEnd(text, at + part.length)
  return [...new Set([...range.getClientRects()].map(each => Math.round(each.top)))].length
}"""
WHOLE = {
    "+971 4 123 4567": "+971\u00a04\u00a0123\u00a04567",
    "+44 (0)1632 960119": "+44\u00a0(0)1632\u00a0960119",
    "https://www.example.org/a": "https://\u2060www",
}
"""What somebody wrote, and what of it, as it is shown, stands on one line."""


def test_neither_a_number_to_call_nor_an_address_and_its_host_are_parted(browser: Browser) -> None:
    page = browser.new_page()
    parted = []
    for typed, part in WHOLE.items():
        words = in_order(
            f"\u0643\u0644\u0645\u0629 \u0643\u0644\u0645\u0629 {typed} \u0627\u0644\u0622\u0646"
        )
        for width in range(190, 330, 7):
            page.set_content(f'<p dir="rtl" style="width: {width}px"><bdi>{words}</bdi></p>')
            if page.locator("bdi").evaluate(TOPS, part) != 1:
                parted.append((typed, width))
    page.close()
    assert parted == []
