"""Reading before signing: texts, check-questions, ticks, the read-back, and leaving."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from questionnaire.cli import demo
from questionnaire.documents.page import page_values
from questionnaire.domain.answers import Slip
from questionnaire.domain.consent_parts import PhotoChoices
from questionnaire.domain.errors import BadCode, NotFound, StillOpen, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import asking, consenting, deciding, noting, quizzing, turns
from questionnaire.journey.house import House
from questionnaire.records.entries import entries_of
from tests.clinics import CLINICIAN, Stage
from tests.journeys.steps import read, ready_to_sign, review, tick_all

At = Callable[..., Stage]
KEY, OTHER = "prp_injections-1", "prp_injections-2"


def wrong(house: House, question_id: str) -> str:
    """The first choice that is not right."""
    treatment = house.library.treatments[question_id.rpartition("-")[0]]
    question = next(one for one in treatment.quiz if one.id == question_id)
    return next(option.id for option in question.options if option.id != question.correct)


def still_open(stage: Stage, turn: turns.Turn) -> tuple[str, ...]:
    with pytest.raises(StillOpen) as refused:
        consenting.read_back(stage.house, turn)
    assert refused.value.reasons == consenting.reading(stage.house, turn).open
    return refused.value.reasons


def again(stage: Stage) -> turns.Turn:
    """The visit taken back and decided anew; the patient's new turn."""
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Look again.", key=stage.key())
    demo.decide(stage.walk, review(stage))
    return stage.walk.turn()


