"""A visit that becomes another person's shows them nothing of the first one, and lets go of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from questionnaire.cli import demo
from questionnaire.domain.errors import BadCode, WrongStation
from questionnaire.domain.identity import Difference
from questionnaire.domain.visit import Patient, Station
from questionnaire.journey import arranging, changing, home_links, intake, turns
from questionnaire.journey.home_links import LinkOver
from questionnaire.journey.parting import whose
from questionnaire.journey.sameness import (
    ANOTHER,
    Renamed,
    Said,
    WhoIsIt,
    may_be_another,
    still_them,
)
from questionnaire.journey.settling import Settled, settle
from questionnaire.journey.standing import load_sheet
from questionnaire.journey.turns import Turn
from tests.clinics import BORN, CLINICIAN, DESK, OPENED, PRP, Stage
from tests.journeys.steps import answer
from tests.journeys.test_home_links import knock, make
from tests.journeys.test_settling import DAY, NAME, SAYS

At = Callable[..., Stage]
OTHER = {"full_name": "Basil Madeupson", "date_of_birth": date(1961, 2, 2)}
FIRST = Patient("1", "Marigold Testwell", date(1979, 3, 14))


def change(stage: Stage, renamed: str, key: str = "", **details: object) -> changing.Changed:
    """Change who the visit is for; its appointment may be over by now."""
    visit = stage.clinic.visit(stage.visit_id)
    wanted = arranging.Request(
        visit.patient.full_name,
        BORN,
        (PRP,),
        CLINICIAN.id,
        visit.language,
        "Passport",
        visit.appointment_at,
        renamed=renamed,
    )
    wanted = replace(wanted, **{**OTHER, **details})
    return changing.change_details(
        stage.house, DESK, stage.visit_id, wanted, "Wrong person picked.", key=key or stage.key()
    )


def form_of(stage: Stage, code: str) -> intake.Intake:
    """What somebody with this code is shown."""
    turn = turns.turn_of(stage.house, turns.enter_code(stage.house, code, device="tablet"))
    assert turn is not None
    return intake.pages(stage.house, turn)


@pytest.fixture
def begun(at: At) -> tuple[Stage, Turn]:
    """A second visit of somebody who was here, with an answer typed in it, still open."""
    first = at(Station.SUBMITTED)
    first.clinic.clock.forward(timedelta(days=30))
    again = replace(first, walk=first.clinic.arrange())
    turn = again.walk.turn()
    answer(again, turn, "smoking", "no")
    return again, turn


@pytest.mark.parametrize(
    ("name", "born", "asked"),
    [
        ("Marigold Testwell", date(1979, 3, 14), False),
        ("MARIGOLD Test-Wéll", date(1979, 3, 14), False),
        ("Marigold Testwell", date(1979, 3, 15), False),
        ("Marigold Testwell", date(1979, 4, 15), True),
        ("Marigold  Testwell", date(1980, 4, 14), True),
        ("Marigold Testwel", date(1979, 3, 14), True),
        ("Basil Madeupson", date(1979, 3, 14), True),
        ("marigold testwell", date(1979, 3, 15), True),
        ("ماريغولد", date(1979, 3, 14), True),
    ],
)
def test_more_than_a_slip_may_be_another_person(name: str, born: date, *, asked: bool) -> None:
    assert may_be_another(FIRST, Patient("1", name, born)) is asked


def test_nothing_is_kept_before_a_person_says_whose_it_is(begun: tuple[Stage, Turn]) -> None:
    stage, turn = begun
    before = stage.clinic.visit(stage.visit_id)
    for said in ("", "yes", still_them(before.patient)):
        with pytest.raises(Renamed) as asked:
            change(stage, said)
        assert asked.value.patient == replace(before.patient, **OTHER)
    assert stage.clinic.visit(stage.visit_id) == before
    assert turns.turn_of(stage.house, turn.token) is not None


def test_another_person_is_shown_nothing_that_was_told_before(begun: tuple[Stage, Turn]) -> None:
    stage, _ = begun
    before = stage.clinic.visit(stage.visit_id)
    changed = change(stage, ANOTHER)
    new = changed.visit
    assert (new.patient.full_name, new.patient.date_of_birth) == tuple(OTHER.values())
    assert (new.station, new.appointment_at) == (Station.ARRANGED, before.appointment_at)
    assert new.patient.id != before.patient.id
    form = form_of(stage, changed.code)
    assert (form.sheet.answers, form.sheet.rows, form.earlier) == ({}, {}, {})
    assert set(form.answers) == form.from_desk
    assert whose(stage.house, DESK, new.id).others == ()


def test_everything_that_opened_the_visit_ends(at: At) -> None:
    stage = at(Station.ARRANGED)
    secret = make(stage.clinic, stage.visit_id)
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    changed = change(stage, ANOTHER)
    with pytest.raises(BadCode):
        turns.enter_code(stage.house, code, device="tablet")
    with pytest.raises(LinkOver):
        home_links.open_at_home(stage.house, knock(stage.clinic, secret))
    assert changed.code
    assert stage.station is Station.NOT_PROCEEDING


def test_an_open_form_ends_and_what_was_typed_in_it_is_kept(begun: tuple[Stage, Turn]) -> None:
    stage, turn = begun
    new = change(stage, ANOTHER).visit
    assert turns.turn_of(stage.house, turn.token) is None
    old = stage.clinic.visit(stage.visit_id)
    assert old.patient.full_name == "Marigold Testwell"
    assert whose(stage.house, DESK, old.id).set_aside_for == new.id
    assert stage.clinic.actions(old.id)[-2:] == ["stop", "set_aside"]
    with stage.house.database.read() as tx:
        assert load_sheet(stage.house, tx, old.id).answers["smoking"] == "no"


def test_what_was_set_aside_is_shown_to_the_first_one_neither(at: At) -> None:
    stage = at(Station.SUBMITTED)
    change(stage, ANOTHER)
    stage.clinic.clock.forward(timedelta(days=30))
    again = replace(stage, walk=stage.clinic.arrange())
    assert intake.pages(again.house, again.walk.turn()).earlier == {}


@pytest.mark.parametrize(
    "station",
    [
        Station.ARRANGED,
        Station.IN_PROGRESS,
        Station.SUBMITTED,
        Station.CONSENT_READY,
    ],
)
def test_it_goes_at_every_station_before_a_signature_and_once(at: At, station: Station) -> None:
    stage, key = at(station), at(station).key()
    first = change(stage, ANOTHER, key)
    again = change(stage, ANOTHER, key)
    assert again.visit == first.visit
    assert form_of(stage, again.code).sheet.answers == {}
    with pytest.raises(BadCode):
        turns.enter_code(stage.house, first.code, device="tablet")


def test_a_visit_that_was_put_off_is_left_and_a_new_one_arranged(at: At) -> None:
    stage = at(Station.DEFERRED)
    with pytest.raises(WrongStation, match="arrange a new one"):
        change(stage, ANOTHER)
    assert stage.station is Station.DEFERRED


def test_the_other_may_be_somebody_who_was_here(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    known = arranging.Request(
        str(OTHER["full_name"]), date(1961, 2, 2), (PRP,), CLINICIAN.id, "en", "Passport",
        OPENED + timedelta(days=3),
    )  # fmt: skip
    basil = arranging.arrange(stage.house, DESK, known, key=stage.key()).visit.patient
    with pytest.raises(WhoIsIt) as asked:
        change(stage, ANOTHER)
    assert [one.patient for one in asked.value.found] == [basil]
    assert change(stage, ANOTHER, same_as=basil.id).visit.patient == basil


def test_the_same_person_misspelt_loses_nothing(begun: tuple[Stage, Turn]) -> None:
    stage, turn = begun
    before = stage.clinic.visit(stage.visit_id)
    changed = change(stage, still_them(replace(before.patient, **OTHER)))
    assert changed == changing.Changed(stage.clinic.visit(stage.visit_id), "")
    assert changed.visit.patient.id == before.patient.id
    assert turns.turn_of(stage.house, turn.token) is not None
    assert intake.pages(stage.house, turn).sheet.answers["smoking"] == "no"


@pytest.mark.parametrize("seen", [NAME, DAY])
def test_a_patient_who_is_another_than_the_visits_answers_anew(at: At, seen: Difference) -> None:
    stage = at(Station.ARRANGED)
    demo.submit(stage.walk, SAYS)
    before = stage.clinic.visit(stage.visit_id)
    done = Settled(seen, take_patients=True, checked="Passport")
    key = stage.key()
    with pytest.raises(Renamed):
        settle(stage.house, DESK, stage.visit_id, done, key=key)
    done = replace(done, said=Said(renamed=ANOTHER))
    new = settle(stage.house, DESK, stage.visit_id, done, key=key)
    assert new is not None
    assert (new.visit.patient.full_name, new.visit.patient.date_of_birth) == (
        SAYS["full_name"],
        SAYS["date_of_birth"],
    )
    assert new.visit.patient.id != before.patient.id
    assert form_of(stage, new.code).sheet.answers == {}
    assert stage.clinic.visit(stage.visit_id).patient == before.patient
    again = settle(stage.house, DESK, stage.visit_id, done, key=key)
    assert again is not None
    assert again.visit.id == new.visit.id
