"""The review page and its steps: forms that come back to their place."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from werkzeug.test import TestResponse

from questionnaire.cli import demo
from questionnaire.domain.answers import Choices
from questionnaire.domain.condition import Condition
from questionnaire.domain.reading_order import in_order
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.treatment import CheckQuestion
from questionnaire.domain.visit import Role, Station
from questionnaire.journey import arranging, asking, consenting, quizzing, review_page
from questionnaire.journey.cards import Card
from questionnaire.web.staff.wording import anchor
from tests.clinics import CLINICIAN, PRP, Stage
from tests.journeys.steps import answer, answer_for_clinic, mark, send
from tests.web.staff.conftest import enter_as
from tests.web.staff.door import Door, field, open_door

pytestmark = pytest.mark.whole

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"
STOP = "flag:MD-17"
UNSURE = "unsure:health_conditions.weak_immune_system"
REASON = "Oncology agrees in writing."


class Review:
    """A clinician in front of one visit."""

    def __init__(self, stage: Stage, door: Door) -> None:
        self.stage, self.door = stage, door

    def read(self) -> str:
        """The page as it is shown."""
        return self.door.read(f"/visits/{self.stage.visit_id}")

    def now(self) -> review_page.ReviewPage:
        """What stands of the review."""
        return review_page.review(self.stage.house, CLINICIAN, self.stage.visit_id)

    def card(self, item: str) -> Card:
        """The card of one point."""
        return next(one for one in self.now().cards if one.item == item)

    def step(self, name: str, **fields: object) -> TestResponse:
        """Send one form of the page."""
        now = self.now()
        seen = {"seen": now.seen, "words_seen": now.words_seen}
        return self.door.post(f"/visits/{self.stage.visit_id}/{name}", seen | fields)

    def place(self, name: str) -> str:
        """Where a step comes back to."""
        return f"/staff/visits/{self.stage.visit_id}#{name}"


@pytest.fixture
def review(at: Callable[..., Stage]) -> Review:
    """A sent form with a stop, a not-sure row, hostile words and a question."""
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "medicines", "cancer_treatment", "yes")
    mark(stage, turn, "blood_problems", "low_platelets", "yes")
    mark(stage, turn, "health_conditions", "weak_immune_system", "not_sure")
    answer(stage, turn, "in_your_own_words", HOSTILE)
    asking.ask(stage.house, turn, HOSTILE, key=stage.key())
    send(stage, turn)
    return Review(stage, enter_as(open_door(stage.clinic), Role.CLINICIAN))


def test_the_queue_puts_the_most_severe_first(review: Review) -> None:
    page = review.door.read("/waiting")
    assert "Marigold Testwell" in page
    assert 'count--stop">1 stop<' in page


def test_a_card_says_what_was_answered_why_it_matters_and_what_to_do(review: Review) -> None:
    page = review.read()
    one = review.card(STOP)
    card = page.partition(f'id="{anchor(STOP)}"')[2].partition("</article>")[0]
    assert f'<span class="flag__answer"><bdi>{one.answers[0][1][0]}</bdi></span>' in card
    for words in (one.title, one.why, one.discuss, *one.actions, one.rule_id, *one.rule_words):
        assert words in card
    for source in one.sources:
        assert source.year in card
    assert 'name="confirmed"' in card
    assert page.index(anchor(STOP)) < page.index(anchor(UNSURE))


@pytest.mark.guarantees("S47")
def test_opening_the_page_is_one_ledger_entry(review: Review) -> None:
    before = len(review.stage.clinic.events(review.stage.visit_id))
    review.read()
    after = review.stage.clinic.events(review.stage.visit_id)[before:]
    assert [event.action for event in after] == ["review_read"]
    assert after[0].person.name == "Dr Ada Invented"


@pytest.mark.guarantees("S27")
def test_what_people_wrote_is_shown_as_words(review: Review) -> None:
    review.step("notes", kind="point", text=HOSTILE)
    review.step("settle", item=UNSURE, action="other", words=HOSTILE)
    review.step("words", words=HOSTILE)
    review.step("plan", areas=HOSTILE, discussed=HOSTILE, treatments=[PRP])
    page = review.read()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 7
    assert "<script>alert" not in page
    assert "<img" not in page


def test_one_tap_settles_a_point_and_comes_back_to_its_card(review: Review) -> None:
    action = review.card(UNSURE).actions[0]
    answer = review.step("settle", item=UNSURE, action=action)
    assert (answer.status_code, answer.location) == (303, review.place(anchor(UNSURE)))
    done = review.card(UNSURE).disposition
    assert done is not None
    assert (done.actions, done.by.name) == ((action,), "Dr Ada Invented")
    assert f"<strong>Done:</strong> {action}" in review.read()
    assert review.stage.station is Station.UNDER_REVIEW


def test_other_needs_words(review: Review) -> None:
    answer = review.step("settle", item=UNSURE, action="other", words=" ")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Pick what was done, or say it in your own words." in page
    assert review.card(UNSURE).disposition is None
    review.step("settle", item=UNSURE, action="other", words="Asked again: no.")
    done = review.card(UNSURE).disposition
    assert done is not None
    assert (done.actions, done.words) == ((), "Asked again: no.")


@pytest.mark.parametrize(
    "fields",
    [{"words": REASON}, {"confirmed": "yes"}, {"confirmed": "yes", "words": "  "}],
    ids=["no confirmation", "no reason", "a blank reason"],
)
def test_a_stop_needs_a_reason_and_a_confirmation(review: Review, fields: dict[str, str]) -> None:
    action = review.card(STOP).actions[1]
    answer = review.step("settle", item=STOP, action=action, **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{anchor(STOP)}"' in page
    assert re.search(rf'value="{action}" data-key="2" checked', page)
    assert fields.get("words", "") in page
    assert review.card(STOP).disposition is None
    review.step("settle", item=STOP, action=action, words=REASON, confirmed="yes")
    assert review.card(STOP).disposition is not None


def test_an_action_that_is_not_the_rules_own_is_refused(review: Review) -> None:
    fields = {"action": "Approved", "words": REASON, "confirmed": "yes"}
    assert review.step("settle", item=STOP, **fields).status_code == 422
    assert review.step("settle", item="flag:NO-99", **fields).status_code == 404


def test_words_that_count_no_more_are_shown_and_offered_again(review: Review) -> None:
    first, second = "A <b>first</b> reason.", "Asked in other words."
    action = next(it for it in review.card("flag:BL-08").actions if it)
    review.step("settle", item=STOP, words=first, confirmed="yes")
    review.step("settle", item="flag:BL-08", action=action, words=second)
    assert f"{html.escape(first)}</textarea>" in review.read()
    change_the_rows(review, ("medicines", "cancer_treatment", "no"))
    page = review.read()
    assert "Recorded about points that are gone" in page
    assert html.escape(first) in page
    change_the_rows(
        review,
        ("medicines", "cancer_treatment", "yes"),
        ("blood_problems", "low_platelets", "no"),
    )
    assert review.card(STOP).disposition is not None
    assert second in review.read()


def change_the_rows(review: Review, *rows: tuple[str, str, str]) -> None:
    """The form goes back to the patient, who answers rows of lists otherwise."""
    arranging.reopen(review.stage.house, CLINICIAN, review.stage.visit_id)
    turn = review.stage.walk.turn()
    for question, row, word in rows:
        mark(review.stage, turn, question, row, word)
    send(review.stage, turn)


def test_one_press_records_the_same_again_and_a_stop_finds_its_words_in_its_box(
    at: Callable[..., Stage],
) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "blood_problems", "clotting_disorder", "yes")
    answer(stage, turn, "needle_reactions", Choices(frozenset({"very_scared"})))
    send(stage, turn)
    review = Review(stage, enter_as(open_door(stage.clinic), Role.CLINICIAN))
    needles, stop = "flag:BL-12", "flag:BL-06"
    action = review.card(needles).with_one_tap[0]
    review.step("settle", item=needles, action=action, words="Talked of it.")
    review.step("settle", item=stop, words=REASON, confirmed="yes")
    arranging.reopen(stage.house, CLINICIAN, stage.visit_id)
    turn = stage.walk.turn()
    answer(stage, turn, "needle_reactions", Choices(frozenset({"fainted"})))
    mark(stage, turn, "blood_problems", "platelets_work_poorly", "yes")
    send(stage, turn)
    assert review.card(needles).disposition is review.card(stop).disposition is None
    page = review.read()
    start = page.index(f'id="{anchor(stop)}"')
    assert f"{REASON}</textarea>" in page[start : page.index("</article>", start)]
    start = page.index(f'id="{anchor(needles)}"')
    card = page[start : page.index("</article>", start)]
    assert "it counts no more" in card
    forms = re.findall(r"<form.*?</form>", card, re.DOTALL)
    (form,) = (one for one in forms if "Record the same again" in one)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    review.door.post(
        f"/visits/{stage.visit_id}/settle", {k: html.unescape(v) for k, v in fields.items()}
    )
    done = review.card(needles).disposition
    assert done is not None
    assert (done.actions, done.words) == ((action,), "Talked of it.")


def test_undo_is_offered_for_ten_seconds(review: Review) -> None:
    review.step("settle", item=UNSURE, action=review.card(UNSURE).actions[0])
    assert 'data-undo="10"' in review.read()
    review.stage.clinic.clock.forward(timedelta(seconds=10))
    assert review.step("undo", item=UNSURE).status_code == 303
    assert review.card(UNSURE).disposition is None
    review.step("settle", item=UNSURE, action=review.card(UNSURE).actions[0])
    review.stage.clinic.clock.forward(timedelta(seconds=11))
    assert "data-undo" not in review.read()
    assert review.step("undo", item=UNSURE).status_code == 409
    assert review.card(UNSURE).disposition is not None


def test_the_paragraph_for_the_patient_is_added_by_its_tick(review: Review) -> None:
    told = next(one for one in review.now().cards if one.tell_patient)
    assert told.tell_patient in review.read()
    review.step("settle", item=told.item, action=told.actions[0], tell="yes")
    done = review.card(told.item).disposition
    assert done is not None
    assert done.tell
    assert "· added to the patient" in review.read()


def sent_by(card: str, action: str) -> dict[str, str]:
    """What pressing one action sends, with the ticks of the card as they stand."""
    ticked = re.findall(r'name="(tell\w*)" value="yes" checked', card)
    pressed = re.search(rf'name="(\w+)" value="{re.escape(action)}"', card)
    assert pressed is not None, action
    return {**dict.fromkeys(ticked, "yes"), pressed[1]: action}


def test_what_is_no_longer_so_is_told_the_patient_only_by_a_tick_of_its_own(
    review: Review,
) -> None:
    told = next(one for one in review.now().cards if one.tell_patient and one.resolved_by)
    card = review.read().partition(f'id="{anchor(told.item)}"')[2].partition("</article>")[0]
    assert set(told.actions) - set(told.resolved_by)
    for action in told.actions:
        sent = sent_by(card, action)
        for even_then in ({}, {"tell_resolved": "yes"}):
            answer = review.step("settle", item=told.item, **sent, **even_then)
            assert answer.status_code == 303
            done = review.card(told.item).disposition
            assert done is not None
            assert done.actions == (action,)
            assert done.tell is (bool(even_then) if action in told.resolved_by else True)


def test_what_was_recorded_stands_in_the_form_that_changes_it(review: Review) -> None:
    words = "Asked again: <no>."
    review.step("settle", item=UNSURE, action="other", words=words)
    change = review.read().partition("Change what was recorded")[2].partition("</form>")[0]
    assert f"\n{html.escape(words)}</textarea>" in change
    stop = next(one for one in review.now().cards if one.is_stop)
    action = next(it for it in stop.actions if it not in stop.holds_back)
    done = {"item": stop.item, "words": REASON, "confirmed": "yes"}
    assert review.step("settle", action=action, **done).status_code == 303
    _, _, card = review.read().partition(f'id="{anchor(stop.item)}"')
    change = card.partition("Change what was recorded")[2].partition("</form>")[0]
    assert f"\n{html.escape(REASON)}</textarea>" in change
    assert re.findall(r'value="([^"]*)"[^>]* checked', change.partition("Pick what")[2]) == [
        html.escape(action)
    ]


def test_the_plan_of_a_decided_visit_keeps_each_fact_in_its_own_direction(review: Review) -> None:
    facts = ["فروة الرأس، الأمام", "3 جلسات", "150 يورو"]
    for answered in settle_everything(review):
        assert answered.status_code == 303
        written = dict(zip(("areas", "sessions", "price"), facts, strict=True))
        review.step("plan", **plan_of(review) | written)
    assert review.stage.station is Station.CONSENT_READY
    line = review.read().partition('id="plan-title"')[2].partition("</p>")[0]
    assert re.findall(r" · <bdi>(.*?)</bdi>", line) == [in_order(it) for it in facts]


@pytest.mark.guarantees("R10")
def test_a_double_tap_settles_once(review: Review) -> None:
    key = field(review.read(), "key")
    for _ in range(2):
        review.step("settle", item=UNSURE, action=review.card(UNSURE).actions[0], key=key)
    assert review.stage.clinic.actions(review.stage.visit_id).count("flag_settled") == 1


@pytest.mark.guarantees("R11")
def test_a_step_on_changed_answers_is_refused(review: Review) -> None:
    old = review.now().seen
    answer_for_clinic(review.stage, {"platelet_count": Decimal(90)})
    for name, fields in (
        ("settle", {"item": UNSURE, "action": review.card(UNSURE).actions[0]}),
        ("answers", {"platelet_count": "180"}),
        ("decision", {"kind": "do_not_treat", "words": "No."}),
    ):
        refused = review.step(name, **{**fields, "seen": old})
        assert refused.status_code == 409, name
        page = refused.get_data(as_text=True)
        assert "The answers changed" in page
        assert f'name="seen" value="{review.now().seen}"' in page
    assert review.card(UNSURE).disposition is None


def test_the_clinics_own_answers_run_the_rules_again(review: Review) -> None:
    assert "For the clinic to answer" in review.read()
    before = review.now()
    assert review.step("answers", platelet_count="90").location == review.place("clinic-answers")
    assert {one.item for one in review.now().cards} - {one.item for one in before.cards} == {
        "flag:BL-01"
    }
    assert 'name="platelet_count"' in review.read()
    assert 'value="90"' in review.read()


def test_what_is_left_blank_stays_open(review: Review) -> None:
    left = [one.id for one in review.now().clinic_questions]
    assert review.step("answers").status_code == 303
    assert not set(left) & review.now().answers.keys()


def test_a_value_that_cannot_be_is_said_and_nothing_kept(review: Review) -> None:
    own = review.now().clinic_questions[0]
    typed = {"platelet_count": "9000000", own.id: own.options[0].id}
    refused = review.step("answers", **typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'href="#q-platelet_count"' in page
    assert 'value="9000000"' in page
    assert own.id not in review.now().answers


def test_the_patients_questions_are_answered_in_words(review: Review) -> None:
    (asked, *_) = review.now().asked
    assert review.step("questions", number=str(asked.number), words=" ").status_code == 422
    review.step("questions", number=str(asked.number), words="Yes, it may sting.")
    assert review.now().asked[0].reply == "Yes, it may sting."
    assert "<strong>Answered:</strong> <bdi>Yes, it may sting.</bdi>" in review.read()


def test_own_risks_and_the_reply_to_the_own_words_are_kept(review: Review) -> None:
    assert review.step("notes", kind="risk", text="").status_code == 422
    assert review.step("notes", kind="verdict", text="Suitable").status_code == 422
    assert review.step("notes", kind="risk", text="Bruises last longer.").location == (
        review.place("own-risk")
    )
    review.step("words", words="We can talk about this.")
    assert [one.text for one in review.now().risks] == ["Bruises last longer."]
    assert review.now().reply_to_words == "We can talk about this."


@pytest.mark.parametrize("kind", ["point", "risk"])
def test_what_was_added_by_a_slip_is_taken_out_on_the_same_page(review: Review, kind: str) -> None:
    for words in ("Meant for another patient.", "Lives far away."):
        review.step("notes", kind=kind, text=words)
    wrong, right = review.now().points if kind == "point" else review.now().risks
    assert review.read().count("Take out<") == 2
    done = review.step("notes/taken-out", kind=kind, note=wrong.id)
    assert done.location == review.place(f"own-{kind}")
    page, now = review.read(), review.now()
    assert ("Meant for another" in page, "Lives far away." in page) == (False, True)
    assert (*now.points, *now.risks) == (right,)
    assert f"{kind.title()} taken out" in page, "in the course of the visit"
    assert review.step("notes/taken-out", kind=kind, note=wrong.id).status_code == 404


def test_going_ahead_is_refused_with_the_reasons_while_something_is_open(review: Review) -> None:
    refused = review.step("decision", kind="proceed", words="Go ahead.")
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "points are still open" in page
    assert "\nGo ahead.</textarea>" in page
    assert review.stage.station is Station.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "No"}, "Pick a decision."),
        ({"kind": "suitable", "words": "Yes"}, "Pick a decision."),
        ({"kind": "refer", "words": " "}, "Write your decision in your own words."),
        ({"kind": "wait", "words": "Later"}, "Give the date until which to wait."),
        ({"kind": "wait", "words": "Later", "until": "soon"}, "Write the date like 2031-03-27"),
        (
            {"kind": "wait", "words": "Later", "until": "2031-03-04"},
            "still to come",
        ),
    ],
)
def test_a_decision_says_what_it_lacks(
    review: Review, fields: dict[str, str], sentence: str
) -> None:
    refused = review.step("decision", **fields)
    assert refused.status_code == 422
    assert sentence in refused.get_data(as_text=True)
    assert review.now().decision is None


@pytest.mark.parametrize(
    ("kind", "until", "station"),
    [
        (DecisionKind.WAIT, "2031-04-01", Station.DEFERRED),
        (DecisionKind.REFER, "", Station.NOT_PROCEEDING),
        (DecisionKind.DO_NOT_TREAT, "", Station.NOT_PROCEEDING),
    ],
)
def test_a_decision_that_does_not_go_ahead_needs_nothing_settled(
    review: Review, kind: DecisionKind, until: str, station: Station
) -> None:
    review.step("decision", kind=kind.value, words="Not today.", until=until)
    assert review.stage.station is station
    page = review.read()
    assert "<bdi>Not today.</bdi>" in page
    assert 'name="seen"' in page


def plan_of(review: Review) -> dict[str, str | list[str]]:
    """A plan that says all that must be said."""
    now = review.now()
    return {
        "treatments": [PRP],
        "areas": "Crown",
        "sessions": "3",
        "price": "100",
        "discussed": "Everything.",
        "capacity": "Able to decide.",
        "detail_label": list(now.must_state),
        "detail_value": ["Stated"] * len(now.must_state),
    }


def settle_everything(review: Review) -> Iterator[TestResponse]:
    """Every form of the page filled in as a clinician would."""
    now = review.now()
    yield review.step("plan", **plan_of(review))
    answers = {one.id: one.options[0].id for one in now.clinic_questions if one.options}
    yield review.step("answers", **answers)
    for one in review.now().cards:
        if one.must_settle:
            fields = {"words": REASON, "confirmed": "yes"}
            action = next((it for it in one.actions if it not in one.holds_back), "other")
            yield review.step("settle", item=one.item, action=action, **fields)
    for asked in review.now().asked:
        yield review.step("questions", number=str(asked.number), words="Yes.")
    yield review.step("words", words="We go slowly.")
    yield review.step("decision", kind="proceed_with_plan", words="Go ahead, gently.")


def test_a_whole_review_ends_with_the_visit_ready_for_consent(review: Review) -> None:
    for done in settle_everything(review):
        assert done.status_code == 303, done.get_data(as_text=True)
    assert review.stage.station is Station.CONSENT_READY
    page = review.read()
    assert "Go ahead with the plan as changed" in page
    assert "Keep the plan" not in page
    assert dict(review.now().plan.details).keys() == set(review.now().must_state)


def test_a_visit_can_be_taken_back_with_a_reason(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    review = Review(*staff_at(Station.CONSENT_READY))
    assert review.step("take-back", words=" ").status_code == 422
    assert review.stage.station is Station.CONSENT_READY
    review.step("take-back", words="A new medicine.")
    assert review.stage.station is Station.UNDER_REVIEW


def test_a_visit_that_waited_is_taken_up_again(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    review = Review(*staff_at(Station.DEFERRED))
    assert "Take it up again" in review.read()
    assert review.step("resume").status_code == 303
    assert review.stage.station is Station.UNDER_REVIEW
    assert review.step("resume").status_code == 409


def test_an_unknown_visit_is_not_found(review: Review) -> None:
    assert review.door.get(f"/visits/{'0' * 32}").status_code == 404
    assert review.door.post(f"/visits/{'0' * 32}/settle", {"item": STOP}).status_code == 404


@pytest.mark.guarantees("S42")
def test_no_name_stands_in_a_title(review: Review) -> None:
    for path in (f"/visits/{review.stage.visit_id}", f"/desk/visits/{review.stage.visit_id}"):
        title = re.search("<title>(.*)</title>", review.door.read(path))
        assert title is not None
        assert "Marigold" not in title[1]


def test_the_letter_keys_can_be_switched_off(review: Review) -> None:
    assert "data-card-keys" in review.read()
    place = f"/staff/visits/{review.stage.visit_id}"
    assert review.door.post("/keys", {"keys": "off", "back": place}).location == place
    assert "data-card-keys" not in review.read()
    review.door.post("/keys", {"keys": "on", "back": place})
    assert "data-card-keys" in review.read()


def test_a_check_question_is_talked_through(
    staff_at: Callable[..., tuple[Stage, Door]],
) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    review = Review(stage, door)
    turn = stage.walk.turn()
    question = next(one for one in stage.house.library.treatments[PRP].quiz if one.key)
    wrong = next(one.id for one in question.options if one.id != question.correct)
    consenting.begin_reading(stage.house, turn, key=stage.key())
    for _ in range(stage.house.library.quiz_rules.tries):
        quizzing.try_quiz(stage.house, turn, question.id, wrong, key=stage.key())
    assert question.question in review.read()
    refused = review.step("quiz", question=question.id, words=" ")
    assert refused.status_code == 422
    assert "Write what you talked through" in refused.get_data(as_text=True)
    assert next(one for one in review.now().quiz if one.id == question.id).open
    review.step("quiz", question=question.id, words="Said it back in own words.")
    assert not next(one for one in review.now().quiz if one.id == question.id).open
    panel = review.read().partition(f'id="quiz-{question.id}"')[2].partition("</section>")[0]
    said = "<strong>Talked through:</strong> <bdi>Said it back in own words.</bdi>"
    assert said in panel
    assert f"· <bdi>{CLINICIAN.name}</bdi>, " in panel


@pytest.mark.parametrize(
    ("picks", "choices", "told"),
    [
        (
            lambda one: not one.key,
            ("wrong",),
            "Not right, and nobody has talked it through. Signing does not wait",
        ),
        (
            lambda one: one.key,
            ("wrong",),
            "Still open: the patient cannot sign before it is talked through.",
        ),
        (lambda one: not one.key, ("wrong", "right"), "Right at try 2."),
        (lambda one: one.key, ("not_sure", "right"), "Right at try 2."),
    ],
)
def test_a_check_question_says_how_it_stands_and_no_talk_that_was_not(
    staff_at: Callable[..., tuple[Stage, Door]],
    picks: Callable[[CheckQuestion], bool],
    choices: tuple[str, ...],
    told: str,
) -> None:
    stage, door = staff_at(Station.CONSENT_READY)
    turn, quiz = stage.walk.turn(), stage.house.library.treatments[PRP].quiz
    question = next(one for one in quiz if picks(one))
    wrong = next(one.id for one in question.options if one.id != question.correct)
    picked = {"wrong": wrong, "right": question.correct, "not_sure": "not_sure"}
    consenting.begin_reading(stage.house, turn, key=stage.key())
    for other in quiz:
        if other.id != question.id:
            quizzing.try_quiz(stage.house, turn, other.id, other.correct, key=stage.key())
    for choice in choices:
        quizzing.try_quiz(stage.house, turn, question.id, picked[choice], key=stage.key())
    page = Review(stage, door).read()
    panel = page.partition(f'id="quiz-{question.id}"')[2].partition("</section>")[0]
    ways = [
        "Not right, and nobody has talked",
        "Still open:",
        "Right at try",
        "Talked through:",
    ]
    assert told in panel
    assert [way for way in ways if way in panel] == [way for way in ways if told.startswith(way)]
    assert ("What you talked through" in panel) is (choices[-1] != "right")


def test_choosing_a_look_on_a_page_with_a_slip_comes_back_to_the_page(review: Review) -> None:
    page = review.step("notes", kind="point", text="").get_data(as_text=True)
    assert field(page, "back") == f"/staff/visits/{review.stage.visit_id}"
    answer = review.door.post("/display", {"show_screen": "dark", "back": field(page, "back")})
    assert answer.location == f"/staff/visits/{review.stage.visit_id}"
    assert 'class="govuk-template dark"' in review.read()


def test_a_broken_rule_is_shown_and_blocks_going_ahead(at: Callable[..., Stage]) -> None:
    stage = at(Station.SUBMITTED)
    library = stage.house.library
    broken = replace(library.rules[0], when=cast("Condition", object()))
    house = replace(stage.house, library=replace(library, rules=(broken, *library.rules[1:])))
    door = enter_as(open_door(replace(stage.clinic, house=house)), Role.CLINICIAN)
    page = door.read(f"/visits/{stage.visit_id}")
    assert "1 rule broken" in page
    assert f"This rule could not be run: {broken.title}" in page
    assert f"The rule {broken.id} could not be run" in page


def test_what_changed_since_the_last_visit_is_shown(at: Callable[..., Stage]) -> None:
    stage = at(Station.SEALED)
    stage.clinic.clock.forward(timedelta(days=400))
    walk = stage.clinic.arrange()
    again = Stage(stage.clinic, walk)
    demo.fill(walk)
    turn = walk.turn()
    mark(again, turn, "medicines", "cancer_treatment", "yes")
    send(again, turn)
    page = enter_as(open_door(stage.clinic), Role.CLINICIAN).read(f"/visits/{again.visit_id}")
    assert "Changed since the last visit" in page
    card = page.partition(f'id="{anchor(STOP)}"')[2].partition("</article>")[0]
    assert "→ <strong>changed</strong>" in card


def test_a_decision_against_a_settled_point_is_refused_beside_it_and_names_the_point(
    review: Review,
) -> None:
    holding = next(it for it in review.now().cards if it.holds_back and it.must_settle)
    held = holding.holds_back[0]
    refused: list[str] = []
    for done in settle_everything(review):
        assert done.status_code in {303, 409}
        refused += [done.get_data(as_text=True)] if done.status_code == 409 else []
        if not refused and review.card(holding.item).disposition:
            fields = {"words": REASON, "confirmed": "yes"}
            review.step("settle", item=holding.item, action=held, **fields)
    (page,) = refused
    said = f"The point “{holding.title}” was settled with “{held}”."
    assert said in error_beside(page, "decision")
    assert review.stage.station is Station.UNDER_REVIEW
    review.step("settle", item=holding.item, action="other", words=REASON, confirmed="yes")
    review.step("decision", kind="proceed_with_plan", words="Go ahead, gently.")
    assert review.stage.station is Station.CONSENT_READY


def error_beside(page: str, place: str) -> str:
    """What stands in red at a place of the page."""
    found = re.search(rf'id="{place}-error">(.*?)</p>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""
