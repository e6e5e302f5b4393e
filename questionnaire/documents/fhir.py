"""The record for other systems: HL7 FHIR R4 QuestionnaireResponse and Consent.

Both say in standard words what `record.json` says in ours; where they differ, the record counts.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

RECORD_SYSTEM = "urn:candour:record"
PATIENT_SYSTEM = "urn:candour:patient"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
LOINC = "http://loinc.org"
PATIENT_CONSENT = "59284-0"
RULE = "The attached record states what was explained, agreed and signed."

Resource = dict[str, Any]


def questionnaire_response(record: Mapping[str, Any]) -> bytes:
    """The answers as shown, grouped by section, as JSON."""
    sections: dict[str, list[Resource]] = {}
    for answer in record["answers"]:
        item: Resource = {"linkId": answer["question_id"], "text": answer["question"]}
        if answer["answer"]:
            item["answer"] = [{"valueString": answer["answer"]}]
        sections.setdefault(answer["section"], []).append(item)
    return written(
        {
            "resourceType": "QuestionnaireResponse",
            "identifier": {"system": RECORD_SYSTEM, "value": record["record_id"]},
            "questionnaire": f"urn:candour:questions|{record['content_version']}",
            "status": "completed",
            "subject": _patient(record),
            "authored": record["times"]["submitted_at"],
            "source": _patient(record),
            "item": [
                {"linkId": f"section-{number}", "text": name, "item": items}
                for number, (name, items) in enumerate(sections.items(), start=1)
            ],
        }
    )


def consent(record: Mapping[str, Any], canonical: bytes, signed_at: str | None) -> bytes:
    """The consent as JSON: `active` once the patient has signed, `draft` before.

    The hash of the attached record is SHA-1 because FHIR R4 fixes that for attachments; nothing
    here relies on it.
    """
    resource: Resource = {
        "resourceType": "Consent",
        "identifier": [{"system": RECORD_SYSTEM, "value": record["record_id"]}],
        "status": "active" if signed_at else "draft",
        "scope": {"coding": [{"system": CONSENT_SCOPE, "code": "treatment"}]},
        "category": [{"coding": [{"system": LOINC, "code": PATIENT_CONSENT}]}],
        "patient": _patient(record),
        "performer": [_patient(record)],
        "organization": [{"display": record["clinic"]["name"]}],
        "sourceAttachment": {
            "contentType": "application/json",
            "language": record["language"],
            "title": "record.json",
            "size": len(canonical),
            "hash": b64encode(sha1(canonical, usedforsecurity=False).digest()).decode(),
        },
        "policyRule": {"text": RULE},
        "provision": {
            "type": "permit",
            "actor": [_practitioner(record)],
            "code": [{"text": each["title"]} for each in record["treatments"]],
        },
    }
    if signed_at:
        resource["dateTime"] = signed_at
        resource["verification"] = [
            {
                "verified": True,
                "verifiedWith": _patient(record),
                "verificationDate": signed_at,
            }
        ]
    return written(resource)


def written(value: object) -> bytes:
    """A value as JSON with sorted names, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _patient(record: Mapping[str, Any]) -> Resource:
    patient = record["patient"]
    return {
        "identifier": {"system": PATIENT_SYSTEM, "value": patient["id"]},
        "display": patient["full_name"],
    }


def _practitioner(record: Mapping[str, Any]) -> Resource:
    return {
        "role": {"text": record["practitioner"]["role"]},
        "reference": {"display": record["practitioner"]["name"]},
    }
