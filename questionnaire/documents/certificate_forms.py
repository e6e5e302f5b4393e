"""What is written in the clinic's certificates (RFC 5280), and for how long each may be used.

A root lasts forty years. A sealing certificate lasts twenty-five, longer than documents are kept,
so that any reader still finds it valid when the last of them is read; but its key seals for three
years only, which the certificate says itself (private key usage period, RFC 3280 4.2.1.4).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)
ROOT_LASTS = 40 * YEAR
SEAL_LASTS = 25 * YEAR
SEAL_IN_USE = 3 * YEAR
LONGEST_NAME = 64
"""Octets of a name in a certificate. RFC 5280 counts characters; some readers count octets."""
OUR_PURPOSE = "seal"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


def root_certificate(
    key: ec.EllipticCurvePrivateKey, clinic_name: str, now: datetime
) -> x509.Certificate:
    """A root of the clinic's own, good from `now`."""
    name = _name(clinic_name, f"root {now:%Y}")
    draft = _draft(name, name, key.public_key(), now, now + ROOT_LASTS)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return draft.sign(key, hashes.SHA256())


def seal_certificate(
    key: ec.EllipticCurvePublicKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    clinic_name: str,
    now: datetime,
) -> x509.Certificate:
    """A sealing certificate under a root, good from `now`; it never outlives the root."""
    end = min(now + SEAL_LASTS, root.not_valid_after_utc)
    draft = _draft(_name(clinic_name, OUR_PURPOSE), root.subject, key, now, end)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
    # Readers built on NSS (Poppler's pdfsig) accept a signer only with the e-mail purpose.
    purposes = [DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    draft = draft.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    used = x509.PrivateKeyUsagePeriod(not_before=now, not_after=min(now + SEAL_IN_USE, end))
    draft = draft.add_extension(used, critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    draft = draft.add_extension(issuer, critical=False)
    return draft.sign(root_key, hashes.SHA256())


def used_until(certificate: x509.Certificate) -> datetime:
    """The last moment at which the certificate's key may sign: its own term, or its whole one."""
    end = certificate.not_valid_after_utc
    try:
        period = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        return end
    return min(period.not_after.replace(tzinfo=UTC), end) if period.not_after else end


def in_use(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether the certificate's key may sign at `moment` (an aware time)."""
    return certificate.not_valid_before_utc <= moment <= used_until(certificate)


def names_another(certificate: x509.Certificate, clinic_name: str) -> bool:
    """Whether a sealing certificate made here, not one a clinic has bought, has another name."""
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    is_ours = any(str(each.value).endswith(f" {OUR_PURPOSE}") for each in common)
    return is_ours and certificate.subject != _name(clinic_name, OUR_PURPOSE)


def _name(clinic_name: str, purpose: str) -> x509.Name:
    organisation = _beginning(clinic_name, LONGEST_NAME)
    common = f"{_beginning(clinic_name, LONGEST_NAME - len(purpose) - 1)} {purpose}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _beginning(text: str, octets: int) -> str:
    """As many whole characters as fit."""
    return text.encode()[:octets].decode(errors="ignore")


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(end)
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
