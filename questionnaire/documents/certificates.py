"""The clinic's own certificates: roots kept safe, and the sealing certificates they issue.

A folder holds `root.key.pem` and `root.cert.pem` (the clinic root, may and should be moved offline
once a sealing certificate exists; later roots are added as `root-<first day>…` and earlier ones
stay) and, for each sealing certificate ever issued, `seal-<first day>.key.pem` and
`seal-<first day>.cert.pem`; a `seal-<first day>.revoked` beside it says since when it is not to be
believed by itself. Keys are P-256, unencrypted PEM readable by the owner only. A certificate a
clinic has bought is used by putting its files there instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from questionnaire.documents.certificate_files import (
    CERTIFICATE,
    KEY,
    REVOKED,
    CertificatesMissingError,
    beside,
    certificate_paths,
    load_certificate,
    load_key,
    load_note,
    put,
    unused,
    write_pair,
)
from questionnaire.documents.certificate_forms import (
    in_use,
    names_another,
    root_certificate,
    seal_certificate,
    used_until,
)

WARNING_DAYS = (90, 30, 7)


@dataclass(frozen=True, slots=True)
class SealingIdentity:
    """What the clinic seals with: the private key, its certificate, and the root above it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    def in_force(self, moment: datetime) -> bool:
        """Whether the certificate may seal at `moment` (an aware time)."""
        return in_use(self.certificate, moment) and in_use(self.root, moment)

    @property
    def seals_until(self) -> datetime:
        """The last moment at which the certificate may seal."""
        return used_until(self.certificate)

    def days_left(self, moment: datetime) -> int:
        """Whole days until the certificate may seal no more; negative once that is so."""
        return (self.seals_until - moment).days

    def renewal_is_due(self, moment: datetime) -> int | None:
        """The warning step reached, in days (90, 30, 7), or None while there is time."""
        left = self.days_left(moment)
        return min((step for step in WARNING_DAYS if left <= step), default=None)


@dataclass(frozen=True, slots=True)
class TrustedSeals:
    """What a seal is checked against: the pinned roots and each certificate ever issued.

    `revoked` tells since when a certificate, by its fingerprint, is not believed by itself.
    """

    roots: tuple[x509.Certificate, ...]
    certificates: tuple[x509.Certificate, ...]
    revoked: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def roots_pem(self) -> bytes:
        """The clinic roots as one PEM file, to be handed out."""
        return b"".join(root.public_bytes(serialization.Encoding.PEM) for root in self.roots)

    def pinned(self, der: bytes) -> x509.Certificate | None:
        """The sealing certificate with exactly this encoding, if it is one of the clinic's."""
        return next((each for each in self.certificates if as_der(each) == der), None)

    def root_of(self, certificate: x509.Certificate) -> x509.Certificate | None:
        """The pinned root that issued a certificate."""
        return next((root for root in self.roots if _issued(root, certificate)), None)

    def in_force(self, certificate: x509.Certificate, moment: datetime) -> bool:
        """Whether a sealing certificate and its root may be used at `moment`."""
        root = self.root_of(certificate)
        return root is not None and in_use(root, moment) and in_use(certificate, moment)

    def revoked_since(self, certificate: x509.Certificate) -> datetime | None:
        """Since when the certificate is revoked, if it is."""
        return self.revoked.get(fingerprint(certificate))


