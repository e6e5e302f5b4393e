"""Commands for backups: made while the clinic works, tried, and brought back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from questionnaire.archive.backup import Manifest, backup_problems, newest_manifest
from questionnaire.archive.locked import load_lock, load_unlocking
from questionnaire.cli.operate import in_one_sentence, of_the_disk, stop_with, the_settings
from questionnaire.clinic import open_clinic, open_copies, parts_of, refuse_unlike_backup
from questionnaire.clinic_restore import put_back, refuse_occupied, refuse_other_keys
from questionnaire.domain.errors import Refusal
from questionnaire.journey.backing_up import back_up, content_problems, opened
from questionnaire.only_one import only_one
from questionnaire.records.database import Unreadable
from questionnaire.settings import Settings

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.command("backup")
@FOLDER
@in_one_sentence
def backup(folder: Path) -> None:
    """Copy records and archive, encrypted as they are, into FOLDER while the clinic works.

    The keys are never in a backup: keep them elsewhere. With CANDOUR_BACKUP_KEY all of it is
    locked once more, to a key that this machine does not have.
    """
    settings, folder = the_settings(), folder.resolve()
    for own in (settings.data, settings.keys):
        if folder.is_relative_to(own):
            stop_with(f"{folder} is inside {own}: a backup belongs on another disk.")
    try:
        lock = load_lock(settings.backup_key) if settings.backup_key else None
        made = back_up(open_clinic(settings), folder, lock)
    except Refusal as problem:
        stop_with(problem)
    except OSError as problem:
        stop_with(of_the_disk(problem) or problem)
    for name in made.damaged:
        click.echo(f"not copied, damaged, missing or unreadable on the shelf: {name}")
    last, mac = made.manifest.ledger
    click.echo(f"{made.manifest.database} and {made.documents} documents, ledger {last}:{mac}")
    if lock:
        click.echo(f"locked to key {lock.name}")
    sys.exit(1 if made.damaged else 0)


@click.command("restore")
@FOLDER
@click.option("--check", "only_check", is_flag=True, help="Only say whether it could be.")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The private key of a locked backup.",
)
@in_one_sentence
def restore(folder: Path, key: Path | None, *, only_check: bool) -> None:
    """Bring the last backup in FOLDER back to where no records are yet."""
    settings = the_settings()
    try:
        manifest = newest_manifest(folder)
        if problems := backup_problems(folder, manifest):
            _tell(manifest, problems)
            sys.exit(1)
        if manifest.locked_to and key is None:
            _only_locked(manifest, only_check=only_check)
            return
        unlocking = load_unlocking(key) if key and manifest.locked_to else None
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            nullcontext() if only_check else _alone(settings),
            opened(folder, manifest, settings.data, unlocking) as copies,
        ):
            _restore(*copies, manifest, settings, only_check=only_check)
    except Refusal as problem:
        stop_with(problem)
    except OSError as problem:
        stop_with(of_the_disk(problem) or problem)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Nobody else works here, and nothing is here that records and archive would replace."""
    with only_one(settings.data):
        parts = parts_of(settings)
        refuse_occupied(parts)
        parts.refuse_missing_keys()
        yield


def _only_locked(manifest: Manifest, *, only_check: bool) -> None:
    """All that can be said without the private key."""
    sentence = f"locked to key {manifest.locked_to}: name its private half with --key"
    if not only_check:
        stop_with(f"The backup is {sentence}.")
    click.echo(f"{_size(manifest)}, as they were written")
    click.echo(f"{sentence} to look inside")


def _restore(
    records: Path, shelf: Path, manifest: Manifest, settings: Settings, *, only_check: bool
) -> None:
    """Open the copies and look at all of it, and then, unless that was all, bring it back."""
    try:
        database, documents = open_copies(records, shelf, settings.keys)
    except Unreadable:
        stop_with(f"{manifest.database} does not open with the keys in {settings.keys}.")
    try:
        problems = database.damage()
        if not problems:
            database.migrate()
            refuse_other_keys(parts_of(settings), database)
            problems = content_problems(database, documents, manifest)
        _tell(manifest, problems)
        if problems or only_check:
            sys.exit(1 if problems else 0)
        put_back(parts_of(settings), database, documents)
    finally:
        database.close()
    refuse_unlike_backup(settings)
    click.echo(f"Restored to {settings.data}.")


def _tell(manifest: Manifest, problems: tuple[str, ...]) -> None:
    for sentence in problems:
        click.echo(sentence)
    click.echo(_size(manifest))
    click.echo("damaged" if problems else "whole")


def _size(manifest: Manifest) -> str:
    return f"{manifest.at:%Y-%m-%d %H:%M} UTC, {len(manifest.files)} files"
