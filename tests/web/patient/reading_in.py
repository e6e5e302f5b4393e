"""Visits read in another language: the clinic offers drafts, and the patient has chosen one."""

from dataclasses import replace

from questionnaire.cli.demo import Walk
from questionnaire.journey.turns import read_in
from tests.clinics import Stage


def offering_drafts(stage: Stage) -> Stage:
    """The same clinic with its drafts switched on."""
    library = stage.house.library
    clinic = replace(library.clinic, offer_draft_languages=True)
    house = replace(stage.house, library=replace(library, clinic=clinic))
    walk = stage.walk
    return Stage(
        replace(stage.clinic, house=house),
        Walk(house, walk.desk, walk.clinician, walk.visit, walk.code),
    )


def read_by(stage: Stage, code: str) -> Stage:
    """The same visit, its patient reading in another language; drafts are switched on."""
    offering = offering_drafts(stage)
    read_in(offering.house, offering.walk.turn(), code)
    return offering
