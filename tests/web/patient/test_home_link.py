"""The page behind a home link, without scripts: what it asks, what it never tells, coming back."""

from datetime import timedelta

import pytest

from questionnaire.domain.visit import Station
from questionnaire.journey import home_links
from questionnaire.journey.home_links import Secret
from questionnaire.records.tables import home_link
from tests.clinics import BORN, SCENES, Clinic, Stage
from tests.journeys.test_home_links import WRONG, make
from tests.web.patient.tablet import Page, Tablet
from tests.web.patient.test_enrolling import make_known

OVER = "This link no longer works"
FORM = "Your form"


def typed(secret: Secret | None = None, born: object = BORN, **more: str) -> dict[str, str]:
    """What the page posts: the secret that the script put in, and a birth date."""
    day, month, year = str(born).split("-")[::-1]
    boxes = {"born.day": day, "born.month": month, "born.year": year}
    return {**boxes, **({"link": secret.token} if secret else {}), **more}


def open_link(phone: Tablet, secret: Secret, **more: str) -> Page:
    phone.open("/v")
    return phone.post(typed(secret, **more))


@pytest.mark.guarantees("S42")
def test_a_right_birth_date_opens_the_form_with_nothing_in_the_address(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    phone = Tablet(clinic)
    page = open_link(phone, secret)
    assert page.headings == ["Before you start"]
    assert "Not today" not in page.html
    for answer in phone.reply.history:
        assert secret.token not in (answer.location or "") + answer.request.path


@pytest.mark.guarantees("S14", "S37")
def test_opening_tells_nothing_and_uses_nothing_up(clinic: Clinic) -> None:
    visit_id = clinic.arrange().visit.id
    secret = make(clinic, visit_id)
    phone = Tablet(clinic)
    with clinic.house.database.read() as tx:
        before = tx.connection.execute(home_link.select()).fetchall()
    heads, bodies = set(), set()
    for address in ("/v", f"/v?link={secret.token}", "/v?code=" + secret.code, "/v?link=nothing"):
        for method in ("GET", "HEAD"):
            answer = phone.client.open(address, method=method)
            heads.add((answer.status_code, answer.headers["Content-Type"]))
        bodies.add(plain(phone.open(address)))
    assert (len(heads), len(bodies)) == (1, 1)
    with clinic.house.database.read() as tx:
        assert tx.connection.execute(home_link.select()).fetchall() == before
    assert open_link(phone, secret).headings == ["Before you start"]


def plain(page: Page) -> tuple[str, ...]:
    """A page without what differs at every request: tokens, keys and nonces."""
    return (page.title, *page.headings, *(f"{tag} {sorted(attrs)}" for tag, attrs in page.tags))


def test_unknown_and_wrong_are_one_page_and_a_link_that_is_over_says_only_that(
    clinic: Clinic,
) -> None:
    walk = clinic.arrange()
    secret = make(clinic, walk.visit.id)
    phone = Tablet(clinic)
    wrong = [open_link(phone, secret, born=WRONG), open_link(phone, Secret("0" * 64, ""))]
    assert phone.reply.status_code == 403
    assert len({plain(page) for page in wrong}) == 1
    home_links.revoke_link(clinic.house, walk.desk, walk.visit.id)
    page = open_link(phone, secret)
    assert (phone.reply.status_code, page.headings) == (410, [OVER])
    assert "Marigold" not in page.html


def test_the_code_is_typed_where_no_script_runs(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    phone = Tablet(clinic)
    phone.open("/v")
    page = phone.post(typed())
    assert (phone.reply.status_code, page.headings) == (400, [FORM])
    assert page.links("#code") == ["#code"]
    page = phone.post({**typed(), "born.day": "31", "born.month": "2", "code": secret.code})
    assert (phone.reply.status_code, page.links("#born")) == (400, ["#born"])
    assert f'value="{secret.code}"' in page.html
    assert phone.post(typed(code=secret.code)).headings == ["Before you start"]


def test_a_turn_at_home_fills_in_the_form_and_opens_nothing_else(clinic: Clinic) -> None:
    walk = clinic.arrange()
    phone = Tablet(clinic)
    open_link(phone, make(clinic, walk.visit.id))
    for address in ("/you", "/reading", "/statements", "/photos", "/document", "/not-today"):
        assert phone.open(address).headings == ["Before you start"], address
    assert phone.open("/questions/treatments_wanted").headings == ["About you"]
    assert phone.open("/check").headings == ["Check your answers"]
    assert phone.open("/v").headings == ["Go on with your form"]


def test_who_stops_goes_on_later_in_the_same_browser_alone(clinic: Clinic) -> None:
    walk = clinic.arrange()
    secret = make(clinic, walk.visit.id)
    phone, other = Tablet(clinic), Tablet(clinic)
    open_link(phone, secret)
    phone.open("/questions/medicine_list")
    assert "open the link again on this device" in phone.post({"later": "yes"}).html
    assert open_link(other, secret).headings == [OVER]
    page = phone.open("/v")
    assert page.headings == ["Go on with your form"]
    assert "Marigold" not in page.html
    assert phone.post(typed()).headings == ["Before you start"]


def test_a_page_left_alone_for_half_an_hour_asks_for_the_birth_date_again(clinic: Clinic) -> None:
    phone = Tablet(clinic)
    open_link(phone, make(clinic, clinic.arrange().visit.id))
    clinic.clock.forward(timedelta(minutes=29))
    assert phone.open("/check").headings == ["Check your answers"]
    clinic.clock.forward(timedelta(minutes=31))
    assert phone.open("/check").headings == ["Go on with your form"]
    assert phone.post(typed()).headings == ["Before you start"]


def test_a_form_that_was_sent_from_home_says_that_it_was_received(clinic: Clinic) -> None:
    walk = clinic.arrange()
    secret = make(clinic, walk.visit.id)
    phone, other = Tablet(clinic), Tablet(clinic)
    SCENES[Station.IN_PROGRESS](walk)
    secret = make(clinic, walk.visit.id)
    open_link(phone, secret)
    phone.open("/check")
    page = phone.post({})
    assert page.headings == ["Thank you"]
    assert "We have received your answers." in page.html
    assert "tablet" not in page.html
    assert clinic.visit(walk.visit.id).station is Station.SUBMITTED
    for browser in (phone, other):
        page = open_link(browser, secret)
        assert page.headings == ["Thank you"]
        assert "Marigold" not in page.html


def test_too_many_tries_from_one_place_wait(clinic: Clinic) -> None:
    phone = Tablet(clinic)
    for _ in range(20):
        open_link(phone, Secret("0" * 64, ""))
    page = open_link(phone, Secret("0" * 64, ""))
    assert (phone.reply.status_code, phone.reply.headers["Retry-After"]) == (429, "600")
    assert "Please wait ten minutes" in page.html


def test_a_tablet_of_the_clinic_opens_no_home_link(clinic: Clinic) -> None:
    tablet = Tablet(clinic)
    make_known(tablet, clinic)
    assert tablet.open("/v").headings == ["Welcome. What is your code?"]
    other = Tablet(clinic)
    secret = make(clinic, clinic.arrange().visit.id)
    assert open_link(other, secret).headings == ["Before you start"], "known tablets bind codes"


def test_a_page_of_links_sent_by_another_site_is_refused(clinic: Clinic) -> None:
    secret = make(clinic, clinic.arrange().visit.id)
    phone = Tablet(clinic)
    page = phone.open("/v")
    body = {**typed(secret), "key": page.hidden("key"), "csrf_token": "0" * 64}
    assert phone.client.post("/v", data=body).status_code == 400


def test_somebody_elses_link_on_the_same_device_opens_only_theirs(clinic: Clinic) -> None:
    first = Stage(clinic, clinic.arrange())
    phone = Tablet(clinic)
    open_link(phone, make(clinic, first.visit_id))
    second = clinic.arrange(name="Basil Madeupson")
    assert open_link(phone, make(clinic, second.visit.id)).headings == ["Before you start"]
    page = phone.open("/questions/treatments_wanted")
    assert "Basil Madeupson" in page.html
    assert "Marigold" not in page.html
