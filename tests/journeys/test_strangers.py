"""What lies on the shelf without a record is told, opened and never passed over."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaire.archive.shelf import DRAFT, MARKER
from questionnaire.domain.consent import Method
from questionnaire.domain.visit import Station
from questionnaire.journey.disposing import finish_disposals
from questionnaire.journey.hands import Hand
from questionnaire.journey.keeping import archive_state, check_archive
from questionnaire.journey.sealing import SealRefused, seal_due, seal_visit
from questionnaire.journey.self_check import UnsafeToStart, refuse_unsafe_start, self_check
from questionnaire.journey.signing import countersign, to_countersign
from questionnaire.journey.strangers import Strangers, strangers
from questionnaire.journey.taking_out import take_out
from questionnaire.records.disposing import dispose
from questionnaire.settings import Settings
from tests.clinics import CLINICIAN, Clinic, Clinics, Stage
from tests.faults.odd_files import KINDS, put

At = Callable[..., Stage]
pytestmark = pytest.mark.guarantees("R12")


def killed_without_its_log(stage: Stage, folder: Path, clinics: Clinics) -> Clinic:
    """The clinic as it starts after a power cut, what SQLite kept beside the database lost."""
    settings = stage.clinic.settings
    without = shutil.ignore_patterns("candour.db-wal", "candour.db-shm")
    shutil.copytree(settings.data, folder / "data", ignore=without)
    shutil.copytree(settings.keys, folder / "keys")
    left = {"CANDOUR_DATA": str(folder / "data"), "CANDOUR_KEYS": str(folder / "keys")}
    return clinics.reopen(Settings.from_environment(left), clock=stage.clinic.clock)


def countersigned(stage: Stage) -> None:
    ready = to_countersign(stage.house, CLINICIAN, stage.visit_id)
    countersign(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        Hand(CLINICIAN.name, Method.TYPED),
        shown_sha256=ready.document.sha256,
        key=stage.key(),
    )


def shelf_name(stage: Stage) -> str:
    seal = stage.clinic.seal(stage.visit_id)
    assert seal is not None
    return str(seal.shelf_name)


def grave(clinic: Clinic) -> dict[str, str]:
    found = self_check(clinic.house, clinic.settings)
    return {one.name: one.sentence for one in found if one.grave}


def put_by_hand(clinic: Clinic, name: str, content: bytes = b"by hand") -> None:
    path = clinic.house.shelf.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_sealed_consent_whose_record_was_lost_is_found_before_the_start(
    at: At, clinics: Clinics, tmp_path: Path
) -> None:
    stage = at(Station.PATIENT_SIGNED)
    countersigned(stage)
    assert seal_due(stage.house) == 1
    name, document = shelf_name(stage), stage.house.shelf.get(shelf_name(stage))
    clinic = killed_without_its_log(stage, tmp_path / "killed", clinics)
    assert clinic.visit(stage.visit_id).station == Station.PATIENT_SIGNED
    assert strangers(clinic.house) == Strangers(documents=(name,))
    assert name in grave(clinic)["archive_unknown"]
    with pytest.raises(UnsafeToStart, match="archive take-out FOLDER"):
        refuse_unsafe_start(clinic.house, clinic.settings, debug=False)
    check_archive(clinic.house)
    state = archive_state(clinic.house)
    assert (state.unknown, state.all_well) == (1, False)
    (kept,) = take_out(clinic.house, tmp_path / "kept")
    assert kept.read_bytes() == document
    assert kept.stat().st_mode & 0o077 == 0
    assert (strangers(clinic.house), grave(clinic)) == (Strangers(), {})
    assert clinic.events("archive")[-1].detail["name"] == name
    check_archive(clinic.house)
    assert archive_state(clinic.house).all_well


@pytest.mark.parametrize("left", ["nothing", "a note", "another clinic's document"])
def test_an_archive_that_was_emptied_is_found_before_the_start(at: At, left: str) -> None:
    stage = at(Station.SEALED)
    shelf = stage.house.shelf.folder
    kept = stage.house.shelf.stored(shelf_name(stage))
    shutil.rmtree(shelf / shelf_name(stage).partition("/")[0])
    if left != "nothing":
        put_by_hand(stage.clinic, "notes" if left == "a note" else "2031/03/other/consent.pdf")
    assert strangers(stage.house).emptied == 1
    sentence = f"The archive at {shelf} was emptied: of 1 sealed documents in the records none is"
    assert sentence in grave(stage.clinic)["archive_emptied"]
    with pytest.raises(UnsafeToStart, match=r"was emptied.*bring the last backup back"):
        refuse_unsafe_start(stage.clinic.house, stage.clinic.settings, debug=False)
    stage.house.shelf.put_back(shelf_name(stage), kept)
    assert grave(stage.clinic) == {}


def test_an_archive_of_which_nothing_was_sealed_yet_was_not_emptied(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    assert (strangers(stage.house), grave(stage.clinic)) == (Strangers(), {})


def test_a_document_being_filed_at_the_kill_is_no_stranger(
    at: At, clinics: Clinics, tmp_path: Path
) -> None:
    stage = at(Station.COUNTERSIGNED)

    def cut(step: str) -> None:
        if step == "filed":
            raise SealRefused(step)

    assert not seal_visit(stage.house, stage.visit_id, cut)
    assert len(stage.house.shelf.filed()) == 1
    clinic = killed_without_its_log(stage, tmp_path, clinics)
    for house in (stage.house, clinic.house):
        assert strangers(house) == Strangers()
    assert grave(clinic) == {}
    assert seal_due(clinic.house) == 1
    assert strangers(clinic.house) == Strangers()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "folder"])
def test_what_is_no_document_or_cannot_be_read_is_told_without_waiting(
    clinic: Clinic, kind: str
) -> None:
    name = "2031/03/aaaa/consent.pdf"
    put(clinic.house.shelf.folder / name, kind)
    nobody_knows = kind in {"loop", "broken"}
    found = strangers(clinic.house)
    assert found == (Strangers(unread=(name,)) if nobody_knows else Strangers(others=(name,)))
    assert ("archive_unread" in grave(clinic)) is nobody_knows
    check_archive(clinic.house)
    assert archive_state(clinic.house).unreadable == int(nobody_knows)


@pytest.mark.parametrize("name", ["2031/03/aaaa/consent.pdf", "2031/notes.txt", ".hidden", "x"])
def test_a_file_put_on_the_shelf_by_hand_is_told_and_keeps_nobody_out(
    clinic: Clinic, name: str
) -> None:
    put_by_hand(clinic, name)
    assert strangers(clinic.house) == Strangers(others=(name,))
    assert grave(clinic) == {}
    told = {one.name: one.sentence for one in self_check(clinic.house, clinic.settings)}
    assert name in told["archive_others"]
    assert take_out(clinic.house, clinic.settings.data.parent / "kept") == ()
    assert strangers(clinic.house) == Strangers(others=(name,))


def test_what_the_shelf_needs_itself_is_no_stranger(at: At) -> None:
    stage = at(Station.SEALED)
    put_by_hand(stage.clinic, f"2031/03/bbbb/{DRAFT}half")
    put_by_hand(stage.clinic, f".{MARKER}.123")
    assert strangers(stage.house) == Strangers()


def test_a_document_under_another_name_was_put_there_by_hand(at: At) -> None:
    stage = at(Station.SEALED)
    put_by_hand(
        stage.clinic, "2031/03/cccc/consent.pdf", stage.house.shelf.stored(shelf_name(stage))
    )
    assert strangers(stage.house) == Strangers(others=("2031/03/cccc/consent.pdf",))


def test_a_document_that_is_to_be_disposed_of_is_known_until_it_is_gone_and_told_if_it_comes_back(
    at: At,
) -> None:
    stage = at(Station.SEALED)
    name = shelf_name(stage)
    stored = stage.house.shelf.stored(name)
    with stage.house.database.write() as tx:
        dispose(tx, stage.clinic.visit(stage.visit_id), approval_id=None, now=stage.clinic.clock())
    assert strangers(stage.house) == Strangers()
    finish_disposals(stage.house)
    assert stage.house.shelf.filed() == ()
    put_by_hand(stage.clinic, name, stored)
    assert strangers(stage.house) == Strangers(documents=(name,))
