"""Commands for whoever keeps the clinic's records: keys, anchors, the archive, checks."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.helpers import get_debug_flag

from questionnaire.cli.operate import in_one_sentence, ledger, stop_with, the_settings
from questionnaire.clinic import (
    before_opening,
    certificates_folder,
    open_clinic,
)
from questionnaire.domain.errors import Refusal
from questionnaire.journey.certifying import renew_certificate, renew_root, revoke_certificate
from questionnaire.journey.finding import Finding
from questionnaire.journey.keeping import anchor_ledger, check_archive
from questionnaire.journey.rotating import Rotated, allow_rotation, rotate_keys
from questionnaire.journey.self_check import accept_clock as accept_clock_now
from questionnaire.journey.self_check import (
    self_check,
)
from questionnaire.journey.self_check_archive import (
    DAMAGED,
    LET_READ,
    MOVE_AWAY,
    TAKE_OUT,
    read_through,
)
from questionnaire.journey.strangers import strangers
from questionnaire.journey.taking_out import take_out
from questionnaire.records.cipher import Tampered

BREATH_SECONDS = 0.02


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
    click.echo(f"{made.name} is in use from now on. Copy {settings.keys} to its safe place.")


@keys.command("renew-root")
@in_one_sentence
def renew_the_root() -> None:
    """Add a clinic root and a sealing certificate under it; earlier ones stay to be checked by."""
    settings = the_settings()
    root, seal = renew_root(open_clinic(settings), certificates_folder(settings))
    click.echo(f"{root.name} and {seal.name} are in use from now on.")
    click.echo(f"Then copy {settings.keys}, and give {root.name} to whoever checks your documents.")


@keys.command("revoke-seal")
@click.argument("name")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day from which the key may have been in other hands.",
)
@in_one_sentence
def revoke(name: str, since: datetime) -> None:
    """Stop believing the sealing certificate in the file NAME by itself.

    What it sealed counts from now on only when the file is in the archive. Give this when its key
    may have been copied; then issue another with renew-seal.
    """
    settings = the_settings()
    day = since.replace(tzinfo=UTC)
    revoke_certificate(open_clinic(settings), certificates_folder(settings), name, day)
    click.echo(f"{name} is revoked since {day:%d %B %Y}.")


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
    """Read every file on the shelf and compare it with what was sealed."""
    house = open_clinic(the_settings())
    try:
        findings = check_archive(house, whole=True)
        strange = strangers(house)
    except Refusal as problem:
        stop_with(problem)
    for words, found in (
        ("damaged", findings.changed),
        ("missing", findings.missing),
        ("unreadable", (*findings.unreadable, *strange.unread)),
        ("not in the records", strange.documents),
        ("put there by somebody else", strange.others),
    ):
        for name in found:
            click.echo(f"{words}: {name}")
    unreadable = len(findings.unreadable) + len(strange.unread)
    click.echo(
        f"{findings.ok} sound, {len(findings.changed)} damaged, {len(findings.missing)} missing"
        + (f", {unreadable} unreadable" if unreadable else "")
    )
    if findings.changed or findings.missing:
        click.echo("Bring each back from a backup; never make a sealed document again.")
    if unreadable:
        click.echo(LET_READ)
    if strange.documents:
        click.echo(TAKE_OUT)
    if strange.others:
        click.echo(MOVE_AWAY)
    sys.exit(1 if findings.wrong or strange.documents or strange.unread else 0)


@archive.command("take-out")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@in_one_sentence
def take_documents_out(folder: Path) -> None:
    """Move sealed documents that no record knows off the shelf into FOLDER, opened.

    They are all that is left of signed consents whose records were lost: keep them.
    """
    settings, folder = the_settings(), folder.resolve()
    if folder.is_relative_to(settings.data):
        stop_with(f"{folder} is inside {settings.data}: name a folder elsewhere.")
    try:
        taken = take_out(open_clinic(settings), folder)
    except Refusal as problem:
        stop_with(problem)
    for path in taken:
        click.echo(f"{path}")
    click.echo(f"Taken out: {len(taken)}.")


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
        findings = read_through(house)
        if DAMAGED not in findings:
            found = self_check(house, settings, debug=get_debug_flag())
            findings = tuple(dict.fromkeys((*findings, *found)))
    for finding in findings:
        _say_finding(finding)
    grave = any(finding.grave for finding in findings)
    click.echo("not ready" if grave else "ready")
    sys.exit(1 if grave else 0)


def _say_finding(finding: Finding) -> None:
    click.echo(f"{'GRAVE ' if finding.grave else ''}{finding.name}: {finding.sentence}")
    click.echo(f"    {finding.mend}")
