"""Commands for backups: made while the clinic works, tried, and brought back."""

import sys
from pathlib import Path

import click

from questionnaire.archive.backup import (
    SHELF_FOLDER,
    Manifest,
    backup_problems,
    newest_manifest,
)
from questionnaire.archive.locked import SUFFIX, load_lock, load_unlocking
from questionnaire.cli.operate import in_one_sentence, stop_with, the_settings
from questionnaire.clinic import open_clinic, open_copies, parts_of
from questionnaire.clinic_restore import put_back
from questionnaire.domain.errors import Refusal
from questionnaire.journey.backing_up import back_up, content_problems, unlocked
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
    except (Refusal, OSError) as problem:
        stop_with(problem)
    for name in made.damaged:
        click.echo(f"not copied, damaged or missing on the shelf: {name}")
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
        if not manifest.locked_to:
            _restore(folder, manifest, settings, only_check=only_check)
        elif key is None:
            _only_locked(manifest, only_check=only_check)
        else:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with unlocked(folder, manifest, load_unlocking(key), settings.data) as opened:
                _restore(opened, manifest, settings, only_check=only_check)
    except Refusal as problem:
        stop_with(problem)


def _only_locked(manifest: Manifest, *, only_check: bool) -> None:
    """All that can be said without the private key."""
    sentence = f"locked to key {manifest.locked_to}: name its private half with --key"
    if not only_check:
        stop_with(f"The backup is {sentence}.")
    click.echo(f"{_size(manifest)}, as they were written")
    click.echo(f"{sentence} to look inside")


def _restore(folder: Path, manifest: Manifest, settings: Settings, *, only_check: bool) -> None:
    records, documents = folder / manifest.database.removesuffix(SUFFIX), folder / SHELF_FOLDER
    problems = _when_opened(records, documents, settings, manifest)
    _tell(manifest, problems)
    if problems or only_check:
        sys.exit(1 if problems else 0)
    put_back(parts_of(settings), records, documents)
    click.echo(f"Restored to {settings.data}.")


def _tell(manifest: Manifest, problems: tuple[str, ...]) -> None:
    for sentence in problems:
        click.echo(sentence)
    click.echo(_size(manifest))
    click.echo("damaged" if problems else "whole")


def _size(manifest: Manifest) -> str:
    return f"{manifest.at:%Y-%m-%d %H:%M} UTC, {len(manifest.files)} files"


def _when_opened(
    records: Path, shelf: Path, settings: Settings, manifest: Manifest
) -> tuple[str, ...]:
    database, documents = open_copies(records, shelf, settings.keys)
    try:
        return content_problems(database, documents, manifest)
    finally:
        database.close()
