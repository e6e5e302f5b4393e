"""The record in the standard words of HL7 FHIR R4."""

import json
from base64 import b64encode
from hashlib import sha1

from questionnaire.documents import fhir
from questionnaire.domain.consent import canonical
from tests.documents import samples

RECORD_JSON = canonical(samples.a_record())
RECORD = json.loads(RECORD_JSON)


def test_answers_are_grouped_by_section_and_a_blank_one_has_no_answer() -> None:
    response = json.loads(fhir.questionnaire_response(RECORD))
    assert [(each["text"], len(each["item"])) for each in response["item"]] == [
        ("About you", 2),
        ("Your health", 4),
        ("Your skin", 2),
    ]
    health = {each["linkId"]: each.get("answer") for each in response["item"][1]["item"]}
    assert health["fainting"] == [{"valueString": "Yes"}]
    assert health["medicines"] is None


def test_a_signed_consent_is_active_and_names_its_record() -> None:
    consent = json.loads(fhir.consent(RECORD, RECORD_JSON, "2026-11-25T10:42:07Z"))
    assert consent["status"] == "active"
    assert consent["dateTime"] == "2026-11-25T10:42:07Z"
    assert consent["verification"][0]["verified"] is True
    digest = sha1(RECORD_JSON, usedforsecurity=False).digest()
    assert consent["sourceAttachment"]["hash"] == b64encode(digest).decode()


def test_an_unsigned_consent_is_a_draft() -> None:
    consent = json.loads(fhir.consent(RECORD, RECORD_JSON, None))
    assert consent["status"] == "draft"
    assert "verification" not in consent
