"""Pictures: safe in any page, the same each time, true to the figures, clear without colour."""

import logging
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import jinja2
import pytest
import weasyprint

from questionnaire.content import load_library
from questionnaire.documents import pictures
from questionnaire.documents.pictures import pen
from questionnaire.documents.pictures.people import BENEFIT, HARM, icon_array
from questionnaire.documents.pictures.results import scale, strip
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.findings import Gain, NoGain, ResultsPicture
from questionnaire.domain.pictures import Group

RULES = Path(__file__).parents[2] / "rules"
SVG = "{http://www.w3.org/2000/svg}"
WORDS = 'Bare "crown" & <thin> temples'
MAPS = ("scalp", "face", "chin_and_eyes", "body_front", "body_back")
PLAIN = {
    "aria-hidden", "aria-label", "class", "cx", "cy", "d", "fill", "focusable", "height",
    "pointer-events", "role", "rx", "ry", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-width", "transform", "viewBox", "width",
}  # fmt: skip

HAIR_GAIN = ResultsPicture(
    "Extra hairs in each square centimetre",
    "a dummy shot",
    (Gain("13 trials", Fraction("27.6"), Fraction(14), Fraction("41.1")), NoGain("35 people")),
)


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    return dict(load_library(RULES).questionnaire.questions)


def every_picture() -> list[tuple[str, str]]:
    answers = [
        (f"{name} {number}", pictures.answer_picture(name, number, WORDS))
        for name in ("hairline_picture", "parting_picture", "cellulite_picture")
        for number in range(8)
        if pictures.has_picture(name, number)
    ]
    skins = [
        (f"skin {each}", pictures.answer_picture("skin_type_picture", each, WORDS))
        for each in range(1, 7)
    ]
    maps = []
    for name in MAPS:
        shapes = pictures.area_shapes(name)
        labels = {each.id: each.id for each in shapes}
        maps.append((name, pictures.area_map(name, {shapes[0].id}, labels, WORDS)))
        maps.append((f"{name} ground", pictures.area_ground(name)))
        maps.append((f"{name} region", pictures.area_region(name, shapes[-1].id, 9)))
        maps.append((f"{name} details", pictures.area_details(name)))
    people = [
        (f"people {base}", icon_array(Group(base, Fraction(9), Fraction(23)), WORDS))
        for base in (100, 1000)
    ]
    bars = [(each.label, strip(each, HAIR_GAIN, WORDS)) for each in HAIR_GAIN.findings]  # type: ignore[arg-type]  # no Helped among them
    return [*answers, *skins, *maps, *people, *bars]


EVERY = dict(every_picture())


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_is_plain_shapes_without_style_id_or_address(name: str) -> None:
    root = ET.fromstring(EVERY[name])  # noqa: S314  # our own drawing
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "path", "ellipse", "rect", "g"}
        assert set(element.attrib) <= PLAIN


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_has_its_words_as_its_name_or_is_silent(name: str) -> None:
    root = ET.fromstring(EVERY[name])  # noqa: S314  # our own drawing
    if root.get("aria-hidden") == "true":
        assert root.find(f"{SVG}title") is None
        return
    title = root.find(f"{SVG}title")
    assert title is not None
    assert (root.get("role"), root.get("aria-label"), title.text) == ("img", WORDS, WORDS)


def test_the_same_picture_is_drawn_each_time() -> None:
    assert dict(every_picture()) == EVERY


def test_a_template_puts_a_picture_in_as_it_is() -> None:
    picture = pictures.answer_picture("hairline_picture", 3, WORDS)
    page = jinja2.Environment(autoescape=True).from_string("{{ picture }}")
    assert page.render(picture=picture) == str(picture)


def test_every_picture_answer_of_the_rules_has_its_drawing(questions: dict[str, Question]) -> None:
    wanted = {
        (question.id, int(option.id))
        for question in questions.values()
        if question.kind is Kind.PICTURE
        for option in question.options
        if option.id.isdigit()
    }
    assert wanted
    assert {each for each in wanted if not pictures.has_picture(*each)} == set()


