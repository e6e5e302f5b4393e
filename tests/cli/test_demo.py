"""The demonstration: invented people, one visit at each station, and nobody twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from questionnaire.cli.demo import STATIONS, arrange
from questionnaire.clinic import open_clinic
from questionnaire.domain.flags import Triage
from questionnaire.journey import arranging, queueing, staffing
from questionnaire.journey.archiving import Query, find
from questionnaire.journey.keeping import archive_state
from questionnaire.records.ledger import verify_ledger
from questionnaire.settings import Settings
from tests.cli.test_operate import ask
from tests.clinics import ADMINISTRATOR, ARCHIVIST, BORN, CLINICIAN, DESK, PRP, Clinic

pytestmark = pytest.mark.whole


def test_every_station_has_somebody_and_asking_again_adds_nobody(tmp_path: Path) -> None:
    env = {"CANDOUR_DATA": str(tmp_path / "data"), "CANDOUR_KEYS": str(tmp_path / "keys")}
    first = ask(env, "demo")
    assert first.exit_code == 0, first.output
    house = open_clinic(Settings.from_environment(env))
    found = find(house, ARCHIVIST, Query())
    assert sorted(one.visit.station for one in found.visits) == sorted(
        station for station, _ in STATIONS
    )
    assert len({one.visit.patient.full_name for one in found.visits}) == len(STATIONS)
    people = staffing.staff(house, ADMINISTRATOR)
    for person in people:
        assert f"{person.full_name}: http://127.0.0.1:8000/staff/join#" in first.stdout
    assert archive_state(house).waiting == 0
    worst, *_ = queueing.queue(house, CLINICIAN)
    assert worst.triage is Triage.STOP
    with house.database.read() as tx:
        assert verify_ledger(tx) == ()
    second = ask(env, "demo")
    assert second.exit_code == 0
    assert find(house, ARCHIVIST, Query()) == found
    assert staffing.staff(house, ADMINISTRATOR) == people
    link = staffing.new_link(house, ADMINISTRATOR, people[0].id)
    staffing.join(house, link, "hash")
    third = ask(env, "demo")
    assert people[0].full_name not in third.stdout
    house.database.close()


def test_at_every_hour_of_the_day_its_visits_are_on_the_desks_list(clinic: Clinic) -> None:
    for hour in range(24):
        clinic.clock.forward(timedelta(hours=1))
        somebody = (f"Linden Invented {hour}", BORN, PRP)
        walk = arrange(clinic.house, DESK, CLINICIAN, somebody)
        today = arranging.day(clinic.house, DESK, clinic.house.today())
        assert walk.visit.id in {line.visit.id for line in today}, clinic.clock()
