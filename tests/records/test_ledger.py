"""The ledger is gapless, only grows, and shows every kind of tampering by its row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from questionnaire.domain.visit import Person, Role, Visit
from questionnaire.records.database import Database, Transaction
from questionnaire.records.ledger import (
    MOST_LISTED,
    Event,
    events_of,
    forget_details,
    head,
    record_event,
    verify_ledger,
)
from questionnaire.records.tables import ledger
from questionnaire.records.visits import get_visit
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
DESK = Person("staff-2", "Tomas Reyes", Role.DESK)


def fill(tx: Transaction, rows: int) -> None:
    for number in range(1, rows + 1):
        record_event(
            tx,
            at=NOW + timedelta(seconds=number),
            person=DESK,
            action="arrange",
            subject=f"visit-{number}",
            detail={"number": number},
        )


@pytest.fixture
def five(database: Database) -> Database:
    """A ledger of five rows whose triggers an intruder has removed."""
    with database.write() as tx:
        fill(tx, 5)
        for trigger in ("ledger_keeps_rows", "ledger_keeps_words"):
            tx.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
    return database


def test_an_event_reads_back_with_its_person_and_detail(
    database: Database, clinician: Person
) -> None:
    with database.write() as tx:
        fill(tx, 1)
        assert (
            record_event(tx, at=NOW, person=clinician, action="open_review", subject="visit-1") == 2
        )
    with database.read() as tx:
        assert events_of(tx, "visit-1") == [
            Event(1, NOW + timedelta(seconds=1), DESK, "arrange", "visit-1", {"number": 1}),
            Event(2, NOW, clinician, "open_review", "visit-1", {}),
        ]
        assert events_of(tx, "visit-2") == []
        assert verify_ledger(tx) == ()


def test_an_empty_ledger_is_whole(database: Database) -> None:
    with database.read() as tx:
        assert verify_ledger(tx) == ()
        assert head(tx) == (0, "")


def _fail_after_recording(database: Database) -> None:
    with database.write() as tx:
        fill(tx, 3)
        raise KeyboardInterrupt


def test_what_was_not_done_is_not_in_the_ledger(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt):
        _fail_after_recording(database)
    with database.write() as tx:
        fill(tx, 1)
        assert head(tx)[0] == 1
        assert verify_ledger(tx) == ()


@pytest.mark.guarantees("S46")
def test_forty_rows_written_at_once_leave_no_gap(database: Database) -> None:
    def write(number: int) -> int:
        with database.write() as tx:
            return record_event(
                tx, at=NOW, person=DESK, action="arrange", subject=f"visit-{number}"
            )

    assert sorted(at_once(40, write)) == list(range(1, 41))
    with database.read() as tx:
        assert verify_ledger(tx) == ()
        assert head(tx)[0] == 40


@pytest.mark.guarantees("S46")
@pytest.mark.parametrize(
    "statement",
    [
        delete(ledger).where(ledger.c.seq == 2),
        delete(ledger),
        update(ledger).values(action="nothing"),
        update(ledger).values(at=NOW),
        update(ledger).values(mac="0"),
        update(ledger).values(detail=b"other"),
        update(ledger).values(detail=None, subject="visit-9"),
        update(ledger).where(ledger.c.seq == 3).values(seq=9),
    ],
    ids=str,
)
def test_the_database_refuses_to_change_or_remove_rows(
    database: Database, statement: object
) -> None:
    with database.write() as tx:
        fill(tx, 3)
    with pytest.raises(IntegrityError, match="the ledger only grows"), database.write() as tx:
        tx.connection.execute(statement)
    with database.read() as tx:
        assert verify_ledger(tx) == ()


CHANGED = "Ledger row {} was changed, moved or put in.".format


@pytest.mark.guarantees("S46")
@pytest.mark.parametrize(
    "words",
    [
        {"at": NOW},
        {"actor_id": "staff-9"},
        {"actor_role": "clinician"},
        {"action": "nothing"},
        {"subject": "visit-9"},
        {"commitment": "0" * 64},
        {"mac": "0" * 64},
    ],
    ids=lambda words: next(iter(words)),
)
def test_a_changed_row_is_named(five: Database, words: dict[str, object]) -> None:
    with five.write() as tx:
        tx.connection.execute(update(ledger).where(ledger.c.seq == 3).values(**words))
        assert CHANGED(3) in verify_ledger(tx)


@pytest.mark.guarantees("S46")
def test_a_changed_detail_is_named(five: Database) -> None:
    with five.write() as tx:
        blobs = dict(tx.connection.execute(select(ledger.c.seq, ledger.c.detail)).all())
        for seq, blob in ((2, blobs[4]), (4, blobs[2])):
            tx.connection.execute(update(ledger).where(ledger.c.seq == seq).values(detail=blob))
        forged = tx.ring.seal_body({"a": 1}, table="ledger", column="detail", row="5")
        tx.connection.execute(update(ledger).where(ledger.c.seq == 5).values(detail=forged))
        assert verify_ledger(tx) == tuple(
            f"Ledger row {seq}: its detail was changed." for seq in (2, 4, 5)
        )


@pytest.mark.guarantees("S46")
def test_a_removed_row_is_named(five: Database) -> None:
    with five.write() as tx:
        tx.connection.execute(delete(ledger).where(ledger.c.seq.in_([1, 3])))
        assert verify_ledger(tx) == ("Ledger row 1 is missing.", "Ledger row 3 is missing.")


@pytest.mark.guarantees("S46")
def test_a_row_put_in_is_named(five: Database) -> None:
    with five.write() as tx:
        row = tx.connection.execute(select(ledger).where(ledger.c.seq == 2)).one()._asdict()
        tx.connection.execute(insert(ledger).values({**row, "seq": 6}))
        assert verify_ledger(tx) == (CHANGED(6),)


@pytest.mark.guarantees("S46")
def test_rows_that_change_places_are_named(five: Database) -> None:
    with five.write() as tx:
        for seq, other in ((2, 99), (3, 2), (99, 3)):
            tx.connection.execute(update(ledger).where(ledger.c.seq == seq).values(seq=other))
        assert {CHANGED(2), CHANGED(3)} <= set(verify_ledger(tx))


@pytest.mark.guarantees("S46")
def test_a_cut_tail_shows_against_an_anchor(five: Database) -> None:
    with five.write() as tx:
        anchor = head(tx)
        assert verify_ledger(tx, anchor) == ()
        tx.connection.execute(delete(ledger).where(ledger.c.seq >= 4))
        assert verify_ledger(tx) == ()
        assert verify_ledger(tx, anchor) == (
            "Ledger row 4 was cut off.",
            "Ledger row 5 was cut off.",
        )


@pytest.mark.guarantees("S46")
def test_an_anchor_of_a_row_that_cannot_be_is_told_in_few_sentences(five: Database) -> None:
    with five.read() as tx:
        problems = verify_ledger(tx, (9_999_999_999, "0" * 64))
    assert len(problems) == MOST_LISTED + 1
    assert problems[0] == "Ledger row 6 was cut off."
    assert problems[-1] == f"So were rows {6 + MOST_LISTED} to 9999999999."


@pytest.mark.guarantees("S46")
def test_a_tail_cut_and_written_anew_shows_against_an_anchor(five: Database) -> None:
    with five.write() as tx:
        anchor = head(tx)
        tx.connection.execute(delete(ledger).where(ledger.c.seq == 5))
        record_event(tx, at=NOW, person=DESK, action="other", subject="visit-5")
        record_event(tx, at=NOW, person=DESK, action="other", subject="visit-6")
        assert verify_ledger(tx, anchor) == ("Ledger row 5 is not the one that was anchored.",)


def test_a_removed_anchored_row_is_missing_not_cut_off(five: Database) -> None:
    with five.write() as tx:
        tx.connection.execute(delete(ledger).where(ledger.c.seq == 4))
        assert verify_ledger(tx, (4, "0" * 64)) == ("Ledger row 4 is missing.",)


@pytest.mark.guarantees("S43")
def test_a_detail_forgotten_by_law_leaves_the_chain_whole(database: Database) -> None:
    with database.write() as tx:
        fill(tx, 3)
        assert [forget_details(tx, "visit-2") for _ in range(2)] == [1, 0]
    with database.read() as tx:
        assert verify_ledger(tx) == ()
        nobody = replace(DESK, name="")
        assert events_of(tx, "visit-2") == [
            Event(2, NOW + timedelta(seconds=2), nobody, "arrange", "visit-2", {})
        ]
        assert tx.connection.scalar(select(ledger.c.detail).where(ledger.c.seq == 2)) is None


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    detail=st.dictionaries(st.text(max_size=9), st.text() | st.integers(), max_size=4),
    micro=st.integers(0, 10**15),
)
def test_any_detail_and_time_is_kept_and_verifies(
    database: Database, detail: dict[str, object], micro: int
) -> None:
    at = NOW + timedelta(microseconds=micro)
    with database.write() as tx:
        seq = record_event(tx, at=at, person=DESK, action="a", subject="s", detail=detail)
        assert events_of(tx, "s")[-1] == Event(seq, at, DESK, "a", "s", detail)
        assert verify_ledger(tx) == ()


def test_reading_a_visit_leaves_the_ledger_alone(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        get_visit(tx, visit.id)
        assert head(tx) == (0, "")
