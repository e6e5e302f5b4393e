"""The patient's two turns at the tablet, by touch: the form, then the consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from questionnaire.domain.answers import Answer
from questionnaire.domain.library import Library
from tests.browser.answering import fill_in_page
from tests.browser.watching import Watched
from tests.clinics import PRP

HAND_BACK: Final = "Thank you. Please pass the tablet back to us"
INK: Final = ((0.1, 0.6), (0.2, 0.2), (0.3, 0.7), (0.4, 0.3), (0.5, 0.6), (0.7, 0.4), (0.9, 0.5))


@dataclass(frozen=True, slots=True)
class RiskShown:
    """One risk as the reading page tells it."""

    title: str
    how_often: str
    words: str


def arrive(patient: Watched, address: str, code: str) -> None:
    """Type the code and say that the name is right."""
    patient.go(address)
    patient.write("Welcome. What is your code?", code)
    patient.press("Continue")
    assert patient.heading == "Is this you?"
    patient.press("Yes, this is me")


def answer_pages(patient: Watched, answers: Mapping[str, Answer], most: int = 100) -> int:
    """Fill in page after page, `most` at most; how many it were."""
    for number in range(most):
        if "/questions/" not in patient.page.url:
            return number
        fill_in_page(patient, answers)
        patient.press("Continue")
        if patient.heading == "Is that right?":
            patient.press("Yes, that is right")
    return most


def answers_shown(patient: Watched) -> dict[str, tuple[str, ...]]:
    """What the check page tells: question → lines of the answer."""
    told: dict[str, tuple[str, ...]] = {}
    for row in patient.page.locator(".govuk-summary-list__row").all():
        question = row.locator("dt").inner_text()
        told[question] = tuple(row.locator("dd bdi").all_inner_texts())
    return told


def risks_shown(patient: Watched) -> list[RiskShown]:
    """Every risk on the reading page."""
    return [
        RiskShown(
            risk.locator("h3").inner_text(),
            risk.locator(".how-often strong").inner_text(),
            risk.locator("p:not(.how-often)").last.inner_text(),
        )
        for risk in patient.page.locator(".risk:not(.risk--yours)").all()
    ]


def read(patient: Watched, library: Library) -> list[RiskShown]:
    """Read, answer the check-questions, tick, choose about photos, up to the signing page."""
    patient.press("Start reading")
    risks = risks_shown(patient)
    patient.press("I have read this")
    answer_check_questions(patient, library)
    assert patient.heading == "Tick each statement"
    for tick in patient.page.get_by_role("checkbox").all():
        patient.touch(tick)
    patient.press("Continue")
    patient.touch(patient.page.get_by_label("For my own record at the clinic"))
    patient.press("Continue")
    patient.press("Read the document", "link")
    patient.press("Go to signing", "link")
    return risks


def answer_check_questions(patient: Watched, library: Library) -> None:
    """The first one wrong at first, the others right at once."""
    right = {one.id: one.correct for one in library.treatments[PRP].quiz}
    first = True
    while "/quiz/" in patient.page.url:
        correct = right[patient.page.url.rsplit("/", 1)[-1]]
        if first:
            patient.touch(patient.page.locator(f"[name=choice]:not([value={correct}])").first)
            patient.press("Check")
            assert "Not quite." in patient.page.locator(".answer-feedback").inner_text()
            first = False
        patient.touch(patient.page.locator(f"[name=choice][value={correct}]"))
        patient.press("Check")
        patient.press("Continue", "link")


def draw(patient: Watched) -> None:
    """Draw a signature in one stroke."""
    pad = patient.page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None, "the pad is on the page"
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in INK]
    pen = patient.page.mouse
    pen.move(*points[0])
    pen.down()
    for point in points[1:]:
        pen.move(*point, steps=3)
    pen.up()
