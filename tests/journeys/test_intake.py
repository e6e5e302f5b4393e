"""The patient's form: saving pages, what is kept, checking, asking, sending."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from questionnaire.cli import demo
from questionnaire.domain.answers import Answer, Choices, Slip, Withheld
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.errors import ChangedSince, NotFound, Refusal, StillOpen, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.domain.written import answers_fingerprint, read_answers
from questionnaire.journey import asking, checking, consenting, intake, turns
from questionnaire.journey.standing import load_sheet, stand
from questionnaire.journey.turns import Turn
from questionnaire.records.answers import Submission, last_submission, submissions
from tests.clinics import BORN, Stage
from tests.journeys.steps import answer, mark, send

At = Callable[..., Stage]
MEDICINES = "medicines"


def revision(stage: Stage) -> int:
    with stage.house.database.read() as tx:
        return load_sheet(stage.house, tx, stage.visit_id).revision


def sent(stage: Stage) -> Submission:
    with stage.house.database.read() as tx:
        found = last_submission(tx, stage.visit_id)
    assert found is not None
    return found


def begin(at: At) -> tuple[Stage, Turn]:
    """A visit whose form was opened, with nothing filled in."""
    stage = at(Station.ARRANGED)
    return stage, stage.walk.turn()


def test_the_form_begins_with_the_first_question_and_ends_at_the_last(at: At) -> None:
    stage, turn = begin(at)
    form = intake.pages(stage.house, turn)
    first, last = form.pages[0], form.pages[-1]
    assert form.first_open() == first
    assert (form.before(first.id), form.next_after(last.id)) == (None, None)
    assert form.next_after(first.id) == form.pages[1]
    assert form.before(form.pages[1].id) == first


def test_a_saved_page_is_there_after_leaving(at: At) -> None:
    stage, turn = begin(at)
    answer(stage, turn, "full_name", "Marigold Testwell")
    turns.end_turn(stage.house, turn.token)
    again = stage.walk.turn()
    assert intake.pages(stage.house, again).situation.answers == {"full_name": "Marigold Testwell"}


def test_the_same_page_sent_twice_is_one_write(at: At) -> None:
    stage, turn = begin(at)
    page, key = intake.pages(stage.house, turn).page_of("full_name").id, stage.key()
    once = {"full_name": "Marigold Testwell"}
    first = intake.save_page(stage.house, turn, page, once, {}, key=key)
    second = intake.save_page(stage.house, turn, page, once, {}, key=key)
    assert first.situation.answers == second.situation.answers == once
    assert revision(stage) == 1
    assert stage.clinic.actions(stage.visit_id).count("page_saved") == 1


@pytest.mark.guarantees("R15")
@pytest.mark.parametrize("given", ["Marigold Testwell-Other", None], ids=["other words", "blank"])
def test_a_page_sent_again_with_other_words_is_saved_and_the_newest_count(
    at: At, given: str | None
) -> None:
    stage, turn = begin(at)
    page, key = intake.pages(stage.house, turn).page_of("full_name").id, stage.key()
    once: dict[str, Answer | None] = {"full_name": "Marigold Testwell"}
    other: dict[str, Answer | None] = {"full_name": given}
    for answers in (once, other, other):
        intake.save_page(stage.house, turn, page, answers, {}, key=key)
    kept = intake.pages(stage.house, turn).sheet.answers
    assert (kept.get("full_name"), revision(stage)) == (given, 2)


@pytest.mark.guarantees("R10")
def test_twenty_tabs_sending_the_same_page_at_once_are_one_write(at: At) -> None:
    stage, turn = begin(at)
    page, key = intake.pages(stage.house, turn).page_of("full_name").id, stage.key()
    once = {"full_name": "Marigold Testwell"}
    with ThreadPoolExecutor(20) as pool:
        forms = list(
            pool.map(
                lambda _: intake.save_page(stage.house, turn, page, once, {}, key=key), range(20)
            )
        )
    assert {form.answers["full_name"] for form in forms} == {"Marigold Testwell"}
    assert revision(stage) == 1


@pytest.mark.guarantees("R11")
def test_what_was_seen_counts_only_while_nothing_was_saved_since(at: At) -> None:
    stage, turn = begin(at)
    seen = intake.pages(stage.house, turn)
    page = seen.page_of("full_name").id

    def save(answers: dict[str, Answer | None]) -> intake.Intake:
        key = stage.key()
        return intake.save_page(stage.house, turn, page, answers, {}, key=key, seen=seen)

    first = save({"full_name": "Marigold Testwell"})
    with pytest.raises(ChangedSince):
        save({"date_of_birth": BORN})
    assert intake.pages(stage.house, turn).answers == first.answers
    seen = first
    second = save({"date_of_birth": BORN})
    kept = {"full_name": "Marigold Testwell", "date_of_birth": BORN}
    assert second.situation.answers == kept
    seen = second
    assert save({"full_name": None}).situation.answers == {"date_of_birth": BORN}


def test_an_answer_can_be_taken_back(at: At) -> None:
    stage, turn = begin(at)
    answer(stage, turn, "full_name", "Marigold Testwell")
    form = answer(stage, turn, "full_name", None)
    assert form.situation.answers == {}
    assert answer(stage, turn, "full_name", None).situation.answers == {}


@pytest.mark.guarantees("S04")
@pytest.mark.parametrize(
    ("answers", "rows"),
    [
        ({"status": "sealed"}, {}),
        ({"someone_pushing": "no"}, {}),
        ({"recent_blood_count": "yes"}, {}),
        ({"platelet_count": 90}, {}),
        ({}, {"medicines": {"blood_thinner": "yes"}}),
        ({}, {"full_name": {"sealed": "yes"}}),
    ],
    ids=["no question", "other page", "clinician's", "not asked", "other list", "no list"],
)
def test_what_is_not_on_the_page_is_refused_and_nothing_written(
    at: At, answers: dict[str, Any], rows: dict[str, dict[str, str]]
) -> None:
    stage, turn = begin(at)
    page = intake.pages(stage.house, turn).page_of("full_name").id
    with pytest.raises(NotFound):
        intake.save_page(stage.house, turn, page, answers, rows, key=stage.key())
    assert revision(stage) == 0


@pytest.mark.parametrize("page", ["", "status", "platelet_count", "recent_blood_count", "~2"])
def test_a_page_that_is_not_asked_is_not_found(at: At, page: str) -> None:
    stage, turn = begin(at)
    with pytest.raises(NotFound, match="not asked"):
        intake.pages(stage.house, turn).page(page)
    with pytest.raises(NotFound):
        intake.save_page(stage.house, turn, page, {}, {}, key=stage.key())


def test_a_slice_that_is_gone_leads_to_the_list_it_was_part_of(at: At) -> None:
    stage, turn = begin(at)
    form = intake.pages(stage.house, turn)
    assert form.page("medicines~9") == form.page("medicines")


def test_a_list_is_answered_over_two_pages_and_counts_when_the_last_row_is(at: At) -> None:
    stage, turn = begin(at)
    form = intake.pages(stage.house, turn)
    first, second = (page for page in form.pages if page.questions[0].id == MEDICINES)
    assert (first.id, second.id) == ("medicines", "medicines~2")
    ticked = {MEDICINES: dict.fromkeys(first.rows, "no") | {"steroid": "yes"}}
    form = intake.save_page(stage.house, turn, first.id, {}, ticked, key=stage.key())
    assert MEDICINES not in form.answers
    assert (form.is_done(first), form.is_done(second)) == (True, False)
    rest = {MEDICINES: dict.fromkeys(second.rows, "no") | {"supplements": "not_sure"}}
    form = intake.save_page(stage.house, turn, second.id, {}, rest, key=stage.key())
    assert form.answers[MEDICINES] == Choices(frozenset({"steroid"}), frozenset({"supplements"}))
    assert form.is_done(second)


def test_no_on_every_row_is_none_of_these(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    form = intake.pages(stage.house, stage.walk.turn())
    assert form.answers[MEDICINES] == Choices(frozenset({"none"}))


def test_a_row_can_be_changed_without_the_other_page(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    form = mark(stage, turn, MEDICINES, "supplements", "yes")
    assert form.answers[MEDICINES] == Choices(frozenset({"supplements"}))
    assert form.rows[MEDICINES]["supplements"] == "yes"
    assert form.rows[MEDICINES]["steroid"] == "no"


def test_a_row_holds_yes_no_or_not_sure_and_nothing_else(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    with pytest.raises(Slip, match="not “<b>”"):
        mark(stage, turn, MEDICINES, "supplements", "<b>")


def test_a_half_filled_list_refuses_a_strange_word_too(at: At) -> None:
    stage, turn = begin(at)
    with pytest.raises(Slip, match="Pick yes, no or not sure"):
        mark(stage, turn, MEDICINES, "steroid", "perhaps")
    assert revision(stage) == 0


def test_a_new_answer_asks_the_questions_that_depend_on_it(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    assert intake.pages(stage.house, turn).missing == ()
    form = mark(stage, turn, "health_conditions", "cancer", "yes")
    assert form.missing == ("cancer_state",)
    opened = form.first_open()
    assert opened is not None
    assert [question.id for question in opened.questions] == ["cancer_state"]
    with pytest.raises(StillOpen) as refused:
        send(stage, turn)
    question = stage.house.library.questionnaire.questions["cancer_state"]
    assert refused.value.reasons == (question.text,)


def test_an_answer_that_is_hidden_again_is_not_sent(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    mark(stage, turn, "health_conditions", "cancer", "yes")
    answer(stage, turn, "cancer_state", "now")
    form = mark(stage, turn, "health_conditions", "cancer", "no")
    assert "cancer_state" in form.answers
    assert "cancer_state" not in form.situation.answers
    send(stage, turn)
    assert "cancer_state" not in sent(stage).body["answers"]


def test_the_form_is_not_sent_while_anything_is_missing(at: At) -> None:
    stage, turn = begin(at)
    with pytest.raises(StillOpen, match="still need an answer") as refused:
        send(stage, turn)
    form = intake.pages(stage.house, turn)
    questions = stage.house.library.questionnaire.questions
    assert refused.value.reasons == tuple(questions[key].text for key in form.missing)
    assert len(form.missing) > 30
    assert stage.station == Station.IN_PROGRESS


def test_a_question_the_patient_would_rather_talk_about_does_not_hold_the_form_up(
    at: At,
) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    answer(stage, turn, "someone_pushing", Withheld.TELL_CLINICIAN)
    send(stage, turn)
    assert sent(stage).body["answers"]["someone_pushing"] == {"withheld": "tell_clinician"}


def test_what_is_sent_is_kept_for_good_with_its_fingerprint(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    form = intake.pages(stage.house, turn)
    send(stage, turn)
    kept = sent(stage)
    questions = stage.house.library.questionnaire.questions
    assert read_answers(questions, kept.body["answers"], today=date(2031, 3, 4)) == dict(
        form.situation.answers
    )
    assert kept.answers_sha256 == answers_fingerprint(form.situation.answers)
    assert kept.rules_sha256 == stage.house.library.version
    assert kept.at == stage.clinic.clock()
    last = stage.clinic.events(stage.visit_id)[-1]
    assert (last.action, last.detail) == ("submit", {"answers_sha256": kept.answers_sha256})


def test_sending_twice_with_the_same_key_sends_once(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn, key = stage.walk.turn(), stage.key()
    for _ in range(2):
        intake.submit(stage.house, turn, key=key)
    with stage.house.database.read() as tx:
        assert len(submissions(tx, stage.visit_id)) == 1


@pytest.mark.guarantees("R10")
def test_of_twenty_tabs_sending_at_once_one_sends(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()

    def attempt(_: int) -> str:
        try:
            send(stage, turn)
        except Refusal as refused:
            return type(refused).__name__
        return "sent"

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(attempt, range(20)))
    assert outcomes == [*["WrongStation"] * 19, "sent"]
    with stage.house.database.read() as tx:
        assert len(submissions(tx, stage.visit_id)) == 1


def test_a_sent_form_cannot_be_seen_or_changed(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    send(stage, turn)
    for step in (
        lambda: intake.pages(stage.house, turn),
        lambda: intake.save_page(stage.house, turn, "full_name", {}, {}, key=stage.key()),
        lambda: asking.ask(stage.house, turn, "Is it late?", key=stage.key()),
        lambda: checking.check(stage.house, turn),
        lambda: send(stage, turn),
    ):
        with pytest.raises(WrongStation):
            step()


def test_every_asked_question_is_checked_once_with_its_answer(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    form = intake.pages(stage.house, turn)
    sections = checking.check(stage.house, turn)
    asked = list(dict.fromkeys(q.id for p in form.pages for q in p.questions))
    assert set(asked) == {
        key
        for key in form.situation.asked
        if form.situation.questionnaire.questions[key].answered_by is AnsweredBy.PATIENT
    }
    listed = [line.question.id for section in sections for line in section.lines]
    assert listed == asked
    words = {line.question.id: line.answer for section in sections for line in section.lines}
    assert words["full_name"] == ("Marigold Testwell",)
    assert words["date_of_birth"] == ("14 March 1979",)
    assert words["medicine_list"] == ("Nothing written",)
    assert words["in_your_own_words"] == (demo.WORDS,)
    assert all(form.page(line.page_id) for section in sections for line in section.lines)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "🙂 is it sore?",
        "نعم",
        "e\u0301te\u0301",
        "x" * 4000,
        "a\r\nb\tc",
        "c\u202ed\u2066e",
    ],
    ids=["html", "emoji", "arabic", "combining", "longest", "lines", "signs nobody sees"],
)
@pytest.mark.guarantees("S34")
def test_odd_words_are_kept_as_they_are(at: At, text: str) -> None:
    stage, turn = begin(at)
    asking.ask(stage.house, turn, text, key=stage.key())
    kept = text.replace("\r\n", "\n").replace("e\u0301", "é")
    kept = kept.translate(dict.fromkeys(map(ord, "\u202e\u2066")))
    assert asking.questions_asked(stage.house, turn) == (kept,)


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "x" * 4001, "x" * 10_000, "\u200b\u2800", "a\x00b", "a\x1b[2J", "\ud800"],
    ids=["empty", "blank", "4001", "10000", "nothing to see", "nul", "escape", "surrogate"],
)
def test_words_that_cannot_be_kept_are_a_slip(at: At, text: str) -> None:
    stage, turn = begin(at)
    with pytest.raises(Slip):
        asking.ask(stage.house, turn, text, key=stage.key())
    assert asking.questions_asked(stage.house, turn) == ()


def test_a_question_asked_twice_with_one_key_is_asked_once(at: At) -> None:
    stage, turn = begin(at)
    key = stage.key()
    for _ in range(2):
        asking.ask(stage.house, turn, "Can I drive home?", key=key)
    assert asking.questions_asked(stage.house, turn) == ("Can I drive home?",)


def test_questions_are_many_but_not_endless(at: At) -> None:
    stage, turn = begin(at)
    for number in range(asking.MOST_QUESTIONS_ASKED):
        asking.ask(stage.house, turn, f"Question {number}?", key=stage.key())
    with pytest.raises(Slip, match="a lot of questions"):
        asking.ask(stage.house, turn, "One more?", key=stage.key())


def test_a_patient_may_ask_while_reading(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    turn = stage.walk.turn()
    asking.ask(stage.house, turn, "Will it itch?", key=stage.key())
    assert consenting.reading(stage.house, turn).questions[-1].asked == "Will it itch?"


def test_an_unsure_patient_is_asked_for_every_treatment(at: At) -> None:
    stage, turn = begin(at)
    before = intake.pages(stage.house, turn).situation.treatments
    form = answer(stage, turn, "treatments_wanted", Choices(frozenset({"not_sure"})))
    assert before == frozenset({"prp_injections"})
    assert form.situation.treatments == frozenset(stage.house.library.treatments)


def test_ages_count_to_the_day_the_form_was_sent(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    assert intake.pages(stage.house, turn).situation.facts["age"] == 51
    send(stage, turn)
    stage.clinic.clock.forward(timedelta(days=30))
    visit = stage.clinic.visit(stage.visit_id)
    with stage.house.database.read() as tx:
        assert stand(stage.house, tx, visit).situation.facts["age"] == 51


def test_what_the_desk_wrote_is_shown_but_kept_only_once_confirmed(at: At) -> None:
    stage, turn = begin(at)
    form = intake.pages(stage.house, turn)
    assert form.answers["full_name"] == turn.visit.patient.full_name
    assert form.situation.answers == {}
    assert {"full_name", "date_of_birth", "treatments_wanted"} <= set(form.missing)
