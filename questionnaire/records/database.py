"""The encrypted database file: opening it, and the transactions everything else works in.

SQLite through SQLCipher. Reading sees one moment; writers of this process queue for their turn
and then begin at once, so two writers never meet half-way. Open one `Database` in each process,
after any fork.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, UOWTransaction, scoped_session, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from questionnaire.domain.errors import Refusal
from questionnaire.ordinary_files import open_to_change
from questionnaire.records.cipher import KeyRing
from questionnaire.records.migrating import bring_up_to_date, is_newest

OLDEST_SQLITE = (3, 51, 3)
PATIENCE_SECONDS = 5.0
CONNECTIONS = 8
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 16777216",
)
WHOLE = {
    "PRAGMA cipher_integrity_check": None,
    "PRAGMA integrity_check": "ok",
    "PRAGMA foreign_key_check": None,
}
"""What a whole file answers: the encryption of each page, the tables, and what points where."""
NOT_NOW = ("locked", "busy", "disk is full", "disk I/O", "readonly", "read-only")


class NotSaved(Refusal):
    """The file could not be written now (another writer, a full or failing disk)."""

    status = 503


class Unreadable(Exception):  # noqa: N818  # the sentence is for whoever starts the program
    """The database file cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction and where the keys come from that it seals and opens with."""

    connection: Connection
    keys: Callable[[], KeyRing]

    @property
    def ring(self) -> KeyRing:
        """The keys as they are now."""
        return self.keys()


def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite inside the encrypted database's library."""
    version: tuple[int, ...] = sqlcipher.sqlite_version_info
    return version


def refuse_old_sqlite(version: tuple[int, ...]) -> None:
    """Raises `Unreadable` for a SQLite that can lose data.

    Before 3.51.3 a write-ahead log could be reset while it was read
    (https://www.sqlite.org/wal.html, "WAL-reset bug").
    """
    if version < OLDEST_SQLITE:
        found, wanted = (".".join(map(str, each)) for each in (version, OLDEST_SQLITE))
        raise Unreadable(f"SQLite {found} can lose data; {wanted} or newer is needed.")


class Database:
    """The clinic's one database file; `Database.open(path, ring)` builds it."""

    def __init__(
        self, path: Path, keys: Callable[[], KeyRing], engine: Engine, patience: float
    ) -> None:
        self.path = path
        self._keys = keys
        self._engine = engine
        self._patience = patience
        self._turn = threading.Lock()

    @classmethod
    def open(
        cls,
        path: Path,
        ring: KeyRing,
        *,
        patience: float = PATIENCE_SECONDS,
        keys: Callable[[], KeyRing] | None = None,
    ) -> Self:
        """The database at `path`, made empty and closed to others when there is none.

        `patience` is how many seconds a writer waits for its turn. `keys` gives the ring as it
        is now (`LiveKeys`); without it the ring stays the one given. Raises `Unreadable` when the
        file does not open with these keys. Call `migrate()` before first use.
        """
        refuse_old_sqlite(sqlite_version())
        os.close(open_to_change(path))

        def connect() -> Any:
            return _connect(path, ring, patience)

        engine = create_engine(
            "sqlite://",
            creator=connect,
            module=sqlcipher,
            poolclass=QueuePool,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            hide_parameters=True,
        )
        with engine.connect():
            return cls(path, keys or (lambda: ring), engine, patience)

    @property
    def ring(self) -> KeyRing:
        """The keys as they are now."""
        return self._keys()

    def migrate(self) -> None:
        """Bring the tables up to date: one at a time, a copy first, all of it or nothing."""
        bring_up_to_date(self._engine, self.path)

    def is_up_to_date(self) -> bool:
        """Whether the tables are those of this program."""
        with self._engine.connect() as connection:
            return is_newest(connection)

    def is_empty(self) -> bool:
        """Whether there are no tables at all, as in a file that was emptied."""
        with self._engine.connect() as connection:
            return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()

    def damage(self, *, only_pages: bool = False) -> tuple[str, ...]:
        """A sentence when a page of the file is not as it was written; nothing when all are.

        `only_pages` leaves out whether the tables fit together: a third of the time, which is
        some 0.6 s for 100 MB.
        """
        questions = list(WHOLE.items())[: 1 if only_pages else None]
        try:
            with self._engine.connect() as connection:
                for question, whole in questions:
                    if connection.exec_driver_sql(question).scalar() != whole:
                        return (f"{self.path.name} is damaged.",)
        except (sqlcipher.DatabaseError, DatabaseError, Unreadable):
            return (f"{self.path.name} is damaged.",)
        return ()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Look at one moment of the records; writing is refused by the database."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            try:
                yield self._transaction(connection)
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA query_only = OFF")

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Change the records: all of the block is kept, or none of it if anything is raised.

        Raises `NotSaved` when no turn came in time or the disk refused. Do not nest.
        """
        if not self._turn.acquire(timeout=self._patience):
            raise _not_saved()
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield self._transaction(connection)
                connection.commit()
        except OperationalError as problem:
            if any(words in str(problem.orig) for words in NOT_NOW):
                raise _not_saved() from problem
            raise
        finally:
            self._turn.release()

    def _transaction(self, connection: Connection) -> Transaction:
        """Look at the keys once at the beginning, so that none in use then is missed."""
        self._keys()
        return Transaction(connection, self._keys)

    def copy_to(self, path: Path) -> None:
        """A whole copy of one moment at `path` (a new file, encrypted alike) while others work."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        copy = _connect(path, self.ring, self._patience)
        try:
            with self._engine.connect() as connection:
                driver: Any = connection.connection.dbapi_connection
                driver.backup(copy)
        finally:
            copy.close()

    def session(self) -> scoped_session[Session]:
        """The session staff accounts are kept through, one for each thread.

        It reads without holding a transaction and takes its turn as a writer only while it
        commits, so that a signed-in request can still use `write()`. Nothing is flushed before:
        commit a new role before an account is given it.
        """
        factory = sessionmaker(self._engine, autoflush=False)
        event.listen(factory, "before_flush", _begin_writing)
        return scoped_session(factory)

    def close(self) -> None:
        """Close every idle connection."""
        self._engine.dispose()


def _connect(path: Path, ring: KeyRing, patience: float) -> Any:
    """A connection that has shown it can read the file; it begins only when told to."""
    connection = sqlcipher.connect(
        str(path), timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{ring.database_key.hex()}'\"")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as problem:
        connection.close()
        raise _unreadable(path, problem) from problem
    return connection


def _unreadable(path: Path, problem: Exception) -> Exception:
    """What a file that cannot be read is told as; a passing trouble stays what it is."""
    if "not a database" in str(problem):
        return Unreadable(f"{path} does not open with these keys.")
    if "unable to open" in str(problem):
        return Unreadable(f"{path} cannot be opened here: is the folder ours, and the file a file?")
    if "malformed" in str(problem):
        return Unreadable(f"{path} is damaged. Bring the last backup back.")
    return problem


def _begin_writing(session: Session, context: UOWTransaction, instances: object) -> None:
    del context, instances
    connection = session.connection()
    driver: Any = connection.connection.dbapi_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _not_saved() -> NotSaved:
    return NotSaved("This could not be saved just now, and nothing was changed. Please try again.")
