"""Floods of saves, documents and folders are refused, counted for all workers together."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle, islice

import pytest

from questionnaire.domain.errors import TooManyTries
from questionnaire.domain.visit import Station
from questionnaire.journey import exporting, intake, rates
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.house import House
from tests.clinics import ADMINISTRATOR, ARCHIVIST, Clinics, Stage

pytestmark = pytest.mark.guarantees("S37")
At = Callable[..., Stage]


def two_workers(clinics: Clinics, stage: Stage) -> tuple[House, House]:
    """The same clinic as two processes of the server have it open."""
    clinic = stage.clinic
    return clinic.house, clinics.reopen(clinic.settings, clock=clinic.clock).house


def test_a_visit_is_saved_only_so_often(at: At, clinics: Clinics) -> None:
    stage = at(Station.ARRANGED)
    turn = stage.walk.turn()
    page = intake.pages(stage.house, turn).page_of("full_name").id
    houses = two_workers(clinics, stage)

    def save(house: House, name: str) -> None:
        intake.save_page(house, turn, page, {"full_name": name}, {}, key=house.new_id())

    for number, house in enumerate(islice(cycle(houses), rates.MOST_SAVES)):
        save(house, f"Marigold {number}")
    for house in houses:
        with pytest.raises(TooManyTries):
            save(house, "One Too Many")
    assert intake.pages(stage.house, turn).answers["full_name"] == "Marigold 599"
    stage.clinic.clock.forward(rates.WINDOW)
    save(stage.house, "Marigold Testwell")


def test_documents_are_taken_out_only_so_often(at: At, clinics: Clinics) -> None:
    stage = at(Station.SEALED)
    houses = two_workers(clinics, stage)
    for house in islice(cycle(houses), rates.MOST_DOCUMENTS):
        open_consent(house, ARCHIVIST, stage.visit_id, Purpose.DOWNLOADED)
    for house in houses:
        with pytest.raises(TooManyTries, match="60 in ten minutes"):
            open_consent(house, ARCHIVIST, stage.visit_id, Purpose.READ)
    assert open_consent(stage.house, ADMINISTRATOR, stage.visit_id, Purpose.READ)
    assert open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.EXPORTED)
    told = stage.clinic.actions(stage.visit_id)
    assert told.count("consent_downloaded") == rates.MOST_DOCUMENTS
    stage.clinic.clock.forward(rates.WINDOW)
    assert open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)


def test_folders_are_asked_for_only_so_often(at: At, clinics: Clinics) -> None:
    stage = at(Station.SEALED)
    houses = two_workers(clinics, stage)
    for house in islice(cycle(houses), rates.MOST_EXPORTS):
        exporting.ask_export(house, ARCHIVIST, [stage.visit_id], "For the insurer")
    for house in houses:
        with pytest.raises(TooManyTries):
            exporting.ask_export(house, ARCHIVIST, [stage.visit_id], "For the insurer")
    stage.clinic.clock.forward(rates.WINDOW + timedelta(seconds=1))
    exporting.ask_export(stage.house, ARCHIVIST, [stage.visit_id], "For the insurer")
