"""What the three small scripts add in a real browser; everything also works without them."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.journey.standing import load_sheet
from tests.clinics import DESK, Stage
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]


def test_none_asks_before_it_clears_the_others(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/questions/tried_before")
    page = screen.page
    page.get_by_label("PRP", exact=True).check()
    page.get_by_label("Nothing", exact=True).click()
    expect(page.get_by_label("Nothing", exact=True)).not_to_be_checked()
    screen.press("No, keep them")
    expect(page.get_by_label("PRP", exact=True)).to_be_checked()
    page.get_by_label("Nothing", exact=True).click()
    screen.press("Yes, clear them")
    expect(page.get_by_label("PRP", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Nothing", exact=True)).to_be_checked()
    page.get_by_label("PRP", exact=True).check()
    expect(page.get_by_label("Nothing", exact=True)).not_to_be_checked()


def test_the_error_summary_has_the_focus_and_leads_to_the_box(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/questions/sex_at_birth")
    screen.press("Continue")
    page = screen.page
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="How can we reach you after treatment?").click()
    expect(page.locator("#q-contact_details")).to_be_focused()


def test_letters_left_are_told_only_near_the_end(screen_at: Screens) -> None:
    screen = screen_at(Station.ARRANGED)
    screen.open("/questions/medicine_list")
    page, line = screen.page, screen.page.locator("[data-count-for]")
    expect(line).to_be_hidden()
    page.fill("#q-medicine_list", "x" * 3990)
    expect(line).to_have_text("Letters left: 10")
    page.fill("#q-medicine_list", "🙂" * 4001)
    expect(line).to_have_text("Letters too many: 1")


def draw(page: Page) -> None:
    """Two strokes in the signature's box."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for start in (0.1, 0.6):
        page.mouse.move(box["x"] + start * box["width"], box["y"] + box["height"] * 0.6)
        page.mouse.down()
        for step in range(1, 10):
            page.mouse.move(
                box["x"] + (start + step * 0.02) * box["width"],
                box["y"] + box["height"] * (0.6 - 0.03 * step),
            )
        page.mouse.up()


def to_sign(screen: Screen) -> Page:
    """The signing page, straight: what comes before it is shown elsewhere."""
    screen.open(f"/sign?shown={'0' * 64}")
    return screen.page


def strokes(page: Page) -> list[list[list[float]]]:
    """What the page would post as the drawing."""
    found: list[list[list[float]]] = json.loads(page.input_value("#ink") or "[]")
    return found


def test_ink_is_points_between_0_and_1_and_survives_rotation(screen_at: Screens) -> None:
    page = to_sign(screen_at(Station.CONSENT_READY))
    expect(page.get_by_text("The box is empty")).to_be_visible()
    draw(page)
    expect(page.get_by_text("Signature drawn")).to_be_visible()
    before = strokes(page)
    assert len(before) == 2
    assert all(0 <= number <= 1 for stroke in before for point in stroke for number in point)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect.soft(page.locator("canvas")).to_be_visible()
    assert strokes(page) == before
    assert page.locator("canvas").evaluate(
        "it => it.getContext('2d').getImageData(0, 0, it.width, it.height).data.some(v => v > 0)"
    )
    page.get_by_role("button", name="Undo last line").click()
    assert strokes(page) == before[:1]
    page.get_by_role("button", name="Clear and start again").click()
    assert strokes(page) == []


def test_the_box_and_the_witness_code_show_only_for_their_way_of_signing(
    screen_at: Screens,
) -> None:
    page = to_sign(screen_at(Station.CONSENT_READY))
    for way, ink, code in (
        ("Draw my signature", True, False),
        ("Use my typed name as my signature", False, False),
        ("I cannot sign. A member of staff is my witness", False, True),
    ):
        page.get_by_label(way).check()
        expect(page.locator("canvas")).to_be_visible(visible=ink)
        expect(page.get_by_label("Witness code")).to_be_visible(visible=code)


@pytest.mark.guarantees("S21")
def test_a_tablet_left_alone_covers_the_answers_then_locks(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    told: list[str] = []
    page.on("request", lambda sent: told.append(sent.url) if "/still-here" in sent.url else None)
    page.clock.install(time=0)
    page.clock.pause_at(1)  # no second of our own counts from here on
    screen.open("/check")
    page.clock.run_for(179_000)
    expect(page.get_by_text("Still here?")).to_be_hidden()
    assert told == [], "a page alone does not keep the turn open"
    page.clock.run_for(2_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.clock.run_for(30_000)
    expect(page.locator("[data-seconds-left]")).to_have_text(re.compile("^(29|28)$"))
    with page.expect_response("**/still-here") as answer:
        page.get_by_role("button", name="I am still here").click()
    assert answer.value.status == 204
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.run_for(181_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.clock.run_for(61_000)
    expect(page.get_by_role("heading", name="This form is locked")).to_be_visible()
    assert screen.stage.clinic.actions(screen.stage.visit_id)[-1] == "turn_locked"
    go_back(page)
    assert "Marigold" not in page.content()
    assert screen.stage.station is Station.IN_PROGRESS


def test_the_lock_keeps_what_was_typed_on_the_open_page(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page, stage = screen.page, screen.stage
    page.clock.install()
    screen.open("/questions/in_your_own_words")
    with page.expect_response("**/questions/*"):  # as it is begun
        page.fill("#q-in_your_own_words", "Half a thought")
        page.clock.run_for(2_000)
    page.clock.run_for(300_000)
    expect(page.get_by_role("heading", name="This form is locked")).to_be_visible()
    with stage.house.database.read() as tx:
        kept = load_sheet(stage.house, tx, stage.visit_id).answers
    assert kept["in_your_own_words"] == "Half a thought"
    assert stage.clinic.actions(stage.visit_id)[-2:] == ["page_saved", "turn_locked"]


def test_reading_a_long_page_keeps_the_turn_open(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    page.clock.install()
    screen.open("/check")
    page.mouse.wheel(0, 200)
    with page.expect_response("**/still-here"):
        page.clock.run_for(21_000)


def test_a_turn_that_ended_elsewhere_is_left_at_the_first_touch(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    page.clock.install()
    screen.open("/check")
    arranging.new_code(screen.stage.house, DESK, screen.stage.visit_id)
    page.keyboard.press("Shift")
    page.clock.run_for(21_000)
    page.wait_for_url("**/goodbye/away")


def test_a_tablet_that_slept_wakes_covered(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    page.clock.install()
    screen.open("/check")
    page.clock.fast_forward(200_000)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alertdialog")).to_be_visible()


def go_back(page: Page) -> None:
    """Back, as a thumb does it: the browser may bring a kept page back to life."""
    with page.expect_event("framenavigated"):
        page.evaluate("() => history.back()")
    page.wait_for_load_state()


@pytest.mark.guarantees("S23")
def test_back_after_a_turn_shows_nothing_of_it(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = screen.page
    screen.open("/check")
    expect(page.get_by_text("Marigold Testwell")).to_be_visible()
    screen.press("Send my answers")
    for _ in range(3):
        go_back(page)
        assert "Marigold" not in page.content()
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.guarantees("S23")
def test_the_next_person_meets_nothing_of_the_one_before(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    clinic = screen.stage.clinic
    screen.open("/check")
    screen.press("Send my answers")
    screen.begin(Stage(clinic, clinic.arrange(name="Basil Madeupson")))
    assert "Basil" not in screen.page.title()
    for _ in range(5):
        go_back(screen.page)
        assert "Marigold" not in screen.page.content()
