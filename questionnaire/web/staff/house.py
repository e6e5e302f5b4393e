"""What every staff page reaches for: the house, and who is acting."""

import re
from typing import Final

from flask import current_app, g, request

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.visit import Person
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.house import House

_KEY: Final = re.compile(r"[0-9a-f]{32}")


def the_house() -> House:
    """The clinic's collaborators, with its facts as they stood when this request began."""
    if "house" not in g:
        g.house = up_to_date(current_app.extensions["house"])
    house: House = g.house
    return house


def who() -> Person:
    """Who is signed in, in the role this page asks for."""
    person: Person = g.person
    return person


def one_time_key() -> str:
    """The key of the page a form was on: the same key again writes nothing twice."""
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        raise NotReadable("This form is not one of ours. Please reload the page.")
    return key
