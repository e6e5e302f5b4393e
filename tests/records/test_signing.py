"""One record stands at a time; a signature stays with the record it was given to."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from questionnaire.domain.errors import ChangedSince
from questionnaire.domain.visit import Role, Visit
from questionnaire.records.cipher import Tampered
from questionnaire.records.database import Database, Transaction
from questionnaire.records.signing import (
    FrozenRecord,
    StoredSignature,
    add_signature,
    freeze_record,
    frozen_record,
    signatures_of,
    void_record,
)
from questionnaire.records.tables import consent_record, signature
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def freeze(tx: Transaction, visit: Visit, number: int = 1) -> FrozenRecord:
    record = FrozenRecord(f"record-{number}", f"{number:064}", b'{"words":"\xc3\xa9"}', NOW)
    freeze_record(
        tx,
        visit.id,
        record_id=record.record_id,
        record_sha256=record.record_sha256,
        canonical=record.canonical,
        at=record.frozen_at,
    )
    return record


def test_a_frozen_record_reads_back_byte_for_byte(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        assert frozen_record(tx, visit.id) is None
    with database.write() as tx:
        record = freeze(tx, visit)
    with database.read() as tx:
        assert frozen_record(tx, visit.id) == record


def test_a_second_record_waits_until_the_first_is_void(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        freeze(tx, visit, 1)
    with pytest.raises(ChangedSince), database.write() as tx:
        freeze(tx, visit, 2)
    with database.write() as tx:
        void_record(tx, visit.id, LATER)
        second = freeze(tx, visit, 2)
    with database.read() as tx:
        assert frozen_record(tx, visit.id) == second
        assert tx.connection.scalar(select(func.count()).select_from(consent_record)) == 2


def test_signatures_read_back_in_the_order_given(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        shown = freeze(tx, visit).record_sha256
        for role, at in ((Role.PATIENT, NOW), (Role.CLINICIAN, LATER)):
            add_signature(tx, visit.id, role, {"name": role}, record_sha256=shown, at=at)
    with database.read() as tx:
        assert signatures_of(tx, visit.id) == (
            StoredSignature("patient", shown, NOW, {"name": "patient"}),
            StoredSignature("clinician", shown, LATER, {"name": "clinician"}),
        )


def test_what_changed_since_it_was_shown_cannot_be_signed(database: Database, visit: Visit) -> None:
    with pytest.raises(ChangedSince, match="changed since"), database.write() as tx:
        add_signature(tx, visit.id, Role.PATIENT, {}, record_sha256="x", at=NOW)
    with database.write() as tx:
        shown = freeze(tx, visit).record_sha256
        void_record(tx, visit.id, LATER)
        freeze(tx, visit, 2)
    with pytest.raises(ChangedSince, match="changed since"), database.write() as tx:
        add_signature(tx, visit.id, Role.PATIENT, {}, record_sha256=shown, at=NOW)
    with database.read() as tx:
        assert signatures_of(tx, visit.id) == ()


def test_signatures_fall_with_their_record_and_stay_on_file(
    database: Database, visit: Visit
) -> None:
    with database.write() as tx:
        shown = freeze(tx, visit).record_sha256
        add_signature(tx, visit.id, Role.PATIENT, {}, record_sha256=shown, at=NOW)
        void_record(tx, visit.id, LATER)
    with database.read() as tx:
        assert frozen_record(tx, visit.id) is None
        assert signatures_of(tx, visit.id) == ()
        kept = tx.connection.execute(select(signature.c.role, signature.c.void_at)).all()
    assert kept == [("patient", LATER)]


@pytest.mark.guarantees("R10")
def test_of_eight_taps_at_once_one_signs(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        shown = freeze(tx, visit).record_sha256

    def tap(_: int) -> str:
        try:
            with database.write() as tx:
                add_signature(tx, visit.id, Role.PATIENT, {}, record_sha256=shown, at=NOW)
        except ChangedSince as refused:
            return refused.sentence
        return "signed"

    assert sorted(at_once(8, tap)) == [*["This document has been signed already."] * 7, "signed"]


@pytest.mark.guarantees("S48")
def test_a_signature_moved_to_another_role_or_record_is_refused(
    database: Database, visit: Visit
) -> None:
    with database.write() as tx:
        shown = freeze(tx, visit).record_sha256
        add_signature(tx, visit.id, Role.PATIENT, {}, record_sha256=shown, at=NOW)
    for moved in ({"role": "clinician"}, {"record_sha256": "f" * 64}):
        with database.write() as tx:
            tx.connection.execute(update(signature).values(**moved))
            with pytest.raises(Tampered):
                signatures_of(tx, visit.id)
            tx.connection.rollback()


def test_a_record_given_another_hash_is_refused(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        freeze(tx, visit)
        tx.connection.execute(update(consent_record).values(record_sha256="f" * 64))
        with pytest.raises(Tampered):
            frozen_record(tx, visit.id)
