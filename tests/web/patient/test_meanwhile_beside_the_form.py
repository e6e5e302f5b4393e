"""Own words, ticks and signatures in two tabs: the older tab takes nothing away that is newer."""

from collections.abc import Callable, Mapping
from copy import copy
from html import escape

import pytest

from questionnaire.domain.reading import Progress
from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.meanwhile import beside, read_made_from
from questionnaire.records.entries import entries_of
from tests.clinics import Stage
from tests.web.patient.tablet import Tablet, Typed
from tests.web.patient.test_consent import INK, read_everything, to_signing

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
PAGE = "/your-questions"
FAINTED, NEEDLES, ASKED = "I fainted at the last blood draw", "Needles", "Is it safe with Marcumar"
LEAVING = ("left_alone", "back", "typed")
every_way = pytest.mark.parametrize("way", ["go", "more", *LEAVING])
every_leaving = pytest.mark.parametrize("way", LEAVING)


def words(stage: Stage) -> Progress:
    """What the patient wrote, asked and ticked."""
    with stage.house.database.read() as tx:
        return fold_progress(entries_of(tx, stage.visit_id))


def two_tabs(turn_at: Turns, station: Station, path: str) -> tuple[Tablet, Tablet, Stage]:
    """The same page open twice: the older tab, the newer one."""
    older, stage = turn_at(station)
    if station is Station.CONSENT_READY:
        read_everything(older)
    older.open(path)
    newer = copy(older)
    newer.open(path)
    return older, newer, stage


def tell(tab: Tablet, typed: Typed, way: str = "typed") -> None:
    """Send the open page in one way, without looking at what comes back."""
    hidden = {name: values[0] for name, values in tab.page.boxes("hidden").items()}
    sent = hidden | dict(tab.page.given()) | dict(typed) | {way: "yes"}
    tab.client.post(tab.address, data=sent)


@every_way
@pytest.mark.parametrize("question", ["", ASKED])
def test_worries_saved_in_another_tab_stay(turn_at: Turns, way: str, question: str) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    newer.post({"worries": FAINTED, "question": ""})
    tell(older, {"question": question}, way)
    found = words(stage)
    assert found.worries == FAINTED
    assert question in {found.question_begun, *(one.text for one in found.asked)}


@every_way
@pytest.mark.parametrize("station", [Station.IN_PROGRESS, Station.CONSENT_READY])
def test_a_question_begun_in_another_tab_stays(turn_at: Turns, station: Station, way: str) -> None:
    older, newer, stage = two_tabs(turn_at, station, PAGE)
    tell(newer, {"question": ASKED})
    tell(older, {}, way)
    assert words(stage).question_begun == ASKED


def test_a_question_sent_in_one_tab_leaves_the_one_begun_in_another(turn_at: Turns) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    tell(newer, {"question": ASKED})
    older.post({"worries": "", "question": "Will it hurt?"})
    found = words(stage)
    assert [one.text for one in found.asked] == ["Will it hurt?"]
    assert found.question_begun == ASKED


