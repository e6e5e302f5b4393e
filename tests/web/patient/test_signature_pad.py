"""The signature's box, in a real browser: pen, palm, finger, rotation, zoom and sharp screens."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page, expect

from questionnaire.cli import demo
from questionnaire.domain.consent import Method, Signature
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.journey.signing import signatures
from tests.clinics import DESK, Stage
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
Place = tuple[float, float]
"""From 0 to 1 across and down the box."""

SLANT: tuple[Place, ...] = ((0.2, 0.7), (0.3, 0.5), (0.4, 0.3))
LATER: tuple[Place, ...] = ((0.6, 0.7), (0.7, 0.5), (0.8, 0.3))


@dataclass(frozen=True, slots=True)
class Pad:
    """The box under hands: every touch, pen and mouse goes in as the browser's own input."""

    screen: Screen
    page: Page
    input: CDPSession

    def at(self, place: Place) -> dict[str, float]:
        """Where a place of the box is on the screen now."""
        canvas = self.page.locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        return {"x": box["x"] + place[0] * box["width"], "y": box["y"] + place[1] * box["height"]}

    def pen(self, kind: str, place: Place, *, down: bool = True) -> None:
        """Put the pen down, move it, or lift it."""
        button = {"button": "left", "buttons": int(down), "clickCount": 1} if down else {}
        self.input.send(
            "Input.dispatchMouseEvent",
            {"type": kind, "pointerType": "pen", "force": 0.5, **self.at(place), **button},
        )

    def touch(self, kind: str, *places: Place) -> None:
        """Put fingers down, move them, or (without a place) lift them."""
        points = [{**self.at(place), "id": finger} for finger, place in enumerate(places)]
        self.input.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def draw_by_pen(self, places: tuple[Place, ...]) -> None:
        """One line with the pen."""
        self.pen("mousePressed", places[0])
        for place in places[1:]:
            self.pen("mouseMoved", place)
        self.pen("mouseReleased", places[-1])

    def draw_by_finger(self, places: tuple[Place, ...]) -> None:
        """One line with a finger."""
        self.touch("touchStart", places[0])
        for place in places[1:]:
            self.touch("touchMove", place)
        self.touch("touchEnd")

    def show_on(self, width: int, height: int, sharpness: float) -> None:
        """Turn the tablet, zoom, or move the page to a sharper screen."""
        self.input.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": sharpness, "mobile": False},
        )
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    @property
    def strokes(self) -> list[list[list[float]]]:
        """What the page would post."""
        found: list[list[list[float]]] = json.loads(self.page.input_value("#ink") or "[]")
        return found

    def is_inked(self, place: Place) -> bool:
        """Whether there is ink on the canvas around a place."""
        return bool(
            self.page.locator("canvas").evaluate(
                """(it, [x, y]) => {
                  const reach = Math.round(it.width / 100)
                  const left = Math.round(x * it.width) - reach
                  const top = Math.round(y * it.height) - reach
                  const copy = new OffscreenCanvas(it.width, it.height)
                  const pen = copy.getContext('2d', { willReadFrequently: true })
                  pen.drawImage(it, 0, 0)
                  const seen = pen.getImageData(left, top, 2 * reach, 2 * reach)
                  return seen.data.some((value) => value > 0)
                }""",
                list(place),
            )
        )


Pads = Callable[[], Pad]


@pytest.fixture
def pad_at(screen_at: Screens) -> Pads:
    """A patient before the signature's box, with everything before it done."""

    def begin() -> Pad:
        screen = screen_at(Station.CONSENT_READY)
        demo.read(screen.stage.walk)
        screen.begin()
        screen.open("/document")
        screen.press("Go to signing", "link")
        return Pad(screen, screen.page, screen.page.context.new_cdp_session(screen.page))

    return begin


def test_ink_lies_where_the_hand_was_on_a_sharp_screen_too(pad_at: Pads) -> None:
    pad = pad_at()
    pad.show_on(768, 1024, 3)
    pad.draw_by_finger(SLANT)
    dots = "it => Math.round(it.width / it.getBoundingClientRect().width)"
    assert pad.page.locator("canvas").evaluate(dots) == 3
    (stroke,) = pad.strokes
    assert stroke[0] == pytest.approx(SLANT[0], abs=0.01)
    assert stroke[-1] == pytest.approx(SLANT[-1], abs=0.01)
    assert pad.is_inked(SLANT[1])
    assert not pad.is_inked(LATER[1])


@pytest.mark.parametrize(
    "screen", [(1024, 768, 1), (360, 740, 3), (768, 1024, 2.5), (384, 512, 1)], ids=str
)
def test_ink_survives_rotation_resize_zoom_and_a_sharper_screen(
    pad_at: Pads, screen: tuple[int, int, float]
) -> None:
    pad = pad_at()
    pad.draw_by_finger(SLANT)
    before = pad.strokes
    pad.show_on(*screen)
    assert pad.strokes == before
    assert pad.is_inked(SLANT[1])
    pad.draw_by_finger(LATER)
    first, second = pad.strokes
    assert [first] == before
    assert second[0] == pytest.approx(LATER[0], abs=0.015)
    assert pad.is_inked(SLANT[1])
    assert pad.is_inked(LATER[1])


