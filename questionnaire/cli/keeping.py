"""Commands for whoever keeps the clinic's records: keys, anchors, the archive, backups, checks."""

import shutil
import sys
import time
from pathlib import Path
from typing import NoReturn

import click
from flask.helpers import get_debug_flag

from questionnaire.archive.backup import SHELF_FOLDER, Manifest, backup_problems, newest_manifest
from questionnaire.cli.operate import in_one_sentence, ledger, the_settings
from questionnaire.clinic import (
    before_opening,
    certificates_folder,
    database_path,
    open_clinic,
    open_records,
    shelf_path,
)
from questionnaire.domain.errors import Refusal
from questionnaire.journey.backing_up import back_up, content_problems
from questionnaire.journey.keeping import anchor_ledger, check_archive, renew_certificate
from questionnaire.journey.rotating import Rotated, allow_rotation, rotate_keys
from questionnaire.journey.self_check import (
    Finding,
    self_check,
)
from questionnaire.journey.self_check import accept_clock as accept_clock_now
from questionnaire.records.cipher import Tampered
from questionnaire.settings import Settings

BREATH_SECONDS = 0.02


def stop_with(sentence: object) -> NoReturn:
    """Say what was in the way and end with exit status 1."""
    click.echo(f"candour: {sentence}", err=True)
    sys.exit(1)


@click.group("keys")
def keys() -> None:
    """Look after the clinic's keys."""


@keys.command("rotate")
@click.option("--alone", metavar="REASON", default="", help="Nobody else can approve: say why.")
@in_one_sentence
def rotate(alone: str) -> None:
    """Take a new key for stored answers into use, or finish what an earlier run began.

    A second person approves it first, on the page “Approvals”. The clinic can go on working
    meanwhile, and the command can be stopped and given again.
    """
    settings = the_settings()

    def breathe() -> None:
        time.sleep(BREATH_SECONDS)

    try:
        house = open_clinic(settings)
        allow_rotation(house, settings.keys, alone)
        done = rotate_keys(house, settings.keys, breathe)
    except (Refusal, Tampered) as problem:
        stop_with(problem)
    _say_rotated(done, settings.keys)


def _say_rotated(done: Rotated, folder: Path) -> None:
    click.echo(f"Key {done.version} is in use; {done.rows} rows were sealed anew and checked.")
    for words, versions in (
        ("still opens documents on the shelf and nothing else", done.on_shelf),
        ("is gone", done.removed),
    ):
        for version in versions:
            click.echo(f"Key {version} {words}.")
    click.echo(
        f"Now copy {folder} to its safe place. Keep the copy from before as long as you keep "
        "backups from before."
    )


@keys.command("renew-seal")
@in_one_sentence
def renew_seal() -> None:
    """Issue a new sealing certificate from the clinic root; earlier ones stay to be checked by."""
    settings = the_settings()
    try:
        made = renew_certificate(open_clinic(settings), certificates_folder(settings))
    except FileNotFoundError as problem:
        stop_with(f"{problem.filename} is not there: bring the clinic root back from its safe.")
    click.echo(f"{made.name} is in use once Candour is started again. Then copy {settings.keys}.")


@ledger.command("anchor")
@in_one_sentence
def anchor() -> None:
    """Put the ledger's last mark into the folder for anchors (CANDOUR_ANCHORS)."""
    settings = the_settings()
    if settings.anchors is None:
        stop_with("Set CANDOUR_ANCHORS to a folder on another machine first.")
    try:
        made = anchor_ledger(open_clinic(settings), settings.anchors)
    except Refusal as problem:
        stop_with(problem)
    if made is None:
        click.echo("The ledger is empty: there is nothing to anchor yet.")
    else:
        click.echo(f"{made.at:%Y-%m-%d %H:%M} UTC, row {made.seq}, anchored in {settings.anchors}")


@click.group("archive")
def archive() -> None:
    """Look after the archive of sealed consents."""


