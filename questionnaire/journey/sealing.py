"""Sealing: from two signatures to a sealed document on the shelf, exactly once.

Every step can be repeated: after a stop at any point the visit is claimed again, and what is
already on the shelf is taken as it is. The database is the truth; the queue is only a hint.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from questionnaire.documents.events import Event
from questionnaire.domain.answer_words import WITHHELD_WORDS, date_in_words
from questionnaire.domain.consent import Signature, language_of
from questionnaire.domain.definition import DATE_OF_BIRTH, FULL_NAME
from questionnaire.domain.errors import NotFound, Refusal
from questionnaire.domain.identity import as_written
from questionnaire.domain.language import SOURCE_LANGUAGE, to_say
from questionnaire.domain.visit import Move, Person, Role, Visit, after
from questionnaire.journey.certifying import refuse_other_roots, settle_roots
from questionnaire.journey.house import House
from questionnaire.journey.signing import signatures
from questionnaire.records.database import Transaction
from questionnaire.records.ledger import events_of
from questionnaire.records.sealed_with import note_certificate
from questionnaire.records.sealing import (
    claim_seal,
    mark_sealed,
    seal_failed,
    seal_of,
    unsealed,
)
from questionnaire.records.signing import FrozenRecord, frozen_record
from questionnaire.records.visits import get_visit, move_visit

SEALER = Person("sealer", "Candour sealer", Role.SEALER)
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
log = logging.getLogger(__name__)

EVENT_WORDS = {
    "visit_arranged": to_say("Visit arranged"),
    "same_person_said": to_say("Taken for the same person as at an earlier visit"),
    "parted": to_say("Parted from the visits of another person"),
    "turn_started": to_say("Patient started on a device"),
    "language_chosen": to_say("Patient chose another language"),
    "patient_corrected": to_say("Name or birth date put right"),
    "difference_settled": to_say("What patient and visit said differently was settled"),
    "details_changed": to_say("Details of the visit changed"),
    "submit": to_say("Form sent by the patient"),
    "reopen": to_say("Form given back to the patient"),
    "review_read": to_say("Answers read by the clinician"),
    "clinic_answers_saved": to_say("Questions for the clinic answered"),
    "flag_settled": to_say("A point was dealt with"),
    "flag_reopened": to_say("A point was opened again"),
    "point_written": to_say("A point was added"),
    "risk_written": to_say("A risk was added"),
    "point_taken_out": to_say("A point was taken out"),
    "risk_taken_out": to_say("A risk was taken out"),
    "reply_to_words_written": to_say("The patient's own words were answered"),
    "plan_written": to_say("Plan written"),
    "decided": to_say("Decision recorded"),
    "answers_confirmed": to_say("Patient confirmed the answers"),
    "revise": to_say("Patient opened the form to change answers"),
    "decision_upheld": to_say("Decision looked at again"),
    "information_given": to_say("Patient opened the information about the treatment"),
    "read": to_say("Patient read about a treatment"),
    "ticks": to_say("Statements ticked"),
    "photos": to_say("Patient chose about photos"),
    "worries_kept": to_say("Patient wrote what worries them"),
    "question_asked": to_say("Patient asked a question"),
    "reply_written": to_say("Question answered"),
    "quiz_discussed_written": to_say("Check-question talked through"),
    "defer": to_say("Put off"),
    "resume": to_say("Taken up again"),
    "decline": to_say("The patient said no"),
    "stop": to_say("Visit closed"),
    "sign": to_say("Signed by the patient"),
    "take_back": to_say("Taken back under review"),
    "document_read": to_say("Document read by the clinician"),
    "countersign": to_say("Countersigned by the clinician"),
}
"""What the audit page of a document says of each ledger entry; others are not printed."""
READINGS = frozenset({"review_read", "document_read"})
"""Those that are told by their first and last time alone."""


class SealRefused(Exception):  # noqa: N818  # the sealer refuses its own work
    """The sealer's own check of what it made failed; the sentence says what was wrong."""


class LanguageGone(SealRefused):
    """A document's language is no longer among the clinic's; it is sealed once that is back."""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything one document is made from: frozen, so that a second try makes the same."""

    visit_id: str
    record: FrozenRecord
    signatures: tuple[Signature, ...]
    events: tuple[Event, ...]

    @property
    def shelf_name(self) -> str:
        """Where the document is filed: year, month and record id."""
        signed = max(signature.at for signature in self.signatures)
        return f"{signed:%Y/%m}/{self.record.record_id}/consent.pdf"


def no_fault(step: str) -> None:
    """What happens after each step in a clinic: nothing. Tests stop the program here."""
    del step


def seal_due(house: House) -> int:
    """Seal every visit that is due; how many were sealed. One that fails is tried again later."""
    with house.database.read() as tx:
        due = unsealed(tx, house.clock())
    return sum(seal_visit(house, visit_id) for visit_id in due)


def seal_visit(house: House, visit_id: str, fault: Callable[[str], None] = no_fault) -> bool:
    """Render, seal, file and check one document; True when it was sealed by this call.

    A failure is written down without answers or names, and tried again after a growing pause. That
    the program was killed in the middle is written down before it can happen.
    """
    now = house.clock()
    with house.database.write() as tx:
        found = seal_of(tx, visit_id)
        tries = found.attempts + 1 if found else 1
        if not claim_seal(tx, visit_id, now, LEASE, now + _pause(tries)):
            return False
    fault("claimed")
    try:
        return _seal(house, visit_id, fault)
    except Exception as problem:
        log.exception("sealing failed for visit %s", visit_id)
        sentence = problem.args[0] if isinstance(problem, SealRefused | Refusal) else ""
        words = f"{type(problem).__name__}: {sentence}".rstrip(": ")
        with house.database.write() as tx:
            seal_failed(tx, visit_id, words, house.clock() + _pause(tries))
        return False


def _pause(tries: int) -> timedelta:
    """How long after the try of this number the next one comes, should it fail."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def _seal(house: House, visit_id: str, fault: Callable[[str], None]) -> bool:
    with house.database.read() as tx:
        refuse_other_roots(tx, house.trusted_seals)
        work, visit = gather_work(tx, visit_id), get_visit(tx, visit_id)
    document, certificate = b"", ""
    if not house.shelf.holds(work.shelf_name):
        refuse_two_identities(house, visit, work.record.canonical)
        document = make_document(house, work)
        fault("sealed")
        certificate = check_document(house, work, document)
        fault("checked")
        house.shelf.put(work.shelf_name, document)
    fault("filed")
    filed = house.shelf.get(work.shelf_name)
    if filed != document:  # it was there before, or came back as something else
        certificate = check_document(house, work, filed)
    with house.database.write() as tx:
        return _mark(house, tx, work, filed, certificate)


