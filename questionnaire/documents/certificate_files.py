"""The files of a clinic's certificates: named, read, and written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from questionnaire.ordinary_files import NOTE, open_draft, read_file, read_words

CERTIFICATE, KEY, REVOKED = ".cert.pem", ".key.pem", ".revoked"


class CertificatesMissingError(Exception):
    """The folder holds no usable sealing certificate: the clinic's set-up is incomplete."""


def certificate_paths(folder: Path, kind: str) -> list[Path]:
    """The certificates of one kind, oldest first: `root.…`, then by the day in their names."""
    return sorted(folder.glob(f"{kind}*{CERTIFICATE}"), key=lambda path: path.name.split(".")[0])


def unused(path: Path) -> Path:
    """The path, or one that sorts after it while others of the same second are there."""
    stem = path.name.removesuffix(CERTIFICATE)
    numbered = (path.with_name(f"{stem}-{number}{CERTIFICATE}") for number in count(2))
    return next(each for each in chain([path], numbered) if not each.exists())


def beside(certificate_path: Path, ending: str) -> Path:
    """What belongs to a certificate: its `KEY`, or the note that it is `REVOKED`."""
    return certificate_path.with_name(certificate_path.name.replace(CERTIFICATE, ending))


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Turn what a file that is damaged, or cannot be read, does to its reader into one sentence."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise CertificatesMissingError(f"The file {path} cannot be read: {why}") from problem
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise CertificatesMissingError(
            f"The file {path} is damaged: bring it back from the safe copy of the keys"
        ) from problem


def load_certificate(path: Path) -> x509.Certificate:
    """A certificate; `CertificatesMissingError` for a damaged file."""
    with _whole(path):
        return x509.load_pem_x509_certificate(read_file(path, NOTE))


def load_note(path: Path) -> datetime:
    """Since when a certificate is revoked; `CertificatesMissingError` for a damaged note."""
    with _whole(path):
        return datetime.fromisoformat(read_words(path, NOTE, "ascii"))


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """A private key; `CertificatesMissingError` when it is damaged or of another kind."""
    with _whole(path):
        key = serialization.load_pem_private_key(read_file(path, NOTE), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificatesMissingError(f"{path} is not an elliptic-curve key")
    return key


def write_pair(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """Write the key, then the certificate; a certificate that is there already stays."""
    if path.exists():
        raise FileExistsError(path)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    put(beside(path, KEY), pem, mode=0o600)
    put(path, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)


def put(path: Path, content: bytes, *, mode: int) -> None:
    """Put a file there whole or not at all; one that is there already goes when this one is."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = open_draft(draft, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
