"""What the consent document says, ready for its template, on paper and on screen alike.

The screen that is read back before signing includes the same body (`templates/pdf/body.html`) with
the values of `page_values`. Nothing here needs the layout engine, so a web door stays light.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import jinja2

from questionnaire.documents import ink, words
from questionnaire.domain.consent import Method, Signature, as_json, fingerprint

ADULT_YEARS = 18
PATIENT_ROLE = "patient"

LANGUAGES = {"en": "English", "ar": "العربية"}
HOW_SIGNED = {
    Method.DRAWN: "Drawn by hand on the screen",
    Method.TYPED: "Typed full name, used as the signature",
    Method.WITNESSED: "Stated to a member of staff who watched and signs as witness",
}
FLAG_KINDS = {
    "fires": "from an answer",
    "clarify": "an answer was missing",
    "unsure": "the patient was not sure",
}

SHORT_VERSION = 16
"""Characters of the text version at the foot of a page; the whole of it is under Times."""

FIRST_SECTIONS = (
    ("people", "Who this is about"),
    ("plan", "What is planned"),
    ("my-words", "My words"),
)
LATER_SECTIONS = (
    ("own-risks", "Risks that are mine"),
    ("statements", "What I have understood"),
    ("understanding", "Check-questions"),
    ("questions", "Questions I asked"),
    ("decision", "What the clinician decided"),
    ("photos", "Photos"),
    ("rights", "My rights"),
    ("times", "Times"),
    ("answers", "My answers"),
    ("flags", "Points the clinician looked at"),
)
LAST_SECTIONS = (
    ("signatures", "Signatures"),
    ("events", "How this record came about"),
)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit page: when (aware, UTC), what happened, who did it."""

    at: datetime
    what: str
    who: str


def page_values(
    canonical: bytes, signatures: Sequence[Signature], events: Sequence[Event]
) -> Values:
    """What the body template wants, for paper and screen alike.

    Keys: `record` (the parsed JSON), `fingerprint`, `signatures` (with `path` and `how`), `events`,
    `zone`, `language`, `guardian`, `interval`, `signed_at`, `flag_kinds`, `title`, `heading`,
    `running` (the line at the foot of each page) and `contents` (anchor and name pairs).
    """
    record: dict[str, Any] = json.loads(canonical)
    record_sha256 = fingerprint(canonical)
    signed = next((each.at for each in signatures if each.role == PATIENT_ROLE), None)
    signed_at = None if signed is None else str(as_json(signed))
    given_at = record["times"]["information_given_at"]
    return {
        "record": record,
        "fingerprint": record_sha256,
        "signatures": [_signature_values(each) for each in signatures],
        "events": [as_json(each) for each in events],
        "zone": record["clinic"]["time_zone"],
        "language": LANGUAGES.get(record["language"], record["language"]),
        "guardian": _guardian(record),
        "interval": words.interval(given_at, signed_at) if signed_at else "",
        "signed_at": signed_at,
        "flag_kinds": FLAG_KINDS,
        "title": f"Consent to treatment, record {record['record_id']}",
        "heading": "Consent to treatment",
        "running": _running_line(record, record_sha256),
        "contents": _contents(record),
    }


def install_filters(environment: jinja2.Environment) -> None:
    """Give a Jinja environment (this room's or a web door's) the filters the body uses."""
    environment.filters.update(
        {
            "shown": words.shown,
            "direction": words.direction,
            "script_language": words.script_language,
            "day": words.day,
            "local": words.local,
            "local_and_utc": words.local_and_utc,
            "groupby_in_order": groupby_in_order,
        }
    )


def groupby_in_order(rows: Sequence[Mapping[str, str]], key: str) -> list[dict[str, Any]]:
    """Rows that follow one another with the same `key`, as `name` and `rows`."""
    return [{"name": name, "rows": list(group)} for name, group in groupby(rows, itemgetter(key))]


def _signature_values(signature: Signature) -> dict[str, Any]:
    values = cast("dict[str, Any]", as_json(signature))
    how = HOW_SIGNED[signature.method]
    return {
        **values,
        "path": ink.to_path(signature.ink) if signature.ink else "",
        "how": f"{how}: {signature.witness}" if signature.witness else how,
    }


def _guardian(record: Mapping[str, Any]) -> str:
    born = date.fromisoformat(record["patient"]["date_of_birth"])
    on = datetime.fromisoformat(record["times"]["information_given_at"]).date()
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return f"None; the patient is {ADULT_YEARS} or over" if age >= ADULT_YEARS else ""


def _running_line(record: Mapping[str, Any], record_sha256: str) -> str:
    """The foot of each page: which record, which text, which language; then the fingerprint."""
    version = record["content_version"][:SHORT_VERSION]
    names = f"Record {record['record_id']} · text {version} · {record['language']}"
    return f"{names}\nSHA-256 {record_sha256}"


def _contents(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Anchor and name of each section, in reading order."""
    treatments = [(f"treatment-{each['id']}", each["title"]) for each in record["treatments"]]
    sources = [("sources", "Sources")] if record["sources"] else []
    return [*FIRST_SECTIONS, *treatments, *LATER_SECTIONS, *sources, *LAST_SECTIONS]
