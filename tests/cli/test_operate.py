"""What the machine's keeper types, and what comes back: one sentence for each problem."""

import errno
import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskCliRunner

from app import create_app
from questionnaire.cli.operate import in_one_sentence
from questionnaire.clinic import certificates_folder, database_path
from questionnaire.documents.verdict import LARGEST_FILE
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import staffing
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.staffing import Joining
from questionnaire.settings import Settings
from tests.clinics import ARCHIVIST, Clinic, Stage

At = Callable[..., Stage]
SHA = "[0-9a-f]{64}"


def environment(settings: Settings) -> dict[str, str]:
    return {
        "CANDOUR_DATA": str(settings.data),
        "CANDOUR_KEYS": str(settings.keys),
        "CANDOUR_RULES": str(settings.rules),
        "CANDOUR_PORT": "8123",
    }


def ask(env: Mapping[str, str] | Settings, *words: str) -> Result:
    """Type `flask --app app …`."""
    given = environment(env) if isinstance(env, Settings) else env
    return FlaskCliRunner(create_app()).invoke(args=words, env=given)


def sealed_file(stage: Stage, folder: Path) -> Path:
    path = folder / "consent.pdf"
    path.write_bytes(open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.DOWNLOADED))
    stage.house.database.close()
    return path


def test_every_command_is_there() -> None:
    assert set(create_app().cli.commands) >= {
        "setup",
        "demo",
        "worker",
        "rules",
        "consent",
        "ledger",
    }


def test_setup_makes_the_clinic_and_prints_the_doors_and_the_first_link(tmp_path: Path) -> None:
    env = {
        "CANDOUR_DATA": str(tmp_path / "data"),
        "CANDOUR_KEYS": str(tmp_path / "keys"),
        "CANDOUR_PORT": "8123",
    }
    for _ in range(2):
        result = ask(env, "setup")
        assert result.exit_code == 0
        patients, staff, first = result.output.splitlines()
        assert patients == "Patients: http://127.0.0.1:8123/"
        assert staff == "Staff:    http://127.0.0.1:8123/staff/"
        link = f"http://127.0.0.1:8123/staff/first#first-administrator.[0-9]+.{SHA}"
        assert re.fullmatch(f"First administrator, once, within a day: {link}", first)


@pytest.mark.parametrize("left", ["", "not a key", None])
def test_a_set_up_without_its_sealing_key_is_one_sentence_and_no_address(
    clinic: Clinic, left: str | None
) -> None:
    clinic.house.database.close()
    for key in certificates_folder(clinic.settings).glob("seal-*.key.pem"):
        key.unlink() if left is None else key.write_text(left)
    result = ask(clinic.settings, "setup")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "from the safe copy of the keys" in result.stderr


def test_setup_prints_no_link_once_there_is_an_administrator(clinic: Clinic) -> None:
    joining = Joining("Dr Ada Invented", "ada@candour.example", "", frozenset({Role.CLINICIAN}))
    staffing.open_house(clinic.house, staffing.first_link(clinic.house), joining, "hash")
    clinic.house.database.close()
    refused = ask(clinic.settings, "setup")
    assert (refused.exit_code, refused.stdout) == (1, ""), "the clock of the test was ahead"
    assert "--accept-clock" in refused.stderr
    ask(clinic.settings, "check", "--accept-clock")
    result = ask(clinic.settings, "setup")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"CANDOUR_PORT": "0"}, "CANDOUR_PORT must be a whole number from 1 to 65535"),
        ({"CANDOUR_KEYS": "{data}/keys"}, "must be outside the data folder"),
        ({"CANDOUR_RULES": "{tmp}/nowhere"}, "nowhere/clinic.yaml:1: This file cannot be read"),
        ({"CANDOUR_DATA": "/dev/null/data"}, "cannot be written: not a directory"),
        ({"CANDOUR_KEYS": "/dev/null/keys"}, "cannot be written: not a directory"),
    ],
    ids=["port", "keys in data", "no rules", "data folder", "keys folder"],
)
@pytest.mark.guarantees("S52")
def test_what_is_in_the_way_is_one_sentence_and_status_one(
    tmp_path: Path, env: dict[str, str], words: str
) -> None:
    places = {"tmp": str(tmp_path), "data": str(tmp_path / "data")}
    usual = {"CANDOUR_DATA": str(tmp_path / "data"), "CANDOUR_KEYS": str(tmp_path / "keys")}
    given = usual | {key: value.format(**places) for key, value in env.items()}
    for command in ("setup", "demo"):
        result = ask(given, command)
        assert result.exit_code == 1
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.stdout == ""
        assert result.stderr.startswith("candour: ")
        assert words in result.stderr


