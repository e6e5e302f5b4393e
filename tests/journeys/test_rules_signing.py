"""A change of the rules counts once a clinician has seen what changed, and for whom."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaire.content.golden import golden_flags
from questionnaire.content.library import load_library
from questionnaire.domain.errors import ChangedSince, NotAllowed
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import Station
from questionnaire.journey import review_page, rules_signing
from questionnaire.journey.deciding import Made, decide, take_back
from questionnaire.journey.house import House
from questionnaire.journey.rules_compared import Change, GoldenChange, LineChange, changes, parts
from questionnaire.journey.rules_signing import SUBJECT, NotLookedAt
from tests.browser.serving import ROOT
from tests.clinics import ADMINISTRATOR, CLINICIAN, Clinic, Stage
from tests.content.test_checks import lay

pytestmark = pytest.mark.guarantees("S58")
At = Callable[..., Stage]


@pytest.fixture
def small(clinic: Clinic, tmp_path: Path) -> tuple[House, Path]:
    """A clinic that works with a small content, taken into use, and its folder."""
    folder = lay(tmp_path / "rules")
    house = with_content(clinic.house, folder)
    rules_signing.sign(house, CLINICIAN, house.library.version)
    return house, folder


def with_content(house: House, folder: Path) -> House:
    """The house, started again with this content."""
    return replace(
        house,
        library=load_library(folder),
        golden=lambda library: golden_flags(folder, library),
    )


def rewrite(folder: Path, old: str, new: str) -> None:
    """Change the first file that has these words."""
    for file in sorted(folder.rglob("*.yaml")):
        text = file.read_text("utf-8")
        if old in text and "cases" not in file.parts:
            file.write_text(text.replace(old, new, 1), "utf-8")
            return
    raise LookupError(old)


def test_a_clinic_begins_with_its_content_taken_into_use(clinic: Clinic) -> None:
    assert rules_signing.is_signed(clinic.house)
    (told,) = clinic.events(SUBJECT)
    assert (told.action, told.detail) == (
        "rules_signed",
        {"version": clinic.house.library.version},
    )
    with clinic.house.database.write() as tx:
        rules_signing.sign_first(tx, clinic.house.library, clinic.house.clock())
    assert len(clinic.events(SUBJECT)) == 1
    found = rules_signing.standing(clinic.house, CLINICIAN)
    assert (found.is_signed, found.changes, found.golden) == (True, (), ())


def test_the_worker_completes_the_picture_of_the_first_content_once(clinic: Clinic) -> None:
    counted = []

    def golden(_: object) -> dict[str, list[str]]:
        counted.append(1)
        return {"Somebody": ["CG-01"]}

    house = replace(clinic.house, golden=golden)
    for _ in range(2):
        rules_signing.remember_golden(house)
    assert counted == [1]
    assert rules_signing.standing(house, CLINICIAN).golden_known


def test_a_changed_word_is_named_and_waits_for_a_clinician(small: tuple[House, Path]) -> None:
    house, folder = small
    title = house.library.rules[0].title
    rewrite(folder, title, f"{title}, looked at anew")
    changed = with_content(house, folder)
    found = rules_signing.standing(changed, CLINICIAN)
    assert not found.is_signed
    (change,) = found.changes
    line = LineChange("title", title, f"{title}, looked at anew")
    assert change == Change("rules", (), (), {house.library.rules[0].id: (line,)})
    assert found.golden == ()
    with pytest.raises(NotAllowed):
        rules_signing.sign(changed, ADMINISTRATOR, found.version)
    with pytest.raises(ChangedSince):
        rules_signing.sign(changed, CLINICIAN, house.library.version)
    for _ in range(2):
        rules_signing.sign(changed, CLINICIAN, found.version)
    assert rules_signing.is_signed(changed)
    assert not rules_signing.is_signed(house)


def test_who_is_flagged_otherwise_is_shown(small: tuple[House, Path]) -> None:
    house, _ = small
    golden = house.golden(house.library)
    case, fires = next((case, fires) for case, fires in golden.items() if fires)
    silent = replace(
        house,
        library=replace(house.library, version="f" * 64),
        golden=lambda _: {**golden, case: [], "Somebody new": ["XX-01"]},
    )
    found = rules_signing.standing(silent, CLINICIAN)
    assert found.golden == (GoldenChange(case, (), tuple(fires)),)
    assert found.golden_gone == ()
    without = {name: fires for name, fires in golden.items() if name != case}
    hidden = replace(silent, golden=lambda _: without)
    found = rules_signing.standing(hidden, CLINICIAN)
    assert (found.golden, found.golden_gone) == ((), (case,))
    more = replace(silent, golden=lambda _: {**golden, case: [*fires, "XX-02"]})
    assert rules_signing.standing(more, CLINICIAN).golden == (GoldenChange(case, ("XX-02",), ()),)


def test_added_and_removed_parts_are_named(small: tuple[House, Path]) -> None:
    house, _ = small
    first, *others = house.library.rules
    renamed = replace(first, id="XX-01")
    library = replace(house.library, rules=(renamed, *others), version="e" * 64)
    found = rules_signing.standing(replace(house, library=library), CLINICIAN)
    assert found.changes == (Change("rules", ("XX-01",), (first.id,), {}),)


def test_nobody_is_asked_for_consent_under_rules_nobody_looked_at(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    take_back(stage.house, CLINICIAN, stage.visit_id, "Once more", key=stage.key())
    newer = replace(stage.house, library=replace(stage.house.library, version="d" * 64))
    page = review_page.review(newer, CLINICIAN, stage.visit_id)
    made = Made(DecisionKind.PROCEED, "Go ahead.")
    with pytest.raises(NotLookedAt):
        decide(newer, CLINICIAN, stage.visit_id, made, seen=page.seen, key=stage.key())
    assert stage.station is Station.UNDER_REVIEW
    rules_signing.sign(newer, CLINICIAN, newer.library.version)
    decide(newer, CLINICIAN, stage.visit_id, made, seen=page.seen, key=stage.key())
    assert stage.station is Station.CONSENT_READY


def test_every_golden_patient_of_the_clinic_is_replayed(clinic: Clinic) -> None:
    golden = golden_flags(ROOT / "rules", clinic.house.library)
    assert len(golden) >= 1_500
    assert sum(bool(fires) for fires in golden.values()) > 200


def test_a_picture_is_the_same_in_every_process(clinic: Clinic, tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    assert parts(load_library(Path(copy))) == parts(clinic.house.library)


def test_a_part_of_which_only_a_hash_was_kept_is_changed_without_lines(clinic: Clinic) -> None:
    now = parts(clinic.house.library)
    before = {kind: dict.fromkeys(found, "f" * 64) for kind, found in now.items()}
    found = list(changes(before, now))
    assert [change.kind for change in found] == list(now)
    assert {lines for change in found for lines in change.changed.values()} == {()}
