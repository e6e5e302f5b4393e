"""What the self-check finds, one test for each, and that grave things refuse the start."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from app import open_doors
from questionnaire.archive.shelf import MARKER
from questionnaire.clinic import before_opening, certificates_folder
from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificates import (
    issue_root,
    issue_seal,
    load_seal,
    load_trusted,
)
from questionnaire.domain.visit import Station
from questionnaire.journey import self_check as checking
from questionnaire.journey.certifying import renew_certificate, renew_root
from questionnaire.journey.finding import Finding
from questionnaire.journey.house import House
from questionnaire.journey.self_check import (
    UnsafeToStart,
    accept_clock,
    refuse_unsafe_start,
    self_check,
)
from questionnaire.records.cipher import FILE_NAME
from questionnaire.settings import Settings
from tests.clinics import Clinic, Clinics, Stage

At = Callable[..., Stage]
ROOT = Path(__file__).resolve().parents[2]
STOPS_GUNICORN = 4
SOUND = ["anchors"]
"""What is found in a clinic of the tests: nobody set a folder for anchors."""


def names(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.name for finding in findings]


def looked(house: House, settings: Settings, *, debug: bool = False) -> tuple[Finding, ...]:
    """What is found beside missing staff: nobody has an account in the clinics of these tests."""
    return tuple(
        one for one in self_check(house, settings, debug=debug) if one.name != "set_up_gone"
    )


def found(clinic: Clinic) -> list[str]:
    """What is found beside the missing folder for anchors."""
    return [name for name in names(looked(clinic.house, clinic.settings)) if name != "anchors"]


def assert_refused(clinic: Clinic, name: str) -> None:
    """It is found, grave, and the start is refused with its words and how to mend it."""
    finding = next(each for each in looked(clinic.house, clinic.settings) if each.name == name)
    assert finding.grave
    with pytest.raises(UnsafeToStart) as refused:
        refuse_unsafe_start(clinic.house, clinic.settings, debug=False)
    assert f"{finding.sentence} {finding.mend}" in str(refused.value)


@pytest.mark.guarantees("S52")
def test_a_sound_clinic_opens(clinic: Clinic, tmp_path: Path) -> None:
    assert before_opening(clinic.settings) == ()
    assert names(looked(clinic.house, clinic.settings)) == SOUND
    refuse_unsafe_start(clinic.house, clinic.settings, debug=False)
    anchored = replace(clinic.settings, anchors=tmp_path)
    assert looked(clinic.house, anchored) == ()


@pytest.mark.guarantees("S52")
def test_debug_mode_refuses_the_start(clinic: Clinic) -> None:
    assert names(looked(clinic.house, clinic.settings, debug=True)) == ["debug", *SOUND]
    with pytest.raises(UnsafeToStart, match=r"Debug mode is on.*FLASK_DEBUG"):
        refuse_unsafe_start(clinic.house, clinic.settings, debug=True)


@pytest.mark.guarantees("S39", "S52")
def test_a_missing_key_is_found_before_opening(clinic: Clinic) -> None:
    (clinic.settings.keys / FILE_NAME).unlink()
    (finding,) = before_opening(clinic.settings)
    assert (finding.name, finding.grave) == ("keys", True)
    assert "There is no key file at" in finding.sentence
    assert finding.mend.startswith("Bring the keys back from their safe copy: nothing else reads")


def test_setup_is_named_only_where_no_clinic_is(clinic: Clinic, tmp_path: Path) -> None:
    nothing = replace(clinic.settings, data=tmp_path / "data", keys=tmp_path / "keys")
    (finding,) = before_opening(nothing)
    assert finding.mend.endswith("for a new clinic run setup.")


@pytest.mark.guarantees("S39")
@pytest.mark.parametrize("what", ["missing", "open"])
def test_the_doors_stay_shut_without_good_keys(
    clinic: Clinic, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = clinic.settings.keys / FILE_NAME
    path.unlink() if what == "missing" else path.chmod(0o644)
    with pytest.raises(SystemExit) as stopped:
        open_doors(clinic.settings)
    assert stopped.value.code == STOPS_GUNICORN
    words = {"missing": "There is no key file at", "open": "is open to other users"}
    assert words[what] in capsys.readouterr().err


@pytest.mark.guarantees("S52")
def test_a_weak_key_refuses_the_start(clinic: Clinic) -> None:
    ring = clinic.house.database.ring
    for weak in (
        replace(ring, code_key=b"0123456789abcde" * 2 + b"01"),
        replace(ring, code_key=ring.ledger_key),
        replace(ring, field_keys={**ring.field_keys, 2: bytes(32)}),
    ):
        assert weak.is_weak()
    assert not ring.is_weak()
    clinic.house.database._keys = lambda: weak  # noqa: SLF001  # as if this ring had been loaded
    assert_refused(clinic, "keys_weak")


@pytest.mark.guarantees("S52")
def test_keys_that_others_can_read_refuse_the_start(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    next(folder.glob("*.cert.pem")).chmod(0o644)
    assert found(clinic) == []
    next(folder.glob("seal-*.key.pem")).chmod(0o640)
    assert_refused(clinic, "keys_open")


@pytest.mark.guarantees("S52")
@pytest.mark.parametrize("closed", ["loop", "too long a name"])
def test_a_folder_of_keys_that_cannot_be_looked_into_is_named(
    clinic: Clinic, tmp_path: Path, closed: str
) -> None:
    keys = tmp_path / ("keys" if closed == "loop" else "k" * 300)
    if closed == "loop":
        keys.symlink_to(keys)
    (finding,) = before_opening(replace(clinic.settings, keys=keys))
    assert finding.grave
    assert str(keys / "records.json") in finding.sentence
    assert finding.mend == (
        "Bring the keys back from their safe copy: nothing else reads what is kept here."
    )


def test_an_old_sqlite_is_found_before_opening(clinic: Clinic) -> None:
    (finding,) = before_opening(clinic.settings, sqlite=(3, 51, 2))
    assert (finding.name, finding.grave) == ("sqlite", True)
    assert "3.51.3 or newer is needed" in finding.sentence


@pytest.mark.guarantees("S52")
def test_an_archive_that_cannot_be_written_refuses_the_start(clinic: Clinic) -> None:
    (clinic.house.shelf.folder / MARKER).unlink()
    assert_refused(clinic, "archive")


@pytest.mark.guarantees("S52")
def test_tables_of_another_program_refuse_the_start(clinic: Clinic) -> None:
    with clinic.house.database.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert_refused(clinic, "migration")


@pytest.mark.guarantees("S52")
def test_rules_that_are_not_right_are_found_before_opening(clinic: Clinic, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(clinic.settings.rules, rules)
    (rules / "clinic.yaml").write_text("name: [")
    (finding,) = before_opening(replace(clinic.settings, rules=rules))
    assert (finding.name, finding.grave) == ("rules", True)
    assert "clinic.yaml" in finding.sentence


@pytest.mark.guarantees("R14", "S52")
def test_a_clock_behind_the_ledger_refuses_the_start_until_it_is_right(at: At) -> None:
    clinic = at(Station.ARRANGED).clinic
    clinic.clock.forward(timedelta(seconds=-59))
    assert found(clinic) == []
    clinic.clock.forward(timedelta(hours=-2))
    assert_refused(clinic, "clock")
    accept_clock(clinic.house)
    assert found(clinic) == []
    assert clinic.events("ledger")[-1].action == "clock_accepted"
    assert clinic.ledger_problems() == ()


@pytest.mark.guarantees("S52")
@pytest.mark.parametrize(
    ("days_left", "name"),
    [(91, None), (90, "certificate_90"), (31, "certificate_90"), (30, "certificate_30"),
     (7, "certificate_7"), (0, "certificate_7"), (-1, "certificate")],
)  # fmt: skip
def test_a_certificate_that_runs_out_is_said_in_time(
    clinic: Clinic, days_left: int, name: str | None
) -> None:
    ends = load_seal(certificates_folder(clinic.settings), clinic.clock()).seals_until
    moment = ends - timedelta(days=days_left, hours=-1 if days_left < 0 else 0)
    clinic.clock.moment = moment
    findings = [each for each in looked(clinic.house, clinic.settings) if each.name != "anchors"]
    assert [(each.name, each.grave) for each in findings] == ([(name, False)] if name else [])
    assert all("keys renew-seal" in each.mend for each in findings)


def test_a_certificate_issued_while_the_clock_was_ahead_seals_only_from_its_day_on(
    clinic: Clinic,
) -> None:
    folder, clock = certificates_folder(clinic.settings), clinic.clock
    house = replace(
        clinic.house,
        sealing_identity=partial(load_seal, folder),
        trusted_seals=partial(load_trusted, folder),
    )
    right = clock()
    before = house.sealing_identity(right)
    clock.forward(timedelta(days=5 * 365))
    renew_certificate(house, folder)
    assert named(house, clinic) == []
    clock.moment = right + timedelta(days=1)
    assert named(house, clinic) == []
    assert house.sealing_identity(clock()).certificate == before.certificate
    clock.moment = before.seals_until + timedelta(days=1)
    assert named(house, clinic) == ["certificate"]
    renew_certificate(house, folder)
    assert named(house, clinic) == []


def test_a_root_of_another_day_is_said_with_what_helps(clinic: Clinic) -> None:
    house = clinic.house
    clinic.clock.forward(timedelta(days=-60))
    mends = {one.name: one.mend for one in self_check(house, clinic.settings)}
    assert "keys renew-root" in mends["certificate"]
    folder = certificates_folder(clinic.settings)
    with pytest.raises(CertificatesMissingError, match="keys renew-root"):
        renew_certificate(house, folder)
    renew_root(house, folder)
    again = replace(
        house,
        sealing_identity=partial(load_seal, folder),
        trusted_seals=partial(load_trusted, folder),
    )
    assert "certificate" not in named(again, clinic)


def test_a_root_or_certificate_that_ends_before_the_records_do_is_said(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    clinic.clock.forward(timedelta(days=18 * 365))
    issue_seal(folder, "Aurelia Clinic", clinic.clock())
    house = replace(clinic.house, sealing_identity=partial(load_seal, folder))
    assert named(house, clinic) == []
    clinic.clock.forward(timedelta(days=15 * 365))
    assert "root_short" in named(house, clinic)
    issue_root(folder, "Aurelia Clinic", clinic.clock())
    issue_seal(folder, "Aurelia Clinic", clinic.clock())
    assert named(house, clinic) == []


def named(house: House, clinic: Clinic) -> list[str]:
    """The names of what the self-check finds about certificates and roots in a house."""
    names = [each.name for each in self_check(house, clinic.settings)]
    return [name for name in names if name.startswith(("certificate", "root"))]


@pytest.mark.guarantees("S52")
def test_a_missing_certificate_refuses_the_start(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    for path in folder.glob("seal-*"):
        path.unlink()
    house = replace(clinic.house, sealing_identity=partial(load_seal, folder))
    assert_refused(replace(clinic, house=house), "certificate")


@pytest.mark.guarantees("S52")
def test_a_disk_that_is_nearly_full_is_said(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LEAST_FREE", 0)
    assert found(clinic) == []
    monkeypatch.setattr(checking, "LEAST_FREE", 1 << 62)
    assert found(clinic) == ["disk"]
    refuse_unsafe_start(clinic.house, clinic.settings, debug=False)


@pytest.mark.guarantees("S52")
@pytest.mark.parametrize("queue", ["words", "a folder"])
def test_a_queue_that_cannot_be_used_is_said(clinic: Clinic, queue: str) -> None:
    path = clinic.settings.data / "queue.db"
    path.mkdir() if queue == "a folder" else path.write_text("no queue at all")
    assert found(clinic) == ["queue"]
    refuse_unsafe_start(clinic.house, clinic.settings, debug=False)


@pytest.mark.guarantees("S46", "S52")
def test_a_folder_for_anchors_that_is_gone_is_said(clinic: Clinic, tmp_path: Path) -> None:
    settings = replace(clinic.settings, anchors=tmp_path / "gone")
    (finding,) = looked(clinic.house, settings)
    assert (finding.name, finding.grave) == ("anchors", False)
    assert "is not there" in finding.sentence


@pytest.mark.guarantees("S52")
def test_the_doors_stay_shut_when_something_grave_is_found(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(SystemExit) as stopped:
        open_doors(clinic.settings)
    assert stopped.value.code == STOPS_GUNICORN
    assert "candour: Debug mode is on" in capsys.readouterr().err


def test_every_finding_says_how_to_mend_it(clinic: Clinic) -> None:
    (clinic.house.shelf.folder / MARKER).unlink()
    clinic.clock.moment = datetime(2060, 1, 1, tzinfo=UTC)
    findings = looked(clinic.house, clinic.settings, debug=True)
    assert names(findings) == ["archive", "debug", "certificate", "certificate_short", "anchors"]
    assert all(each.sentence and each.mend for each in findings)


@pytest.mark.guarantees("S39", "S52")
def test_a_server_that_is_refused_ends_instead_of_trying_for_ever(clinic: Clinic) -> None:
    (clinic.settings.keys / FILE_NAME).unlink()
    settings = clinic.settings
    done = subprocess.run(
        [Path(sys.executable).parent / "gunicorn", "app:open_doors()", "--bind", "127.0.0.1:0",
         "--no-control-socket"],
        env={**os.environ, "CANDOUR_DATA": str(settings.data), "CANDOUR_KEYS": str(settings.keys)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == STOPS_GUNICORN
    assert "candour: There is no key file at" in done.stderr


def test_what_a_restore_left_behind_is_said_and_stays(clinic: Clinic) -> None:
    left = clinic.settings.data / ".restoring" / "shelf"
    left.mkdir(parents=True)
    found = [it for it in self_check(clinic.house, clinic.settings) if it.name == "left_behind"]
    assert [(it.grave, str(left.parent) in it.sentence) for it in found] == [(False, True)]
    assert left.is_dir()


def test_a_missing_private_key_is_said_with_what_to_do(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    earlier = list(folder.glob("seal-*.key.pem"))
    issue_seal(folder, "Aurelia Clinic", clinic.clock())
    newest = max(folder.glob("seal-*.key.pem"))

    def found() -> list[tuple[str, bool, str]]:
        house = replace(
            clinic.house,
            sealing_identity=partial(load_seal, folder),
            trusted_seals=partial(load_trusted, folder),
        )
        findings = self_check(house, clinic.settings)
        for it in findings:
            assert not it.name.startswith("certificate") or "safe copy of the keys" in it.mend
        return [
            (it.name, it.grave, it.sentence)
            for it in findings
            if it.name in {"certificate", "certificate_key"}
        ]

    assert found() == []
    newest.rename(newest.with_suffix(".away"))
    assert [each[:2] for each in found()] == [("certificate_key", False)]
    for each in earlier:
        each.rename(each.with_suffix(".away"))
    name = newest.name.replace(".key", ".cert")
    assert found() == [("certificate", True, f"The private key of {name} is not at {newest}.")]
    newest.write_bytes((folder / "root.key.pem").read_bytes())
    newest.chmod(0o600)
    assert found() == [("certificate", True, f"{newest} is not the private key of {name}.")]


def test_a_clinic_that_is_not_set_up_is_grave_and_starts_all_the_same(clinics: Clinics) -> None:
    clinic = clinics.bare()
    said = {one.name: one for one in self_check(clinic.house, clinic.settings)}
    assert (said["not_set_up"].grave, said["not_set_up"].keeps_closed) == (True, False)
    refuse_unsafe_start(clinic.house, clinic.settings, debug=False)
