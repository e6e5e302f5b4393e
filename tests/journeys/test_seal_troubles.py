"""A signed consent that cannot be sealed is a case for a person, and never silent."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from questionnaire.archive.shelf import MARKER
from questionnaire.documents.certificates import create_clinic_certificates, load_seal
from questionnaire.domain.errors import NotAllowed, WrongStation
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey.house import House
from questionnaire.journey.seal_troubles import Trouble, troubles, try_again, way_out
from questionnaire.journey.sealing import seal_due, seal_visit
from questionnaire.journey.self_check import self_check
from questionnaire.records.sealing import CUT_OFF, MOST_CUT_OFF
from tests.clinics import ARCHIVIST, CLINICIAN, DESK, Stage

pytestmark = pytest.mark.whole

At = Callable[..., Stage]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What fails here is logged; it is meant to."""
    caplog.set_level(logging.CRITICAL)


def refusing(stage: Stage, folder: Path) -> House:
    """A house whose sealer refuses its own work: it seals with another clinic's certificate."""
    create_clinic_certificates(folder, "Another Clinic", stage.clinic.clock())
    return replace(stage.house, sealing_identity=partial(load_seal, folder))


def die(step: str) -> None:
    """What happens when the machine has no memory left, in the middle of the work."""
    raise SystemExit(step)


def killed(stage: Stage) -> timedelta:
    """The sealer is killed at the document; the pause until it is tried again."""
    with pytest.raises(SystemExit):
        seal_visit(stage.house, stage.visit_id, fault=die)
    kept = stage.clinic.seal(stage.visit_id)
    assert kept is not None
    pause = kept.next_try_at - stage.clinic.clock()
    stage.clinic.clock.forward(max(pause, timedelta(minutes=2)))
    return pause


def only_trouble(stage: Stage) -> Trouble:
    """The one consent that could not be sealed."""
    (found,) = troubles(stage.house, ARCHIVIST)
    assert found.visit.id == stage.visit_id
    return found


def findings(stage: Stage) -> dict[str, str]:
    """What the self-check says, by its name."""
    return {each.name: each.sentence for each in self_check(stage.house, stage.clinic.settings)}


def test_what_the_sealer_refuses_is_shown_with_a_way_out_and_tried_again(
    at: At, tmp_path: Path
) -> None:
    stage = at(Station.COUNTERSIGNED)
    assert troubles(stage.house, ARCHIVIST) == ()
    assert seal_due(refusing(stage, tmp_path)) == 0
    found = only_trouble(stage)
    assert found.what.startswith("The document was made, looked over and refused")
    assert "nobody has to sign again" in found.to_do
    assert (found.seal.attempts, found.seal.is_set_aside) == (1, False)
    assert (
        "could not be sealed: 1; set aside and not tried again by themselves: 0"
        in findings(stage)["sealing"]
    )
    stage.clinic.clock.forward(timedelta(seconds=15))
    assert seal_due(stage.house) == 1
    assert troubles(stage.house, ARCHIVIST) == ()
    assert "sealing" not in findings(stage)


def test_a_refusal_is_never_set_aside(at: At, tmp_path: Path) -> None:
    stage = at(Station.COUNTERSIGNED)
    house = refusing(stage, tmp_path)
    for tries in range(1, MOST_CUT_OFF + 2):
        assert seal_due(house) == 0
        assert only_trouble(stage).seal.attempts == tries
        stage.clinic.clock.forward(timedelta(hours=1))


def test_what_ends_the_program_again_and_again_is_set_aside_for_a_person(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    pauses = []
    for number in range(1, MOST_CUT_OFF + 1):
        pauses.append(killed(stage))
        assert only_trouble(stage).seal.cut_off == number
        assert only_trouble(stage).seal.is_set_aside is (number == MOST_CUT_OFF)
    assert [pause.total_seconds() for pause in pauses] == [15, 30, 60, 120, 240]
    stage.clinic.clock.forward(timedelta(days=2))
    assert seal_due(stage.house) == 0
    assert not seal_visit(stage.house, stage.visit_id), "nobody may claim it"
    assert only_trouble(stage).what == way_out(CUT_OFF)[0]
    assert "not tried again by themselves: 1" in findings(stage)["sealing"]
    try_again(stage.house, DESK, stage.visit_id)
    assert stage.clinic.called[-1] == stage.visit_id
    assert stage.clinic.actions(stage.visit_id)[-1] == "seal_asked_again"
    assert seal_due(stage.house) == 1
    assert stage.station is Station.SEALED
    assert troubles(stage.house, ARCHIVIST) == ()


def test_a_try_that_lives_to_tell_begins_the_count_anew(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    marker = stage.clinic.settings.data / "shelf" / MARKER
    for _ in range(MOST_CUT_OFF - 1):
        killed(stage)
    away = marker.rename(marker.parent.with_name("away"))
    assert seal_due(stage.house) == 0
    assert only_trouble(stage).what == "The disk of the archive cannot be reached."
    stage.clinic.clock.forward(timedelta(hours=1))
    away.rename(marker)
    killed(stage)
    assert only_trouble(stage).seal.cut_off == 1
    assert seal_due(stage.house) == 1


def test_what_is_just_being_sealed_is_no_trouble_and_not_asked_for_twice(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    seen = []

    def look(step: str) -> None:
        seen.append((step, troubles(stage.house, ARCHIVIST)))
        with pytest.raises(WrongStation, match="being sealed just now"):
            try_again(stage.house, CLINICIAN, stage.visit_id)

    assert seal_visit(stage.house, stage.visit_id, fault=look)
    assert {found for _, found in seen} == {()}
    assert [step for step, _ in seen] == ["claimed", "sealed", "checked", "filed"]
    with pytest.raises(WrongStation, match="is sealed"):
        try_again(stage.house, CLINICIAN, stage.visit_id)


def test_only_who_works_with_the_archive_sees_and_asks(at: At) -> None:
    stage = at(Station.COUNTERSIGNED)
    stranger = Person("p", "Marigold Testwell", Role.PATIENT)
    with pytest.raises(NotAllowed):
        troubles(stage.house, stranger)
    with pytest.raises(NotAllowed):
        try_again(stage.house, stranger, stage.visit_id)


@pytest.mark.parametrize("problem", ["", "MemoryError", "Anything: at all", CUT_OFF])
def test_every_problem_has_its_meaning_and_a_way_out(problem: str) -> None:
    what, to_do = way_out(problem)
    assert what.endswith(".")
    assert to_do.endswith((".", "?"))
