"""What the consent document says, ready for its template, on paper and on screen alike.

The screen that is read back before signing includes the same body (`templates/pdf/body.html`) with
the values of `page_values`. Nothing here needs the layout engine, so a web door stays light.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import jinja2

from questionnaire.documents import ink, words
from questionnaire.documents.events import Event, folded
from questionnaire.documents.links import linked
from questionnaire.documents.pictures import kept
from questionnaire.domain.consent import Method, Signature, as_json, fingerprint
from questionnaire.domain.flags import Severity
from questionnaire.domain.language import (
    ENGLISH,
    SOURCE_LANGUAGE,
    Language,
    Say,
    in_english,
    listed,
    to_say,
)
from questionnaire.domain.reading_order import apart, direction, in_order
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.settling import FIXED_ACTIONS
from questionnaire.domain.visit import Role

ADULT_YEARS = 18
PATIENT_ROLE = "patient"

HOW_SIGNED = {
    Method.DRAWN: to_say("Drawn by hand on the screen"),
    Method.TYPED: to_say("Typed full name, used as the signature"),
    Method.TICKED: to_say("Ticked that this is their name, used as the signature"),
    Method.WITNESSED: to_say("Stated to a member of staff who watched and signs as witness"),
}
FLAG_KINDS = {
    "fires": to_say("From an answer"),
    "clarify": to_say("An answer was missing, so nobody can tell"),
    "unsure": to_say("The patient had left this open"),
}
REASONS = {
    "fires": to_say("Because of:"),
    "clarify": to_say("No clear answer to:"),
    "unsure": to_say("Answer:"),
}
"""What stands before each reason of a point, by its kind."""

ROLES = {
    Role.PATIENT.value: to_say("patient"),
    Role.DESK.value: to_say("desk"),
    Role.CLINICIAN.value: to_say("clinician"),
    Role.ARCHIVIST.value: to_say("archivist"),
    Role.ADMINISTRATOR.value: to_say("administrator"),
}
SIGNERS = {
    Role.PATIENT.value: to_say("Signed by the patient"),
    Role.CLINICIAN.value: to_say("Signed by the clinician"),
}
"""The heading of each signature."""
DECISIONS = {
    DecisionKind.PROCEED.value: to_say("To go ahead"),
    DecisionKind.PROCEED_WITH_PLAN.value: to_say("To go ahead with changes to the plan"),
    DecisionKind.WAIT.value: to_say("To wait"),
    DecisionKind.REFER.value: to_say("To refer to somebody else"),
    DecisionKind.DO_NOT_TREAT.value: to_say("Not to treat"),
}
SEVERITIES = {
    Severity.STOP.value: to_say("Stop"),
    Severity.CAUTION.value: to_say("Caution"),
    Severity.DISCUSS.value: to_say("To discuss"),
    Severity.INFO.value: to_say("For information"),
}

LANGUAGE_NAMES: Mapping[str, str] = {
    "en": to_say("English"),
    "es": to_say("Spanish"),
    "ar": to_say("Arabic"),
}
"""The languages a clinician may write in, as the reader calls them."""

NOT_TOLD = words.UNKNOWN
"""The tag of a language that is none of these."""

WRITING_LANGUAGES: Mapping[str, str] = {**LANGUAGE_NAMES, NOT_TOLD: "Another language"}
"""What a clinician picks from."""

TIME_TO_THINK = timedelta(hours=1)
"""From here on the time between information and signature is told."""

SHORT_VERSION = 16
"""Characters of the text version at the foot of a page; the whole of it is under Times."""

FIRST_SECTIONS = (
    ("people", to_say("Who this is about")),
    ("plan", to_say("What is planned")),
    ("my-words", to_say("My words")),
    ("own-risks", to_say("Risks that are mine")),
)
LATER_SECTIONS = (
    ("statements", to_say("What I have understood")),
    ("understanding", to_say("Check-questions")),
    ("questions", to_say("Questions I asked")),
    ("decision", to_say("What the clinician decided")),
    ("photos", to_say("Photos")),
    ("rights", to_say("My rights")),
    ("times", to_say("Times")),
    ("answers", to_say("My answers")),
    ("flags", to_say("Points the clinician looked at")),
)
LAST_SECTIONS = (
    ("signatures", to_say("Signatures")),
    ("events", to_say("How this record came about")),
)
ANNEX = (
    ("evidence", to_say("What studies found")),
    ("law", to_say("What the law says about it")),
    ("sources", to_say("Sources")),
)
"""What stands behind the words, for whoever looks it up; a part with nothing to say is left out."""

Values = dict[str, Any]


def page_values(
    canonical: bytes,
    signatures: Sequence[Signature],
    events: Sequence[Event],
    *,
    language: Language = ENGLISH,
    say: Say = in_english,
) -> Values:
    """What the body template wants, for paper and screen alike.

    `language` is the one the record was read in, and `say` puts the document's own words into it.

    Keys: `t` (which is `say`), `between` (what parts items in a line), `direction`,
    `language_code`, `language`, `record` (the parsed JSON), `fingerprint`, `signatures` (with
    `path` and `how`), `events`, `zone`, `guardian`, `interval`, `came_about` (what came before
    the signature, as pairs of words and time), `signed_at`, `may_sign_from` (None without a time to
    think), `title`, `heading`, `running` (the line at the foot of each
    page), `page_words` (what stands before and between its numbers), `contents` (anchor and
    name pairs), `reasons_of_risks` (the questions behind each personal risk, by who answered
    them: patient, told or clinician), the words of codes (`flag_kinds`, `reasons`, `roles`,
    `signers`, `decisions`, `severities`, `language_names`), `fixed_actions` (those that are
    sentences of ours), `written_in` (the code of the clinician's language) and `typed_questions`
    (those answered in people's own words; all in records of earlier releases, which do not tell).
    """
    record: dict[str, Any] = json.loads(canonical)
    record_sha256 = fingerprint(canonical)
    signed = next((each.at for each in signatures if each.role == PATIENT_ROLE), None)
    signed_at = None if signed is None else str(as_json(signed))
    given_at = record["times"]["information_given_at"]
    return {
        "t": say,
        "between": listed(("", ""), say),
        "direction": language.direction.value,
        "language_code": language.code,
        "record": record,
        "reasons_of_risks": _reasons_of_risks(record),
        "fingerprint": record_sha256,
        "signatures": [_signature_values(each, say) for each in signatures],
        "events": [
            {**cast("dict[str, Any]", as_json(line)), "what": say(line.what)}
            for line in folded(events)
        ],
        "zone": record["clinic"]["time_zone"],
        "language": language.name,
        "guardian": _guardian(record, say),
        "interval": _interval(given_at, signed_at, say),
        "came_about": _came_about(record["times"], say),
        "signed_at": signed_at,
        "may_sign_from": record["times"].get("may_sign_from"),
        "flag_kinds": FLAG_KINDS,
        "roles": ROLES,
        "decisions": DECISIONS,
        "severities": SEVERITIES,
        "reasons": REASONS,
        "fixed_actions": FIXED_ACTIONS,
        "typed_questions": {it["question"] for it in record["answers"] if it.get("typed", True)},
        "signers": SIGNERS,
        "language_names": LANGUAGE_NAMES,
        "written_in": record.get("written_in", SOURCE_LANGUAGE),
        "title": say("Consent to treatment, record {number}").format(number=record["record_id"]),
        "heading": say("Consent to treatment"),
        "running": _running_line(record, record_sha256, say),
        "contents": _contents(record, say, has_events=bool(events)),
        "page_words": re.split(r"\{\w+\}", say("Page {page} of {pages}")),
    }


def install_filters(environment: jinja2.Environment) -> None:
    """Give a Jinja environment (this room's or a web door's) the filters the body uses."""
    environment.filters.update(
        {
            "shown": words.shown,
            "linked": linked,
            "direction": direction,
            "in_order": in_order,
            "apart": apart,
            "script_language": words.script_language,
            "tag_of_words": words.tag_of_words,
            "other_language": words.other_language,
            "day": words.day,
            "local": words.local,
            "local_and_utc": words.local_and_utc,
            "groupby_in_order": groupby_in_order,
            "people_drawn": kept.people_drawn,
            "helped_drawn": kept.helped_drawn,
            "finding_drawn": kept.finding_drawn,
            "areas_drawn": kept.areas_drawn,
            "answer_drawn": kept.answer_drawn,
        }
    )


def groupby_in_order(rows: Sequence[Mapping[str, str]], key: str) -> list[dict[str, Any]]:
    """Rows that follow one another with the same `key`, as `name` and `rows`."""
    return [{"name": name, "rows": list(group)} for name, group in groupby(rows, itemgetter(key))]


def _signature_values(signature: Signature, say: Say) -> dict[str, Any]:
    values = cast("dict[str, Any]", as_json(signature))
    how = say(HOW_SIGNED[signature.method])
    return {
        **values,
        "path": ink.to_path(signature.ink) if signature.ink else "",
        "how": f"{how}: {signature.witness}" if signature.witness else how,
    }


def _interval(given_at: str, signed_at: str | None, say: Say) -> str:
    """How long the patient had to think; nothing in the draft, or when it was under an hour.

    Both times are printed anyway: minutes told as a fact of their own read like a proof of care.
    """
    if signed_at is None:
        return ""
    waited = datetime.fromisoformat(signed_at) - datetime.fromisoformat(given_at)
    return words.interval(given_at, signed_at, say) if waited >= TIME_TO_THINK else ""


def _came_about(times: Mapping[str, Any], say: Say) -> list[tuple[str, str]]:
    """What came before the signature, in the order in which it happened: words and time.

    Information is given after a review alone: what is later than it was done again.
    """
    given = datetime.fromisoformat(times["information_given_at"])
    words = (
        (times["submitted_at"], to_say("Answers handed in"), to_say("Answers handed in again")),
        (times["reviewed_at"], to_say("Answers reviewed"), to_say("Answers reviewed again")),
    )
    found = [
        (say("Visit arranged"), times["arranged_at"]),
        *(
            (say(again if datetime.fromisoformat(at) > given else first), at)
            for at, first, again in words
        ),
        (say("Information given"), times["information_given_at"]),
    ]
    return sorted(found, key=lambda one: datetime.fromisoformat(one[1]))


def _guardian(record: Mapping[str, Any], say: Say) -> str:
    born = date.fromisoformat(record["patient"]["date_of_birth"])
    on = datetime.fromisoformat(record["times"]["information_given_at"]).date()
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    words = say("None; the patient is {age} or over").format(age=ADULT_YEARS)
    return words if age >= ADULT_YEARS else ""


def _reasons_of_risks(record: Mapping[str, Any]) -> list[dict[str, list[str]]]:
    """For each personal risk the questions that led to it, by who answered them: source → texts.

    Records of earlier releases tell only whose question it was.
    """
    answered_by = {each["question"]: each["answered_by"] for each in record["answers"]}
    found: list[dict[str, list[str]]] = []
    for risk in record["personal_risks"]:
        reasons: dict[str, list[str]] = {}
        for source, question in risk.get("sources") or (
            (answered_by.get(question, PATIENT_ROLE), question)
            for question in risk["because"].splitlines()
        ):
            reasons.setdefault(source, []).append(question)
        found.append(reasons)
    return found


def _running_line(record: Mapping[str, Any], record_sha256: str, say: Say) -> str:
    """The foot of each page: which record, which text, which language; then the fingerprint."""
    version = record["content_version"][:SHORT_VERSION]
    names = say("Record {number} · text {version} · {language}").format(
        number=record["record_id"], version=version, language=record["language"]
    )
    return f"{names}\nSHA-256 {record_sha256}"


def _contents(record: Mapping[str, Any], say: Say, *, has_events: bool) -> list[tuple[str, str]]:
    """Anchor and name of each section, in reading order."""
    treatments = [(f"treatment-{each['id']}", each["title"]) for each in record["treatments"]]
    told = {
        "events": has_events,
        "evidence": any(each["evidence"] for each in record["treatments"]),
        "law": any(each["legal"] for each in record["treatments"]),
        "sources": bool(record["sources"]),
    }
    return [
        *((anchor, say(name)) for anchor, name in FIRST_SECTIONS),
        *treatments,
        *((anchor, say(name)) for anchor, name in LATER_SECTIONS),
        *((anchor, say(name)) for anchor, name in LAST_SECTIONS if told.get(anchor, True)),
        *((anchor, say(name)) for anchor, name in ANNEX if told[anchor]),
    ]
