"""What the keeper of the records types, and what comes back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from app import create_app
from questionnaire.archive.shelf import MARKER
from questionnaire.clinic import certificates_folder, shelf_path
from questionnaire.documents.certificates import load_trusted
from questionnaire.domain.visit import Station
from questionnaire.records.cipher import FILE_NAME, KeyRing
from questionnaire.settings import Settings
from tests.clinics import Clinic, Stage
from tests.faults.odd_files import KINDS, put
from tests.journeys.test_keeping import cut_ledger, file_documents, file_of, flip

At = Callable[..., Stage]


def ask(settings: Settings, *words: str | Path, anchors: Path | None = None) -> Result:
    """Type `flask --app app …`; `anchors` is the folder set for them."""
    env = {
        "CANDOUR_DATA": str(settings.data),
        "CANDOUR_KEYS": str(settings.keys),
        "CANDOUR_RULES": str(settings.rules),
        "CANDOUR_ANCHORS": str(anchors or ""),
        "CANDOUR_BACKUP_KEY": str(settings.backup_key or ""),
    }
    return FlaskCliRunner(create_app()).invoke(args=[*map(str, words)], env=env)


@pytest.mark.guarantees("S40")
def test_rotating_the_keys_says_which_are_in_use_and_what_to_copy(sealed: Stage) -> None:
    settings = sealed.clinic.settings
    result = ask(settings, "keys", "rotate")
    first, second, last = result.stdout.splitlines()
    assert result.exit_code == 0
    assert re.fullmatch(r"Key 2 is in use; \d+ rows were sealed anew and checked\.", first)
    assert second == "Key 1 still opens documents on the shelf and nothing else."
    assert last.startswith(f"Now copy {settings.keys} to its safe place.")
    assert list(KeyRing.load(settings.keys).field_keys) == [2]
    assert ask(settings, "ledger", "verify").stdout.splitlines()[-1] == "intact"
    assert ask(settings, "archive", "check").exit_code == 0
    (sealed.house.shelf.folder / MARKER).unlink()
    refused = ask(settings, "keys", "rotate")
    assert (refused.exit_code, "The archive of this clinic is not at" in refused.stderr) == (
        1,
        True,
    )
    assert list(KeyRing.load(settings.keys).field_keys) == [2]


def test_a_key_without_use_is_said_to_be_gone(clinic: Clinic) -> None:
    assert "Key 1 is gone." in ask(clinic.settings, "keys", "rotate").stdout


def test_nothing_is_rotated_without_keys(clinic: Clinic) -> None:
    (clinic.settings.keys / FILE_NAME).unlink()
    result = ask(clinic.settings, "keys", "rotate")
    assert (result.exit_code, "There is no key file at" in result.stderr) == (1, True)


def test_a_new_sealing_certificate_needs_a_root_in_force_and_its_key(clinic: Clinic) -> None:
    result = ask(clinic.settings, "keys", "renew-seal")
    assert (result.exit_code, "keys renew-root" in result.stderr) == (1, True)
    assert ask(clinic.settings, "keys", "renew-root").exit_code == 0
    result = ask(clinic.settings, "keys", "renew-seal")
    assert (result.exit_code, "is in use from now on" in result.stdout) == (
        0,
        True,
    )
    for key in certificates_folder(clinic.settings).glob("root*.key.pem"):
        key.unlink()
    result = ask(clinic.settings, "keys", "renew-seal")
    assert (result.exit_code, "bring the clinic root back" in result.stderr) == (1, True)


def test_a_root_is_added_and_a_seal_is_revoked_by_name(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    first, _ = sorted(path.name for path in folder.glob("seal-*.cert.pem"))
    added = ask(clinic.settings, "keys", "renew-root")
    assert added.exit_code == 0, added.stderr
    assert re.match(
        r"root-\S+\.cert\.pem and seal-\S+\.cert\.pem are in use from now on", added.stdout
    )
    assert len(load_trusted(folder).roots) == 2
    revoked = ask(clinic.settings, "keys", "revoke-seal", first, "--since", "2031-03-01")
    assert revoked.stdout == f"{first} is revoked since 01 March 2031.\n"
    assert list(load_trusted(folder).revoked.values()) == [datetime(2031, 3, 1, tzinfo=UTC)]
    unknown = ask(
        clinic.settings, "keys", "revoke-seal", "seal-x.cert.pem", "--since", "2031-03-01"
    )
    assert (unknown.exit_code, "holds no seal-x.cert.pem" in unknown.stderr) == (1, True)
    assert ask(clinic.settings, "keys", "revoke-seal", first, "--since", "soon").exit_code == 2


@pytest.mark.guarantees("S46")
def test_a_cut_ledger_shows_against_the_folder_of_anchors(at: At, tmp_path: Path) -> None:
    stage = at(Station.SUBMITTED)
    settings = stage.clinic.settings
    done = ask(settings, "ledger", "anchor", anchors=tmp_path)
    assert re.fullmatch(rf".* UTC, row \d+, anchored in {re.escape(str(tmp_path))}\n", done.stdout)
    assert len(list(tmp_path.glob("ledger-*.json"))) == 1
    assert ask(settings, "ledger", "verify", anchors=tmp_path).exit_code == 0
    row = int(re.findall(r"row (\d+)", done.stdout)[0])
    cut_ledger(stage.house, row - 1)
    stage.house.database.close()
    assert ask(settings, "ledger", "verify").exit_code == 0
    result = ask(settings, "ledger", "verify", anchors=tmp_path)
    assert result.exit_code == 1
    assert (result.stdout.splitlines()[0], result.stdout.splitlines()[-1]) == (
        f"Ledger row {row} was cut off.",
        "broken",
    )


def test_anchoring_needs_a_folder_that_is_there(clinic: Clinic, tmp_path: Path) -> None:
    result = ask(clinic.settings, "ledger", "anchor")
    assert (result.exit_code, "Set CANDOUR_ANCHORS" in result.stderr) == (1, True)
    result = ask(clinic.settings, "ledger", "anchor", anchors=tmp_path)
    assert (result.exit_code, "row 2, anchored in" in result.stdout) == (0, True)
    result = ask(clinic.settings, "ledger", "anchor", anchors=tmp_path / "gone")
    assert (result.exit_code, "refuses: no such file" in result.stderr) == (1, True)


@pytest.mark.guarantees("R12")
def test_a_document_without_a_record_is_named_and_taken_out_opened(
    sealed: Stage, clinic: Clinic, tmp_path: Path
) -> None:
    settings, name = clinic.settings, str(file_of(sealed).relative_to(sealed.house.shelf.folder))
    document = sealed.house.shelf.get(name)
    clinic.house.database.close()
    lost = shelf_path(settings) / name
    lost.parent.mkdir(parents=True)
    file_of(sealed).rename(lost)
    (lost.parent / "notes").write_text("by hand")
    result = ask(settings, "archive", "check")
    assert (result.exit_code, result.stdout.splitlines()[:3]) == (
        1,
        [
            f"not in the records: {name}",
            f"put there by somebody else: {Path(name).parent / 'notes'}",
            "0 sound, 0 damaged, 0 missing",
        ],
    )
    refused = ask(settings, "setup")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "sealed documents that are not in the records: 1" in refused.stderr
    assert "archive take-out FOLDER" in refused.stderr
    inside = ask(settings, "archive", "take-out", settings.data / "kept")
    assert (inside.exit_code, "name a folder elsewhere" in inside.stderr) == (1, True)
    taken = ask(settings, "archive", "take-out", tmp_path / "kept")
    path = tmp_path / "kept" / name.replace("/", "-")
    assert taken.stdout == f"{path}\nTaken out: 1.\n"
    assert path.read_bytes() == document
    assert ask(settings, "archive", "check").exit_code == 0


@pytest.mark.guarantees("R12")
def test_checking_the_archive_names_what_is_wrong(sealed: Stage) -> None:
    settings = sealed.clinic.settings
    assert ask(settings, "archive", "check").stdout == "1 sound, 0 damaged, 0 missing\n"
    path = file_of(sealed)
    name = path.relative_to(shelf_path(settings))
    flip(path)
    result = ask(settings, "archive", "check")
    first, second, _ = result.stdout.splitlines()
    assert (result.exit_code, first) == (1, f"damaged: {name}")
    assert second == "0 sound, 1 damaged, 0 missing"
    assert "GRAVE archive_damaged: " in ask(settings, "check").stdout
    path.unlink()
    assert f"missing: {name}" in ask(settings, "archive", "check").stdout
    result = ask(settings, "check")
    assert f"missing in the archive: 1, the first {name}." in result.stdout
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "not ready")
    (shelf_path(settings) / MARKER).unlink()
    assert "The archive of this clinic is not at" in ask(settings, "archive", "check").stderr


@pytest.mark.guarantees("R12", "S52")
@pytest.mark.parametrize("kind", KINDS)
def test_one_unreadable_document_hides_no_other_damage(clinic: Clinic, kind: str) -> None:
    settings, (unreadable, emptied, sound) = clinic.settings, file_documents(clinic, 3)
    clinic.house.database.close()
    put(shelf_path(settings) / unreadable, kind)
    (shelf_path(settings) / emptied).unlink()
    (shelf_path(settings) / emptied).touch()
    result = ask(settings, "check")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "not ready")
    for what, name in (("unreadable", unreadable), ("damaged", emptied)):
        assert (
            f"GRAVE archive_{what}: Sealed documents that are {what} in the archive: 1, the first "
            f"{name}.\n"
        ) in result.stdout
    assert sound not in result.stdout
    result = ask(settings, "archive", "check")
    assert (result.exit_code, result.stdout.splitlines()[:3]) == (
        1,
        [
            f"damaged: {emptied}",
            f"unreadable: {unreadable}",
            "1 sound, 1 damaged, 0 missing, 1 unreadable",
        ],
    )


@pytest.mark.guarantees("S52")
def test_the_self_check_prints_each_finding_with_its_remedy(clinic: Clinic) -> None:
    result = ask(clinic.settings, "check")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "ready")
    assert "anchors: The ledger is anchored nowhere" in result.stdout
    (shelf_path(clinic.settings) / MARKER).unlink()
    result = ask(clinic.settings, "check")
    first, second, *_, last = result.stdout.splitlines()
    place = shelf_path(clinic.settings)
    assert first.startswith(f"GRAVE parts: The archive of this clinic is not at {place}. Mount ")
    assert (result.exit_code, last) == (1, "not ready")
    assert second == "    A new clinic is made only where neither keys nor records are."
    (clinic.settings.keys / FILE_NAME).unlink()
    assert ask(clinic.settings, "check").stdout.startswith("GRAVE keys: There is no key file")


@pytest.mark.guarantees("R14", "S52")
def test_a_clock_that_is_right_after_all_is_accepted_once(at: At) -> None:
    settings = at(Station.ARRANGED).clinic.settings
    assert "GRAVE clock" in ask(settings, "check").stdout
    assert ask(settings, "check", "--accept-clock").stdout.splitlines()[-1] == "ready"
    assert ask(settings, "check").exit_code == 0