def test_a_line_that_rotation_cuts_short_stays_and_the_next_can_be_drawn(pad_at: Pads) -> None:
    pad = pad_at()
    pad.pen("mousePressed", SLANT[0])
    pad.pen("mouseMoved", SLANT[1])
    pad.show_on(1024, 768, 1)
    pad.pen("mouseReleased", SLANT[1])
    (cut,) = pad.strokes
    assert cut[-1] == pytest.approx(SLANT[1], abs=0.01)
    pad.draw_by_pen(LATER)
    assert [len(pad.strokes), pad.strokes[0]] == [2, cut]


def test_the_palm_draws_nothing_while_a_pen_draws_or_just_after(pad_at: Pads) -> None:
    pad = pad_at()
    pad.pen("mousePressed", SLANT[0])
    pad.draw_by_finger(LATER)
    pad.pen("mouseMoved", SLANT[1])
    pad.pen("mouseReleased", SLANT[2])
    pad.draw_by_finger(LATER)
    (stroke,) = pad.strokes
    assert stroke[0] == pytest.approx(SLANT[0], abs=0.01)
    assert not pad.is_inked(LATER[1])


def test_a_palm_that_lands_before_the_pen_leaves_no_ink(pad_at: Pads) -> None:
    pad = pad_at()
    pad.touch("touchStart", LATER[0])
    pad.touch("touchMove", LATER[1])
    pad.draw_by_pen(SLANT)
    pad.touch("touchEnd")
    (stroke,) = pad.strokes
    assert stroke[0] == pytest.approx(SLANT[0], abs=0.01)
    assert not pad.is_inked(LATER[1])


def test_two_fingers_are_one_line(pad_at: Pads) -> None:
    pad = pad_at()
    pad.touch("touchStart", SLANT[0])
    pad.touch("touchStart", SLANT[0], LATER[0])
    pad.touch("touchMove", SLANT[1], LATER[1])
    pad.touch("touchEnd")
    (stroke,) = pad.strokes
    assert stroke[0] == pytest.approx(SLANT[0], abs=0.01)


def test_undo_takes_one_line_and_clear_takes_all(pad_at: Pads) -> None:
    pad = pad_at()
    pad.draw_by_finger(SLANT)
    pad.draw_by_finger(LATER)
    pad.screen.press("Undo last line")
    assert len(pad.strokes) == 1
    assert pad.is_inked(SLANT[1])
    assert not pad.is_inked(LATER[1])
    pad.screen.press("Clear and start again")
    assert pad.strokes == []
    assert not pad.is_inked(SLANT[1])
    expect(pad.page.locator("[data-ink-status]")).to_have_text("The box is empty")


def test_a_drawing_is_signed_with(pad_at: Pads) -> None:
    pad = pad_at()
    pad.draw_by_pen(SLANT)
    drawn = pad.strokes
    pad.page.get_by_label("I agree").check()
    pad.page.get_by_label("Your full name").fill("Marigold Testwell")
    pad.screen.press("Sign and finish")
    signature = given(pad.screen.stage)
    assert signature.method is Method.DRAWN
    assert [[list(point) for point in stroke] for stroke in signature.ink] == drawn


def test_keys_alone_sign_with_the_typed_name(pad_at: Pads) -> None:
    pad = pad_at()
    keys = pad.page.keyboard
    press_until(pad.page, "agree")
    keys.press("Space")
    press_until(pad.page, "full_name")
    keys.type("Marigold Testwell")
    press_until(pad.page, "method")
    keys.press("ArrowDown")
    expect(pad.page.get_by_label("Use my typed name")).to_be_checked()
    expect(pad.page.locator("canvas")).to_be_hidden()
    keys.press("Enter")
    pad.page.wait_for_url("**/goodbye**")
    signature = given(pad.screen.stage)
    assert (signature.method, signature.ink) == (Method.TYPED, ())


def test_a_member_of_staff_witnesses_with_their_code(pad_at: Pads) -> None:
    pad = pad_at()
    stage = pad.screen.stage
    code = arranging.witness_code(stage.house, DESK, stage.visit_id)
    pad.page.get_by_label("I agree").check()
    pad.page.get_by_label("Your full name").fill("Marigold Testwell")
    pad.page.get_by_label("I cannot sign").check()
    pad.page.get_by_label("Witness code").fill(code)
    pad.screen.press("Sign and finish")
    signature = given(stage)
    assert (signature.method, signature.witness) == (Method.WITNESSED, "Dex Frontly")


def press_until(page: Page, box: str) -> None:
    """Go on with the Tab key until a box of that name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == box:
            return
    raise AssertionError(f"no key leads to {box}")


def given(stage: Stage) -> Signature:
    with stage.house.database.read() as tx:
        (signature,) = signatures(tx, stage.visit_id)
    return signature
