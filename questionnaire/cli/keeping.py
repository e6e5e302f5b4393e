"""Commands for whoever keeps the clinic's records: keys, anchors, the archive, backups, checks."""

import sys
import time
from pathlib import Path
from typing import NoReturn

import click

from questionnaire.cli.operate import in_one_sentence, ledger, the_settings
from questionnaire.clinic import open_clinic
from questionnaire.domain.errors import Refusal
from questionnaire.journey.keeping import anchor_ledger, check_archive
from questionnaire.journey.rotating import Rotated, rotate_keys
from questionnaire.records.cipher import Tampered

BREATH_SECONDS = 0.02


def stop_with(sentence: object) -> NoReturn:
    """Say what was in the way and end with exit status 1."""
    click.echo(f"candour: {sentence}", err=True)
    sys.exit(1)


@click.group("keys")
def keys() -> None:
    """Look after the clinic's keys."""


@keys.command("rotate")
@in_one_sentence
def rotate() -> None:
    """Take a new key for stored answers into use, or finish what an earlier run began.

    The clinic can go on working meanwhile, and the command can be stopped and given again.
    """
    settings = the_settings()

    def breathe() -> None:
        time.sleep(BREATH_SECONDS)

    try:
        done = rotate_keys(open_clinic(settings), settings.keys, breathe)
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
