"""How somebody at a tablet fills in the form: one touch a choice, and words typed into boxes."""

from collections.abc import Mapping
from typing import Final

from questionnaire.domain.answers import Answer, Withheld
from tests.answers_on_pages import to_pick, to_type
from tests.browser.watching import Watched

BOXES: Final = "form#page-form, #clinic-answers form"
LOOK: Final = """forms => forms.flatMap(form => [...form.elements])
  .filter(box => box.name && /INPUT|TEXTAREA/.test(box.tagName) && box.type !== 'hidden')
  .map(box => [box.id, box.name, box.type, box.value, box.checked])"""


def fill_in_page(reader: Watched, answers: Mapping[str, Answer]) -> None:
    """Answer every question on the page that has an answer; the others stay as they are."""
    for box_id, name, kind, value, checked in reader.page.locator(BOXES).evaluate_all(LOOK):
        question, _, part = name.partition(".")
        answer = answers.get(question)
        if answer is None:
            continue
        box = reader.page.locator(f'[id="{box_id}"]')
        if kind in {"radio", "checkbox"}:
            if (value in to_pick(part, answer)) != checked:
                reader.touch(box)
        elif not isinstance(answer, Withheld) and value != to_type(part, answer):
            box.fill(to_type(part, answer))
