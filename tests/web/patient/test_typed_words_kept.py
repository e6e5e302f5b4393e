"""What is typed and cannot be read yet is kept as it is when somebody leaves, and shown again."""

from collections.abc import Callable
from html import escape

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import home_links, intake
from questionnaire.journey.house import House
from questionnaire.journey.intake import pages
from questionnaire.journey.standing import load_sheet
from questionnaire.records.entries import entries_of
from tests.clinics import DESK, Clinic, Stage
from tests.web.patient.tablet import Tablet

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
FAT = "fat_dissolving"
LEAVING = {"Save and finish later": "later", "left alone": "left_alone"}
TYPED = [
    ("weight", {"weight": "12 stone 4"}),
    ("weight", {"weight": "66,500"}),
    ("height", {"height": "5'10"}),
    ("medicine_list", {"medicine_list": "Aspirin <b> & \u202aمسكّن\u202c " * 300}),
    ("date_of_birth", {"date_of_birth.day": "27", "date_of_birth.month": "March"}),
    ("date_of_birth", {"date_of_birth.year": "2528", "date_of_birth.day": "1"}),
]


def sheet(stage: Stage) -> dict[str, dict[str, list[str]]]:
    """The drafts that are kept."""
    with stage.house.database.read() as tx:
        drafts = load_sheet(stage.house, tx, stage.visit_id).drafts
    return {key: {part: list(it) for part, it in typed.items()} for key, typed in drafts.items()}


def shown(page_html: str, words: str) -> bool:
    """Whether a box of the page holds these very words."""
    return escape(words).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page_html


@pytest.mark.parametrize("way", LEAVING.values(), ids=LEAVING)
@pytest.mark.parametrize(("question", "typed"), TYPED)
def test_what_cannot_be_read_yet_is_kept_as_typed_and_shown_again(
    turn_at: Turns, question: str, typed: dict[str, str], way: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED, FAT)
    tablet.open(f"/questions/{question}")
    page = tablet.post({**typed, way: "yes"})
    if way == "later":
        assert "What we could not read is kept just as you typed it." in page.html
    tablet.start(stage)
    page = tablet.open(f"/questions/{question}")
    for words in typed.values():
        assert shown(page.html, words.strip())
    assert "There is a problem" in page.html
    assert question in sheet(stage)


ANYTHING = [
    *TYPED,
    ("weight", {"weight": "78"}),
    ("medicine_list", {"medicine_list": "Aspirin 75"}),
    ("medicine_list", {"medicine_list": "w" * 440}),
    ("sex_at_birth", {"contact_details": "half a numb"}),
]


@pytest.mark.parametrize("way", ["back", "typed"])
@pytest.mark.parametrize(("question", "typed"), ANYTHING)
def test_what_is_typed_waits_in_its_box_and_does_not_count_before_its_page_is_sent(
    turn_at: Turns, question: str, typed: dict[str, str], way: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED, FAT)
    tablet.open(f"/questions/{question}")
    here, hidden = tablet.address, tablet.page.boxes("hidden")
    tablet.client.post(here, data={**{k: it[0] for k, it in hidden.items()}, **typed, way: "yes"})
    page = tablet.open(here)
    for words in typed.values():
        assert shown(page.html, words.strip())
    with stage.house.database.read() as tx:
        assert load_sheet(stage.house, tx, stage.visit_id).answers == {}
    tablet.post({}, "/questions/smoking")
    assert shown(tablet.open(here).html, next(iter(typed.values())).strip())


def test_back_leads_to_the_page_before_and_unlikely_answers_are_still_asked_back(
    turn_at: Turns,
) -> None:
    tablet, _ = turn_at(Station.ARRANGED)
    tablet.open("/questions/treatments_wanted")
    born = {"date_of_birth.day": "1", "date_of_birth.month": "1", "date_of_birth.year": "1901"}
    typed = {**born, "full_name": "Basil Madeupson", "treatments_wanted": ["prp_injections"]}
    assert tablet.post({**typed, "back": "yes"}).headings == ["Before you start"]
    page = tablet.open("/questions/treatments_wanted")
    assert page.boxes("text")["date_of_birth.year"] == ["1901"]
    assert tablet.post(typed).headings == ["Is that right?"]