@pytest.mark.guarantees("S52")
def test_a_worker_without_a_clinic_says_so_in_one_sentence(tmp_path: Path) -> None:
    for data, words in (("data", "There is no key file at"), ("file/data", "cannot be written")):
        (tmp_path / "file").touch()
        env = {
            "CANDOUR_DATA": str(tmp_path / data),
            "CANDOUR_KEYS": str(tmp_path / "keys"),
        }
        result = ask(env, "worker")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("candour: ")
        assert words in result.stderr


def spoil_keys(settings: Settings) -> None:
    (settings.keys / "records.json").write_text("{}")


def open_keys(settings: Settings) -> None:
    (settings.keys / "records.json").chmod(0o644)


def lose_keys(settings: Settings) -> None:
    (settings.keys / "records.json").unlink()


def spoil_database(settings: Settings) -> None:
    database_path(settings).write_bytes(b"not a database" * 1000)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_keys, "is damaged. Restore it."),
        (open_keys, "is open to other users. Close it: chmod go="),
        (lose_keys, "There is no key file at"),
        (spoil_database, "does not open with these keys."),
    ],
)
@pytest.mark.guarantees("S52")
def test_a_clinic_that_cannot_be_opened_is_one_sentence_and_status_one(
    clinic: Clinic, spoil: Callable[[Settings], None], words: str
) -> None:
    clinic.house.database.close()
    spoil(clinic.settings)
    for words_typed in (("setup",), ("ledger", "verify")):
        result = ask(clinic.settings, *words_typed)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("candour: ")
        assert words in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_a_sealed_file_is_authentic_and_the_exact_archived_copy(at: At, tmp_path: Path) -> None:
    stage = at(Station.SEALED)
    file = sealed_file(stage, tmp_path)
    result = ask(stage.clinic.settings, "consent", "verify", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert re.fullmatch(f"File SHA-256: {SHA}", lines[0])
    assert lines[2].startswith("Sealed at: 2031-03-04 09:30:00")
    assert re.fullmatch(f"Record SHA-256: {SHA}", lines[4])
    assert lines[-2:] == ["exact archived copy: yes", "authentic"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda pdf: pdf + b"%", "altered"),
        (lambda pdf: pdf.replace(b"/ByteRange", b"/byterange"), "altered"),
        (lambda _: b"", "unsealed"),
        (lambda _: b"\x00\xff" * 1000, "unsealed"),
    ],
    ids=["altered", "stripped", "empty", "noise"],
)
def test_any_other_file_gets_its_word_and_status_one(
    at: At, tmp_path: Path, change: Callable[[bytes], bytes], word: str
) -> None:
    stage = at(Station.SEALED)
    file = sealed_file(stage, tmp_path)
    file.write_bytes(change(file.read_bytes()))
    result = ask(stage.clinic.settings, "consent", "verify", str(file))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2:] == ["exact archived copy: no", word]


