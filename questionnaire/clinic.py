"""The clinic's collaborators, built once from the settings and handed over as one `House`."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from questionnaire.archive.disposals import DisposalList
from questionnaire.archive.shelf import Shelf, prepare_shelf
from questionnaire.content import ContentProblems, load_library
from questionnaire.content.golden import golden_flags
from questionnaire.content.translations import speeches
from questionnaire.documents.certificates import (
    create_clinic_certificates,
    load_seal,
    load_trusted,
)
from questionnaire.journey.house import House
from questionnaire.journey.rules_signing import sign_first
from questionnaire.journey.self_check import Finding
from questionnaire.records.cipher import FILE_NAME, SHELF, KeyRing, KeysUnusable
from questionnaire.records.database import (
    Database,
    Unreadable,
    refuse_old_sqlite,
    sqlite_version,
)
from questionnaire.records.live_keys import LiveKeys
from questionnaire.settings import Settings, check_folders

DISPOSED = "disposed.txt"
"""The list of what was disposed of, in the keys folder: no backup of the records holds it."""


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def _nobody_listens(visit_id: str) -> None:
    """A hint that nobody takes: the worker finds the visit in the database."""
    del visit_id


def database_path(settings: Settings) -> Path:
    """Where the encrypted database is."""
    return settings.data / "candour.db"


def shelf_path(settings: Settings) -> Path:
    """Where the archive shelf is."""
    return settings.data / "shelf"


def certificates_folder(settings: Settings) -> Path:
    """Where the clinic's root and sealing certificates are, outside the data folder."""
    return settings.keys / "certificates"


def prepare_clinic(settings: Settings) -> None:
    """Make what is missing: keys, certificates, database, shelf. Asking again changes nothing.

    Raises `ContentProblems` for a problem in `rules/`, and `SettingsError`, `KeysUnusable`,
    `Unreadable` or `TooNew` with one sentence when what is there cannot be used.
    """
    library = load_library(settings.rules)
    check_folders(settings)
    ring = _key_ring(settings)
    create_clinic_certificates(certificates_folder(settings), library.clinic.name, now())
    prepare_shelf(shelf_path(settings))
    database = Database.open(database_path(settings), ring)
    database.migrate()
    with database.write() as tx:
        sign_first(tx, library, now())
    database.close()


def _key_ring(settings: Settings) -> KeyRing:
    """The keys; drawn only for a clinic that has neither keys nor records yet."""
    if (settings.keys / FILE_NAME).exists() or database_path(settings).exists():
        return KeyRing.load(settings.keys)
    return KeyRing.create(settings.keys)


def open_clinic(
    settings: Settings,
    *,
    call_sealer: Callable[[str], None] = _nobody_listens,
    clock: Callable[[], datetime] = now,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> House:
    """Open what `prepare_clinic` made; raises like it when something is missing or wrong."""
    library = load_library(settings.rules)
    database, shelf = open_records(database_path(settings), shelf_path(settings), settings.keys)
    database.migrate()
    folder = certificates_folder(settings)
    return House(
        library=library,
        database=database,
        shelf=shelf,
        clock=clock,
        draw=draw,
        call_sealer=call_sealer,
        sealing_identity=cache(partial(load_seal, folder)),
        trusted_seals=partial(load_trusted, folder),
        disposals=DisposalList(settings.keys / DISPOSED),
        golden=partial(golden_flags, settings.rules),
        speeches=speeches(settings.rules),
    )


def open_records(database: Path, shelf: Path, keys: Path) -> tuple[Database, Shelf]:
    """The records and the archive at these places, under the keys as they are at each moment."""
    live = LiveKeys(keys)
    return (
        Database.open(database, live(), keys=live),
        Shelf(
            shelf,
            encrypt=lambda name, plain: live().seal(plain, table=SHELF, column="file", row=name),
            decrypt=lambda name, kept: live().open(kept, table=SHELF, column="file", row=name),
        ),
    )


def before_opening(
    settings: Settings, *, sqlite: tuple[int, ...] | None = None
) -> tuple[Finding, ...]:
    """What keeps the clinic from being opened; `sqlite` is the library's version if not ours."""
    findings: list[Finding] = []
    try:
        refuse_old_sqlite(sqlite or sqlite_version())
    except Unreadable as problem:
        mend = "Install the pinned packages again: ./candour start does it."
        findings.append(Finding("sqlite", grave=True, sentence=str(problem), mend=mend))
    try:
        KeyRing.load(settings.keys)
    except KeysUnusable as problem:
        mend = "Bring the keys back from their safe copy; for a new clinic run setup."
        findings.append(Finding("keys", grave=True, sentence=str(problem), mend=mend))
    try:
        load_library(settings.rules)
    except ContentProblems as problem:
        mend = "Mend each line named, or go back to the last rules that were right."
        findings.append(Finding("rules", grave=True, sentence=str(problem), mend=mend))
    return tuple(findings)


def door_secret(settings: Settings, door: str) -> bytes:
    """The secret one door makes its form tokens with; a different one for each door."""
    return bytes.fromhex(KeyRing.load(settings.keys).code_hash(f"door:{door}"))
