"""What is looked after every day, what it finds, and the one line that tells of it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete

from questionnaire.archive.anchors import read_anchors
from questionnaire.archive.fixity import Findings
from questionnaire.archive.shelf import MARKER, ShelfUnavailable
from questionnaire.domain.visit import Station
from questionnaire.journey.house import House
from questionnaire.journey.keeping import (
    ARCHIVE,
    LEDGER,
    ArchiveState,
    anchor_ledger,
    archive_state,
    check_archive,
    keep_house,
    ledger_problems,
    verify_and_note,
)
from questionnaire.records.database import Database
from questionnaire.records.ledger import head
from questionnaire.records.sealing import await_seal, mark_sealed
from questionnaire.records.tables import ledger
from questionnaire.worker import Sealer
from tests.clinics import Clinic, Stage
from tests.faults.odd_files import KINDS, put

At = Callable[..., Stage]
DAY = timedelta(days=1)
DAILY = ["ledger_verified", "archive_checked", "ledger_anchored"]


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """Where anchors are dropped."""
    folder = tmp_path / "anchors"
    folder.mkdir()
    return folder


def kept(clinic: Clinic) -> list[str]:
    """What was looked after, in order."""
    with clinic.house.database.read() as tx:
        query = ledger.select().where(ledger.c.subject.in_([ARCHIVE, LEDGER])).order_by("seq")
        return [row.action for row in tx.connection.execute(query)]


def file_of(stage: Stage) -> Path:
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    path = stage.house.shelf.folder / str(seal.shelf_name)
    path.chmod(0o600)
    return path


def made_writable(path: Path) -> Path:
    path.chmod(0o600)
    return path


def flip(path: Path) -> None:
    stored = path.read_bytes()
    path.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))


def cut_ledger(house: House, keep: int) -> None:
    """An intruder cuts off the ledger's tail."""
    with house.database.write() as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER ledger_keeps_rows")
        tx.connection.execute(delete(ledger).where(ledger.c.seq > keep))


def test_a_clinic_with_nothing_in_it_is_well(clinic: Clinic) -> None:
    state = archive_state(clinic.house)
    assert state == ArchiveState(
        sealed=0,
        waiting=0,
        damaged=0,
        missing=0,
        unreadable=0,
        unknown=0,
        records_damaged=False,
        checked_at=None,
        read=0,
        sealed_since=0,
        ledger_problems=0,
        anchored_at=None,
        anchor_age=None,
        late=False,
    )
    assert state.all_well


@pytest.mark.guarantees("R12", "S46")
def test_everything_is_looked_after_once_a_day(at: At, anchors: Path) -> None:
    stage = at(Station.SEALED)
    clock = stage.clinic.clock
    for _ in range(3):
        keep_house(stage.house, anchors)
    assert kept(stage.clinic) == DAILY
    state = archive_state(stage.house)
    assert (state.sealed, state.checked_at, state.anchored_at) == (1, clock(), clock())
    assert state.all_well
    clock.forward(DAY)
    assert archive_state(stage.house).anchor_age == DAY
    keep_house(stage.house, anchors)
    assert kept(stage.clinic) == DAILY * 2
    assert len(read_anchors(anchors)[0]) == 2
    assert stage.clinic.ledger_problems() == ()


def test_the_day_of_the_keeper_begins_at_two_at_the_clinic(clinic: Clinic) -> None:
    """The clinic of the tests opened at 9:30 in London."""
    keep_house(clinic.house, None)
    for hours in (12, 4):
        clinic.clock.forward(timedelta(hours=hours))
        keep_house(clinic.house, None)
    assert kept(clinic) == ["ledger_verified", "archive_checked"]
    clinic.clock.forward(timedelta(minutes=30))
    keep_house(clinic.house, None)
    assert kept(clinic) == ["ledger_verified", "archive_checked"] * 2


@pytest.mark.guarantees("R14")
def test_a_clock_that_was_ahead_puts_nothing_off(clinic: Clinic) -> None:
    clinic.clock.forward(DAY * 3650)
    keep_house(clinic.house, None)
    clinic.clock.forward(-DAY * 3650)
    keep_house(clinic.house, None)
    assert kept(clinic) == ["ledger_verified", "archive_checked"] * 2


