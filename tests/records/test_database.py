"""The encrypted file: opening, reading one moment, writing all or nothing."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from questionnaire.domain.visit import Patient, Station, Visit
from questionnaire.records.answers import load_answers, save_answers
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Database, NotSaved, Unreadable, refuse_old_sqlite
from questionnaire.records.entries import append_entry
from questionnaire.records.tables import tries
from questionnaire.records.visits import add_patient, get_visit, move_visit
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
WRITER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from questionnaire.records.answers import load_answers, save_answers
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Database
from tests.at_once import at_once

database = Database.open(Path(sys.argv[1]), KeyRing.load(Path(sys.argv[2])))
for number in range(1, 10):
    with database.write() as tx:
        save_answers(tx, "visit-1", {"page": number}, now=datetime.now(UTC))
        if number == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
    print(number, flush=True)
"""


def test_a_new_file_and_its_log_are_for_the_owner_alone(tmp_path: Path, ring: KeyRing) -> None:
    database = Database.open(tmp_path / "new.db", ring)
    database.migrate()
    with database.write() as tx:
        tx.connection.execute(insert(tries).values(key="k", window_start=NOW, number=1))
        modes = {each.stat().st_mode & 0o777 for each in tmp_path.glob("new.db*")}
    database.close()
    assert modes == {0o600}


@pytest.mark.guarantees("S38")
def test_nothing_written_shows_in_the_files(
    database: Database, visit: Visit, clinician: object
) -> None:
    planted = [f"PLANTED-{number:03}-MARKER" for number in range(200)]
    with database.write() as tx:
        for number, words in enumerate(planted):
            add_patient(tx, Patient(f"{words}-id", words, visit.patient.date_of_birth), at=NOW)
            if number % 10 == 0:
                save_answers(tx, visit.id, {words: words}, now=NOW)
                append_entry(tx, visit.id, "note", {words: words}, at=NOW, person=clinician)
    raw = b"".join(each.read_bytes() for each in database.path.parent.glob("clinic.db*"))
    database.close()
    raw += database.path.read_bytes()
    assert b"SQLite format" not in raw
    assert [words for words in planted if words.encode() in raw] == []


def test_other_keys_do_not_open_the_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="does not open with these keys"):
        Database.open(database.path, KeyRing.create(tmp_path / "other"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, ring: KeyRing) -> None:
    (tmp_path / "clinic.db").write_bytes(b"minutes of the meeting" * 500)
    with pytest.raises(Unreadable, match="does not open with these keys"):
        Database.open(tmp_path / "clinic.db", ring)


def test_a_file_somebody_holds_for_himself_is_not_called_a_wrong_key(
    database: Database, ring: KeyRing
) -> None:
    with database.write() as tx:
        tx.connection.rollback()
        tx.connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
        tx.connection.exec_driver_sql("BEGIN EXCLUSIVE")
        tx.connection.execute(insert(tries).values(key="k", window_start=NOW, number=1))
        with pytest.raises(OperationalError, match="locked"):
            Database.open(database.path, ring, patience=0.02)


def test_a_folder_in_the_way_is_said(tmp_path: Path, ring: KeyRing) -> None:
    with pytest.raises(IsADirectoryError):
        Database.open(tmp_path, ring)


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_loses_data_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(Unreadable, match=r"3\.51\.3 or newer is needed"):
        refuse_old_sqlite(version)


def test_the_oldest_safe_sqlite_is_accepted() -> None:
    refuse_old_sqlite((3, 51, 3))


def test_every_commit_reaches_the_disk(database: Database) -> None:
    with database.read() as tx:
        settings = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }


def test_reading_cannot_write(database: Database, visit: Visit) -> None:
    with database.read() as tx, pytest.raises(OperationalError, match="readonly"):
        move_visit(tx, visit, Station.IN_PROGRESS)
    with database.write() as tx:
        move_visit(tx, visit, Station.IN_PROGRESS)


