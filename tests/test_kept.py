"""What earlier releases sealed opens, verifies and is shown; see `golden/kept/README.md`."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from questionnaire.clinic import certificates_folder, open_clinic, prepare_clinic
from questionnaire.documents.certificates import fingerprint, load_seal, load_trusted
from questionnaire.documents.verdict import Word
from questionnaire.documents.verify import verify
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.archiving import Purpose, open_consent, verify_file
from questionnaire.journey.certifying import learn_certificates, renew_certificate
from questionnaire.journey.house import House
from questionnaire.journey.sealing import seal_due
from questionnaire.journey.self_check import self_check
from questionnaire.journey.self_check_certificates import certificates_of_documents
from questionnaire.records.finding import find_visits
from questionnaire.records.ledger import verify_ledger
from questionnaire.records.sealing import seal_for_file
from questionnaire.records.signing import frozen_record
from questionnaire.settings import Settings
from tests.clinics import ARCHIVIST, Clinic, Clock
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

pytestmark = pytest.mark.whole

KEPT = Path(__file__).parent / "golden" / "kept"
RELEASES = sorted(path.name for path in KEPT.iterdir() if path.is_dir())
DOCUMENTS = sorted(
    str(path.relative_to(KEPT).with_suffix("")) for path in KEPT.glob("*/documents/*.pdf")
)
LEFT = {"0.1.0": datetime(2026, 11, 30, 12, tzinfo=UTC)}
"""When each clinic was left."""


def release_of(document: str) -> str:
    """The release that sealed a document."""
    return document.split("/", maxsplit=1)[0]


def settings_in(folder: Path) -> Settings:
    """The settings of a clinic in a folder."""
    return Settings.from_environment(
        {"CANDOUR_DATA": str(folder / "data"), "CANDOUR_KEYS": str(folder / "keys")}
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Clinic]]:
    """`opened(release)`: a copy of that release's clinic, opened with the code of today."""
    clinics: dict[str, Clinic] = {}

    def clinic_of(release: str) -> Clinic:
        if release not in clinics:
            folder = tmp_path_factory.mktemp(release) / "clinic"
            clinics[release] = opened_in(copied(release, folder), release)
        return clinics[release]

    yield clinic_of
    for each in clinics.values():
        each.house.database.close()


def copied(release: str, folder: Path) -> Settings:
    """The settings of a copy of that release's clinic."""
    shutil.copytree(KEPT / release, folder)
    for path in (folder / "keys", *(folder / "keys").rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return settings_in(folder)


def opened_in(settings: Settings, release: str) -> Clinic:
    """A clinic of that release, opened with the code of today."""
    clock = Clock(LEFT[release] + timedelta(days=1))
    prepare_clinic(settings)
    return Clinic(settings, open_clinic(settings, clock=clock), clock, [])


def visit_of(house: House, pdf: bytes) -> str:
    """The visit whose document this file is."""
    with house.database.read() as tx:
        seal = seal_for_file(tx, sha256(pdf).hexdigest())
    assert seal is not None
    return seal.visit_id


def test_every_release_that_sealed_documents_is_kept() -> None:
    assert [release_of(name) for name in DOCUMENTS] == ["0.1.0"] * 4
    assert set(RELEASES) == set(LEFT)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_of_an_earlier_release_is_authentic(document: str) -> None:
    path = KEPT / f"{document}.pdf"
    folder = certificates_folder(settings_in(KEPT / release_of(document)))
    verdict = verify(path.read_bytes(), load_trusted(folder))
    assert verdict.word is Word.AUTHENTIC, verdict.sentence
    assert verdict.record_sha256 == sha256(path.with_suffix(".json").read_bytes()).hexdigest()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_consent_of_an_earlier_release_opens_from_its_database_and_shelf(
    document: str, opened: Callable[[str], Clinic]
) -> None:
    house = opened(release_of(document)).house
    pdf = (KEPT / f"{document}.pdf").read_bytes()
    visit_id = visit_of(house, pdf)
    assert open_consent(house, ARCHIVIST, visit_id, Purpose.READ) == pdf
    checked = verify_file(house, ARCHIVIST, pdf)
    assert (checked.verdict.word, checked.archived) == (Word.AUTHENTIC, True)
    assert checked.station is Station.SEALED
    with house.database.read() as tx:
        record = frozen_record(tx, visit_id)
    assert record is not None
    assert record.canonical == (KEPT / f"{document}.json").read_bytes()


@pytest.mark.parametrize("release", RELEASES)
def test_the_records_of_an_earlier_release_are_shown(
    release: str, opened: Callable[[str], Clinic]
) -> None:
    clinic = opened(release)
    with clinic.house.database.read() as tx:
        visits = [found.visit for found in find_visits(tx, limit=100).visits]
    door = enter_as(open_door(clinic), Role.CLINICIAN)
    assert len(visits) == 8
    for visit in visits:
        for page in (f"/archive/{visit.id}", f"/visits/{visit.id}"):
            assert visit.patient.full_name in door.read(page)


@pytest.mark.parametrize("release", RELEASES)
def test_the_ledger_of_an_earlier_release_is_whole(
    release: str, opened: Callable[[str], Clinic]
) -> None:
    with opened(release).house.database.read() as tx:
        assert verify_ledger(tx) == ()


@pytest.mark.parametrize("release", RELEASES)
def test_a_consent_that_an_earlier_release_left_signed_is_sealed(
    release: str, opened: Callable[[str], Clinic]
) -> None:
    house = opened(release).house
    assert seal_due(house) == 1


@pytest.mark.parametrize("release", RELEASES)
def test_a_clinic_of_an_earlier_release_renews_its_certificate(
    release: str, opened: Callable[[str], Clinic]
) -> None:
    clinic = opened(release)
    folder = certificates_folder(clinic.settings)
    before = load_trusted(folder).certificates
    assert "certificate_short" in findings(clinic)
    renew_certificate(clinic.house, folder)
    assert set(before) < set(load_trusted(folder).certificates)
    assert "certificate_short" not in findings(clinic)


@pytest.mark.parametrize("lost", ["gone", "another in its place"])
@pytest.mark.parametrize("release", RELEASES)
def test_a_certificate_lost_before_the_update_is_named_with_its_documents(
    release: str, lost: str, tmp_path: Path
) -> None:
    settings = copied(release, tmp_path / "clinic")
    folder = certificates_folder(settings)
    (before,) = load_trusted(folder).certificates
    (path,) = folder.glob("seal-*.cert.pem")
    if lost == "gone":
        path.unlink()
    else:
        path.write_bytes((folder / "root.cert.pem").read_bytes())
    clinic = opened_in(settings, release)
    assert "certificate_lost" not in findings(clinic), "the documents were not read yet"
    learn_certificates(clinic.house)
    (found,) = [
        each
        for each in certificates_of_documents(clinic.house, settings)
        if each.name == "certificate_lost"
    ]
    clinic.house.database.close()
    documents = sum(release_of(each) == release for each in DOCUMENTS)
    words = f"Documents: {documents}; SHA-256 of the certificate: {fingerprint(before)}."
    assert words in found.sentence
    assert not found.grave


def findings(clinic: Clinic) -> set[str]:
    """What the self-check of a clinic finds when it has just been started, by name."""
    folder = certificates_folder(clinic.settings)
    house = replace(clinic.house, sealing_identity=partial(load_seal, folder))
    return {each.name for each in self_check(house, clinic.settings)}
