"""What the form of each part of setting up says, fact by fact, to be compared and told."""

from collections.abc import Mapping
from typing import Final

from questionnaire.domain.clinic_details import Part
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.journey.house import House
from questionnaire.web.staff.merging import Fact
from questionnaire.web.staff.setting_up_form import own_box

SAID_IN: Final[Mapping[Part, Mapping[str, str]]] = {
    Part.NAME: {
        "name": "Name of the clinic",
        "address": "Address",
        "country": "Country",
        "time_zone": "Time zone",
    },
    Part.PHONES: {
        "calling_code": "Calling code",
        "phone": "Telephone of the clinic",
        "emergency_phone": "Telephone when something goes wrong",
        "emergency_number": "Number for an ambulance",
    },
    Part.EMAIL: {
        "email": "E-mail address for patients",
        "complaints_email": "E-mail address for complaints",
    },
    Part.REGULATOR: {
        "regulator": "Name of the regulator",
        "regulator_address": "Its address or web page",
        "law_of": "Whose law holds",
    },
    Part.LANGUAGES: {"languages": "Languages"},
}
"""Part → box → what it is called."""


def facts_of(part: Part, house: House) -> tuple[Fact, ...]:
    """What the form of a part says."""
    facts = [Fact(label, (box,)) for box, label in SAID_IN.get(part, {}).items()]
    if part is Part.LANGUAGES:
        codes = (SOURCE_LANGUAGE, *house.speeches)
        facts += [
            Fact("Your own words", tuple(own_box(right.id, code) for code in codes))
            for right in house.library.rights_in_own_words
        ]
    if part in {Part.MAIL, Part.BACKUP}:
        facts.append(Fact("How it is done", ("how", "decided_by")))
    return tuple(facts)
