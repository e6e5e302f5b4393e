"""The clinic's collaborators, built once from the settings and handed over as one `House`."""

import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from questionnaire.archive.disposals import DisposalList
from questionnaire.archive.passing import clear_passing
from questionnaire.archive.shelf import MARKER, Shelf, ShelfMark, any_mark, mark_shelf
from questionnaire.clinic_parts import (
    ClinicParts,
    ClinicPartsError,
    note_start,
    refuse_empty_records,
    refuse_strange_files,
    refuse_strange_parts,
    right_mark,
    set_up_at_once,
)
from questionnaire.content import ContentProblems, load_library
from questionnaire.content.clinic import earlier_facts
from questionnaire.content.golden import golden_flags
from questionnaire.content.translations import speeches
from questionnaire.documents.certificates import (
    create_clinic_certificates,
    load_seal,
    load_trusted,
)
from questionnaire.domain.clinic_details import NOT_SET_UP
from questionnaire.journey.certifying import refuse_other_roots, settle_roots
from questionnaire.journey.clinic_facts import facts_in
from questionnaire.journey.finding import Finding
from questionnaire.journey.house import House
from questionnaire.journey.rules_signing import sign_first
from questionnaire.records.cipher import FILE_NAME, SHELF, KeyRing, KeysUnusable, sync_folder
from questionnaire.records.database import (
    Database,
    Unreadable,
    refuse_old_sqlite,
    sqlite_version,
)
from questionnaire.records.live_keys import LiveKeys
from questionnaire.settings import Settings, check_folders

CLINIC = "clinic.yaml"
"""Where a clinic wrote its facts before they had a page."""

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


def parts_of(settings: Settings) -> ClinicParts:
    """Where the parts of this clinic are."""
    return ClinicParts(
        keys=settings.keys,
        certificates=certificates_folder(settings),
        records=database_path(settings),
        shelf=shelf_path(settings),
        anchors=settings.anchors,
    )


def prepare_clinic(settings: Settings, founded_at: datetime | None = None) -> None:
    """Make a new clinic where there is nothing, or make an earlier one ready for a start.

    A new clinic's certificates are valid from `founded_at`, usually now.

    Raises `ContentProblems` for a problem in `rules/`, and `SettingsError`, `KeysUnusable`,
    `Unreadable`, `TooNew`, `ClinicPartsError` or `CertificatesMissingError` with one sentence when
    what is there cannot be used.
    """
    library = load_library(settings.rules)
    check_folders(settings)
    parts = parts_of(settings)
    with set_up_at_once(parts) as keys:
        if keys != parts.keys:
            _make_parts(parts, NOT_SET_UP.called, founded_at or now())
        database = Database.open(parts.records, KeyRing.load(keys))
        if keys == parts.keys:
            refuse_empty_records(parts, database)
            _refuse_damaged(parts, database)
        database.migrate()
        _refuse_strange(parts, database)
        note_start(parts, database)
        with database.write() as tx:
            settle_roots(tx, load_trusted(parts.certificates), now())
            sign_first(tx, library, now())
        database.close()
        clear_passing(settings.data)


def _make_parts(parts: ClinicParts, clinic_name: str, moment: datetime) -> None:
    """Keys, certificates and an empty shelf; what an interrupted set-up made whole stays."""
    refuse_strange_files(parts)
    if not (parts.new_keys / FILE_NAME).exists():
        KeyRing.create(parts.new_keys)
    if not (parts.certificates.is_dir() and any(parts.certificates.iterdir())):
        made = parts.new_keys / parts.certificates.name
        shutil.rmtree(made, ignore_errors=True)
        create_clinic_certificates(made, clinic_name, moment)
        made.rename(parts.certificates)
        sync_folder(parts.certificates.parent)
    if not (parts.shelf / MARKER).exists():
        mark_shelf(parts.shelf, ShelfMark())


