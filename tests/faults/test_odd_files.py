"""Whatever lies where the program reads a file: every command and start comes to its end.

Pipes, devices, folders, links that lead to themselves, files without end and files that the disk
does not give, in each place. Nobody waits for ever, nothing fills the memory, and what is said is
a sentence.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from questionnaire.archive.shelf import MARKER
from questionnaire.clinic import CLINIC, certificates_folder, shelf_path
from questionnaire.clinic_parts import STARTING
from questionnaire.documents.certificate_files import REVOKED, beside, certificate_paths
from questionnaire.domain.visit import Station
from questionnaire.journey.self_check import QUEUE
from questionnaire.records.cipher import FILE_NAME
from tests.cli.test_keeping import ask
from tests.clinics import Stage
from tests.faults.odd_files import put, run
from tests.journeys.test_keeping import file_of

pytestmark = pytest.mark.whole

CHECK = ["check"]
SETUP = ["setup"]
DOORS = ["open the doors"]
UNKNOWN = "2031/03/AAAA-AAAA/consent.pdf"


@dataclass(frozen=True, slots=True)
class Scene:
    """A clinic with one sealed consent and a backup, and what else the program is told to read."""

    stage: Stage
    folder: Path

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.stage.clinic.settings.data

    @property
    def keys(self) -> Path:
        """The keys folder."""
        return self.stage.clinic.settings.keys

    @property
    def shelf(self) -> Path:
        """The archive."""
        return shelf_path(self.stage.clinic.settings)

    @property
    def certificates(self) -> Path:
        """The folder of the certificates."""
        return certificates_folder(self.stage.clinic.settings)

    @property
    def rules(self) -> Path:
        """A copy of the rules, made when it is asked for."""
        copy = self.folder / "rules"
        if not copy.exists():
            copytree(self.stage.clinic.settings.rules, copy)
        return copy

    @property
    def backup(self) -> Path:
        """A backup of the clinic, made when it is asked for."""
        made = self.folder / "backup"
        if not made.exists():
            assert ask(self.stage.clinic.settings, "backup", made).exit_code == 0
        return made

    def environment(self) -> dict[str, str]:
        """The settings, and those that name a file where one was put."""
        named = {
            "CANDOUR_BACKUP_KEY": self.folder / "backup.pub",
            "CANDOUR_SMTP_PASSWORD_FILE": self.folder / "password",
            "CANDOUR_ANCHORS": self.folder / "anchors",
            "CANDOUR_RULES": self.folder / "rules",
        }
        return {
            "CANDOUR_DATA": str(self.data),
            "CANDOUR_KEYS": str(self.keys),
            "CANDOUR_RULES": str(self.stage.clinic.settings.rules),
            "CANDOUR_SMTP_HOST": "localhost",
            "CANDOUR_SMTP_FROM": "desk@clinic.example",
            **{name: str(path) for name, path in named.items() if os.path.lexists(path)},
        }


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.rglob(pattern)
    return found


Place = tuple[Callable[[Scene], Path], Callable[[Scene], list[list[str]]]]
PLACES: dict[str, Place] = {
    "the queue": (lambda one: one.data / QUEUE, lambda _: [CHECK, DOORS]),
    "a filed document": (
        lambda one: file_of(one.stage),
        lambda one: [CHECK, ["archive", "check"], ["backup", str(one.folder / "new")]],
    ),
    "a document that no record knows": (
        lambda one: one.shelf / UNKNOWN,
        lambda one: [CHECK, ["archive", "check"], ["archive", "take-out", str(one.folder)]],
    ),
    "another file on the shelf": (lambda one: one.shelf / "2031" / "notes", lambda _: [CHECK]),
    "the marker of the shelf": (lambda one: one.shelf / MARKER, lambda _: [CHECK, DOORS]),
    "the records": (lambda one: one.data / "candour.db", lambda _: [CHECK, SETUP]),
    "the keys": (lambda one: one.keys / FILE_NAME, lambda _: [CHECK, SETUP]),
    "the root": (lambda one: one.certificates / "root.cert.pem", lambda _: [CHECK]),
    "the key of a seal": (
        lambda one: max(one.certificates.glob("seal-*.key.pem")),
        lambda _: [CHECK],
    ),
    "a note of revoking": (
        lambda one: beside(certificate_paths(one.certificates, "seal-")[0], REVOKED),
        lambda _: [CHECK],
    ),
    "the lock of the data": (
        lambda one: one.data / "running.lock",
        lambda _: [["look at the place"]],
    ),
    "the lock of a set-up": (lambda one: one.keys / STARTING, lambda _: [SETUP]),
    "the lock of a change of tables": (
        lambda one: one.data / "candour.db.migrating",
        lambda _: [SETUP],
    ),
    "the facts of before": (lambda one: one.data / CLINIC, lambda _: [["read earlier facts"]]),
    "an anchor": (
        lambda one: one.folder / "anchors" / "ledger-1.json",
        lambda _: [CHECK, ["ledger", "verify"]],
    ),
    "the list of a backup": (
        lambda one: _only(one.backup, "manifest-*.json"),
        lambda one: [["restore", "--check", str(one.backup)]],
    ),
    "a document in a backup": (
        lambda one: _only(one.backup, "consent.pdf"),
        lambda one: [["restore", "--check", str(one.backup)], ["backup", str(one.backup)]],
    ),
    "the marker of a backup": (
        lambda one: one.backup / "shelf" / MARKER,
        lambda one: [["restore", "--check", str(one.backup)], ["backup", str(one.backup)]],
    ),
    "the key of backups": (
        lambda one: one.folder / "backup.pub",
        lambda one: [["backup", str(one.folder / "new")]],
    ),
    "the password of the mail": (lambda one: one.folder / "password", lambda _: [CHECK, DOORS]),
    "a file of rules": (
        lambda one: one.rules / "measures.yaml",
        lambda _: [CHECK, ["rules", "check"]],
    ),
    "a stranger among the rules": (lambda one: one.rules / "notes", lambda _: [CHECK]),
    "a document to verify": (
        lambda one: one.folder / "file.pdf",
        lambda one: [["consent", "verify", str(one.folder / "file.pdf")]],
    ),
}


@pytest.mark.guarantees("R05", "R06")
@pytest.mark.parametrize("place", PLACES)
def test_every_command_ends_whatever_kind_of_file_lies_in_a_place(
    at: Callable[..., Stage], tmp_path: Path, place: str
) -> None:
    scene, (where, commands) = Scene(at(Station.SEALED), tmp_path), PLACES[place]
    scene.stage.house.database.close()
    path = where(scene)
    put(path, "pipe")
    for ended in run(path, commands(scene), scene.environment()):
        assert ended.status is not None, ended.said
        assert "Traceback" not in ended.said
