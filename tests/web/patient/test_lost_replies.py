"""What the server says to a page that is sent again, and to the script that sends it."""

from collections.abc import Callable

from questionnaire.domain.visit import Move, Station
from tests.clinics import Stage
from tests.web.patient.tablet import Tablet

Turns = Callable[..., tuple[Tablet, Stage]]


def test_who_never_heard_that_it_was_sent_is_told_so(turn_at: Turns) -> None:
    tablet, stage = turn_at(Station.IN_PROGRESS)
    tablet.open("/check")
    cookie = tablet.client.get_cookie("turn")
    assert cookie
    assert "Your answers are saved." in tablet.post({}).html
    tablet.client.set_cookie("turn", cookie.value)
    assert "Your answers are saved." in tablet.repeat().html
    assert stage.station is Station.SUBMITTED
    assert stage.clinic.actions(stage.visit_id).count(Move.SUBMIT.value) == 1


def test_a_page_sent_by_its_script_hears_where_to_go_on(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    page = tablet.open("/questions/medicine_list")
    typed = {name: page.hidden(name) for name in ("csrf_token", "key")}
    typed |= {"medicine_list": "None"}
    headers = {"X-Sent-By": "script"}
    for _ in range(2):
        reply = tablet.client.post(tablet.address, data=typed, headers=headers)
        assert (reply.status_code, reply.data, reply.headers.get("Location")) == (204, b"", None)
        assert reply.headers["X-Onward"] == "/questions/allergies"


def test_an_address_of_a_static_file_changes_with_the_file(turn_at: Turns) -> None:
    tablet, _ = turn_at(Station.IN_PROGRESS)
    sheets = [it["href"] for tag, it in tablet.open("/start").tags if tag == "link"]
    assert [href.partition("?v=")[0] for href in sheets] == [
        "/static/mark.svg",
        "/static/clinic.css",
    ]
    assert all(len(href.partition("?v=")[2]) == 12 for href in sheets)
    with tablet.client.get("/service-worker.js") as worker:
        assert (worker.status_code, worker.mimetype) == (200, "text/javascript")
        assert worker.headers["Cache-Control"] == "no-store"
