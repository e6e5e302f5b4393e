"""What every journey works with: the content, the records, the shelf, the time and chance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from questionnaire.archive.disposals import DisposalList
from questionnaire.archive.shelf import Shelf
from questionnaire.documents.certificates import SealingIdentity, TrustedSeals
from questionnaire.domain.clinic_details import NOT_SET_UP, ClinicDetails
from questionnaire.domain.language import Language
from questionnaire.domain.library import Library
from questionnaire.domain.speech import Speech, english
from questionnaire.domain.visit import Person
from questionnaire.records.database import Database, Transaction
from questionnaire.records.ledger import record_event
from questionnaire.records.staff_sessions import SEEN_EVERY

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that are not mistaken for each other when read aloud or typed."""

CODE_LENGTH = 8
ON_THE_SERVER = "the server"
"""Where the worker and the command line act."""

TURN_IDLE = timedelta(minutes=4) + SEEN_EVERY
"""So long a turn is left alone before it is locked: four minutes, and how exactly it is noted."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to write down: who, what, about which record, and its detail."""

    person: Person
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class House:
    """The clinic's collaborators, built once by `questionnaire.clinic`.

    `clock` gives the time in UTC. `draw` gives that many random bytes. `call_sealer` tells the
    worker that a visit waits; it is only a hint, the database is the truth. `sealing_identity`
    (for a moment) and `trusted_seals` load the clinic's certificates when they are needed.

    `clinic` holds the clinic's own facts as they stood when the house was opened or last brought
    up to date (`journey/clinic_facts.py`).

    `proposed` reads what the clinic's own files of before say of it, for somebody to confirm.

    `library` is the content as the clinic wrote it: flags and reviews use it alone. `speeches`
    holds each other language by its code; documents already signed may be in any of them, while
    patients read only those the clinic has switched on.

    `golden` tells for each invented patient of the rules' own cases which rules fire.

    `disposals` lists what was disposed of, so that a restored backup does not bring it back.

    `where` says from which device or address people act just now, for the ledger.

    `look_again` raises `ChangedMeanwhile` when somebody acts from a page on which a colleague's
    newer act does not show yet.
    """

    library: Library
    database: Database
    shelf: Shelf
    clock: Callable[[], datetime]
    draw: Callable[[int], bytes]
    call_sealer: Callable[[str], None]
    sealing_identity: Callable[[datetime], SealingIdentity]
    trusted_seals: Callable[[], TrustedSeals]
    disposals: DisposalList
    golden: Callable[[Library], dict[str, list[str]]]
    speeches: Mapping[str, Speech] = field(default_factory=dict)
    clinic: ClinicDetails = NOT_SET_UP
    proposed: Callable[[], Mapping[str, str]] = dict[str, str]
    where: Callable[[], str] = lambda: ON_THE_SERVER
    look_again: Callable[[Transaction, Act], None] = lambda _tx, _act: None

    @property
    def languages_offered(self) -> tuple[Language, ...]:
        """What a patient may choose from, the clinic's own language first."""
        others = (self.speeches[code].language for code in self._switched_on)
        return (english(self.library).language, *others)

    @property
    def _switched_on(self) -> tuple[str, ...]:
        return tuple(code for code in self.speeches if code in self.clinic.languages)

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.clinic.time_zone)

    def speech(self, code: str) -> Speech:
        """The words of a language; the clinic's own for one that is not here."""
        return self.speeches.get(code) or english(self.library)

    def offered_speech(self, code: str) -> Speech:
        """What a patient reads in that language: the clinic's own while it is not offered."""
        return self.speech(code if code in self._switched_on else "")

    def new_id(self) -> str:
        """A fresh identifier: 32 hexadecimal digits, 128 random bits."""
        return self.draw(16).hex()

    def new_token(self) -> str:
        """A secret for a cookie: 256 random bits in hexadecimal."""
        return self.draw(32).hex()

    def new_code(self, length: int = CODE_LENGTH) -> str:
        """A code people read and type, like `K7MX-4PQ2`, in groups of four."""
        letters = "".join(
            CODE_LETTERS[byte % len(CODE_LETTERS)]
            for byte in self.draw(length * 4)
            if byte < 256 - 256 % len(CODE_LETTERS)
        )[:length]
        return "-".join(letters[start : start + 4] for start in range(0, length, 4))

    def today(self) -> date:
        """The date at the clinic now."""
        return self.day_of(self.clock())

    def day_of(self, moment: datetime) -> date:
        """The date at the clinic at a moment."""
        return moment.astimezone(self.zone).date()

    def note(
        self, tx: Transaction, person: Person, action: str, subject: str, **detail: object
    ) -> None:
        """Write one ledger entry about `subject` in the same transaction as what it tells of.

        Raises `ChangedMeanwhile` where `look_again` does; nothing of the transaction is then kept.
        """
        self.look_again(tx, Act(person, action, subject, detail))
        record_event(
            tx,
            at=self.clock(),
            person=person,
            action=action,
            subject=subject,
            detail=detail,
            where=self.where(),
        )
