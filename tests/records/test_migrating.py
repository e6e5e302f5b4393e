"""Tables come up to date all at once or not at all, one program at a time, after a copy."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from questionnaire.records import staff, tables
from questionnaire.records.cipher import KeyRing
from questionnaire.records.columns import metadata
from questionnaire.records.database import Database
from questionnaire.records.ledger import verify_ledger
from questionnaire.records.migrating import SCRIPTS, TooNew

ALL_TABLES = {*metadata.tables, "alembic_version"}
MIGRATE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Database

@event.listens_for(Engine, "after_cursor_execute")
def cut_the_power(conn, cursor, statement, parameters, context, executemany):
    if sys.argv[3] and sys.argv[3] in " ".join(statement.split()):
        os.kill(os.getpid(), signal.SIGKILL)

Database.open(Path(sys.argv[1]), KeyRing.load(Path(sys.argv[2]))).migrate()
"""
STEPS = [
    "VACUUM INTO",
    "BEGIN IMMEDIATE",
    "CREATE TABLE signature",
    "CREATE TRIGGER ledger_keeps_words",
    "UPDATE alembic_version SET version_num='0002'",
    "CREATE TABLE staff_user",
    "foreign_key_check",
]


def migration(path: Path, keys: Path, cut_at: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", MIGRATE, path, keys, cut_at],
        stderr=subprocess.PIPE,
    )


def tables_in(database: Database) -> set[str]:
    with database.read() as tx:
        return set(inspect(tx.connection).get_table_names())


def patients_in(database: Database) -> int:
    with database.read() as tx:
        return tx.connection.execute(select(func.count()).select_from(tables.patient)).scalar_one()


@pytest.fixture
def old(tmp_path: Path, ring: KeyRing) -> Path:
    """A database at the first step, with one patient in it."""
    path = tmp_path / "old.db"
    database = Database.open(path, ring)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.write() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "0001")
        tx.connection.execute(
            text("INSERT INTO patient VALUES ('patient-1', 'Zoë Nowak', ' zoe nowak', :born, 1)"),
            {"born": "1984-02-29"},
        )
    database.close()
    return path


def test_the_migrations_build_exactly_the_tables_the_program_uses(database: Database) -> None:
    assert staff.StaffTable.metadata is metadata
    with database.read() as tx:
        context = MigrationContext.configure(
            tx.connection, opts={"target_metadata": metadata, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_steps_are_one_line_from_first_to_last() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    revisions = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = database.path.read_bytes()
    database.migrate()
    assert database.path.read_bytes() == before
    assert list(database.path.parent.glob("*.before-*")) == []


def test_a_new_database_needs_no_copy(tmp_path: Path, ring: KeyRing) -> None:
    database = Database.open(tmp_path / "new.db", ring)
    database.migrate()
    assert tables_in(database) == ALL_TABLES
    assert list(tmp_path.glob("*.before-*")) == []
    database.close()


def test_an_older_database_is_copied_first_and_keeps_its_rows(old: Path, ring: KeyRing) -> None:
    database = Database.open(old, ring)
    database.migrate()
    assert tables_in(database) == ALL_TABLES
    assert patients_in(database) == 1
    with database.read() as tx:
        assert verify_ledger(tx) == ()
    database.close()
    (copy,) = old.parent.glob("*.before-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    earlier = Database.open(copy, ring)
    assert "ledger" not in tables_in(earlier)
    assert patients_in(earlier) == 1
    earlier.close()


@pytest.mark.guarantees("R21")
@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_leaves_the_old_tables_and_the_next_start_finishes(
    old: Path, keys: Path, ring: KeyRing, step: str
) -> None:
    cut = migration(old, keys, step)
    cut.communicate()
    assert cut.returncode == -signal.SIGKILL
    database = Database.open(old, ring)
    assert "seal" not in tables_in(database)
    assert "staff_user" not in tables_in(database)
    database.migrate()
    assert tables_in(database) == ALL_TABLES
    assert patients_in(database) == 1
    database.close()


@pytest.mark.guarantees("R23")
def test_programs_starting_at_once_run_one_migration(old: Path, keys: Path, ring: KeyRing) -> None:
    starts = [migration(old, keys) for _ in range(3)]
    assert [(each.communicate()[1], each.returncode) for each in starts] == [(b"", 0)] * 3
    database = Database.open(old, ring)
    assert tables_in(database) == ALL_TABLES
    database.close()


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(TooNew, match="newer Candour"):
        database.migrate()


def test_rows_left_without_their_parents_stop_the_migration(old: Path, ring: KeyRing) -> None:
    database = Database.open(old, ring)
    with database.write() as tx:
        tx.connection.rollback()
        tx.connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        tx.connection.exec_driver_sql("INSERT INTO saved_page VALUES ('nobody', 'page')")
    with pytest.raises(RuntimeError, match="1 rows without their parents"):
        database.migrate()
    assert "seal" not in tables_in(database)
    database.close()
