"""Bringing the tables up to date when the program starts.

Two programs starting at once run one migration: they queue on a file. Before tables that hold
something are changed a copy is put beside the database (encrypted like it). All steps are one
transaction, so a power cut leaves the tables as they were.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from questionnaire.ordinary_files import open_to_change

SCRIPTS = Path(__file__).parent / "migrations"


class TooNew(Exception):  # noqa: N818  # the sentence is for whoever starts the program
    """The tables were made by a newer Candour than this one."""


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Run the migrations the database at `path` has not seen. Raises `TooNew`."""
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    with one_at_a_time(path.with_name(f"{path.name}.migrating")), engine.connect() as connection:
        connection.detach()
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if current == scripts.get_current_head():
            return
        if current is not None and current not in known:
            raise TooNew(f"{path} was written by a newer Candour. Install that one or newer.")
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        if current is not None:
            _copy(connection, path.with_name(f"{path.name}.before-{scripts.get_current_head()}"))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            message = f"The migration would leave {len(broken)} rows without their parents."
            raise RuntimeError(message)
        connection.commit()


def is_newest(connection: Connection) -> bool:
    """Whether the last migration was run on this database."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _copy(connection: Connection, copy: Path) -> None:
    """A whole copy at `copy`; a half-written one from an earlier try is replaced."""
    draft = copy.with_name(f"{copy.name}.draft")
    draft.unlink(missing_ok=True)
    connection.exec_driver_sql("VACUUM INTO ?", (str(draft),))
    connection.rollback()
    draft.chmod(0o600)
    draft.replace(copy)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Only one program at a time gets past this file; the others wait for it."""
    descriptor = open_to_change(lock)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
