"""No browser translates a page: what is read and signed is what stands in the document."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaire.domain.visit import Station
from tests.clinics import Clinic, Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.door import open_door

TEMPLATES = Path(__file__).parents[2] / "templates"
ON_SCREEN = sorted(path for path in TEMPLATES.rglob("*.html") if path.parent.name != "pdf")
FRAMES = [path for path in ON_SCREEN if "<html" in path.read_text(encoding="utf-8")]


def says_not_to_translate(page: str) -> bool:
    """Whether a page tells browsers so in both ways they understand."""
    frame = re.search(r"<html[^>]*>", page)
    meta = '<meta name="google" content="notranslate">' in page
    return frame is not None and 'translate="no"' in frame[0] and meta


@pytest.mark.parametrize("frame", FRAMES, ids=lambda path: path.name)
def test_every_frame_of_pages_says_so(frame: Path) -> None:
    assert says_not_to_translate(frame.read_text(encoding="utf-8"))


def test_every_page_stands_in_such_a_frame() -> None:
    frames = {path.name for path in FRAMES}
    for path in ON_SCREEN:
        text = path.read_text(encoding="utf-8")
        assert 'translate="yes"' not in text
        extends = re.search(r'extends "([^"]+)"', text)
        is_part = path.parent.name == "macros" or not re.search(r"{%-? block", text)
        while extends is not None and extends[1] not in frames:
            text = (TEMPLATES / extends[1]).read_text(encoding="utf-8")
            extends = re.search(r'extends "([^"]+)"', text)
        assert extends is not None or path.name in frames or is_part, path


def test_both_doors_say_so(clinic: Clinic, at: Callable[..., Stage]) -> None:
    stage = at(Station.IN_PROGRESS)
    tablet = Tablet(stage.clinic)
    assert says_not_to_translate(tablet.start(stage).html)
    assert says_not_to_translate(tablet.open("/questions/medicine_list").html)
    assert says_not_to_translate(tablet.open("/nowhere").html)
    assert says_not_to_translate(open_door(clinic).read("/sign-in"))
