"""The clinic's certificates: made once, kept private, watched for their end."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificate_forms import (
    LONGEST_NAME,
    SEAL_LASTS,
    names_another,
    root_certificate,
)
from questionnaire.documents.certificates import (
    SealingIdentity,
    create_clinic_certificates,
    issue_root,
    issue_seal,
    load_seal,
    load_trusted,
    name_seal,
    revoke_seal,
)
from tests.documents.conftest import OPENED

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
    load_seal(tmp_path, NOW).certificate.verify_directly_issued_by(load_trusted(tmp_path).roots[0])


def test_the_seal_may_only_sign_and_the_root_only_certify(identity: SealingIdentity) -> None:
    usage = identity.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (
        True,
        True,
        False,
    )
    root_usage = identity.root.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (root_usage.key_cert_sign, root_usage.digital_signature) == (True, False)


@pytest.mark.parametrize(
    "name",
    ["Willow", "W" * 200, "عيادة " * 30, "Clínica Ñandú " * 9, "🌿" * 60, "柳" * 64, "a, b=c+d"],
)
def test_a_certificate_carries_any_name_as_far_as_it_fits(tmp_path: Path, name: str) -> None:
    create_clinic_certificates(tmp_path, "Candour", NOW)
    made = name_seal(tmp_path, name, NOW)
    identity = load_seal(tmp_path, NOW)
    (told,) = identity.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert name.startswith(str(told.value))
    assert len(str(told.value)) >= min(len(name), 15)
    assert made is not None
    assert made.name == "seal-20261101T080000Z-2.cert.pem", "made within the second of the first"
    assert name_seal(tmp_path, name, NOW) is None, "it carries the name already"
    assert name_seal(tmp_path, f"New {name}", NOW) is not None
    assert len(load_trusted(tmp_path).certificates) == 3


def test_no_certificate_is_made_in_place_of_one_that_was_bought(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    bought = root_certificate(ec.generate_private_key(ec.SECP256R1()), "Grown Seals Ltd", NOW)
    assert not names_another(bought, "Willow")
    assert names_another(load_seal(tmp_path, NOW).certificate, "Elm")
    (tmp_path / "root.key.pem").unlink()
    assert name_seal(tmp_path, "Elm", NOW) is None, "only whoever has the root's key can"


def test_the_newest_certificate_seals_and_the_old_one_stays_trusted(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    first = load_seal(tmp_path, NOW)
    later = NOW + timedelta(days=900)
    issue_seal(tmp_path, "Willow", later)
    assert load_seal(tmp_path, later).certificate != first.certificate
    assert first.certificate in load_trusted(tmp_path).certificates


def test_a_seal_is_used_for_three_years_and_valid_for_longer_than_records_are_kept(
    identity: SealingIdentity,
) -> None:
    assert identity.seals_until == OPENED + timedelta(days=3 * 365)
    assert identity.certificate.not_valid_after_utc == OPENED + timedelta(days=25 * 365)
    assert identity.in_force(identity.seals_until)
    assert not identity.in_force(identity.seals_until + timedelta(seconds=1))
    assert not identity.in_force(OPENED - timedelta(seconds=1))


@pytest.mark.parametrize("years", [0, 14, 16, 38, 39])
def test_a_seal_never_outlives_its_root(tmp_path: Path, years: int) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    moment = NOW + timedelta(days=years * 365, seconds=1)
    issue_seal(tmp_path, "Willow", moment)
    identity = load_seal(tmp_path, moment)
    end = identity.certificate.not_valid_after_utc
    assert end == min(identity.certificate.not_valid_before_utc + SEAL_LASTS, the_end(identity))
    assert identity.seals_until <= end


def the_end(identity: SealingIdentity) -> datetime:
    """When the root above it ends."""
    return identity.root.not_valid_after_utc


def test_a_further_root_is_added_and_the_earlier_one_stays_with_its_seals(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    first = load_seal(tmp_path, NOW)
    later = NOW + timedelta(days=900)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    made = issue_root(tmp_path, "Willow", later)
    issue_seal(tmp_path, "Willow", later)
    second, trusted = load_seal(tmp_path, later), load_trusted(tmp_path)
    assert made.name == "root-20290419T080000Z.cert.pem"
    assert second.root != first.root
    assert trusted.roots == (first.root, second.root)
    assert trusted.root_of(first.certificate) == first.root
    assert trusted.root_of(second.certificate) == second.root
    assert trusted.roots_pem.count(b"BEGIN CERTIFICATE") == 2
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_nothing_made_in_the_same_second_is_written_over(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    made = [issue_seal(tmp_path, "Willow", NOW).name for _ in range(2)]
    assert made == [f"seal-20261101T080000Z-{number}.cert.pem" for number in (2, 3)]
    assert before.items() < {path.name: path.read_bytes() for path in tmp_path.iterdir()}.items()
    with pytest.raises(FileExistsError):
        [issue_root(tmp_path, "Willow", NOW) for _ in range(2)]


def test_a_revoked_certificate_seals_no_more_and_says_since_when(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    first = load_seal(tmp_path, NOW)
    later = NOW + timedelta(days=900)
    issue_seal(tmp_path, "Willow", later)
    newest = max(tmp_path.glob("seal-*.cert.pem"))
    for since in (later, NOW):
        revoke_seal(tmp_path, newest.name, since)
    stolen = x509.load_pem_x509_certificate(newest.read_bytes())
    assert load_seal(tmp_path, later).certificate == first.certificate
    assert load_trusted(tmp_path).revoked_since(stolen) == NOW
    assert load_trusted(tmp_path).revoked_since(first.certificate) is None
    with pytest.raises(CertificatesMissingError, match=f"but: seal-.*{newest.name}"):
        revoke_seal(tmp_path, "seal-of-nobody.cert.pem", NOW)


AHEAD = timedelta(days=5 * 365)
CLOCKS = {
    "right": [timedelta(0)],
    "ahead and back": [AHEAD, timedelta(0)],
    "ahead twice and back": [AHEAD, AHEAD + timedelta(days=1), timedelta(days=1)],
    "behind and right": [timedelta(days=-9), timedelta(0)],
}


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("what", [(issue_seal,), (issue_root, issue_seal)])
def test_what_was_issued_while_the_clock_was_ahead_waits_for_its_day(
    tmp_path: Path, what: tuple[Callable[[Path, str, datetime], Path], ...], clock: str
) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW - timedelta(days=30))
    moment = NOW
    for shift in CLOCKS[clock]:
        moment = NOW + shift
        made = [issue(tmp_path, "Willow", moment) for issue in what][-1]
        identity = load_seal(tmp_path, moment)
        assert identity.certificate.public_bytes(Encoding.PEM) == made.read_bytes()
        assert identity.in_force(moment)
    if AHEAD in CLOCKS[clock]:
        later = NOW + AHEAD + timedelta(days=9)
        assert load_seal(tmp_path, later).in_force(later), "its day has come"


def test_a_clock_that_was_ahead_at_the_first_set_up_is_said_and_another_root_helps(
    tmp_path: Path,
) -> None:
    create_clinic_certificates(tmp_path, "Candour", NOW + AHEAD)
    assert not load_seal(tmp_path, NOW).in_force(NOW)
    assert name_seal(tmp_path, "Willow", NOW) is None, "it could not seal either"
    with pytest.raises(CertificatesMissingError, match="keys renew-root"):
        issue_seal(tmp_path, "Willow", NOW)
    issue_root(tmp_path, "Willow", NOW)
    issue_seal(tmp_path, "Willow", NOW)
    assert load_seal(tmp_path, NOW).in_force(NOW)
    assert name_seal(tmp_path, "Willow", NOW) is None, "it carries the name already"


def test_one_that_is_revoked_never_steps_in_for_one_of_another_day(
    tmp_path: Path,
) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    first = load_seal(tmp_path, NOW)
    made = issue_seal(tmp_path, "Willow", NOW + AHEAD)
    revoke_seal(tmp_path, min(tmp_path.glob("seal-*.cert.pem")).name, NOW)
    assert load_seal(tmp_path, NOW).certificate.public_bytes(Encoding.PEM) == made.read_bytes()
    assert not load_seal(tmp_path, NOW).in_force(NOW)
    assert load_trusted(tmp_path).in_force(first.certificate, NOW)


def test_a_seal_whose_root_is_gone_is_not_used(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    for path in tmp_path.glob("root*"):
        path.unlink()
    issue_root(tmp_path, "Willow", NOW)
    with pytest.raises(CertificatesMissingError, match="holds no root that issued seal-"):
        load_seal(tmp_path, NOW)


@pytest.mark.parametrize(
    ("days_before_the_end", "step"), [(120, None), (90, 90), (31, 90), (30, 30), (7, 7), (-1, 7)]
)
def test_renewal_is_announced_in_steps(
    identity: SealingIdentity, days_before_the_end: int, step: int | None
) -> None:
    end = identity.seals_until
    assert identity.renewal_is_due(end - timedelta(days=days_before_the_end)) == step


def test_a_very_long_clinic_name_is_cut_to_what_a_certificate_holds(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "W" * 200, NOW)
    names = [str(each.value) for each in load_seal(tmp_path, NOW).certificate.subject]
    assert max(map(len, names)) == LONGEST_NAME


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The disk takes no more: a longer file is cut short, and the next write fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100, 300, 500])
def test_a_first_set_up_cut_off_by_a_full_disk_is_made_again(tmp_path: Path, size: int) -> None:
    with no_file_longer_than(size), pytest.raises(OSError, match="too large"):
        create_clinic_certificates(tmp_path, "Willow", NOW)
    assert not list(tmp_path.glob("*.cert.pem"))
    assert not list(tmp_path.glob(".*"))
    assert create_clinic_certificates(tmp_path, "Willow", NOW) is True
    assert load_seal(tmp_path, NOW).in_force(NOW)


def test_a_full_disk_leaves_the_earlier_note_of_a_revoked_certificate(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    certificate = load_seal(tmp_path, NOW).certificate
    (path,) = tmp_path.glob("seal-*.cert.pem")
    revoke_seal(tmp_path, path.name, NOW)
    with no_file_longer_than(5), pytest.raises(OSError, match="too large"):
        revoke_seal(tmp_path, path.name, NOW + timedelta(days=1))
    assert load_trusted(tmp_path).revoked_since(certificate) == NOW


@pytest.mark.parametrize("left", [0, 40, 100])
@pytest.mark.parametrize("name", ["root.cert.pem", "seal-*.cert.pem", "seal-*.key.pem"])
def test_an_empty_or_damaged_file_is_one_sentence(tmp_path: Path, name: str, left: int) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    (path,) = tmp_path.glob(name)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(CertificatesMissingError, match=f"{path.name} is damaged: bring it back"):
        load_seal(tmp_path, NOW)


def test_a_damaged_root_key_or_note_is_one_sentence(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    (tmp_path / "root.key.pem").write_bytes(b"")
    with pytest.raises(CertificatesMissingError, match=r"root\.key\.pem is damaged"):
        issue_seal(tmp_path, "Willow", NOW + timedelta(days=1))
    (path,) = tmp_path.glob("seal-*.cert.pem")
    revoke_seal(tmp_path, path.name, NOW).write_bytes(b"")
    with pytest.raises(CertificatesMissingError, match="revoked is damaged"):
        load_trusted(tmp_path)


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(CertificatesMissingError, match="no sealing certificate"):
        load_seal(tmp_path, NOW)
    with pytest.raises(CertificatesMissingError, match="no clinic root"):
        load_trusted(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    create_clinic_certificates(tmp_path, "Willow", NOW)
    key = next(tmp_path.glob("seal-*.key.pem"))
    key.write_bytes(RSA_FREE_KEY)
    with pytest.raises(CertificatesMissingError, match="elliptic"):
        load_seal(tmp_path, NOW)


RSA_FREE_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""
