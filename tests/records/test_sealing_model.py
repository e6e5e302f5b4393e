"""Whatever workers, failures and clocks do, nobody works twice at once and sealing happens once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from questionnaire.domain.visit import Patient, Station, Visit
from questionnaire.records.cipher import KeyRing
from questionnaire.records.database import Database
from questionnaire.records.sealing import (
    MOST_CUT_OFF,
    SealState,
    ask_again,
    await_seal,
    claim_seal,
    mark_sealed,
    seal_failed,
    seal_of,
    unsealed,
    unsealed_count,
)
from questionnaire.records.visits import add_patient, add_visit

START = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=2)
PAUSE = timedelta(minutes=3)
PATIENT = Patient("patient-1", "Zoë Ní Bhriain", START.date())
VISIT = Visit(
    "visit-1", PATIENT, Station.COUNTERSIGNED, 1, (), "staff-1", "en", "passport", START, START
)


class Sealing(RuleBasedStateMachine):
    """One visit, any number of workers; `lease_until` is what the model believes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        ring = KeyRing.create(Path(self.folder.name) / "keys")
        self.database = Database.open(Path(self.folder.name) / "clinic.db", ring)
        self.now = START
        self.lease_until: datetime | None = None
        self.next_try_at = START
        self.claims = 0
        self.in_a_row = 0
        self.marks = 0

    @initialize()
    def sign(self) -> None:
        """The visit waits for its seal."""
        self.database.migrate()
        with self.database.write() as tx:
            add_patient(tx, PATIENT, at=START)
            add_visit(tx, VISIT, arranged_by="staff-2", code="c", code_expires_at=START)
            await_seal(tx, VISIT.id, "a" * 64, START)

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        """Up to five minutes."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def claim(self) -> None:
        """A worker asks; it gets the claim when nobody holds one."""
        free = self.lease_until is None or self.lease_until <= self.now
        again = self.now + PAUSE
        with self.database.write() as tx:
            claimed = claim_seal(tx, VISIT.id, self.now, LEASE, again)
        assert claimed == (free and self.marks == 0 and self.in_a_row < MOST_CUT_OFF)
        if claimed:
            self.claims += 1
            self.in_a_row += 1
            self.lease_until, self.next_try_at = self.now + LEASE, again

    @precondition(lambda self: self.marks == 0)
    @rule()
    def ask_again(self) -> None:
        """A person wants it tried now; that counts while nobody is at work on it."""
        free = self.lease_until is None or self.lease_until <= self.now
        with self.database.write() as tx:
            asked = ask_again(tx, VISIT.id, self.now)
        assert asked == free
        if asked:
            self.in_a_row, self.next_try_at = 0, self.now

    @precondition(lambda self: self.lease_until is not None and self.marks == 0)
    @rule(seconds=st.integers(0, 600))
    def fail(self, seconds: int) -> None:
        """The worker gives up for a while."""
        self.next_try_at = self.now + timedelta(seconds=seconds)
        with self.database.write() as tx:
            seal_failed(tx, VISIT.id, "The shelf is full.", self.next_try_at)
        self.lease_until, self.in_a_row = None, 0

    @precondition(lambda self: self.claims > 0)
    @rule()
    def mark(self) -> None:
        """A worker, perhaps a late one, says it is sealed; the first is believed."""
        with self.database.write() as tx:
            marked = mark_sealed(
                tx,
                VISIT.id,
                file_sha256=f"{self.marks:064}",
                shelf_name=f"shelf-{self.marks}",
                verification_code=f"code-{self.marks}",
                at=self.now,
            )
        assert marked == (self.marks == 0)
        self.marks += 1
        self.lease_until = None

    @rule()
    def power_fails(self) -> None:
        """Everything is opened anew."""
        self.database.close()
        self.database = Database.open(self.database.path, self.database.ring)

    @invariant()
    def the_database_agrees(self) -> None:
        """What is stored is what the model believes."""
        free = self.lease_until is None or self.lease_until <= self.now
        stays = self.marks == 0 and self.in_a_row < MOST_CUT_OFF
        due = stays and free and self.next_try_at <= self.now
        with self.database.read() as tx:
            assert unsealed(tx, self.now) == ((VISIT.id,) if due else ())
            assert unsealed_count(tx) == (0 if self.marks else 1)
            seal = seal_of(tx, VISIT.id)
        assert seal is not None
        assert seal.is_in_trouble(self.now) == (self.marks == 0 and self.claims > 0 and free)
        assert seal.attempts == self.claims
        assert seal.state == (SealState.SEALED if self.marks else SealState.WAITING)
        assert seal.shelf_name == ("shelf-0" if self.marks else None)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.database.close()
        self.folder.cleanup()


Sealing.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSealing = Sealing.TestCase
