"""Tablets that the clinic knows: how a browser becomes one, and what others meet from then on."""

from http.cookies import SimpleCookie

import pytest

from questionnaire.journey import tablets
from questionnaire.records.tables import patient_session
from tests.clinics import ADMINISTRATOR, Clinic
from tests.web.patient.tablet import Tablet

UNKNOWN = "This tablet is not known here"


def make_known(tablet: Tablet, clinic: Clinic, name: str = "Waiting room 1") -> str:
    """Type the code of a new tablet; its id."""
    code = tablets.expect_tablet(clinic.house, ADMINISTRATOR, name)
    tablet.open("/tablet")
    assert tablet.post({"code": code}).headings == ["The clinic knows this tablet"]
    return tablets.tablets(clinic.house, ADMINISTRATOR)[0].id


def test_before_any_tablet_is_known_every_browser_takes_a_code(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    tablets.expect_tablet(clinic.house, ADMINISTRATOR, "Not typed yet")
    tablet.open("/")
    assert tablet.post({"code": walk.code}).headings == ["Is this you?"]


def test_a_known_tablet_asks_for_the_code_and_keeps_its_turns_apart(clinic: Clinic) -> None:
    tablet, walk = Tablet(clinic), clinic.arrange()
    tablet_id = make_known(tablet, clinic)
    assert tablet.open("/").headings == ["Welcome. What is your code?"]
    assert tablet.post({"code": walk.code}).headings == ["Is this you?"]
    with clinic.house.database.read() as tx:
        assert tx.connection.execute(patient_session.select()).one().tablet_id == tablet_id
    tablets.take_out(clinic.house, ADMINISTRATOR, tablet_id)
    assert "Marigold" not in tablet.open("/you").html
    assert tablet.open("/").headings == [UNKNOWN]


def test_another_browser_is_told_what_to_do_and_opens_no_turn(clinic: Clinic) -> None:
    make_known(Tablet(clinic), clinic)
    walk, client = clinic.arrange(), Tablet(clinic).client
    other = Tablet(clinic)
    page = other.open("/")
    assert (page.headings, other.reply.status_code) == ([UNKNOWN], 403)
    assert page.links("/tablet") == ["/tablet"]
    token = other.open("/tablet").hidden("csrf_token")
    reply = other.client.post("/", data={"code": walk.code, "csrf_token": token})
    assert reply.status_code == 403
    assert "turn_started" not in clinic.actions(walk.visit.id)
    client.set_cookie("tablet", "0" * 64)
    assert client.get("/").status_code == 403


@pytest.mark.guarantees("S19")
def test_the_tablets_cookie_is_long_lived_and_out_of_reach_of_scripts(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    make_known(tablet, clinic)
    reply = tablet.client.get("/")
    kept = next(it for it in reply.headers.getlist("Set-Cookie") if it.startswith("tablet="))
    cookie = SimpleCookie(kept)["tablet"]
    assert int(cookie["max-age"]) == 400 * 24 * 60 * 60
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Strict", True)


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [("", 400, "Type the code from the page"), ("ABCD-EFGH", 403, "This code does not work")],
)
def test_a_code_that_makes_nothing_known_says_why(
    tablet: Tablet, typed: str, status: int, words: str
) -> None:
    tablet.open("/tablet")
    page = tablet.post({"code": typed})
    assert (tablet.reply.status_code, words in page.html) == (status, True)
    assert tablet.client.get_cookie("tablet") is None


def test_a_browser_in_which_staff_are_signed_in_does_not_become_a_tablet(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    tablet.client.set_cookie("staff", "anything")
    reply = tablet.client.get("/tablet")
    assert reply.status_code == 409
    assert "sign out first" in reply.text
