"""Sessions of both doors end when they are idle, too old, closed, or seen in the future."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from questionnaire.domain.visit import Visit
from questionnaire.records import tables
from questionnaire.records.database import Database
from questionnaire.records.patient_sessions import (
    close_patient_session,
    close_sessions_of_visit,
    open_patient_session,
    patient_seen,
    patient_session,
)
from questionnaire.records.staff_sessions import (
    LONGEST,
    StaffSession,
    delete_staff_session,
    end_staff_sessions,
    forget_old_sessions,
    put_staff_session,
    staff_session,
    staff_session_handle,
    staff_sessions_of,
)

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
IDLE = 20 * MINUTE


@pytest.fixture
def tablet(database: Database, visit: Visit) -> str:
    """A token whose session was opened now."""
    with database.write() as tx:
        open_patient_session(tx, "token-1", visit.id, NOW)
    return "token-1"


def seen(database: Database, token: str, at: datetime) -> str | None:
    with database.write() as tx:
        session = patient_session(tx, token, at, IDLE)
        if session is None or session.locked:
            return None
        if session.to_note:
            patient_seen(tx, token, at)
        return session.visit_id


def test_a_tablet_stays_open_while_it_is_used(database: Database, tablet: str) -> None:
    for minutes in (0, 19, 38, 57):
        assert seen(database, tablet, NOW + minutes * MINUTE) == "visit-1"
    assert seen(database, tablet, NOW + 77 * MINUTE) is None


def test_an_unknown_token_opens_nothing(database: Database, tablet: str) -> None:
    assert seen(database, f"{tablet}0", NOW) is None


def test_no_patient_session_outlives_half_a_day(database: Database, tablet: str) -> None:
    minutes = 0
    while minutes < LONGEST // MINUTE:
        assert seen(database, tablet, NOW + minutes * MINUTE) == "visit-1"
        minutes += 15
    assert seen(database, tablet, NOW + LONGEST) is None


@pytest.mark.guarantees("R14")
def test_a_clock_set_back_ends_a_session(database: Database, tablet: str) -> None:
    assert seen(database, tablet, NOW - timedelta(days=2)) is None
    assert seen(database, tablet, NOW + timedelta(days=3650)) is None


def test_a_closed_tablet_opens_nothing(database: Database, tablet: str, visit: Visit) -> None:
    with database.write() as tx:
        open_patient_session(tx, "token-2", visit.id, NOW)
        close_patient_session(tx, tablet, NOW)
    assert seen(database, tablet, NOW) is None
    assert seen(database, "token-2", NOW) == visit.id


def test_all_devices_of_a_visit_can_be_closed(
    database: Database, tablet: str, visit: Visit
) -> None:
    with database.write() as tx:
        open_patient_session(tx, "token-2", visit.id, NOW)
        close_sessions_of_visit(tx, visit.id, NOW)
    assert [seen(database, token, NOW) for token in (tablet, "token-2")] == [None, None]


def test_reading_on_within_half_a_minute_writes_nothing(database: Database, tablet: str) -> None:
    assert seen(database, tablet, NOW + timedelta(seconds=29)) == "visit-1"
    with database.read() as tx:
        assert tx.connection.scalar(select(tables.patient_session.c.seen_at)) == NOW
    assert seen(database, tablet, NOW + timedelta(seconds=30)) == "visit-1"
    with database.read() as tx:
        stored = tx.connection.scalar(select(tables.patient_session.c.seen_at))
    assert stored == NOW + timedelta(seconds=30)


def test_a_staff_session_keeps_what_was_put_in(database: Database) -> None:
    with database.write() as tx:
        put_staff_session(tx, "t", {"_csrf": "x"}, user_id="", now=NOW)
        put_staff_session(tx, "t", {"_id": "7"}, user_id="7", now=NOW + MINUTE)
        assert staff_session(tx, "t", NOW + 2 * MINUTE) == StaffSession(
            {"_id": "7"},
            "7",
            NOW,
            NOW + MINUTE,
            NOW + LONGEST,
            staff_session_handle(tx, "t"),
        )
        assert staff_session(tx, "u", NOW) is None


def test_a_staff_session_ends_after_a_quarter_of_an_hour_unused(database: Database) -> None:
    with database.write() as tx:
        put_staff_session(tx, "t", {}, user_id="7", now=NOW)
        assert staff_session(tx, "t", NOW + 14 * MINUTE) is not None
        assert staff_session(tx, "t", NOW + 28 * MINUTE) is not None
        assert staff_session(tx, "t", NOW + 43 * MINUTE) is None


def test_no_staff_session_outlives_its_lifetime(database: Database) -> None:
    with database.write() as tx:
        put_staff_session(tx, "t", {}, user_id="7", now=NOW, lifetime=10 * MINUTE)
        put_staff_session(tx, "t", {}, user_id="7", now=NOW + 9 * MINUTE)
        assert staff_session(tx, "t", NOW + 10 * MINUTE) is None


def test_signing_out_ends_the_session_for_good(database: Database) -> None:
    with database.write() as tx:
        put_staff_session(tx, "t", {}, user_id="7", now=NOW)
        delete_staff_session(tx, "t")
        assert staff_session(tx, "t", NOW) is None


def test_somebody_can_be_signed_out_everywhere(database: Database) -> None:
    with database.write() as tx:
        for token, user, minute in (("a", "7", 0), ("b", "7", 1), ("c", "8", 2)):
            put_staff_session(tx, token, {"t": token}, user_id=user, now=NOW + minute * MINUTE)
        listed = staff_sessions_of(tx, "7", NOW + 2 * MINUTE)
        assert [each.body for each in listed] == [{"t": "b"}, {"t": "a"}]
        assert len(staff_sessions_of(tx, "7", NOW + 15 * MINUTE)) == 1
        assert end_staff_sessions(tx, "7") == 2
        assert staff_sessions_of(tx, "7", NOW) == ()
        assert staff_session(tx, "c", NOW + 2 * MINUTE) is not None


def test_sessions_whose_time_is_over_are_dropped(database: Database) -> None:
    with database.write() as tx:
        put_staff_session(tx, "t", {}, user_id="7", now=NOW)
        put_staff_session(tx, "u", {}, user_id="7", now=NOW + MINUTE)
        assert forget_old_sessions(tx, NOW + LONGEST) == 1
        assert tx.connection.scalar(select(func.count()).select_from(tables.staff_session)) == 1


@pytest.mark.guarantees("S38")
def test_no_token_is_stored(database: Database, tablet: str) -> None:
    with database.write() as tx:
        put_staff_session(tx, "staff-token", {}, user_id="7", now=NOW)
        hashes = [
            *tx.connection.scalars(select(tables.patient_session.c.token_hash)),
            *tx.connection.scalars(select(tables.staff_session.c.token_hash)),
        ]
    assert hashes == [database.ring.code_hash(tablet), database.ring.code_hash("staff-token")]