def test_a_file_far_too_large_is_not_read(clinic: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "large.pdf"
    with file.open("wb") as written:
        written.truncate(LARGEST_FILE + 1)
    result = ask(clinic.settings, "consent", "verify", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "candour: this file is too large to be a consent of this clinic\n"


def test_what_is_no_ordinary_file_is_not_read(clinic: Clinic, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link.pdf"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    for file in ("/dev/zero", str(pipe), str(link)):
        result = ask(clinic.settings, "consent", "verify", file)
        assert (result.exit_code, result.stdout) == (1, ""), file
        assert result.stderr == "candour: this is no ordinary file\n"


def test_a_file_that_the_disk_does_not_give_is_named(clinic: Clinic) -> None:
    result = ask(clinic.settings, "consent", "verify", "/proc/self/mem")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("candour: /proc/self/mem cannot be used by this user: ")


def test_a_file_that_is_not_there_is_a_mistyped_command(clinic: Clinic, tmp_path: Path) -> None:
    result = ask(clinic.settings, "consent", "verify", str(tmp_path / "nowhere.pdf"))
    assert result.exit_code == 2


def test_without_the_clinics_root_nothing_is_verified(clinic: Clinic, tmp_path: Path) -> None:
    for path in certificates_folder(clinic.settings).iterdir():
        path.unlink()
    file = tmp_path / "any.pdf"
    file.write_bytes(b"%PDF-1.7")
    result = ask(clinic.settings, "consent", "verify", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("candour: ")
    assert "holds no clinic root certificate" in result.stderr


def test_a_whole_ledger_is_intact_and_its_head_can_be_kept_elsewhere(at: At) -> None:
    stage = at(Station.SEALED)
    stage.house.database.close()
    result = ask(stage.clinic.settings, "ledger", "verify")
    told, word = result.stdout.splitlines()
    assert (result.exit_code, word) == (0, "intact")
    found = re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d UTC, (\d+) rows, head (\d+:{SHA})", told)
    assert found is not None
    rows, anchor = found.groups()
    assert anchor.startswith(f"{rows}:")
    assert ask(stage.clinic.settings, "ledger", "verify", "--anchor", anchor).exit_code == 0
    moved = f"{int(rows) + 1}:{anchor.partition(':')[2]}"
    cut = ask(stage.clinic.settings, "ledger", "verify", "--anchor", moved)
    assert cut.exit_code == 1
    assert cut.stdout.splitlines()[0] == f"Ledger row {int(rows) + 1} was cut off."
    assert cut.stdout.splitlines()[-1] == "broken"
    for number in ("9" * 19, "٣", "-1"):
        odd = ask(stage.clinic.settings, "ledger", "verify", "--anchor", f"{number}:{'0' * 64}")
        assert (odd.exit_code, "as NUMBER:HASH" in odd.stderr) == (2, True)


@pytest.mark.guarantees("S46")
def test_a_changed_ledger_is_broken_and_the_row_is_named(at: At) -> None:
    stage = at(Station.SUBMITTED)
    with stage.house.database.write() as tx:
        triggers = tx.connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).scalars()
        for name in list(triggers):
            tx.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        tx.connection.exec_driver_sql("UPDATE ledger SET action = 'nothing' WHERE seq = 2")
    stage.house.database.close()
    result = ask(stage.clinic.settings, "ledger", "verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "Ledger row 2 was changed, moved or put in."
    assert result.stdout.splitlines()[-1] == "broken"


@pytest.mark.parametrize("anchor", ["12", "x:y", "12:", f"²:{'0' * 64}", f"-1:{'0' * 64}"])
def test_an_anchor_that_was_mistyped_is_not_taken_for_none(clinic: Clinic, anchor: str) -> None:
    result = ask(clinic.settings, "ledger", "verify", "--anchor", anchor)
    assert result.exit_code == 2
    assert "Write the anchor as it was printed" in result.stderr


def fill_a_disk() -> None:
    Path("/dev/full").write_bytes(b"one more line")


def fill_a_database() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 2")
        database.execute("CREATE TABLE kept (words)")
        database.execute("INSERT INTO kept VALUES (zeroblob(100000))")


@pytest.mark.parametrize("fill", [fill_a_disk, fill_a_database])
def test_a_full_disk_is_one_sentence_and_status_one(fill: Callable[[], None]) -> None:
    result = CliRunner().invoke(click.command()(in_one_sentence(fill)))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("candour: The disk is full")
    assert len(result.stderr.splitlines()) == 1


def test_any_other_error_is_not_taken_for_a_full_disk() -> None:
    result = CliRunner().invoke(click.command()(in_one_sentence(Path("/nowhere").read_bytes)))
    assert isinstance(result.exception, FileNotFoundError)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR])
@pytest.mark.parametrize("name", ["records.json", "root.cert.pem", "candour.db"])
def test_a_file_that_is_not_ours_to_use_is_named_in_one_sentence(
    capsys: pytest.CaptureFixture[str], code: int, name: str
) -> None:
    @in_one_sentence
    def start() -> None:
        raise OSError(code, os.strerror(code), name)

    with pytest.raises(SystemExit):
        start()
    why = os.strerror(code).lower()
    assert capsys.readouterr().err == f"candour: {name} cannot be used by this user: {why}.\n"


def test_what_is_wrong_in_the_program_itself_is_not_made_a_sentence() -> None:
    @in_one_sentence
    def start() -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    with pytest.raises(OSError, match="Bad file descriptor"):
        start()
