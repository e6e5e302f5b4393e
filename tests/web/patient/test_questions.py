"""Filling in the form without a script: saving, slips, changing, leaving, sending."""

import json
import re
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from questionnaire.domain.answer_words import WITHHELD_WORDS, date_in_words
from questionnaire.domain.answers import OWN_WORDS, Choices, Withheld
from questionnaire.domain.definition import Question
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.paging import pages_of
from questionnaire.domain.situation import Situation
from questionnaire.domain.visit import Station
from questionnaire.domain.written import read_answer, write_answer
from questionnaire.journey import rates
from questionnaire.journey.returning import rows_to_confirm
from questionnaire.journey.standing import load_sheet, situation_of
from questionnaire.web.forms import build_form
from questionnaire.web.writing import REACHED_BY
from tests.clinics import TREATMENTS, Stage
from tests.domain.small import ON
from tests.web.patient.reading_in import offering_drafts
from tests.web.patient.tablet import Tablet, fill

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
NASTY = "Zoë's <script>alert(1)</script> & “مرحبا” 🙂\nsecond line"


def kept(stage: Stage) -> dict[str, object]:
    """The working copy of the answers, as it is in the database."""
    with stage.house.database.read() as tx:
        return dict(load_sheet(stage.house, tx, stage.visit_id).answers)


def walk_to_check(tablet: Tablet, stage: Stage) -> int:
    """Every page of the form, filled in and saved; how many there were."""
    pages = 0
    tablet.open(tablet.page.links("/questions/")[0])
    while "/questions/" in tablet.address:
        tablet.post(fill(tablet.page, stage))
        assert tablet.reply.status_code == 200, tablet.page.html
        pages += 1
    assert tablet.page.headings == ["In your own words"]
    tablet.post({"question": ""})
    return pages


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_whole_form_is_filled_in_and_sent_without_a_script(
    turn_at: Turns, treatment: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED, treatment)
    assert walk_to_check(tablet, stage) >= 20
    assert tablet.page.headings == ["Check your answers"]
    page = tablet.post({})
    assert "Your answers are saved" in page.html
    assert stage.station is Station.SUBMITTED


def as_written(stage: Stage) -> dict[str, str | list[str]]:
    """The first page as a browser posts it, when nothing was changed."""
    patient = stage.clinic.visit(stage.visit_id).patient
    born = patient.date_of_birth
    parts = {"day": born.day, "month": born.month, "year": born.year}
    return {
        "treatments_wanted": ["prp_injections"],
        "full_name": patient.full_name,
        **{f"date_of_birth.{part}": str(number) for part, number in parts.items()},
    }


