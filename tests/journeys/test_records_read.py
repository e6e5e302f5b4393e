"""The database is read every day; a damaged page is told, and nothing is opened on it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaire.clinic import database_path, prepare_clinic
from questionnaire.domain.visit import Station
from questionnaire.journey.keeping import archive_state, keep_house
from questionnaire.journey.self_check import UnsafeToStart, refuse_unsafe_start
from questionnaire.records.database import Unreadable
from tests.cli.test_keeping import ask
from tests.clinics import Stage
from tests.journeys.test_keeping import DAY

At = Callable[..., Stage]
PAGE = 4096


def spoil(path: Path, page: int) -> None:
    """Flip one bit in a page, counted from 0; from the end when negative."""
    stored = bytearray(path.read_bytes())
    stored[page % (len(stored) // PAGE) * PAGE + 100] ^= 1
    path.write_bytes(stored)


def test_a_damaged_page_is_found_the_next_night_and_keeps_the_clinic_closed(at: At) -> None:
    stage = at(Station.SUBMITTED)
    house, settings = stage.house, stage.clinic.settings
    keep_house(house, None)
    assert not archive_state(house).records_damaged
    with house.database.write() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE kept (words TEXT)")
        tx.connection.exec_driver_sql("INSERT INTO kept VALUES (hex(randomblob(40000)))")
    house.database.close()
    sound = database_path(settings).read_bytes()
    spoil(database_path(settings), -1)
    stage.clinic.clock.forward(DAY)
    keep_house(house, None)
    state = archive_state(house)
    assert (state.records_damaged, state.all_well) == (True, False)
    with pytest.raises(UnsafeToStart, match="The database of the records is damaged"):
        refuse_unsafe_start(house, settings, debug=False)
    house.database.close()
    database_path(settings).write_bytes(sound)
    keep_house(house, None)
    refuse_unsafe_start(house, settings, debug=False)


@pytest.mark.parametrize("page", [0, 1, 2, 5, 20, -1])
def test_wherever_the_database_is_damaged_a_start_and_a_command_say_one_sentence(
    at: At, page: int
) -> None:
    stage = at(Station.SUBMITTED)
    settings = stage.clinic.settings
    stage.house.database.close()
    spoil(database_path(settings), page)
    with pytest.raises(Unreadable, match=r"is damaged|does not open with these keys"):
        prepare_clinic(settings)
    for words in (("setup",), ("ledger", "verify"), ("archive", "check"), ("check",)):
        result = ask(settings, *words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert len(result.stderr.splitlines()) <= 1
    assert result.exit_code == 1, "the self-check"
    assert ask(settings, "setup").stdout == ""