def create_clinic_certificates(folder: Path, clinic_name: str, now: datetime) -> bool:
    """Give the clinic a root and a first sealing certificate; True when anything was made.

    Asking again changes nothing. A folder left half-made by a crash is completed: a certificate is
    written after its key, so a key without certificate was never used and is replaced.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_root = not certificate_paths(folder, "root")
    if made_root:
        _make_root(folder / f"root{CERTIFICATE}", clinic_name, now)
    if certificate_paths(folder, "seal-"):
        return made_root
    issue_seal(folder, clinic_name, now)
    return True


def issue_root(folder: Path, clinic_name: str, now: datetime) -> Path:
    """Make a further root, valid from `now`; gives the path of its certificate.

    Earlier roots stay, and what was sealed under them stays as it was.
    """
    path = folder / f"root-{now:%Y%m%dT%H%M%SZ}{CERTIFICATE}"
    _make_root(path, clinic_name, now)
    return path


def issue_seal(folder: Path, clinic_name: str, now: datetime) -> Path:
    """Issue a sealing certificate under the newest root in force; the path of the certificate.

    Needs that root's key in the folder. Earlier certificates stay, so that what they sealed can
    still be checked. Raises FileNotFoundError when the root's key is kept elsewhere, and
    `CertificatesMissingError` when no root is in force.
    """
    newest = _root_to_use(folder, now)
    root = load_certificate(newest)
    if not in_use(root, now):
        raise CertificatesMissingError(
            f"The clinic root in {newest} is not in force now: add another one (flask --app app "
            "keys renew-root)"
        )
    root_key = load_key(beside(newest, KEY))
    key = ec.generate_private_key(ec.SECP256R1())
    path = unused(folder / f"seal-{now:%Y%m%dT%H%M%SZ}{CERTIFICATE}")
    write_pair(path, key, seal_certificate(key.public_key(), root, root_key, clinic_name, now))
    return path


def name_seal(folder: Path, clinic_name: str, now: datetime) -> Path | None:
    """Issue a sealing certificate in the clinic's name if the one in use has another; its path.

    None where there is nothing to do, or it cannot be done here: the certificate was bought, the
    root's key is kept elsewhere, or no root is in force.
    """
    identity = load_seal(folder, now)
    root = _root_to_use(folder, now)
    can_issue = beside(root, KEY).exists() and in_use(load_certificate(root), now)
    if not (can_issue and names_another(identity.certificate, clinic_name)):
        return None
    return issue_seal(folder, clinic_name, now)


def revoke_seal(folder: Path, name: str, since: datetime) -> Path:
    """Write down that the certificate in the file `name` is revoked; gives the path of the note.

    Asking again changes the day. Raises `CertificatesMissingError` when there is no such file.
    """
    path = next((each for each in certificate_paths(folder, "seal-") if each.name == name), None)
    if path is None:
        known = ", ".join(each.name for each in certificate_paths(folder, "seal-"))
        raise CertificatesMissingError(f"{folder} holds no {name}, but: {known}")
    note = beside(path, REVOKED)
    put(note, since.isoformat().encode(), mode=0o644)
    return note


def load_seal(folder: Path, moment: datetime) -> SealingIdentity:
    """Load what the clinic seals with at `moment` (an aware time), its key and its root.

    It is the newest sealing certificate in force, with its key there and not revoked. Where none
    is in force it is the newest of all, which does not seal.

    Raises:
        CertificatesMissingError: nothing to seal with is there.
    """
    valid = [
        path for path in certificate_paths(folder, "seal-") if not beside(path, REVOKED).exists()
    ]
    if not valid:
        raise CertificatesMissingError(f"{folder} holds no sealing certificate")
    usable = [path for path in valid if beside(path, KEY).exists()]
    if not usable:
        newest, place = valid[-1].name, beside(valid[-1], KEY)
        raise CertificatesMissingError(f"The private key of {newest} is not at {place}")
    trusted = load_trusted(folder)
    path = _newest_of(usable, lambda each: trusted.in_force(each, moment))
    key_path, certificate = beside(path, KEY), load_certificate(path)
    root = trusted.root_of(certificate)
    if root is None:
        raise CertificatesMissingError(f"{folder} holds no root that issued {path.name}")
    key = load_key(key_path)
    if key.public_key() != certificate.public_key():
        raise CertificatesMissingError(f"{key_path} is not the private key of {path.name}")
    return SealingIdentity(key, certificate, root)


def load_trusted(folder: Path) -> TrustedSeals:
    """Load what documents are checked against; no private key is read.

    Raises:
        CertificatesMissingError: no clinic root is there.
    """
    roots = tuple(load_certificate(path) for path in certificate_paths(folder, "root"))
    if not roots:
        raise CertificatesMissingError(f"{folder} holds no clinic root certificate")
    seals = {path: load_certificate(path) for path in certificate_paths(folder, "seal-")}
    revoked = {
        fingerprint(certificate): load_note(note)
        for path, certificate in seals.items()
        if (note := beside(path, REVOKED)).exists()
    }
    return TrustedSeals(roots, tuple(seals.values()), revoked)


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, as 64 hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def as_der(certificate: x509.Certificate) -> bytes:
    """A certificate as it travels in a seal."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _root_to_use(folder: Path, moment: datetime) -> Path:
    """The certificate file of the newest root in force at `moment`, or of the newest of all."""
    return _newest_of(certificate_paths(folder, "root"), lambda each: in_use(each, moment))


def _newest_of(paths: Sequence[Path], is_right: Callable[[x509.Certificate], bool]) -> Path:
    """The last of the files, oldest first, whose certificate is right; the last where none is.

    One that was made while the clock was ahead is newer than all that follow for years.
    """
    right = (path for path in reversed(paths) if is_right(load_certificate(path)))
    return next(right, paths[-1])


def _issued(root: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _make_root(path: Path, clinic_name: str, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write_pair(path, key, root_certificate(key, clinic_name, now))
