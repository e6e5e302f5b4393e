"""The clinic's certificates over the years: renewed, added, revoked, and compared with the records.

Each change counts at once, also for programs that run.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from questionnaire.archive.shelf import CannotBeRead, Damaged
from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificates import (
    TrustedSeals,
    fingerprint,
    issue_root,
    issue_seal,
    load_trusted,
    name_seal,
    revoke_seal,
)
from questionnaire.domain.clinic_details import Part
from questionnaire.domain.errors import NotFound
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER, OPERATOR
from questionnaire.records.database import Transaction
from questionnaire.records.known_roots import (
    known_roots,
    known_seals,
    remember_roots,
    remember_seals,
)
from questionnaire.records.sealed_with import (
    documents_by_certificate,
    files_of_unknown_certificate,
    note_certificate,
)
from questionnaire.records.sealing import sealed_count

KEYS = "keys"
log = logging.getLogger(__name__)


def renew_certificate(house: House, folder: Path) -> Path:
    """Issue a new sealing certificate in the folder of certificates; its path.

    Raises `FileNotFoundError` when the clinic root's key is kept elsewhere.
    """
    made = issue_seal(folder, house.clinic.called, house.clock())
    with house.database.write() as tx:
        house.note(tx, OPERATOR, "seal_renewed", KEYS, certificate=made.name)
    return made


def name_certificate(house: House, folder: Path) -> None:
    """Have what is sealed from now on carry the clinic's name, once somebody confirmed it.

    It takes the root's key, so no process that answers browsers does it. Where it cannot be done
    here, the self-check says so.
    """
    clinic = up_to_date(house).clinic
    if Part.NAME not in clinic.confirmed:
        return
    try:
        made = name_seal(folder, clinic.called, house.clock())
    except (CertificatesMissingError, OSError):
        log.exception("no sealing certificate could be made in the clinic's name")
        return
    if made is not None:
        with house.database.write() as tx:
            house.note(tx, KEEPER, "seal_renewed", KEYS, certificate=made.name)


def renew_root(house: House, folder: Path) -> tuple[Path, Path]:
    """Add a clinic root and a sealing certificate under it; the paths of both.

    Earlier roots stay pinned, for what was sealed under them.
    """
    name, now = house.clinic.called, house.clock()
    root = issue_root(folder, name, now)
    seal = issue_seal(folder, name, now)
    with house.database.write() as tx:
        house.note(tx, OPERATOR, "root_renewed", KEYS, root=root.name, certificate=seal.name)
        settle_roots(tx, load_trusted(folder), now)
    return root, seal


def revoke_certificate(house: House, folder: Path, name: str, since: datetime) -> None:
    """Write down that a sealing certificate is not believed by itself any more.

    Raises `CertificatesMissingError` when the folder holds none of that name.
    """
    revoke_seal(folder, name, since)
    with house.database.write() as tx:
        house.note(tx, OPERATOR, "seal_revoked", KEYS, certificate=name, since=since.isoformat())


def settle_roots(tx: Transaction, trusted: TrustedSeals, at: datetime) -> None:
    """Remember the clinic's roots, and from its first sealed document on what sealed."""
    remember_roots(tx, map(fingerprint, trusted.roots), at)
    if sealed_count(tx):
        remember_seals(tx, map(fingerprint, trusted.certificates), at)


def refuse_other_roots(tx: Transaction, load: Callable[[], TrustedSeals]) -> None:
    """Make sure that the clinic has every root and sealing certificate the records know.

    `load` gives those. Raises `CertificatesMissingError` with one sentence.
    """
    known = known_roots(tx)
    if not known:
        return
    trusted = load()
    pinned = set(map(fingerprint, trusted.roots))
    if lost := sorted(known - pinned):
        raise CertificatesMissingError(
            "The certificates beside the keys lack a clinic root that these records know "
            f"(SHA-256 {lost[0]}): bring them back from their safe copy."
        )
    sealed_by, unread = documents_by_certificate(tx), files_of_unknown_certificate(tx)
    for seal in sorted(known_seals(tx) - set(map(fingerprint, trusted.certificates))):
        if seal in sealed_by or unread:
            raise CertificatesMissingError(
                "The certificates beside the keys lack a sealing certificate of the documents in "
                f"these records (SHA-256 {seal}; documents sealed with it: "
                f"{sealed_by.get(seal, 'not known yet')}): bring it back from the safe copy of "
                "the keys."
            )


def learn_certificates(house: House) -> None:
    """Write down of each filed document which certificate sealed it, where that is not known.

    Documents of earlier releases are read for it, once; one that is not as it was filed teaches
    nothing. Raises `ShelfUnavailable`.
    """
    with house.database.read() as tx:
        unknown = files_of_unknown_certificate(tx)
    for name, file_sha256 in unknown:
        try:
            document = house.shelf.get(name)
        except (NotFound, Damaged, CannotBeRead):
            continue
        from questionnaire.documents.verify import sealed_with

        certificate = sealed_with(document)
        if certificate and sha256(document).hexdigest() == file_sha256:
            with house.database.write() as tx:
                note_certificate(tx, file_sha256, certificate)
