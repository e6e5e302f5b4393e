"""While the sealer is at work pages wait for it; they tell of trouble once it is over."""

from collections.abc import Callable
from typing import Final

import pytest

from questionnaire.cli import demo
from questionnaire.domain.visit import Role, Station
from questionnaire.journey.sealing import LEASE
from tests.clinics import Stage
from tests.web.staff.door import Door

pytestmark = pytest.mark.whole

ALARMS: Final = ("Try again now", "The program ended while it was at work on this document.")


def test_while_the_sealer_is_at_work_no_page_tells_of_trouble(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.COUNTERSIGNED, Role.ARCHIVIST)
    place = f"/archive/{stage.visit_id}"
    seen = []

    def look(step: str) -> None:
        seen.append(step)
        page = door.read(place)
        assert "This page shows it by itself." in page
        assert f'data-await="/staff{place}/sealed"' in page
        assert door.get(f"{place}/sealed").status_code == 202
        for told in (page, door.read("/")):
            assert not any(words in told for words in ALARMS), step

    assert demo.seal_visit(stage.house, stage.visit_id, fault=look)
    assert seen == ["claimed", "sealed", "checked", "filed"]


def test_a_page_hears_when_a_try_ends_in_the_middle_and_when_the_next_begins(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.COUNTERSIGNED, Role.ARCHIVIST)
    place = f"/archive/{stage.visit_id}"

    def die(step: str) -> None:
        raise SystemExit(step)

    def news(told: str = "") -> bool:
        return door.get(f"{place}/sealed{told}").status_code == 200

    with pytest.raises(SystemExit):
        demo.seal_visit(stage.house, stage.visit_id, fault=die)
    assert not news(), "the lease still runs"
    stage.clinic.clock.forward(LEASE)
    assert news()
    page = door.read(place)
    assert all(words in page for words in ALARMS)
    assert "This page shows it by itself." not in page
    assert f'data-await="/staff{place}/sealed?told=trouble"' in page
    assert not news("?told=trouble")
    seen: list[bool] = []
    assert demo.seal_visit(
        stage.house, stage.visit_id, fault=lambda _: seen.append(news("?told=trouble"))
    )
    assert seen == [True] * 4
    assert news("?told=trouble")