@archive.command("check")
@in_one_sentence
def check() -> None:
    """Read every sealed document on the shelf and compare it with what was sealed."""
    try:
        findings = check_archive(open_clinic(the_settings()), whole=True)
    except Refusal as problem:
        stop_with(problem)
    for name in findings.changed:
        click.echo(f"damaged: {name}")
    for name in findings.missing:
        click.echo(f"missing: {name}")
    wrong = len(findings.changed) + len(findings.missing)
    click.echo(
        f"{findings.ok} sound, {len(findings.changed)} damaged, {len(findings.missing)} missing"
    )
    if wrong:
        click.echo("Bring each back from a backup; never make a sealed document again.")
        sys.exit(1)


@click.command("check")
@click.option("--accept-clock", is_flag=True, help="Say once that the clock is right now.")
@in_one_sentence
def self_checked(*, accept_clock: bool) -> None:
    """Print what should be mended before patients come; grave things refuse the start."""
    settings = the_settings()
    findings = before_opening(settings)
    if not findings:
        house = open_clinic(settings)
        if accept_clock:
            accept_clock_now(house)
        findings = self_check(house, settings, debug=get_debug_flag())
    for finding in findings:
        _say_finding(finding)
    grave = any(finding.grave for finding in findings)
    click.echo("not ready" if grave else "ready")
    sys.exit(1 if grave else 0)


def _say_finding(finding: Finding) -> None:
    click.echo(f"{'GRAVE ' if finding.grave else ''}{finding.name}: {finding.sentence}")
    click.echo(f"    {finding.mend}")


FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.command("backup")
@FOLDER
@in_one_sentence
def backup(folder: Path) -> None:
    """Copy records and archive, encrypted as they are, into FOLDER while the clinic works.

    The keys are never in a backup: keep them elsewhere.
    """
    settings, folder = the_settings(), folder.resolve()
    for own in (settings.data, settings.keys):
        if folder.is_relative_to(own):
            stop_with(f"{folder} is inside {own}: a backup belongs on another disk.")
    try:
        made = back_up(open_clinic(settings), folder)
    except (Refusal, OSError) as problem:
        stop_with(problem)
    for name in made.damaged:
        click.echo(f"not copied, damaged or missing on the shelf: {name}")
    last, mac = made.manifest.ledger
    click.echo(f"{made.manifest.database} and {made.documents} documents, ledger {last}:{mac}")
    sys.exit(1 if made.damaged else 0)


@click.command("restore")
@FOLDER
@click.option("--check", "only_check", is_flag=True, help="Only say whether it could be.")
@in_one_sentence
def restore(folder: Path, *, only_check: bool) -> None:
    """Bring the last backup in FOLDER back to where no records are yet."""
    settings = the_settings()
    try:
        manifest = newest_manifest(folder)
        copies = folder / manifest.database, folder / SHELF_FOLDER
        problems = backup_problems(folder, manifest) or _when_opened(*copies, settings, manifest)
    except Refusal as problem:
        stop_with(problem)
    for sentence in problems:
        click.echo(sentence)
    click.echo(f"{manifest.at:%Y-%m-%d %H:%M} UTC, {len(manifest.files)} files")
    click.echo("damaged" if problems else "whole")
    if problems or only_check:
        sys.exit(1 if problems else 0)
    if database_path(settings).exists() or shelf_path(settings).exists():
        stop_with(f"There are records in {settings.data} already; they stay.")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(copies[1], shelf_path(settings))
    shutil.copyfile(copies[0], database_path(settings))
    database_path(settings).chmod(0o600)
    click.echo(f"Restored to {settings.data}.")


def _when_opened(
    records: Path, shelf: Path, settings: Settings, manifest: Manifest
) -> tuple[str, ...]:
    database, documents = open_records(records, shelf, settings.keys)
    try:
        return content_problems(database, documents, manifest)
    finally:
        database.close()
