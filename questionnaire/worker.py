"""The background worker: seals what is signed, and sweeps for what the queue forgot.

The queue (Huey on SQLite) holds visit ids only. It is a hint: every minute the worker asks the
database which visits are due, and whether the archive and the ledger were looked after today.
One document is made at a time; a long check of the archive keeps none waiting.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from huey import Huey, MemoryHuey, SqliteHuey, crontab

from questionnaire.archive.shelf import ShelfUnavailable
from questionnaire.journey.certifying import learn_certificates, name_certificate
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.disposing import finish_disposals
from questionnaire.journey.house import House
from questionnaire.journey.keeping import keep_house
from questionnaire.journey.rules_signing import remember_golden
from questionnaire.journey.sealing import seal_due, seal_visit
from questionnaire.records.drafts import forget_old_drafts
from questionnaire.records.staff_sessions import forget_old_sessions
from questionnaire.records.tries import forget_old_tries

DRAFTS_LIVE = timedelta(hours=1)
"""Far longer than any filing takes."""
TRIES_KEPT = timedelta(days=7)
"""Longer than tries are counted together for any code or password."""
log = logging.getLogger(__name__)


class Sealer:
    """The queue and its tasks. `open_house` is asked for the house when the first task runs.

    `send_mail` sends the e-mails that wait; without it there is no server to send them. In the
    folder of `certificates` the one that seals is made in the clinic's name.
    """

    def __init__(
        self,
        folder: Path,
        open_house: Callable[[], House],
        anchors: Path | None = None,
        send_mail: Callable[[House], None] | None = None,
        certificates: Path | None = None,
    ) -> None:
        self._queue = _queue_in(folder)
        self._open_house = open_house
        self._anchors = anchors
        self._house: House | None = None
        self._send_mail, self._certificates = send_mail, certificates
        self._sealing, self._keeping, self._mailing = (threading.Lock() for _ in range(3))
        self._seal = self._queue.task()(self._seal_one)
        for duty in (self.sweep, self.keep, self.mail):
            self._queue.periodic_task(crontab())(duty)

    def call(self, visit_id: str) -> None:
        """Say that a visit waits for its seal. A queue that fails loses only the hint."""
        try:
            self._seal(visit_id)
        except Exception:
            log.exception("the queue could not be told; the sweep will find the visit")

    def close(self) -> None:
        """Let go of the queue's file, where it has one."""
        self._queue.storage.close()

    def run(self) -> None:
        """Work until the process is told to stop."""
        from questionnaire.documents import pdf  # noqa: F401  # loaded before the first document

        self._seal_due()
        self.clear_drafts()
        self._queue.create_consumer(workers=3, periodic=True, initial_delay=0.1).run()

    def clear_drafts(self) -> None:
        """Remove what a filing that was cut off left on the shelf."""
        try:
            self.house.shelf.sweep(self.house.clock() - DRAFTS_LIVE)
        except ShelfUnavailable:
            log.exception("the shelf could not be tidied; the next start will try again")

    def learn_certificates(self) -> None:
        """Write down which certificate sealed each document of releases that did not."""
        try:
            learn_certificates(self.house)
        except ShelfUnavailable:
            log.exception("the shelf could not be read; the next minute will try again")

    @property
    def house(self) -> House:
        """The house, opened in this process, with the clinic's facts as they stand now."""
        if self._house is None:
            self._house = self._open_house()
        return up_to_date(self._house)

    def _seal_one(self, visit_id: str) -> None:
        with self._sealing:
            seal_visit(self.house, visit_id)

    def _seal_due(self) -> None:
        if self._certificates:
            name_certificate(self.house, self._certificates)
        seal_due(self.house)

    def sweep(self) -> None:
        """Seal what the queue forgot, and drop old sessions, drafts and tries: once a minute."""
        with self._sealing:
            self._seal_due()
        with self.house.database.write() as tx:
            forget_old_sessions(tx, self.house.clock())
            forget_old_drafts(tx, self.house.clock())
            forget_old_tries(tx, self.house.clock() - TRIES_KEPT)

    def keep(self) -> None:
        """Look after archive and ledger where it was not done today; never twice at once."""
        if not self._keeping.acquire(blocking=False):
            return
        try:
            for duty in (
                lambda: finish_disposals(self.house),
                lambda: keep_house(self.house, self._anchors),
                self.learn_certificates,
                lambda: remember_golden(self.house),
            ):
                self._do(duty)
        finally:
            self._keeping.release()

    def _do(self, duty: Callable[[], None]) -> None:
        """One duty of the minute: what ends it, such as a file, does not end the others."""
        try:
            duty()
        except Exception:
            log.exception("a duty could not be done now; it will be tried again")

    def mail(self) -> None:
        """Send the e-mails that wait, where a server is set: once a minute, never twice at once."""
        if self._send_mail is None or not self._mailing.acquire(blocking=False):
            return
        try:
            self._send_mail(self.house)
        finally:
            self._mailing.release()


def _queue_in(folder: Path) -> Huey:
    """The queue in a file that all programs share; one of our own where it cannot be used.

    Nothing is lost with it: what waits for its seal is found in the records.
    """
    queue = SqliteHuey("candour", filename=str(folder / "queue.db"), create_tables=False)
    try:
        with closing(sqlite3.connect(folder / "queue.db")) as file:
            file.execute("PRAGMA schema_version")  # Huey leaves open what is no database
        queue.storage.initialize_schema()
    except sqlite3.Error as problem:
        queue.storage.close()
        sentence = "the queue %s cannot be used (%s): signed consents are sealed a minute later"
        log.warning(sentence, folder / "queue.db", problem)
        return MemoryHuey("candour")
    return queue
