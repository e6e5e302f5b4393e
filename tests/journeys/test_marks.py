"""What a patient marks while reading counts for the words it was made under, and no others."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from questionnaire.cli import demo
from questionnaire.domain.consent_parts import PhotoChoices
from questionnaire.domain.definition import Question, Questionnaire
from questionnaire.domain.errors import StillOpen
from questionnaire.domain.library import Library
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.treatment import Treatment
from questionnaire.domain.visit import Station, Visit
from questionnaire.journey import (
    arranging,
    consenting,
    deciding,
    noting,
    quizzing,
    review_page,
    signing,
    turns,
)
from questionnaire.journey.house import House
from questionnaire.journey.turns import Turn
from questionnaire.records.entries import append_entry, entries_of
from questionnaire.records.tables import entry
from tests.clinics import BORN, CLINICIAN, DESK, PRP, Clinic, Stage
from tests.journeys.steps import read, read_and_tick, ready_to_sign, reply_to_words, review, sign

At = Callable[..., Stage]
KEY = "prp_injections-1"
HOURS = 336


def with_library(stage: Stage, library: Library) -> Stage:
    """The same visit in a clinic whose rules are these now."""
    house = replace(stage.house, library=library)
    return Stage(replace(stage.clinic, house=house), replace(stage.walk, house=house))


def other_treatment(library: Library, **words: Any) -> Library:  # any field
    """The rules with other words about one treatment."""
    changed = replace(library.treatments[PRP], **words)
    return replace(library, treatments={**library.treatments, PRP: changed})


def other_quiz(library: Library) -> Library:
    """The rules with one answer of a check-question that has another id and other words."""
    first, *others = library.treatments[PRP].quiz
    options = tuple(
        one
        if one.id == first.correct
        else replace(one, id=f"{one.id}_new", text=f"New: {one.text}")
        for one in first.options
    )
    return other_treatment(library, quiz=(replace(first, options=options), *others))


def other_statement(library: Library) -> Library:
    """The rules in which a statement to tick says something else."""
    key = next(iter(library.statements_of([PRP]))).id
    changed = replace(library.statements[key], text="I know that it may blind me.")
    return replace(library, statements={**library.statements, key: changed})


READ, TRIED, TICKED, BEGIN = (
    "Please read about: {title}.",
    "Please answer the check questions about: {title}.",
    "Please read and tick each statement.",
    "Please begin with the information about your treatment.",
)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda it: it, ()),
        (lambda it: other_treatment(it, title=it.treatments[PRP].title), ()),
        (lambda it: other_treatment(it, summary="Wholly new."), (READ, BEGIN)),
        (lambda it: other_treatment(it, aftercare=()), (READ, BEGIN)),
        (lambda it: other_treatment(it, note_for_clinician="Of no patient."), ()),
        (other_quiz, (TRIED,)),
        (other_statement, (TICKED,)),
    ],
    ids=[
        "nothing",
        "the same",
        "summary",
        "aftercare",
        "clinicians",
        "check-question",
        "statement",
    ],
)
def test_only_marks_of_words_that_are_still_shown_count(
    at: At, change: Callable[[Library], Library], left: tuple[str, ...]
) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    stage.clinic.clock.forward(timedelta(hours=3))
    changed = with_library(stage, change(stage.house.library))
    title = changed.house.library.treatments[PRP].title
    found = consenting.reading(changed.house, turn)
    assert found.open == tuple(one.format(title=title) for one in left)
    read_and_tick(changed, turn)
    record = json.loads(consenting.read_back(changed.house, turn).canonical)
    now = f"{stage.clinic.clock():%Y-%m-%dT%H:%M:%SZ}"
    assert (record["times"]["information_given_at"] == now) == (BEGIN in left)
    assert ({one["ticked_at"] for one in record["statements"]} >= {now}) == (TICKED in left)
    tries = [one["at"] for quiz in record["quiz"] for one in quiz["attempts"]]
    assert (now in tries) == (TRIED in left)


def test_marks_in_another_language_are_no_marks(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    house = stage.clinic.state(languages=("es", "ar"))
    stage = Stage(replace(stage.clinic, house=house), replace(stage.walk, house=house))
    turn = ready_to_sign(stage)
    photos = PhotoChoices(record=True, teaching=True, publication=True)
    consenting.choose_photos(house, turn, photos, key=stage.key())
    turn = turns.read_in(house, turn, "ar")
    found = consenting.reading(house, turn)
    assert (len(found.open), found.begun, found.read) == (4, False, frozenset())
    assert not any(one.ticked_at for one in (*found.statements, *found.personal_risks))
    assert not any(state.tries for state in found.quiz)
    assert (found.photos_chosen, found.photos.record) == (False, False)


def test_what_a_page_in_other_words_sends_counts_for_nothing(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn, house = stage.walk.turn(), stage.house
    consenting.begin_reading(house, turn, key=stage.key())
    of_before, right = "0" * 64, house.library.treatments[PRP].quiz[0].correct
    photos = PhotoChoices(record=True, teaching=True, publication=True)
    ids = [one.id for one in consenting.reading(house, turn).statements]
    consenting.mark_read(house, turn, PRP, key=stage.key(), shown=of_before)
    consenting.tick(house, turn, ids, key=stage.key(), shown=of_before)
    consenting.choose_photos(house, turn, photos, key=stage.key(), shown=of_before)
    state = quizzing.try_quiz(house, turn, KEY, right, key=stage.key(), shown=of_before)
    assert (state.tries, state.feedback) == ((), "")
    found = consenting.reading(house, turn)
    assert (found.read, found.photos_chosen) == (frozenset(), False)
    assert not any(one.ticked_at for one in found.statements)


def test_a_talk_about_a_check_question_counts_for_its_words_alone(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    noting.discuss_quiz(
        stage.house, CLINICIAN, stage.visit_id, KEY, "Explained again.", key=stage.key()
    )
    read_and_tick(stage, turn)
    changed = with_library(stage, other_quiz(stage.house.library))
    read(changed, turn)
    for one, counts in ((stage, True), (changed, False)):
        record = json.loads(consenting.read_back(one.house, turn).canonical)
        assert (record["quiz"][0]["discussed"] is not None) == counts


@pytest.mark.parametrize(
    ("first", "then", "starts_anew"),
    [
        ((PRP,), ("mesotherapy_hair",), True),
        ((PRP,), (PRP, "mesotherapy_hair"), True),
        ((PRP, "mesotherapy_hair"), ("mesotherapy_hair",), False),
        ((PRP,), (PRP,), False),
    ],
    ids=["another", "one more", "one less", "the same"],
)
def test_the_time_to_think_starts_when_all_that_is_consented_to_was_shown(
    clinic: Clinic, first: tuple[str, ...], then: tuple[str, ...], *, starts_anew: bool
) -> None:
    stage = reviewed_for_both(clinic)
    plan_and_decide(stage, first)
    consenting.begin_reading(stage.house, stage.walk.turn(), key=stage.key())
    given = stage.clinic.clock()
    stage.clinic.clock.forward(timedelta(hours=HOURS + 1))
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Otherwise.", key=stage.key())
    plan_and_decide(stage, then)
    turn = stage.walk.turn()
    assert consenting.reading(stage.house, turn).begun != starts_anew
    read_and_tick(stage, turn)
    if starts_anew:
        given = stage.clinic.clock()
        with pytest.raises(StillOpen) as still:
            consenting.read_back(stage.house, turn)
        (reason,) = still.value.reasons
        assert reason.startswith("You can sign from 1 April 2031 at 11:30, ")
        stage.clinic.clock.forward(timedelta(hours=HOURS))
    record = json.loads(consenting.read_back(stage.house, turn).canonical)
    assert record["times"]["information_given_at"] == f"{given:%Y-%m-%dT%H:%M:%SZ}"


def reviewed_for_both(clinic: Clinic) -> Stage:
    """A visit for two treatments with everything settled but plan and decision."""
    library, hours = clinic.house.library, {PRP: 24, "mesotherapy_hair": HOURS}
    rules = replace(library.clinic, earliest_sign_hours=hours)
    house = replace(clinic.house, library=replace(library, clinic=rules))
    request = arranging.Request(
        full_name="Mo Testwell",
        date_of_birth=BORN,
        treatments=(PRP, "mesotherapy_hair"),
        clinician_id=CLINICIAN.id,
        language="en",
        identity_check="Passport",
        appointment_at=clinic.clock() + timedelta(days=29),
    )
    visit, code = arranged_as(house, request)
    stage = Stage(replace(clinic, house=house), demo.Walk(house, DESK, CLINICIAN, visit, code))
    demo.submit(stage.walk)
    demo.answer_own_questions(stage.walk)
    demo.settle_points(stage.walk)
    (asked,) = review(stage).asked
    visit_id = stage.visit_id
    noting.reply(house, CLINICIAN, visit_id, asked.number, "Yes.", key=stage.key())
    reply_to_words(stage, "We go slowly.")
    return stage


def arranged_as(house: House, request: arranging.Request) -> tuple[Visit, str]:
    """The visit as the desk asks for it, and its code."""
    arranged = arranging.arrange(house, DESK, request, key=house.new_id())
    return arranged.visit, arranged.code


def plan_and_decide(stage: Stage, treatments: tuple[str, ...]) -> None:
    """The clinician plans these treatments and decides to go ahead."""
    house, visit_id = stage.house, stage.visit_id
    stated = tuple((fact, "Said.") for fact in house.library.must_state(treatments))
    plan = replace(demo.PLAN, treatments=treatments, places=(), areas="Scalp", details=stated)
    deciding.save_plan(house, CLINICIAN, visit_id, plan, key=stage.key())
    decide(stage)


def decide(stage: Stage) -> None:
    """The clinician decides to go ahead."""
    made, seen = deciding.Made(DecisionKind.PROCEED, "Go ahead."), review(stage).seen
    deciding.decide(stage.house, CLINICIAN, stage.visit_id, made, seen=seen, key=stage.key())


def without_words(stage: Stage) -> None:
    """The marks of the visit as an earlier release kept them: without their words."""
    with stage.house.database.write() as tx:
        kept = entries_of(tx, stage.visit_id)
        tx.connection.execute(delete(entry).where(entry.c.visit_id == stage.visit_id))
        for one in kept:
            body = {key: it for key, it in one.body.items() if key != "shown"}
            append_entry(tx, stage.visit_id, one.kind, body, at=one.at, person=one.person)


def test_marks_of_earlier_releases_are_made_anew_before_signing(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = ready_to_sign(stage)
    without_words(stage)
    assert len(consenting.reading(stage.house, turn).open) == 4
    read_and_tick(stage, turn)
    assert consenting.read_back(stage.house, turn)


def test_what_was_signed_in_an_earlier_release_stays_as_it_is(at: At) -> None:
    stage = at(Station.PATIENT_SIGNED)
    without_words(stage)
    ready = signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)
    assert ready.blocks == ()
    deciding.take_back(stage.house, CLINICIAN, stage.visit_id, "Look again.", key=stage.key())
    decide(stage)
    assert not consenting.reading(stage.house, stage.walk.turn()).begun


def each_treatment(library: Library, change: Callable[[Treatment], Treatment]) -> Library:
    """The rules in which each treatment is changed."""
    changed = {key: change(it) for key, it in library.treatments.items()}
    return replace(library, treatments=changed)


def other_statements(library: Library) -> Library:
    """Each statement to tick has another id."""
    renamed = {f"{key}_": replace(it, id=f"{key}_") for key, it in library.statements.items()}
    return each_treatment(
        replace(library, statements=renamed),
        lambda it: replace(it, variable_results=tuple(f"{one}_" for one in it.variable_results)),
    )


def other_places(library: Library) -> Library:
    """Each place whose law is told has another id."""
    places = {f"{key}_": replace(it, within="") for key, it in library.places.items()}
    return each_treatment(
        replace(library, places=places),
        lambda it: replace(it, legal_status={f"{k}_": law for k, law in it.legal_status.items()}),
    )


def other_questions(library: Library, change: Callable[[Question], Question | None]) -> Library:
    """Each question is changed or gone; nothing is worked out from the answers."""
    sections = tuple(
        replace(it, questions=tuple(new for one in it.questions if (new := change(one))))
        for it in library.questionnaire.sections
    )
    return replace(library, questionnaire=Questionnaire.of(sections, ()), rules=())


GONE: dict[str, Callable[[Library], Library]] = {
    "rules": lambda it: replace(it, rules=()),
    "rights": lambda it: replace(it, rights=()),
    "treatment": lambda it: replace(
        it, treatments={key: one for key, one in it.treatments.items() if key != PRP}
    ),
    "statements": other_statements,
    "places of the law": other_places,
    "check-questions": lambda it: each_treatment(
        it, lambda one: replace(one, quiz=tuple(replace(q, id=f"{q.id}-") for q in one.quiz))
    ),
    "picked answer": other_quiz,
    "facts to state": lambda it: other_treatment(it, clinic_must_state=("Something else",)),
    "maps": lambda it: other_treatment(it, area_maps=()),
    "choices": lambda it: other_questions(
        it, lambda q: replace(q, options=tuple(replace(o, id=f"{o.id}_") for o in q.options))
    ),
    "questions": lambda it: other_questions(it, lambda q: None if q.ask_when or q.options else q),
}
"""What a visit kept by its id, and the rules in which that is gone or has another id."""


@pytest.mark.parametrize("station", [Station.CONSENT_READY, Station.PATIENT_SIGNED, Station.SEALED])
@pytest.mark.parametrize("what", GONE)
def test_what_the_rules_no_longer_have_breaks_no_page(at: At, station: Station, what: str) -> None:
    stage = at(station)
    turn = Turn("", stage.walk.visit)
    if station is Station.CONSENT_READY:
        turn = stage.walk.turn()
        quizzing.try_quiz(stage.house, turn, KEY, wrong(stage), key=stage.key())
        read_and_tick(stage, turn)
    house = with_library(stage, GONE[what](stage.house.library)).house
    assert review_page.review(house, CLINICIAN, stage.visit_id).visit.id == stage.visit_id
    if station is Station.CONSENT_READY:
        left = consenting.reading(house, turn).open
        with pytest.raises(StillOpen) if left else nullcontext():
            consenting.read_back(house, turn)
    else:
        ready = signing.to_countersign(house, CLINICIAN, stage.visit_id)
        assert json.loads(ready.document.canonical)["visit_id"] == stage.visit_id


def wrong(stage: Stage) -> str:
    """An answer to the first check-question that is not right."""
    first, *_ = stage.house.library.treatments[PRP].quiz
    return next(it.id for it in first.options if it.id != first.correct)


def test_a_picked_answer_of_an_earlier_release_that_is_gone_is_told_as_gone(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    quizzing.try_quiz(stage.house, turn, KEY, wrong(stage), key=stage.key())
    read_and_tick(stage, turn)
    sign(stage, turn)
    without_words(stage)
    changed = with_library(stage, other_quiz(stage.house.library))
    (point,) = review_page.review(changed.house, CLINICIAN, stage.visit_id).quiz
    assert point.tries == ("An answer that is no longer offered", point.right_answer)
    ready = signing.to_countersign(changed.house, CLINICIAN, stage.visit_id)
    assert ready.blocks == (
        "Something changed since the patient signed. Take the visit back first.",
    )