@pytest.mark.guarantees("R12")
def test_a_flipped_byte_is_found_the_next_night_and_stays_red_until_it_is_mended(
    at: At, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.SEALED)
    path = file_of(stage)
    sound = path.read_bytes()
    flip(path)
    with caplog.at_level(logging.ERROR):
        keep_house(stage.house, None)
    assert "should be: 1 damaged, 0 missing, 0 unreadable, 0 unknown" in caplog.text
    state = archive_state(stage.house)
    assert (state.damaged, state.missing, state.all_well) == (1, 0, False)
    path.unlink()
    stage.clinic.clock.forward(DAY)
    keep_house(stage.house, None)
    assert (archive_state(stage.house).damaged, archive_state(stage.house).missing) == (0, 1)
    path.write_bytes(sound)
    stage.clinic.clock.forward(DAY)
    keep_house(stage.house, None)
    assert archive_state(stage.house).all_well


def file_documents(clinic: Clinic, number: int) -> list[str]:
    """So many visits whose documents are on the shelf; their names there."""
    names = []
    for each in range(number):
        visit = clinic.arrange(name=f"Person {each}").visit
        name, document = f"2031/03/RECORD-{each}/consent.pdf", f"document {each}".encode()
        clinic.house.shelf.put(name, document)
        with clinic.house.database.write() as tx:
            await_seal(tx, visit.id, "0" * 64, clinic.clock())
            mark_sealed(
                tx,
                visit.id,
                file_sha256=sha256(document).hexdigest(),
                shelf_name=name,
                verification_code=f"RECORD-{each}",
                at=clinic.clock(),
            )
        names.append(name)
    return names


@pytest.mark.guarantees("R12")
def test_a_large_archive_is_read_by_lot_and_whole_every_week(clinic: Clinic) -> None:
    names = file_documents(clinic, 6)
    house, day = clinic.house, clinic.clock.forward
    assert check_archive(house, most=2).ok == 6, "never read whole before"
    day(DAY)
    assert check_archive(house, most=2).ok == 2
    (house.shelf.folder / names[3]).unlink()
    day(DAY)
    assert check_archive(house, whole=True, most=2) == Findings(5, (names[3],), ())
    day(DAY)
    found = check_archive(house, most=2)
    assert (found.missing, found.ok in {1, 2}) == ((names[3],), True), "known to be wrong"
    assert archive_state(house).missing == 1
    day(DAY * 6)
    assert check_archive(house, most=2).ok == 5
    assert kept(clinic) == [
        "archive_checked",
        "archive_sampled",
        "archive_checked",
        "archive_sampled",
        "archive_checked",
    ]


@pytest.mark.guarantees("R06")
def test_an_unmounted_archive_is_tried_again_and_the_rest_is_done(
    at: At, anchors: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.SEALED)
    marker = stage.house.shelf.folder / MARKER
    away = marker.rename(marker.parent.with_name("away"))
    with caplog.at_level(logging.ERROR):
        keep_house(stage.house, anchors)
    assert "archive_checked could not be done now" in caplog.text
    assert kept(stage.clinic) == ["ledger_verified", "ledger_anchored"]
    with pytest.raises(ShelfUnavailable):
        check_archive(stage.house)
    away.rename(marker)
    keep_house(stage.house, anchors)
    assert kept(stage.clinic)[-1] == "archive_checked"


def test_what_was_looked_after_and_is_no_longer_turns_red(at: At, anchors: Path) -> None:
    stage = at(Station.SEALED)
    keep_house(stage.house, anchors)
    stage.clinic.clock.forward(DAY * 2)
    assert not archive_state(stage.house).late
    stage.clinic.clock.forward(timedelta(minutes=1))
    state = archive_state(stage.house)
    assert (state.late, state.all_well) == (True, False)


def test_what_was_never_looked_after_turns_red_two_days_after_the_first_seal(at: At) -> None:
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(DAY * 2 - timedelta(hours=1))
    assert archive_state(stage.house).all_well
    stage.clinic.clock.forward(timedelta(hours=2))
    state = archive_state(stage.house)
    assert (state.checked_at, state.late, state.all_well) == (None, True, False)


@pytest.mark.guarantees("R12")
@pytest.mark.parametrize("kind", KINDS)
def test_one_unreadable_document_is_counted_and_ends_no_nights_work(
    clinic: Clinic, anchors: Path, kind: str
) -> None:
    names = file_documents(clinic, 3)
    put(clinic.house.shelf.folder / names[0], kind)
    flip(made_writable(clinic.house.shelf.folder / names[1]))
    for _ in range(2):
        keep_house(clinic.house, anchors)
        clinic.clock.forward(DAY)
    assert kept(clinic) == DAILY * 2
    state = archive_state(clinic.house)
    assert (state.unreadable, state.damaged, state.missing) == (1, 1, 0)
    assert (state.all_well, state.late) == (False, False)


