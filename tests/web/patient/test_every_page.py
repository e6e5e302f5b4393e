"""Every kind of page, in every language, empty, with errors and filled in, is for everybody.

Each is looked at by axe, measured on small and large screens and with the largest text, gone
through with Tab alone, and compared with itself in a browser that runs no script. A page in Spanish
is the English one with other words, so it is measured.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from questionnaire.cli import demo
from questionnaire.domain.visit import Station
from tests.clinics import PRP
from tests.web.patient.conftest import Screen
from tests.web.patient.looking import controls, look_at, look_at_bare, sizes

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
FAT = "fat_dissolving"
LANGUAGES = ("en", "es", "ar")
QUESTIONS = (
    "/questions/treatments_wanted",
    "/questions/sex_at_birth",
    "/questions/health_conditions",
    "/questions/skin_type_picture",
    "/questions/fat_areas",
    "/questions/medicine_list",
)
FORM = ("/", "/you", "/start", "/preview", *QUESTIONS, "/your-questions", "/check", "/not-today")
OTHERS = (
    "/goodbye/sent",
    "/nowhere",
    "/questions/nothing",
    "/tablet",
    "/v",
    "/goodbye/sent?home=1",
)
SIGNING = f"/sign?shown={'0' * 64}"
READING = ("/reading", f"/reading/{PRP}", "/statements", "/photos", "/your-questions")
FORWARD = ("Continue", "Check", "Sign and finish")


class Walk:
    """One patient's screen and, beside it, the same turn in a browser without scripts."""

    def __init__(self, screen: Screen, browser: Browser, *, thorough: bool) -> None:
        self.screen = screen
        self.browser = browser
        self.thorough = thorough
        self.wrong: dict[str, list[str]] = {}
        self.bare: Page | None = None

    def look(self, path: str, *, mend: bool = False) -> None:
        """Look at a page; with `mend` also after its button was pressed with nothing filled in."""
        self.screen.open(path)
        self.note(path)
        if self.thorough:
            self._look_without_script(path)
        if mend and self.press() and self.screen.page.locator("#error-summary").count():
            self.note(f"{path} to mend")

    def note(self, state: str) -> None:
        """Look at the page as it stands, in this state."""
        page = self.screen.page
        if found := look_at(page) if self.thorough else sizes(page):
            self.wrong[state] = found

    def press(self) -> bool:
        """Press the page's own button, if it has one."""
        for words in FORWARD:
            button = self.screen.page.get_by_role("button", name=self.screen.say(words), exact=True)
            if button.count():
                self.screen.follow(button)
                return True
        return False

    def close(self) -> None:
        """Put the browser without scripts away."""
        if self.bare:
            self.bare.context.close()

    def _look_without_script(self, path: str) -> None:
        """The same page of the same turn in a browser that runs no script offers the same."""
        if self.bare is None:
            state = self.screen.page.context.storage_state()
            context = self.browser.new_context(java_script_enabled=False, storage_state=state)
            self.bare = context.new_page()
        self.bare.goto(self.screen.address + path)
        if found := look_at_bare(self.bare, controls(self.screen.page)):
            self.wrong[f"{path} without script"] = found


@pytest.fixture
def walk_at(screen_at: Screens, browser: Browser) -> Iterator[Callable[..., Walk]]:
    """`walk_at(language, station, treatment)`: a walk that has found nothing wrong at its end."""
    walks: list[Walk] = []

    def begin(language: str, station: Station, treatment: str = PRP) -> Walk:
        screen = screen_at(station, treatment, language=language)
        walks.append(Walk(screen, browser, thorough=language != "es"))
        return walks[-1]

    yield begin
    for walk in walks:
        walk.close()
    assert [walk.wrong for walk in walks if walk.wrong] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_for_everybody_empty_and_to_mend(
    walk_at: Callable[..., Walk], language: str
) -> None:
    walk = walk_at(language, Station.ARRANGED, FAT)
    for path in (*FORM, *OTHERS):
        walk.look(path, mend=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_for_everybody_filled_in(walk_at: Callable[..., Walk], language: str) -> None:
    walk = walk_at(language, Station.IN_PROGRESS, FAT)
    for path in (*QUESTIONS, "/start", "/check"):
        walk.look(path)
    walk.screen.open("/questions/weight")
    walk.screen.page.fill("#q-weight", "36")
    walk.press()
    walk.note("an odd answer")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_turn_is_for_everybody(walk_at: Callable[..., Walk], language: str) -> None:
    walk = walk_at(language, Station.IN_PROGRESS)
    with walk.screen.page.expect_navigation():
        walk.screen.page.locator("#lock-form").evaluate("form => form.submit()")
    walk.note("locked")
    walk.press()
    walk.note("locked, to mend")
    assert walk.screen.page.locator("#error-summary").count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reading_is_for_everybody(walk_at: Callable[..., Walk], language: str) -> None:
    walk = walk_at(language, Station.CONSENT_READY)
    quiz = walk.screen.stage.house.library.treatments[PRP].quiz[0]
    walk.look("/reading")
    walk.screen.press(walk.screen.say("Start reading"))
    paths = (*READING, f"/quiz/{quiz.id}", SIGNING)
    for path in paths:
        walk.look(path, mend=True)
    walk.screen.open(f"/quiz/{quiz.id}")
    for state in ("not quite", "told the answer"):
        walk.screen.page.locator(f"[name=choice]:not([value={quiz.correct}])").first.check()
        walk.press()
        walk.note(f"a check-question, {state}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_read_is_for_everybody(walk_at: Callable[..., Walk], language: str) -> None:
    walk = walk_at(language, Station.CONSENT_READY)
    demo.read(walk.screen.stage.walk)
    walk.screen.begin()
    quiz = walk.screen.stage.house.library.treatments[PRP].quiz[0]
    paths = ("/reading", "/statements", f"/quiz/{quiz.id}", "/document")
    for path in paths:
        walk.look(path)


SPOIL = """() => {
  const [passed, plain, wide] = document.querySelectorAll('main a')
  passed.tabIndex = -1
  plain.style.cssText = 'outline: none; box-shadow: none; background: none'
  wide.style.cssText = 'min-width: 2000px; height: 20px; min-height: 0'
}"""
"""Makes three links of a page unfit: never come to, the focus not seen, too wide and too low."""


def test_a_page_that_is_not_for_everybody_is_noticed(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/start")
    screen.page.evaluate(SPOIL)
    found = look_at(screen.page)
    assert "tab: a See all the questions first" in found
    assert "focus not seen: a Start" in found
    assert [it for it in found if "px too wide" in it]
    assert [it for it in found if "small: Not today" in it]


def test_a_drawing_is_the_same_way_round_in_every_language(screen_at: Screens) -> None:
    places = {}
    for language in ("en", "ar"):
        screen = screen_at(Station.IN_PROGRESS, "mesotherapy_face", language=language)
        screen.open("/questions/face_areas")
        left, right = (
            screen.page.locator(".map__label").nth(place).bounding_box() for place in (0, 1)
        )
        drawing = screen.page.locator(".map__drawing").first.bounding_box()
        assert left
        assert right
        assert drawing
        places[language] = [round(box["x"] - drawing["x"]) for box in (left, right)]
    assert places["en"] == places["ar"]


def test_a_whole_page_is_filled_in_with_the_keyboard_alone(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/questions/blood_problems")
    page = screen.page
    rows = page.locator(".row-question").count()
    page.locator("input[type=radio]").first.focus()
    for _ in range(rows):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    while page.evaluate("() => document.activeElement.textContent") != "Continue":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/needle_reactions")
