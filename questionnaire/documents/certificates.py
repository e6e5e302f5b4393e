"""The clinic's own certificates: a root kept safe, and the sealing certificates it issues.

A folder holds `root.key.pem` and `root.cert.pem` (the clinic root: twenty years, may and should be
moved offline once a sealing certificate exists) and, for each sealing certificate ever issued,
`seal-<first day>.key.pem` and `seal-<first day>.cert.pem`. Keys are P-256, unencrypted PEM readable
by the owner only. A certificate a clinic has bought is used by putting its files there instead.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_YEARS = 20
SEAL_YEARS = 3
WARNING_DAYS = (90, 30, 7)
LONGEST_NAME = 64
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class CertificatesMissingError(Exception):
    """The folder holds no usable sealing certificate: the clinic's set-up is incomplete."""


@dataclass(frozen=True, slots=True)
class SealingIdentity:
    """What the clinic seals with: the private key, its certificate, and the root above it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    def in_force(self, moment: datetime) -> bool:
        """Whether the certificate may seal at `moment` (an aware time)."""
        certificate = self.certificate
        return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc

    def days_left(self, moment: datetime) -> int:
        """Whole days until the sealing certificate runs out; negative once it has."""
        return (self.certificate.not_valid_after_utc - moment).days

    def renewal_is_due(self, moment: datetime) -> int | None:
        """The warning step reached, in days (90, 30, 7), or None while there is time."""
        left = self.days_left(moment)
        return min((step for step in WARNING_DAYS if left <= step), default=None)


@dataclass(frozen=True, slots=True)
class TrustedSeals:
    """What a seal is checked against: the pinned clinic root and each certificate ever issued."""

    root: x509.Certificate
    certificates: tuple[x509.Certificate, ...]

    @property
    def root_pem(self) -> bytes:
        """The clinic root as a PEM file, to be handed out."""
        return self.root.public_bytes(serialization.Encoding.PEM)


def create_clinic_certificates(folder: Path, clinic_name: str, now: datetime) -> bool:
    """Give the clinic a root and a first sealing certificate; True when anything was made.

    Asking again changes nothing. A folder left half-made by a crash is completed: a certificate is
    written after its key, so a key without certificate was never used and is replaced.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_path = folder / "root.cert.pem"
    made_root = not root_path.exists()
    if made_root:
        key = ec.generate_private_key(ec.SECP256R1())
        _write_key(folder / "root.key.pem", key)
        _write_certificate(root_path, _root_certificate(key, clinic_name, now))
    if _certificate_paths(folder):
        return made_root
    issue_seal(folder, clinic_name, now)
    return True


def issue_seal(folder: Path, clinic_name: str, now: datetime) -> Path:
    """Issue a sealing certificate valid from `now`; gives the path of the certificate.

    Needs `root.key.pem` in the folder. Earlier certificates stay, so that what they sealed can
    still be checked. Raises FileNotFoundError when the root key is kept elsewhere.
    """
    root = x509.load_pem_x509_certificate((folder / "root.cert.pem").read_bytes())
    root_key = _load_key(folder / "root.key.pem")
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / f"seal-{now:%Y%m%dT%H%M%SZ}.cert.pem"
    _write_key(_key_beside(path), key)
    _write_certificate(path, _seal_certificate(key, root, root_key, clinic_name, now))
    return path


def load_seal(folder: Path) -> SealingIdentity:
    """Load the newest sealing certificate with its key, and the root.

    Raises:
        CertificatesMissingError: nothing to seal with is there.
    """
    usable = [path for path in _certificate_paths(folder) if _key_beside(path).exists()]
    if not usable:
        raise CertificatesMissingError(f"{folder} holds no sealing certificate with its key")
    newest = usable[-1]
    return SealingIdentity(
        key=_load_key(_key_beside(newest)),
        certificate=x509.load_pem_x509_certificate(newest.read_bytes()),
        root=x509.load_pem_x509_certificate((folder / "root.cert.pem").read_bytes()),
    )


def load_trusted(folder: Path) -> TrustedSeals:
    """Load what documents are checked against; no private key is read.

    Raises:
        CertificatesMissingError: the clinic root is not there.
    """
    root_path = folder / "root.cert.pem"
    if not root_path.exists():
        raise CertificatesMissingError(f"{folder} holds no clinic root certificate")
    return TrustedSeals(
        root=x509.load_pem_x509_certificate(root_path.read_bytes()),
        certificates=tuple(
            x509.load_pem_x509_certificate(path.read_bytes()) for path in _certificate_paths(folder)
        ),
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, as 64 hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _certificate_paths(folder: Path) -> list[Path]:
    """The sealing certificates of a folder, oldest first (their names begin with their day)."""
    return sorted(folder.glob("seal-*.cert.pem"))


def _key_beside(certificate_path: Path) -> Path:
    return certificate_path.with_name(certificate_path.name.replace(".cert.pem", ".key.pem"))


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificatesMissingError(f"{path} is not an elliptic-curve key")
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.unlink(missing_ok=True)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        _write_through(file.fileno(), pem)


def _write_certificate(path: Path, certificate: x509.Certificate) -> None:
    with path.open("xb") as file:
        _write_through(file.fileno(), certificate.public_bytes(serialization.Encoding.PEM))


def _write_through(descriptor: int, content: bytes) -> None:
    os.write(descriptor, content)
    os.fsync(descriptor)


def _name(clinic_name: str, purpose: str) -> x509.Name:
    organisation = clinic_name[:LONGEST_NAME]
    common = f"{clinic_name[: LONGEST_NAME - len(purpose) - 1]} {purpose}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _root_certificate(
    key: ec.EllipticCurvePrivateKey, clinic_name: str, now: datetime
) -> x509.Certificate:
    name = _name(clinic_name, "root")
    draft = _draft(name, name, key.public_key(), now, ROOT_YEARS)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return draft.sign(key, hashes.SHA256())


def _seal_certificate(
    key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    clinic_name: str,
    now: datetime,
) -> x509.Certificate:
    draft = _draft(_name(clinic_name, "seal"), root.subject, key.public_key(), now, SEAL_YEARS)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
    # Readers built on NSS (Poppler's pdfsig) accept a signer only with the e-mail purpose.
    purposes = [DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    draft = draft.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    draft = draft.add_extension(issuer, critical=False)
    return draft.sign(root_key, hashes.SHA256())


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    years: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    purposes: Iterable[str] = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{purpose: purpose in allowed for purpose in purposes})
