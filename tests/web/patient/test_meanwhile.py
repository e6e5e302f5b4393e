"""One page in two tabs or on two devices: the later one asks before it takes another's place."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from html import escape

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey.standing import load_sheet
from tests.clinics import Stage
from tests.web.patient.reading_in import read_by
from tests.web.patient.tablet import Tablet, fill

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
Typed = dict[str, str | list[str]]
PAGES: dict[str, tuple[Typed, Typed, tuple[str, str]]] = {
    "weight": ({"weight": "78"}, {"weight": "66,5"}, ("78 kilograms", "66.5 kilograms")),
    "sex_at_birth": (
        {"sex_at_birth": "male"},
        {"sex_at_birth": "female"},
        ("Male", "Female"),
    ),
    "medicine_list": (
        {"medicine_list": "Ramipril 5 mg"},
        {"medicine_list": "Nothing & “none”"},
        ("Ramipril 5 mg", "Nothing & “none”"),
    ),
    "date_of_birth": (
        {"date_of_birth.day": "14", "date_of_birth.month": "3", "date_of_birth.year": "1979"},
        {"date_of_birth.day": "3", "date_of_birth.month": "4", "date_of_birth.year": "1979"},
        ("14 March 1979", "3 April 1979"),
    ),
    "blood_problems": (
        {"blood_problems.low_platelets": "yes"},
        {"blood_problems.low_platelets": "no"},
        ("“Yes”", "“No”"),
    ),
}
every_page = pytest.mark.parametrize("question", PAGES)
LEAVING = ("later", "left_alone", "back", "typed")
WAYS = ("go", *LEAVING)


def kept(stage: Stage) -> dict[str, object]:
    """Answers and lists of the working copy."""
    with stage.house.database.read() as tx:
        sheet = load_sheet(stage.house, tx, stage.visit_id)
    return {**sheet.answers, **{key: dict(row) for key, row in sheet.rows.items()}}


def two_tabs(turn_at: Turns, question: str) -> tuple[Tablet, Tablet, Stage, tuple[Typed, Typed]]:
    """A page open twice, nothing answered on it yet, and what is typed into each."""
    tablet, stage = turn_at(Station.ARRANGED, "fat_dissolving")
    first = tablet.open(f"/questions/{question}")
    others = fill(first, stage)
    typed, otherwise, _ = PAGES[question]
    other = copy(tablet)
    other.open(f"/questions/{question}")
    return tablet, other, stage, ({**others, **typed}, {**others, **otherwise})


def tell(here: Tablet, question: str, typed: Typed) -> None:
    """Send the open page without looking at the answer, which may be no page."""
    hidden = {name: values[0] for name, values in here.page.boxes("hidden").items()}
    here.client.post(f"/questions/{question}", data={**hidden, **typed})


def saved_elsewhere(
    turn_at: Turns, question: str
) -> tuple[Tablet, Stage, dict[str, object], tuple[Typed, Typed]]:
    """The page here, once the other tab was saved, and what is kept since."""
    here, other, stage, typed = two_tabs(turn_at, question)
    other.post(typed[0])
    return here, stage, kept(stage), typed


@every_page
def test_an_answer_saved_meanwhile_is_shown_beside_the_one_here(
    turn_at: Turns, question: str
) -> None:
    here, stage, before, (_, typed) = saved_elsewhere(turn_at, question)
    page = here.post(typed)
    assert page.headings == ["Is that right?"]
    for words in PAGES[question][2]:
        assert escape(words).replace("&quot;", "&#34;") in page.html
    assert kept(stage) == before

    here.post({"sure": "yes"})
    assert kept(stage)[question] != before[question]


@every_page
def test_who_does_not_want_that_changes_it_and_is_asked_no_more(
    turn_at: Turns, question: str
) -> None:
    here, stage, before, (saved, typed) = saved_elsewhere(turn_at, question)
    here.post(typed)
    page = here.post({"change": "yes"})
    assert page.headings != ["Is that right?"]
    here.post(saved)
    assert kept(stage) == before
    here.open(f"/questions/{question}")
    here.post(typed)
    assert kept(stage)[question] != before[question]


@every_page
def test_a_slip_or_another_text_size_between_does_not_hide_it(
    turn_at: Turns, question: str
) -> None:
    here, stage, before, (_, typed) = saved_elsewhere(turn_at, question)
    here.post({**typed, "show_text": "larger"})
    page = here.post(typed)
    assert page.headings == ["Is that right?"]
    assert kept(stage) == before


@every_page
@pytest.mark.parametrize("way", LEAVING)
def test_a_page_that_is_left_changes_nothing_saved_meanwhile(
    turn_at: Turns, question: str, way: str
) -> None:
    here, stage, before, (_, typed) = saved_elsewhere(turn_at, question)
    tell(here, question, {**typed, way: "yes"})
    assert kept(stage) == before
    with stage.house.database.read() as tx:
        drafts = load_sheet(stage.house, tx, stage.visit_id).drafts
    assert (question in drafts) == (question != "blood_problems")


def drafts_of(stage: Stage) -> dict[str, object]:
    """What was typed and not sent."""
    with stage.house.database.read() as tx:
        return dict(load_sheet(stage.house, tx, stage.visit_id).drafts)


@every_page
@pytest.mark.parametrize("way", WAYS)
def test_a_box_that_nobody_touched_changes_nothing_saved_meanwhile(
    turn_at: Turns, question: str, way: str
) -> None:
    here, other, stage, (typed, _) = two_tabs(turn_at, question)
    untouched = here.page.given()
    other.post(typed)
    before = kept(stage)
    tell(here, question, {**untouched, way: "yes"})
    assert (kept(stage), drafts_of(stage)) == (before, {})


@every_page
@pytest.mark.parametrize("way", WAYS)
def test_a_box_that_nobody_touched_leaves_words_begun_elsewhere(
    turn_at: Turns, question: str, way: str
) -> None:
    here, other, stage, (_, typed) = two_tabs(turn_at, question)
    untouched = here.page.given()
    tell(other, question, {**typed, "typed": "yes"})
    before, begun = kept(stage), drafts_of(stage)
    tell(here, question, {**untouched, way: "yes"})
    assert (kept(stage), drafts_of(stage)) == (before, begun)
    assert (question in begun) == (question != "blood_problems")


@pytest.mark.parametrize("way", LEAVING)
def test_words_begun_in_two_tabs_both_wait(turn_at: Turns, way: str) -> None:
    here, other, stage, _ = two_tabs(turn_at, "medicine_list")
    others = {**fill(here.page, stage), "medicine_list": ""}
    tell(other, "medicine_list", {**others, "medicine_list": "Warfarin 5 mg", "typed": "yes"})
    for typed in ("R", "Ramipril", "Ramipril 2"):
        tell(here, "medicine_list", {**others, "medicine_list": typed, "typed": "yes"})
    tell(here, "medicine_list", {**others, "medicine_list": "Ramipril 2", way: "yes"})
    assert drafts_of(stage)["medicine_list"] == {"": ["Warfarin 5 mg\n\nRamipril 2"]}
    assert "medicine_list" not in kept(stage)


@pytest.mark.parametrize("question", ["weight", "medicine_list", "sex_at_birth"])
def test_who_says_yes_is_asked_again_when_something_newer_was_saved(
    turn_at: Turns, question: str
) -> None:
    third = {"weight": "91", "medicine_list": "Warfarin 5 mg", "sex_at_birth": "another_answer"}
    words = {"weight": "91 kilograms", "sex_at_birth": "Another answer"}
    here, stage, _, (_, typed) = saved_elsewhere(turn_at, question)
    here.post(typed)
    newest = copy(here)
    newest.open(f"/questions/{question}")
    newest.post({**typed, question: third[question]})
    before = kept(stage)
    page = here.post({"sure": "yes"})
    assert page.headings == ["Is that right?"]
    assert words.get(question, third[question]) in page.html
    assert kept(stage) == before
    page = here.post({"sure": "yes"})
    assert page.headings != ["Is that right?"]
    assert kept(stage)[question] != before[question]


@every_page
@pytest.mark.parametrize("way", LEAVING)
def test_who_is_asked_and_says_nothing_changes_nothing(
    turn_at: Turns, question: str, way: str
) -> None:
    here, stage, before, (_, typed) = saved_elsewhere(turn_at, question)
    here.post(typed)
    tell(here, question, {way: "yes"})
    assert kept(stage) == before
    assert (question in drafts_of(stage)) == (question != "blood_problems")


@every_page
@pytest.mark.parametrize("way", WAYS)
def test_what_is_saved_while_a_page_is_looked_at_is_not_overwritten(
    turn_at: Turns, question: str, way: str
) -> None:
    here, other, stage, (saved, typed) = two_tabs(turn_at, question)
    house, before = stage.house, list[dict[str, object]]()

    def clock() -> datetime:
        if not before:
            before.append({})
            tell(other, question, saved)
            before.append(kept(stage))
        return house.clock()

    here.client.application.extensions["house"] = replace(house, clock=clock)
    tell(here, question, {**typed, way: "yes"})
    assert [{}, kept(stage)] == before


@every_page
def test_the_same_answer_twice_is_no_question(turn_at: Turns, question: str) -> None:
    here, stage, before, (saved, _) = saved_elsewhere(turn_at, question)
    page = here.post(saved)
    assert page.headings != ["Is that right?"]
    assert kept(stage) == before


@every_page
def test_what_the_page_saved_itself_is_no_question(turn_at: Turns, question: str) -> None:
    """Typed on, kept as begun, sent, and sent again otherwise after the browser's Back."""
    here, _, stage, (saved, typed) = two_tabs(turn_at, question)
    opened = here.page
    tell(here, question, {**typed, "typed": "yes"})
    here.post(saved)
    before = kept(stage)
    here.page = opened
    page = here.post(typed, f"/questions/{question}")
    assert page.headings != ["Is that right?"]
    assert kept(stage)[question] != before[question]


@pytest.mark.parametrize("language", ["es", "ar"])
def test_it_is_asked_in_the_patients_language(at: Callable[..., Stage], language: str) -> None:
    stage = read_by(at(Station.ARRANGED), language)
    here = Tablet(stage.clinic)
    here.start(stage)
    page = here.open("/questions/sex_at_birth")
    other = copy(here)
    other.open("/questions/sex_at_birth")
    others = fill(page, stage)
    other.post({**others, "sex_at_birth": "male"})
    page = here.post({**others, "sex_at_birth": "female"})
    say = stage.house.offered_speech(language).say
    sentence = say("{question} You saved “{saved}” on another screen. Here you put “{here}”.")
    assert page.headings == [say("Is that right?")]
    assert sentence.partition("{question}")[2].split("{saved}")[0].strip() in page.html
