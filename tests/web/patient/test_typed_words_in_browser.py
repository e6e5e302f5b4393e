"""A test that types into every box of every patient page, presses what is there, and looks.

Text size never leaves a page; the language shows it again with all that was typed, ticked and
drawn. Back, every link, a new load and the browser's own Back keep it too, at once after the last
letter.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from questionnaire.domain.visit import Station
from tests.clinics import PRP
from tests.web.patient.conftest import Screen
from tests.web.patient.test_scripts import draw, strokes

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
FAT = "fat_dissolving"
FORM = (
    "/questions/treatments_wanted",
    "/questions/sex_at_birth",
    "/questions/wanted_change",
    "/questions/weight",
    "/questions/health_conditions",
    "/questions/skin_type_picture",
    "/questions/fat_areas",
    "/questions/medicine_list",
    "/your-questions",
)
SIGNING = f"/sign?shown={'0' * 64}"
CONSENT = ("/statements", "/photos", "/your-questions", "/not-today", SIGNING)

FILL_IN = """(time) => {
  const groups = new Map()
  for (const box of document.querySelectorAll('main :is(input, textarea):not([type=hidden])')) {
    if (!box.checkVisibility() && !box.classList.contains('tile__input')) continue
    if (box.type === 'radio' || box.type === 'checkbox') {
      if (box.name.endsWith('.withheld')) continue
      groups.set(box.name, [...(groups.get(box.name) ?? []), box])
    } else {
      box.value = box.inputMode === 'numeric' ? 7 + time : `Half a wo ${box.name} ${time}`
    }
  }
  for (const group of groups.values()) {
    const box = group[time % group.length]
    box.checked = box.type === 'radio' || !box.checked
  }
  document.querySelector('main form').dispatchEvent(new Event('input', { bubbles: true }))
}"""
"""Types into every box and picks a tile of each group, as a hand does before it stops.

Each `time` something else.
"""

HELD = """() => [...document.querySelectorAll('main :is(input, textarea):not([type=hidden]), #ink')]
  .map((box) => [box.id, box.type, box.value, Boolean(box.checked)])"""


SAME = "((one, other) => JSON.stringify(one) === JSON.stringify(other))"
LINKS = ":is(nav, main) :is(a[href^='/'], button[name=back])"
"""What leads from the page to another of the door."""


def held(page: Page) -> list[Any]:
    """What stands in every box and tile of the page, and the drawing."""
    found: list[Any] = page.evaluate(HELD)
    return found


def fill_in(screen: Screen, path: str, time: int = 0) -> list[Any]:
    """Open a page, type into everything on it; what its boxes hold now."""
    screen.open(path)
    before = held(screen.page)
    screen.page.evaluate(FILL_IN, time)
    if path == SIGNING:
        screen.page.locator("#method").check()
        draw(screen.page)
    now = held(screen.page)
    assert now != before, f"there is something to type on {path}"
    return now


def leave_and_come_back(screen: Screen, path: str, vanished: dict[str, object]) -> None:
    """Type something else and leave at once by each way there is; note what vanished."""
    page = screen.page
    screen.open(path)
    address, links = page.url, page.locator(LINKS)
    ways = ["loaded anew", "browser's Back", *range(links.count())]
    assert links.count()
    for time, way in enumerate(ways, start=1):
        typed = fill_in(screen, path, time)
        if way == "loaded anew":
            page.reload()
        elif isinstance(way, str):
            page.go_back()
            assert page.url != address, way
            page.go_forward()
        else:
            screen.follow(links.nth(way))
            page.wait_for_url(lambda url: url != address)
            page.go_back()
        page.wait_for_url(address)
        try:
            page.wait_for_function(f"(typed) => {SAME}(({HELD})(), typed)", arg=typed)
        except PlaywrightTimeout:
            vanished[f"{path} {way}"] = (typed, held(page))


@contextmanager
def kept(page: Page) -> Iterator[None]:
    """Waits until what was typed has been kept on the server."""
    with page.expect_response(lambda reply: reply.status == 204 and "/still" not in reply.url):
        yield


@pytest.fixture
def vanished() -> Iterator[dict[str, object]]:
    """What vanished, by page and button: nothing, at the end."""
    found: dict[str, object] = {}
    yield found
    assert found == {}


def look(screen: Screen, path: str, typed: list[Any], vanished: dict[str, object]) -> None:
    """Press every button of how a page looks, and note what vanished."""
    page = screen.page
    for size in ("A+", "A++", "A"):
        page.get_by_role("button", name=size, exact=False).and_(
            page.locator(f"[aria-label^='{size} ']")
        ).click()
        if held(page) != typed:
            vanished[f"{path} {size}"] = held(page)
    for language in ("en", "es"):
        screen.follow(page.locator(f"button[name=show_language][value={language}]"))
        expect(page.locator("html")).to_have_attribute("lang", language)
        if held(page) != typed:
            vanished[f"{path} {language}"] = held(page)


@pytest.mark.parametrize("path", FORM)
def test_nothing_typed_on_a_page_of_the_form_vanishes(
    screen_at: Screens, vanished: dict[str, object], path: str
) -> None:
    screen = screen_at(Station.ARRANGED, FAT, language="es")
    screen.open("/start")
    look(screen, path, fill_in(screen, path), vanished)
    leave_and_come_back(screen, path, vanished)


@pytest.mark.parametrize("path", CONSENT)
def test_nothing_typed_or_drawn_before_signing_vanishes(
    screen_at: Screens, vanished: dict[str, object], path: str
) -> None:
    screen = screen_at(Station.CONSENT_READY, language="es")
    screen.open("/reading")
    screen.press(screen.say("Start reading"))
    look(screen, path, fill_in(screen, path), vanished)
    if path == SIGNING:
        assert len(strokes(screen.page)) == 2
    leave_and_come_back(screen, path, vanished)


def test_a_check_question_and_the_code_keep_their_answer(
    screen_at: Screens, vanished: dict[str, object]
) -> None:
    screen = screen_at(Station.CONSENT_READY, language="es")
    screen.open("/reading")
    screen.press(screen.say("Start reading"))
    quiz = screen.stage.house.library.treatments[PRP].quiz[0]
    leave_and_come_back(screen, f"/quiz/{quiz.id}", vanished)
    for path in (f"/quiz/{quiz.id}", "/tablet"):
        look(screen, path, fill_in(screen, path, 1), vanished)


def test_enter_in_a_box_goes_on_and_changes_no_language(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED, FAT)
    screen.open("/questions/weight")
    screen.page.fill("#q-weight", "78")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#error-summary")).to_be_visible()
    expect(screen.page.locator("html")).to_have_attribute("lang", "en")


def test_without_a_change_of_box_words_are_kept_a_moment_after_the_last_letter(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.ARRANGED)
    page = screen.page
    screen.open("/questions/medicine_list")
    with kept(page):
        page.locator("#q-medicine_list").press_sequentially("Aspirin 7")
    page.reload()
    expect(page.locator("#q-medicine_list")).to_have_value("Aspirin 7")


def test_text_size_is_still_there_on_the_next_page(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/start")
    with screen.page.expect_response("**/display"):
        screen.page.locator("[value=largest]").click()
    expect(screen.page.locator("html")).to_have_class("govuk-template text-largest")
    screen.open("/preview")
    expect(screen.page.locator("html")).to_have_class("govuk-template text-largest")
    expect(screen.page.locator("[value=largest]")).to_have_attribute("aria-pressed", "true")
