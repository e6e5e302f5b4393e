"""Marks piled up on a letter are never drawn over other names or the clinic's own words."""

import re
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest

from questionnaire.domain.visible import MOST_MARKS
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging
from tests.clinics import DESK, Clinic, Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

ROOT = Path(__file__).parents[2]
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
def test_an_answer_with_piled_marks_stays_as_typed_in_its_box_and_within_its_line_in_the_list(
    at: Callable[..., Stage], mark: str
) -> None:
    stage = at(Station.ARRANGED)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/questions/medicine_list")
    typed = normalize("NFC", f"e{mark * 300}")
    tablet.post({"medicine_list": typed})
    page = tablet.open("/questions/medicine_list").html
    assert f"\n{typed}</textarea>" in page
    page = tablet.open("/check").html
    assert not ALSO_PILED.search(page)
    assert f"[U+{ord(mark):04X}]" in page


@pytest.mark.parametrize("box", ["worries", "question"])
def test_words_with_piled_marks_are_the_same_words_after_every_look_at_their_box(
    at: Callable[..., Stage], box: str
) -> None:
    stage = at(Station.ARRANGED)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/your-questions")
    typed = "\u00e1" + "\u0301" * 900
    for _ in range(3):
        page = tablet.post({box: typed, "show_text": "larger"}).html
        assert f"\n{typed}</textarea>" in page


def test_what_is_asked_back_sends_the_words_as_they_were_typed(at: Callable[..., Stage]) -> None:
    stage = at(Station.ARRANGED)
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.open("/questions/treatments_wanted")
    typed = "Zo\u00e9" + "\u0301" * 40 + " Invented"
    born = {"date_of_birth.day": "1", "date_of_birth.month": "1", "date_of_birth.year": "1901"}
    picked = {"treatments_wanted": ["prp_injections"]}
    page = tablet.post({"full_name": typed, **born, **picked})
    assert page.headings == ["Is that right?"]
    assert page.hidden("full_name") == typed


TEXT_BOX = re.compile(r"<textarea|<input[^>]* type=\"(?:text|{{ type }})\".* value=\"{{")
NOT_TYPED_INTO = re.compile("readonly hidden|tile__input")


def test_every_box_for_words_holds_them_as_typed() -> None:
    files = (ROOT / "templates").rglob("*.html")
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    boxes = [line for line in lines if TEXT_BOX.search(line) and not NOT_TYPED_INTO.search(line)]
    assert len(boxes) > 8
    assert [line for line in boxes if "|e }}" not in line] == []
