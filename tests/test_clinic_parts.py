"""Parts of a clinic that are missing, emptied, foreign or old keep it closed, with one sentence."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from questionnaire.archive.shelf import MARKER, ShelfUnavailable, mark_of
from questionnaire.clinic import (
    database_path,
    open_clinic,
    open_database,
    prepare_clinic,
    shelf_path,
)
from questionnaire.clinic_parts import NEW, STARTING, ClinicPartsError
from questionnaire.domain.visit import Station
from questionnaire.journey.rotating import rotate_keys
from questionnaire.journey.self_check import self_check
from questionnaire.records import tables
from questionnaire.records.cipher import KeyRing, KeysUnusable
from questionnaire.records.database import Database, Unreadable
from questionnaire.records.ledger import events_of, verify_ledger
from questionnaire.settings import Settings
from tests.clinics import DESK, Stage

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
DOCUMENT = "2031/03/A/consent.pdf"


def places(folder: Path) -> Settings:
    return Settings.from_environment(
        {"CANDOUR_DATA": str(folder / "data"), "CANDOUR_KEYS": str(folder / "keys")}
    )


def everything(settings: Settings) -> dict[str, bytes]:
    """Every file of the clinic but the locks that programs queue on."""
    return {
        str(path): path.read_bytes()
        for folder in (settings.data, settings.keys)
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file() and path.name != STARTING
    }


@pytest.fixture
def settings(at: At) -> Settings:
    """A clinic with a sealed consent, its programs stopped."""
    stage = at(Station.SEALED)
    stage.house.database.close()
    return stage.clinic.settings


@pytest.fixture
def other(tmp_path: Path) -> Settings:
    """Another clinic, started once."""
    prepare_clinic(places(tmp_path / "other"))
    return places(tmp_path / "other")


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def empty_folder(path: Path) -> None:
    for each in path.iterdir():
        remove(each)


def truncate(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


MISSING: dict[str, tuple[Callable[[Settings], object], type[Exception], str]] = {
    "data folder not mounted": (
        lambda it: empty_folder(it.data),
        ClinicPartsError,
        "records of this clinic are not at",
    ),
    "data folder gone": (
        lambda it: remove(it.data),
        ClinicPartsError,
        "records of this clinic are not at",
    ),
    "records gone, archive full": (
        lambda it: remove(database_path(it)),
        ClinicPartsError,
        "records of this clinic are not at",
    ),
    "records emptied": (
        lambda it: truncate(database_path(it), 0),
        ClinicPartsError,
        "records of this clinic are not at",
    ),
    "records cut short": (
        lambda it: truncate(database_path(it), 20_000),
        Unreadable,
        "is damaged|does not open",
    ),
    "archive gone": (
        lambda it: remove(shelf_path(it)),
        ClinicPartsError,
        "archive of this clinic is not at",
    ),
    "archive emptied": (
        lambda it: empty_folder(shelf_path(it)),
        ClinicPartsError,
        "archive of this clinic is not at",
    ),
    "keys gone": (lambda it: remove(it.keys / "records.json"), KeysUnusable, "no key file"),
    "keys folder emptied": (lambda it: empty_folder(it.keys), KeysUnusable, "no key file"),
    "certificates gone": (
        lambda it: remove(it.keys / "certificates"),
        ClinicPartsError,
        "certificates of this clinic are not in",
    ),
}


@pytest.mark.parametrize("case", MISSING)
def test_a_clinic_with_a_part_missing_is_not_started_and_nothing_is_made_anew(
    settings: Settings, case: str
) -> None:
    spoil, error, sentence = MISSING[case]
    spoil(settings)
    before = everything(settings)
    for start in (prepare_clinic, open_clinic, prepare_clinic):
        with pytest.raises(error, match=sentence):
            start(settings)
    assert everything(settings) == before


EMPTIED: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "no byte": lambda it: truncate(it, 0),
    "one byte": lambda it: truncate(it, 1),
    "a page but for one byte": lambda it: truncate(it, 4095),
    "a page": lambda it: truncate(it, 4096),
    "half of it": lambda it: truncate(it, it.stat().st_size // 2),
    "all but one page": lambda it: truncate(it, it.stat().st_size - 4096),
    "nothing but zeros": lambda it: it.write_bytes(bytes(it.stat().st_size)),
    "another file": lambda it: it.write_bytes(b"words of somebody\n" * 5_000),
    "a folder": lambda it: (it.unlink(), it.mkdir()),
    "a link that leads nowhere": lambda it: (it.unlink(), it.symlink_to(it.parent / "nowhere")),
}


NO_DATABASE = {"gone", "no byte", "one byte", "a page but for one byte", "a folder"}
"""What SQLite would take for a new database, and throw away what was saved last beside it."""


@pytest.mark.parametrize("leftover", ["", ".founding", ".new-clinic", ".new-clinic/records.json"])
@pytest.mark.parametrize("case", EMPTIED)
def test_records_emptied_after_a_first_start_are_never_a_new_clinic(
    other: Settings, case: str, leftover: str
) -> None:
    """The number of starts tells nothing yet, and a first set-up may have left its sign."""
    assert mark_of(shelf_path(other)).starts == 1
    spill = other.keys / leftover
    spill.parent.mkdir(exist_ok=True)
    if leftover:
        spill.write_bytes((other.keys / "records.json").read_bytes())
    EMPTIED[case](database_path(other))
    if case in NO_DATABASE:
        database_path(other).with_name("candour.db-wal").write_bytes(b"what was saved last" * 300)
    before = everything(other)
    for start in (prepare_clinic, open_clinic, open_database):
        with pytest.raises((ClinicPartsError, Unreadable), match=r"records of|damaged|not open"):
            start(other)
    assert everything(other) == before


def test_an_encrypted_file_without_tables_is_not_taken_for_the_records(other: Settings) -> None:
    database_path(other).unlink()
    empty = Database.open(database_path(other), KeyRing.load(other.keys))
    with empty.write() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE passing (words)")
        tx.connection.exec_driver_sql("DROP TABLE passing")
    empty.close()
    for start in (prepare_clinic, open_clinic, open_database):
        with pytest.raises(ClinicPartsError, match="were emptied"):
            start(other)


@pytest.mark.parametrize("leftover", [".founding", ".new-clinic"])
def test_what_a_set_up_left_behind_does_not_make_an_emptied_clinic_new(
    settings: Settings, leftover: str
) -> None:
    (settings.keys / leftover).mkdir(mode=0o700)
    shutil.copy(settings.keys / "records.json", settings.keys / leftover / "records.json")
    empty_folder(settings.data)
    before = everything(settings)
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(ClinicPartsError, match="records of this clinic are not at"):
            start(settings)
    assert everything(settings) == before


def test_a_set_up_that_left_its_sign_takes_it_away_at_the_next_start(other: Settings) -> None:
    (other.keys / NEW).mkdir(mode=0o700)
    shutil.copy(other.keys / "records.json", other.keys / NEW / "records.json")
    prepare_clinic(other)
    assert not (other.keys / NEW).exists()


LEFT_OVER: dict[str, Callable[[Settings], Path]] = {
    "keys": lambda it: it.keys / "records.json",
    "certificates": lambda it: it.keys / "certificates",
    "records": database_path,
    "archive": shelf_path,
}


@pytest.mark.parametrize("part", LEFT_OVER)
def test_a_link_that_leads_nowhere_is_an_unmounted_part_and_no_new_clinic(
    tmp_path: Path, part: str
) -> None:
    settings = places(tmp_path)
    link = LEFT_OVER[part](settings)
    link.parent.mkdir(parents=True, mode=0o700)
    link.symlink_to(tmp_path / "not mounted")
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(KeysUnusable, match="no key file"):
            start(settings)
    assert not (tmp_path / "not mounted").exists()


def test_a_new_archive_is_not_made_over_files_that_are_there(
    other: Settings, tmp_path: Path
) -> None:
    settings = places(tmp_path / "begun")
    shutil.copytree(other.keys, settings.keys / NEW)
    path = shelf_path(settings) / DOCUMENT
    path.parent.mkdir(parents=True)
    path.write_bytes(b"of somebody")
    with pytest.raises(ClinicPartsError, match="where the archive of a new clinic would be"):
        prepare_clinic(settings)
    assert not (settings.keys / "records.json").exists()


def test_where_only_anchors_are_left_no_new_clinic_is_made(tmp_path: Path) -> None:
    settings = replace(places(tmp_path), anchors=tmp_path / "anchors")
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors" / "anchors.txt").write_text("an earlier mark")
    with pytest.raises(KeysUnusable, match="no key file"):
        prepare_clinic(settings)


FOREIGN = {
    "keys": (lambda it: it.keys, Unreadable, "does not open with these keys"),
    "key file": (
        lambda it: it.keys / "records.json",
        Unreadable,
        "does not open with these keys",
    ),
    "records": (database_path, Unreadable, "does not open with these keys"),
    "archive": (shelf_path, ClinicPartsError, "is another clinic's"),
}


@pytest.mark.parametrize("part", FOREIGN)
def test_a_part_of_another_clinic_keeps_it_closed(
    settings: Settings, other: Settings, part: str
) -> None:
    place, error, sentence = FOREIGN[part]
    remove(place(settings))
    copy = shutil.copytree if place(other).is_dir() else shutil.copy
    copy(place(other), place(settings))
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(error, match=sentence):
            start(settings)


@pytest.mark.parametrize("part", ["records", "archive"])
def test_an_older_copy_of_records_or_archive_is_noticed(
    settings: Settings, tmp_path: Path, part: str
) -> None:
    place = {"records": database_path, "archive": shelf_path}[part](settings)
    copy = shutil.copytree if place.is_dir() else shutil.copy
    kept = Path(copy(place, tmp_path / "kept"))
    for _ in range(2):
        prepare_clinic(settings)
    remove(place)
    copy(kept, place)
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(
            ClinicPartsError, match=f"An older copy is in place of this clinic's {part}"
        ):
            start(settings)


def test_an_emptied_marker_of_the_archive_is_said_to_be_emptied(settings: Settings) -> None:
    prepare_clinic(settings)
    (shelf_path(settings) / MARKER).write_bytes(b"")
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(ClinicPartsError, match=r"marker of the archive, .* was emptied"):
            start(settings)


def test_an_older_copy_of_the_keys_is_noticed(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.keys, tmp_path / "kept")
    rotate_keys(open_clinic(settings), settings.keys)
    newer = settings.keys.rename(tmp_path / "newer")
    shutil.copytree(tmp_path / "kept", settings.keys)
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(ClinicPartsError, match="are older than the records: key 2 is missing"):
            start(settings)
    remove(settings.keys)
    newer.rename(settings.keys)
    prepare_clinic(settings)


def test_a_key_of_the_same_version_that_is_not_the_same_key_is_noticed(settings: Settings) -> None:
    prepare_clinic(settings)
    path = settings.keys / "records.json"
    ring = KeyRing.load(settings.keys)
    path.write_text(path.read_text().replace(ring.field_keys[1].hex(), "a1" + "0f" * 31))
    with pytest.raises(ClinicPartsError, match="are not those of the records"):
        prepare_clinic(settings)


def test_a_shelf_that_lay_under_the_mounted_one_is_not_written_to(at: At, tmp_path: Path) -> None:
    stage = at(Station.COUNTERSIGNED)
    settings = stage.clinic.settings
    stage.house.database.close()
    shutil.copytree(shelf_path(settings), tmp_path / "under")
    for _ in range(2):
        prepare_clinic(settings)
    house = open_clinic(settings)
    house.shelf.put(DOCUMENT, b"document")
    shelf_path(settings).rename(tmp_path / "unmounted")
    (tmp_path / "under").rename(shelf_path(settings))
    with pytest.raises(ShelfUnavailable, match="another one is in its place"):
        house.shelf.put(DOCUMENT, b"document")
    with pytest.raises(ShelfUnavailable):
        house.shelf.try_writing()
    shelf_path(settings).rename(tmp_path / "under")
    (tmp_path / "unmounted").rename(shelf_path(settings))
    assert house.shelf.get(DOCUMENT) == b"document"


def test_records_from_before_the_id_was_kept_are_given_it_at_their_next_start(
    settings: Settings,
) -> None:
    house = open_clinic(settings)
    with house.database.write() as tx:
        tx.connection.execute(delete(tables.clinic))
    house.database.close()
    (shelf_path(settings) / "candour-shelf").write_text("")
    open_clinic(settings).shelf.try_writing()
    prepare_clinic(settings)
    assert mark_of(shelf_path(settings)).clinic_id == KeyRing.load(settings.keys).clinic_id
    assert open_clinic(settings).shelf.names()


def test_a_start_cut_off_between_archive_and_records_is_taken_for_the_same(
    settings: Settings, tmp_path: Path
) -> None:
    shutil.copy(database_path(settings), tmp_path / "before")
    prepare_clinic(settings)
    shutil.copy(tmp_path / "before", database_path(settings))
    open_clinic(settings).shelf.try_writing()
    prepare_clinic(settings)


def test_keys_put_in_place_while_the_clinic_works_are_not_believed(
    settings: Settings, other: Settings
) -> None:
    prepare_clinic(settings)
    house = open_clinic(settings)
    right = (settings.keys / "records.json").rename(settings.keys / "right.json")
    shutil.copy(other.keys / "records.json", settings.keys / "records.json")
    with house.database.write() as tx:
        house.note(tx, DESK, "visit_arranged", "visit-1")
    grave = [each.name for each in self_check(house, settings) if each.grave]
    assert grave == ["keys_replaced"]
    right.rename(settings.keys / "records.json")
    assert not [each for each in self_check(house, settings) if each.grave]
    with open_clinic(settings).database.read() as tx:
        assert [each.person for each in events_of(tx, "visit-1")] == [DESK]
        assert verify_ledger(tx) == ()