def test_reading_sees_one_moment(database: Database, visit: Visit) -> None:
    with database.read() as earlier:
        assert get_visit(earlier, visit.id) == visit
        with database.write() as tx:
            moved = move_visit(tx, visit, Station.IN_PROGRESS)
        assert get_visit(earlier, visit.id) == visit
    with database.read() as later:
        assert get_visit(later, visit.id) == moved


def _write_then_fail(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        move_visit(tx, visit, Station.IN_PROGRESS)
        save_answers(tx, visit.id, {"a": 1}, now=NOW)
        raise KeyboardInterrupt


def test_what_is_broken_off_is_not_kept_at_all(database: Database, visit: Visit) -> None:
    with pytest.raises(KeyboardInterrupt):
        _write_then_fail(database, visit)
    with database.read() as tx:
        assert get_visit(tx, visit.id) == visit
        assert load_answers(tx, visit.id) == (0, {})


@pytest.mark.guarantees("R08")
def test_a_writer_that_gets_no_turn_is_told_and_nothing_is_kept(
    database: Database, visit: Visit, ring: KeyRing
) -> None:
    hasty = Database.open(database.path, ring, patience=0.02)
    with database.write() as tx:
        moved = move_visit(tx, visit, Station.IN_PROGRESS)
        with pytest.raises(NotSaved), hasty.write() as other:
            move_visit(other, visit, Station.DECLINED)
    with hasty.read() as tx:
        assert get_visit(tx, visit.id) == moved
    hasty.close()


def test_a_writer_of_the_same_process_that_gets_no_turn_is_told(
    database: Database, ring: KeyRing
) -> None:
    hasty = Database.open(database.path, ring, patience=0.02)
    with hasty.write(), pytest.raises(NotSaved), hasty.write():
        pass
    with hasty.write():
        pass
    hasty.close()


def _save_on_a_full_disk(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")
        save_answers(tx, visit.id, {"page": "x" * 500_000}, now=NOW)


@pytest.mark.guarantees("R07")
def test_a_full_disk_refuses_the_save_and_keeps_what_was_there(
    database: Database, visit: Visit
) -> None:
    with database.write() as tx:
        save_answers(tx, visit.id, {"page": 1}, now=NOW)
    with pytest.raises(NotSaved, match="nothing was changed") as refused:
        _save_on_a_full_disk(database, visit)
    assert refused.value.status == 503
    with database.read() as tx:
        assert load_answers(tx, visit.id) == (1, {"page": 1})
        assert tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_mistake_in_the_program_is_not_called_a_full_disk(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM missing")


@pytest.mark.guarantees("S42")
def test_a_failing_statement_names_no_patient(database: Database, patient: Patient) -> None:
    with database.write() as tx:
        add_patient(tx, patient, at=NOW)
    with pytest.raises(Exception, match="UNIQUE") as failed, database.write() as tx:
        add_patient(tx, replace(patient, full_name="Planted Name"), at=NOW)
    assert "Planted" not in str(failed.value)


@pytest.mark.guarantees("R09")
def test_eight_writers_never_meet_a_locked_database(database: Database, visit: Visit) -> None:
    def save_often(_: int) -> int:
        for _ in range(15):
            with database.write() as tx:
                revision = save_answers(tx, visit.id, {}, now=NOW)
        return revision

    assert max(at_once(8, save_often)) == 8 * 15


@pytest.mark.guarantees("R01")
@pytest.mark.parametrize("killed_at", [1, 4])
def test_a_killed_writer_loses_nothing_it_acknowledged(
    database: Database, visit: Visit, keys: Path, killed_at: int
) -> None:
    writer = subprocess.run(
        [sys.executable, "-c", WRITER, database.path, keys, str(killed_at)],
        capture_output=True,
        check=False,
    )
    assert writer.returncode == -signal.SIGKILL
    acknowledged = [int(line) for line in writer.stdout.split()]
    assert acknowledged == list(range(1, killed_at))
    with database.read() as tx:
        expected = {"page": acknowledged[-1]} if acknowledged else {}
        assert load_answers(tx, visit.id) == (len(acknowledged), expected)
