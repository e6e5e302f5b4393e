"""The patient's two turns in a browser that runs no script: nothing is missing but the drawing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from questionnaire.cli.invented import calm_answers
from questionnaire.domain.library import Library
from questionnaire.domain.visit import Station
from questionnaire.records.visits import get_visit
from tests.browser import patient_part
from tests.browser.serving import Served
from tests.browser.walked import code_for, walk_to
from tests.browser.watching import Watched

pytestmark = pytest.mark.whole

NAME = "Clover Fictionby"


def test_the_form_is_filled_in_and_sent_without_a_script(
    served: Served, library: Library, watched: Callable[..., Watched]
) -> None:
    walk = walk_to(served, Station.ARRANGED, NAME)
    patient = watched("noscript", "Clover", looks=False, has_touch=True, java_script_enabled=False)
    patient_part.arrive(patient, served.address, walk.code)
    patient.press("Start", "link")
    patient.press("Continue")
    patient.press("Continue")
    summary = patient.page.locator("#error-summary")
    expect(summary).to_contain_text("There is a problem")
    patient.assert_quiet(refused=["400 /questions/sex_at_birth"])
    answers = calm_answers(library, walk.visit, datetime.now(UTC).date())
    assert patient_part.answer_pages(patient, answers) > 20
    patient.press("Continue")
    patient.press("Send my answers")
    assert patient.heading == patient_part.HAND_BACK
    patient.assert_quiet()
    with walk.house.database.read() as tx:
        assert get_visit(tx, walk.visit.id).station is Station.SUBMITTED


def test_the_consent_is_signed_with_a_typed_name_without_a_script(
    served: Served, library: Library, watched: Callable[..., Watched]
) -> None:
    walk = walk_to(served, Station.CONSENT_READY, NAME)
    patient = watched("noscript", "Clover", looks=False, has_touch=True, java_script_enabled=False)
    patient_part.arrive(patient, served.address, code_for(walk))
    patient_part.read(patient, library)
    expect(patient.page.get_by_label("Draw my signature")).to_be_hidden()
    patient.touch(patient.page.get_by_label("I agree"))
    patient.write("Your full name", NAME)
    patient.touch(patient.page.get_by_label("Use my typed name as my signature"))
    patient.press("Sign and finish")
    assert patient.heading == patient_part.HAND_BACK
    patient.assert_quiet()
    with walk.house.database.read() as tx:
        assert get_visit(tx, walk.visit.id).station is Station.PATIENT_SIGNED
