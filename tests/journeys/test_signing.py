"""The two signatures: what each is bound to, and everything that refuses them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from questionnaire.cli import demo
from questionnaire.domain.answers import Slip
from questionnaire.domain.condition import Leaf
from questionnaire.domain.condition import Test as Compare
from questionnaire.domain.consent import Method, Signature
from questionnaire.domain.errors import (
    ChangedSince,
    NotAllowed,
    NotFound,
    Refusal,
    StillOpen,
    TooManyTries,
    WrongStation,
)
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import arranging, consenting, deciding, signing
from questionnaire.journey.hands import Hand
from questionnaire.records.cipher import Tampered
from questionnaire.records.signing import frozen_record, signatures_of
from tests.clinics import CLINICIAN, DESK, Stage
from tests.journeys.steps import INK, hand, ready_to_sign, review, sign

At = Callable[..., Stage]
STALE = "0" * 64


def signatures(stage: Stage) -> tuple[Signature, ...]:
    with stage.house.database.read() as tx:
        return signing.signatures(tx, stage.visit_id)


def countersign(
    stage: Stage, given: Hand | None = None, sha256: str = "", person: Person = CLINICIAN
) -> None:
    ready = signing.to_countersign(stage.house, person, stage.visit_id)
    signing.countersign(
        stage.house,
        person,
        stage.visit_id,
        given or Hand(person.name, Method.TYPED),
        shown_sha256=sha256 or ready.document.sha256,
        key=stage.key(),
    )


def test_the_patient_signs_the_document_that_was_shown(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown = consenting.read_back(stage.house, turn)
    sign(stage, turn, hand(stage, full_name=" marigold  TESTWELL "))
    assert stage.station == Station.PATIENT_SIGNED
    with stage.house.database.read() as tx:
        frozen = frozen_record(tx, stage.visit_id)
    assert frozen is not None
    assert (frozen.canonical, frozen.record_sha256) == (shown.canonical, shown.sha256)
    assert frozen.record_id == json.loads(shown.canonical)["record_id"]
    ink = tuple(tuple((x, y) for x, y in stroke) for stroke in json.loads(INK))
    assert signatures(stage) == (
        Signature(
            role="patient",
            printed_name="marigold  TESTWELL",
            method=Method.DRAWN,
            meaning=f"{signing.PATIENT_MEANING} {signing.MAY_CHANGE_MIND}",
            record_sha256=shown.sha256,
            at=stage.clinic.clock(),
            ink=ink,
        ),
    )
    last = stage.clinic.events(stage.visit_id)[-1]
    assert (last.action, last.detail) == ("sign", {"record_sha256": shown.sha256})
    assert last.person.role is Role.PATIENT


def test_a_typed_name_signs_without_ink(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    sign(stage, ready_to_sign(stage), hand(stage, method=Method.TYPED))
    (signature,) = signatures(stage)
    assert (signature.method, signature.ink, signature.witness) == (Method.TYPED, (), "")


def test_a_member_of_staff_may_witness(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    code = arranging.witness_code(stage.house, DESK, stage.visit_id)
    sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code=f" {code.lower()} "))
    (signature,) = signatures(stage)
    assert (signature.method, signature.ink, signature.witness) == (
        Method.WITNESSED,
        (),
        DESK.name,
    )


@pytest.mark.guarantees("S06", "S29")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"full_name": ""}, "Type your full name, or tick"),
        ({"full_name": "Somebody Else"}, "Type your full name as it stands"),
        ({"full_name": "Marigold"}, "Type your full name as it stands"),
        ({"full_name": "Marigold Testwell\ud800"}, "hidden signs"),
        ({"full_name": "\u200b\u2800"}, "Type your full name, or tick"),
        ({"strokes": ""}, "Draw your signature in the box"),
        ({"strokes": "[]"}, "sign again"),
        ({"strokes": "[[]]"}, "sign again"),
        ({"strokes": "[[[0.5,0.5]]]"}, "too small"),
        ({"strokes": "[[[NaN,0.5],[0.9,0.5]]]"}, "sign again"),
        ({"strokes": "[[[0.1,Infinity],[0.9,0.5]]]"}, "sign again"),
        ({"strokes": "[[[1e9,0.5],[0.9,0.5]]]"}, "sign again"),
        ({"strokes": '[[["0.1","0.5"],["0.9","0.5"]]]'}, "sign again"),
        ({"strokes": "[[[true,false],[false,true]]]"}, "sign again"),
        ({"strokes": '<svg onload="x">'}, "sign again"),
        ({"strokes": "[" * 10_000}, "sign again"),
        ({"strokes": f"[[{'[0.1,0.2],' * 50_000}[0.9,0.9]]]"}, "sign again"),
        ({"method": Method.WITNESSED, "witness_code": "ZZZZ"}, "This code does not work"),
    ],
    ids=[
        "no name",
        "another name",
        "half a name",
        "half a sign",
        "nothing to see",
        "no drawing",
        "no strokes",
        "empty stroke",
        "a dot",
        "not a number",
        "infinite",
        "huge",
        "texts",
        "booleans",
        "svg",
        "nested",
        "a flood of points",
        "wrong witness code",
    ],
)
def test_a_hand_that_is_no_signature_signs_nothing(
    at: At, changed: dict[str, Any], words: str
) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    with pytest.raises(Slip, match=words):
        sign(stage, turn, hand(stage, **changed))
    assert (signatures(stage), stage.station) == ((), Station.CONSENT_READY)
    assert "sign" not in stage.clinic.actions(stage.visit_id)
    sign(stage, turn)
    assert stage.station == Station.PATIENT_SIGNED


@pytest.mark.guarantees("S06")
def test_a_document_that_is_not_the_one_shown_is_not_signed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    with pytest.raises(ChangedSince, match="Something changed since this page was shown"):
        sign(stage, turn, sha256=STALE)
    before = consenting.read_back(stage.house, turn).sha256
    reading = consenting.reading(stage.house, turn)
    consenting.choose_photos(
        stage.house, turn, replace(reading.photos, record=True), key=stage.key()
    )
    with pytest.raises(ChangedSince):
        sign(stage, turn, sha256=before)
    assert (signatures(stage), stage.station) == ((), Station.CONSENT_READY)


@pytest.mark.guarantees("S06")
def test_nothing_is_signed_while_something_is_left_to_do(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    sha256 = consenting.read_back(stage.house, turn).sha256
    consenting.tick(stage.house, turn, [], key=stage.key())
    with pytest.raises(StillOpen):
        sign(stage, turn, sha256=sha256)
    assert signatures(stage) == ()


def test_signing_twice_with_the_same_key_signs_once(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown, key = consenting.read_back(stage.house, turn), stage.key()
    for _ in range(2):
        signing.sign(stage.house, turn, hand(stage), shown_sha256=shown.sha256, key=key)
    assert len(signatures(stage)) == 1
    with pytest.raises(ChangedSince, match="has been signed already"):
        sign(stage, turn, sha256=shown.sha256)


@pytest.mark.guarantees("S07")
@pytest.mark.parametrize("same_key", [True, False], ids=["one page", "twenty tabs"])
def test_of_twenty_signatures_at_once_one_is_kept(at: At, *, same_key: bool) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown, one_key = consenting.read_back(stage.house, turn), stage.key()

    def attempt(_: int) -> str:
        key = one_key if same_key else stage.key()
        try:
            signing.sign(stage.house, turn, hand(stage), shown_sha256=shown.sha256, key=key)
        except Refusal as refused:
            return refused.sentence
        return "signed"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(attempt, range(20)))
    assert len(signatures(stage)) == 1
    assert stage.clinic.actions(stage.visit_id).count("sign") == 1
    refused = 0 if same_key else 19
    assert outcomes.count("This document has been signed already.") == refused
    assert outcomes.count("signed") == 20 - refused


def test_a_witness_code_is_for_one_visit_the_newest_and_for_an_hour(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    other = stage.clinic.arrange(name="Basil Madeupson")
    elsewhere = arranging.witness_code(stage.house, DESK, other.visit.id)
    old = arranging.witness_code(stage.house, DESK, stage.visit_id)
    colleague = replace(CLINICIAN, id="colleague", name="Dr Ben Other")
    newest = arranging.witness_code(stage.house, colleague, stage.visit_id)
    for wrong in (elsewhere, old):
        with pytest.raises(Slip, match="This code does not work"):
            sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code=wrong))
    stage.clinic.clock.forward(timedelta(hours=1))
    with pytest.raises(Slip, match="This code does not work"):
        sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code=newest))
    fresh = arranging.witness_code(stage.house, colleague, stage.visit_id)
    sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code=fresh))
    assert signatures(stage)[0].witness == colleague.name


def test_who_decided_and_countersigns_is_not_the_witness_too(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    with pytest.raises(NotAllowed, match="Somebody else is the witness"):
        arranging.witness_code(stage.house, CLINICIAN, stage.visit_id)


@pytest.mark.guarantees("S13")
def test_a_witness_code_cannot_be_guessed(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    code = arranging.witness_code(stage.house, DESK, stage.visit_id)
    for _ in range(signing.MOST_WITNESS_TRIES):
        with pytest.raises(Slip):
            sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code="ZZZZ"))
    with pytest.raises(TooManyTries, match="sign another way"):
        sign(stage, turn, hand(stage, method=Method.WITNESSED, witness_code=code))
    sign(stage, turn)
    assert signatures(stage)[0].method is Method.DRAWN


@pytest.mark.guarantees("S13")
def test_of_forty_guesses_at_once_five_are_looked_at(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown = consenting.read_back(stage.house, turn)
    guess = hand(stage, method=Method.WITNESSED, witness_code="ZZZZ")

    def attempt(_: int) -> str:
        try:
            signing.sign(stage.house, turn, guess, shown_sha256=shown.sha256, key=stage.key())
        except (Slip, TooManyTries) as refused:
            return type(refused).__name__
        return "signed"

    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(attempt, range(40)))
    assert sorted(outcomes) == [*["Slips"] * 5, *["TooManyTries"] * 35]


@pytest.mark.guarantees("S48")
def test_a_signature_cannot_be_moved_to_another_visit(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    other = stage.clinic.arrange(name="Basil Madeupson")
    demo.sign(other)
    with stage.house.database.write() as tx:
        rows = tx.connection.exec_driver_sql("SELECT id, body FROM signature ORDER BY id").all()
        (first, ours), (second, theirs) = rows
        for number, body in ((first, theirs), (second, ours)):
            tx.connection.exec_driver_sql(
                "UPDATE signature SET body = ? WHERE id = ?", (body, number)
            )
    with stage.house.database.read() as tx, pytest.raises(Tampered):
        signatures_of(tx, stage.visit_id)


def test_the_clinician_countersigns_and_the_sealer_is_called(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    ready = signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)
    assert ready.blocks == ()
    assert ready.signatures == signatures(stage)
    stage.clinic.clock.forward(timedelta(minutes=3))
    countersign(stage, Hand(CLINICIAN.name, Method.DRAWN, INK))
    assert stage.station == Station.COUNTERSIGNED
    patient, clinician = signatures(stage)
    assert patient == ready.signatures[0]
    assert replace(clinician, ink=()) == Signature(
        role="clinician",
        printed_name=CLINICIAN.name,
        method=Method.DRAWN,
        meaning=signing.CLINICIAN_MEANING,
        record_sha256=ready.document.sha256,
        at=stage.clinic.clock(),
    )
    assert len(clinician.ink[0]) == 7
    assert stage.clinic.called == [stage.visit_id]
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    assert (seal.state, seal.record_sha256) == ("waiting", ready.document.sha256)
    assert stage.clinic.actions(stage.visit_id)[-1] == "countersign"


def test_looking_at_the_signed_document_is_one_line_in_the_ledger(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    before = stage.clinic.actions(stage.visit_id)
    signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)
    assert stage.clinic.actions(stage.visit_id) == [*before, "document_read"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Hand("", Method.TYPED), "Type your full name."),
        (Hand("Marigold Testwell", Method.TYPED), "as it stands"),
        (Hand(CLINICIAN.name, Method.DRAWN), "Draw your signature"),
        (Hand(CLINICIAN.name, Method.WITNESSED), "Draw your signature"),
    ],
    ids=["no name", "the patient's name", "no ink", "witnessed"],
)
def test_a_countersignature_that_is_none_changes_nothing(at: At, given: Hand, words: str) -> None:
    stage = at(Station.PATIENT_SIGNED)
    with pytest.raises(Slip, match=words):
        countersign(stage, given)
    assert (len(signatures(stage)), stage.station) == (1, Station.PATIENT_SIGNED)
    assert (stage.clinic.called, stage.clinic.seal(stage.visit_id)) == ([], None)


def test_a_document_that_is_not_the_one_shown_is_not_countersigned(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    with pytest.raises(ChangedSince):
        countersign(stage, sha256=STALE)
    assert stage.station == Station.PATIENT_SIGNED


@pytest.mark.guarantees("S49")
def test_new_content_between_the_two_signatures_stops_the_second(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    house = replace(stage.house, library=replace(stage.house.library, version="f" * 64))
    ready = signing.to_countersign(house, CLINICIAN, stage.visit_id)
    assert ready.blocks == (
        "Something changed since the patient signed. Take the visit back first.",
    )
    hand_given, sha256 = Hand(CLINICIAN.name, Method.TYPED), ready.document.sha256
    with pytest.raises(StillOpen, match="cannot be countersigned yet"):
        signing.countersign(
            house, CLINICIAN, stage.visit_id, hand_given, shown_sha256=sha256, key=stage.key()
        )
    assert stage.station == Station.PATIENT_SIGNED


def test_only_the_clinician_who_decided_countersigns(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    other = Person("clinician-2", "Dr Bea Other", Role.CLINICIAN)
    ready = signing.to_countersign(stage.house, other, stage.visit_id)
    assert ready.blocks == (
        f"The document names {CLINICIAN.name}, who decided. Only they can countersign it.",
    )
    with pytest.raises(StillOpen):
        countersign(stage, person=other)
    assert stage.station == Station.PATIENT_SIGNED


def test_a_point_that_is_raised_only_now_stops_the_countersignature(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    library = stage.house.library
    adults = Leaf("age", Compare.AT_LEAST, Fraction(18))
    rules = tuple(
        replace(rule, when=adults) if rule.id == "LF-01" else rule for rule in library.rules
    )
    house = replace(stage.house, library=replace(library, rules=rules))
    ready = signing.to_countersign(house, CLINICIAN, stage.visit_id)
    assert ready.blocks == ("1 point is still open.",)


def test_countersigning_twice_with_the_same_key_is_one_signature(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    ready, key = signing.to_countersign(stage.house, CLINICIAN, stage.visit_id), stage.key()
    for _ in range(2):
        signing.countersign(
            stage.house,
            CLINICIAN,
            stage.visit_id,
            Hand(CLINICIAN.name, Method.TYPED),
            shown_sha256=ready.document.sha256,
            key=key,
        )
    assert len(signatures(stage)) == 2


@pytest.mark.guarantees("S07")
def test_of_twenty_countersignatures_at_once_one_is_kept(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)

    def attempt(_: int) -> str:
        try:
            countersign(stage)
        except Refusal as refused:
            return type(refused).__name__
        return "signed"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(attempt, range(20)))
    assert outcomes == [*["WrongStation"] * 19, "signed"]
    assert [one.role for one in signatures(stage)] == ["patient", "clinician"]
    assert stage.clinic.actions(stage.visit_id).count("countersign") == 1


@pytest.mark.parametrize("station", [Station.CONSENT_READY, Station.SUBMITTED])
def test_nothing_unsigned_is_countersigned(at: At, station: Station) -> None:
    stage = at(station)
    with pytest.raises(NotFound, match="has not signed"):
        countersign(stage)
    with pytest.raises(WrongStation):
        signing.countersign(
            stage.house,
            CLINICIAN,
            stage.visit_id,
            Hand(CLINICIAN.name, Method.TYPED),
            shown_sha256=STALE,
            key=stage.key(),
        )


def test_a_visit_that_does_not_exist_is_not_found(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    nobody, given = "0" * 32, Hand(CLINICIAN.name, Method.TYPED)
    with pytest.raises(NotFound):
        signing.to_countersign(stage.house, CLINICIAN, nobody)
    with pytest.raises(NotFound):
        signing.countersign(
            stage.house, CLINICIAN, nobody, given, shown_sha256=STALE, key=stage.key()
        )


def test_after_being_taken_back_a_visit_is_signed_anew(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    first = signatures(stage)[0].record_sha256
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Other side.", key=stage.key())
    demo.decide(stage.walk, review(stage))
    turn = ready_to_sign(stage)
    with pytest.raises(ChangedSince):
        sign(stage, turn, sha256=first)
    sign(stage, turn)
    countersign(stage)
    assert {one.record_sha256 for one in signatures(stage)} != {first}
    assert len({one.record_sha256 for one in signatures(stage)}) == 1
    assert stage.clinic.ledger_problems() == ()