def open_clinic(
    settings: Settings,
    *,
    call_sealer: Callable[[str], None] = _nobody_listens,
    clock: Callable[[], datetime] = now,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> House:
    """Open what `prepare_clinic` made; raises like it when something is missing or wrong."""
    library = load_library(settings.rules)
    parts = parts_of(settings)
    database = open_database(settings)
    _refuse_strange(parts, database)
    live = LiveKeys(settings.keys)
    shelf = _shelf(parts.shelf, live, right_mark(database))
    folder = certificates_folder(settings)
    return House(
        library=library,
        database=database,
        shelf=shelf,
        clock=clock,
        draw=draw,
        call_sealer=call_sealer,
        sealing_identity=partial(load_seal, folder),
        trusted_seals=partial(load_trusted, folder),
        disposals=DisposalList(settings.keys / DISPOSED),
        golden=partial(golden_flags, settings.rules),
        speeches=speeches(settings.rules),
        clinic=facts_in(database),
        proposed=partial(earlier_facts, settings.rules / CLINIC, settings.data / CLINIC),
    )


def open_database(settings: Settings) -> Database:
    """The records alone, under the keys as they are at each moment, in the form of today.

    Raises `KeysUnusable`, `ClinicPartsError`, `Unreadable` or `TooNew`.
    """
    parts, live = parts_of(settings), LiveKeys(settings.keys)
    parts.refuse_missing()
    database = Database.open(parts.records, live(), keys=live)
    refuse_empty_records(parts, database)
    database.migrate()
    return database


def refuse_unlike_backup(settings: Settings) -> None:
    """Make sure that what was brought back from a backup is whole where it lies now.

    Raises like `open_clinic`.
    """
    database = open_database(settings)
    try:
        _refuse_strange(parts_of(settings), database)
        for sentence in database.damage():
            raise Unreadable(sentence)
    finally:
        database.close()


def _refuse_damaged(parts: ClinicParts, database: Database) -> None:
    """Raises `Unreadable` when a page of the records is not as it was written."""
    if database.damage(only_pages=True):
        raise Unreadable(f"{parts.records} is damaged. Keep it, and bring the last backup back.")


def _refuse_strange(parts: ClinicParts, database: Database) -> None:
    """Raises one sentence when keys, certificates, records and archive are not of one clinic."""
    refuse_strange_parts(parts, database)
    with database.read() as tx:
        refuse_other_roots(tx, partial(load_trusted, parts.certificates))


def open_copies(database: Path, shelf: Path, keys: Path) -> tuple[Database, Shelf]:
    """The copies of records and archive in a backup, under the clinic's keys."""
    live = LiveKeys(keys)
    return Database.open(database, live(), keys=live), _shelf(shelf, live, any_mark)


def _shelf(folder: Path, live: LiveKeys, right: Callable[[ShelfMark], bool]) -> Shelf:
    return Shelf(
        folder,
        encrypt=lambda name, plain: live().seal(plain, table=SHELF, column="file", row=name),
        decrypt=lambda name, kept: live().open(kept, table=SHELF, column="file", row=name),
        right_mark=right,
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
    parts = parts_of(settings)
    try:
        parts.refuse_missing()
    except KeysUnusable as problem:
        mend = "Bring the keys back from their safe copy: nothing else reads what is kept here."
        if parts.is_new():
            mend = "Bring the keys back from their safe copy; for a new clinic run setup."
        findings.append(Finding("keys", grave=True, sentence=str(problem), mend=mend))
    except ClinicPartsError as problem:
        mend = "A new clinic is made only where neither keys nor records are."
        findings.append(Finding("parts", grave=True, sentence=str(problem), mend=mend))
    try:
        load_library(settings.rules)
    except ContentProblems as problem:
        mend = "Mend each line named, or go back to the last rules that were right."
        findings.append(Finding("rules", grave=True, sentence=str(problem), mend=mend))
    return tuple(findings)


def door_secret(settings: Settings, door: str) -> bytes:
    """The secret one door makes its form tokens with; a different one for each door."""
    return bytes.fromhex(KeyRing.load(settings.keys).code_hash(f"door:{door}"))