@pytest.mark.parametrize(("question", "number"), [("hairline_picture", 0), ("weight", 1)])
def test_nothing_is_drawn_for_an_answer_that_is_not_there(question: str, number: int) -> None:
    assert not pictures.has_picture(question, number)
    with pytest.raises(KeyError):
        pictures.answer_picture(question, number, "")


def test_no_two_answers_look_the_same() -> None:
    drawn = [EVERY[name] for name in EVERY if "_picture" in name or "skin" in name]
    assert len(set(drawn)) == len(drawn) == 22


@pytest.mark.parametrize(
    ("question", "elsewhere"),
    [("face_areas", set()), ("fat_areas", {"somewhere_else"})],
)
def test_maps_show_every_area_of_their_question(
    question: str, elsewhere: set[str], questions: dict[str, Question]
) -> None:
    shown = {
        region.id for name in pictures.maps_for(question) for region in pictures.area_shapes(name)
    }
    assert shown == {option.id for option in questions[question].options} - elsewhere


def test_other_questions_have_no_map() -> None:
    assert pictures.maps_for("weight") == ()


def test_the_patients_left_is_on_the_left_of_the_scalp() -> None:
    places = {each.id: each.label_xy for each in pictures.area_shapes("scalp")}
    assert places["left_temple"][0] < places["crown"][0] < places["right_temple"][0]
    assert places["front_hairline"][1] < places["mid_scalp"][1] < places["back"][1]


@pytest.mark.parametrize("name", MAPS)
def test_only_chosen_areas_are_filled(name: str) -> None:
    labels = {each.id: each.id for each in pictures.area_shapes(name)}
    for region in pictures.area_shapes(name):
        picture = pictures.area_map(name, {region.id, "somewhere_else"}, labels, "")
        filled = re.findall(rf'd="([^"]*)" fill="{pen.BRAND}"', picture)
        assert filled == [region.path]


@pytest.mark.parametrize("name", MAPS)
def test_numbers_stand_well_inside_a_map(name: str) -> None:
    width, height = pictures.area_size(name)
    for region in pictures.area_shapes(name):
        x, y = region.label_xy
        assert 18 <= x <= width - 18
        assert 18 <= y <= height - 18


@pytest.mark.parametrize("shades", [HARM, BENEFIT])
def test_the_three_looks_differ_in_lightness_alone(shades: tuple[str, str]) -> None:
    dark, light = (_lightness(each) for each in shades)
    steps = sorted((dark, light, _lightness(pen.PAPER)))
    assert all((b + 0.05) / (a + 0.05) > 1.5 for a, b in pairwise(steps))
    nobody = _lightness(pen.NOBODY)
    assert (nobody + 0.05) / (dark + 0.05) > 4.5
    assert (_lightness(pen.PAPER) + 0.05) / (nobody + 0.05) > 1.25


def test_one_scale_holds_every_gain_and_no_difference() -> None:
    assert scale(HAIR_GAIN) == (0, 50)
    worse = Gain("a worse one", Fraction(-2), Fraction("-12.5"), Fraction(9))
    assert scale(ResultsPicture("", "", (worse,))) == (-20, 10)
    assert scale(ResultsPicture("", "", (NoGain("none"),))) == (0, 10)


def test_a_gain_that_may_be_none_has_no_solid_bar() -> None:
    worse = Gain("a worse one", Fraction(3), Fraction(-2), Fraction(9))
    picture = strip(worse, ResultsPicture("", "", (worse,)), "")
    assert f'fill="{pen.BRAND}"' not in picture
    assert f'fill="{pen.BRAND}"' in strip(HAIR_GAIN.findings[0], HAIR_GAIN, "")  # type: ignore[arg-type]  # a Gain


def test_the_document_takes_every_picture_with_its_words(caplog: pytest.LogCaptureFixture) -> None:
    page = f"<html lang=en><title>Pictures</title>{''.join(EVERY.values())}</html>"
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=True)
    assert pdf.count(b"/Alt (Bare") == sum("Bare" in each for each in EVERY.values())
    assert [record.message for record in caplog.records if "SVG" in record.message] == []


def _lightness(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return sum(share * each for share, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
