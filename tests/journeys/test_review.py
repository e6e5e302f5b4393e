"""The clinician's review: every point with its reason, and what is recorded about each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from questionnaire.cli import demo
from questionnaire.domain import condition
from questionnaire.domain.answers import Choices, Slip, Withheld
from questionnaire.domain.errors import ChangedSince, NotFound, Refusal, StillOpen
from questionnaire.domain.flags import Triage
from questionnaire.domain.review import UNDO_SECONDS, DecisionKind, Note
from questionnaire.domain.settling import CLARIFY_ACTIONS
from questionnaire.domain.visit import Station
from questionnaire.journey import (
    arranging,
    asking,
    deciding,
    noting,
    queueing,
    review_page,
    reviewing,
)
from questionnaire.journey.cards import Card
from questionnaire.journey.deciding import Made
from questionnaire.journey.keeping import archive_state
from questionnaire.journey.queueing import Counts
from questionnaire.journey.reviewing import Done
from questionnaire.journey.turns import Turn
from questionnaire.records.entries import Entry, append_entry, entries_of
from tests.clinics import CLINICIAN, DESK, SCENES, Clinic, Stage
from tests.journeys.steps import (
    answer,
    answer_for_clinic,
    card,
    dispose,
    mark,
    reply_to_words,
    review,
    send,
)

pytestmark = pytest.mark.whole

At = Callable[..., Stage]
STOP, CAUTION, SMOKING, NEEDLES = "flag:CN-01", "flag:LF-04", "flag:LF-01", "flag:BL-12"
CLARIFY, ROW, WHOLE = "clarify:PR-06", "unsure:medicines.supplements", "unsure:keloid_scars"
TALKED = Done(words="Talked through.")


def entries(stage: Stage, *kinds: str) -> tuple[Entry, ...]:
    with stage.house.database.read() as tx:
        return entries_of(tx, stage.visit_id, *kinds)


def change(stage: Stage, turn: Turn) -> None:
    """Answers that raise a stop, a caution, two discussions, an info and a not-sure row."""
    answer(stage, turn, "someone_pushing", "yes")
    answer(stage, turn, "alcohol", "drink_in_last_24_hours")
    answer(stage, turn, "smoking", "at_least_10_a_day")
    answer(
        stage, turn, "needle_reactions", Choices(frozenset({"very_scared", "hard_to_take_blood"}))
    )
    answer(stage, turn, "keloid_scars", Withheld.TELL_CLINICIAN)
    mark(stage, turn, "medicines", "supplements", "not_sure")


@pytest.fixture
def stage(at: At) -> Stage:
    """A form that gives much to talk about, sent a moment ago."""
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    change(stage, turn)
    send(stage, turn)
    return stage


def ask_again(stage: Stage) -> Turn:
    """The form goes back to the patient."""
    arranging.reopen(stage.house, CLINICIAN, stage.visit_id)
    return stage.walk.turn()


@pytest.mark.guarantees("S47")
def test_opening_a_visit_adds_one_line_to_the_ledger_and_moves_nothing(stage: Stage) -> None:
    before = stage.clinic.actions(stage.visit_id)
    review(stage)
    assert stage.clinic.actions(stage.visit_id) == [*before, "review_read"]
    assert stage.station == Station.SUBMITTED


def test_cards_are_sorted_by_severity_then_what_is_unsettled(stage: Stage) -> None:
    cards = review(stage).cards
    assert [(one.kind, one.severity, one.item) for one in cards] == [
        ("fires", "stop", STOP),
        ("fires", "caution", CAUTION),
        ("fires", "discuss", NEEDLES),
        ("fires", "discuss", SMOKING),
        ("fires", "info", "flag:BL-13"),
        ("clarify", "caution", "clarify:GM-19"),
        ("clarify", "discuss", "clarify:GM-20"),
        ("clarify", "discuss", "clarify:PR-06"),
        ("unsure", "", "unsure:medicines.supplements"),
        ("unsure", "", "unsure:keloid_scars"),
    ]
    assert [one.item for one in cards if not one.must_settle] == ["flag:BL-13"]


def test_a_card_shows_the_answer_the_rule_and_the_reason(stage: Stage) -> None:
    library = stage.house.library
    rule = library.rule("LF-01")
    question = library.questionnaire.questions["smoking"]
    assert card(review(stage), SMOKING) == Card(
        item=SMOKING,
        kind="fires",
        severity="discuss",
        title=rule.title,
        answers=((question.text, (question.option("at_least_10_a_day").text,)),),
        because=(),
        rule_words=(f"{question.text} is “{question.option('at_least_10_a_day').text}”",),
        why=rule.why,
        discuss=rule.discuss,
        actions=rule.actions,
        sources=tuple(library.sources[key] for key in rule.sources),
        tell_patient=rule.tell_patient,
        would_change=(f"Another answer to: {question.text}",),
        rule_id="LF-01",
        waits_for=(),
        must_settle=True,
        disposition=None,
    )


def test_a_card_to_clarify_names_what_it_waits_for_and_tells_the_patient_nothing(
    stage: Stage,
) -> None:
    page = review(stage)
    question = stage.house.library.questionnaire.questions["prp_activation_and_device"]
    shown = card(page, "clarify:PR-06")
    assert shown.waits_for == (question.text,)
    assert shown.would_change == (f"An answer to: {question.text}",)
    assert (shown.tell_patient, shown.actions) == ("", CLARIFY_ACTIONS)


def test_a_not_sure_row_and_an_answer_kept_for_the_clinician_are_cards(stage: Stage) -> None:
    questions = stage.house.library.questionnaire.questions
    page = review(stage)
    row, whole = card(page, "unsure:medicines.supplements"), card(page, "unsure:keloid_scars")
    assert row.title == questions["medicines"].option("supplements").text
    assert row.answers == ((questions["medicines"].text, ("Not sure",)),)
    assert whole.title == questions["keloid_scars"].text
    assert whole.answers == (
        (questions["keloid_scars"].text, ("I would rather say it to the clinician",)),
    )


def test_the_page_counts_what_there_is(stage: Stage) -> None:
    page = review(stage)
    assert replace(page.counts, clear=0) == Counts(1, 1, 2, 1, 3, 2, 0, 0)
    whole = [line for line in page.clear if line.whole]
    assert page.counts.clear == len(whole) > 20
    smoking = stage.house.library.questionnaire.questions["smoking"].text
    assert smoking not in {line.question for line in page.clear}


def test_the_patients_words_and_questions_are_on_the_page(at: At) -> None:
    stage = at(Station.SUBMITTED)
    page = review(stage)
    assert [one.answer for one in page.patient_words] == [demo.WORDS, demo.WORRIES]
    assert [one.text for one in page.asked] == ["Can I go to work the next day?"]
    assert page.submitted_at == stage.clinic.clock()
    assert page.content_version == stage.house.library.version
    assert [one.action for one in page.timeline][:2] == ["visit_arranged", "code_given"]


def test_the_first_thing_recorded_brings_the_visit_under_review(stage: Stage) -> None:
    dispose(stage, SMOKING, Done(("Stopping advised",), tell=True))
    assert stage.station == Station.UNDER_REVIEW
    assert stage.clinic.actions(stage.visit_id)[-2:] == ["open_review", "flag_settled"]
    done = card(review(stage), SMOKING).disposition
    assert done is not None
    assert (done.actions, done.words, done.tell, done.confirmed, done.by, done.at) == (
        ("Stopping advised",),
        "",
        True,
        False,
        CLINICIAN,
        stage.clinic.clock(),
    )


@pytest.mark.parametrize(
    ("item", "done", "words"),
    [
        (SMOKING, Done(), "Pick what was done, or say it in your own words."),
        (SMOKING, Done(words=" \n "), "Pick what was done, or say it in your own words."),
        (SMOKING, Done(("Seen alone",)), "Pick from the actions of this point"),
        (ROW, Done(("Seen alone",)), "Pick from the actions of this point"),
        (CLARIFY, Done(("Asked; the answer is no",)), "Pick from the actions of this point"),
        (WHOLE, Done(("Asked; the answer is yes, recorded below",)), "This says that words"),
        (
            ROW,
            Done(("Asked; the answer is yes, recorded below",), words=" "),
            "This says that words",
        ),
        (
            CLARIFY,
            Done(("Asked the patient; recorded below",)),
            "This says that words",
        ),
        (STOP, Done(("Seen alone",)), "A stop needs your reason in words and your confirmation."),
        (STOP, Done(("Seen alone",), confirmed=True), "A stop needs your reason in words"),
        (STOP, Done(("Seen alone",), words="Alone now."), "A stop needs your reason in words"),
        (SMOKING, Done(words="x" * 4001), "This is too long."),
    ],
    ids=[
        "nothing",
        "blank",
        "another rule's action",
        "an action for a row",
        "no for a rule that waits",
        "answer without words",
        "yes without words",
        "asked without words",
        "stop",
        "no words",
        "unconfirmed",
        "long",
    ],
)
def test_a_disposition_that_says_too_little_is_a_slip_and_nothing_is_written(
    stage: Stage, item: str, done: Done, words: str
) -> None:
    with pytest.raises(Slip) as slip:
        dispose(stage, item, done)
    assert str(slip.value).startswith(words)
    assert (entries(stage, "disposition"), stage.station) == ((), Station.SUBMITTED)


def test_a_stop_is_settled_by_words_and_confirmation(stage: Stage) -> None:
    dispose(stage, STOP, Done(("Seen alone",), "Says it is her own wish.", confirmed=True))
    done = card(review(stage), STOP).disposition
    assert done is not None
    assert (done.words, done.confirmed) == ("Says it is her own wish.", True)


@pytest.mark.parametrize(
    "item", ["flag:PG-01", "clarify:CN-01", "unsure:smoking", "broken:CN-01", ""]
)
def test_a_point_that_is_not_there_cannot_be_settled(stage: Stage, item: str) -> None:
    with pytest.raises(NotFound, match="no longer there"):
        dispose(stage, item, TALKED)
    assert entries(stage, "disposition") == ()


@pytest.mark.guarantees("R11", "S49")
def test_nothing_is_recorded_about_answers_that_changed_since_the_page_was_opened(
    stage: Stage,
) -> None:
    seen = review(stage).seen
    turn = ask_again(stage)
    answer(stage, turn, "smoking", "no")
    send(stage, turn)
    before = entries(stage)
    for step in (
        lambda: dispose(stage, NEEDLES, TALKED, seen),
        lambda: answer_for_clinic(stage, {"recent_blood_count": "no"}, seen),
        lambda: deciding.decide(
            stage.house,
            CLINICIAN,
            stage.visit_id,
            Made(DecisionKind.REFER, "To a dermatologist."),
            seen=seen,
            key=stage.key(),
        ),
    ):
        with pytest.raises(ChangedSince, match="The answers changed since you opened this page"):
            step()
    assert (entries(stage), stage.station) == (before, Station.SUBMITTED)


@pytest.mark.guarantees("R11")
def test_a_second_clinician_with_an_old_page_overwrites_nothing(stage: Stage) -> None:
    first = second = review(stage).seen
    answer_for_clinic(stage, {"recent_blood_count": "yes"}, first)
    with pytest.raises(ChangedSince):
        answer_for_clinic(stage, {"recent_blood_count": "no"}, second)
    assert review(stage).answers["recent_blood_count"] == "yes"


def test_an_answer_of_the_clinic_sent_twice_is_kept_once(stage: Stage) -> None:
    seen, key = review(stage).seen, stage.key()

    def send(value: str) -> None:
        reviewing.answer_for_clinic(
            stage.house,
            CLINICIAN,
            stage.visit_id,
            {"recent_blood_count": value},
            seen=seen,
            key=key,
        )

    send("yes")
    send("yes")
    with pytest.raises(ChangedSince):
        send("no")
    assert review(stage).answers["recent_blood_count"] == "yes"


@pytest.mark.guarantees("R10")
def test_one_tap_twenty_times_is_one_disposition(stage: Stage) -> None:
    seen, key = review(stage).seen, stage.key()

    def tap(_: int) -> None:
        reviewing.dispose(
            stage.house, CLINICIAN, stage.visit_id, SMOKING, TALKED, seen=seen, key=key
        )

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(tap, range(20)))
    assert len(entries(stage, "disposition")) == 1


def test_the_newest_disposition_counts_and_the_earlier_ones_stay_on_file(stage: Stage) -> None:
    for words in ("First.", "Second."):
        dispose(stage, SMOKING, Done(words=words))
    done = card(review(stage), SMOKING).disposition
    assert done is not None
    assert done.words == "Second."
    assert [entry.body["words"] for entry in entries(stage, "disposition")] == ["First.", "Second."]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Asked: no", "Asked; the answer is no"),
        ("Asked: yes, recorded below", "Asked; the answer is yes, recorded below"),
    ],
)
def test_an_action_in_the_words_of_an_earlier_release_is_the_same_action(
    stage: Stage, written: str, read: str
) -> None:
    dispose(stage, ROW, Done((read,), "Told today."))
    (entry,) = entries(stage, "disposition")
    body = {**entry.body, "actions": [written]}
    with stage.house.database.write() as tx:
        append_entry(tx, stage.visit_id, entry.kind, body, at=entry.at, person=CLINICIAN)
    done = card(review(stage), ROW).disposition
    assert done is not None
    assert done.actions == (read,)
    assert read in card(review(stage), ROW).actions


def test_a_disposition_counts_no_more_when_its_answer_changes(stage: Stage) -> None:
    dispose(stage, NEEDLES, TALKED)
    dispose(stage, SMOKING, TALKED)
    turn = ask_again(stage)
    answer(stage, turn, "needle_reactions", Choices(frozenset({"fainted"})))
    send(stage, turn)
    page = review(stage)
    assert card(page, NEEDLES).disposition is None
    assert card(page, SMOKING).disposition is not None
    assert len(entries(stage, "disposition")) == 2


def test_a_disposition_can_be_undone_for_ten_seconds(stage: Stage) -> None:
    dispose(stage, SMOKING, TALKED)
    stage.clinic.clock.forward(timedelta(seconds=UNDO_SECONDS))
    reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)
    assert card(review(stage), SMOKING).disposition is None
    assert [entry.kind for entry in entries(stage, "disposition", "undo")] == [
        "disposition",
        "undo",
    ]
    assert stage.clinic.actions(stage.visit_id)[-2] == "flag_reopened"
    with pytest.raises(ChangedSince):
        reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)


def test_undone_the_disposition_before_counts_again(stage: Stage) -> None:
    dispose(stage, SMOKING, TALKED)
    first = card(review(stage), SMOKING).disposition
    stage.clinic.clock.forward(timedelta(minutes=1))
    dispose(stage, SMOKING, Done(words="Another word."))
    reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)
    assert card(review(stage), SMOKING).disposition == first
    with pytest.raises(ChangedSince, match="too late to undo"):
        reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)


def test_nobody_undoes_what_a_colleague_recorded(stage: Stage) -> None:
    dispose(stage, SMOKING, TALKED)
    other = replace(CLINICIAN, id="another", name="Dr Ben Other")
    with pytest.raises(ChangedSince, match="recorded this"):
        reviewing.undo(stage.house, other, stage.visit_id, SMOKING)
    assert card(review(stage), SMOKING).disposition is not None


def test_after_ten_seconds_it_is_too_late_to_undo(stage: Stage) -> None:
    dispose(stage, SMOKING, TALKED)
    stage.clinic.clock.forward(timedelta(seconds=UNDO_SECONDS, milliseconds=1))
    with pytest.raises(ChangedSince, match="too late to undo"):
        reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)
    assert card(review(stage), SMOKING).disposition is not None


def test_nothing_can_be_undone_once_the_decision_is_made(stage: Stage) -> None:
    dispose(stage, SMOKING, TALKED)
    made = Made(DecisionKind.REFER, "To a dermatologist.")
    seen = review(stage).seen
    deciding.decide(stage.house, CLINICIAN, stage.visit_id, made, seen=seen, key=stage.key())
    with pytest.raises(ChangedSince, match="too late to undo"):
        reviewing.undo(stage.house, CLINICIAN, stage.visit_id, SMOKING)


def test_the_clinicians_answers_run_the_rules_again(stage: Stage) -> None:
    uncleared = Choices(frozenset({"device_not_cleared"}))
    answer_for_clinic(stage, {"prp_activation_and_device": uncleared})
    page = review(stage)
    assert card(page, "flag:PR-06").kind == "fires"
    assert "clarify:PR-06" not in {one.item for one in page.cards}
    answer_for_clinic(stage, {"prp_activation_and_device": None})
    assert "clarify:PR-06" in {one.item for one in review(stage).cards}
    saved = [one for one in stage.clinic.events(stage.visit_id) if "questions" in one.detail]
    assert [one.detail for one in saved] == [{"questions": ["prp_activation_and_device"]}] * 2


def test_staff_may_measure_what_the_patient_left_out(stage: Stage) -> None:
    answer_for_clinic(stage, {"recent_blood_count": "yes"})
    page = review(stage)
    assert [question.id for question in page.fillable] == ["platelet_count", "haemoglobin"]
    answer_for_clinic(stage, {"platelet_count": 99})
    page = review(stage)
    assert card(page, "flag:BL-01").severity == "stop"
    assert page.answers["platelet_count"] == 99


@pytest.mark.parametrize("question", ["smoking", "full_name", "status", "age"])
@pytest.mark.guarantees("S04")
def test_the_patients_own_answers_are_not_the_clinicians_to_change(
    stage: Stage, question: str
) -> None:
    before = review(stage).seen
    with pytest.raises(NotFound, match="not for the clinician"):
        answer_for_clinic(stage, {question: "no"}, before)
    assert review(stage).seen == before


def test_a_clinic_answer_at_the_consent_stage_takes_the_visit_back(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    answer_for_clinic(stage, {"recent_blood_count": "yes"})
    assert stage.station == Station.UNDER_REVIEW
    assert review(stage).decision is None
    with pytest.raises(Refusal):
        asking.ask(stage.house, turn, "Still my turn?", key=stage.key())
    assert stage.clinic.actions(stage.visit_id)[-3:-1] == ["take_back", "clinic_answers_saved"]


@pytest.mark.parametrize("station", [Station.PATIENT_SIGNED, Station.SEALED, Station.IN_PROGRESS])
def test_nothing_of_the_review_changes_at_other_stations(at: At, station: Station) -> None:
    stage = at(station)
    seen = review(stage).seen
    before = entries(stage)
    for step in (
        lambda: dispose(stage, "clarify:PR-06", TALKED, seen),
        lambda: answer_for_clinic(stage, {"recent_blood_count": "yes"}, seen),
        lambda: noting.add_note(
            stage.house, CLINICIAN, stage.visit_id, "point", "Late.", key=stage.key()
        ),
        lambda: noting.reply(stage.house, CLINICIAN, stage.visit_id, 1, "Late.", key=stage.key()),
    ):
        with pytest.raises(ChangedSince, match="moved on"):
            step()
    assert (entries(stage), stage.station) == (before, station)


def test_a_rule_that_cannot_be_run_is_shown_first_and_blocks(stage: Stage) -> None:
    library = stage.house.library
    rule = library.rule("LF-01")
    broken = replace(
        rule, when=condition.Leaf("no_such_question", condition.Test.ANSWERED, limit=True)
    )
    rules = tuple(broken if one.id == rule.id else one for one in library.rules)
    house = replace(stage.house, library=replace(library, rules=rules))
    page = review_page.review(house, CLINICIAN, stage.visit_id)
    assert (page.cards[0].item, page.cards[0].kind) == ("broken:LF-01", "broken")
    assert page.cards[0].must_settle
    assert page.counts.broken == 1
    assert page.blocks[0] == "The rule LF-01 could not be run: KeyError: 'no_such_question'"
    with pytest.raises(NotFound):
        reviewing.dispose(
            house,
            CLINICIAN,
            stage.visit_id,
            "broken:LF-01",
            TALKED,
            seen=page.seen,
            key=stage.key(),
        )


def test_the_clinicians_own_points_and_risks_are_kept(stage: Stage) -> None:
    add: Callable[..., None] = noting.add_note
    key = stage.key()
    add(stage.house, CLINICIAN, stage.visit_id, "point", " Lives far away. ", key=key)
    add(stage.house, CLINICIAN, stage.visit_id, "point", "Lives far away.", key=key)
    add(stage.house, CLINICIAN, stage.visit_id, "risk", "Old scar may darken.", key=stage.key())
    page, now = review(stage), stage.clinic.clock()
    points, risks = entries(stage, "point"), entries(stage, "risk")
    assert page.points == (Note(f"point:{points[0].seq}", "Lives far away.", CLINICIAN, now),)
    assert page.risks == (Note(f"own:{risks[0].seq}", "Old scar may darken.", CLINICIAN, now),)


def test_what_was_taken_out_stands_in_the_ledger_alone(stage: Stage) -> None:
    for kind in ("point", "risk"):
        noting.add_note(stage.house, CLINICIAN, stage.visit_id, kind, "A slip.", key=stage.key())
    page, key = review(stage), stage.key()
    for one in (*page.points, *page.risks, *page.risks):
        take_out(stage, one.id, key if one in page.risks else stage.key())
    assert (review(stage).points, review(stage).risks) == ((), ())
    assert len(entries(stage, "taken_out")) == 2, "the same key again takes out nothing"
    acts = [one.action for one in stage.clinic.events(stage.visit_id) if one.person == CLINICIAN]
    written = ["point_written", "risk_written", "point_taken_out", "risk_taken_out"]
    assert [it for it in acts if it in written] == written


@pytest.mark.parametrize("note_id", ["own:99", "", "point:x", "flag:LF-01"])
def test_what_is_not_there_is_not_taken_out(stage: Stage, note_id: str) -> None:
    with pytest.raises(NotFound, match="no longer there"):
        take_out(stage, note_id, stage.key())


def test_nothing_is_taken_out_once_it_is_decided(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    with pytest.raises(ChangedSince):
        take_out(stage, "own:1", stage.key())


def take_out(stage: Stage, note_id: str, key: str) -> None:
    """The clinician takes out a note of their own."""
    noting.take_out(stage.house, CLINICIAN, stage.visit_id, note_id, key=key)


@pytest.mark.parametrize(("kind", "text"), [("point", ""), ("risk", " \n"), ("sealed", "x")])
def test_an_empty_or_strange_note_is_a_slip(stage: Stage, kind: str, text: str) -> None:
    with pytest.raises(Slip, match="Write what you want to add"):
        noting.add_note(stage.house, CLINICIAN, stage.visit_id, kind, text, key=stage.key())


def test_the_patients_words_and_questions_get_their_replies(at: At) -> None:
    stage = at(Station.SUBMITTED)
    asked = review(stage).asked[0]
    noting.reply(stage.house, CLINICIAN, stage.visit_id, asked.number, " Yes. ", key=stage.key())
    reply_to_words(stage, "That is a fair hope.")
    page = review(stage)
    assert page.reply_to_words == "That is a fair hope."
    assert page.asked[0].reply == "Yes."
    assert page.asked[0].act is not None
    assert page.asked[0].act.name == CLINICIAN.name


def test_a_reply_needs_words_and_a_question(at: At) -> None:
    stage = at(Station.SUBMITTED)
    with pytest.raises(Slip, match="what you answered"):
        noting.reply(stage.house, CLINICIAN, stage.visit_id, 1, " ", key=stage.key())
    with pytest.raises(NotFound, match="did not ask"):
        noting.reply(stage.house, CLINICIAN, stage.visit_id, 999, "Yes.", key=stage.key())


def test_a_reply_sent_twice_is_one(at: At) -> None:
    stage = at(Station.SUBMITTED)
    number, key = review(stage).asked[0].number, stage.key()
    for words in ("Yes.", " Yes. "):
        noting.reply(stage.house, CLINICIAN, stage.visit_id, number, words, key=key)
    assert [one.reply for one in review(stage).asked] == ["Yes."]
    assert len(entries(stage, "reply")) == 1


@pytest.mark.guarantees("R15")
def test_a_reply_sent_again_with_other_words_is_kept_too(at: At) -> None:
    stage = at(Station.SUBMITTED)
    number, key = review(stage).asked[0].number, stage.key()
    for words in ("Yes.", "Yes, the next day."):
        noting.reply(stage.house, CLINICIAN, stage.visit_id, number, words, key=key)
    assert [one.reply for one in review(stage).asked] == ["Yes, the next day."]


@pytest.mark.guarantees("R15")
def test_a_decision_sent_again_in_other_words_is_refused(stage: Stage) -> None:
    seen, key = review(stage).seen, stage.key()
    first, other = (Made(DecisionKind.DO_NOT_TREAT, words) for words in ("Not now.", "Never."))
    decide: Callable[..., None] = deciding.decide
    for _ in range(2):
        decide(stage.house, CLINICIAN, stage.visit_id, first, seen=seen, key=key)
    with pytest.raises(ChangedSince):
        decide(stage.house, CLINICIAN, stage.visit_id, other, seen=seen, key=key)
    assert [one.body["words"] for one in entries(stage, "decision")] == ["Not now."]


def test_the_queue_puts_the_severest_first_then_the_longest_waiting(clinic: Clinic) -> None:
    def sent(name: str, person: str, value: Any) -> str:
        walk = clinic.arrange(name=name)
        one = Stage(clinic, walk)
        turn = demo.fill(walk)
        answer(one, turn, person, value)
        send(one, turn)
        clinic.clock.forward(timedelta(minutes=5))
        return name

    clear = sent("Clear Invented", "smoking", "no")
    late = sent("Late Invented", "someone_pushing", "yes")
    discuss = sent("Discuss Invented", "smoking", "at_least_10_a_day")
    later = sent("Later Invented", "someone_pushing", "yes")
    caution = sent("Caution Invented", "alcohol", "drink_in_last_24_hours")
    SCENES[Station.IN_PROGRESS](clinic.arrange(name="Busy Invented"))
    lines = queueing.queue(clinic.house, CLINICIAN)
    assert [line.visit.patient.full_name for line in lines] == [
        late,
        later,
        caution,
        discuss,
        clear,
    ]
    assert [line.triage for line in lines] == [
        Triage.STOP,
        Triage.STOP,
        Triage.CAUTION,
        Triage.DISCUSS,
        Triage.CLEAR,
    ]
    assert lines[0].waiting_since < lines[1].waiting_since
    assert archive_state(clinic.house).waiting == 0


def test_what_changed_since_the_last_visit_is_shown(clinic: Clinic) -> None:
    first = clinic.arrange()
    SCENES[Station.SUBMITTED](first)
    clinic.clock.forward(timedelta(days=1))
    arranging.stop(clinic.house, DESK, clinic.arrange().visit.id, "Did not come.")
    clinic.clock.forward(timedelta(days=28))
    second = Stage(clinic, clinic.arrange())
    turn = demo.fill(second.walk)
    answer(second, turn, "smoking", "at_least_10_a_day")
    send(second, turn)
    question = clinic.house.library.questionnaire.questions["smoking"]
    changes = review(second).changes
    assert [(one.question, one.before, one.now) for one in changes] == [
        (
            question.text,
            (question.option("no").text,),
            (question.option("at_least_10_a_day").text,),
        )
    ]
    assert review(Stage(clinic, first)).changes == ()


def test_a_patient_under_eighteen_is_not_asked_for_consent(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    answer(stage, turn, "date_of_birth", date(2013, 3, 5))
    send(stage, turn)
    assert "The patient is under 18: no consent is taken here." in review(stage).blocks


def test_going_ahead_names_everything_that_is_still_open(stage: Stage) -> None:
    page = review(stage)
    with pytest.raises(StillOpen) as refused:
        deciding.decide(
            stage.house,
            CLINICIAN,
            stage.visit_id,
            Made(DecisionKind.PROCEED, "Go ahead."),
            seen=page.seen,
            key=stage.key(),
        )
    questions = stage.house.library.questionnaire.questions
    assert refused.value.reasons == page.blocks
    assert page.blocks == (
        "9 points are still open.",
        f"Not answered yet: {questions['recent_blood_count'].text}",
        f"Not answered yet: {questions['prp_activation_and_device'].text}",
        "The plan does not state the treatment.",
        "The plan does not state the areas.",
        "The plan does not state the sessions.",
        "The plan does not state the price.",
        "The plan does not state what was discussed.",
        "The plan does not state the patient's capacity to decide.",
    )
    assert stage.station == Station.SUBMITTED


def test_one_open_point_is_enough_to_wait(stage: Stage) -> None:
    answer_for_clinic(
        stage,
        {
            "recent_blood_count": "no",
            "prp_activation_and_device": Choices(frozenset({"not_activated"})),
        },
    )
    page = review(stage)
    for one in page.cards:
        if one.must_settle and one.item != SMOKING:
            dispose(stage, one.item, Done(words="Talked through.", confirmed=True), page.seen)
    assert review(stage).blocks[0] == "1 point is still open."
    dispose(stage, SMOKING, TALKED)
    demo.decide(stage.walk, review(stage))
    assert stage.station == Station.CONSENT_READY
