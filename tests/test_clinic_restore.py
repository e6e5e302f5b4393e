"""A restore replaces nothing that is there, and says "Restored" only of what it opened again."""

import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from questionnaire.archive.backup import Manifest, file_sha256, newest_manifest, write_manifest
from questionnaire.archive.shelf import DRAFT, ShelfMark, mark_of, mark_shelf
from questionnaire.clinic import database_path, open_clinic, prepare_clinic, shelf_path
from questionnaire.domain.visit import Station
from questionnaire.journey.backing_up import back_up
from questionnaire.journey.rotating import rotate_keys
from questionnaire.only_one import only_one
from questionnaire.records.sealing import sealed_files
from questionnaire.settings import Settings
from tests.cli.test_keeping import ask
from tests.clinics import Stage
from tests.test_clinic_parts import places, remove

KEPT = Path(__file__).parent / "golden" / "kept" / "0.1.0"
WHOLE = "1 sound, 0 damaged, 0 missing\n"
NOT_OURS = {"running.lock"}
"""What a restore may leave in the data folder: the lock on which programs queue."""


@pytest.fixture
def clinic(at: Callable[..., Stage], tmp_path: Path) -> Iterator[Settings]:
    """A clinic at work with a sealed consent, and a backup of it in `backup`."""
    stage = at(Station.SEALED)
    back_up(stage.house, tmp_path / "backup")
    yield stage.clinic.settings
    stage.house.database.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where the backup is."""
    return tmp_path / "backup"


@pytest.fixture
def new(clinic: Settings, tmp_path: Path) -> Settings:
    """The same clinic's keys on another machine, where there are no records yet."""
    (tmp_path / "new").mkdir(mode=0o700)
    return replace(clinic, data=tmp_path / "new")


