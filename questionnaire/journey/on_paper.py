"""The form on paper, for people who would rather use a pen: what is on it, and whose it is."""

from dataclasses import dataclass

from questionnaire.domain.errors import NotFound
from questionnaire.domain.speech import Speech
from questionnaire.domain.visit import Visit
from questionnaire.domain.whole_form import Part, whole_form
from questionnaire.journey.house import House
from questionnaire.journey.standing import situation_of
from questionnaire.records.visits import get_visit, visits_by_reference


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The whole form of one visit in the language its patient reads."""

    visit: Visit
    speech: Speech
    parts: tuple[Part, ...]


def paper_form(house: House, visit_id: str) -> PaperForm:
    """What may be asked for the treatments the desk arranged. Raises `NotFound`."""
    with house.database.read() as tx:
        visit = get_visit(tx, visit_id)
    speech = house.offered_speech(visit.language)
    treatments = situation_of(house, visit, {}, None).treatments
    parts = whole_form(speech.library.questionnaire, treatments, speech.say)
    return PaperForm(visit, speech, parts)


def visit_of_paper(house: House, reference: str) -> Visit:
    """The visit a reference leads to, however it was typed. Raises `NotFound`."""
    with house.database.read() as tx:
        found = visits_by_reference(tx, reference)
    if len(found) != 1:
        raise NotFound("No visit has this reference. Check it against the paper.")
    return found[0]
