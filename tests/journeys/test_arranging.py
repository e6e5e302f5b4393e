"""The desk: arranging a visit, its codes, the day's list, giving the form back, stopping."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import BadCode, NotReadable, WrongStation
from questionnaire.domain.visit import Patient, Station, Visit
from questionnaire.journey import arranging, deciding, turns
from questionnaire.journey.arranging import DayLine, Request
from questionnaire.journey.sameness import MaybeSame, WhoIsIt
from tests.clinics import BORN, CLINICIAN, DESK, OPENED, Clinic, Stage

ASKED = Request(
    full_name="Zoë Ní Bhriain",
    date_of_birth=date(1984, 2, 29),
    treatments=("prp_injections",),
    clinician_id=CLINICIAN.id,
    language="en",
    identity_check="Passport seen",
    appointment_at=OPENED + timedelta(hours=1),
)


def arrange(clinic: Clinic, request: Request) -> Visit:
    """The visit the desk arranges."""
    return arranging.arrange(clinic.house, DESK, request, key=clinic.house.new_id()).visit


def test_an_arranged_visit_holds_what_the_desk_wrote_down(clinic: Clinic) -> None:
    key = clinic.house.new_id()
    arranged = arranging.arrange(clinic.house, DESK, ASKED, key=key)
    assert arranged.visit == Visit(
        id=key,
        patient=Patient(arranged.visit.patient.id, "Zoë Ní Bhriain", date(1984, 2, 29)),
        station=Station.ARRANGED,
        version=1,
        treatments=("prp_injections",),
        clinician_id=CLINICIAN.id,
        language="en",
        identity_check="Passport seen",
        appointment_at=OPENED + timedelta(hours=1),
        arranged_at=OPENED,
    )
    assert clinic.visit(key) == arranged.visit
    assert clinic.actions(key) == ["visit_arranged"]


def test_treatments_are_kept_in_the_order_of_the_content_and_once(clinic: Clinic) -> None:
    twice = replace(ASKED, treatments=("fat_dissolving", "prp_injections", "fat_dissolving"))
    arranged = arranging.arrange(clinic.house, DESK, twice, key=clinic.house.new_id())
    in_order = [t for t in clinic.house.library.treatments if t in twice.treatments]
    assert list(arranged.visit.treatments) == in_order


def test_a_form_sent_twice_gives_one_visit_and_only_the_newest_code_works(clinic: Clinic) -> None:
    key = clinic.house.new_id()
    first = arranging.arrange(clinic.house, DESK, ASKED, key=key)
    second = arranging.arrange(clinic.house, DESK, ASKED, key=key)
    assert second.visit == first.visit
    assert second.code != first.code
    with pytest.raises(BadCode):
        turns.enter_code(clinic.house, first.code, device="tablet")
    turns.enter_code(clinic.house, second.code, device="tablet")
    assert clinic.actions(key) == ["visit_arranged", "code_given", "turn_started"]


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": "Basil Madeupson"},
        {"date_of_birth": date(1984, 2, 28)},
        {"treatments": ()},
        {"clinician_id": "clinician-2"},
        {"language": "fr"},
        {"appointment_at": OPENED + timedelta(hours=2)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_form_sent_again_with_other_words_is_refused(
    clinic: Clinic, changed: dict[str, object]
) -> None:
    key = clinic.house.new_id()
    first = arranging.arrange(clinic.house, DESK, ASKED, key=key)
    with pytest.raises(NotReadable, match="out of date"):
        arranging.arrange(clinic.house, DESK, replace(ASKED, **changed), key=key)
    assert clinic.visit(key) == first.visit
    turns.enter_code(clinic.house, first.code, device="tablet")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Zoë Ní Bhriain", "Zoë Ní Bhriain"),
        ("Zoë Ní Bhriain", "ZOE NI-BHRIAIN"),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng"),
        ("Trần Thị Lan", "Trần Thị Lân"),
        ("Анна Ёлкина", "Анна Елкина"),
        ("Łukasz Müller", "Lukasz Mueller"),
        ("علی رضایی", "علي رضايي"),
    ],
)
def test_nobody_is_taken_for_somebody_else_unless_a_person_says_so(
    clinic: Clinic, before: str, now: str
) -> None:
    earlier = replace(
        ASKED,
        full_name=before,
        appointment_at=OPENED - timedelta(days=30),
        sure=frozenset({"appointment 2031-02-02"}),
    )
    first = arrange(clinic, earlier)
    again = replace(ASKED, full_name=now)
    with pytest.raises(WhoIsIt) as asked:
        arrange(clinic, again)
    assert asked.value.found == (MaybeSame(first.patient, earlier.appointment_at),)
    assert [line.visit for line in arranging.day(clinic.house, DESK, date(2031, 3, 4))] == []

    same = arrange(clinic, replace(again, same_as=first.patient.id))
    assert same.patient == replace(first.patient, full_name=now)
    assert clinic.visit(first.id).patient.full_name == before
    assert clinic.actions(same.id) == ["same_person_said", "visit_arranged"]
    assert clinic.events(same.id)[0].detail == {"as_visit": first.id}

    other = arrange(clinic, replace(again, none_of=frozenset({first.patient.id})))
    assert other.patient.id != first.patient.id
    assert clinic.actions(other.id) == ["another_person_said", "visit_arranged"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("Marigo1d Testwell", date(1984, 3, 4)), ("Marigold Testwel1", date(1984, 3, 4))),
        (("Marigold Testwell", date(1984, 3, 4)), ("marigold testwell", date(1984, 4, 3))),
        (("Marigold Testwell", date(1984, 3, 4)), ("Marigold Testwell", date(1984, 3, 1))),
        (("Marigold Testwell", date(1984, 3, 4)), ("Marigold Testwell", date(1984, 3, 24))),
        (("Marigold Testwell", date(1984, 3, 4)), ("Marigold Testwell", date(1994, 3, 4))),
    ],
)
def test_a_slip_in_a_name_or_a_birth_date_may_be_the_same_person(
    clinic: Clinic, before: tuple[str, date], now: tuple[str, date]
) -> None:
    first = arrange(clinic, replace(ASKED, full_name=before[0], date_of_birth=before[1]))
    with pytest.raises(WhoIsIt) as asked:
        arrange(clinic, replace(ASKED, full_name=now[0], date_of_birth=now[1]))
    assert [one.patient for one in asked.value.found] == [first.patient]


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Testwell Marigold", date(1984, 4, 3)),
        ("Marigold Testwell", date(1984, 4, 5)),
        ("Marigo1d Testwell", date(1984, 3, 5)),
    ],
)
def test_a_like_name_with_another_birth_date_asks_nothing(
    clinic: Clinic, name: str, born: date
) -> None:
    known = replace(ASKED, full_name="Marigold Testwell", date_of_birth=date(1984, 3, 4))
    first = arrange(clinic, known)
    second = arrange(clinic, replace(known, full_name=name, date_of_birth=born))
    assert second.patient.id != first.patient.id


@pytest.mark.parametrize(
    ("before", "now"),
    [("सुनील", "सनील"), ("ดิน", "ดูน"), ("パク", "ハク")],
)
def test_names_that_only_look_alike_to_a_machine_are_two_people(
    clinic: Clinic, before: str, now: str
) -> None:
    first = arrange(clinic, replace(ASKED, full_name=before))
    second = arrange(clinic, replace(ASKED, full_name=now))
    assert second.patient.id != first.patient.id


def test_an_answer_about_one_person_is_no_answer_about_another(clinic: Clinic) -> None:
    first = arrange(clinic, ASKED)
    second = arrange(clinic, replace(ASKED, none_of=frozenset({first.patient.id})))
    assert second.patient.id != first.patient.id
    for answered in ({"none_of": frozenset({first.patient.id})}, {"same_as": "f" * 32}):
        with pytest.raises(WhoIsIt) as asked:
            arrange(clinic, replace(ASKED, **answered))
        assert {one.patient.id for one in asked.value.found} == {
            first.patient.id,
            second.patient.id,
        }


def test_back_and_another_answer_about_the_person_is_refused(clinic: Clinic) -> None:
    another_day = replace(ASKED, appointment_at=OPENED + timedelta(days=2))
    first, key = arrange(clinic, another_day), clinic.house.new_id()
    said = {"same_as": first.patient.id}, {"none_of": frozenset({first.patient.id})}
    arranging.arrange(clinic.house, DESK, replace(ASKED, **said[0]), key=key)
    with pytest.raises(NotReadable):
        arranging.arrange(clinic.house, DESK, replace(ASKED, **said[1]), key=key)
    assert clinic.visit(key).patient == first.patient


def test_the_same_name_with_another_birth_date_is_another_patient(clinic: Clinic) -> None:
    first = arranging.arrange(clinic.house, DESK, ASKED, key=clinic.house.new_id())
    other = replace(ASKED, date_of_birth=date(1984, 3, 1))
    second = arranging.arrange(clinic.house, DESK, other, key=clinic.house.new_id())
    assert second.visit.patient.id != first.visit.patient.id


WITHOUT_A_LETTER = [".", "1", "\ufffd", "- 12 -", "—", "…", "😀", "²", "\u3164."]


@pytest.mark.parametrize("name", ["王小明", "علي", "ดิน", "सुनील", "X Æ A-12", "O", "ﾊﾟｸ", "𞤀𞤣𞤢𞤥"])
def test_a_name_in_any_script_is_kept(name: str) -> None:
    assert arranging.full_name(name) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Write the patient's full name, 200 letters at most."),
        ("  \t ", "Write the patient's full name, 200 letters at most."),
        ("n" * 201, "Write the patient's full name, 200 letters at most."),
        ("Zoë\ud800", "This has hidden signs we cannot keep. Please type it again."),
        ("\u200b", "Write the patient's full name, 200 letters at most."),
        ("\u2800\u0301", "Write the patient's full name, 200 letters at most."),
        *((name, "Write the patient's full name in letters.") for name in WITHOUT_A_LETTER),
    ],
    ids=[
        "empty",
        "blank",
        "too long",
        "half a sign",
        "zero width",
        "nothing to see",
        *WITHOUT_A_LETTER,
    ],
)
def test_a_name_that_cannot_be_kept_is_a_slip(clinic: Clinic, name: str, words: str) -> None:
    with pytest.raises(Slip) as slip:
        arranging.arrange(
            clinic.house, DESK, replace(ASKED, full_name=name), key=clinic.house.new_id()
        )
    assert str(slip.value) == words


def test_an_unknown_treatment_is_a_slip(clinic: Clinic) -> None:
    with pytest.raises(Slip, match="no treatment called botox"):
        arranging.arrange(
            clinic.house, DESK, replace(ASKED, treatments=("botox",)), key=clinic.house.new_id()
        )


@pytest.mark.parametrize("key", ["", "abc", "G" * 32, "a" * 33, "../../../etc/passwd"])
def test_a_key_that_no_form_of_ours_holds_is_refused(clinic: Clinic, key: str) -> None:
    with pytest.raises(NotReadable, match="out of date"):
        arranging.arrange(clinic.house, DESK, ASKED, key=key)


def test_a_fresh_code_ends_the_old_one_and_the_open_turn(at: Callable[..., Stage]) -> None:
    stage = at(Station.IN_PROGRESS)
    first = arranging.new_code(stage.house, DESK, stage.visit_id)
    token = turns.enter_code(stage.house, first, device="tablet")
    second = arranging.new_code(stage.house, DESK, stage.visit_id)
    assert turns.turn_of(stage.house, token) is None
    with pytest.raises(BadCode):
        turns.enter_code(stage.house, first, device="tablet")
    assert turns.turn_of(stage.house, turns.enter_code(stage.house, second, device="tablet"))


def test_codes_are_two_groups_of_four_clear_letters(clinic: Clinic) -> None:
    letters = {letter for _ in range(300) for letter in clinic.house.new_code()}
    assert letters == set("23456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert {len(clinic.house.new_code()) for _ in range(100)} == {9}


def test_the_days_list_counts_answers_and_shows_none(at: Callable[..., Stage]) -> None:
    stage = at(Station.SUBMITTED)
    sure = frozenset({"appointment 2031-03-03"})
    yesterday = replace(ASKED, appointment_at=OPENED - timedelta(days=1), sure=sure)
    person = arrange(stage.clinic, yesterday).patient.id
    later = replace(ASKED, appointment_at=OPENED + timedelta(hours=5), same_as=person)
    later = arranging.arrange(stage.house, DESK, later, key=stage.key())
    lines = arranging.day(stage.house, DESK, date(2031, 3, 4))
    sent = stage.clinic.visit(stage.visit_id)
    assert [line.visit for line in lines] == [sent, later.visit]
    assert lines[0].asked == lines[0].answered > 30
    assert (lines[1].asked > 3, lines[1].answered) == (True, 0)
    assert set(DayLine.__slots__) == {
        "visit",
        "asked",
        "answered",
        "to_settle",
        "denied_at",
    }


def test_a_day_is_the_clinics_own_day(clinic: Clinic) -> None:
    half_past_midnight = datetime.fromisoformat("2031-07-01T23:30:00+00:00")
    summer = replace(ASKED, appointment_at=half_past_midnight)
    visit = arranging.arrange(clinic.house, DESK, summer, key=clinic.house.new_id()).visit
    assert arranging.day(clinic.house, DESK, date(2031, 7, 1)) == ()
    assert [line.visit for line in arranging.day(clinic.house, DESK, date(2031, 7, 2))] == [visit]


@pytest.mark.parametrize("person", [DESK, CLINICIAN], ids=lambda person: person.role.value)
def test_the_form_can_be_given_back_with_a_fresh_code(
    at: Callable[..., Stage], person: object
) -> None:
    stage = at(Station.SUBMITTED)
    code = arranging.reopen(stage.house, person, stage.visit_id)
    assert stage.station == Station.IN_PROGRESS
    turns.enter_code(stage.house, code, device="tablet")
    assert stage.clinic.actions(stage.visit_id)[-3:] == ["reopen", "code_given", "turn_started"]


def test_a_signed_form_cannot_be_given_back(at: Callable[..., Stage]) -> None:
    stage = at(Station.PATIENT_SIGNED)
    with pytest.raises(WrongStation):
        arranging.reopen(stage.house, DESK, stage.visit_id)


def test_a_stopped_visit_keeps_the_reason_and_ends_the_turn(at: Callable[..., Stage]) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    arranging.stop(stage.house, DESK, stage.visit_id, " Patient did not come. ")
    assert stage.station == Station.NOT_PROCEEDING
    assert turns.turn_of(stage.house, turn.token) is None
    with pytest.raises(BadCode):
        turns.enter_code(stage.house, stage.walk.code, device="tablet")
    assert stage.clinic.actions(stage.visit_id)[-1] == "stop"


def test_a_visit_stopped_before_the_form_was_sent_has_nothing_to_review(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.IN_PROGRESS)
    arranging.stop(stage.house, DESK, stage.visit_id, "Patient did not come.")
    with pytest.raises(WrongStation, match="never sent"):
        deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Again.", key=stage.key())
    assert stage.station == Station.NOT_PROCEEDING


def test_a_stopped_visit_whose_form_was_sent_can_be_taken_up_again(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.SUBMITTED)
    arranging.stop(stage.house, CLINICIAN, stage.visit_id, "Not today.")
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Today.", key=stage.key())
    assert stage.station == Station.UNDER_REVIEW
    assert stage.clinic.visit(stage.visit_id).patient.date_of_birth == BORN
