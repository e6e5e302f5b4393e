"""Each of the seven treatments, walked from the desk to the sealed document."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from questionnaire.content.printable import faults
from questionnaire.documents.proofread import attached, page_texts, text_problems
from questionnaire.documents.verdict import Word
from questionnaire.documents.verify import verify
from questionnaire.domain.consent import as_json
from questionnaire.domain.consent_words import treatment_text
from questionnaire.domain.treatment import Band
from questionnaire.domain.visit import Station
from questionnaire.journey.archiving import Purpose, open_consent
from tests.clinics import ARCHIVIST, CLINICIAN, TREATMENTS, Stage

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("treatment_id", TREATMENTS)
def test_a_treatment_goes_from_the_desk_to_the_archive(
    at: Callable[..., Stage], treatment_id: str
) -> None:
    stage = at(Station.SEALED, treatment_id)
    assert stage.station == Station.SEALED
    document = open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    canonical = attached(document, "record.json")
    assert canonical is not None
    verdict = verify(document, stage.house.trusted_seals())
    assert (verdict.word, verdict.record_sha256) == (
        Word.AUTHENTIC,
        sha256(canonical).hexdigest(),
    )
    assert text_problems(document, canonical) == []
    record = json.loads(canonical)
    holds_every_risk(stage, record, treatment_id)
    holds_everything_ticked_answered_and_settled(stage, record, treatment_id)
    printed = re.sub(r"(?:[0-9a-f]\s*){64}", " ", "\n".join(page_texts(document)))
    assert list(faults(printed, {rule.id for rule in stage.house.library.rules})) == []
    everywhere = "\n".join([canonical.decode(), *page_texts(document)])
    holds_no_figure_kept_from_patients(stage, everywhere, treatment_id)
    assert stage.clinic.ledger_problems() == ()


def holds_every_risk(stage: Stage, record: dict[str, Any], treatment_id: str) -> None:
    library = stage.house.library
    treatment = library.treatments[treatment_id]
    (told,) = record["treatments"]
    assert told == as_json(treatment_text(library, treatment))
    frequent_first = sorted(
        library.risks_of(treatment_id), key=lambda risk: list(Band).index(risk.frequency.band)
    )
    assert [(risk["id"], risk["title"], risk["text"]) for risk in told["risks"]] == [
        (risk.id, risk.title, risk.patient_text) for risk in frequent_first
    ]
    assert told["alternatives"] == [one.text for one in treatment.alternatives]


def holds_everything_ticked_answered_and_settled(
    stage: Stage, record: dict[str, Any], treatment_id: str
) -> None:
    library = stage.house.library
    assert [(one["id"], one["text"]) for one in record["statements"]] == [
        (one.id, one.text) for one in library.statements_of([treatment_id])
    ]
    ticked = [one["ticked_at"] for one in (*record["statements"], *record["personal_risks"])]
    assert ticked == ["2031-03-04T09:30:00Z"] * len(ticked)
    assert [one["id"] for one in record["quiz"]] == [
        one.id for one in library.treatments[treatment_id].quiz
    ]
    assert all(one["attempts"][-1]["right"] for one in record["quiz"])
    assert [one["reply"] for one in record["questions"]] == ["Yes. Most people can."]
    settled = [one for one in record["flags"] if one["severity"] != "info"]
    assert all(one["disposition"]["act"]["name"] == CLINICIAN.name for one in settled)
    assert "Not answered" not in {
        one["answer"]
        for one in record["answers"]
        if not library.questionnaire.questions[one["question_id"]].optional
    }
    facts = [label for label, _ in record["plan"]["details"]]
    assert facts == list(library.treatments[treatment_id].clinic_must_state)


def holds_no_figure_kept_from_patients(stage: Stage, text: str, treatment_id: str) -> None:
    kept = [
        one
        for one in stage.house.library.treatments[treatment_id].evidence
        if not one.quote_to_patients
    ]
    flat = re.sub(r"\s+", "", text)
    for one in kept:
        assert re.sub(r"\s+", "", one.figure) not in flat
        assert re.sub(r"\s+", "", one.finding) not in flat


def test_some_figures_are_kept_from_patients_at_all(at: Callable[..., Stage]) -> None:
    library = at(Station.ARRANGED).house.library
    assert tuple(library.treatments) == TREATMENTS
    kept = {
        treatment.id: sum(not one.quote_to_patients for one in treatment.evidence)
        for treatment in library.treatments.values()
    }
    assert (kept["prp_injections"], kept["fat_dissolving"]) == (4, 1)
