"""The record of a visit as it stands, written out in one language."""

from dataclasses import dataclass

from questionnaire.domain.assembly import Gathered, assemble
from questionnaire.domain.consent import canonical, fingerprint
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.speech import Speech
from questionnaire.journey.house import House
from questionnaire.journey.standing import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """The very document that will be signed: its canonical JSON and its fingerprint."""

    canonical: bytes
    sha256: str


def record_of(house: House, standing: Standing, speech: Speech) -> Shown:
    """The record in the words of `speech`. Raises `StillOpen` while the form was not sent."""
    if standing.submitted_at is None:
        raise StillOpen("Some things come before signing.", ())
    gathered = Gathered(
        standing.visit,
        standing.situation,
        standing.flags,
        standing.review,
        standing.progress,
        standing.submitted_at,
    )
    written = canonical(assemble(house.library, house.clinic, gathered, speech))
    return Shown(written, fingerprint(written))


def in_our_language(house: House, standing: Standing) -> Shown:
    """The record in the clinic's own language. Raises `StillOpen` while the form was not sent."""
    return record_of(house, standing, house.speech(SOURCE_LANGUAGE))
