"""A form is answered in the language its page was shown in, however that got lost meanwhile."""

from collections.abc import Callable
from copy import copy
from datetime import timedelta

import pytest

from questionnaire.domain.visit import Station
from questionnaire.web.forgery import TOO_LONG
from tests.clinics import Clinic, Stage
from tests.journeys.test_home_links import make
from tests.web.patient.conftest import Screen
from tests.web.patient.reading_in import offering_drafts, read_by
from tests.web.patient.tablet import Tablet, Typed
from tests.web.patient.test_enrolling import make_known
from tests.web.patient.test_home_link import typed as born

pytestmark = pytest.mark.whole

LANGUAGES = ("en", "es", "ar")
WRONG = {"code": "AAAA-AAAA"}


def other_than(code: str) -> str:
    """Another language that is offered."""
    return LANGUAGES[LANGUAGES.index(code) - 1]


def the_code(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """Where a tablet waits; somebody pressed their language."""
    tablet = Tablet(stage.clinic)
    tablet.post({"show_language": code})
    return tablet, WRONG


def a_new_tablet(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """Where staff make a tablet known."""
    tablet = Tablet(stage.clinic)
    tablet.open("/tablet")
    tablet.post({"show_language": code})
    return tablet, WRONG


def a_home_link(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """Where a home link leads."""
    phone = Tablet(stage.clinic)
    phone.open("/v")
    phone.post({"show_language": code})
    return phone, born(code="AAAA-AAAA-AA")


def a_link_that_is_over(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """The same, with a link that no longer works: its answer is a page of its own."""
    phone, _ = a_home_link(stage, code)
    secret = make(stage.clinic, stage.visit_id)
    make(stage.clinic, stage.visit_id)
    return phone, born(secret)


def a_locked_turn(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """Where a turn that was left alone waits for staff."""
    tablet = Tablet(stage.clinic)
    tablet.start(read_by(stage, code))
    tablet.post({}, "/lock")
    return tablet, {"code": "000000"}


def a_locked_turn_opened_anew(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """The same at the door's plain address."""
    tablet, wrong = a_locked_turn(stage, code)
    tablet.open("/")
    return tablet, wrong


def a_turn_at_home(stage: Stage, code: str) -> tuple[Tablet, Typed]:
    """Where a turn on somebody's own device waits for the birth date, opened anew."""
    stage = read_by(stage, code)
    phone = Tablet(stage.clinic)
    phone.open("/v")
    phone.post(born(make(stage.clinic, stage.visit_id)))
    phone.post({}, "/lock")
    phone.open("/v")
    return phone, born(born="1930-01-01")


PAGES = (
    the_code,
    a_new_tablet,
    a_home_link,
    a_link_that_is_over,
    a_locked_turn,
    a_locked_turn_opened_anew,
    a_turn_at_home,
)


def nothing(*_: object) -> None:
    """The language stands where it stood."""


def its_cookie_is_lost(tablet: Tablet, *_: object) -> None:
    tablet.client.delete_cookie("language")


def every_cookie_is_lost(tablet: Tablet, *_: object) -> None:
    for name in ("language", "turn", "patient-form", "tablet"):
        tablet.client.delete_cookie(name)


def the_address_says_another(tablet: Tablet, _: Stage, code: str) -> None:
    path = tablet.address.partition("?")[0]
    tablet.address = f"{path}?language={other_than(code)}"


def another_tab_chooses_another(tablet: Tablet, _: Stage, code: str) -> None:
    tab = copy(tablet)
    tab.open("/tablet")
    tab.post({"show_language": other_than(code)})


def another_tab_takes_it_along(tablet: Tablet, stage: Stage, _: str) -> None:
    """A right code takes the choice along, and the name was not theirs."""
    tab = copy(tablet)
    tab.start(Stage(stage.clinic, stage.clinic.arrange(name="Basil Madeupson")))
    tab.open("/you")
    tab.post({"me": "no"}, "/you")


def another_tab_has_a_turn(tablet: Tablet, stage: Stage, code: str) -> None:
    """Of somebody who reads another language."""
    copy(tablet).start(
        read_by(Stage(stage.clinic, stage.clinic.arrange(name="Basil Madeupson")), other_than(code))
    )


WAYS = (
    nothing,
    its_cookie_is_lost,
    every_cookie_is_lost,
    the_address_says_another,
    another_tab_chooses_another,
    another_tab_takes_it_along,
    another_tab_has_a_turn,
)

Reach = Callable[[Stage, str], tuple[Tablet, Typed]]
Lose = Callable[[Tablet, Stage, str], None]


def language_of(tablet: Tablet) -> str:
    """What the page says of its language."""
    return tablet.page.tags[0][1]["lang"]


def cookie_of(tablet: Tablet) -> str:
    """The cookie of its turn."""
    cookie = tablet.client.get_cookie("turn")
    assert cookie is not None
    return cookie.value


@pytest.mark.parametrize("lose", WAYS)
@pytest.mark.parametrize("reach", PAGES)
def test_a_form_without_a_turn_is_answered_in_the_language_of_its_page(
    clinic: Clinic, reach: Reach, lose: Lose
) -> None:
    for code in LANGUAGES:
        stage = offering_drafts(Stage(clinic, clinic.arrange()))
        tablet, wrong = reach(stage, code)
        assert language_of(tablet) == code, "the page before"
        lose(tablet, stage, code)
        tablet.post(wrong)
        assert tablet.reply.status_code >= 400
        assert language_of(tablet) == code, tablet.page.headings
        if lose is every_cookie_is_lost:
            assert stage.house.offered_speech(code).say(TOO_LONG) in tablet.page.html
            tablet.open(tablet.page.links("/")[-1])
            assert language_of(tablet) == code, "the way on"
        elif tablet.page.boxes("text"):
            tablet.post(wrong)
            assert language_of(tablet) == code, "once more"
        clinic.clock.forward(timedelta(minutes=11))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/v", "/tablet"])
def test_a_button_counts_more_than_the_address(clinic: Clinic, path: str, code: str) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = Tablet(stage.clinic)
    for typed in ({}, WRONG):
        tablet.open(f"{path}?language={other_than(code)}")
        tablet.post({**typed, "show_language": code})
        assert language_of(tablet) == code
        tablet.open(tablet.address.partition("?")[0])
        assert language_of(tablet) == code


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_choice_of_text_size_keeps_the_language_of_its_page(clinic: Clinic, code: str) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = Tablet(stage.clinic)
    other = Tablet(stage.clinic)
    make_known(other, stage.clinic)
    for which, address in ((tablet, "/"), (tablet, "/v"), (other, "/tablet")):
        which.open(f"{address}?language={code}")
        which.post({"show_text": "larger"})
        assert language_of(which) == code, address


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("sends", [True, False], ids=["a form", "a link"])
def test_a_page_of_a_turn_that_is_over_leads_to_a_page_in_its_language(
    clinic: Clinic, code: str, *, sends: bool
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = Tablet(stage.clinic)
    tablet.start(read_by(stage, code))
    tablet.open("/not-today")
    token = cookie_of(tablet)
    copy(tablet).post({"wish": "more-time"})
    assert clinic.visit(stage.visit_id).station is Station.DEFERRED
    tablet.client.set_cookie("turn", token)
    page = tablet.post({"wish": "more-time"}) if sends else tablet.open("/start")
    assert tablet.address.startswith("/goodbye/more-time"), page.headings
    assert language_of(tablet) == code


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_form_refused_in_somebody_elses_turn_is_answered_in_its_language(
    clinic: Clinic, code: str
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = Tablet(stage.clinic)
    tablet.start(read_by(stage, code))
    tablet.open("/not-today")
    another_tab_has_a_turn(tablet, stage, code)
    tablet.post({"wish": "more-time"})
    assert (tablet.reply.status_code, language_of(tablet)) == (400, code)


@pytest.mark.parametrize("button", [{"show_language": "ar"}, {"show_text": "larger"}])
def test_a_button_pressed_where_nothing_is_typed_leads_to_a_page_to_go_back_to(
    clinic: Clinic, button: Typed
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = Tablet(stage.clinic)
    for path in ("/", "/v", "/tablet"):
        hidden = {name: it[0] for name, it in tablet.open(path).boxes("hidden").items()}
        for typed, status in ({}, 303), ({"code": " "}, 303), (WRONG, 200):
            reply = tablet.client.post(path, data={**hidden, **button, **typed})
            assert reply.status_code == status, (path, typed)
            assert ("AAAA-AAAA" in reply.text) is (status == 200), "what is typed stays"


def test_back_from_a_wrong_code_shows_the_page_in_the_language_that_was_pressed(
    screen_at: Callable[..., Screen],
) -> None:
    screen = screen_at(Station.ARRANGED, language="es")
    screen.page.context.clear_cookies()
    screen.open("/?language=es")
    screen.press("العربية")
    screen.page.fill("#code", "AAAA-AAAA")
    screen.page.keyboard.press("Enter")
    screen.page.locator("#code-error").wait_for()
    screen.page.go_back()
    assert screen.page.locator("html").get_attribute("lang") == "ar"
    assert screen.page.locator("#code").input_value() == ""


def browser(clinic: Clinic, wishes: str) -> Tablet:
    """One that asks for languages, as it was set up."""
    tablet = Tablet(clinic)
    tablet.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = wishes
    return tablet


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ("es", "es"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("es-419,es;q=0.9", "es"),
        ("fr-CH,fr;q=0.9,ar;q=0.5", "ar"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("fr", "en"),
        ("*", "en"),
        (";;q=x,", "en"),
        ("", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/v", "/tablet"])
def test_a_page_of_which_nobody_said_a_language_is_in_that_of_the_browser(
    clinic: Clinic, path: str, wishes: str, code: str
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = browser(stage.clinic, wishes)
    tablet.open(path)
    assert language_of(tablet) == code
    tablet.post(WRONG)
    assert language_of(tablet) == code


def test_a_language_that_is_not_offered_is_not_shown_whatever_the_browser_asks_for(
    clinic: Clinic,
) -> None:
    tablet = browser(clinic, "es")
    tablet.open("/")
    assert language_of(tablet) == "en"


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("wishes", LANGUAGES)
def test_what_was_chosen_or_read_counts_more_than_the_browser(
    clinic: Clinic, wishes: str, code: str
) -> None:
    stage = offering_drafts(Stage(clinic, clinic.arrange()))
    tablet = browser(stage.clinic, wishes)
    tablet.open("/")
    tablet.post({"show_language": code})
    for path in ("/", "/v"):
        tablet.open(path)
        assert language_of(tablet) == code
    tablet.client.delete_cookie("language")
    tablet.start(read_by(stage, code))
    assert language_of(tablet) == code
    tablet.post({}, "/lock")
    assert language_of(tablet) == code
    tablet.open("/questions/smoking")
    assert language_of(tablet) == code