def test_ticks_wait_in_their_tiles_and_rows_in_their_lists(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/tried_before")
    ticks = {"tried_before": page.boxes("checkbox")["tried_before"][:2]}
    tablet.post({**ticks, "back": "yes"})
    assert tablet.open("/questions/tried_before").ticked() == ticks
    row = next(iter(tablet.open("/questions/health_conditions").boxes("radio")))
    tablet.post({row: "yes", "back": "yes"})
    assert tablet.open("/questions/health_conditions").ticked() == {row: ["yes"]}


def test_words_that_come_after_their_page_was_sent_change_nothing(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    hidden = {k: it[0] for k, it in tablet.page.boxes("hidden").items()}
    tablet.post({"medicine_list": "Aspirin"})
    late = {**hidden, "medicine_list": "Asp", "typed": "yes"}
    assert tablet.client.post("/questions/medicine_list", data=late).status_code == 204
    assert sheet(stage) == {}
    assert "\nAspirin</textarea>" in tablet.open("/questions/medicine_list").html


def test_leaving_a_page_where_nothing_was_typed_saves_nothing(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    for address in ("/questions/medicine_list", "/your-questions"):
        tablet.open(address)
        tablet.post({"back": "yes"})
        assert tablet.address != address
    assert "page_saved" not in stage.clinic.actions(stage.visit_id)


@pytest.mark.parametrize("station", [Station.IN_PROGRESS, Station.CONSENT_READY])
@pytest.mark.parametrize("way", ["back", "typed"])
def test_a_question_half_typed_waits_in_its_box_and_is_not_asked(
    turn_at: Turns, station: Station, way: str
) -> None:
    tablet, _ = turn_at(station)
    tablet.open("/your-questions")
    hidden = {k: it[0] for k, it in tablet.page.boxes("hidden").items()}
    for words in ("May I", "May I still", "May I"):
        data = {**hidden, "question": words, way: "yes"}
        reply = tablet.client.post("/your-questions", data=data)
        assert reply.status_code == (303 if way == "back" else 204)
        page = tablet.open("/your-questions")
        assert f"\n{words}</textarea>" in page.html
        assert "<bdi>May I" not in page.html


BEGUN = {
    "a question": ("question", "May I drive", "You began a question. Send it, or clear it."),
    "a question that cannot be read": (
        "question",
        "w" * 4_001,
        "You began a question. Send it, or clear it.",
    ),
    "a worry that cannot be read": (
        "worries",
        "w" * 4_001,
        "What you wrote about your worries could not be read. Change it, or clear it.",
    ),
}


@pytest.mark.parametrize("way", ["back", "typed", "left_alone"])
@pytest.mark.parametrize("what", BEGUN)
def test_a_form_is_not_sent_while_words_beside_it_are_only_begun(
    turn_at: Turns, what: str, way: str
) -> None:
    box, words, reason = BEGUN[what]
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/your-questions")
    hidden = {k: it[0] for k, it in tablet.page.boxes("hidden").items()}
    tablet.client.post("/your-questions", data={**hidden, box: words, way: "yes"})
    if way == "left_alone":
        tablet.start(stage)
    page = tablet.open("/check")
    assert reason in page.html
    assert page.links("/your-questions")
    assert "Send my answers" not in page.html
    tablet.post({"key": stage.key()}, "/check")
    assert stage.station is Station.IN_PROGRESS
    tablet.open("/your-questions")
    assert reason not in tablet.post({box: ""}).html
    tablet.post({})
    assert stage.station is Station.SUBMITTED


@pytest.mark.parametrize("mended", ["", "May I drive?"], ids=["cleared", "sent"])
def test_the_overview_names_a_question_that_is_only_begun_and_leads_to_it(
    turn_at: Turns, mended: str
) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    reason = BEGUN["a question"][2]
    tablet.post({}, "/reading")
    tablet.open("/your-questions")
    page = tablet.post({"question": "May I drive", "back": "yes"})
    assert reason in page.html
    assert len(page.links("/your-questions")) == 1
    assert "Send or clear your question" in page.html
    tablet.open("/your-questions")
    page = tablet.post({"question": mended})
    assert reason not in page.html
    with stage.house.database.read() as tx:
        asked = [one.body["text"] for one in entries_of(tx, stage.visit_id, "asked")]
    assert asked[1:] == ([mended] if mended else [])


def test_worries_that_could_not_be_read_are_gone_once_those_from_before_are_sent_again(
    turn_at: Turns,
) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    for typed in ({"worries": "Pain"}, {"worries": "w" * 4_001, "back": "yes"}):
        tablet.open("/your-questions")
        tablet.post(typed)
    assert "could not be read" in tablet.open("/check").html
    tablet.open("/your-questions")
    page = tablet.post({"worries": "Pain"})
    assert "could not be read" not in page.html
    assert "Pain" in page.html


def test_a_draft_goes_once_the_question_is_answered(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED, FAT)
    tablet.open("/questions/weight")
    tablet.post({"weight": "12 stone 4", "later": "yes"})
    tablet.start(stage)
    tablet.open("/questions/weight")
    tablet.post({"weight": "78", "later": "yes"})
    assert sheet(stage) == {}
    tablet.start(stage)
    assert "12 stone 4" not in tablet.open("/questions/weight").html


def test_other_pages_leave_a_draft_alone(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED, FAT)
    tablet.open("/questions/weight")
    tablet.post({"weight": "12 stone 4", "left_alone": "yes"})
    tablet.start(stage)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "Aspirin"})
    assert sheet(stage) == {"weight": {"": ["12 stone 4"]}}


def test_a_form_with_a_draft_cannot_be_sent(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "x" * 4_001, "left_alone": "yes"})
    tablet.start(stage)
    page = tablet.open("/check")
    assert "You changed 1 answer and did not press “Continue”." in page.html
    assert "Go to what you changed" in page.html
    assert "still needs an answer" not in page.html
    assert "Send my answers" not in page.html
    tablet.post({"key": stage.key()}, "/check")
    assert stage.station is Station.IN_PROGRESS


