"""What a sealed document must hold of the treatment it is about, and what it must not."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from questionnaire.cli.invented import CLINIC
from questionnaire.content.printable import faults
from questionnaire.documents.proofread import attached, page_texts, text_problems
from questionnaire.documents.verdict import Word
from questionnaire.documents.verify import verify
from questionnaire.domain.consent import as_json
from questionnaire.domain.consent_words import treatment_text
from questionnaire.domain.language import in_english
from questionnaire.domain.library import Library
from questionnaire.domain.treatment import Band
from questionnaire.journey.house import House


@dataclass(frozen=True, slots=True)
class Told:
    """What was done by hand on the way to a document about one treatment."""

    treatment_id: str
    ticked_at: datetime
    reply: str
    clinician: str


def is_whole(house: House, document: bytes, told: Told) -> None:
    """The document is authentic, and holds everything it must and nothing it must not."""
    library = house.library
    canonical = attached(document, "record.json")
    assert canonical is not None
    verdict = verify(document, house.trusted_seals())
    assert (verdict.word, verdict.record_sha256) == (
        Word.AUTHENTIC,
        sha256(canonical).hexdigest(),
    )
    assert text_problems(document, canonical) == []
    record = json.loads(canonical)
    holds_every_risk(library, record, told.treatment_id)
    holds_everything_ticked_answered_and_settled(library, record, told)
    printed = re.sub(r"(?:[0-9a-f]\s*){64}", " ", "\n".join(page_texts(document)))
    assert list(faults(printed, {rule.id for rule in library.rules})) == []
    everywhere = "\n".join([canonical.decode(), *page_texts(document)])
    holds_no_figure_kept_from_patients(library, everywhere, told.treatment_id)


def holds_every_risk(library: Library, record: dict[str, Any], treatment_id: str) -> None:
    treatment = library.treatments[treatment_id]
    (about,) = record["treatments"]
    assert about == as_json(treatment_text(library, treatment, in_english, CLINIC.law_of))
    frequent_first = sorted(
        library.risks_of(treatment_id), key=lambda risk: list(Band).index(risk.frequency.band)
    )
    assert [(risk["id"], risk["title"], risk["text"]) for risk in about["risks"]] == [
        (risk.id, risk.title, risk.patient_text) for risk in frequent_first
    ]
    assert about["alternatives"] == [one.text for one in treatment.alternatives]


def holds_everything_ticked_answered_and_settled(
    library: Library, record: dict[str, Any], told: Told
) -> None:
    treatment = library.treatments[told.treatment_id]
    assert [(one["id"], one["text"]) for one in record["statements"]] == [
        (one.id, one.text) for one in library.statements_of([told.treatment_id])
    ]
    ticked = [one["ticked_at"] for one in (*record["statements"], *record["personal_risks"])]
    assert ticked == [f"{told.ticked_at:%Y-%m-%dT%H:%M:%SZ}"] * len(ticked)
    assert [one["id"] for one in record["quiz"]] == [one.id for one in treatment.quiz]
    assert all(one["attempts"][-1]["right"] for one in record["quiz"])
    assert [one["reply"] for one in record["questions"]] == [told.reply]
    settled = [one for one in record["flags"] if one["severity"] != "info"]
    assert all(one["disposition"]["act"]["name"] == told.clinician for one in settled)
    assert "Not answered" not in {
        one["answer"]
        for one in record["answers"]
        if not library.questionnaire.questions[one["question_id"]].optional
    }
    must_state = list(treatment.clinic_must_state)
    stated = [[label for label, _ in it["facts"]] for it in record["plan"]["of_treatments"]]
    assert (stated, record["plan"]["details"]) == ([must_state] if must_state else [], [])


def holds_no_figure_kept_from_patients(library: Library, text: str, treatment_id: str) -> None:
    kept = [one for one in library.treatments[treatment_id].evidence if not one.quote_to_patients]
    flat = re.sub(r"\s+", "", text)
    for one in kept:
        assert re.sub(r"\s+", "", one.figure) not in flat
        assert re.sub(r"\s+", "", one.finding) not in flat
