"""Doubts that the desk confirms once, and details of a visit that change before it is signed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import BadCode, NotAllowed, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, changing, home_links, intake, turns
from questionnaire.journey.arranging import Request
from questionnaire.journey.doubting import Doubtful
from questionnaire.journey.sameness import still_them
from questionnaire.records.entries import entries_of
from tests.clinics import ARCHIVIST, BORN, CLINICIAN, DESK, OPENED, PRP, Clinic, Stage

At = Callable[..., Stage]
WHY = "The desk mistyped it."
SOON = OPENED + timedelta(hours=1)
WANTED = Request("Marigold Testwell", BORN, (PRP,), CLINICIAN.id, "en", "Passport", SOON)


def doubted(clinic: Clinic, wanted: Request) -> list[str]:
    """What the desk is asked about this visit."""
    try:
        arranging.arrange(clinic.house, DESK, wanted, key=clinic.house.new_id())
    except Doubtful as asked:
        return [doubt.sentence for doubt in asked.found]
    return []


def born(day: date) -> Request:
    return replace(WANTED, date_of_birth=day)


def on(day: date) -> Request:
    return replace(WANTED, appointment_at=datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (WANTED, ""),
        (born(date(2030, 3, 5)), "The date of birth is 5 March 2030: less than a year ago."),
        (born(date(2030, 3, 4)), "the patient is 1 year old. Consent is taken here from 18."),
        (born(date(2013, 3, 5)), "the patient is 17 years old."),
        (born(date(2013, 3, 4)), ""),
        (born(date(1920, 3, 5)), ""),
        (born(date(1920, 3, 4)), "the patient is 111 years old."),
        (on(date(2031, 3, 3)), "The appointment is on 3 March 2031: that day is over."),
        (on(date(2031, 3, 4)), ""),
        (on(date(2032, 3, 4)), ""),
        (on(date(2032, 3, 5)), "on 5 March 2032: more than a year from now."),
        (on(date(2021, 3, 4)), "The appointment is on 4 March 2021: that day is over."),
    ],
)
def test_what_looks_like_a_slip_is_asked_about(clinic: Clinic, wanted: Request, asked: str) -> None:
    sentences = doubted(clinic, wanted)
    assert len(sentences) == bool(asked)
    assert asked in "".join(sentences)


def test_a_yes_is_about_the_very_value_that_was_asked_about(clinic: Clinic) -> None:
    odd = on(date(2021, 3, 4))
    with pytest.raises(Doubtful) as asked:
        arranging.arrange(clinic.house, DESK, odd, key=clinic.house.new_id())
    sure = frozenset(doubt.about for doubt in asked.value.found)
    assert doubted(clinic, replace(on(date(2020, 3, 4)), sure=sure)) != []
    arranged = arranging.arrange(
        clinic.house, DESK, replace(odd, sure=sure), key=clinic.house.new_id()
    )
    events = clinic.events(arranged.visit.id)
    assert [one.detail for one in events if one.action == "doubt_confirmed"] == [
        {"about": ["appointment 2021-03-04"]}
    ]


def test_a_second_visit_of_the_same_person_that_day_is_asked_about(clinic: Clinic) -> None:
    first = arranging.arrange(clinic.house, DESK, WANTED, key=clinic.house.new_id()).visit
    again = replace(WANTED, same_as=first.patient.id)
    (asked,) = doubted(clinic, again)
    assert asked == f"This patient has another visit on 4 March 2031: {first.reference}."
    assert doubted(clinic, replace(again, appointment_at=SOON + timedelta(days=1))) == []
    arranging.stop(clinic.house, DESK, first.id, "Did not come")
    assert doubted(clinic, again) == []


def change(stage: Stage, words: str = WHY, **details: object) -> changing.Changed:
    visit = stage.clinic.visit(stage.visit_id)
    as_it_is = Request(
        visit.patient.full_name,
        visit.patient.date_of_birth,
        visit.treatments,
        visit.clinician_id,
        visit.language,
        visit.identity_check,
        visit.appointment_at,
    )
    wanted = replace(as_it_is, **details)
    now = replace(visit.patient, full_name=wanted.full_name, date_of_birth=wanted.date_of_birth)
    wanted = replace(wanted, renamed=still_them(now))
    return changing.change_details(
        stage.house, DESK, stage.visit_id, wanted, words, key=stage.key()
    )


def test_every_detail_can_be_put_right_with_a_reason(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    at_noon = OPENED + timedelta(days=7, hours=2)
    details: dict[str, object] = {
        "full_name": "Marigold Testwell-Smith",
        "date_of_birth": date(1989, 3, 14),
        "treatments": ("mesotherapy_face",),
        "clinician_id": "2",
        "appointment_at": at_noon,
    }
    change(stage, **details)
    now = stage.clinic.visit(stage.visit_id)
    assert (now.patient.full_name, now.patient.date_of_birth) == (
        "Marigold Testwell-Smith",
        date(1989, 3, 14),
    )
    assert (now.treatments, now.clinician_id) == (("mesotherapy_face",), "2")
    assert (now.appointment_at, now.station) == (at_noon, Station.IN_PROGRESS)
    with stage.house.database.read() as tx:
        (kept,) = entries_of(tx, stage.visit_id, changing.CHANGED)
    assert kept.body["words"] == WHY
    assert kept.body["before"]["treatments"] == [PRP]
    assert set(kept.body["now"]) == {"treatments", "clinician_id", "appointment_at"}
    assert {"details_changed", "patient_corrected"} <= set(stage.clinic.actions(stage.visit_id))


def test_nothing_changes_without_a_reason_twice_or_by_others(at: At) -> None:
    stage = at(Station.ARRANGED)
    before = stage.clinic.visit(stage.visit_id)
    with pytest.raises(Slip, match="Say why"):
        change(stage, " ", clinician_id="2")
    wanted = replace(WANTED, clinician_id="2", identity_check=before.identity_check)
    with pytest.raises(NotAllowed):
        changing.change_details(
            stage.house, ARCHIVIST, stage.visit_id, wanted, WHY, key=stage.key()
        )
    assert stage.clinic.visit(stage.visit_id) == before
    key = stage.key()
    for _ in range(2):
        changing.change_details(stage.house, DESK, stage.visit_id, wanted, WHY, key=key)
    assert stage.clinic.actions(stage.visit_id).count("details_changed") == 1


def test_an_odd_new_value_is_asked_about_and_an_old_one_is_not_again(at: At) -> None:
    stage = at(Station.ARRANGED)
    stage.clinic.clock.forward(timedelta(days=30))
    change(stage, clinician_id="2")
    with pytest.raises(Doubtful):
        change(stage, appointment_at=OPENED - timedelta(days=400))
    with pytest.raises(Doubtful):
        change(stage, date_of_birth=date(2031, 1, 1))


@pytest.mark.parametrize(
    "station",
    [Station.PATIENT_SIGNED, Station.COUNTERSIGNED, Station.SEALED],
)
def test_what_is_signed_stays_and_says_what_to_do(at: At, station: Station) -> None:
    stage = at(station)
    before = stage.clinic.visit(stage.visit_id)
    with pytest.raises(WrongStation, match=r"takes the visit back|Arrange a new visit"):
        change(stage, appointment_at=OPENED + timedelta(days=2))
    assert stage.clinic.visit(stage.visit_id) == before


@pytest.mark.parametrize("station", [Station.SUBMITTED, Station.CONSENT_READY, Station.DEFERRED])
def test_other_treatments_give_a_form_that_was_sent_back_and_review_it_anew(
    at: At, station: Station
) -> None:
    stage = at(station)
    changed = change(stage, treatments=(PRP, "mesotherapy_cellulite"))
    assert stage.station is Station.IN_PROGRESS
    token = turns.enter_code(stage.house, changed.code, device="tablet")
    turn = turns.turn_of(stage.house, token)
    assert turn is not None
    assert intake.pages(stage.house, turn).missing
    changed = change(stage, treatments=(PRP,))
    assert (changed.code, stage.station) == ("", Station.IN_PROGRESS)


def test_a_code_and_a_home_link_end_with_the_new_appointment(at: At) -> None:
    stage = at(Station.ARRANGED)
    home_links.make_link(stage.house, DESK, stage.visit_id)
    code = arranging.new_code(stage.house, DESK, stage.visit_id)
    later = OPENED + timedelta(days=5)
    change(stage, appointment_at=later)
    assert ends(stage, code) == (later + timedelta(days=1), later + timedelta(days=1))
    change(stage, appointment_at=OPENED + timedelta(days=60))
    until = arranging.code_until(stage.house, DESK, stage.visit_id, code)
    assert until == OPENED + timedelta(days=61)
    _, link = home_links.link_state(stage.house, DESK, stage.visit_id)
    assert link is not None
    assert link.link.expires_at == OPENED + home_links.LONGEST


@pytest.mark.parametrize("by", ["the desk", "other treatments"])
def test_the_code_of_a_form_given_back_works_until_a_day_after_the_appointment(
    at: At, by: str
) -> None:
    stage, later = at(Station.SUBMITTED), OPENED + timedelta(days=5)
    change(stage, appointment_at=later)
    if by == "the desk":
        code = arranging.reopen(stage.house, DESK, stage.visit_id)
    else:
        code = change(stage, treatments=("mesotherapy_hair",)).code
    until = arranging.code_until(stage.house, DESK, stage.visit_id, code)
    assert until == later + timedelta(days=1)


def ends(stage: Stage, code: str) -> tuple[datetime | None, datetime | None]:
    """Until when the code works, and the home link."""
    _, link = home_links.link_state(stage.house, DESK, stage.visit_id)
    until = arranging.code_until(stage.house, DESK, stage.visit_id, code)
    return until, link.link.expires_at if link else None


def test_a_code_and_a_link_that_were_over_stay_over(at: At) -> None:
    stage = at(Station.ARRANGED)
    home_links.make_link(stage.house, DESK, stage.visit_id)
    stage.clinic.clock.forward(timedelta(days=3))
    change(stage, appointment_at=stage.clinic.clock() + timedelta(days=1))
    with pytest.raises(BadCode):
        turns.enter_code(stage.house, stage.walk.code, device="tablet")
    _, link = home_links.link_state(stage.house, DESK, stage.visit_id)
    assert link is not None
    assert not link.works
