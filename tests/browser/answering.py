"""How somebody at a tablet fills in the form: one touch a choice, and words typed into boxes."""

from collections.abc import Mapping
from typing import Final

from playwright.sync_api import Locator

from questionnaire.domain.answers import Answer, Withheld
from tests.answers_on_pages import to_pick, to_type
from tests.browser.watching import Watched

HAS_A_FORM: Final = "form#page-form, #clinic-answers form"
BOXES: Final = "input:not([type=hidden]), textarea"


def fill_in_page(reader: Watched, answers: Mapping[str, Answer]) -> None:
    """Answer every question on the page that has an answer; the others stay as they are."""
    form = reader.page.locator(HAS_A_FORM)
    names = form.locator(BOXES).evaluate_all("boxes => [...new Set(boxes.map(box => box.name))]")
    for name in names:
        question, _, part = str(name).partition(".")
        answer = answers.get(question)
        if answer is not None:
            _answer(reader, form.locator(f'[name="{name}"]'), part, answer)


def _answer(reader: Watched, boxes: Locator, part: str, answer: Answer) -> None:
    first = boxes.first
    kind = "textarea" if first.evaluate("box => box.tagName") == "TEXTAREA" else _type(first)
    if kind in {"radio", "checkbox"}:
        wanted = to_pick(part, answer)
        for place in range(boxes.count()):
            box = boxes.nth(place)
            if (box.get_attribute("value") in wanted) != box.is_checked():
                reader.touch(box)
    elif not isinstance(answer, Withheld):
        first.fill(to_type(part, answer))


def _type(box: Locator) -> str:
    return box.get_attribute("type") or "text"
