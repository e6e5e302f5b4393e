"""HEAD answers as GET does at every page of both doors, and sends no body."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from questionnaire.domain.visit import Role, Station
from questionnaire.web.patient import create_patient_app
from tests.clinics import Stage
from tests.web.patient.tablet import Tablet
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import MOUNT, open_door
from tests.web.staff.routes import addresses

pytestmark = pytest.mark.whole

FILLED = {"filename": "clinic.css"}


def assert_same(page: TestResponse, head: TestResponse) -> None:
    where = page.request.path
    assert (head.status_code, head.location) == (page.status_code, page.location), where
    assert (head.mimetype, head.data) == (page.mimetype, b""), where
    page.close()
    head.close()


@pytest.mark.parametrize("station", [None, Station.IN_PROGRESS, Station.CONSENT_READY])
def test_head_answers_as_get_at_the_patients_door(
    at: Callable[..., Stage], station: Station | None
) -> None:
    stage = at(station or Station.ARRANGED)
    tablet = Tablet(stage.clinic)
    if station:
        tablet.start(stage)
    app = create_patient_app(stage.house, stage.clinic.settings, secret_key=b"x" * 32)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            filled = {name: FILLED.get(name, "x") for name in rule.arguments}
            address = app.url_for(rule.endpoint, **filled)
        assert_same(tablet.client.get(address), tablet.client.head(address))


def test_head_answers_as_get_at_the_staff_door(at: Callable[..., Stage]) -> None:
    stage = at(Station.SUBMITTED)
    door = open_door(stage.clinic)
    for who in (None, Role.CLINICIAN):
        if who:
            door = enter_as(door, who)
        for _, method, path in addresses(door, stage.visit_id):
            if method == "GET":
                page = door.client.get(path, base_url=MOUNT)
                assert_same(page, door.client.head(path, base_url=MOUNT))
