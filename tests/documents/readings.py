# signs that look alike are what is tried here
"""The sample visit as a patient read it: any treatment, in any language, with hard answers."""

from dataclasses import dataclass, replace
from pathlib import Path

from questionnaire.cli.invented import CLINIC
from questionnaire.content import load_library
from questionnaire.content.translations import speeches
from questionnaire.documents.pdf import render
from questionnaire.domain.consent import ConsentRecord
from questionnaire.domain.consent_parts import AnswerText
from questionnaire.domain.consent_words import rights, statements, treatment_text
from questionnaire.domain.reading import Progress
from questionnaire.domain.speech import Speech, english
from tests.documents import samples

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT / "rules")
SPEECHES = {"en": english(LIBRARY), **speeches(ROOT / "rules")}
PRP = "prp_injections"
EVERY_READING = [(code, treatment) for code in SPEECHES for treatment in LIBRARY.treatments]
HARD_ANSWERS = (
    "Phosphatidylcholine (soy or egg), [75 mg] <5 mg> {a} «x» ≤ 3",
    "شعر أكثر (قليلا) بالعلاج، لا آخر",
    "שיער (מעט) בבקשה",
    "رابطي https://example.org/" + "a1-b2/" * 46 + "?x=1 وهاتفي +44 1632 960119 منذ 30 نوفمبر 2026",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One visit that was read, signed and sealed."""

    code: str
    treatment: str
    canonical: bytes
    sealed: bytes


def read_in(speech: Speech, treatment: str = PRP) -> ConsentRecord:
    """The sample record as a patient read it about a treatment and in a language."""
    library = speech.library
    return replace(
        samples.a_record(),
        language=speech.language.code,
        translation="" if speech.language.code == "en" else "draft",
        treatments=(
            treatment_text(library, library.treatments[treatment], speech.say, library.places),
        ),
        statements=statements(library, [treatment], Progress()),
        rights=rights(library, CLINIC, speech.language.code),
    )


def with_hard_answers(record: ConsentRecord) -> ConsentRecord:
    """The record with answers that hold brackets, from the left and from the right."""
    more = tuple(
        AnswerText("Your health", f"more_{at}", "Tell us more", text, "patient")
        for at, text in enumerate(HARD_ANSWERS)
    )
    return replace(record, answers=(*record.answers, *more))


def on_paper(record: ConsentRecord, speech: Speech) -> bytes:
    """The record laid out in that language."""
    return render(*samples.whole(record), language=speech.language, say=speech.say)