def test_everything_left_to_do_is_named(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    title = stage.house.library.treatments["prp_injections"].title
    assert still_open(stage, stage.walk.turn()) == (
        f"Please read about: {title}.",
        f"Please answer the check questions about: {title}.",
        "Please read and tick each statement.",
        "Please begin with the information about your treatment.",
    )


def test_the_reading_holds_every_word_of_the_treatment(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    library = stage.house.library
    treatment = library.treatments["prp_injections"]
    reading = consenting.reading(stage.house, stage.walk.turn())
    (text,) = reading.treatments
    assert (text.id, text.steps, text.aims) == (treatment.id, treatment.steps, treatment.aims)
    assert {risk.id for risk in text.risks} == {one.id for one in library.risks_of(treatment.id)}
    assert [one.id for one in reading.statements] == [
        one.id for one in library.statements_of([treatment.id])
    ]
    assert set(reading.own) == {treatment.id}
    assert len(reading.rights) == len(library.rights)
    assert (reading.begun, reading.read) == (False, frozenset())
    assert reading.photos == PhotoChoices(record=False, teaching=False, publication=False)


def test_when_the_information_was_first_given_is_kept(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    first = stage.clinic.clock()
    consenting.begin_reading(stage.house, turn, key=stage.key())
    stage.clinic.clock.forward(timedelta(minutes=7))
    read(stage, turn)
    tick_all(stage, turn)
    record = json.loads(consenting.read_back(stage.house, turn).canonical)
    assert record["times"]["information_given_at"] == f"{first:%Y-%m-%dT%H:%M:%SZ}"


def test_only_treatments_of_the_plan_are_read_about(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    with pytest.raises(NotFound):
        consenting.mark_read(stage.house, turn, "fat_dissolving", key=stage.key())


def test_the_choices_keep_their_shuffled_order_and_not_sure_stands_last(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    first, second = (consenting.reading(stage.house, turn).quiz for _ in range(2))
    assert first == second
    defined = stage.house.library.treatments["prp_injections"].quiz
    for state, question in zip(first, defined, strict=True):
        assert state.options[-1] == ("not_sure", "Not sure")
        assert {key for key, _ in state.options[:-1]} == {one.id for one in question.options}
    places = [
        [key for key, _ in state.options].index(question.correct)
        for state, question in zip(first, defined, strict=True)
    ]
    assert len(set(places)) > 1


def test_a_right_answer_settles_a_check_question(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    right = stage.house.library.treatments["prp_injections"].quiz[0].correct
    state = quizzing.try_quiz(stage.house, turn, KEY, right, key=stage.key())
    assert (state.right, state.settled, state.feedback, state.tries_left) == (
        True,
        True,
        "That is right.",
        0,
    )


def test_a_wrong_answer_teaches_and_may_be_tried_once_more(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, house = stage.walk.turn(), stage.house
    question = house.library.treatments["prp_injections"].quiz[0]
    first = quizzing.try_quiz(house, turn, KEY, wrong(house, KEY), key=stage.key())
    assert (first.right, first.settled, first.tries_left) == (False, False, 1)
    assert first.feedback == question.if_wrong
    second = quizzing.try_quiz(house, turn, KEY, "not_sure", key=stage.key())
    assert (second.right, second.settled, second.tries_left) == (False, True, 0)
    third = quizzing.try_quiz(house, turn, KEY, question.correct, key=stage.key())
    assert [one.choice for one in third.tries] == [wrong(house, KEY), "not_sure"]
    assert (third.right, third.tries_left) == (False, 0)


def test_right_at_the_second_try_is_right_and_still_a_point_for_the_clinician(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, house = stage.walk.turn(), stage.house
    right = house.library.treatments["prp_injections"].quiz[0].correct
    for choice in (wrong(house, KEY), right):
        state = quizzing.try_quiz(house, turn, KEY, choice, key=stage.key())
    assert (state.right, state.settled, state.tries_left) == (True, True, 0)
    (point,) = review(stage).quiz
    assert (point.id, point.key, point.open) == (KEY, True, False)
    assert len(point.tries) == 2
    assert point.tries[1] == point.right_answer


def test_a_try_sent_twice_is_one_try(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, key = stage.walk.turn(), stage.key()
    for _ in range(2):
        state = quizzing.try_quiz(stage.house, turn, KEY, "not_sure", key=key)
    assert len(state.tries) == 1


@pytest.mark.parametrize("choice", ["", "none_of_these", "<b>"])
def test_a_choice_that_is_not_offered_is_a_slip(at: At, choice: str) -> None:
    stage = at(Station.CONSENT_READY)
    with pytest.raises(Slip, match="Pick one of the answers"):
        quizzing.try_quiz(stage.house, stage.walk.turn(), KEY, choice, key=stage.key())


def test_a_check_question_of_another_treatment_is_not_found(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    with pytest.raises(NotFound):
        quizzing.try_quiz(stage.house, stage.walk.turn(), "fat_dissolving-1", "a", key=stage.key())


def test_a_key_question_that_is_not_right_waits_for_the_clinician(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, house = stage.walk.turn(), stage.house
    for choice in ("not_sure", wrong(house, KEY)):
        quizzing.try_quiz(house, turn, KEY, choice, key=stage.key())
    read(stage, turn)
    tick_all(stage, turn)
    question = house.library.treatments["prp_injections"].quiz[0].question
    talk = (f"Your clinician will first talk with you about: “{question}”",)
    assert still_open(stage, turn) == talk
    (point,) = review(stage).quiz
    assert (point.id, point.open) == (KEY, True)
    noting.discuss_quiz(
        house, CLINICIAN, stage.visit_id, KEY, "Explained with a drawing.", key=stage.key()
    )
    assert not review(stage).quiz[0].open
    record = json.loads(consenting.read_back(house, turn).canonical)
    told = next(one for one in record["quiz"] if one["id"] == KEY)
    assert [attempt["right"] for attempt in told["attempts"]] == [False, False]
    assert told["discussed"]["name"] == CLINICIAN.name


def test_two_other_questions_may_stay_wrong_but_not_three(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, house = stage.walk.turn(), stage.house
    others = [one for one in house.library.treatments["prp_injections"].quiz if not one.key]
    for question in others[:2]:
        for choice in ("not_sure", wrong(house, question.id)):
            quizzing.try_quiz(house, turn, question.id, choice, key=stage.key())
    third = others[2]
    quizzing.try_quiz(house, turn, third.id, "not_sure", key=stage.key())
    quizzing.try_quiz(house, turn, third.id, "not_sure", key=stage.key())
    read(stage, turn)
    tick_all(stage, turn)
    assert still_open(stage, turn) == tuple(
        f"Your clinician will first talk with you about: “{question.question}”"
        for question in others[:3]
    )
    noting.discuss_quiz(
        house, CLINICIAN, stage.visit_id, third.id, "Said it back.", key=stage.key()
    )
    assert consenting.read_back(house, turn)


def test_only_check_questions_of_the_plan_are_talked_through(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    for strange in ("fat_dissolving-1", "", "status"):
        with pytest.raises(NotFound, match="not part of the visit"):
            noting.discuss_quiz(
                stage.house, CLINICIAN, stage.visit_id, strange, "x", key=stage.key()
            )


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\n\u2800"])
def test_no_question_is_talked_through_without_a_word(at: At, blank: str) -> None:
    stage = at(Station.CONSENT_READY)
    with pytest.raises(Slip, match="what you talked through"):
        noting.discuss_quiz(stage.house, CLINICIAN, stage.visit_id, OTHER, blank, key=stage.key())
    with stage.house.database.read() as tx:
        assert entries_of(tx, stage.visit_id, "quiz_discussed") == ()


def test_talking_a_question_through_twice_with_one_key_is_one_entry(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    key = stage.key()
    for _ in range(2):
        noting.discuss_quiz(stage.house, CLINICIAN, stage.visit_id, OTHER, "Drawn.", key=key)
    with stage.house.database.read() as tx:
        assert len(entries_of(tx, stage.visit_id, "quiz_discussed")) == 1


def test_ticks_are_kept_with_their_time_and_unknown_ones_are_not(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    first = stage.clinic.clock()
    consenting.tick(stage.house, turn, ["may_not_work", "status", "sealed"], key=stage.key())
    stage.clinic.clock.forward(timedelta(minutes=1))
    consenting.tick(stage.house, turn, ["may_not_work", "no_promise"], key=stage.key())
    ticked = {one.id: one.ticked_at for one in consenting.reading(stage.house, turn).statements}
    assert {key: at for key, at in ticked.items() if at} == {
        "may_not_work": first,
        "no_promise": stage.clinic.clock(),
    }


def test_a_tick_can_be_taken_away(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    consenting.tick(stage.house, turn, ["may_not_work"], key=stage.key())
    assert still_open(stage, turn) == ("Please read and tick each statement.",)


def test_a_risk_the_clinician_added_is_ticked_by_itself(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "A risk.", key=stage.key())
    noting.add_note(
        stage.house, CLINICIAN, stage.visit_id, "risk", "Your scar may darken.", key=stage.key()
    )
    demo.decide(stage.walk, review(stage))
    turn = stage.walk.turn()
    read(stage, turn)
    (risk,) = consenting.reading(stage.house, turn).personal_risks
    assert (risk.text, risk.ticked_at, risk.because) == ("Your scar may darken.", None, "")
    statements = [one.id for one in consenting.reading(stage.house, turn).statements]
    consenting.tick(stage.house, turn, statements, key=stage.key())
    assert still_open(stage, turn) == ("Please read and tick each statement.",)
    consenting.tick(stage.house, turn, [*statements, risk.id], key=stage.key())
    record = json.loads(consenting.read_back(stage.house, turn).canonical)
    assert [one["text"] for one in record["personal_risks"]] == ["Your scar may darken."]


def test_ticks_and_photo_choices_are_void_after_a_new_decision(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    yes = PhotoChoices(record=True, teaching=True, publication=False)
    consenting.choose_photos(stage.house, turn, yes, key=stage.key())
    assert consenting.reading(stage.house, turn).photos == yes
    turn = again(stage)
    reading = consenting.reading(stage.house, turn)
    assert [one.ticked_at for one in reading.statements] == [None] * len(reading.statements)
    assert reading.photos == PhotoChoices(record=False, teaching=False, publication=False)
    assert reading.read == frozenset({"prp_injections"})
    assert still_open(stage, turn) == ("Please read and tick each statement.",)


def test_a_question_asked_while_reading_is_answered_before_signing(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    asking.ask(stage.house, turn, "Will it itch?", key=stage.key())
    assert still_open(stage, turn) == ("Your clinician will first answer your questions.",)
    number = review(stage).asked[-1].number
    noting.reply(stage.house, CLINICIAN, stage.visit_id, number, "A little.", key=stage.key())
    record = json.loads(consenting.read_back(stage.house, turn).canonical)
    assert [(one["asked"], one["reply"]) for one in record["questions"]] == [
        ("Can I go to work the next day?", "Yes. Most people can."),
        ("Will it itch?", "A little."),
    ]


def test_what_is_read_back_is_canonical_and_named_by_its_fingerprint(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    shown = consenting.read_back(stage.house, turn)
    assert shown == consenting.read_back(stage.house, turn)
    assert shown.sha256 == sha256(shown.canonical).hexdigest()
    record = json.loads(shown.canonical)
    written = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert written.encode() == shown.canonical


def test_a_clinic_may_ask_for_time_to_think(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    library = stage.house.library
    hours = {**library.clinic.earliest_sign_hours, "prp_injections": 24}
    clinic = replace(library.clinic, earliest_sign_hours=hours)
    house = replace(stage.house, library=replace(library, clinic=clinic))
    waiting = Stage(replace(stage.clinic, house=house), replace(stage.walk, house=house))
    turn = ready_to_sign(waiting)
    assert still_open(waiting, turn) == (
        "You can sign from 5 March 2031 at 09:30, so that you have time to think.",
    )
    stage.clinic.clock.forward(timedelta(hours=24))
    shown = consenting.read_back(house, turn)
    assert json.loads(shown.canonical)["times"]["may_sign_from"] == "2031-03-05T09:30:00Z"
    assert page_values(shown.canonical, (), ())["may_sign_from"] == "2031-03-05T09:30:00Z"


def test_a_record_tells_of_no_time_to_think_where_none_is_asked_for(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    shown = consenting.read_back(stage.house, ready_to_sign(stage))
    assert json.loads(shown.canonical)["times"]["may_sign_from"] is None


def test_more_time_ends_the_turn_and_signs_nothing(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, key = ready_to_sign(stage), stage.key()
    for _ in range(2):
        consenting.more_time(stage.house, turn, key=key)
    assert stage.station == Station.DEFERRED
    assert turns.turn_of(stage.house, turn.token) is None
    assert stage.clinic.actions(stage.visit_id).count("defer") == 1
    with pytest.raises(WrongStation):
        consenting.read_back(stage.house, turn)


@pytest.mark.parametrize("station", [Station.IN_PROGRESS, Station.CONSENT_READY])
def test_a_patient_may_decline_at_any_time_and_is_not_asked_why(at: At, station: Station) -> None:
    stage = at(station)
    turn = stage.walk.turn()
    consenting.decline(stage.house, turn, key=stage.key())
    assert stage.station == Station.DECLINED
    with pytest.raises(BadCode):
        stage.walk.turn()
    with pytest.raises(WrongStation):
        consenting.decline(stage.house, turn, key=stage.key())


@pytest.mark.parametrize("station", [Station.SUBMITTED, Station.PATIENT_SIGNED, Station.SEALED])
def test_nothing_is_read_or_ticked_at_other_stations(at: At, station: Station) -> None:
    ready = at(Station.CONSENT_READY)
    turn = ready.walk.turn()
    stage = at(station)
    elsewhere = turns.Turn(turn.token, stage.walk.visit)
    photos = PhotoChoices(record=True, teaching=True, publication=True)
    for step in (
        lambda: consenting.reading(stage.house, elsewhere),
        lambda: consenting.begin_reading(stage.house, elsewhere, key=stage.key()),
        lambda: consenting.mark_read(stage.house, elsewhere, "prp_injections", key=stage.key()),
        lambda: consenting.tick(stage.house, elsewhere, ["may_not_work"], key=stage.key()),
        lambda: consenting.choose_photos(stage.house, elsewhere, photos, key=stage.key()),
        lambda: quizzing.try_quiz(stage.house, elsewhere, KEY, "not_sure", key=stage.key()),
        lambda: consenting.read_back(stage.house, elsewhere),
        lambda: consenting.more_time(stage.house, elsewhere, key=stage.key()),
    ):
        with pytest.raises(WrongStation):
            step()
    assert stage.station == station


def test_a_page_of_ticks_sent_twice_counts_once(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, key = stage.walk.turn(), stage.key()
    for _ in range(2):
        consenting.tick(stage.house, turn, ["may_not_work"], key=key)
    statements = consenting.reading(stage.house, turn).statements
    assert [one.id for one in statements if one.ticked_at] == ["may_not_work"]
    assert stage.clinic.actions(stage.visit_id).count("ticks") == 1


@pytest.mark.guarantees("R15")
def test_ticks_sent_again_after_a_change_are_kept_as_they_stand_now(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, key = stage.walk.turn(), stage.key()
    for ids in (["may_not_work"], []):
        consenting.tick(stage.house, turn, ids, key=key)
    statements = consenting.reading(stage.house, turn).statements
    assert [one.id for one in statements if one.ticked_at] == []
