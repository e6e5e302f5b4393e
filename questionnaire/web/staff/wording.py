"""How the staff pages say things: times at the clinic, stations, roles and kinds of points."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from flask import Flask

from questionnaire.documents.words import local_and_utc
from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.definition import DATE_OF_BIRTH, FULL_NAME, TREATMENTS_WANTED
from questionnaire.domain.identity import LANGUAGE
from questionnaire.domain.lookalikes import what_the_eye_misses
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.house import House
from questionnaire.journey.queueing import Counts
from questionnaire.journey.review_page import ClearLine
from questionnaire.records.ledger import Event
from questionnaire.web.staff.house import the_house

STATIONS: Final[Mapping[Station, str]] = {
    Station.ARRANGED: "Arranged",
    Station.IN_PROGRESS: "Patient is answering",
    Station.SUBMITTED: "Waiting for the clinician",
    Station.UNDER_REVIEW: "Under review",
    Station.CONSENT_READY: "Ready for consent",
    Station.PATIENT_SIGNED: "Signed by the patient",
    Station.COUNTERSIGNED: "Signed, waiting for the seal",
    Station.SEALED: "Sealed",
    Station.DECLINED: "Declined by the patient",
    Station.DEFERRED: "Waiting until a later date",
    Station.NOT_PROCEEDING: "Not going ahead",
    Station.WITHDRAWN: "Withdrawn",
    Station.SUPERSEDED: "Replaced by a later record",
}
_MOMENT_OF_UTC: Final = re.compile(r"(?:at )?(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC")
_REVIEWED: Final = (
    "The code for the form opens nothing any more. Next the clinician reviews the answers. Reading "
    "and signing on the tablet then needs a new code, made on this page."
)
_FOR_THE_FORM: Final = (
    "The code for the form was shown when it was made and is not kept. If it is lost or too old, "
    "make a new one: the old one then opens nothing."
)
_NO_MORE: Final = "No code opens this visit any more."
NEXT_WITHOUT_CODE: Final[Mapping[Station, str]] = dict.fromkeys(Station, _NO_MORE) | {
    Station.ARRANGED: _FOR_THE_FORM,
    Station.IN_PROGRESS: _FOR_THE_FORM,
    Station.SUBMITTED: f"The form was sent. {_REVIEWED}",
    Station.UNDER_REVIEW: _REVIEWED,
    Station.CONSENT_READY: "The document is ready to be read and signed on the tablet. That needs "
    "a code of its own: make a new one. Codes made before then open nothing.",
    Station.PATIENT_SIGNED: f"{_NO_MORE} Next the clinician countersigns.",
    Station.DEFERRED: "No code opens this visit while it waits. Next the clinician takes it up "
    "again, or the form is given back with a new code.",
}
"""What is true of codes for the tablet where none is shown, and what to do next."""
CODE_WORKS_UNTIL: Final[Mapping[Station, str]] = {
    Station.ARRANGED: "the form is sent",
    Station.IN_PROGRESS: "the form is sent",
    Station.CONSENT_READY: "the document is signed",
}
"""The act that ends a code for the tablet."""
ROLES: Final[Mapping[Role, str]] = {
    Role.PATIENT: "Patient",
    Role.CLINICIAN: "Clinician",
    Role.DESK: "Desk",
    Role.ARCHIVIST: "Archivist",
    Role.ADMINISTRATOR: "Administrator",
    Role.SEALER: "Sealing worker",
    Role.TABLET: "Tablet",
    Role.STRANGER: "Somebody unknown",
}
DECISIONS: Final[Mapping[DecisionKind, str]] = {
    DecisionKind.PROCEED: "Go ahead",
    DecisionKind.PROCEED_WITH_PLAN: "Go ahead with the plan as changed",
    DecisionKind.WAIT: "Wait until a date",
    DecisionKind.REFER: "Refer",
    DecisionKind.DO_NOT_TREAT: "Do not treat",
}
DETAILS: Final[Mapping[str, str]] = {
    "full_name": "name",
    "date_of_birth": "date of birth",
    "treatments": "treatments",
    "clinician_id": "clinician",
    "language": "language",
    "appointment_at": "appointment",
}
TONES: Final[Mapping[str, tuple[str, str]]] = {
    "stop": ("stop", "Stop"),
    "caution": ("check", "Check"),
    "discuss": ("note", "Discuss"),
    "info": ("info", "Note"),
    "clarify": ("clarify", "Clarify"),
    "unsure": ("clarify", "Not sure"),
    "broken": ("broken", "Rule broken"),
    "clear": ("clear", "Clear"),
}
"""Severity or kind → tone of the stylesheet, and the word on the card."""

ACTIONS: Final[Mapping[str, str]] = {
    "visit_arranged": "Visit arranged",
    "same_person_said": "Said to be the same person as at an earlier visit",
    "set_aside": "Set aside, for it was of another person",
    "another_person_said": "Said to be another person of that name",
    "parted": "Parted from the visits of another person",
    "patient_corrected": "Name or birth date corrected",
    "difference_settled": "Settled what patient and visit said differently",
    "language_chosen": "Patient chose another language",
    "code_given": "New code given",
    "details_changed": "Details of the visit changed",
    "doubt_confirmed": "Odd details confirmed by the desk",
    "witness_code_given": "Witness code given",
    "turn_started": "Patient opened the form",
    "home_link_made": "Home link made",
    "home_link_revoked": "Home link taken back",
    "home_link_refused": "Wrong birth date at a home link",
    "home_link_mail_sent": "E-mail with a home link sent",
    "home_link_mail_failed": "E-mail with a home link not sent",
    "home_codes_guessed": "Many wrong codes of home links",
    "turn_ended": "Patient handed the device back",
    "turn_locked": "Tablet left alone and locked",
    "turn_handed_over": "Patient handed the tablet to staff: locked",
    "not_me": "Somebody at the tablet said that they are not this patient",
    "is_me": "Patient at the tablet said that it is them",
    "turn_resumed": "Tablet unlocked by staff",
    "resume_refused": "Wrong PIN at the tablet",
    "tablet_code_given": "Code for a new tablet given",
    "tablet_enrolled": "Tablet made known",
    "tablet_revoked": "Tablet taken out",
    "staff_door_refused": "Refused: staff pages on a tablet",
    "pin_made": "PIN for tablets made",
    "page_saved": "Patient answered",
    "question_asked": "Patient asked a question",
    "worries_kept": "Patient wrote what worries them",
    "information_given": "Information given",
    "read": "Patient read about a treatment",
    "quiz_try": "Patient tried a check-question",
    "ticks": "Patient ticked statements",
    "photos": "Patient chose about photos",
    "submit": "Questionnaire sent",
    "reopen": "Form given back to the patient",
    "open_review": "Review opened",
    "review_read": "Review read",
    "flag_settled": "Point settled",
    "flag_reopened": "Point opened again",
    "clinic_answers_saved": "Clinic answers saved",
    "point_written": "Point added",
    "risk_written": "Risk added",
    "point_taken_out": "Point taken out",
    "risk_taken_out": "Risk taken out",
    "reply_to_words_written": "Reply to the own words",
    "reply_written": "Question answered",
    "quiz_discussed_written": "Check-question talked through",
    "plan_written": "Plan written",
    "decided": "Decision recorded",
    "answers_confirmed": "Patient confirmed the answers",
    "revise": "Patient opened the form to change answers",
    "decision_upheld": "Decision looked at again: it stands",
    "take_back": "Taken back under review",
    "resume": "Taken up again",
    "sign": "Signed by the patient",
    "countersign": "Countersigned",
    "document_read": "Document read",
    "seal": "Sealed",
    "seal_asked_again": "Sealing asked for again",
    "visit_read": "Opened at the desk",
    "record_read": "Opened in the archive",
    "readers_listed": "List of readers made for the patient",
    "consent_read": "Document opened",
    "consent_downloaded": "Document downloaded",
    "consent_printed": "Document printed",
    "consent_handed_out": "Document handed out",
    "consent_exported": "Document taken along with others",
    "hold_placed": "Record put on hold",
    "hold_lifted": "Hold lifted",
    "disposed": "Record disposed of",
    "disposed_again": "Record disposed of again after a restore",
    "approval_asked": "Approval asked for",
    "approval_approved": "Approved",
    "approval_refused": "Refused",
    "exported": "Documents taken as a folder",
    "rules_signed": "Rules taken into use",
    "keys_approved": "New keys: approved by two people",
    "keys_changed_alone": "New keys: taken into use by one person",
    "copy_offered": "Copy offered",
    "copy_accepted": "Copy accepted",
    "copy_declined": "Copy declined",
    "file_verified": "File checked",
    "decline": "Declined by the patient",
    "defer": "Put off",
    "stop": "Visit closed",
    "denied": "Refused: not their page",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "new_device": "Signed in on a kind of device that is new to you",
    "notices_seen": "Read what was told about the own account",
    "sign_in_refused": "Sign-in refused",
    "confirmed": "Confirmed who they are",
    "factor_added": "Second step set up",
    "factor_removed": "Second step removed",
    "factor_refused": "Wrong code at the second step",
    "factors_reset": "Second step reset",
    "recovery_codes_made": "Recovery codes made",
    "recovery_code_used": "Recovery code used",
    "staff_changed": "Account changed",
    "clinic_changed": "Facts of the clinic changed",
    "password_set": "Password set",
    "password_changed": "Password changed",
    "password_link_given": "Link for a new password given",
    "session_ended": "Session ended",
    "sessions_ended": "Sessions ended",
}


DIFFERENCES: Final[Mapping[str, str]] = {
    FULL_NAME: "Name",
    DATE_OF_BIRTH: "Date of birth",
    TREATMENTS_WANTED: "Treatments",
    LANGUAGE: "Language",
}


def say_it_our_way(app: Flask, house: House) -> None:
    """Give templates the filters below, in the clinic's own time zone."""

    def today() -> date:
        return the_house().today()

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(the_house().zone):%H:%M}"

    def moment(at: datetime) -> str:
        local = at.astimezone(the_house().zone)
        day = "Today" if local.date() == today() else _short_day(local.date(), today())
        return f"{day} {local:%H:%M}"

    def when(at: datetime) -> str:
        """A moment in the middle of a sentence: “today at 10:58”."""
        local = at.astimezone(the_house().zone)
        day = "today" if local.date() == today() else _short_day(local.date(), today())
        return f"{day} at {local:%H:%M}"

    def in_our_time(words: str) -> str:
        """Words that were kept with a moment of UTC in them, told as pages tell moments."""
        return _MOMENT_OF_UTC.sub(
            lambda found: when(datetime.fromisoformat(found[1]).replace(tzinfo=UTC)), words
        )

    def to_the_second(at: datetime) -> str:
        """As a sealed document tells a moment: day, seconds and the name of the zone."""
        return local_and_utc(at.astimezone(UTC).isoformat(), the_house().clinic.time_zone)

    def treatments(keys: tuple[str, ...]) -> str:
        offered = house.library.treatments
        named = [offered[key].title if key in offered else f"{key} (dropped)" for key in keys]
        return ", ".join(named) or "Not sure yet"

    def age(born: date) -> int:
        now = today()
        return now.year - born.year - ((now.month, now.day) < (born.month, born.day))

    app.jinja_env.filters |= {
        "clock": clock,
        "moment": moment,
        "when": when,
        "to_the_second": to_the_second,
        "in_our_time": in_our_time,
        "full_day": date_in_words,
        "treatments": treatments,
        "age": age,
        "station": STATIONS.__getitem__,
        "role": ROLES.__getitem__,
        "difference": DIFFERENCES.__getitem__,
        "missed_beside": what_the_eye_misses,
        "decision": DECISIONS.__getitem__,
        "action": lambda key: ACTIONS.get(key, key.replace("_", " ").capitalize()),
        "tone": lambda key: TONES[key][0],
        "tone_word": lambda key: TONES[key][1],
        "counted": counted,
        "pairs": pairs,
        "anchor": anchor,
        "by_section": by_section,
        "changed_details": changed_details,
        "told_once": told_once,
    }