def all_of(folder: Path) -> dict[str, bytes | str | None]:
    """Everything in a folder: files with their bytes, links with where they lead, folders."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in folder.rglob("*")
        if path.name not in NOT_OURS
    }


def document_in(folder: Path) -> Path:
    (found,) = folder.rglob("consent.pdf")
    return found


def assert_refused(settings: Settings, backup: Path, sentence: str) -> None:
    """One sentence, and everything stays exactly as it is."""
    before, kept = all_of(settings.data), all_of(backup)
    result = ask(settings, "restore", backup)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.output
    assert sentence in result.stderr
    assert "Restored" not in result.stdout
    assert (all_of(settings.data), all_of(backup)) == (before, kept)


def assert_restored(settings: Settings, backup: Path) -> None:
    """The clinic is whole, starts, and the backup was not touched."""
    kept = all_of(backup)
    result = ask(settings, "restore", backup)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(f"whole\nRestored to {settings.data}.\n")
    assert all_of(backup) == kept
    assert not [*settings.data.glob(".*"), *shelf_path(settings).rglob(f"{DRAFT}*")]
    assert document_in(shelf_path(settings)).stat().st_mode & 0o777 == 0o400
    prepare_clinic(settings)
    assert ask(settings, "archive", "check").stdout == WHOLE
    assert ask(settings, "ledger", "verify").exit_code == 0


def live_side_file(clinic: Settings, ending: str) -> bytes:
    """What really lies beside the records while programs work."""
    return database_path(clinic).with_name(f"candour.db{ending}").read_bytes()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", "-wal2", ""])
@pytest.mark.parametrize("content", ["of the live clinic", "empty", "leads nowhere"])
def test_a_piece_of_earlier_records_keeps_a_backup_out(
    clinic: Settings, new: Settings, backup: Path, ending: str, content: str
) -> None:
    left = new.data / f"candour.db{ending}"
    if content == "leads nowhere":
        left.symlink_to(new.data.parent / "not mounted")
    else:
        left.write_bytes(live_side_file(clinic, "-wal") if content[0] == "o" else b"")
    assert_refused(new, backup, f"There are records already, or a piece of them: {left}. Nothing")
    left.rename(new.data.parent / "elsewhere")
    assert_restored(new, backup)


def lost(settings: Settings) -> None:
    """The records are lost; the archive is still there."""
    for path in settings.data.glob("candour.db*"):
        path.unlink()


def put_another(settings: Settings, name: str = "2031/03/LATER/consent.pdf") -> None:
    path = shelf_path(settings) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(b"sealed after the backup")


def change(settings: Settings) -> None:
    path = document_in(shelf_path(settings))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])


def make_foreign(settings: Settings) -> None:
    mark_shelf(shelf_path(settings), ShelfMark("0" * 32, 1))


def not_mounted(settings: Settings) -> None:
    shutil.rmtree(shelf_path(settings))
    shelf_path(settings).symlink_to(settings.data / "not mounted")


ARCHIVES: dict[str, tuple[Callable[[Settings], None], str]] = {
    "a document sealed after the backup": (put_another, "a document that the backup lacks or has"),
    "a document that differs": (change, "a document that the backup lacks or has otherwise"),
    "another clinic's": (make_foreign, "is another clinic's"),
    "not mounted": (not_mounted, "its disk is not mounted"),
}


@pytest.mark.parametrize("leftover", [".restoring", ".candour-passing-left"])
@pytest.mark.parametrize("case", ARCHIVES)
def test_an_archive_that_is_not_what_the_backup_holds_stays(
    clinic: Settings, backup: Path, case: str, leftover: str
) -> None:
    spoil, sentence = ARCHIVES[case]
    lost(clinic)
    spoil(clinic)
    (clinic.data / leftover / "shelf").mkdir(parents=True)
    assert_refused(clinic, backup, sentence)


def test_beside_the_very_archive_of_the_backup_the_records_come_back(
    clinic: Settings, backup: Path
) -> None:
    lost(clinic)
    assert_restored(clinic, backup)


@pytest.mark.parametrize("place", ["elsewhere", "mounted empty"])
def test_an_archive_on_another_disk_is_filled_where_it_is(
    new: Settings, backup: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)
    shelf_path(new).symlink_to(tmp_path / "disk")
    if place == "elsewhere":
        mark_shelf(tmp_path / "disk", ShelfMark())
    assert_restored(new, backup)
    assert shelf_path(new).is_symlink()
    assert document_in(tmp_path / "disk")
    assert (tmp_path / "disk" / "lost+found").is_dir()


def test_a_second_restore_replaces_nothing(new: Settings, backup: Path) -> None:
    assert_restored(new, backup)
    assert_refused(new, backup, "There are records already")


def test_where_another_candour_works_nothing_is_brought_back(new: Settings, backup: Path) -> None:
    with only_one(new.data):
        assert_refused(new, backup, "Candour already runs with the data in")
    assert_restored(new, backup)


def other_keys(settings: Settings, tmp_path: Path) -> Settings:
    prepare_clinic(places(tmp_path / "other"))
    return replace(settings, keys=places(tmp_path / "other").keys)


def no_keys(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "none").mkdir(mode=0o700)
    return replace(settings, keys=tmp_path / "none")


def no_certificates(settings: Settings, tmp_path: Path) -> Settings:
    keys = Path(shutil.copytree(settings.keys, tmp_path / "copied"))
    remove(keys / "certificates")
    return replace(settings, keys=keys)


def other_certificates(settings: Settings, tmp_path: Path) -> Settings:
    copied = no_certificates(settings, tmp_path)
    foreign = other_keys(settings, tmp_path)
    shutil.copytree(foreign.keys / "certificates", copied.keys / "certificates")
    return copied


KEYS: dict[str, tuple[Callable[[Settings, Path], Settings], str]] = {
    "another clinic's": (other_keys, ".db does not open with the keys in"),
    "none": (no_keys, "There is no key file at"),
    "without certificates": (no_certificates, "The certificates of this clinic are not in"),
    "another clinic's certificates": (other_certificates, "lack a clinic root that these records"),
}


@pytest.mark.parametrize("case", KEYS)
def test_with_other_keys_or_none_nothing_is_brought_back(
    clinic: Settings, new: Settings, backup: Path, tmp_path: Path, case: str
) -> None:
    prepare_clinic(clinic)
    remove(backup)
    back_up(open_clinic(clinic), backup)
    make, sentence = KEYS[case]
    assert_refused(make(new, tmp_path), backup, sentence)


def test_with_keys_older_than_the_backup_nothing_is_brought_back(
    clinic: Settings, new: Settings, backup: Path, tmp_path: Path
) -> None:
    prepare_clinic(clinic)
    earlier = Path(shutil.copytree(clinic.keys, tmp_path / "earlier"))
    rotate_keys(open_clinic(clinic), clinic.keys)
    remove(backup)
    back_up(open_clinic(clinic), backup)
    sentence = "are older than the records: key 2 is missing"
    assert_refused(replace(new, keys=earlier), backup, sentence)
    assert sentence in ask(replace(new, keys=earlier), "restore", "--check", backup).stderr
    assert_restored(new, backup)


def flip_in(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"?")


SPOILED: dict[str, Callable[[Path], object]] = {
    "records missing": lambda it: next(it.glob("records-*")).unlink(),
    "records changed": lambda it: flip_in(next(it.glob("records-*"))),
    "records emptied": lambda it: next(it.glob("records-*")).write_bytes(b""),
    "document missing": lambda it: document_in(it).unlink(),
    "documents missing": lambda it: shutil.rmtree(it / "shelf"),
    "marker missing": lambda it: (it / "shelf" / "candour-shelf").unlink(),
    "manifest cut": lambda it: flip_in(next(it.glob("manifest-*"))),
    "manifest missing": lambda it: next(it.glob("manifest-*")).unlink(),
    "folder missing": shutil.rmtree,
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_backup_that_is_incomplete_or_altered_brings_nothing_back(
    new: Settings, backup: Path, case: str
) -> None:
    SPOILED[case](backup)
    for words in (("--check",), ()):
        result = ask(new, "restore", *words, backup)
        assert (result.exit_code, "Restored" in result.stdout) == (1, False)
        assert is_told(result.stdout + result.stderr)
    assert all_of(new.data) == {}


def is_told(told: str) -> bool:
    """Whether what is wrong was said, and not with a traceback."""
    endings = ("missing.", "changed.", "Use another backup.", "There is no backup in")
    return any(each in told for each in endings) and "Traceback" not in told


@pytest.mark.parametrize("page", [1, 7, -1])
def test_records_damaged_before_they_were_copied_are_not_brought_back(
    new: Settings, backup: Path, page: int
) -> None:
    """The manifest is right about the file: only opening it shows that a page is not."""
    manifest = newest_manifest(backup)
    records = backup / manifest.database
    pages = records.stat().st_size // 4096
    with records.open("rb+") as file:
        file.seek((page % pages) * 4096 + 2000)
        file.write(b"\0" * 40)
    listed = {**manifest.files, manifest.database: file_sha256(records)}
    write_manifest(backup, replace(manifest, files=listed))
    for words in (("--check",), ()):
        result = ask(new, "restore", *words, backup)
        assert (result.exit_code, "Restored" in result.stdout) == (1, False)
        assert result.stdout.startswith(f"{manifest.database} is damaged.\n")
    assert all_of(new.data) == {}


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The disk takes no more: the write of a longer file fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("size", [10, 5_000, 60_000])
def test_a_disk_that_is_full_in_the_middle_is_said_and_the_restore_asked_again(
    new: Settings, backup: Path, size: int
) -> None:
    with no_file_longer_than(size):
        result = ask(new, "restore", backup)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "The disk is full" in result.stderr
    assert not list(new.data.glob("candour.db*"))
    assert_restored(new, backup)


def test_only_what_the_records_know_comes_back(new: Settings, backup: Path) -> None:
    """A document disposed of since lies in the backup's folder still, from an earlier backup."""
    gone = backup / "shelf" / "2031" / "03" / "GONE" / "consent.pdf"
    gone.parent.mkdir(parents=True)
    gone.write_bytes(b"a record whose time was over")
    assert_restored(new, backup)
    assert document_in(shelf_path(new))


