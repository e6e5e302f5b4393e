"""Kill -9 at every step between the second signature and the archive; then start again."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from questionnaire.archive.fixity import Findings, check
from questionnaire.archive.shelf import DRAFT, MARKER
from questionnaire.domain.visit import Station
from questionnaire.journey.sealing import LEASE, seal_due
from questionnaire.records.sealing import sealed_files
from tests.clinics import Clinic, Clinics, Stage
from tests.faults.killing import (
    SEAL_STEPS,
    SHELF_STEPS,
    countersign_and_die,
    run_until_killed,
    seal_and_die,
)

pytestmark = pytest.mark.whole

At = Callable[..., Stage]


@pytest.fixture
def start_again(clinics: Clinics) -> Callable[[Stage], Clinic]:
    """Open the clinic of a stage anew, as after a restart, once the killed worker's lease ended."""

    def again(stage: Stage) -> Clinic:
        stage.house.database.close()
        stage.clinic.clock.forward(LEASE)
        return clinics.reopen(stage.clinic.settings, clock=stage.clinic.clock)

    return again


def on_the_shelf(clinic: Clinic) -> list[Path]:
    folder = clinic.settings.data / "shelf"
    return [path for path in folder.rglob("*") if path.is_file() and path.name != MARKER]


def assert_sealed_once(clinic: Clinic, visit_id: str) -> None:
    """One seal, one file, one line in the ledger for each; file, database and ledger agree."""
    seal = clinic.seal(visit_id)
    assert seal is not None
    document = clinic.house.shelf.get(str(seal.shelf_name))
    digest = sha256(document).hexdigest()
    assert (seal.state, seal.file_sha256, seal.problem) == ("sealed", digest, "")
    actions = clinic.actions(visit_id)
    assert [actions.count(action) for action in ("sign", "countersign", "seal")] == [1, 1, 1]
    assert clinic.events(visit_id)[-1].detail == {"file_sha256": digest}
    with clinic.house.database.read() as tx:
        assert check(clinic.house.shelf, sealed_files(tx)) == Findings(1, (), ())
    assert clinic.visit(visit_id).station == Station.SEALED
    assert clinic.ledger_problems() == ()


@pytest.mark.guarantees("R03")
@pytest.mark.parametrize(
    "step", [*SEAL_STEPS, *(f"shelf-{step}" for step in SHELF_STEPS), "marked"]
)
def test_a_sealer_killed_at_any_step_leaves_what_the_next_one_seals_once(
    at: At, start_again: Callable[[Stage], Clinic], step: str
) -> None:
    stage = at(Station.COUNTERSIGNED)
    now = stage.clinic.clock()
    run_until_killed(seal_and_die, stage.clinic.settings, now, stage.visit_id, step)
    assert stage.station == Station.COUNTERSIGNED
    assert seal_due(stage.house) == 0, "the killed sealer's lease still runs"
    clinic = start_again(stage)
    assert seal_due(clinic.house) == 1
    assert_sealed_once(clinic, stage.visit_id)
    drafts = [path for path in on_the_shelf(clinic) if path.name.startswith(DRAFT)]
    assert clinic.house.shelf.sweep(stage.clinic.clock() + timedelta(days=1)) == len(drafts)
    assert len(on_the_shelf(clinic)) == 1
    assert seal_due(clinic.house) == 0
    clinic.house.database.close()


@pytest.mark.guarantees("R03")
def test_a_countersignature_cut_off_before_it_is_kept_never_was(
    at: At, start_again: Callable[[Stage], Clinic]
) -> None:
    stage = at(Station.PATIENT_SIGNED)
    now = stage.clinic.clock()
    run_until_killed(countersign_and_die, stage.clinic.settings, now, stage.visit_id, "inside")
    clinic = start_again(stage)
    assert clinic.visit(stage.visit_id).station == Station.PATIENT_SIGNED
    assert (clinic.seal(stage.visit_id), seal_due(clinic.house)) == (None, 0)
    assert "countersign" not in clinic.actions(stage.visit_id)
    assert clinic.ledger_problems() == ()
    clinic.house.database.close()


@pytest.mark.guarantees("R03")
def test_a_countersignature_kept_before_the_sealer_was_called_is_found_and_sealed(
    at: At, start_again: Callable[[Stage], Clinic]
) -> None:
    stage = at(Station.PATIENT_SIGNED)
    now = stage.clinic.clock()
    run_until_killed(countersign_and_die, stage.clinic.settings, now, stage.visit_id, "after")
    clinic = start_again(stage)
    assert clinic.visit(stage.visit_id).station == Station.COUNTERSIGNED
    assert seal_due(clinic.house) == 1
    assert_sealed_once(clinic, stage.visit_id)
    clinic.house.database.close()
