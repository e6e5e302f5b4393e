"""Reading, check-questions, ticks, the document and the signature, without a script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import consenting, noting, quizzing, turns
from questionnaire.journey.signing import signatures
from questionnaire.web.telephones import tel
from tests.clinics import CLINICIAN, TREATMENTS, Stage
from tests.web.patient.tablet import Tablet
from tests.web.patient.test_locking import pin_of

pytestmark = pytest.mark.whole

Turns = Callable[..., tuple[Tablet, Stage]]
INK = "[[[0.1,0.6],[0.2,0.2],[0.3,0.7],[0.9,0.5]]]"
TYPED = {"agree": "yes", "full_name": "Marigold Testwell", "method": "typed"}


def read_everything(tablet: Tablet) -> None:
    """Begin, and say of each treatment that it was read."""
    tablet.post({}, "/reading")
    while tablet.address.startswith("/reading/"):
        tablet.post({})


def answer_right(tablet: Tablet, stage: Stage) -> None:
    """Answer every check-question right at once."""
    right = {
        question.id: question.correct
        for treatment in stage.house.library.treatments.values()
        for question in treatment.quiz
    }
    while tablet.address.startswith("/quiz/"):
        page = tablet.post({"choice": right[tablet.address.removeprefix("/quiz/")]})
        assert "That is right" in page.html
        tablet.open(_onward(tablet))


def _onward(tablet: Tablet) -> str:
    return next(
        attrs["href"]
        for tag, attrs in tablet.page.tags
        if tag == "a" and attrs.get("class") == "button"
    )


def tick_everything(tablet: Tablet) -> None:
    """Tick each statement and say no to every photo."""
    tablet.open("/statements")
    tablet.post({"ticked": tablet.page.boxes("checkbox")["ticked"]})
    assert tablet.page.headings == ["May we take photos?"]
    tablet.post({})


def go_to_signing(tablet: Tablet) -> None:
    """From the document to the place to sign it."""
    links = [attrs.get("href", "") for tag, attrs in tablet.page.tags if tag == "a"]
    tablet.open(next(link for link in links if link.startswith("/sign")))


def to_signing(turn_at: Turns, treatment: str = "prp_injections") -> tuple[Tablet, Stage]:
    """A tablet at the signing page, with everything before it done."""
    tablet, stage = turn_at(Station.CONSENT_READY, treatment)
    read_everything(tablet)
    answer_right(tablet, stage)
    tick_everything(tablet)
    tablet.open("/document")
    assert tablet.page.headings == ["Read it through before you sign"]
    assert "data-read-aloud" in tablet.page.html
    go_to_signing(tablet)
    assert tablet.page.headings == ["Sign to say you agree"]
    return tablet, stage


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_each_treatment_can_be_read_and_signed_without_a_script(
    turn_at: Turns, treatment: str
) -> None:
    tablet, stage = to_signing(turn_at, treatment)
    page = tablet.post(TYPED)
    assert "You have signed" in page.html
    assert stage.station is Station.PATIENT_SIGNED


def test_the_reading_shows_every_risk_with_its_frequency_in_words(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY, "fat_dissolving")
    page = tablet.open("/reading/fat_dissolving")
    for risk in stage.house.library.risks_of("fat_dissolving"):
        assert risk.title in _plain(page.html)
    assert "Nobody has counted how often this happens." in page.html
    assert "870 out of 1,000 people had this; 130 did not. With a dummy treatment: 430" in page.html
    assert "nobody can promise" in page.html


def _plain(html: str) -> str:
    return html.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")


def test_a_treatment_that_is_not_planned_has_no_page(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    tablet.open("/reading/fat_dissolving")
    assert tablet.reply.status_code == 404
    tablet.open("/quiz/nothing")
    assert tablet.reply.status_code == 404


def test_a_wrong_answer_teaches_and_never_locks_out(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    read_everything(tablet)
    first = tablet.address
    page = tablet.post({})
    assert tablet.reply.status_code == 400
    assert "Pick one of the answers" in page.html
    page = tablet.post({"choice": "not_sure"})
    assert "Not quite." in page.html
    assert "Go on without trying again" in page.html
    page = tablet.post({"choice": "not_sure"})
    assert "The answer is:" in page.html
    assert "Your clinician sees this and can help you with it." in page.html
    assert tablet.open(_onward(tablet)).headings
    assert tablet.address != first
    answer_right(tablet, stage)
    page = tablet.open("/reading")
    assert "Your clinician will first talk with you about" in page.html


def test_after_wrong_answers_the_tablet_goes_to_staff_and_the_form_goes_on_once_talked_through(
    turn_at: Turns,
) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    read_everything(tablet)
    missed = tablet.address.removeprefix("/quiz/")
    for _ in range(2):
        tablet.post({"choice": "not_sure"})
    page = tablet.open("/reading")
    assert "Give the tablet to staff" not in page.html, "there is something to do first"
    tablet.open(_onward(tablet))
    answer_right(tablet, stage)
    tick_everything(tablet)
    page = tablet.open("/reading")
    assert "Please give the tablet to a member of staff." in page.html
    main = page.html.partition("<main")[2].partition("</main>")[0]
    assert main.count('class="button"') == 1, "one thing to do next"
    assert tablet.post({}, "/lock").headings == ["This form is locked"]
    words = "Explained with a drawing."
    noting.discuss_quiz(stage.house, CLINICIAN, stage.visit_id, missed, words, key=stage.key())
    tablet.post({"code": pin_of(stage.house)})
    page = tablet.post({"me": "yes"})
    assert "Give the tablet to staff" not in page.html
    assert "Read the document" in page.html


def test_a_statement_left_open_keeps_the_others(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    page = tablet.open("/statements")
    every = page.boxes("checkbox")["ticked"]
    page = tablet.post({"ticked": every[1:]})
    assert tablet.reply.status_code == 400
    assert page.ticked()["ticked"] == every[1:]
    assert page.html.count("Tick this when you have read it") == 1
    assert page.links("#tick-") == ["#tick-0"]
    summary = page.html.partition('id="error-summary"')[2].partition("</ul>")[0]
    assert "You have not ticked these yet:" in summary
    assert re.search(r'<a href="#tick-0"><bdi>[^<]+</bdi></a>', summary), "drawn in its own order"


def test_photos_are_three_separate_choices(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    tablet.open("/photos")
    tablet.post({"photos": ["record", "publication"]})
    assert tablet.open("/photos").ticked() == {"photos": ["record", "publication"]}


@pytest.mark.parametrize("picked", [[], ["teaching"]], ids=["none", "one"])
def test_photos_are_done_once_answered_whatever_was_picked(
    turn_at: Turns, picked: list[str]
) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    tablet.open("/reading")
    tablet.post({})

    def mark() -> str:
        after = tablet.open("/reading").html.partition("Photos: you choose</a>")[2]
        return re.sub(r"<[^>]+>", "", after.partition("</li>")[0]).strip()

    assert mark() == "If you want"
    tablet.open("/photos")
    tablet.post({"photos": picked})
    assert mark() == "Done"


def test_the_document_opens_only_when_everything_is_done(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    assert tablet.open("/document").headings == ["Before you decide"]


def test_own_questions_and_replies_are_shown_while_reading(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    read_everything(tablet)
    page = tablet.open("/your-questions")
    assert "Can I go to work the next day?" in page.html
    assert "Yes. Most people can." in page.html
    tablet.post({"question": "And swim?"})
    assert tablet.page.headings == ["Before you decide"]
    assert "1 to answer" in tablet.page.html


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        pytest.param({"agree": ""}, 400, "Tick the box", id="not agreed"),
        pytest.param({"full_name": " "}, 400, "Type your full name", id="no name"),
        pytest.param({"full_name": "Somebody Else"}, 400, "as it stands", id="other name"),
        pytest.param({"method": ""}, 400, "how you would like to sign", id="no way"),
        pytest.param({"method": "stamp"}, 400, "how you would like to sign", id="unknown way"),
        pytest.param({"method": "drawn"}, 400, "Draw your signature", id="empty box"),
        pytest.param(
            {"method": "drawn", "ink": "[[[9,9]]]"}, 400, "outside the box", id="not a drawing"
        ),
        pytest.param({"method": "drawn", "ink": "<svg>"}, 400, "could not be read", id="a picture"),
        pytest.param({"method": "witnessed"}, 400, "for the code", id="no witness code"),
        pytest.param(
            {"method": "witnessed", "witness_code": "nobody"}, 400, "does not work", id="no witness"
        ),
    ],
)
@pytest.mark.guarantees("S06")
def test_a_signature_that_is_not_whole_is_not_kept(
    turn_at: Turns, changed: dict[str, str], status: int, words: str
) -> None:
    tablet, stage = to_signing(turn_at)
    page = tablet.post(TYPED | changed)
    assert tablet.reply.status_code == status
    assert words in page.html
    assert page.title.startswith("Error: ")
    assert stage.station is Station.CONSENT_READY
    assert 'value="Marigold Testwell"' in page.html or "full_name" in changed


def test_the_signing_page_names_the_signer_and_every_box_that_is_missing(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    tablet.post(TYPED | {"agree": "", "full_name": "", "method": ""})
    page = tablet.page.html
    assert "This document is for:" in page
    assert "<bdi>Marigold Testwell</bdi>" in page
    for box, words in (("agree", "Tick the box"), ("full_name", "Type"), ("method", "Pick how")):
        assert f'id="{box}-error"' in page
        assert f'<a href="#{box}"><bdi>{words}' in page
    assert stage.station is Station.CONSENT_READY


def test_each_page_about_help_shows_a_number_to_call(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    clinic = stage.house.clinic
    tablet.post({}, "/reading")
    page = tablet.open("/reading/prp_injections").html
    assert page.count(f'href="{tel(clinic.phone, clinic.calling_code)}"') == 2
    assert page.count(f'href="{tel(clinic.emergency_phone, clinic.calling_code)}"') == 1
    assert page.count(f'href="tel:{clinic.emergency_number}"') == 1
    assert clinic.fill(stage.house.library.clinic.facts["number_to_call"]) in page


def test_a_drawn_signature_is_kept_as_points(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    tablet.post(TYPED | {"method": "drawn", "ink": INK})
    assert stage.station is Station.PATIENT_SIGNED


@pytest.mark.parametrize("way", [{"method": "typed"}, {"method": "drawn", "ink": INK}])
def test_a_name_that_cannot_be_typed_is_shown_and_ticked(
    turn_at: Turns, way: dict[str, str]
) -> None:
    tablet, stage = to_signing(turn_at)
    assert "This document is for:" in tablet.page.html
    assert "<bdi>Marigold Testwell</bdi>" in tablet.page.html
    tablet.post(TYPED | way | {"full_name": "", "own_name": "yes"})
    assert stage.station is Station.PATIENT_SIGNED
    with stage.house.database.read() as tx:
        (signature,) = signatures(tx, stage.visit_id)
    assert signature.printed_name == "Marigold Testwell"
    assert signature.method == {"typed": "ticked"}.get(way["method"], way["method"])


@pytest.mark.parametrize("name", ["Carla Companion", "M", "Marigold", "🙂", "Testwell Ann"])
def test_another_name_beside_the_tick_is_never_a_signature(turn_at: Turns, name: str) -> None:
    tablet, stage = to_signing(turn_at)
    tablet.post(TYPED | {"full_name": name, "own_name": "yes"})
    assert "This is another name." in tablet.page.html
    tablet.post(TYPED | {"full_name": "", "own_name": "", "method": "ticked"})
    assert stage.station is Station.CONSENT_READY


def test_signing_twice_signs_once(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    tablet.post(TYPED)
    tablet.repeat()
    assert "pass the tablet back" in tablet.page.headings[0]
    assert stage.clinic.actions(stage.visit_id).count("sign") == 1


@pytest.mark.guarantees("S06")
def test_what_changed_since_it_was_shown_is_not_signed(turn_at: Turns) -> None:
    tablet, stage = to_signing(turn_at)
    page = tablet.post(TYPED | {"shown": "0" * 64})
    assert tablet.reply.status_code == 409
    assert "Something changed since this page was shown" in page.html
    assert stage.station is Station.CONSENT_READY


@pytest.mark.parametrize(
    ("wish", "station", "words"),
    [
        ("more-time", Station.DEFERRED, "Take all the time you want"),
        ("no", Station.DECLINED, "nothing will be done"),
    ],
)
def test_more_time_and_no_are_proper_buttons(
    turn_at: Turns, wish: str, station: Station, words: str
) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    tablet.open("/not-today")
    page = tablet.post({"wish": wish})
    assert words in page.html
    assert stage.station is station


def test_more_time_is_asked_for_once_before_it_ends_the_turn(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    tablet.post({}, "/reading")
    page = tablet.open("/reading")
    asks = next(attrs["href"] for tag, attrs in page.tags if "wish" in attrs.get("href", ""))
    page = tablet.open(asks)
    assert page.ticked() == {"wish": ["more-time"]}
    assert stage.station is Station.CONSENT_READY
    tablet.post({"wish": "more-time"})
    assert stage.station is Station.DEFERRED


def old_answers(turn_at: Turns) -> tuple[Tablet, Stage]:
    """A tablet at the first page before signing, a month and a day after the answers."""
    _, stage = turn_at(Station.CONSENT_READY)
    stage.clinic.clock.forward(timedelta(days=31))
    tablet = Tablet(stage.clinic)
    tablet.start(stage)
    tablet.post({}, "/reading")
    assert tablet.address == "/still-true"
    assert tablet.page.headings == ["Has anything changed?"]
    assert "You told us this on 4 March 2031." in tablet.page.html
    assert "What is your date of birth?" in tablet.page.html
    return tablet, stage


def test_old_answers_are_read_again_before_signing(turn_at: Turns) -> None:
    tablet, _ = old_answers(turn_at)
    assert "Look at your answers again" in tablet.open("/reading").html
    tablet.open("/still-true")
    page = tablet.post({"changed": "no"})
    assert tablet.address == "/reading"
    assert "Look at your answers again" not in page.html
    assert "Your clinician decided some time ago" in page.html


def test_old_answers_that_changed_are_open_again(turn_at: Turns) -> None:
    tablet, stage = old_answers(turn_at)
    tablet.post({"changed": "yes"})
    assert tablet.address == "/check"
    assert stage.station is Station.IN_PROGRESS
    tablet.post({})
    assert stage.station is Station.SUBMITTED


def test_a_reading_that_another_tablet_took_over_ends_here(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    Tablet(stage.clinic).start(stage)
    assert "This form is closed" in tablet.open("/reading").html


def test_the_steps_done_elsewhere_count_here(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    token = tablet.client.get_cookie("turn")
    assert token is not None
    turn = turns.turn_of(stage.house, token.value.removesuffix(".met"))
    assert turn is not None
    consenting.begin_reading(stage.house, turn, key=stage.key())
    consenting.mark_read(stage.house, turn, "prp_injections", key=stage.key())
    first = stage.house.library.treatments["prp_injections"].quiz[0]
    quizzing.try_quiz(stage.house, turn, first.id, first.correct, key=stage.key())
    page = tablet.open("/reading")
    assert page.html.count("count--clear") == 1


def test_a_clinic_that_nobody_set_up_sends_no_patient_to_a_number_of_nobody(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.CONSENT_READY)
    tablet.open("/reading/prp_injections")
    assert "Day and night, call" in tablet.page.html
    stage.clinic.state(phone="", emergency_phone="", emergency_number="", confirmed={})
    tablet.open("/reading/prp_injections")
    assert "When to get help" in tablet.page.html
    assert "Day and night, call" not in tablet.page.html
    assert 'href="tel:"' not in tablet.page.html
