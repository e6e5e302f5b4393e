"""Pictures at the patient's door: picked, tapped on maps, and read beside their words."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from questionnaire.cli import demo
from questionnaire.domain.answers import Choices
from questionnaire.domain.visit import Station
from questionnaire.journey.consenting import read_back
from questionnaire.journey.standing import load_sheet
from tests.clinics import Stage
from tests.web.patient.conftest import Screen
from tests.web.patient.tablet import Tablet

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
Screens = Callable[..., Screen]
FACE, FAT = "mesotherapy_face", "fat_dissolving"
WIDTHS = (768, 360)


def kept(stage: Stage, question_id: str) -> object:
    with stage.house.database.read() as tx:
        return load_sheet(stage.house, tx, stage.visit_id).answers.get(question_id)


@pytest.mark.parametrize(
    ("question_id", "treatment", "pictures"),
    [
        ("skin_type_picture", FAT, 6),
        ("cellulite_picture", "mesotherapy_cellulite", 4),
    ],
)
def test_each_picture_has_its_drawing_and_nobody_has_to_be_in_one(
    turn_at: Turns, question_id: str, treatment: str, pictures: int
) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS, treatment)
    page = tablet.open(f"/questions/{question_id}")
    tiles = page.html.split('<div class="tile tile--picture">')[1:]
    assert [tile.count("<svg") for tile in tiles] == [1] * pictures + [0]
    assert "None of these, or I" in tiles[-1]
    assert all('aria-hidden="true" focusable="false"' in tile for tile in tiles[:-1])
    tablet.post({question_id: "3"})
    assert kept(stage, question_id) == 3


def test_picking_a_picture_by_touch_and_by_keys(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS, FAT)
    screen.open("/questions/skin_type_picture")
    page = screen.page
    page.locator(".tile__drawing").nth(4).tap(force=True)
    expect(page.get_by_role("radio", name="Brown. Very rarely burns")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Very dark. Never burns")).to_be_checked()


def region(page: Page, place: int, nth: int = 0) -> Locator:
    """The drawn region of the box with that number."""
    return page.locator(f".map__label--{place} .area__badge").nth(nth)


def box(page: Page, words: str) -> Locator:
    return page.get_by_role("checkbox", name=words, exact=True)


def colour(page: Page, place: int) -> str:
    """What a region is filled with."""
    look = "it => getComputedStyle(it).fill"
    return str(page.locator(f".map__label--{place} .area").first.evaluate(look))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_tap_on_a_region_is_a_tap_on_its_box(screen_at: Screens, width: int) -> None:
    screen = screen_at(Station.IN_PROGRESS, FACE, width=width)
    screen.open("/questions/face_areas")
    page = screen.page
    box(page, "Cheeks").uncheck(force=True)
    plain = colour(page, 4)
    region(page, 4).tap()
    expect(box(page, "Cheeks")).to_be_checked()
    assert colour(page, 4) != plain
    region(page, 4).tap()
    expect(box(page, "Cheeks")).not_to_be_checked()
    assert colour(page, 4) == plain


def test_each_region_of_each_map_belongs_to_its_own_box(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS, FAT)
    screen.open("/questions/fat_areas")
    page = screen.page
    words = {
        1: "Under the chin", 2: "Tummy", 3: "Sides or back", 4: "Thighs", 5: "Arms",
        6: "Male chest", 7: "Eyelid or under the eye",
    }  # fmt: skip
    for ticked in page.locator("input:checked").all():
        ticked.uncheck(force=True)
    for place, name in words.items():
        for nth in range(page.locator(f".map__label--{place}").count()):
            region(page, place, nth).tap()
            expect(box(page, name)).to_be_checked()
            assert page.locator("input:checked").count() == 1
            region(page, place, nth).tap()
    assert page.locator(".map").count() == 3
    assert min(widths(page.locator(".map__drawing"))) >= 300


def widths(places: Locator) -> list[float]:
    return [it["width"] for place in places.all() if (it := place.bounding_box())]


def test_keys_alone_choose_areas_and_the_region_shows_the_focus(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS, FACE)
    screen.open("/questions/face_areas")
    page = screen.page
    box(page, "Neck").uncheck(force=True)
    plain = colour(page, 6)
    box(page, "Around the mouth").focus()
    page.keyboard.press("Tab")
    expect(box(page, "Neck")).to_be_focused()
    line = page.locator(".map__label--6 .area").first
    assert line.evaluate("it => getComputedStyle(it).strokeWidth") == "4px"
    page.keyboard.press("Space")
    expect(box(page, "Neck")).to_be_checked()
    assert colour(page, 6) != plain


def test_a_voice_meets_the_list_alone(screen_at: Screens) -> None:
    screen = screen_at(Station.IN_PROGRESS, FACE)
    screen.open("/questions/face_areas")
    told = screen.page.locator("main").aria_snapshot()
    assert len(re.findall(r"checkbox", told)) == 6
    assert "img" not in told
    assert 'checkbox "Around the eyes"' in told


def test_areas_are_chosen_and_kept_without_a_script(screen_at: Screens, browser: Browser) -> None:
    screen = screen_at(Station.IN_PROGRESS, FACE)
    state = screen.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, has_touch=True, storage_state=state)
    page = context.new_page()
    page.goto(f"{screen.address}/questions/face_areas")
    for ticked in page.locator("input:checked").all():
        ticked.uncheck(force=True)
    region(page, 2).tap()
    region(page, 6).tap()
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").tap()
    context.close()
    assert kept(screen.stage, "face_areas") == Choices(frozenset({"around_eyes", "neck"}))


def figures(html: str) -> list[tuple[int, str]]:
    """Each figure of a page: how many drawings it has, and its words."""
    found = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    return [(one.count("<svg"), spoken(one)) for one in found]


def spoken(html: str) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", html[html.index("<figcaption") :]))
    return " ".join(words.split()).replace(" :", ":")


BLOOD_DRAWN = {"bruised_or_sore_arm": 1, "feeling_faint": 1, "passing_out": 1}
"""Of what was counted in blood donors, a knocked nerve and a hit artery would fill no figure."""
FAT_DRAWN = {
    "swelling": 2, "bruising": 2, "pain": 2, "numbness": 2, "hard_areas": 2, "lumps": 2,
    "tingling": 1, "itch": 1, "headache": 1, "tight_skin": 1, "weak_face": 2,
    "trouble_swallowing": 2, "whole_body_upset": 1, "ulcer_with_other_mixes": 1,
}  # fmt: skip
"""Risk to its pictures, in the order of the page: two where a dummy treatment was compared."""


@pytest.mark.parametrize(
    ("treatment", "drawn"),
    [("prp_injections", BLOOD_DRAWN), ("prp_adjunct", BLOOD_DRAWN), (FAT, FAT_DRAWN)],
)
def test_the_pictures_read_are_the_pictures_signed(
    turn_at: Turns, treatment: str, drawn: dict[str, int]
) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY, treatment)
    turn = demo.read(stage.walk)
    record = json.loads(read_back(stage.house, turn).canonical)
    tablet.start(stage)
    page = tablet.open(f"/reading/{treatment}")
    (told,) = record["treatments"]
    pictured = [one for one in told["risks"] if one["people"]]
    risks = [(len(one["people"]), one["how_often"]) for one in pictured]
    results = [
        (len(one["people"]) or 1, f"{one['label']}: {one['words']}")
        for one in told["results"]["findings"]
    ]
    assert figures(page.html) == [*results, *risks]
    assert [(one["id"], len(one["people"])) for one in pictured] == list(drawn.items())
    assert {each["base"] for one in pictured for each in one["people"]} == {"1000"}


def test_each_figure_has_its_words_as_its_name(screen_at: Screens) -> None:
    screen = screen_at(Station.CONSENT_READY, FAT)
    screen.press("Start reading")
    words = "870 out of 1,000 people had this; 130 did not. With a dummy treatment: 430 out of"
    expect(screen.page.get_by_role("figure", name=re.compile(words))).to_be_visible()


def test_what_nobody_counted_is_said_and_not_drawn(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    page = tablet.open("/reading/prp_injections")
    uncounted = [
        risk
        for risk in stage.house.library.risks_of("prp_injections")
        if risk.frequency.rate is None
    ]
    said = page.html.count("Nobody has counted how often this happens.")
    said += page.html.count("The exact number is not known.")
    assert said == len(uncounted)


def test_the_planned_areas_are_drawn_for_the_patient(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    page = tablet.open("/reading/prp_injections")
    assert "Front hairline" in page.html
    assert 'class="picture picture--scalp picture--areas"' in page.html


def test_worries_are_kept_shown_again_and_mended(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/your-questions")
    assert page.headings == ["In your own words"]
    page = tablet.post({"worries": "Will my <b>boss</b> see it?", "question": "Can I swim?"})
    assert page.headings == ["Check your answers"]
    assert "Will my &lt;b&gt;boss&lt;/b&gt; see it?" in page.html
    assert "Can I swim?" in page.html
    page = tablet.open("/your-questions")
    assert "Will my &lt;b&gt;boss&lt;/b&gt; see it?</textarea>" in page.html
    page = tablet.post({"worries": "Sad \x07 words", "question": "Can I run?"})
    assert tablet.reply.status_code == 400
    assert page.title.startswith("Error:")
    assert 'id="worries-error"' in page.html
    assert "Can I run?</textarea>" in page.html
    assert stage.clinic.actions(stage.visit_id).count("question_asked") == 1
    page = tablet.post({"worries": "Sad \u202ewords", "question": ""})
    assert page.headings == ["Check your answers"]
    assert "Sad words" in page.html
    assert "boss" not in page.html
    tablet.open("/your-questions")
    page = tablet.post({"worries": "", "question": ""})
    assert page.headings == ["Check your answers"]
    assert "Sad words" not in page.html


def test_another_question_must_be_written_before_it_is_saved(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    tablet.open("/your-questions")
    page = tablet.post({"worries": "Needles", "question": " ", "more": "yes"})
    assert tablet.reply.status_code == 400
    assert "Write your question first" in page.html
    assert "Needles</textarea>" in page.html


def test_worries_are_asked_before_the_form_is_sent_and_not_after(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    page = tablet.open("/your-questions")
    assert page.headings == ["Is there anything you want to ask?"]
    assert 'name="worries"' not in page.html
