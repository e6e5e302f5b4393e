"""What is typed to make backups, to try them and to bring them back."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from questionnaire.clinic import database_path, shelf_path
from questionnaire.domain.visit import Station
from questionnaire.settings import Settings
from tests.cli.test_keeping import ask
from tests.clinics import Clinic, Clinics, Stage
from tests.faults.odd_files import KINDS, put
from tests.journeys.test_keeping import file_documents, file_of, flip


@pytest.mark.guarantees("R20", "R22")
def test_a_backup_is_checked_and_restored_where_nothing_is(
    sealed: Stage, clinics: Clinics, tmp_path: Path
) -> None:
    settings, backup = sealed.clinic.settings, tmp_path / "backup"
    made = ask(settings, "backup", backup)
    assert made.exit_code == 0
    assert re.fullmatch(r"records-.*\.db and 1 documents, ledger \d+:[0-9a-f]{64}\n", made.stdout)
    for _ in range(2):
        checked = ask(settings, "restore", "--check", backup)
        assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "whole")
    refused = ask(settings, "restore", backup)
    assert (refused.exit_code, "There are records already" in refused.stderr) == (1, True)
    elsewhere = Settings.from_environment(
        {"CANDOUR_DATA": str(tmp_path / "new"), "CANDOUR_KEYS": str(settings.keys)}
    )
    restored = ask(elsewhere, "restore", backup)
    assert restored.stdout.splitlines()[-1] == f"Restored to {tmp_path / 'new'}."
    assert database_path(elsewhere).stat().st_mode & 0o777 == 0o600
    assert ask(elsewhere, "archive", "check").stdout == "1 sound, 0 damaged, 0 missing\n"
    assert ask(elsewhere, "ledger", "verify").exit_code == 0
    again = clinics.reopen(elsewhere)
    assert again.visit(sealed.visit_id).station == Station.SEALED
    with again.house.database.read() as tx:
        assert tx.connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    again.house.database.close()


@pytest.mark.guarantees("R22")
def test_a_damaged_backup_is_not_restored(sealed: Stage, tmp_path: Path) -> None:
    settings = sealed.clinic.settings
    ask(settings, "backup", tmp_path / "backup")
    document = next((tmp_path / "backup" / "shelf").rglob("*.pdf"))
    flip(document)
    result = ask(settings, "restore", tmp_path / "backup")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].endswith("consent.pdf was changed.")
    assert result.stdout.splitlines()[-1] == "damaged"
    nothing = ask(settings, "restore", "--check", tmp_path / "none")
    assert (nothing.exit_code, "There is no backup in" in nothing.stderr) == (1, True)


def test_a_backup_names_what_it_could_not_copy(sealed: Stage, tmp_path: Path) -> None:
    path = file_of(sealed)
    flip(path)
    result = ask(sealed.clinic.settings, "backup", tmp_path / "backup")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "not copied, damaged, missing or unreadable on the shelf: 2031/03/"
    )


@pytest.mark.guarantees("R20")
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_one_unreadable_document_is_named_and_every_other_is_backed_up(
    clinic: Clinic, key_elsewhere: tuple[Path, Path], tmp_path: Path, kind: str, *, locked: bool
) -> None:
    public, private = key_elsewhere
    settings = replace(clinic.settings, backup_key=public if locked else None)
    unreadable, *others = file_documents(clinic, 3)
    clinic.house.database.close()
    put(shelf_path(settings) / unreadable, kind)
    backup = tmp_path / "backup"
    result = ask(settings, "backup", backup)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        f"not copied, damaged, missing or unreadable on the shelf: {unreadable}",
    )
    assert " and 2 documents, ledger " in result.stdout
    ending = ".locked" if locked else ""
    found = (backup / "shelf").rglob(f"consent.pdf{ending}")
    names = [f"{backup / 'shelf' / name}{ending}" for name in others]
    assert sorted(map(str, found)) == sorted(names)
    key = ("--key", private) if locked else ()
    checked = ask(settings, "restore", "--check", *key, backup)
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (
        1,
        f"{unreadable} does not open as what was sealed.",
    )
    assert checked.stdout.splitlines()[-1] == "damaged"


@pytest.mark.guarantees("R20")
@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_that_stops_leaves_nothing_that_looks_like_one(
    sealed: Stage, tmp_path: Path, kind: str
) -> None:
    settings, backup = sealed.clinic.settings, tmp_path / "backup"
    name = file_of(sealed).relative_to(shelf_path(settings))
    put(backup / "shelf" / name.parent, "pipe" if kind == "folder" else kind)
    result = ask(settings, "backup", backup)
    assert (result.exit_code, result.stderr[:9]) == (1, "candour: ")
    assert [path.name for path in backup.iterdir()] == ["shelf"]


def test_a_backup_belongs_on_another_disk(sealed: Stage) -> None:
    settings = sealed.clinic.settings
    for inside in (settings.data / "backup", settings.keys):
        result = ask(settings, "backup", inside)
        assert (result.exit_code, "belongs on another disk" in result.stderr) == (1, True)


def test_a_place_where_no_backup_can_be_made_is_said(sealed: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = ask(sealed.clinic.settings, "backup", tmp_path / "file" / "backup")
    assert (result.exit_code, "this user: not a directory" in result.stderr) == (1, True)


@pytest.fixture
def key_elsewhere(tmp_path: Path) -> tuple[Path, Path]:
    """A pair of keys as `openssl` writes them: the public and the private file."""
    key = X25519PrivateKey.generate()
    public, private = tmp_path / "backup.pub", tmp_path / "safe.pem"
    spki = PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, spki))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public, private


@pytest.mark.guarantees("S56")
def test_a_locked_backup_is_tried_and_restored_with_the_private_key_alone(
    sealed: Stage, key_elsewhere: tuple[Path, Path], tmp_path: Path
) -> None:
    public, private = key_elsewhere
    settings = replace(sealed.clinic.settings, backup_key=public)
    backup = tmp_path / "backup"
    made = ask(settings, "backup", backup)
    assert (made.exit_code, made.stdout.splitlines()[-1][:14]) == (0, "locked to key ")
    closed = ask(settings, "restore", "--check", backup)
    assert (closed.exit_code, "as they were written" in closed.stdout) == (0, True)
    assert "whole" not in closed.stdout
    whole = ask(settings, "restore", "--check", "--key", private, backup)
    assert (whole.exit_code, whole.stdout.splitlines()[-1]) == (0, "whole")
    elsewhere = replace(settings, data=tmp_path / "new", backup_key=None)
    refused = ask(elsewhere, "restore", backup)
    assert (refused.exit_code, "its private half" in refused.stderr) == (1, True)
    assert not (tmp_path / "new").exists()
    restored = ask(elsewhere, "restore", "--key", private, backup)
    assert restored.stdout.splitlines()[-1] == f"Restored to {elsewhere.data}."
    assert ask(elsewhere, "archive", "check").stdout == "1 sound, 0 damaged, 0 missing\n"
    assert ask(elsewhere, "ledger", "verify").exit_code == 0
    assert {path.name for path in elsewhere.data.glob(".*")} == set()


@pytest.mark.guarantees("S56")
def test_a_wrong_key_or_a_spoiled_locked_backup_is_said(
    sealed: Stage, key_elsewhere: tuple[Path, Path], tmp_path: Path
) -> None:
    public, private = key_elsewhere
    settings = replace(sealed.clinic.settings, backup_key=public)
    backup, other = tmp_path / "backup", tmp_path / "other.pem"
    wrong = X25519PrivateKey.generate()
    other.write_bytes(wrong.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    no_key = ask(replace(settings, backup_key=tmp_path / "none"), "backup", backup)
    assert (no_key.exit_code, "is not a public key" in no_key.stderr) == (1, True)
    assert ask(settings, "backup", backup).exit_code == 0
    result = ask(settings, "restore", "--check", "--key", other, backup)
    assert (result.exit_code, "does not open with this key" in result.stderr) == (1, True)
    flip(next((backup / "shelf").rglob("*.locked")))
    for words in ((), ("--key", private)):
        result = ask(settings, "restore", "--check", *words, backup)
        assert (result.exit_code, "was changed." in result.stdout) == (1, True)