@pytest.mark.guarantees("R12")
def test_a_duty_that_fails_in_an_unknown_way_ends_no_other(
    at: At, anchors: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.SEALED)

    def refuse(name: str, stored: bytes) -> bytes:
        raise OSError(name, stored[:1])

    house = replace(stage.house, shelf=replace(stage.house.shelf, decrypt=refuse))
    with caplog.at_level(logging.ERROR):
        keep_house(house, anchors)
    assert "archive_checked could not be done now" in caplog.text
    assert kept(stage.clinic) == ["ledger_verified", "ledger_anchored"]


def test_a_consent_that_waits_for_its_seal_is_not_green(at: At) -> None:
    state = archive_state(at(Station.COUNTERSIGNED).house)
    assert (state.sealed, state.waiting, state.all_well) == (0, 1, False)


@pytest.mark.guarantees("S46")
def test_a_cut_tail_shows_against_any_anchor_also_after_a_newer_one(
    at: At, anchors: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stage = at(Station.SUBMITTED)
    anchored = anchor_ledger(stage.house, anchors)
    assert anchored is not None
    assert ledger_problems(stage.house, anchors) == ()
    cut_ledger(stage.house, anchored.seq - 2)
    assert ledger_problems(stage.house, None) == ()
    assert ledger_problems(stage.house, anchors) == (
        f"Ledger row {anchored.seq - 1} was cut off.",
        f"Ledger row {anchored.seq} was cut off.",
    )
    stage.clinic.clock.forward(DAY)
    for _ in range(2):
        anchor_ledger(stage.house, anchors)
    with caplog.at_level(logging.ERROR):
        problems = verify_and_note(stage.house, anchors)
    assert problems == (f"Ledger row {anchored.seq} is not the one that was anchored.",)
    assert problems[0] in caplog.text
    state = archive_state(stage.house)
    assert (state.ledger_problems, state.all_well) == (1, False)


@pytest.mark.guarantees("S46")
def test_anchors_that_are_gone_or_unreadable_are_problems(at: At, anchors: Path) -> None:
    stage = at(Station.ARRANGED)
    (anchors / "ledger-x.json").write_text("{")
    assert ledger_problems(stage.house, anchors) == ("The anchor ledger-x.json cannot be read.",)
    gone = anchors / "gone"
    assert ledger_problems(stage.house, gone) == (f"The folder for anchors, {gone}, is not there.",)


def with_empty_ledger(clinic: Clinic, folder: Path) -> House:
    """The house with records in which nothing happened yet."""
    database = Database.open(folder / "empty.db", clinic.house.database.ring)
    database.migrate()
    return replace(clinic.house, database=database)


def test_an_empty_ledger_has_no_anchor(clinic: Clinic, anchors: Path, tmp_path: Path) -> None:
    assert anchor_ledger(with_empty_ledger(clinic, tmp_path), anchors) is None
    assert read_anchors(anchors) == ((), ())


@pytest.mark.guarantees("S46")
def test_the_anchor_is_the_last_row_before_the_entry_that_tells_of_it(
    at: At, anchors: Path
) -> None:
    stage = at(Station.ARRANGED)
    with stage.house.database.read() as tx:
        last = head(tx)
    anchored = anchor_ledger(stage.house, anchors)
    assert anchored is not None
    assert (anchored.seq, anchored.mac) == last
    told = stage.clinic.events(LEDGER)[-1]
    assert (told.action, told.detail) == ("ledger_anchored", {"row": last[0]})


def test_the_worker_keeps_the_house_and_never_twice_at_once(
    sealer_of: Callable[..., Sealer], at: At, anchors: Path
) -> None:
    stage = at(Station.SEALED)
    seen: list[list[str]] = []

    def clock() -> datetime:
        """While one is at work, the next minute comes."""
        if not seen:
            seen.append([])
            sealer.keep()
            seen.append(kept(stage.clinic))
        return stage.clinic.clock()

    house = replace(stage.house, clock=clock)
    sealer = sealer_of(stage.clinic.settings.data, lambda: house, anchors)
    sealer.keep()
    assert seen == [[], []], "the second one came back at once"
    assert kept(stage.clinic) == DAILY
