"""The desk sends a patient home with a link: made, shown once, shared, mailed, taken back."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from questionnaire.domain.visit import Role, Station
from questionnaire.journey import home_links
from questionnaire.mail import MailServer
from tests.clinics import DESK, Stage
from tests.journeys.test_home_links import open_it
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, open_door

At = Callable[..., Stage]


def at_the_desk(at: At, station: Station = Station.ARRANGED, *, mails: bool = False) -> "Desk":
    """Somebody of the desk at the page of a visit."""
    stage = at(station)
    server = MailServer("192.0.2.1", 587, "desk@clinic.example", encrypted=True)
    settings = replace(stage.clinic.settings, mail=server if mails else None)
    door = enter_as(open_door(replace(stage.clinic, settings=settings)), Role.DESK)
    return Desk(stage, door)


class Desk:
    """The page of one visit at the desk."""

    def __init__(self, stage: Stage, door: Door) -> None:
        self.stage, self.door = stage, door
        self.place = f"/desk/visits/{stage.visit_id}"

    def read(self) -> str:
        """The page."""
        return self.door.read(self.place)

    def step(self, step: str = "", status: int = 303, **fields: object) -> str:
        """Send one of the page's forms; the page that comes of it."""
        answer = self.door.post(f"{self.place}/home-link{step}", fields)
        assert answer.status_code == status
        return self.read() if status == 303 else answer.get_data(as_text=True)

    @property
    def state(self) -> home_links.LinkState | None:
        """How the last link stands."""
        return home_links.link_state(self.stage.house, DESK, self.stage.visit_id)[1]


def test_a_link_is_made_shown_to_its_maker_and_opens_the_form(at: At) -> None:
    desk = at_the_desk(at)
    page = desk.step()
    words = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    token = re.findall(r"/v#([0-9a-f]{64})", words)[0]
    other = enter_as(desk.door.another(), Role.CLINICIAN).read(desk.place)
    assert token not in other
    assert "Not opened yet." in other
    turn = open_it(desk.stage.clinic, home_links.Secret(token, ""))
    assert turn.visit.id == desk.stage.visit_id
    page = desk.read()
    assert "Opened today at" in page
    assert token not in page


def test_a_link_that_somebody_replaced_is_shown_to_nobody(at: At) -> None:
    desk = at_the_desk(at)
    page = desk.step()
    home_links.make_link(desk.stage.house, DESK, desk.stage.visit_id)
    assert "<textarea" in page.partition('id="home"')[2].partition("</section>")[0]
    assert "<textarea" not in desk.read().partition('id="home"')[2].partition("</section>")[0]


def test_the_ways_to_share_carry_the_same_words_and_name_no_treatment(at: At) -> None:
    page = at_the_desk(at).step()
    words = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    sms, whatsapp = re.findall(r'href="(sms:[^"]*|https://wa\.me/[^"]*)"', page)
    assert html.unescape(unquote(sms)) == f"sms:?&body={words}"
    assert html.unescape(unquote(whatsapp)) == f"https://wa.me/?text={words}"
    for word in ("PRP", "hair", "injection", "Marigold", "1979"):
        assert word not in words


def test_an_e_mail_is_offered_only_where_a_server_is_set(at: At) -> None:
    assert "E-mail address" not in at_the_desk(at).read()
    desk = at_the_desk(at, mails=True)
    assert "E-mail address" in desk.read()
    page = desk.step("/mail", email="marigold@patient.example")
    assert "Its e-mail is waiting to be sent." in page
    assert "marigold@patient.example" not in page
    assert "<textarea" not in page.partition('id="home"')[2].partition("</section>")[0]


def test_what_is_no_address_is_said_beside_its_box(at: At) -> None:
    desk = at_the_desk(at, mails=True)
    page = desk.step("/mail", status=422, email="marigold at patient")
    assert 'href="#email"' in page
    assert 'value="marigold at patient"' in page
    assert desk.state is None


def test_a_link_is_taken_back(at: At) -> None:
    desk = at_the_desk(at)
    desk.step()
    page = desk.step("/revoke")
    assert "The last link was taken back" in page
    assert "Take the link back" not in page
    assert desk.state
    assert not desk.state.works


def test_a_form_that_was_sent_has_no_link(at: At) -> None:
    desk = at_the_desk(at, Station.SUBMITTED)
    assert "Form at home" not in desk.read()
    assert desk.step(status=409)