def test_what_needs_an_answer_and_what_was_changed_and_not_sent_are_told_apart(
    turn_at: Turns,
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    first, *_, last = tablet.open("/questions/tried_before").boxes("checkbox")["tried_before"]
    tablet.post({"tried_before": [first]})
    missing = len(pages(stage.house, stage.walk.turn()).missing)
    tablet.start(stage)
    for question, typed in (("tried_before", [last]), ("medicine_list", "Aspirin")):
        tablet.open(f"/questions/{question}")
        tablet.post({question: typed, "back": "yes"})
    page = tablet.open("/check")
    assert f"{missing} questions still need an answer." in page.html
    assert "You changed 2 answers and did not press “Continue”." in page.html
    assert "Go to the next open question" in page.html


def test_a_page_on_which_all_could_be_read_says_nothing_of_drafts(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    page = tablet.post({"medicine_list": "\u200b", "later": "yes"})
    assert "just as you typed it" not in page.html
    assert "Your answers so far are saved." in page.html
    assert sheet(stage) == {}


def test_the_clinics_own_answers_leave_a_draft_alone(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    page = intake.pages(stage.house, turn).page_of("medicine_list").id
    draft = {"medicine_list": {"": ["x" * 4_001]}}
    intake.save_page(stage.house, turn, page, {}, {}, drafts=draft, key=stage.key())
    assert sheet(stage) == draft
    assert tablet.open("/nowhere").html


def test_at_home_too_the_last_page_says_what_was_kept(clinic: Clinic) -> None:
    visit_id = clinic.arrange(FAT).visit.id
    phone = Tablet(clinic)
    born = {"born.day": "14", "born.month": "3", "born.year": "1979"}
    phone.open("/v")
    phone.post({"link": link(clinic.house, visit_id), **born})
    phone.open("/questions/weight")
    page = phone.post({"weight": "12 stone 4", "later": "yes"})
    assert "open the link again on this device" in page.html
    assert "What we could not read is kept just as you typed it." in page.html
    phone.open("/v")
    phone.post(born)
    assert shown(phone.open("/questions/weight").html, "12 stone 4")


def link(house: House, visit_id: str) -> str:
    """The secret of a fresh home link."""
    return home_links.make_link(house, DESK, visit_id)[1].token