def gather_work(tx: Transaction, visit_id: str) -> Work:
    """What the document of a countersigned visit is made from. Raises `NotFound`."""
    record = frozen_record(tx, visit_id)
    if record is None:
        raise NotFound("There is no signed record for this visit.")
    patient = json.loads(record.canonical)["patient"]["full_name"]
    return Work(visit_id, record, signatures(tx, visit_id), _events(tx, visit_id, patient))


def _events(tx: Transaction, visit_id: str, patient: str) -> tuple[Event, ...]:
    """What the audit page lists: up to the countersignature, whenever the document is made.

    The patient has one name there, also for what they did before it was corrected.
    """
    told = [event for event in events_of(tx, visit_id) if event.action in EVENT_WORDS]
    end = max(i for i, event in enumerate(told) if event.action == Move.COUNTERSIGN)
    return tuple(
        Event(
            event.at,
            EVENT_WORDS[event.action],
            patient if event.person.role is Role.PATIENT else event.person.name,
            is_counted=event.action not in READINGS,
        )
        for event in told[: end + 1]
    )


def make_document(house: House, work: Work) -> bytes:
    """The document, laid out and sealed with the clinic's certificate."""
    from questionnaire.documents.pdf import render
    from questionnaire.documents.seal import seal

    speech, now = house.speech(language_of(work.record.canonical)), house.clock()
    pdf = render(
        work.record.canonical,
        work.signatures,
        work.events,
        language=speech.language,
        say=speech.say,
    )
    return seal(pdf, house.sealing_identity(now), now)


def refuse_two_identities(house: House, visit: Visit, canonical: bytes) -> None:
    """Raises `SealRefused` when head, answers and visit do not name one person.

    `LanguageGone` when there are no words of the record's language to compare them in.
    """
    record, code = json.loads(canonical), language_of(canonical)
    if code not in {SOURCE_LANGUAGE, *house.speeches}:
        raise LanguageGone(
            f"the document is in the language {code}, which is no longer among the clinic's; it "
            f"is sealed once translations/{code} is back in the rules"
        )
    speech = house.speech(code)
    who = visit.patient
    head = (record["patient"]["full_name"], record["patient"]["date_of_birth"])
    if head != (who.full_name, who.date_of_birth.isoformat()):
        raise SealRefused("the document names somebody else than the visit")
    said = {one["question_id"]: as_written(one["answer"]) for one in record["answers"]}
    withheld = {speech.say(words) for words in WITHHELD_WORDS.values()}
    born = date_in_words(who.date_of_birth, speech.say)
    for question, right in ((FULL_NAME, as_written(who.full_name)), (DATE_OF_BIRTH, born)):
        if said.get(question, right) not in {right, *withheld}:
            raise SealRefused("the document says two things of who the patient is")


def check_document(house: House, work: Work, document: bytes) -> str:
    """Open the sealer's own work again; the SHA-256 (hex) of the certificate that sealed it.

    Raises `SealRefused` unless it is authentic and whole.
    """
    from questionnaire.documents.proofread import text_problems
    from questionnaire.documents.verdict import Word
    from questionnaire.documents.verify import verify

    verdict = verify(document, house.trusted_seals())
    if verdict.word is not Word.AUTHENTIC or verdict.certificate_sha256 is None:
        raise SealRefused(f"the seal was found {verdict.word}: {verdict.sentence}")
    if verdict.record_sha256 != work.record.record_sha256:
        raise SealRefused("the document holds another record")
    problems = text_problems(document, work.record.canonical)
    if problems:
        raise SealRefused(f"the text lacks {len(problems)} things: {problems[0]}")
    return verdict.certificate_sha256


def _mark(house: House, tx: Transaction, work: Work, filed: bytes, certificate: str) -> bool:
    digest = sha256(filed).hexdigest()
    marked = mark_sealed(
        tx,
        work.visit_id,
        file_sha256=digest,
        shelf_name=work.shelf_name,
        verification_code=work.record.record_id,
        at=house.clock(),
    )
    if marked:
        visit = get_visit(tx, work.visit_id)
        move_visit(tx, visit, after(visit.station, Move.SEAL, Role.SEALER))
        note_certificate(tx, digest, certificate)
        settle_roots(tx, house.trusted_seals(), house.clock())
        house.note(tx, SEALER, Move.SEAL.value, visit.id, file_sha256=digest)
    return marked
