"""A page whose sending is cut off is no request: nothing of it is saved, and the retry is whole."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from questionnaire.cli import demo
from questionnaire.cli.demo import Walk
from questionnaire.clinic import certificates_folder
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging
from questionnaire.journey.standing import load_sheet
from questionnaire.records import tables
from tests.browser.serving import Served, free_port
from tests.clinics import BORN, CLINICIAN, DESK, PRP, Clinic, Stage
from tests.faults.cutting import (
    PATIENCE,
    DyingLink,
    Sender,
    open_served,
    patient_of,
    somebody_of_staff,
    through,
)
from tests.web.staff.test_route_walk import kept

pytestmark = [pytest.mark.whole, pytest.mark.guarantees("R15")]

WORDS = "Aspirin, one a day. "
TYPED = {
    "medicine_list": WORDS * 40, "words": WORDS * 40, "question": WORDS, "text": WORDS,
    "worries": WORDS, "kind": "point", "wish": "no", "me": "yes", "reason": WORDS,
    "full_name": "Marigold Testwell", "end": "end",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A clinic served by the server it is meant for, without a proxy in front."""
    clinic = Served(tmp_path_factory.mktemp("cut"), free_port())
    try:
        clinic.set_up()
        clinic.open_doors()
        yield clinic
    finally:
        clinic.stop()


@pytest.fixture(scope="module")
def clinic(served: Served) -> Iterator[Clinic]:
    """The clinic as it is kept while it is served."""
    opened = open_served(served)
    opened = replace(opened, house=demo.furnish(opened.house, certificates_folder(opened.settings)))
    yield opened
    opened.house.database.close()


@pytest.fixture(scope="module")
def answering(clinic: Clinic) -> Stage:
    """A visit in which the patient is answering."""
    return Stage(clinic, answering_walk(clinic, "Marigold Testwell"))


def answering_walk(clinic: Clinic, name: str) -> Walk:
    """The first pages of a form, filled in."""
    walk = demo.arrange(clinic.house, DESK, CLINICIAN, (name, BORN, PRP))
    demo.fill(walk, pages=3)
    return walk


@pytest.fixture(scope="module")
def patient(served: Served, answering: Stage) -> Sender:
    """The patient's tablet, with a code of its own: another test may have been before this one."""
    return with_a_code(served, answering)


def with_a_code(served: Served, answering: Stage) -> Sender:
    """The patient of a visit, with a code of its own."""
    code = arranging.new_code(answering.house, DESK, answering.visit_id)
    return patient_of(served, replace(answering, walk=replace(answering.walk, code=code)))


@pytest.fixture(scope="module")
def staff(served: Served, clinic: Clinic) -> Sender:
    """A browser of staff."""
    return somebody_of_staff(served, clinic)


@pytest.fixture(params=["patient", "staff"])
def sender(request: pytest.FixtureRequest) -> Sender:
    """Each door in turn."""
    found: Sender = request.getfixturevalue(request.param)
    return found


def test_no_route_of_either_door_takes_a_page_that_was_cut_off(
    sender: Sender, clinic: Clinic, answering: Stage
) -> None:
    routes = list(sender.unsafe({"visit_id": answering.visit_id, "page_id": "medicine_list"}))
    before = kept_but_when_seen(clinic)
    for method, path in routes:
        body = sender.body(clinic.house.new_id(), **TYPED)
        beginning = body.index(b"&medicine_list") + 30
        for arrived in (beginning, len(body) // 2, len(body) - 1):
            assert sender.send(method, path, body, keep=arrived) == 400, (method, path, arrived)
        assert sender.send_in_chunks(method, path, body, keep=len(body) // 2) == 400, path
        for end in (b"", b"0", b"0\r\n", b"0\r\n\r", b"0\r\nX: y\r\n"):
            assert sender.send_without_end(method, path, body, end) == 400, (path, end)
    assert len(routes) > 15
    assert kept_but_when_seen(clinic) == before


def kept_but_when_seen(clinic: Clinic) -> dict[str, str]:
    """What stands in every table, but when a patient's device was last heard of."""
    columns = ", ".join(it.name for it in tables.patient_session.columns if it.name != "seen_at")
    with clinic.house.database.read() as tx:
        sessions = tx.connection.exec_driver_sql(f"SELECT {columns} FROM patient_session")  # noqa: S608  # our own names
        return {**kept(clinic), "patient_session": repr(sessions.fetchall())}


def test_the_same_page_is_taken_once_it_arrives_whole(
    served: Served, staff: Sender, clinic: Clinic
) -> None:
    answering = Stage(clinic, answering_walk(clinic, "Rowan Pretendham"))
    patient = with_a_code(served, answering)
    key = clinic.house.new_id()
    body = patient.body(key, medicine_list=WORDS)
    assert patient.send("POST", "/questions/medicine_list", body, keep=len(body) - 9) == 400
    assert patient.send("POST", "/questions/medicine_list", body) == 303
    assert kept_words(answering) == WORDS.strip()
    arrange = staff.body(clinic.house.new_id(), full_name="")
    assert staff.send("POST", "/staff/desk/arrange", arrange) == 422


def test_a_browser_whose_link_dies_in_the_middle_keeps_every_letter(
    served: Served, clinic: Clinic, answering: Stage, browser: Browser
) -> None:
    words = "".join(f"{number} aspirin, " for number in range(1, 400))[:3307]
    link = DyingLink(served, "/questions/medicine_list", 3000)
    code = arranging.new_code(clinic.house, DESK, answering.visit_id)
    with through(link) as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(address)
        page.fill("#code", code)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Yes, this is me").click()
        page.wait_for_url("**/start")
        page.goto(f"{address}/questions/medicine_list")
        page.clock.install()
        with page.expect_response("**/questions/medicine_list") as kept_begun:
            page.fill("#q-medicine_list", words)
            page.locator("#q-medicine_list").blur()
        assert kept_begun.value.status == 204
        assert kept_words(answering) != words.strip(), "kept, but not sent yet"
        link.is_weak = True
        page.get_by_role("button", name="Continue").click()
        assert link.over.wait(PATIENCE)
        page.clock.run_for(10_000)
        expect(page.get_by_role("alert")).to_contain_text("This page is not saved yet")
        page.get_by_role("button", name="Try again now").click()
        page.wait_for_url("**/questions/allergies")
        page.close()
    assert kept_words(answering) == words.strip()
    assert answering.station is Station.IN_PROGRESS


def kept_words(stage: Stage) -> object:
    """The kept answer of the page that is cut."""
    with stage.house.database.read() as tx:
        return load_sheet(stage.house, tx, stage.visit_id).answers.get("medicine_list")
