"""The clinic's certificates: made once, kept private, watched for their end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from questionnaire.documents.certificates import (
    LONGEST_NAME,
    CertificatesMissingError,
    SealingIdentity,
    create_clinic_certificates,
    issue_seal,
    load_seal,
    load_trusted,
)

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def test_asking_twice_changes_nothing(tmp_path: Path) -> None:
    assert create_clinic_certificates(tmp_path, "Willow", NOW) is True
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert create_clinic_certificates(tmp_path, "Willow", NOW + timedelta(days=1)) is False
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_private_keys_are_for_the_owner_only(keys: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in keys.glob("*.key.pem")} == {0o600}


def test_a_folder_left_half_made_is_completed(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    root = (tmp_path / "root.cert.pem").read_bytes()
    for path in tmp_path.glob("seal-*.cert.pem"):
        path.unlink()
    assert create_clinic_certificates(tmp_path, "Willow", NOW) is True
    assert (tmp_path / "root.cert.pem").read_bytes() == root
    load_seal(tmp_path).certificate.verify_directly_issued_by(load_trusted(tmp_path).root)


def test_the_seal_may_only_sign_and_the_root_only_certify(identity: SealingIdentity) -> None:
    usage = identity.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (
        True,
        True,
        False,
    )
    root_usage = identity.root.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (root_usage.key_cert_sign, root_usage.digital_signature) == (True, False)


def test_the_newest_certificate_seals_and_the_old_one_stays_trusted(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    first = load_seal(tmp_path)
    issue_seal(tmp_path, "Willow", NOW + timedelta(days=900))
    assert load_seal(tmp_path).certificate != first.certificate
    assert first.certificate in load_trusted(tmp_path).certificates


@pytest.mark.parametrize(
    ("days_before_the_end", "step"), [(120, None), (90, 90), (31, 90), (30, 30), (7, 7), (-1, 7)]
)
def test_renewal_is_announced_in_steps(
    identity: SealingIdentity, days_before_the_end: int, step: int | None
) -> None:
    end = identity.certificate.not_valid_after_utc
    assert identity.renewal_is_due(end - timedelta(days=days_before_the_end)) == step


def test_a_very_long_clinic_name_is_cut_to_what_a_certificate_holds(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "W" * 200, NOW)
    names = [str(each.value) for each in load_seal(tmp_path).certificate.subject]
    assert max(map(len, names)) == LONGEST_NAME


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(CertificatesMissingError, match="no sealing certificate"):
        load_seal(tmp_path)
    with pytest.raises(CertificatesMissingError, match="no clinic root"):
        load_trusted(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    key = next(tmp_path.glob("seal-*.key.pem"))
    key.write_bytes(RSA_FREE_KEY)
    with pytest.raises(CertificatesMissingError, match="elliptic"):
        load_seal(tmp_path)


RSA_FREE_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""
