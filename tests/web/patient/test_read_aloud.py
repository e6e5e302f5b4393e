"""“Read aloud”: only with a voice of the device's own, and never after the page is left."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from questionnaire.domain.visit import Station
from tests.web.patient.conftest import Screen

pytestmark = pytest.mark.whole

Screens = Callable[..., Screen]
DEVICE = """(voices) => {
  window.told = []
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  const speech = new EventTarget()
  speech.getVoices = () => voices
  speech.speak = (told) => window.told.push(told)
  speech.cancel = () => window.told.push('silence')
  Object.defineProperty(window, 'speechSynthesis', { value: speech })
}"""
"""A device with these voices that keeps what it was asked to say, and stays with each piece."""

SPANISH = {"lang": "es-ES", "localService": True}
ENGLISH = {"lang": "en_GB", "localService": True}
FAR_AWAY = {"lang": "en-GB", "localService": False}


def device_with(screen: Screen, *voices: dict[str, object]) -> Page:
    """The screen's page on a device that has these voices."""
    screen.page.add_init_script(f"({DEVICE})({json.dumps(voices)})")
    return screen.page


def told(page: Page) -> list[str]:
    """What the device was asked to say, each piece with its language."""
    pieces: list[str] = page.evaluate(
        "() => window.told.filter((it) => it.text).map((it) => `${it.lang} ${it.text}`)"
    )
    return pieces


def finish_piece(page: Page) -> None:
    """The voice comes to the end of a piece."""
    page.evaluate("() => window.told.at(-1).onend()")


def test_there_is_no_button_without_a_voice_on_the_device(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = device_with(screen, FAR_AWAY, SPANISH)
    screen.open("/questions/medicine_list")
    expect(page.locator("[data-read-aloud]")).to_be_hidden()


def test_a_question_page_is_read_piece_by_piece_without_what_was_typed(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = device_with(screen, FAR_AWAY, ENGLISH)
    screen.open("/questions/medicine_list")
    page.fill("#q-medicine_list", "Aspirin")
    page.get_by_role("button", name="Read aloud").click()
    expect(page.locator(".is-read")).to_have_count(1)
    for _ in range(3):
        finish_piece(page)
    pieces = told(page)
    assert pieces[1:3] == [
        "en_GB Please list your medicines.",
        "en_GB You can show us the boxes.",
    ]
    assert pieces[3:] == ["en_GB Why we ask"]
    finish_piece(page)
    expect(page.get_by_role("button", name="Read aloud")).to_be_visible()
    assert "Aspirin" not in " ".join(pieces)


def test_a_reading_page_is_read_in_its_language_and_falls_silent_when_left(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.CONSENT_READY, language="es")
    page = device_with(screen, ENGLISH, SPANISH)
    screen.open("/reading/prp_injections")
    page.get_by_role("button", name=screen.say("Read aloud")).click()
    assert told(page)[0].startswith("es-ES Inyecciones")
    page.get_by_role("button", name=screen.say("Stop reading")).click()
    expect(page.locator(".is-read")).to_have_count(0)
    page.get_by_role("button", name=screen.say("Go on reading")).click()
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("() => window.told.at(-1)") == "silence"
    finish = "() => window.told.findLast((it) => it.onend).onend()"
    page.evaluate(finish)
    assert page.evaluate("() => window.told.at(-1)") == "silence"


def test_reading_goes_on_with_the_piece_it_stopped_at_and_starts_anew_at_the_end(
    screen_at: Screens,
) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = device_with(screen, ENGLISH)
    screen.open("/questions/medicine_list")
    page.get_by_role("button", name="Read aloud").click()
    finish_piece(page)
    at = told(page)[-1]
    page.get_by_role("button", name="Stop reading").click()
    page.get_by_role("button", name="Go on reading").click()
    assert told(page)[-2:] == [at, at]
    page.evaluate("() => window.told.findLast((it) => it.onerror && it.text).onerror()")
    page.get_by_role("button", name="Go on reading").click()
    page.evaluate("() => window.told.filter((it) => it.text).at(-3).onerror()")
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
    for _ in range(4):
        if page.get_by_role("button", name="Stop reading").is_visible():
            page.evaluate("() => window.told.findLast((it) => it.onend).onend()")
    page.get_by_role("button", name="Read aloud").click()
    assert told(page)[-1] == told(page)[0]


@pytest.mark.guarantees("S21")
def test_who_listens_is_there_and_who_stopped_listening_is_asked(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS)
    page = device_with(screen, ENGLISH)
    page.clock.install()
    screen.open("/questions/medicine_list")
    page.get_by_role("button", name="Read aloud").click()
    for _ in range(2):
        page.clock.run_for(170_000)
        finish_piece(page)
    page.clock.run_for(100_000)
    page.evaluate("() => window.told.at(-1).onboundary()")
    page.clock.run_for(170_000)
    expect(page.get_by_text("Still here?")).to_be_hidden()
    expect(page.locator(".is-read")).to_have_count(1)
    page.clock.run_for(20_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    finish_piece(page)
    assert page.evaluate("() => window.told.at(-1)") == "silence"
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_role("button", name="Go on reading")).to_be_visible()


def test_every_page_with_much_to_read_can_be_listened_to(screen_at: Screens) -> None:
    for station, paths in (
        (Station.IN_PROGRESS, ("/check", "/your-questions")),
        (Station.CONSENT_READY, (f"/sign?shown={'0' * 64}", "/photos", "/reading")),
    ):
        screen = screen_at(station)
        page = device_with(screen, ENGLISH)
        for path in paths:
            screen.open(path)
            page.get_by_role("button", name="Read aloud").click()
            assert told(page)[0].endswith(page.locator("h1").inner_text()), path
