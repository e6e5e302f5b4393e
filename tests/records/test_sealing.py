"""What waits for its seal is found, worked on by one at a time, and sealed exactly once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from questionnaire.domain.errors import ChangedSince
from questionnaire.domain.visit import Visit
from questionnaire.records.database import Database, Transaction
from questionnaire.records.sealing import (
    CUT_OFF,
    MOST_CUT_OFF,
    Seal,
    SealState,
    ask_again,
    await_seal,
    claim_seal,
    in_trouble,
    mark_sealed,
    seal_failed,
    seal_for_code,
    seal_for_file,
    seal_of,
    sealed_files,
    unsealed,
    unsealed_count,
)
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=2)
RECORD = "a" * 64
WAITING = Seal(
    visit_id="visit-1",
    record_sha256=RECORD,
    state=SealState.WAITING,
    attempts=0,
    cut_off=0,
    next_try_at=NOW,
    lease_until=None,
    problem="",
    file_sha256=None,
    shelf_name=None,
    verification_code=None,
    sealed_at=None,
)


@pytest.fixture
def waiting(database: Database, visit: Visit) -> str:
    with database.write() as tx:
        await_seal(tx, visit.id, RECORD, NOW)
    return visit.id


def mark(tx: Transaction, visit_id: str) -> bool:
    return mark_sealed(
        tx,
        visit_id,
        file_sha256="b" * 64,
        shelf_name="2031/03/record-1/consent.pdf",
        verification_code="K7Q2-9XWD",
        at=NOW + LEASE,
    )


def test_a_signed_record_waits_and_is_due_at_once(database: Database, waiting: str) -> None:
    with database.read() as tx:
        assert seal_of(tx, waiting) == WAITING
        assert unsealed(tx, NOW) == (waiting,)
        assert unsealed_count(tx) == 1
        assert sealed_files(tx) == ()
        assert seal_of(tx, "nobody") is None


def test_asking_twice_for_a_seal_changes_nothing(database: Database, waiting: str) -> None:
    with database.write() as tx:
        await_seal(tx, waiting, RECORD, NOW + LEASE)
        assert seal_of(tx, waiting) == WAITING


def test_another_record_does_not_take_the_place(database: Database, waiting: str) -> None:
    with pytest.raises(ChangedSince), database.write() as tx:
        await_seal(tx, waiting, "c" * 64, NOW)


@pytest.mark.guarantees("R03")
def test_of_twenty_workers_at_once_one_gets_the_claim(database: Database, waiting: str) -> None:
    def claim(_: int) -> bool:
        with database.write() as tx:
            return claim_seal(tx, waiting, NOW, LEASE, NOW)

    assert sorted(at_once(20, claim)) == [*[False] * 19, True]
    with database.read() as tx:
        assert seal_of(tx, waiting) == replace(
            WAITING, attempts=1, cut_off=1, problem=CUT_OFF, lease_until=NOW + LEASE
        )
        assert unsealed(tx, NOW) == ()
        assert unsealed_count(tx) == 1


@pytest.mark.guarantees("R03")
def test_a_dead_workers_claim_runs_out(database: Database, waiting: str) -> None:
    with database.write() as tx:
        claim_seal(tx, waiting, NOW, LEASE, NOW)
        assert unsealed(tx, NOW + LEASE) == (waiting,)
        assert claim_seal(tx, waiting, NOW + LEASE, LEASE, NOW)


def test_a_claim_that_nobody_lives_to_end_waits_for_its_pause_and_is_set_aside_in_the_end(
    database: Database, waiting: str
) -> None:
    now, pause = NOW, LEASE + timedelta(minutes=1)
    with database.write() as tx:
        for _ in range(MOST_CUT_OFF):
            assert claim_seal(tx, waiting, now, LEASE, now + pause)
            assert in_trouble(tx, now) == ()
            assert unsealed(tx, now + LEASE) == ()
            now += pause
        (found,) = in_trouble(tx, now)
        assert (found.problem, found.is_set_aside) == (CUT_OFF, True)
        assert unsealed(tx, now + timedelta(days=9)) == ()
        assert not claim_seal(tx, waiting, now, LEASE, now)
        assert ask_again(tx, waiting, now)
        assert unsealed(tx, now) == (waiting,)


@pytest.mark.guarantees("R14")
def test_a_clock_set_back_does_not_hold_a_claim_for_ever(database: Database, waiting: str) -> None:
    earlier = NOW - timedelta(days=2)
    with database.write() as tx:
        claim_seal(tx, waiting, NOW, LEASE, NOW)
        assert unsealed(tx, earlier) == (waiting,)
        assert claim_seal(tx, waiting, earlier, LEASE, NOW)


@pytest.mark.guarantees("R17")
def test_a_failed_try_waits_for_its_pause_and_says_why(database: Database, waiting: str) -> None:
    again = NOW + timedelta(minutes=8)
    with database.write() as tx:
        claim_seal(tx, waiting, NOW, LEASE, NOW)
        seal_failed(tx, waiting, "The shelf is full.", again)
        assert seal_of(tx, waiting) == replace(
            WAITING, attempts=1, problem="The shelf is full.", next_try_at=again
        )
        assert unsealed(tx, again - timedelta(seconds=1)) == ()
        assert unsealed(tx, again) == (waiting,)


@pytest.mark.guarantees("R03")
def test_a_visit_is_marked_sealed_exactly_once(database: Database, waiting: str) -> None:
    def try_to_mark(_: int) -> bool:
        with database.write() as tx:
            return mark(tx, waiting)

    assert sorted(at_once(8, try_to_mark)) == [*[False] * 7, True]
    sealed = replace(
        WAITING,
        state=SealState.SEALED,
        file_sha256="b" * 64,
        shelf_name="2031/03/record-1/consent.pdf",
        verification_code="K7Q2-9XWD",
        sealed_at=NOW + LEASE,
    )
    with database.read() as tx:
        assert seal_of(tx, waiting) == sealed
        assert seal_for_code(tx, "K7Q2-9XWD") == sealed
        assert seal_for_file(tx, "b" * 64) == sealed
        assert seal_for_code(tx, "K7Q2-9XWE") is None
        assert seal_for_file(tx, "c" * 64) is None
        assert sealed_files(tx) == (("2031/03/record-1/consent.pdf", "b" * 64),)
        assert unsealed_count(tx) == 0


def test_nothing_reopens_what_is_sealed(database: Database, waiting: str) -> None:
    with database.write() as tx:
        mark(tx, waiting)
        sealed = seal_of(tx, waiting)
        seal_failed(tx, waiting, "too late", NOW)
        await_seal(tx, waiting, RECORD, NOW)
        assert not claim_seal(tx, waiting, NOW, LEASE, NOW)
        assert seal_of(tx, waiting) == sealed
        assert unsealed(tx, NOW + timedelta(days=400)) == ()


def test_what_never_waited_cannot_be_sealed(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        assert not mark(tx, visit.id)
        assert not claim_seal(tx, visit.id, NOW, LEASE, NOW)
