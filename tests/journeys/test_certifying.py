"""The clinic's certificates over the years, and the roots that the records know."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509

from questionnaire.cli import demo
from questionnaire.cli.demo import Walk
from questionnaire.clinic import certificates_folder, open_clinic, prepare_clinic
from questionnaire.clinic_parts import ClinicPartsError
from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificate_forms import names_another
from questionnaire.documents.certificates import (
    create_clinic_certificates,
    fingerprint,
    load_seal,
    load_trusted,
)
from questionnaire.documents.verdict import Word
from questionnaire.domain.visit import Station
from questionnaire.journey.archiving import Purpose, open_consent, verify_file
from questionnaire.journey.certifying import (
    name_certificate,
    renew_certificate,
    renew_root,
    revoke_certificate,
    settle_roots,
)
from questionnaire.journey.sealing import gather_work, make_document, seal_visit
from questionnaire.journey.self_check import self_check
from questionnaire.journey.self_check_certificates import certificates_of_documents
from questionnaire.records.known_roots import known_roots, known_seals
from tests.clinics import ARCHIVIST, CLINICIAN, DESK, OPENED, Clinic, Stage

pytestmark = pytest.mark.whole

At = Callable[..., Stage]


def known(clinic: Clinic) -> frozenset[str]:
    """The roots the records know."""
    with clinic.house.database.read() as tx:
        return known_roots(tx)


def pinned(clinic: Clinic) -> set[str]:
    """The roots in the folder of certificates."""
    trusted = load_trusted(certificates_folder(clinic.settings))
    return set(map(fingerprint, trusted.roots))


def with_own_certificates(stage: Stage) -> Stage:
    """The stage with its house loading certificates from its own folder, as it is now."""
    folder = certificates_folder(stage.clinic.settings)
    house = replace(
        stage.house,
        sealing_identity=partial(load_seal, folder),
        trusted_seals=lambda: load_trusted(folder),
    )
    return Stage(replace(stage.clinic, house=house), replace(stage.walk, house=house))


def document(stage: Stage) -> bytes:
    """The sealed document of the stage's visit."""
    return open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)


def test_a_new_sealing_certificate_is_used_by_whoever_starts_and_told(clinic: Clinic) -> None:
    folder = certificates_folder(clinic.settings)
    before = load_seal(folder, clinic.clock())
    made = renew_certificate(clinic.house, folder)
    after = load_seal(folder, clinic.clock())
    assert after.certificate.serial_number != before.certificate.serial_number
    assert after.root == before.root
    told = clinic.events("keys")[-1]
    assert (told.action, told.detail) == ("seal_renewed", {"certificate": made.name})


