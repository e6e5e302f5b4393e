"""The patient's door: its own app, its own cookie, one person's turn at a time.

`create_patient_app` builds it. It starts from a code, shows the pages of the form, and after the
review the reading and the signing. Every page works without a script.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flask import Flask, g, request
from jinja2 import StrictUndefined

from questionnaire.documents.page import install_filters
from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.clinic_details import ClinicDetails, Part
from questionnaire.domain.language import to_say
from questionnaire.journey.house import House
from questionnaire.settings import Settings
from questionnaire.web import display, look
from questionnaire.web.headers import protect
from questionnaire.web.patient import (
    agreeing,
    arrival,
    checking,
    enrolling,
    home_link,
    leaving,
    poor_wifi,
    questions,
    reading,
    signing,
    staying,
)
from questionnaire.web.patient.poor_wifi import bear_poor_wifi
from questionnaire.web.patient.speaking import (
    here_in_this_language,
    speak,
    start_in_this_language,
    this_speech,
)
from questionnaire.web.patient.turn_taking import (
    LOCK_AFTER,
    find_turns,
    still_here_after,
    take_turns,
    the_house,
    this_token,
)
from questionnaire.web.whereabouts import where_a_patient_is

_ROOT = Path(__file__).resolve().parents[3]


def create_patient_app(house: House, settings: Settings, *, secret_key: bytes) -> Flask:
    """The patient's door as a WSGI app. `secret_key` makes form tokens."""
    app = Flask(
        __name__, template_folder=str(_ROOT / "templates"), static_folder=str(_ROOT / "static")
    )
    app.secret_key = secret_key
    app.extensions["house"] = replace(house, where=where_a_patient_is)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["date_in_words"] = date_in_words
    install_filters(app.jinja_env)
    find_turns(app)
    protect(app, settings, door="patient", whose=this_token)
    take_turns(app)
    speak(app)
    bear_poor_wifi(app)
    app.context_processor(_page_values)
    doing = (arrival, questions, checking, reading, agreeing, signing, leaving)
    for part in (*doing, staying, home_link, enrolling, display, look, poor_wifi):
        app.register_blueprint(part.blueprint)
    return app


def _page_values() -> dict[str, object]:
    """What every page of this door may read."""
    house, speech = the_house(), this_speech()
    facts = speech.library.clinic.facts
    return {
        **display.display_values(request, speech.language, house.languages_offered),
        **look.look_values(house.clinic),
        "clinic_name": house.clinic.name or speech.say(to_say("Clinic not set up")),
        "not_set_up": not house.clinic.is_set_up,
        "clinic_phone": house.clinic.phone,
        "emergency_phone": house.clinic.emergency_phone,
        "emergency_number": house.clinic.emergency_number,
        "number_to_call": _number_to_call(house.clinic, facts),
        "is_draft": speech.is_draft,
        "here": here_in_this_language(),
        "door_start": start_in_this_language(),
        "turn": g.get("turn"),
        "errors": (),
        "form_id": "",
        "still_here_seconds": still_here_after(),
        "lock_seconds": LOCK_AFTER,
    }


def _number_to_call(clinic: ClinicDetails, facts: Mapping[str, str]) -> str:
    """Whom to call in an emergency; nothing while nobody has confirmed the numbers."""
    if Part.PHONES not in clinic.confirmed:
        return ""
    return clinic.fill(facts.get("number_to_call", ""))
