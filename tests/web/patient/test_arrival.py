"""Arriving at the tablet: the code, the name, and the pages that open only then."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging
from questionnaire.web.patient import create_patient_app
from questionnaire.web.patient.turn_taking import NEEDS, Needs
from tests.clinics import DESK, Clinic, Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import open_door

Turns = Callable[..., tuple[Tablet, Stage]]


def test_the_code_may_be_typed_in_any_way(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    page = tablet.post({"code": f" {walk.code.lower().replace('-', ' ')} "})
    assert page.headings == ["Is this you?"]
    assert "Marigold Testwell" in page.html
    assert "14 March 1979" in page.html


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        pytest.param("", 400, "Type the code from the desk", id="empty"),
        pytest.param("ABCD-EFGH", 403, "This code does not work", id="unknown"),
        pytest.param("<b>" * 100, 403, "This code does not work", id="nonsense"),
    ],
)
def test_a_code_that_opens_nothing_says_what_to_do(
    tablet: Tablet, typed: str, status: int, words: str
) -> None:
    page = tablet.post({"code": typed})
    assert tablet.reply.status_code == status
    assert page.title.startswith("Error: ")
    assert words in page.html


def test_unknown_and_used_codes_look_the_same(clinic: Clinic) -> None:
    walk, tablet = clinic.arrange(), Tablet(clinic)
    arranging.new_code(clinic.house, DESK, walk.visit.id)
    replaced = tablet.post({"code": walk.code}).html
    unknown = tablet.post({"code": "ABCD-EFGH"}).html
    assert _without_secrets(replaced) == _without_secrets(unknown)


def _without_secrets(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "nonce" not in line)


def test_too_many_tries_must_wait(tablet: Tablet) -> None:
    for _ in range(20):
        tablet.post({"code": "ABCD-EFGH"})
    page = tablet.post({"code": "ABCD-EFGH"})
    assert (tablet.reply.status_code, tablet.reply.headers["Retry-After"]) == (429, "600")
    assert "wait" in page.html


def test_the_wrong_person_hands_the_tablet_back(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    tablet.post({"code": walk.code})
    page = tablet.post({"me": "no"})
    assert "the name was not yours" in page.html
    assert tablet.open("/start").headings == ["Thank you. Please pass the tablet back to us"]


def test_who_says_that_the_name_is_not_theirs_is_told_first_at_the_desk(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.ARRANGED)
    tablet, door = Tablet(stage.clinic), enter_as(open_door(stage.clinic), Role.DESK)
    pages = (f"/desk/visits/{stage.visit_id}", "/desk")
    told = "Somebody at the tablet said today at 09:30"
    tablet.post({"code": stage.walk.code})
    assert all(told not in door.read(page) for page in pages)
    tablet.post({"me": "no"})
    assert all(told in door.read(page) for page in pages)
    tablet.open("/")
    tablet.post({"code": stage.walk.code})
    assert all(told in door.read(page) for page in pages), "until the patient says who they are"
    tablet.post({"me": "yes"})
    assert all(told not in door.read(page) for page in pages)
    assert stage.clinic.actions(stage.visit_id)[-4:-1].count("is_me") == 1


@pytest.mark.parametrize(
    "endpoint", [name for name, needs in NEEDS.items() if needs is Needs.NAME_CONFIRMED]
)
def test_no_page_opens_before_the_name_is_confirmed(clinic: Clinic, endpoint: str) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    app = tablet.client.application
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    filled = dict.fromkeys(rule.arguments, "x")
    with app.test_request_context():
        address = app.url_for(endpoint, **filled)
    method = "POST" if "GET" not in (rule.methods or ()) else "GET"
    token = tablet.page.hidden("csrf_token")
    nobody = tablet.client.open(address, method=method, data={"csrf_token": token})
    assert nobody.location == "/goodbye/away"
    tablet.post({"code": walk.code})
    token = tablet.page.hidden("csrf_token")
    unnamed = tablet.client.open(address, method=method, data={"csrf_token": token})
    assert unnamed.location == "/you"


@pytest.mark.guarantees("S01")
def test_every_route_is_in_the_table_of_needs(tablet: Tablet) -> None:
    routes = {rule.endpoint for rule in tablet.client.application.url_map.iter_rules()}
    assert routes == NEEDS.keys()


@pytest.mark.guarantees("S01")
def test_a_route_that_is_not_in_the_table_does_not_exist(clinic: Clinic) -> None:
    app = create_patient_app(clinic.house, clinic.settings, secret_key=b"x" * 32)
    app.add_url_rule("/secret", "secret", lambda: "secret")
    assert app.test_client().get("/secret").status_code == 404


@pytest.mark.guarantees("S24")
def test_a_form_from_elsewhere_changes_nothing(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    reply = tablet.client.post("/", data={"code": walk.code})
    assert reply.status_code == 400
    assert clinic.visit(walk.visit.id).station is Station.ARRANGED


def test_before_starting_the_page_says_what_this_is_and_is_not(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.ARRANGED)
    page = tablet.page
    assert page.headings == ["Before you start"]
    for words in ("How long", "Who reads it", "does not decide anything", "stop at any time"):
        assert words in page.html
    assert "What is your full name?" in tablet.open("/preview").html


@pytest.mark.parametrize(
    ("station", "heading"),
    [
        (Station.ARRANGED, "Before you start"),
        (Station.IN_PROGRESS, "Welcome back"),
        (Station.CONSENT_READY, "Before you decide"),
    ],
)
def test_a_turn_begins_where_the_visit_stands(
    turn_at: Turns, station: Station, heading: str
) -> None:
    assert turn_at(station)[0].page.headings == [heading]


def test_text_size_is_kept_and_goes_back_to_the_same_page(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.ARRANGED)
    page = tablet.post({"show_text": "largest", "back": "/preview"}, "/display")
    assert (tablet.address, "text-largest" in page.html) == ("/preview", True)


@pytest.mark.guarantees("S26")
@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\x", ""])
def test_a_button_never_leads_off_this_door(tablet: Tablet, back: str) -> None:
    reply = tablet.client.post(
        "/display",
        data={"csrf_token": tablet.page.hidden("csrf_token"), "show_text": "larger", "back": back},
    )
    assert reply.location == "/"


def test_going_on_without_a_turn_asks_for_the_code(tablet: Tablet) -> None:
    assert tablet.open("/go-on").headings == ["Welcome. What is your code?"]


def test_going_on_leads_to_where_the_visit_stands(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.CONSENT_READY)
    assert tablet.open("/go-on").headings == ["Before you decide"]


@pytest.mark.parametrize("address", ["/nowhere", "/goodbye/elsewhere", "/static/nothing.css"])
def test_what_does_not_exist_is_a_plain_page(tablet: Tablet, address: str) -> None:
    reply = tablet.client.get(address)
    assert reply.status_code == 404
    assert "There is no such page" in reply.text


def test_a_display_choice_that_is_not_offered_is_refused(tablet: Tablet) -> None:
    token = tablet.page.hidden("csrf_token")
    reply = tablet.client.post("/display", data={"csrf_token": token, "show_text": "9em"})
    assert reply.status_code == 422
    assert "Set-Cookie" not in reply.headers


def test_styles_and_fonts_may_be_kept_by_the_browser(tablet: Tablet) -> None:
    with tablet.client.get("/static/clinic.css") as reply:
        assert reply.status_code == 200
        assert "no-store" not in reply.headers["Cache-Control"]


def test_the_last_screen_of_a_sent_form_is_all_a_new_turn_could_find(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    tablet.open("/check")
    tablet.post({})
    assert tablet.open("/go-on").headings == ["Welcome. What is your code?"]