def test_what_is_sealed_after_a_new_name_carries_it_and_what_was_before_stays(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    folder, earlier = certificates_folder(stage.clinic.settings), document(stage)
    stage.clinic.clock.forward(timedelta(hours=1))
    house = stage.clinic.state(name="Fern House")
    assert "certificate_name" in {each.name for each in self_check(house, stage.clinic.settings)}
    name_certificate(house, folder)
    name_certificate(house, folder)
    assert "certificate_name" not in {
        each.name for each in self_check(house, stage.clinic.settings)
    }
    for pdf, name in ((earlier, "Aurelia Clinic"), (sealed_anew(stage), "Fern House")):
        verdict = verify_file(house, ARCHIVIST, pdf).verdict
        assert (verdict.word, verdict.sealed_by) == (Word.AUTHENTIC, f"CN={name} seal,O={name}")


def test_a_name_the_certificate_cannot_take_here_is_said_by_the_self_check(at: At) -> None:
    stage = with_own_certificates(at(Station.ARRANGED))
    folder = certificates_folder(stage.clinic.settings)
    (folder / "root.key.pem").unlink()
    house = stage.clinic.state(name="Fern House")
    before = sorted(folder.iterdir())
    name_certificate(house, folder)
    assert sorted(folder.iterdir()) == before
    found = {each.name: each for each in self_check(house, stage.clinic.settings)}
    assert "keys renew-seal" in found["certificate_name"].mend


def test_a_root_is_added_and_what_was_sealed_before_stays_authentic(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    clinic = stage.clinic
    before = load_seal(certificates_folder(clinic.settings), clinic.clock())
    earlier, known_before = document(stage), known(clinic)
    made = renew_root(stage.house, certificates_folder(clinic.settings))
    told = clinic.events("keys")[-1]
    assert told.detail == {"root": made[0].name, "certificate": made[1].name}
    assert stage.house.sealing_identity(stage.clinic.clock()).root != before.root
    assert known_before == {fingerprint(before.root)}
    assert known(clinic) == pinned(clinic) > known_before
    for pdf in (earlier, sealed_anew(stage)):
        assert verify_file(stage.house, ARCHIVIST, pdf).verdict.word is Word.AUTHENTIC


def sealed_anew(stage: Stage) -> bytes:
    """The stage's document sealed once more, with the certificate of today."""
    with stage.house.database.read() as tx:
        return make_document(stage.house, gather_work(tx, stage.visit_id))


def test_a_root_that_is_not_pinned_makes_a_file_unrecognised_never_altered(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    pdf, folder = document(stage), certificates_folder(stage.clinic.settings)
    for path in folder.glob("root*"):
        path.unlink()
    other = folder.parent / "other"
    create_clinic_certificates(other, "Aurelia Clinic", OPENED)
    shutil.copy(other / "root.cert.pem", folder)
    verdict = verify_file(stage.house, ARCHIVIST, pdf).verdict
    assert verdict.word is Word.UNRECOGNISED
    assert "leads to no clinic root" in verdict.sentence


def test_what_a_revoked_certificate_sealed_counts_only_in_the_archive(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    folder = certificates_folder(stage.clinic.settings)
    archived = document(stage)
    stage.clinic.clock.forward(timedelta(days=1))
    made_elsewhere = sealed_anew(stage)
    before = verify_file(stage.house, ARCHIVIST, made_elsewhere)
    assert (before.verdict.word, before.archived) == (Word.AUTHENTIC, False)
    assert "is not in the clinic's archive" in before.verdict.sentence
    name = max(path.name for path in folder.glob("seal-*.cert.pem"))
    revoke_certificate(stage.house, folder, name, OPENED + timedelta(days=30))
    told = stage.clinic.events("keys")[-1]
    assert told.detail == {"certificate": name, "since": "2031-04-03T09:30:00+00:00"}
    kept = verify_file(stage.house, ARCHIVIST, archived)
    assert (kept.verdict.word, kept.archived) == (Word.AUTHENTIC, True)
    forged = verify_file(stage.house, ARCHIVIST, made_elsewhere).verdict
    assert forged.word is Word.UNRECOGNISED
    assert "revoked since 03 April 2031" in forged.sentence
    identity = stage.house.sealing_identity(stage.clinic.clock())
    assert names_another(identity.certificate, "Aurelia Clinic")


@pytest.mark.parametrize("station", [Station.ARRANGED, Station.SEALED])
@pytest.mark.parametrize("instead", ["nothing", "another clinic's"])
def test_a_start_with_other_roots_than_the_records_know_is_refused(
    at: At, instead: str, station: Station
) -> None:
    stage = with_own_certificates(at(station))
    prepare_clinic(stage.clinic.settings)
    assert known(stage.clinic) == pinned(stage.clinic)
    folder = certificates_folder(stage.clinic.settings)
    aside = folder.rename(folder.parent / "aside")
    if instead != "nothing":
        create_clinic_certificates(folder, "Aurelia Clinic", OPENED)
    before = sorted(folder.glob("*"))
    for start in (prepare_clinic, open_clinic):
        with pytest.raises((CertificatesMissingError, ClinicPartsError), match=r"(?i)bring them"):
            start(stage.clinic.settings)
    assert sorted(folder.glob("*")) == before, "nothing was made"
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    prepare_clinic(stage.clinic.settings)


def test_a_start_without_a_sealing_certificate_the_records_know_is_refused(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    settings = stage.clinic.settings
    folder = certificates_folder(settings)
    path = max(folder.glob("seal-*.cert.pem"))
    renew_certificate(stage.house, folder)
    with stage.house.database.read() as tx:
        assert known_seals(tx) == set(map(fingerprint, load_trusted(folder).certificates[:-1]))
    prepare_clinic(settings)
    with stage.house.database.read() as tx:
        assert known_seals(tx) == set(map(fingerprint, load_trusted(folder).certificates))
    aside = path.rename(folder / "aside")
    for start in (prepare_clinic, open_clinic):
        with pytest.raises(CertificatesMissingError, match="lack a sealing certificate"):
            start(settings)
    aside.rename(path)
    path.with_name(path.name.replace(".cert.", ".key.")).unlink()
    prepare_clinic(settings)


def test_nothing_is_sealed_under_a_root_that_the_records_do_not_know(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    folder = certificates_folder(stage.clinic.settings)
    waiting = Walk(stage.house, DESK, CLINICIAN, stage.clinic.arrange().visit, "")
    demo.countersign(waiting)
    shutil.rmtree(folder)
    create_clinic_certificates(folder, "Aurelia Clinic", OPENED)
    assert not seal_visit(stage.house, waiting.visit.id)
    kept = stage.clinic.seal(waiting.visit.id)
    assert kept is not None
    assert kept.problem == "CertificatesMissingError"


def test_certificates_that_documents_need_are_missed_while_the_clinic_runs(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    folder = certificates_folder(stage.clinic.settings)
    needed = max(folder.glob("seal-*.cert.pem"))
    unneeded = renew_certificate(stage.house, folder)
    lost = f"Documents: 1; SHA-256 of the certificate: {fingerprint(sealer(needed))}."
    unneeded.rename(folder / "aside")
    assert found(stage) == {}
    (folder / "aside").rename(unneeded)
    for path in (needed, folder / "root.cert.pem"):
        kept = path.read_bytes()
        path.write_bytes(unneeded.read_bytes())
        assert list(found(stage)) == ["certificate_lost"]
        assert lost in found(stage)["certificate_lost"]
        path.write_text("torn")
        assert "is damaged: bring it back" in found(stage)["certificates_unreadable"]
        path.write_bytes(kept)
    needed.unlink()
    assert lost in found(stage)["certificate_lost"]
    with pytest.raises(CertificatesMissingError, match="documents sealed with it: 1"):
        open_clinic(stage.clinic.settings)


def test_a_lost_certificate_that_sealed_nothing_keeps_nobody_out_and_is_said(at: At) -> None:
    stage = with_own_certificates(at(Station.SEALED))
    folder = certificates_folder(stage.clinic.settings)
    unneeded = renew_certificate(stage.house, folder)
    with stage.house.database.write() as tx:
        settle_roots(tx, load_trusted(folder), stage.clinic.clock())
    lost = fingerprint(sealer(unneeded))
    unneeded.unlink()
    assert lost in found(stage)["certificate_unused"]
    open_clinic(stage.clinic.settings)


def sealer(path: Path) -> x509.Certificate:
    """The certificate in a file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def found(stage: Stage) -> dict[str, str]:
    """What the self-check says of the certificates that documents need, by name."""
    findings = certificates_of_documents(stage.house, stage.clinic.settings)
    return {each.name: each.sentence for each in findings}
