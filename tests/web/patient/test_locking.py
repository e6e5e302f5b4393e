"""A tablet left alone: the server locks the turn, and shows nothing of it until it is resumed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, locking
from questionnaire.journey.house import House
from questionnaire.journey.standing import load_sheet
from questionnaire.web.patient.turn_taking import NEEDS, Needs
from tests.clinics import DESK, Clinic, Stage
from tests.journeys.test_locking import hire
from tests.web.patient.reading_in import read_by
from tests.web.patient.tablet import Tablet

Turns = Callable[..., tuple[Tablet, Stage]]
LOCKED = "This form is locked"


def pin_of(house: House) -> str:
    """The PIN of somebody at the desk."""
    return locking.new_pin(house, hire(house, DESK.role))


@pytest.mark.guarantees("S21")
def test_every_page_of_a_turn_left_alone_leads_to_the_locked_page(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    stage.clinic.clock.forward(timedelta(minutes=4, seconds=31))
    app = tablet.client.application
    token = tablet.page.hidden("csrf_token")
    for rule in app.url_map.iter_rules():
        if NEEDS[rule.endpoint] is Needs.NOTHING:
            continue
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "x"))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            reply = tablet.client.open(address, method=method, data={"csrf_token": token})
            assert (reply.status_code, reply.location) == (303, "/"), rule.endpoint
    page = tablet.open("/check")
    assert page.headings == [LOCKED]
    for told in ("Marigold", "Testwell", "1979"):
        assert told not in page.html


@pytest.mark.guarantees("S21")
def test_neither_files_nor_odd_parameters_keep_a_turn_open(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    for _ in range(5):
        stage.clinic.clock.forward(timedelta(minutes=1))
        tablet.client.get("/static/clinic.css?touched=now").close()
    assert tablet.open("/check?keep=yes&idle=999999&touched=now").headings == [LOCKED]


def test_the_script_locks_a_turn_and_staff_unlock_it(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    before = tablet.client.get_cookie("turn")
    assert tablet.post({}, "/lock").headings == [LOCKED]
    assert tablet.post({}).html.count("Type the code from the desk") == 2
    assert "This code does not work" in tablet.post({"code": "000000"}).html
    page = tablet.post({"code": pin_of(stage.house)})
    assert page.headings == ["Is this you?"], "whoever holds the tablet now says who they are"
    assert tablet.client.get_cookie("turn") != before
    assert tablet.post({"me": "yes"}).headings == ["Welcome back"]


def test_a_page_left_alone_is_saved_as_far_as_it_can_be_read(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/treatments_wanted")
    typed = {"full_name": "Marigold Testwell-Jones", "date_of_birth.day": "31"}
    assert tablet.post({**typed, "left_alone": "yes"}).headings == [LOCKED]
    with stage.house.database.read() as tx:
        kept = load_sheet(stage.house, tx, stage.visit_id).answers
    assert kept == {"full_name": "Marigold Testwell-Jones"}


def test_what_nobody_confirmed_is_not_saved_when_a_page_is_left_alone(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    page = tablet.open("/questions/treatments_wanted")
    shown = {name: values[0] for name, values in page.boxes("text").items()}
    assert shown["full_name"] == "Marigold Testwell"
    typed = {**shown, "treatments_wanted": ["prp_injections"], "left_alone": "yes"}
    assert tablet.post(typed).headings == [LOCKED]
    with stage.house.database.read() as tx:
        assert load_sheet(stage.house, tx, stage.visit_id).answers == {}


def test_own_words_left_alone_wait_in_their_boxes_and_nothing_is_asked(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/your-questions")
    assert any(tag == "form" and attrs.get("id") == "page-form" for tag, attrs in page.tags)
    typed = {"worries": "The needles.", "question": "May I still"}
    assert tablet.post({**typed, "left_alone": "yes"}).headings == [LOCKED]
    tablet.start(stage)
    page = tablet.open("/your-questions")
    for words in typed.values():
        assert f"\n{words}</textarea>" in page.html
    assert "You asked" not in page.html
    tablet.post({**typed, "question": "May I still swim?"})
    assert "May I still\n" not in tablet.open("/your-questions").html
    assert "<bdi>May I still swim?</bdi>" in tablet.page.html


@pytest.mark.parametrize("station", [Station.IN_PROGRESS, Station.CONSENT_READY])
def test_own_words_that_cannot_be_kept_do_not_keep_a_tablet_open(
    turn_at: Turns, station: Station
) -> None:
    tablet, stage = turn_at(station)
    tablet.open("/your-questions")
    typed = {"worries": "w" * 4_001, "question": "x" * 5_000, "left_alone": "yes"}
    assert tablet.post(typed).headings == [LOCKED]
    tablet.start(stage)
    page = tablet.open("/your-questions")
    assert "x" * 5_000 in page.html
    assert ("w" * 4_001 in page.html) is (station is Station.IN_PROGRESS)


def test_a_touch_keeps_the_turn_open(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    for _ in range(3):
        stage.clinic.clock.forward(timedelta(minutes=3))
        token = tablet.page.hidden("csrf_token")
        reply = tablet.client.post("/still-here", data={"csrf_token": token})
        assert (reply.status_code, reply.text) == (204, "")
    assert tablet.open("/check").headings == ["Check your answers"]


def test_a_fresh_code_from_the_desk_goes_on_without_a_pin(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    tablet.post({}, "/lock")
    page = tablet.post({"code": arranging.new_code(stage.house, DESK, stage.visit_id)})
    assert page.headings == ["Is this you?"]
    assert tablet.post({"me": "yes"}).headings == ["Before you decide"]


@pytest.mark.guarantees("S20")
def test_the_next_persons_code_ends_the_turn_that_was_locked(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    locked = tablet.client.get_cookie("turn")
    assert locked is not None
    tablet.post({}, "/lock")
    page = tablet.post({"code": stage.clinic.arrange(name="Basil Madeupson").code})
    assert "Basil Madeupson" in page.html
    tablet.client.set_cookie("turn", locked.value)
    assert tablet.open("/check").headings == ["Thank you. Please pass the tablet back to us"]
    assert "Marigold" not in tablet.page.html


def test_after_five_wrong_pins_the_page_says_to_ask_at_the_desk(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    pin = pin_of(stage.house)
    tablet.post({}, "/lock")
    for _ in range(locking.MOST_PIN_TRIES):
        tablet.post({"code": "999999" if pin != "999999" else "111111"})
    page = tablet.post({"code": pin})
    assert tablet.reply.status_code == 429
    assert "Please ask at the desk for a new code." in page.html


def test_a_pin_opens_nothing_where_no_turn_is_locked(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    assert "This code does not work" in tablet.post({"code": pin_of(clinic.house)}).html


def test_the_locked_page_speaks_the_patients_language(at: Callable[..., Stage]) -> None:
    stage = read_by(at(Station.IN_PROGRESS), "es")
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    page = tablet.post({}, "/lock")
    assert page.headings == [stage.house.speech("es").say(LOCKED)]


@pytest.mark.guarantees("S24")
def test_a_page_of_the_turn_before_cannot_be_sent_into_the_next_one(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.ARRANGED)
    tablet.open("/questions/smoking")
    late = {name: values[0] for name, values in tablet.page.boxes("hidden").items()}
    other = stage.clinic.arrange(name="Basil Madeupson")
    tablet.open("/")
    tablet.post({"code": other.code})
    tablet.post({"me": "yes"})
    reply = tablet.client.post("/questions/smoking", data={**late, "smoking": "never"})
    assert reply.status_code == 400
    assert "nothing was saved" in reply.text
    assert "page_saved" not in stage.clinic.actions(other.visit.id)
