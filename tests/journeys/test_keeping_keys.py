"""A new key while the clinic works: nothing is lost, whatever happens in between."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore

import pytest
from sqlalchemy import select, update

from questionnaire.archive.fixity import Findings, check
from questionnaire.clinic import database_path, open_copies, shelf_path
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import approvals, staffing
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.house import House
from questionnaire.journey.rotating import (
    SUBJECT,
    Rotated,
    RotationStopped,
    allow_rotation,
    rotate_keys,
)
from questionnaire.journey.sealing import seal_due
from questionnaire.records import tables
from questionnaire.records.answers import load_answers, save_answers
from questionnaire.records.approvals import Kind
from questionnaire.records.cipher import FILE_NAME, KeyRing, Tampered
from questionnaire.records.database import Database
from questionnaire.records.entries import entries_of
from questionnaire.records.ledger import events_of, verify_ledger
from questionnaire.records.live_keys import LiveKeys
from questionnaire.records.rotation import rows_that_do_not_open
from questionnaire.records.sealing import sealed_files
from questionnaire.records.signing import frozen_record, signatures_of
from tests.clinics import ADMINISTRATOR, ARCHIVIST, Clinic, Stage
from tests.faults.killing import run_until_killed
from tests.faults.odd_files import put
from tests.journeys.keeping_faults import (
    BATCHES,
    NOTES,
    rotate_and_die,
    rotate_and_die_writing,
)
from tests.journeys.test_keeping import file_of

At = Callable[..., Stage]
PATIENCE = 300


@contextmanager
def opened(stage: Stage) -> Iterator[House]:
    """The clinic of a stage as a program that has just started sees it."""
    settings = stage.clinic.settings
    database, shelf = open_copies(database_path(settings), shelf_path(settings), settings.keys)
    yield replace(stage.house, database=database, shelf=shelf)
    database.close()


def told(house: House, visit_id: str) -> tuple[object, ...]:
    """Everything sealed about a visit, as the clinic reads it."""
    with house.database.read() as tx:
        return (
            load_answers(tx, visit_id),
            entries_of(tx, visit_id),
            frozen_record(tx, visit_id),
            signatures_of(tx, visit_id),
            events_of(tx, visit_id),
        )


def keys_of(stage: Stage) -> KeyRing:
    """What is in the key file."""
    return KeyRing.load(stage.clinic.settings.keys)


def assert_rotated(stage: Stage, before: tuple[object, ...]) -> None:
    """Only the second key opens rows, the first one still the document, and all says the same."""
    ring = keys_of(stage)
    assert (list(ring.field_keys), list(ring.shelf_keys)) == ([2], [1])
    with opened(stage) as house:
        assert told(house, stage.visit_id) == before
        with house.database.read() as tx:
            assert rows_that_do_not_open(tx, ring) == ()
            assert verify_ledger(tx) == ()
            assert check(house.shelf, sealed_files(tx)) == Findings(1, (), ())


@pytest.mark.guarantees("S40")
def test_after_a_rotation_everything_reads_the_same_and_the_old_key_opens_no_row(at: At) -> None:
    stage = at(Station.SEALED)
    with opened(stage) as house:
        before = told(house, stage.visit_id)
        done = rotate_keys(house, stage.clinic.settings.keys)
        assert (done.version, done.on_shelf, done.removed) == (2, (1,), ())
        assert open_consent(house, ARCHIVIST, stage.visit_id, Purpose.READ).startswith(b"%PDF")
        with house.database.write() as tx:
            told_by_ledger = [(e.action, e.detail) for e in events_of(tx, SUBJECT)]
    assert told_by_ledger == [
        ("keys_rotation_begun", {"version": 2, "resumed": False}),
        ("keys_rotated", {"version": 2, "older": [1], "rows": done.rows}),
    ]
    with opened(stage) as house:
        assert told(house, stage.visit_id)[:4] == before[:4]


@pytest.mark.guarantees("S40")
def test_a_key_that_nothing_needs_any_more_is_gone(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    with opened(stage) as house:
        assert rotate_keys(house, stage.clinic.settings.keys) == Rotated(
            version=2, rows=rows_in(house), on_shelf=(), removed=(1,)
        )
    assert list(keys_of(stage).field_keys) == [2]
    assert '"1"' not in (stage.clinic.settings.keys / FILE_NAME).read_text()


def rows_in(house: House) -> int:
    """How many sealed rows there are, but for the last entry about the rotation itself."""
    with house.database.read() as tx:
        ledger = len(tx.connection.execute(select(tables.ledger.c.seq)).all())
        entries = len(tx.connection.execute(select(tables.entry.c.id)).all())
        answers = len(tx.connection.execute(select(tables.answers.c.visit_id)).all())
        rules = len(tx.connection.execute(select(tables.rules_signed.c.number)).all())
        facts = len(tx.connection.execute(select(tables.clinic_version.c.number)).all())
    return ledger + entries + answers + rules + facts - 2


@pytest.mark.guarantees("S40")
@pytest.mark.parametrize("batches", range(1, BATCHES + 1))
def test_a_rotation_killed_after_any_batch_is_finished_by_the_next(at: At, batches: int) -> None:
    stage = at(Station.SEALED)
    before = told(stage.house, stage.visit_id)
    stage.house.database.close()
    settings = stage.clinic.settings
    run_until_killed(rotate_and_die, settings, stage.clinic.clock(), batches)
    assert list(keys_of(stage).field_keys) == [1, 2]
    with opened(stage) as house:
        assert told(house, stage.visit_id) == before
        assert rotate_keys(house, settings.keys).version == 2
        with house.database.read() as tx:
            resumed = [e.detail.get("resumed") for e in events_of(tx, SUBJECT)]
    assert resumed == [False, True, None]
    assert_rotated(stage, before)


@pytest.mark.guarantees("S40")
@pytest.mark.parametrize("note", NOTES)
def test_a_rotation_killed_while_it_writes_the_ledger_is_finished_by_the_next(
    at: At, note: str
) -> None:
    stage = at(Station.SEALED)
    before = told(stage.house, stage.visit_id)
    stage.house.database.close()
    settings = stage.clinic.settings
    run_until_killed(rotate_and_die_writing, settings, stage.clinic.clock(), note)
    assert list(keys_of(stage).field_keys) == [1, 2]
    with opened(stage) as house:
        assert rotate_keys(house, settings.keys).version == 2
    assert_rotated(stage, before)


@pytest.mark.guarantees("S40")
def test_saves_go_on_during_a_rotation_and_none_is_lost(at: At) -> None:
    stage = at(Station.SUBMITTED)
    turns, kept, saved = SimpleQueue[bool](), Semaphore(0), list[int]()

    def save_on() -> None:
        with opened(stage) as other:
            while turns.get():
                with other.database.write() as tx:
                    save_answers(tx, stage.visit_id, {"n": len(saved)}, now=other.clock())
                saved.append(len(saved))
                kept.release()

    def ask_for_the_next_save() -> None:
        turns.put(item=True)
        assert kept.acquire(timeout=PATIENCE)

    with opened(stage) as house, ThreadPoolExecutor(1) as pool:
        revision, _ = told(house, stage.visit_id)[0]
        saver = pool.submit(save_on)
        turns.put(item=True)
        done = rotate_keys(house, stage.clinic.settings.keys, ask_for_the_next_save)
        turns.put(item=False)
        saver.result()
        assert (done.removed, len(saved) >= 4) == ((1,), True)
    with opened(stage) as house, house.database.read() as tx:
        assert load_answers(tx, stage.visit_id) == (revision + len(saved), {"n": saved[-1]})
        assert rows_that_do_not_open(tx, keys_of(stage)) == ()


@pytest.mark.guarantees("S40")
def test_a_program_at_work_reads_and_writes_through_a_rotation(at: At) -> None:
    stage = at(Station.SEALED)
    with opened(stage) as at_work, opened(stage) as house:
        before = told(at_work, stage.visit_id)
        with at_work.database.read() as tx:
            earlier = load_answers(tx, stage.visit_id)
            rotate_keys(house, stage.clinic.settings.keys)
            assert entries_of(tx, stage.visit_id) == before[1]
            assert load_answers(tx, stage.visit_id) == earlier
        assert told(at_work, stage.visit_id) == before
        with at_work.database.write() as tx:
            save_answers(tx, stage.visit_id, {"late": "yes"}, now=at_work.clock())
        with house.database.read() as tx:
            assert rows_that_do_not_open(tx, keys_of(stage)) == ()


@pytest.mark.guarantees("S40")
def test_no_key_goes_while_a_document_waits_for_its_seal(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    with opened(stage) as house:
        assert rotate_keys(house, stage.clinic.settings.keys).on_shelf == (1,)
        assert seal_due(house) == 1
        again = rotate_keys(house, stage.clinic.settings.keys)
        assert (again.version, again.on_shelf, again.removed) == (3, (2,), (1,))
        assert open_consent(house, ARCHIVIST, stage.visit_id, Purpose.READ).startswith(b"%PDF")


@pytest.mark.guarantees("S40")
@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "broken"])
def test_no_key_goes_while_a_document_cannot_be_read(at: At, kind: str) -> None:
    stage = at(Station.SEALED)
    with opened(stage) as house:
        put(file_of(stage), kind)
        done = rotate_keys(house, stage.clinic.settings.keys)
        assert (done.version, done.on_shelf, done.removed) == (2, (1,), ())


@pytest.mark.guarantees("S40")
def test_a_moved_row_stops_the_rotation_and_all_keys_stay(at: At) -> None:
    stage = at(Station.SEALED)
    with opened(stage) as house:
        with house.database.write() as tx:
            seqs = tables.entry.c.seq
            body = select(tables.entry.c.body).where(seqs == 1).scalar_subquery()
            tx.connection.execute(update(tables.entry).where(seqs == 2).values(body=body))
        with pytest.raises(Tampered, match="Row 2 of entry"):
            rotate_keys(house, stage.clinic.settings.keys)
    assert list(keys_of(stage).field_keys) == [1, 2]


@pytest.mark.guarantees("S40")
def test_a_ledger_that_is_not_whole_stops_the_rotation_and_all_keys_stay(at: At) -> None:
    stage = at(Station.SUBMITTED)
    with opened(stage) as house:
        with house.database.write() as tx:
            tx.connection.exec_driver_sql("DROP TRIGGER ledger_keeps_words")
            rows = update(tables.ledger).where(tables.ledger.c.seq == 2)
            tx.connection.execute(rows.values(action="nothing"))
        with pytest.raises(RotationStopped, match="Ledger row 2 was changed"):
            rotate_keys(house, stage.clinic.settings.keys)
    assert list(keys_of(stage).field_keys) == [1, 2]


def test_keys_of_another_clinic_are_not_rotated(at: At, tmp_path: Path) -> None:
    stage = at(Station.ARRANGED)
    KeyRing.create(tmp_path / "other")
    with opened(stage) as house, pytest.raises(RotationStopped, match="not sealed with the keys"):
        rotate_keys(house, tmp_path / "other")


def test_a_rotation_that_gets_no_turn_stops_and_can_be_given_again(at: At) -> None:
    stage = at(Station.SUBMITTED)
    keys = stage.clinic.settings.keys
    with opened(stage) as house, ExitStack() as busy:
        live = LiveKeys(keys)
        hasty = Database.open(house.database.path, live(), patience=0.001, keys=live)

        def somebody_else_writes() -> None:
            busy.enter_context(house.database.write())

        with pytest.raises(RotationStopped, match="too busy"):
            rotate_keys(replace(house, database=hasty), keys, somebody_else_writes)
        busy.close()
        hasty.close()
        assert list(keys_of(stage).field_keys) == [1, 2]
        assert rotate_keys(house, keys).removed == (1,)


@pytest.mark.guarantees("S09")
def test_new_keys_need_a_second_person_where_there_is_one(clinic: Clinic) -> None:
    house, keys = clinic.house, clinic.settings.keys
    for name, role in (("Minnie Strator", Role.ADMINISTRATOR), ("Archie Keepwell", Role.ARCHIVIST)):
        email = f"{name.split()[0].lower()}@clinic.example"
        staffing.invite(house, ADMINISTRATOR, staffing.Joining(name, email, "", frozenset({role})))
    with pytest.raises(RotationStopped, match="Approvals"):
        allow_rotation(house, keys)
    request = approvals.ask(house, ADMINISTRATOR, Kind.KEYS, "Every year")
    with pytest.raises(RotationStopped):
        allow_rotation(house, keys)
    approvals.decide(house, ARCHIVIST, request, approve=True)
    allow_rotation(house, keys)
    assert clinic.actions(SUBJECT) == ["keys_approved"]
    with pytest.raises(RotationStopped):
        allow_rotation(house, keys)
    allow_rotation(house, keys, "A key was seen on a screen")
    told = clinic.events(SUBJECT)[-1]
    assert (told.action, told.detail) == (
        "keys_changed_alone",
        {"reason": "A key was seen on a screen"},
    )


def test_who_is_alone_changes_keys_and_the_ledger_says_so(clinic: Clinic) -> None:
    allow_rotation(clinic.house, clinic.settings.keys)
    told = clinic.events(SUBJECT)[-1]
    assert (told.action, told.detail) == ("keys_changed_alone", {"reason": "nobody else"})


def test_finishing_what_was_begun_needs_nobody(clinic: Clinic) -> None:
    KeyRing.load(clinic.settings.keys).renewed(clinic.settings.keys)
    allow_rotation(clinic.house, clinic.settings.keys)
    assert clinic.actions(SUBJECT) == []
