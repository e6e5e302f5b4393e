"""Tries are counted before they are looked at, and the count starts anew in time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from questionnaire.records.database import Database
from questionnaire.records.tables import tries
from questionnaire.records.tries import count_try, forget_old_tries, forget_tries
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
WINDOW = timedelta(minutes=10)


def test_tries_count_up_within_a_window_and_start_anew_after_it(database: Database) -> None:
    times = [NOW, NOW, NOW + WINDOW / 2, NOW + WINDOW, NOW + WINDOW]
    with database.write() as tx:
        assert [count_try(tx, "tablet", at, WINDOW) for at in times] == [1, 2, 3, 1, 2]


def test_each_key_counts_for_itself(database: Database) -> None:
    with database.write() as tx:
        assert [count_try(tx, key, NOW, WINDOW) for key in "aab"] == [1, 2, 1]


def test_a_right_try_forgets_the_wrong_ones(database: Database) -> None:
    with database.write() as tx:
        count_try(tx, "a", NOW, WINDOW)
        forget_tries(tx, "a")
        assert count_try(tx, "a", NOW, WINDOW) == 1


@pytest.mark.guarantees("R14")
def test_old_counts_are_dropped_and_new_ones_go_on(database: Database) -> None:
    with database.write() as tx:
        count_try(tx, "old", NOW - 2 * WINDOW, WINDOW)
        count_try(tx, "new", NOW, WINDOW)
        forget_old_tries(tx, NOW - WINDOW)
        assert count_try(tx, "old", NOW - 2 * WINDOW, WINDOW) == 1
        assert count_try(tx, "new", NOW, WINDOW) == 2


def test_a_clock_set_back_does_not_lock_anybody_out(database: Database) -> None:
    with database.write() as tx:
        count_try(tx, "a", NOW, WINDOW)
        assert count_try(tx, "a", NOW - timedelta(days=2), WINDOW) == 1


@pytest.mark.guarantees("S37")
def test_tries_made_at_once_are_all_counted(database: Database) -> None:
    def attempt(_: int) -> int:
        with database.write() as tx:
            return count_try(tx, "a", NOW, WINDOW)

    assert sorted(at_once(16, attempt)) == list(range(1, 17))


def test_no_address_is_stored(database: Database) -> None:
    with database.write() as tx:
        count_try(tx, "192.0.2.7", NOW, WINDOW)
        assert tx.connection.scalar(select(tries.c.key)) == database.ring.code_hash("192.0.2.7")