def test_a_question_that_was_sent_in_another_tab_is_not_asked_twice(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open(PAGE)
    tell(tablet, {"question": ASKED})
    tablet.open(PAGE)
    other = copy(tablet)
    other.open(PAGE)
    other.post(other.page.given())
    tell(tablet, {}, "go")
    found = words(stage)
    assert ([one.text for one in found.asked], found.question_begun) == ([ASKED], "")


def test_other_worries_are_asked_about_and_shown_beside_those_saved(turn_at: Turns) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    newer.post({"worries": FAINTED, "question": ""})
    page = older.post({"worries": NEEDLES, "question": ASKED, "more": "yes"})
    assert page.headings == ["Is that right?"]
    assert FAINTED in page.html
    assert NEEDLES in page.html
    assert (words(stage).worries, words(stage).asked) == (FAINTED, ())

    newest = copy(older)
    newest.open(PAGE)
    newest.post({"worries": "Pain & bruises", "question": ""})
    page = older.post({"sure": "yes"})
    assert page.headings == ["Is that right?"], "something newer came"
    assert escape("Pain & bruises") in page.html
    older.post({"sure": "yes"})
    assert words(stage).worries == NEEDLES
    assert [one.text for one in words(stage).asked] == [ASKED]


@every_leaving
def test_who_is_asked_and_says_nothing_changes_nothing(turn_at: Turns, way: str) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    newer.post({"worries": FAINTED, "question": ""})
    older.post({"worries": NEEDLES, "question": ""})
    tell(older, {}, way)
    assert words(stage).worries == f"{FAINTED}\n\n{NEEDLES}"


def test_who_does_not_want_that_goes_on_writing(turn_at: Turns) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    newer.post({"worries": FAINTED, "question": ""})
    older.post({"worries": NEEDLES, "question": ""})
    page = older.post({"change": "yes"})
    assert page.given() == {"worries": NEEDLES, "question": ""}
    older.post({"worries": f"{FAINTED}. {NEEDLES}", "question": ""})
    assert words(stage).worries == f"{FAINTED}. {NEEDLES}"


@every_leaving
def test_words_of_two_tabs_both_wait_when_nobody_can_be_asked(turn_at: Turns, way: str) -> None:
    older, newer, stage = two_tabs(turn_at, Station.IN_PROGRESS, PAGE)
    newer.post({"worries": FAINTED, "question": ""})
    newer.open(PAGE)
    tell(newer, {"question": "May I drive"})
    for typed in ("N", NEEDLES):
        tell(older, {"worries": typed, "question": typed})
    tell(older, {"worries": NEEDLES, "question": NEEDLES}, way)
    assert words(stage).worries == f"{FAINTED}\n\n{NEEDLES}"
    assert words(stage).question_begun == f"May I drive\n\n{NEEDLES}"


@pytest.mark.parametrize("late", ["I", ""])
def test_what_comes_after_its_page_was_sent_changes_nothing(turn_at: Turns, late: str) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open(PAGE)
    opened = copy(tablet)
    tell(tablet, {"worries": "I am on blood thinners"})
    tablet.post({"worries": "I am on blood thinners", "question": ""})
    tell(opened, {"worries": late, "question": late})
    assert (words(stage).worries, words(stage).question_begun) == ("I am on blood thinners", "")


def test_what_a_page_told_itself_is_no_other_tab(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open(PAGE)
    for typed in (NEEDLES, "Pain", FAINTED, ""):
        tell(tablet, {"worries": typed, "question": typed})
        assert (words(stage).worries, words(stage).question_begun) == (typed, typed)
    page = tablet.post({"worries": "Pain\x00", "question": ""})
    assert tablet.reply.status_code == 400
    tell(tablet, {"worries": "Bruises", "question": ""})
    page = tablet.post({"worries": "Pain", "question": ""})
    assert page.headings != ["Is that right?"]
    assert words(stage).worries == "Pain"


def test_a_tick_of_another_tab_stays_and_one_only_begun_does_not_count(turn_at: Turns) -> None:
    older, newer, stage = two_tabs(turn_at, Station.CONSENT_READY, "/statements")
    first, second, third, *_ = older.page.boxes("checkbox")["ticked"]
    newer.post({"ticked": [first]})
    tell(newer, {"ticked": [first, third]})
    page = older.post({"ticked": [second]})
    assert set(words(stage).ticked) == {first, second}
    assert set(page.ticked()["ticked"]) == {first, second, third}
    tell(older, {"ticked": [second, third]}, "go")
    assert set(words(stage).ticked) == {second, third}, "shown here, and taken out here"


def test_photos_allowed_in_another_tab_stay_until_they_are_touched(turn_at: Turns) -> None:
    older, newer, stage = two_tabs(turn_at, Station.CONSENT_READY, "/photos")
    opened = copy(older)
    opened.open("/photos")
    tell(newer, {"photos": ["record", "teaching"]}, "go")
    tell(newer, {"photos": ["record"]}, "go")
    assert words(stage).photos.teaching is False, "its own page may take it back"
    tell(older, {"photos": ["publication"]}, "go")
    found = words(stage).photos
    assert (found.record, found.teaching, found.publication) == (True, False, True)
    begun = copy(older)
    begun.open("/photos")
    tell(begun, {"photos": ["record", "publication", "teaching"]})
    tell(opened, {}, "go")
    assert words(stage).photos == found, "what is only begun does not count"
    assert set(older.open("/photos").ticked()["photos"]) == {"record", "publication", "teaching"}


BEGUN: dict[str, tuple[Mapping[str, str | list[str]], Mapping[str, str | list[str]]]] = {
    "/photos": ({"photos": ["record"]}, {"photos": ["teaching"]}),
    "/not-today": ({"wish": ["no"]}, {}),
    "/sign": (
        {"full_name": "Marigold", "ink": INK, "method": ["drawn"]},
        {"agree": ["yes"], "own_name": ["yes"]},
    ),
}


@pytest.mark.parametrize("path", BEGUN)
def test_what_was_begun_in_another_tab_stays(turn_at: Turns, path: str) -> None:
    first, second = BEGUN[path]
    older, stage = to_signing(turn_at)
    older.open(older.address if path == "/sign" else path)
    newer = copy(older)
    newer.open(older.address)
    tell(newer, first)
    tell(older, {})
    tell(older, second)
    page = copy(older).open(older.address)
    boxes = {**page.given(), "ink": page.boxes("hidden").get("ink", [""])[0]}
    for typed in (first, second):
        for name, value in typed.items():
            assert boxes[name] == value or set(value) <= set(boxes[name])
    assert stage.station is Station.CONSENT_READY


@pytest.mark.parametrize(
    ("saved", "here", "both"),
    [
        ("", "x", "x"),
        ("x", "", "x"),
        ("abc", "abc", "abc"),
        ("Not now", "No", "Not now\n\nNo"),
        ("abc\n\nb\n\nc", "b", "abc\n\nb\n\nc"),
        ("Aspirin 10", "Aspirin 100 since May", "Aspirin 10\n\nAspirin 100 since May"),
        ("No", "Nothing helps", "No\n\nNothing helps"),
        ("No", "No pain", "No\n\nNo pain"),
        ("abc", "abc\nd", "abc\nd"),
        ("abc\n\nx", "x\n\ny", "abc\n\nx\n\ny"),
        ("abc\n\nx\n\ny", "x\n\nyz", "abc\n\nx\n\ny\n\nx\n\nyz"),
        ("abc", "z", "abc\n\nz"),
    ],
)
def test_words_put_beside_others_lose_none(saved: str, here: str, both: str) -> None:
    assert beside(saved, here) == both


@pytest.mark.parametrize(
    ("saved", "here", "both"),
    [
        ("abc\n\nx", "xy", "abc\n\nxy"),
        ("abc\n\nx", "mended", "abc\n\nmended"),
        ("x\n\nabc", "xy", "x\n\nabc\n\nxy"),
    ],
)
def test_words_that_the_form_told_itself_are_gone_on_with(saved: str, here: str, both: str) -> None:
    assert beside(saved, here, "x".__eq__) == both


@pytest.mark.parametrize("written", ["", "{", "[]", '"x"', "7", '{"a": 1, "b": []}'])
def test_a_form_that_does_not_say_what_it_was_made_from_was_made_from_nothing(
    written: str,
) -> None:
    assert read_made_from(written) == {}
