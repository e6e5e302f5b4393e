"""Marks piled up on a letter are never drawn over other names or the clinic's own words."""

import re
from collections.abc import Callable

import pytest

from questionnaire.domain.visible import MOST_MARKS
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging
from tests.clinics import DESK, Clinic, Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

PILED = "Zoe" + "\u0301" * 150 + " Invented"
ALSO_PILED = re.compile(f"[\u0300-\u036f]{{{MOST_MARKS + 1}}}")
WRITTEN_OUT = "[U+0301]"


def test_a_name_with_piled_marks_stays_in_its_line_at_both_doors(clinic: Clinic) -> None:
    walk = clinic.arrange(name=PILED)
    door = enter_as(open_door(clinic), Role.DESK)
    tablet = Tablet(clinic)
    tablet.post({"code": arranging.new_code(clinic.house, DESK, walk.visit.id)})
    pages = [door.read("/desk"), door.read(f"/desk/visits/{walk.visit.id}"), tablet.page.html]
    for page in pages:
        assert WRITTEN_OUT in page
        assert not ALSO_PILED.search(page)


@pytest.mark.parametrize("mark", ["\u0301", "\u0323"], ids=["upwards", "downwards"])
def test_an_answer_with_piled_marks_stays_in_its_box_and_in_the_list(
    at: Callable[..., Stage], mark: str
) -> None:
    stage = at(Station.ARRANGED)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": f"e{mark * 300}"})
    for address in ("/questions/medicine_list", "/check"):
        page = tablet.open(address).html
        assert not ALSO_PILED.search(page)
        assert f"[U+{ord(mark):04X}]" in page