def test_the_archive_gets_the_mark_the_records_know(
    clinic: Settings, new: Settings, backup: Path
) -> None:
    for _ in range(3):
        prepare_clinic(clinic)
    remove(backup)
    back_up(open_clinic(clinic), backup)
    assert ask(new, "restore", backup).exit_code == 0
    assert mark_of(shelf_path(new)) == mark_of(shelf_path(clinic))


def test_a_backup_of_an_earlier_release_comes_back(tmp_path: Path, backup: Path) -> None:
    settings = places(tmp_path)
    shutil.copytree(KEPT / "keys", settings.keys)
    for path in (settings.keys, *settings.keys.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    shutil.copytree(KEPT / "data" / "shelf", backup / "shelf")
    name = "records-20261130T060000Z.db"
    shutil.copy(KEPT / "data" / "candour.db", backup / name)
    files = {name: file_sha256(backup / name)} | {
        path.relative_to(backup).as_posix(): file_sha256(path) for path in backup.rglob("*.pdf")
    }
    write_manifest(backup, Manifest(datetime(2026, 11, 30, 6, tzinfo=UTC), name, (0, ""), files))
    result = ask(settings, "restore", backup)
    assert result.stdout.splitlines()[-1] == f"Restored to {settings.data}.", result.output
    prepare_clinic(settings)
    house = open_clinic(settings)
    with house.database.read() as tx:
        assert len(sealed_files(tx)) == len(house.shelf.names()) == len(files) - 1
    house.database.close()
