"""Signing: the patient's signature and the clinician's, each bound to the document shown.

The signature, the frozen record and the ledger entry are one transaction; only then is the
signature acknowledged. The seal follows in the background.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from questionnaire.domain.beside import Part, side_by_side
from questionnaire.domain.consent import Method, Signature, as_json
from questionnaire.domain.errors import ChangedSince, NotFound, StillOpen, TooManyTries
from questionnaire.domain.language import SOURCE_LANGUAGE, Say, to_say
from questionnaire.domain.visit import Move, Person, Role, Station, Visit, after
from questionnaire.journey.arranging import witness_for
from questionnaire.journey.begun import forget_all_begun
from questionnaire.journey.consenting import shown, what_is_open
from questionnaire.journey.differing import blocks_consent
from questionnaire.journey.hands import Hand, clinicians_hand, patients_hand
from questionnaire.journey.house import House
from questionnaire.journey.record_shown import Shown, in_our_language, record_of
from questionnaire.journey.reviewing import allow_clinician
from questionnaire.journey.shelf_life import (
    Age,
    answers_age,
    decision_age,
    too_old_to_countersign,
)
from questionnaire.journey.standing import Standing, stand
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.sealing import await_seal
from questionnaire.records.signing import (
    add_signature,
    freeze_record,
    frozen_record,
    signatures_of,
)
from questionnaire.records.tries import count_try
from questionnaire.records.visits import get_visit, move_visit, use_code

PATIENT_MEANING = to_say(
    "I have read this document, my questions were answered, and I agree to the treatment."
)
MAY_CHANGE_MIND = to_say("I know that I can change my mind at any time.")
CLINICIAN_MEANING = to_say(
    "I discussed this document with the patient, sought their consent myself, "
    "and confirm what is written in it."
)
CHANGED = to_say(
    "Something changed since this page was shown. Nothing was signed. Please read it again."
)
MOST_WITNESS_TRIES = 5
WITNESS_WINDOW = timedelta(hours=1)


def sign(house: House, turn: Turn, hand: Hand, *, shown_sha256: str, key: str) -> None:
    """The patient signs the document shown; the same `key` again changes nothing.

    Raises `ChangedSince` when the document is no longer the one shown, `StillOpen` when
    something comes first, and `Slips` for all that is missing or wrong with the hand at once.
    """
    if hand.method is Method.WITNESSED and hand.witness_code.strip():
        _count_witness_try(house, turn.visit.id)
    with house.database.write() as tx:
        if page_already_saved(tx, turn.visit.id, key, "sign", _sent(hand, shown_sha256)):
            return
        visit = _to_sign(tx, turn)
        standing = stand(house, tx, visit)
        document, decision = shown(house, standing), standing.review.decision
        if document.sha256 != shown_sha256 or decision is None:
            raise ChangedSince(CHANGED)
        given = patients_hand(
            hand, visit.patient.full_name, partial(witness_for, house, tx, visit.id)
        )
        now = house.clock()
        freeze_record(
            tx,
            visit.id,
            record_id=decision.record_id,
            record_sha256=document.sha256,
            canonical=document.canonical,
            at=now,
        )
        signature = Signature(
            Role.PATIENT.value,
            given.name,
            given.method,
            patient_meaning(house.offered_speech(visit.language).say),
            document.sha256,
            now,
            given.ink,
            given.witness,
        )
        _keep(tx, visit.id, signature)
        move_visit(tx, visit, after(visit.station, Move.SIGN, Role.PATIENT))
        use_code(tx, visit.id, now)
        forget_all_begun(tx, turn)
        house.note(tx, turn.person, Move.SIGN.value, visit.id, record_sha256=document.sha256)


def patient_meaning(say: Say) -> str:
    """What the patient says by signing: shown on the page to sign, kept and printed."""
    return f"{say(PATIENT_MEANING)} {say(MAY_CHANGE_MIND)}"


def _sent(hand: Hand, shown_sha256: str) -> dict[str, object]:
    return {**asdict(hand), "shown": shown_sha256}


def _count_witness_try(house: House, visit_id: str) -> None:
    with house.database.write() as tx:
        tries = count_try(tx, f"witness:{visit_id}", house.clock(), WITNESS_WINDOW)
    if tries > MOST_WITNESS_TRIES:
        raise TooManyTries("Too many tries. Please wait an hour, or sign another way.")


def _to_sign(tx: Transaction, turn: Turn) -> Visit:
    visit = get_visit(tx, turn.visit.id)
    if visit.station is Station.PATIENT_SIGNED:
        raise ChangedSince("This document has been signed already.")
    return at_station(tx, turn, Station.CONSENT_READY)


def _keep(tx: Transaction, visit_id: str, signature: Signature) -> None:
    add_signature(
        tx,
        visit_id,
        signature.role,
        cast("dict[str, object]", as_json(signature)),
        record_sha256=signature.record_sha256,
        at=signature.at,
    )


def signatures(tx: Transaction, visit_id: str) -> tuple[Signature, ...]:
    """The signatures that stand, in the order they were given."""
    return tuple(_read(stored.body) for stored in signatures_of(tx, visit_id))


def _read(body: dict[str, Any]) -> Signature:
    ink = tuple(tuple((x, y) for x, y in stroke) for stroke in body["ink"])
    return Signature(
        **{
            **body,
            "method": Method(body["method"]),
            "at": datetime.fromisoformat(body["at"]),
            "ink": ink,
        }
    )


@dataclass(frozen=True, slots=True)
class ToCountersign:
    """The signed document for the clinician, and why it cannot be countersigned yet.

    `beside` are its sentences in the clinic's own language, where it is in another. `seen` names
    the answers; `answers` and `decision` are how old these are.
    """

    document: Shown
    signatures: tuple[Signature, ...]
    blocks: tuple[str, ...]
    beside: tuple[Part, ...]
    seen: str
    answers: Age | None
    decision: Age | None


def to_countersign(house: House, clinician: Person, visit_id: str) -> ToCountersign:
    """The very document the patient signed. Raises `NotFound` when nothing is signed."""
    allow_clinician(clinician)
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        house.note(tx, clinician, "document_read", visit.id)
        return _to_countersign(house, tx, visit, clinician)


def _to_countersign(
    house: House, tx: Transaction, visit: Visit, clinician: Person
) -> ToCountersign:
    frozen = frozen_record(tx, visit.id)
    if frozen is None:
        raise NotFound("The patient has not signed a document for this visit.")
    standing = stand(house, tx, visit)
    blocks = list(blocks_consent(house, standing))
    left = what_is_open(house, standing, house.speech(SOURCE_LANGUAGE))
    blocks += left
    blocks += too_old_to_countersign(house, standing)
    decided = standing.review.decision
    if decided is not None and decided.by.id != clinician.id:
        blocks.append(
            f"The document names {decided.by.name}, who decided. Only they can countersign it."
        )
    if (left or not blocks) and not _is_as_signed(house, standing, frozen.record_sha256):
        blocks.append("Something changed since the patient signed. Take the visit back first.")
    document = Shown(frozen.canonical, frozen.record_sha256)
    return ToCountersign(
        document,
        signatures(tx, visit.id),
        tuple(blocks),
        () if blocks else _beside(house, standing, document),
        standing.answers_sha256,
        answers_age(house, standing),
        decision_age(house, standing),
    )


def _is_as_signed(house: House, standing: Standing, sha256: str) -> bool:
    """Whether the patient would be shown the very same document now."""
    if standing.review.decision is None or standing.progress.information_given_at is None:
        return False
    speech = house.offered_speech(standing.visit.language)
    return record_of(house, standing, speech).sha256 == sha256


def _beside(house: House, standing: Standing, document: Shown) -> tuple[Part, ...]:
    """What the patient read and ticked, so that the clinician can read what they sign."""
    theirs = json.loads(document.canonical)
    if theirs["language"] == SOURCE_LANGUAGE:
        return ()
    return side_by_side(theirs, json.loads(in_our_language(house, standing).canonical))


def countersign(
    house: House, clinician: Person, visit_id: str, hand: Hand, *, shown_sha256: str, key: str
) -> None:
    """The clinician countersigns what the patient signed; the seal is asked for at once.

    Raises `StillOpen` with the reasons while something is open, `ChangedSince` when the document
    is not the one shown, and `Slips` for all that is wrong with the hand at once.
    """
    allow_clinician(clinician)
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        if page_already_saved(tx, visit.id, key, "countersign", _sent(hand, shown_sha256)):
            return
        station = after(visit.station, Move.COUNTERSIGN, Role.CLINICIAN)
        ready = _to_countersign(house, tx, visit, clinician)
        if ready.blocks:
            raise StillOpen("This document cannot be countersigned yet.", ready.blocks)
        if ready.document.sha256 != shown_sha256:
            raise ChangedSince(CHANGED)
        given = clinicians_hand(hand, clinician.name)
        now = house.clock()
        signature = Signature(
            Role.CLINICIAN.value,
            given.name,
            given.method,
            CLINICIAN_MEANING,
            shown_sha256,
            now,
            given.ink,
        )
        _keep(tx, visit.id, signature)
        move_visit(tx, visit, station)
        await_seal(tx, visit.id, shown_sha256, now)
        house.note(tx, clinician, Move.COUNTERSIGN.value, visit.id, record_sha256=shown_sha256)
    house.call_sealer(visit_id)
