"""The key ring as it stands now: read again whenever its file was changed.

Several programs work with one key file. When one of them takes a new key into use, the others
must seal with it from their next transaction on, without being started again.
"""

import logging
import threading
from pathlib import Path

from questionnaire.records.cipher import FILE_NAME, KeyRing, KeysUnusable

log = logging.getLogger(__name__)


class LiveKeys:
    """Calling it gives the ring of a folder as it is at that moment.

    Keys that were taken out of the file are remembered until the program ends, for whoever is
    still reading from before. Raises `KeysUnusable` when there is no good file at the beginning.
    Later a file that is missing, damaged, another clinic's or older than the one read before is
    not believed: the ring read last goes on being used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._seen = self._look()
        self._ring = KeyRing.load(folder)

    def __call__(self) -> KeyRing:
        """The ring; one look at the file, which costs microseconds."""
        seen = self._look()
        if seen not in {self._seen, None}:
            with self._lock:
                self._take_up()
                self._seen = seen
        return self._ring

    def _take_up(self) -> None:
        try:
            found = KeyRing.load(self._folder)
        except KeysUnusable:
            log.exception("the key file was changed and cannot be used; the keys read last stay")
            return
        if found.may_follow(self._ring):
            self._ring = found.remembering(self._ring)
        else:
            log.error("the key file holds other or older keys; the keys read last stay in use")

    def _look(self) -> tuple[int, int] | None:
        """What tells one version of the file from the next, or None while none can be seen."""
        try:
            found = (self._folder / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns
