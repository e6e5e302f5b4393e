"""Visits that are walked to a station beside the served doors, in the same folder."""

from questionnaire.cli import demo
from questionnaire.cli.demo import Walk
from questionnaire.clinic import open_clinic
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.settings import Settings
from tests.browser.serving import Served
from tests.clinics import BORN, CLINICIAN, DESK, PRP, SCENES


def walk_to(served: Served, station: Station, name: str) -> Walk:
    """A visit for PRP injections that stands at this station."""
    house = open_clinic(Settings.from_environment(served.environment))
    walk = demo.arrange(house, DESK, CLINICIAN, (name, BORN, PRP))
    SCENES[station](walk)
    return walk


def code_for(walk: Walk) -> str:
    """A fresh code for the tablet."""
    return arranging.new_code(walk.house, walk.desk, walk.visit.id)