def counted(counts: Counts) -> list[tuple[str, str]]:
    """The counts as pills, (tone, words); what is none is left out."""
    told = (
        ("broken", counts.broken, "rule broken", "rules broken"),
        ("stop", counts.stop, "stop", "stop"),
        ("check", counts.caution, "check", "check"),
        ("note", counts.discuss, "discuss", "discuss"),
        ("info", counts.info, "note", "notes"),
        ("clarify", counts.clarify, "to clarify", "to clarify"),
        ("clarify", counts.unsure, "not sure", "not sure"),
        ("clear", counts.clear, "clear", "clear"),
    )
    return [
        (tone, f"{number} {one if number == 1 else more}")
        for tone, number, one, more in told
        if number
    ]


def pairs(items: Iterable[object], value: str, words: str) -> list[tuple[str, str]]:
    """Each thing as a choice: what is posted and what is read."""
    return [(getattr(item, value), getattr(item, words)) for item in items]


def anchor(item: str) -> str:
    """The id of a card on the review page."""
    return "point-" + re.sub(r"[^A-Za-z0-9]+", "-", item)


def changed_details(before: Mapping[str, object], now: Mapping[str, object]) -> str:
    """Which details of a visit a change made other than they were."""
    return ", ".join(words for key, words in DETAILS.items() if before.get(key) != now.get(key))


def by_section(lines: Iterable[ClearLine]) -> list[tuple[str, list[ClearLine]]]:
    """Answers under the title of their section, in the order of the form."""
    return [(title, list(some)) for title, some in groupby(lines, attrgetter("section"))]


def told_once(events: Iterable[Event]) -> list[Event]:
    """The latest first; of readings and other steps in a row by one person, one is told."""
    told: list[Event] = []
    for event in events:
        if told and (told[-1].action, told[-1].person.id) == (event.action, event.person.id):
            told.pop()
        told.append(event)
    return told[::-1]


def _short_day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"
