"""Kill -9 wherever a first set-up or a restore touches the disk; then do it again."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from questionnaire.archive.passing import PASSING
from questionnaire.clinic import open_clinic, parts_of, prepare_clinic, refuse_unlike_backup
from questionnaire.clinic_parts import NEW, ClinicPartsError
from questionnaire.domain.visit import Station
from questionnaire.journey.backing_up import back_up
from questionnaire.journey.finding import NOT_SET_UP
from questionnaire.journey.self_check import self_check
from questionnaire.journey.staffing import first_link
from questionnaire.records.cipher import KeysUnusable
from questionnaire.settings import Settings
from tests.cli.test_keeping import ask
from tests.clinics import Stage
from tests.faults.killing import restore_and_die, run_apart, set_up_and_die

pytestmark = pytest.mark.whole

STEP = 3
"""Every so many touches of the disk: each try is a process of its own."""


def places(folder: Path, keys: Path) -> Settings:
    return Settings.from_environment(
        {"CANDOUR_DATA": str(folder / "data"), "CANDOUR_KEYS": str(keys)}
    )


def test_a_first_set_up_killed_anywhere_lets_nobody_in_and_is_finished(tmp_path: Path) -> None:
    for number in count(1, STEP):
        settings = places(tmp_path / str(number), tmp_path / str(number) / "keys")
        if run_apart(set_up_and_die, settings, number) == 0:
            break
        if not (settings.keys / "records.json").exists():
            with pytest.raises(KeysUnusable, match="no key file"):
                open_clinic(settings)
        prepare_clinic(settings)
        assert not (settings.keys / NEW).exists()
        house = open_clinic(settings)
        assert first_link(house)
        assert {each.name for each in self_check(house, settings) if each.grave} == {NOT_SET_UP}
        house.database.close()
    assert number > 10 * STEP


@pytest.mark.guarantees("R20")
def test_a_restore_killed_anywhere_leaves_no_clinic_or_a_whole_one(
    at: Callable[..., Stage], tmp_path: Path
) -> None:
    stage = at(Station.SEALED)
    back_up(stage.house, tmp_path / "backup")
    for number in count(1, 2):
        settings = places(tmp_path / str(number), stage.clinic.settings.keys)
        if run_apart(restore_and_die, settings, tmp_path / "backup", number) == 0:
            break
        if not parts_of(settings).records.exists():
            with pytest.raises(ClinicPartsError, match="records of this clinic are not at"):
                prepare_clinic(settings)
            assert ask(settings, "restore", tmp_path / "backup").exit_code == 0
        refuse_unlike_backup(settings)
        prepare_clinic(settings)
        assert not [*settings.data.rglob(f"{PASSING}*/*.db")]
        assert ask(settings, "archive", "check").stdout == "1 sound, 0 damaged, 0 missing\n"
    assert number > 15
