"""Lists of visits in a real browser: whatever a name is, every row's button stays in sight."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from questionnaire.domain.visit import Role
from questionnaire.journey import arranging
from tests.clinics import DESK, Clinic
from tests.web.staff.door import Door

pytestmark = pytest.mark.whole

CSS = Path(__file__).parents[3] / "static" / "clinic.css"
NAMES = (
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe Ado",
    "W" * 200,
    "Rowan Pretendham-Longerly of the Seven Invented Villages beyond the Hills and Far Away",
)
SCREENS = [
    pytest.param({"width": 1024, "height": 768}, id="laptop"),
    pytest.param({"width": 768, "height": 1024}, id="tablet"),
    pytest.param({"width": 390, "height": 844}, id="phone"),
]


@pytest.fixture
def lists(clinic: Clinic, signed_in: Callable[..., Door]) -> list[str]:
    """The day's list, a search at the desk and the archive, with long names, as pages."""
    for name in NAMES:
        clinic.arrange(name=name)
    door = signed_in(Role.CLINICIAN)
    found = door.post("/desk/find", {"name": "w"}).location.removeprefix("/staff")
    return [door.read(path) for path in ("/desk", found, "/archive")]


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable[[str, dict[str, int]], Page]]:
    """`shown(html, screen)`: the page with its stylesheet, and nothing from anywhere else."""
    context = browser.new_context(java_script_enabled=True, offline=True)
    page = context.new_page()

    def show(html: str, screen: dict[str, int]) -> Page:
        page.set_viewport_size({"width": screen["width"], "height": screen["height"]})
        page.set_content(html, wait_until="domcontentloaded")
        page.add_style_tag(path=str(CSS))
        return page

    yield show
    context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_no_name_pushes_a_button_out_of_sight(
    lists: list[str], shown: Callable[[str, dict[str, int]], Page], screen: dict[str, int]
) -> None:
    for html in lists:
        page = shown(html, screen)
        boxes = [one.bounding_box() for one in page.locator(".visits__open .button").all()]
        assert len(boxes) >= 1
        assert all(box and 0 <= box["x"] <= screen["width"] - box["width"] for box in boxes)
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


def test_on_a_phone_the_frame_leaves_room_for_the_page(
    lists: list[str], shown: Callable[[str, dict[str, int]], Page]
) -> None:
    page = shown(lists[0], {"width": 390, "height": 844})
    heading = page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] < 844 / 4


STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect()
  return box.width && (box.right > innerWidth + 1 || box.left < -1)
    && !one.closest(".govuk-visually-hidden, .govuk-skip-link, thead")
}).map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("width", [390, 320])
def test_with_every_role_nothing_of_a_page_is_cut_off_on_a_phone(
    clinic: Clinic,
    signed_in: Callable[..., Door],
    shown: Callable[[str, dict[str, int]], Page],
    width: int,
) -> None:
    clinic.arrange(name="Rowan Pretendham-Longerly")
    door = signed_in(Role.CLINICIAN, Role.DESK, Role.ARCHIVIST, Role.ADMINISTRATOR)
    (visit,) = arranging.day(clinic.house, DESK, clinic.house.today())
    door.read(f"/desk/visits/{visit.visit.id}")
    paths = ("/", "/desk", "/desk/arrange", "/waiting", "/archive", "/people", "/tablets")
    for path in (*paths, "/setup", "/ledger", "/account", "/archive/check"):
        page = shown(door.read(path), {"width": width, "height": 844})
        assert page.evaluate(STICKS_OUT) == [], path
        assert page.locator(".nav a").count() == 8


def test_a_printed_list_has_no_menu_and_no_buttons(
    lists: list[str], shown: Callable[[str, dict[str, int]], Page]
) -> None:
    page = shown(lists[0], {"width": 768, "height": 1024})
    page.emulate_media(media="print")
    assert page.locator(".visits__name").first.is_visible()
    for hidden in (".staff-bar", ".searches", ".button", ".pill"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
