"""Every kind of patient page on a phone and on a tablet held sideways: nothing scrolls sideways."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from questionnaire.cli.invented import calm_answers
from questionnaire.domain.library import Library
from questionnaire.domain.visit import Station
from tests.browser import patient_part
from tests.browser.serving import Served
from tests.browser.walked import code_for, walk_to
from tests.browser.watching import Watched

pytestmark = pytest.mark.whole

NAME = "Rowan Pretendham"
SCREENS = [
    pytest.param({"width": 360, "height": 740}, id="phone"),
    pytest.param({"width": 1024, "height": 768}, id="tablet-sideways"),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_of_the_form_scrolls_sideways(
    served: Served, library: Library, watched: Callable[..., Watched], screen: dict[str, int]
) -> None:
    walk = walk_to(served, Station.ARRANGED, NAME)
    patient = watched(f"form-{screen['width']}", "Rowan", viewport=screen, sees_axe=False)
    patient_part.arrive(patient, served.address, walk.code)
    patient.press("See all the questions first", "link")
    patient.press("Back to the start", "link")
    patient.press("Start", "link")
    answers = calm_answers(library, walk.visit, datetime.now(UTC).date())
    patient_part.answer_pages(patient, answers)
    patient.write("Your question", "a" * 200)
    patient.press("Save it and ask another")
    patient.press("Continue")
    patient.press("Send my answers")
    assert patient.heading == patient_part.HAND_BACK


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_of_the_consent_scrolls_sideways(
    served: Served, library: Library, watched: Callable[..., Watched], screen: dict[str, int]
) -> None:
    walk = walk_to(served, Station.CONSENT_READY, NAME)
    patient = watched(f"consent-{screen['width']}", "Rowan", viewport=screen, sees_axe=False)
    patient_part.arrive(patient, served.address, code_for(walk))
    patient_part.read(patient, library)
    assert patient.heading == "Sign to say you agree"
    patient.press("Nothing to sign today", "link")
    patient.touch(patient.page.get_by_label("I want more time"))
    patient.press("Continue")
    assert patient.heading == patient_part.HAND_BACK
