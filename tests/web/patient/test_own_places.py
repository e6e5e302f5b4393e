"""Several treatments in one visit: each page tells its own places and risks, and no empty part."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from questionnaire.cli import demo
from questionnaire.domain.answers import Answer, Choices
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, consenting
from tests.clinics import CLINICIAN, DESK, TREATMENTS, Clinic, Stage
from tests.web.patient.tablet import Tablet

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TOLD: dict[str, Answer] = {
    "expected_hair_result": "all_hair_back",
    "medicines": Choices(frozenset({"isotretinoin"})),
    "isotretinoin_last_taken": "now",
    "hoped_for_by": "under_1_month",
}


@dataclass
class Parts(HTMLParser):
    """The headings of a page, each with its level and whether anything stands under it."""

    html: str
    found: list[tuple[int, str, bool]] = field(default_factory=list)
    _inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Begin a heading: it stands under those of a higher rank."""
        if tag in HEADINGS:
            level = int(tag[1])
            if self.found and level > self.found[-1][0]:
                self._fill()
            self.found.append((level, "", False))
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """Leave a heading."""
        self._inside = self._inside and tag not in HEADINGS

    def handle_data(self, data: str) -> None:
        """Words are of the heading, or stand under it."""
        if self.found and self._inside:
            level, words, full = self.found[-1]
            self.found[-1] = level, words + data, full
        elif self.found and data.strip():
            self._fill()

    def _fill(self) -> None:
        level, words, _ = self.found[-1]
        self.found[-1] = level, words, True

    @property
    def empty(self) -> list[str]:
        """The headings with nothing under them."""
        return [words.strip() for _, words, full in self.found if not full]


@pytest.fixture
def everything(clinic: Clinic) -> Stage:
    """A patient with every treatment planned, on every map there is, ready to read."""
    request = arranging.Request(
        full_name="Marigold Testwell",
        date_of_birth=date(1979, 3, 14),
        treatments=TREATMENTS,
        clinician_id=CLINICIAN.id,
        language="en",
        identity_check="Passport",
        appointment_at=clinic.house.clock() + timedelta(hours=1),
    )
    arranged = arranging.arrange(clinic.house, DESK, request, key=clinic.house.new_id())
    walk = demo.Walk(clinic.house, DESK, CLINICIAN, arranged.visit, arranged.code)
    demo.review(walk, TOLD)
    stage = Stage(clinic, walk)
    assert stage.station is Station.CONSENT_READY
    return stage


def test_each_page_tells_the_places_and_risks_of_its_own_treatment(everything: Stage) -> None:
    library, tablet = everything.house.library, Tablet(everything.clinic)
    tablet.start(everything)
    reading = consenting.reading(everything.house, everything.walk.turn())
    tablet.start(everything)
    first = {"scalp": "Front hairline", "face": "Forehead or between the brows"}
    apart = set[str]()
    for key in TREATMENTS:
        html = tablet.open(f"/reading/{key}").html
        maps = {str(one) for one in library.treatments[key].area_maps}
        drawn = set(re.findall(r'class="picture picture--(\w+) picture--areas"', html))
        assert drawn <= maps, key
        for name, words in first.items():
            assert (words in html) == (name in maps), (key, words)
        assert ("Under the chin" in _where(html)) == ("chin_and_eyes" in maps)
        for risk in reading.personal_risks:
            rule = library.rule(risk.id.removeprefix("personal:"))
            its_own = not rule.treatments or key in rule.treatments
            assert (risk.text in html) == its_own, (key, rule.id)
            apart |= {rule.id} if not its_own else set()
        assert "As drawn with the patient" in html
        assert "As drawn with the patient" not in _where(html)
    assert {"EX-01", "EX-21", "MD-15", "MD-16"} <= apart


def _where(html: str) -> str:
    found = re.search(r"Where, for you\.</strong>(.*?)</p>", html)
    return found.group(1) if found else ""


@pytest.mark.parametrize("law_of", [(), ("france",)])
def test_no_part_that_is_read_is_empty(everything: Stage, law_of: tuple[str, ...]) -> None:
    everything.clinic.state(law_of=law_of)
    demo.read(everything.walk)
    tablet = Tablet(everything.clinic)
    tablet.start(everything)
    for address in (*(f"/reading/{key}" for key in TREATMENTS), "/document"):
        html = tablet.open(address).html
        assert Parts(html).empty == [], address
        ids = set(re.findall(r'id="([^"]+)"', html))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= ids, address
    assert Parts("<h1>A</h1><h2>B</h2><h2>C</h2><p>Words</p>").empty == ["B"]
