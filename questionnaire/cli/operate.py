"""Commands for whoever runs the clinic's machine: set up, demonstrate, work, verify."""

import errno
import re
import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from questionnaire.clinic import (
    certificates_folder,
    now,
    open_clinic,
    open_database,
    prepare_clinic,
)
from questionnaire.clinic_parts import ClinicPartsError
from questionnaire.content import ContentProblems
from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificates import load_trusted
from questionnaire.domain.errors import NotAllowed
from questionnaire.journey.anchor_mail import mail_anchor
from questionnaire.journey.archiving import is_archived
from questionnaire.journey.certifying import name_certificate
from questionnaire.journey.home_mail import send_waiting
from questionnaire.journey.house import House
from questionnaire.journey.keeping import ledger_problems
from questionnaire.journey.self_check import UnsafeToStart, refuse_unsafe_start
from questionnaire.journey.staffing import first_link
from questionnaire.journey.test_letter import send_asked_letter
from questionnaire.only_one import AlreadyRunning, only_one
from questionnaire.ordinary_files import read_file
from questionnaire.outbound import stay_at_home
from questionnaire.records.cipher import KeysUnusable
from questionnaire.records.database import NotSaved, Unreadable
from questionnaire.records.ledger import head
from questionnaire.records.migrating import TooNew
from questionnaire.settings import Settings, SettingsError, check_folders
from questionnaire.worker import Sealer

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}
)
UNFIT = frozenset(
    {errno.EINVAL, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO, errno.EOVERFLOW}
)
P = ParamSpec("P")
R = TypeVar("R")


def in_one_sentence(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what stops a start into one sentence and exit status 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (
            AlreadyRunning,
            CertificatesMissingError,
            ClinicPartsError,
            ContentProblems,
            KeysUnusable,
            NotSaved,
            SettingsError,
            TooNew,
            Unreadable,
            UnsafeToStart,
        ) as problem:
            stop_with(problem)
        except Exception as problem:
            if sentence := of_the_disk(problem):
                stop_with(sentence)
            raise

    return told


def of_the_disk(problem: Exception) -> str:
    """The sentence for what the disk refuses or has damaged; nothing for all else."""
    if _is_full_disk(problem):
        return "The disk is full, or no more may be written to it. Make room, then go on."
    if "readonly database" in str(problem):
        return "The records cannot be written. Let this user write to the data folder."
    if "malformed" in str(problem):
        return "The records are damaged. Stop Candour, keep them, and bring the last backup back."
    if isinstance(problem, OSError) and problem.errno in CLOSED | UNFIT and problem.filename:
        why = (problem.strerror or "").lower()
        return f"{problem.filename} cannot be used by this user: {why}."
    return ""


def _is_full_disk(problem: Exception) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in FULL
    return "database or disk is full" in str(problem)


def stop_with(sentence: object) -> NoReturn:
    """Say what was in the way and end with exit status 1."""
    click.echo(f"candour: {sentence}", err=True)
    sys.exit(1)


def the_settings() -> Settings:
    """The settings of this installation."""
    import os

    return Settings.from_environment(os.environ)


def print_addresses(settings: Settings) -> None:
    """Say where the two doors are."""
    click.echo(f"Patients: {settings.public_address}/")
    click.echo(f"Staff:    {settings.public_address}/staff/")


def ready_house(settings: Settings) -> House:
    """The clinic, made where there was none; raises like a start does when it is not to open."""
    prepare_clinic(settings)
    house = open_clinic(settings)
    refuse_unsafe_start(house, settings, debug=False)
    return house


@click.command("setup")
@in_one_sentence
def setup() -> None:
    """Create keys, certificate and database where missing; print the address."""
    settings = the_settings()
    house = ready_house(settings)
    name_certificate(house, certificates_folder(settings))
    print_addresses(settings)
    try:
        link = f"{settings.public_address}/staff/first#{first_link(house)}"
    except NotAllowed:
        return
    click.echo(f"First administrator, once, within a day: {link}")


@click.command("worker")
@in_one_sentence
def worker() -> None:
    """Seal signed consents and send e-mails in the background until stopped."""
    settings = the_settings()
    check_folders(settings)
    stay_at_home(settings.mail)
    post = partial(_send_mail, settings) if settings.mail else None
    with only_one(settings.data):
        Sealer(
            settings.data,
            lambda: open_clinic(settings),
            settings.anchors,
            post,
            certificates_folder(settings),
        ).run()


def _send_mail(settings: Settings, house: House) -> None:
    """One round of the worker: links that wait, and the ledger's mark of the day."""
    if settings.mail:
        send_waiting(house, settings.mail, settings.public_address)
        send_asked_letter(house, settings.mail)
        if settings.anchor_mail:
            mail_anchor(house, settings.mail, settings.anchor_mail)


@click.group("consent")
def consent() -> None:
    """Look into sealed consents."""


@consent.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_one_sentence
def verify_consent(file: Path) -> None:
    """Print the facts of FILE and one word: unsealed, altered, unrecognised or authentic."""
    from questionnaire.documents.verdict import LARGEST_FILE, Word
    from questionnaire.documents.verify import verify

    settings = the_settings()
    if not file.is_file():
        stop_with("this is no ordinary file")
    if file.stat().st_size > LARGEST_FILE:
        stop_with("this file is too large to be a consent of this clinic")
    pdf = read_file(file, LARGEST_FILE)
    trusted = load_trusted(certificates_folder(settings))
    database = open_database(settings)
    verdict = verify(pdf, trusted, partial(is_archived, database))
    archived = is_archived(database, verdict.file_sha256)
    *facts, word = verdict.lines()
    for line in facts:
        click.echo(line)
    click.echo(f"exact archived copy: {'yes' if archived else 'no'}")
    click.echo(word)
    sys.exit(0 if verdict.word is Word.AUTHENTIC else 1)


@click.group("ledger")
def ledger() -> None:
    """Look into the ledger of everything that was done."""


@ledger.command("verify")
@click.option("--anchor", default="", help="An earlier head, as NUMBER:HASH, kept elsewhere.")
@in_one_sentence
def verify(anchor: str) -> None:
    """Check that no row was changed, removed, inserted, moved or cut off.

    Every anchor in the folder CANDOUR_ANCHORS is compared as well.
    """
    known = [_anchor(anchor)] if anchor else []
    settings = the_settings()
    house = open_clinic(settings)
    problems = ledger_problems(house, settings.anchors, *known)
    with house.database.read() as tx:
        last, last_mac = head(tx)
    for problem in problems:
        click.echo(problem)
    click.echo(f"{now():%Y-%m-%d %H:%M} UTC, {last} rows, head {last}:{last_mac}")
    click.echo("broken" if problems else "intact")
    sys.exit(1 if problems else 0)


def _anchor(written: str) -> tuple[int, str]:
    number, _, mac = written.partition(":")
    if not (re.fullmatch(r"[0-9]{1,18}", number) and re.fullmatch(r"[0-9a-f]{64}", mac)):
        raise click.BadParameter("Write the anchor as it was printed, as NUMBER:HASH.")
    return int(number), mac
