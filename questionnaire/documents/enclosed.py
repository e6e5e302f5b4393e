"""The files beside the record in a document, and whether each says what the record does.

What is compared are facts, not bytes: documents of every release must pass. A file in another form
than those of release 0.1.0 needs another name and a comparison of its own, beside these.
"""

import io
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha1, sha256
from typing import Any

import pikepdf

from questionnaire.documents.proofread import RECORD_FILE

SIGNATURES_FILE = "signatures.json"
CONSENT_FILE = "fhir-consent.json"
ANSWERS_FILE = "fhir-questionnaire-response.json"
ENCLOSED = (CONSENT_FILE, ANSWERS_FILE, SIGNATURES_FILE)

Record = Mapping[str, Any]


def problem_enclosed(pdf: bytes, record: bytes) -> str:
    """The first file that is missing, too much, or not of this record, as a sentence; or ""."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        files = {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}
    expected = {RECORD_FILE, *ENCLOSED}
    if odd := sorted(expected ^ set(files)):
        return f"The attached file {odd[0]} is missing or does not belong there."
    for name in ENCLOSED:
        if not _fits(name, files[name], record):
            return f"The attached file {name} does not belong to the attached record."
    return ""


def _fits(name: str, content: bytes, canonical: bytes) -> bool:
    """Whether a file says what the record does."""
    try:
        return FITTING[name](json.loads(content), json.loads(canonical), canonical)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False


def _signatures_fit(signatures: Any, record: Record, canonical: bytes) -> bool:
    """The patient's and the clinician's signatures, on exactly this record."""
    del record
    roles = sorted(each["role"] for each in signatures)
    signed = {each["record_sha256"] for each in signatures}
    return roles == ["clinician", "patient"] and signed == {sha256(canonical).hexdigest()}


def _consent_fits(consent: Any, record: Record, canonical: bytes) -> bool:
    """The consent as active, of these people to these treatments, over exactly this record."""
    digest = b64encode(sha1(canonical, usedforsecurity=False).digest()).decode()
    said = (
        consent["status"],
        consent["identifier"][0]["value"],
        consent["patient"]["display"],
        consent["organization"][0]["display"],
        consent["provision"]["actor"][0]["reference"]["display"],
        [each["text"] for each in consent["provision"]["code"]],
        consent["sourceAttachment"]["hash"],
    )
    return said == (
        "active",
        record["record_id"],
        record["patient"]["full_name"],
        record["clinic"]["name"],
        record["practitioner"]["name"],
        [each["title"] for each in record["treatments"]],
        digest,
    )


def _answers_fit(response: Any, record: Record, canonical: bytes) -> bool:
    """The same answers to the same questions."""
    del canonical
    items = [item for section in response["item"] for item in section["item"]]
    told = {item["linkId"]: item["answer"][0]["valueString"] for item in items if "answer" in item}
    given = {each["question_id"]: each["answer"] for each in record["answers"] if each["answer"]}
    of_record: str = response["identifier"]["value"]
    return of_record == record["record_id"] and told == given


FITTING: Mapping[str, Callable[[Any, Record, bytes], bool]] = {
    SIGNATURES_FILE: _signatures_fit,
    CONSENT_FILE: _consent_fits,
    ANSWERS_FILE: _answers_fit,
}