def test_what_the_desk_wrote_is_looked_over_in_words_and_not_asked(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    patient = stage.clinic.visit(stage.visit_id).patient
    page = tablet.open("/questions/treatments_wanted")
    told, _, boxes = page.html.partition("No, I want to change something")
    assert f"<bdi>{patient.full_name}</bdi>" in told
    for words in (date_in_words(patient.date_of_birth), "PRP injections for hair"):
        assert re.search(rf">\s*{words}\s*<", told)
    assert "<input" not in told.partition("Is it right?")[2]
    assert page.ticked()["treatments_wanted"] == ["prp_injections"]
    assert 'name="full_name"' in boxes
    tablet.post(as_written(stage))
    assert kept(stage)["full_name"] == patient.full_name


@pytest.mark.parametrize(
    ("name", "address"), [("Marigold Testwell-Jones", ""), ("", "?change=1")], ids=["new", "change"]
)
def test_boxes_stand_open_for_what_is_to_be_changed(
    turn_at: Turns, name: str, address: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/treatments_wanted")
    tablet.post(as_written(stage) | ({"full_name": name} if name else {}))
    page = tablet.open(f"/questions/treatments_wanted{address}")
    assert "Is it right?" not in page.html
    assert 'name="full_name"' in page.html


def test_a_page_left_blank_says_so_beside_each_question_and_keeps_the_rest(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/treatments_wanted")
    page = tablet.post({"full_name": "Marigold Testwell", "date_of_birth.day": "31"})
    assert tablet.reply.status_code == 400
    assert page.title.startswith("Error: ")
    assert page.html.count('class="govuk-error-message"') == 2
    assert 'value="Marigold Testwell"' in page.html
    assert 'value="31"' in page.html
    assert page.links("#q-")[:2] == ["#q-treatments_wanted", "#q-date_of_birth"]
    assert kept(stage) == {}


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_contact_by_which_nobody_is_reached_is_asked_again_and_kept_as_typed(
    turn_at: Turns, language: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    (question,) = (it for it in stage.house.library.questionnaire.questions.values() if it.contact)
    stage = offering_drafts(stage)
    say = stage.house.offered_speech(language).say
    form = build_form([question], today=ON, posted=MultiDict({question.id: "2"}), say=say)
    assert not form.validate()
    assert list(form.fields[0].errors) == [say(REACHED_BY)]
    assert language == "en" or say(REACHED_BY) != REACHED_BY
    tablet.open("/questions/sex_at_birth")
    page = tablet.post({question.id: "2"})
    assert page.html.count(f"{REACHED_BY}</p>") == 1
    assert 'value="2"' in page.html
    assert question.id not in kept(stage)
    tablet.post(fill(page, stage))
    assert kept(stage)[question.id] == "ada@mail.example"


def test_each_row_left_open_has_its_own_message(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/blood_problems")
    first, *others = page.boxes("radio")
    page = tablet.post({first: "not_sure"})
    assert page.html.count("Pick Yes, No or Not sure</p>") == len(others)
    assert page.ticked() == {first: ["not_sure"]}
    assert "blood_problems" not in kept(stage)


def test_a_not_sure_row_is_kept_as_not_sure(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/blood_problems")
    rows = dict.fromkeys(page.boxes("radio"), "no") | {"blood_problems.low_platelets": "not_sure"}
    tablet.post(rows)
    assert kept(stage)["blood_problems"] == Choices(frozenset(), frozenset({"low_platelets"}))


def test_who_would_rather_tell_the_clinician_goes_on_at_once(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/health_conditions")
    tablet.post({"health_conditions.withheld": "tell_clinician"})
    assert tablet.reply.status_code == 200
    assert tablet.address == "/questions/health_conditions~2"
    tablet.post({"health_conditions.withheld": "tell_clinician"})
    answer = kept(stage)["health_conditions"]
    assert isinstance(answer, Choices)
    assert (len(answer.yes), len(answer.not_sure)) == (0, 12)


def test_rather_telling_the_clinician_is_one_tick_and_no_line_of_a_list(
    turn_at: Turns,
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    lists = [
        question
        for question in stage.house.library.questionnaire.questions.values()
        if question.row_by_row
        and {it.id for it in question.options} & OWN_WORDS[Withheld.TELL_CLINICIAN]
    ]
    assert lists
    for question in lists:
        page = tablet.open(f"/questions/{question.id}")
        (tell,) = (it for it in question.options if it.id in OWN_WORDS[Withheld.TELL_CLINICIAN])
        assert f"{question.id}.{tell.id}" not in page.boxes("radio")
        assert page.html.count(tell.text) == 1
        no = dict.fromkeys(page.boxes("radio"), "no")
        tablet.post(no)
        assert kept(stage)[question.id] == Choices(frozenset({"none"}), frozenset())
        tablet.open(f"/questions/{question.id}")
        first = next(iter(no))
        tablet.post({first: "yes", f"{question.id}.withheld": "tell_clinician"})
        others = frozenset(key.partition(".")[2] for key in no if key != first)
        yes = frozenset({tell.id, first.partition(".")[2]})
        assert kept(stage)[question.id] == Choices(yes, others)
        page = tablet.open(f"/questions/{question.id}")
        assert page.ticked()[f"{question.id}.withheld"] == ["tell_clinician"]


LINES = {
    "some blank": lambda rows: dict.fromkeys(rows[1:], "no"),
    "one not sure": lambda rows: dict.fromkeys(rows, "no") | {rows[0]: "not_sure"},
    "nothing": lambda _: {},
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
def test_rather_telling_the_clinician_is_never_lost_whatever_the_lines_say(
    turn_at: Turns, lines: Callable[[list[str]], dict[str, str]]
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    questions = stage.house.library.questionnaire.questions
    for question in lists_with_a_tick(stage):
        box = f"{question.id}.withheld"
        asked = pages_of(situation_now(stage))
        slices = [it.id for it in asked if it.questions[0].id == question.id]
        for place, page_id in enumerate(slices):
            page = tablet.open(f"/questions/{page_id}")
            assert box not in page.ticked()
            tick = {box: "tell_clinician"} if place == 0 else {}
            rows = list(page.boxes("radio"))
            typed = lines(rows) if tick else dict.fromkeys(rows, "no")
            tablet.post(typed | tick)
            assert tablet.reply.status_code == 200
            assert tablet.open(f"/questions/{page_id}").ticked().get(box, []) == [*tick.values()]
        answer = kept(stage)[question.id]
        assert isinstance(answer, Choices)
        own = OWN_WORDS[Withheld.TELL_CLINICIAN] & answer.yes
        words = [question.option(it).text for it in own] or [
            WITHHELD_WORDS[Withheld.TELL_CLINICIAN]
        ]
        assert words[0] in tablet.open("/check").html
        assert question.id in points_about_telling(stage, own)
        again = rows_to_confirm(questions, {question.id: answer})
        form = build_form([question], today=ON, rows=again)
        assert form.fields[0].withheld() is Withheld.TELL_CLINICIAN
        written = json.loads(json.dumps(write_answer(answer)))
        assert read_answer(question, written, today=ON) == answer
        for page_id in slices:
            page = tablet.open(f"/questions/{page_id}")
            tablet.post(dict.fromkeys(page.boxes("radio"), "no"))
        assert kept(stage)[question.id] == Choices(frozenset({"none"}))


SETTLED = {
    "all no": lambda rows: dict.fromkeys(rows, "no"),
    "all yes": lambda rows: dict.fromkeys(rows, "yes"),
    "one yes": lambda rows: dict.fromkeys(rows, "no") | {rows[-1]: "yes"},
}


@pytest.mark.parametrize("lines", SETTLED.values(), ids=SETTLED)
def test_a_tick_beside_rows_that_are_all_answered_is_asked_about_on_every_list(
    turn_at: Turns, lines: Callable[[list[str]], dict[str, str]]
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    for question in lists_with_a_tick(stage):
        box = f"{question.id}.withheld"
        asked = pages_of(situation_now(stage))
        slices = [it.id for it in asked if it.questions[0].id == question.id]
        for page_id in slices:
            typed = lines(list(tablet.open(f"/questions/{page_id}").boxes("radio")))
            page = tablet.post(typed | {box: "tell_clinician"})
            assert tablet.reply.status_code == 400
            assert "You answered every row and also ticked" in page.html
            assert page.ticked().items() >= {key: [it] for key, it in typed.items()}.items()
            assert page.ticked()[box] == ["tell_clinician"]
            tablet.post(typed | {box: "tell_clinician", "back": "1"})
            assert question.id not in kept(stage)
            page = tablet.open(f"/questions/{page_id}")
            assert "You answered every row and also ticked" in page.html
            tablet.post(typed | {next(iter(typed)): "not_sure", box: "tell_clinician"})
            assert tablet.reply.status_code == 200
        assert question.id in kept(stage)


def lists_with_a_tick(stage: Stage) -> list[Question]:
    """Every list answered row by row under which one may rather say it to the clinician."""
    found = [
        it
        for it in stage.house.library.questionnaire.questions.values()
        if it.row_by_row
        and (it.sensitive or {one.id for one in it.options} & OWN_WORDS[Withheld.TELL_CLINICIAN])
    ]
    assert {it.id for it in found} >= {"health_conditions", "blood_problems"}
    return found


def situation_now(stage: Stage) -> Situation:
    """The form as it stands in the database."""
    with stage.house.database.read() as tx:
        sheet = load_sheet(stage.house, tx, stage.visit_id)
    visit = stage.clinic.visit(stage.visit_id)
    return situation_of(stage.house, visit, sheet.answers, None)


def points_about_telling(stage: Stage, own: frozenset[str]) -> set[str]:
    """The questions about which the clinician is told so, in our words or the list's `own`."""
    now = situation_now(stage)
    flags = raise_flags(stage.house.library.rules, now)
    ours = {it.key for it in flags.unsure if it.state is Withheld.TELL_CLINICIAN}
    by_rule = {
        leaf.about
        for flag in flags.fires
        for leaf in flag.because
        if isinstance(leaf.limit, frozenset) and own & leaf.limit
    }
    return ours | by_rule


def test_a_sensitive_question_can_be_left_to_the_clinician(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/someone_pushing")
    typed = fill(page, stage) | {"someone_pushing": ".tell_clinician"}
    tablet.post(typed)
    assert kept(stage)["someone_pushing"] is Withheld.TELL_CLINICIAN
    again = tablet.open("/questions/someone_pushing")
    assert again.ticked()["someone_pushing"] == [".tell_clinician"]


def test_hostile_words_are_kept_and_shown_as_words(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": NASTY.replace("\n", "\r\n")})
    assert kept(stage)["medicine_list"] == NASTY
    page = tablet.open("/questions/medicine_list")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.html
    assert "<script>alert" not in tablet.open("/check").html


def test_words_that_cannot_be_kept_stay_in_the_box(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    words = "x" * 10_000
    page = tablet.post({"medicine_list": words})
    assert tablet.reply.status_code == 400
    assert "too long" in page.html
    assert words in page.html
    assert kept(stage) == {}


@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\ufeff", "\u200b", "\ufffc"])
def test_words_pasted_with_signs_nobody_sees_are_kept_without_them(
    turn_at: Turns, sign: str
) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": f"{sign}Aspirin {sign}+44 7700{sign} 900123{sign}"})
    assert kept(stage) == {"medicine_list": "Aspirin +44 7700 900123"}


@pytest.mark.parametrize(
    "nothing", ["\u200b", "\u2800", "\u3164", "\u115f", "\ufffc", "\u00ad", "\u0301", "\uffff"]
)
def test_a_required_answer_that_nobody_can_see_is_asked_for(turn_at: Turns, nothing: str) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/full_name")
    page = tablet.post({"full_name": nothing})
    assert tablet.reply.status_code == 400
    assert "Write an answer" in page.html
    assert kept(stage) == {}


@pytest.mark.parametrize(
    "posted",
    [
        pytest.param({"medicine_list": "x", "status": "sealed", "station": "sealed"}, id="status"),
        pytest.param({"medicine_list": "x", "recent_blood_count": "yes"}, id="clinician's"),
        pytest.param({"medicine_list": "x", "q999": "y", "weight": "70"}, id="unknown"),
    ],
)
@pytest.mark.guarantees("S04")
def test_only_the_boxes_of_the_page_are_kept(turn_at: Turns, posted: dict[str, str]) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/medicine_list")
    tablet.post(dict.fromkeys(page.boxes("radio"), "no") | posted)
    assert kept(stage) == {"medicine_list": "x"}
    assert stage.station is Station.IN_PROGRESS


def test_a_double_tap_saves_once(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    tablet.post({"medicine_list": "first"})
    before = stage.clinic.actions(stage.visit_id).count("page_saved")
    tablet.repeat()
    assert stage.clinic.actions(stage.visit_id).count("page_saved") == before


def test_a_page_without_its_key_is_refused(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    page = tablet.post({"medicine_list": "x", "key": "../../x"})
    assert tablet.reply.status_code == 422
    assert "out of date" in page.html
    assert kept(stage) == {}


def test_a_question_that_is_not_asked_has_no_page(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.ARRANGED)
    tablet.open("/questions/recent_blood_count")
    assert tablet.reply.status_code == 404


def test_an_odd_number_is_asked_about_once(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED, "fat_dissolving")
    page = tablet.open("/questions/weight")
    typed = fill(page, stage) | {"weight": "290"}
    page = tablet.post(typed)
    assert page.headings == ["Is that right?"]
    assert "You wrote 290 kilograms. Is that right?" in page.html
    assert "weight" not in kept(stage)
    tablet.post({"sure": "yes"})
    assert str(kept(stage)["weight"]) == "2.9E+2"
    assert tablet.page.headings != ["Is that right?"]


def test_an_odd_number_can_be_changed_with_all_else_kept(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED, "fat_dissolving")
    page = tablet.open("/questions/weight")
    tablet.post(fill(page, stage) | {"weight": "290"})
    page = tablet.post({"change": "yes"})
    assert 'value="290"' in page.html
    assert page.ticked()


def test_changing_text_size_on_a_half_filled_page_keeps_what_was_typed(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/medicine_list")
    page = tablet.post({"medicine_list": "half a", "show_text": "larger"})
    assert "half a" in page.html
    assert "text-larger" in page.html
    assert kept(stage) == {}


def test_save_and_finish_later_keeps_what_can_be_read(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/sex_at_birth")
    page = tablet.post({"sex_at_birth": "female", "help_with_form": "odd", "later": "yes"})
    assert "You can go on later" in page.html
    assert kept(stage) == {"sex_at_birth": "female"}
    assert tablet.start(stage).headings == ["Welcome back"]


def test_change_goes_to_the_question_and_comes_back(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/check")
    address = next(link for link in page.links("/questions/") if "smoking" in link)
    page = tablet.open(address)
    assert page.ticked()["smoking"]
    tablet.post(fill(page, stage))
    assert tablet.page.headings == ["Check your answers"]


def test_a_change_that_opens_a_question_asks_it(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/questions/medicines?change=1")
    rows = dict.fromkeys(page.boxes("radio"), "no")
    tablet.post(rows | {next(iter(rows)): "yes"})
    while "medicines" in tablet.address:
        tablet.post(dict.fromkeys(tablet.page.boxes("radio"), "no"))
    assert tablet.address.startswith("/questions/")
    page = tablet.open("/check")
    assert "still need" in page.html
    assert "Send my answers" not in page.html


def test_a_form_with_a_gap_cannot_be_sent(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/check")
    tablet.post({"key": stage.key()}, "/check")
    assert tablet.page.headings == ["Check your answers"]
    assert stage.station is Station.IN_PROGRESS


def test_sending_twice_sends_once_and_ends_the_turn(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/check")
    tablet.post({})
    page = tablet.repeat()
    assert "pass the tablet back" in page.headings[0]
    assert stage.station is Station.SUBMITTED
    assert stage.clinic.actions(stage.visit_id).count("submit") == 1


@pytest.mark.guarantees("S23")
def test_the_end_of_a_turn_takes_the_cookie_and_the_cache(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/check")
    hidden = {"csrf_token": page.hidden("csrf_token"), "key": stage.key()}
    reply = tablet.client.post("/check", data=hidden)
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "turn=;" in reply.headers["Set-Cookie"]
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    for address in ("/check", "/questions/full_name", "/start", "/you"):
        assert "Marigold" not in tablet.open(address).html


def test_own_questions_are_kept_and_shown_before_sending(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    tablet.open("/your-questions")
    page = tablet.post({"question": "Will it hurt? <b>", "more": "yes"})
    assert "Will it hurt? &lt;b&gt;" in page.html
    page = tablet.post({"question": " ", "more": "yes"})
    assert tablet.reply.status_code == 400
    assert "Write your question first" in page.html
    page = tablet.post({"question": "\u202e\u2800", "more": "yes"})
    assert "Write your question first" in page.html
    assert "Will it hurt?" in tablet.open("/check").html


def test_nothing_more_can_be_changed_once_it_is_sent(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/questions/smoking")
    page = tablet.page
    other = Tablet(stage.clinic)
    other.start(stage)
    other.open("/check")
    other.post({})
    tablet.page = page
    tablet.post(fill(page, stage), "/questions/smoking")
    assert stage.station is Station.SUBMITTED
    assert "pass the tablet back" in tablet.page.headings[0]


def test_not_today_before_the_form_is_a_proper_answer(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/not-today")
    page = tablet.post({})
    assert "Pick one of the two" in page.html
    page = tablet.post({"wish": "no"})
    assert "nothing will be done" in page.html
    assert stage.station is Station.DECLINED


@pytest.mark.guarantees("S37")
def test_a_flood_of_pages_is_told_to_wait_and_changes_nothing(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/treatments_wanted")
    with stage.house.database.write() as tx:
        for _ in range(rates.MOST_SAVES):
            rates.count_save(stage.house, tx, stage.visit_id)
    tablet.post(as_written(stage))
    assert tablet.reply.status_code == 429
    assert int(tablet.reply.headers["Retry-After"]) > 0
    assert kept(stage) == {}
    stage.clinic.clock.forward(rates.WINDOW)
    tablet.start(stage)
    tablet.open("/questions/treatments_wanted")
    tablet.post(as_written(stage))
    assert kept(stage)["full_name"] == stage.walk.visit.patient.full_name
